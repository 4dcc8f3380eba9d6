"""Owns publishing: the one order of writes that brings a publication into the store and the database, or neither.

    1 lock · 2 pending intents · 3 head · 4–5 objects, read back and synced · 6 transaction: checks, intent, log line
    7 THE COMMIT POINT: one ref moves from the parent to the commit · 8 tag · 9 transaction: published, consequences, log
    10 unlock

From 6 on nothing is undone, only rolled forward: by this call, or by the next one, or at the next start
(`recovery.py`). Withdrawing is a new publication. Measured and attacked in `tests/faults`.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.core import activity, errors
from app.core.access import Actor
from app.core.db import db
from app.standards import recovery
from app.standards.journal import Finish
from app.standards.manifest import (
    Manifest,
    ManifestClause,
    commit_message,
    describe_files,
    files_of,
    sha256_of,
    write_manifest,
)
from app.standards.models import Publication, PublicationState
from app.standards.store import Store
from app.standards.store_names import content_digest

Check = Callable[[], None]


@dataclass(frozen=True)
class PublicationRequest:
    """What is to be published. `op_key` is made by the form: the same request twice is one publication.

    `content` maps each path in the store to its text, all languages of the standard. `sign_offs` and `reasons` are
    plain JSON values without floats and without names; `at` and the effective instants are aware.
    """

    op_key: str
    standard_id: int
    code: str
    version: str
    content: Mapping[str, str]
    clauses: tuple[ManifestClause, ...]
    author_subject: str
    at: dt.datetime
    effective_on: dt.date
    zone: str
    effective_at: dt.datetime
    transition_until: dt.datetime | None = None
    revision_id: int | None = None
    revision_number: str | None = None
    base_version: str | None = None
    sign_offs: tuple[Mapping[str, Any], ...] = ()
    reasons: Mapping[str, Any] = field(default_factory=dict)
    change_note: str = ""


def publish(store: Store, request: PublicationRequest, *, check: Check, finish: Finish) -> int:
    """Publishes and returns the id of the publication; a request that was done before gets the same id.

    Commits its own transactions, also what the caller left uncommitted: the lock comes before the database. `check`
    runs inside the first one and refuses by raising (state, sign-offs on the clause hashes, four eyes, date).
    `finish(publication)` runs inside the second one, exactly once for each publication, also when a later process
    has to do it: it writes rows only (projection, jobs). Raises Stale when the key was used for another text or the
    version is taken, Unavailable when trying again later is safe, Diverged when a person must decide.
    """
    db.session.commit()
    with store.lock():
        recovery.settle(store, finish)
        known = _answered(request)
        if known is not None:
            return known
        parent = store.head()
        manifest = describe(request, parent)
        text = write_manifest(manifest)
        commit = store.build_commit(
            parent,
            files_of(manifest, text, request.content),
            commit_message(manifest, text),
            request.author_subject,
            request.at,
        )
        publication_id = _intend(request, text, parent, commit, check)
        recovery.roll_forward(store, publication_id, finish)
        return publication_id


def _answered(request: PublicationRequest) -> int | None:
    row = db.session.execute(
        sa.select(
            Publication.id,
            Publication.state,
            Publication.standard_id,
            Publication.version,
            Publication.content_sha256,
            Publication.effective_at,
        ).where(Publication.op_key == request.op_key)
    ).one_or_none()
    db.session.commit()
    if row is None:
        return None
    asked = (request.standard_id, request.version, content_digest(request.content), request.effective_at)
    if tuple(row[2:]) != asked:
        raise errors.Stale("publication.key_used", op_key=request.op_key)
    if row.state is not PublicationState.PUBLISHED:
        raise errors.Stale("publication.superseded", version=request.version)
    return int(row.id)


def describe(request: PublicationRequest, parent: str | None) -> Manifest:
    """Returns the manifest the request has on top of `parent`: it names the manifest before it and the log's end."""
    before = (
        db.session.scalar(sa.select(Publication).where(Publication.commit_id == parent)) if parent else None
    )
    newest = db.session.scalar(
        sa.select(Publication)
        .where(
            Publication.standard_id == request.standard_id, Publication.state == PublicationState.PUBLISHED
        )
        .order_by(Publication.id.desc())
        .limit(1)
    )
    removed = tuple(sorted(set(newest.content) - set(request.content))) if newest else ()
    previous = before.manifest_sha256 if before else None
    log_head = activity.head()
    db.session.commit()
    return Manifest(
        code=request.code,
        version=request.version,
        op_key=request.op_key,
        content_sha256=content_digest(request.content),
        files=describe_files(request.code, request.content),
        removed=removed,
        clauses=request.clauses,
        effective_on=request.effective_on,
        zone=request.zone,
        effective_at=request.effective_at,
        transition_until=request.transition_until,
        publisher=request.author_subject,
        published_at=request.at,
        base_version=request.base_version,
        revision=request.revision_number,
        sign_offs=request.sign_offs,
        reasons=request.reasons,
        change_note=request.change_note,
        previous=previous,
        activity=log_head,
    )


def journal_row(
    request: PublicationRequest, manifest_text: str, parent: str | None, commit: str
) -> Publication:
    """Returns the journal row of a request, an intent: it holds all bytes from which the commit can be made again."""
    return Publication(
        standard_id=request.standard_id,
        revision_id=request.revision_id,
        version=request.version,
        op_key=request.op_key,
        state=PublicationState.INTENDED,
        content=dict(request.content),
        manifest=manifest_text,
        content_sha256=content_digest(request.content),
        manifest_sha256=sha256_of(manifest_text),
        parent=parent,
        commit_id=commit,
        author_subject=request.author_subject,
        at=request.at,
        effective_on=request.effective_on,
        zone=request.zone,
        effective_at=request.effective_at,
        transition_until=request.transition_until,
        change_note=request.change_note,
    )


def _intend(
    request: PublicationRequest, manifest_text: str, parent: str | None, commit: str, check: Check
) -> int:
    try:
        check()
        row = journal_row(request, manifest_text, parent, commit)
        db.session.add(row)
        db.session.flush()
        publication_id = row.id
        activity.record(
            Actor(person_id=None, subject=request.author_subject),
            "publication.intended",
            "publication",
            f"{request.code} {request.version}",
            commit=commit,
            manifest_sha256=row.manifest_sha256,
        )
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise errors.Stale("publication.version_taken", version=request.version) from error
    except BaseException:
        db.session.rollback()
        raise
    return publication_id
