"""Owns bringing whole texts into the library: a first publication, or a new one of a standard that is there."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.core import activity, clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused
from app.standards import projection, queries
from app.standards.document import Document, parse_document, primary_of
from app.standards.models import ClauseLock, Publication, Standard
from app.standards.publication import PublicationRequest, publish
from app.standards.rendering import must_render
from app.standards.store_access import store
from app.standards.store_names import content_digest
from app.standards.texts import content_of


@dataclass(frozen=True)
class Imported:
    """What became of one standard: `outcome` is created, updated or unchanged; `versions` counts publications."""

    code: str
    title: str
    clauses: int
    outcome: str
    versions: int


def import_standard(
    actor: Actor,
    texts: Mapping[str, str],
    *,
    owner_id: int | None = None,
    effective_on: dt.date | None = None,
    source_name: str | None = None,
    used_ids: Iterable[str] = (),
) -> Imported:
    """Publishes the texts (`{language: text}`) of one standard as they are and says what became of it.

    The same texts again change nothing. `effective_on` is today if None; `source_name` is the file a foreign text
    came from, by which it is found again; `used_ids` were given before and are not given again. Only an
    administrator of the library or the system may do it, and never over a clause that an open revision holds.
    Commits by itself: publishing has its own order of writes. Raises Invalid with lines for a text that is no
    standard.
    """
    if not (actor.is_system or actor.may(Permission.PUBLISH)):
        raise NotAllowed("move.no_permission", permission=Permission.PUBLISH.value)
    documents = {language: parse_document(text) for language, text in texts.items()}
    primary = primary_of(documents)
    for language, document in documents.items():
        if document.front.language != language or document.front.code != primary.front.code:
            raise Invalid.of("language", "document.other_language", value=document.front.language)
    standard = db.session.scalar(sa.select(Standard).where(Standard.code == primary.front.code))
    content = content_of(documents)
    newest = queries.newest_publication(standard.id) if standard else None
    if standard is not None and newest is not None and newest.content == content:
        return Imported(
            standard.code, primary.front.title, len(primary.clauses), "unchanged", _count(standard)
        )
    for document in documents.values():
        for clause in document.clauses:
            must_render(clause.body, clause.id)
    if standard is None:
        standard = _make(actor, documents, owner_id, source_name)
    elif db.session.scalar(
        sa.select(ClauseLock.clause_id).where(ClauseLock.standard_id == standard.id).limit(1)
    ):
        raise Refused("library.revision_open", code=standard.code)
    standard.used_clause_ids = sorted({*standard.used_clause_ids, *used_ids})
    standard_id, outcome = standard.id, "updated" if newest else "created"
    request = request_for(
        standard,
        documents,
        version=next_version(newest.version if newest else None, is_major=False),
        op_key=f"import:{hashlib.sha256((standard.code + (newest.commit_id if newest else '')).encode()).hexdigest()[:16]}:{content_digest(content)[:16]}",
        author_subject=actor.subject,
        effective_on=effective_on or clock.today(),
    )
    publish(store(), request, check=_nothing_to_check, finish=projection.finish)
    standard = db.session.get_one(Standard, standard_id)
    return Imported(standard.code, primary.front.title, len(primary.clauses), outcome, _count(standard))


def request_for(
    standard: Standard,
    documents: Mapping[str, Document],
    *,
    version: str,
    op_key: str,
    author_subject: str,
    effective_on: dt.date,
    transition_days: int = 0,
    **more: object,
) -> PublicationRequest:
    """Returns the request to publish the texts: the instants are computed here once, from date and zone."""
    effective_at = clock.start_of(effective_on)
    until = clock.start_of(effective_on + dt.timedelta(days=transition_days)) if transition_days else None
    newest = queries.newest_publication(standard.id)
    return PublicationRequest(
        op_key=op_key,
        standard_id=standard.id,
        code=standard.code,
        version=version,
        content=content_of(dict(documents)),
        clauses=projection.manifest_clauses(standard.id, documents, effective_at, until),
        author_subject=author_subject,
        at=clock.now(),
        effective_on=effective_on,
        zone=str(clock.zone()),
        effective_at=effective_at,
        transition_until=until,
        base_version=newest.version if newest else None,
        **more,  # type: ignore[arg-type]
    )


def free_code(prefix: str) -> str:
    """Returns the first code such as `doc-03` above all that begin so."""
    codes = db.session.scalars(sa.select(Standard.code).where(Standard.code.like(f"{prefix}-%")))
    highest = max((int(n) for code in codes if (n := code.rpartition("-")[2]).isdecimal()), default=0)
    return f"{prefix}-{highest + 1:02d}"


def next_version(before: str | None, *, is_major: bool) -> str:
    """Returns the version after: 1.0 first, then 2.3 -> 2.4, or 3.0 for a major change."""
    if before is None:
        return "1.0"
    major, minor = (int(n) for n in before.split(".")[:2])
    return f"{major + 1}.0" if is_major else f"{major}.{minor + 1}"


def _make(
    actor: Actor, documents: Mapping[str, Document], owner_id: int | None, source_name: str | None
) -> Standard:
    primary = primary_of(documents)
    standard = Standard(
        code=primary.front.code,
        owner_id=owner_id,
        source_name=source_name,
        category=primary.front.category,
        journey=str(primary.front.journey or "all"),
        audience=list(primary.front.audience),
        visibility=str(primary.front.visibility or "internal"),
        primary_language=primary.front.language,
        used_clause_ids=sorted(c.id for c in primary.clauses),
        created_at=clock.now(),
    )
    db.session.add(standard)
    db.session.flush()
    activity.record(actor, "standard.made", "standard", standard.code)
    return standard


def _count(standard: Standard) -> int:
    query = sa.select(sa.func.count(Publication.id)).where(Publication.standard_id == standard.id)
    return int(db.session.scalar(query) or 0)


def _nothing_to_check() -> None:
    """An import brings texts as they are; its rules were checked before."""
