"""Owns text versions: freezing the text of a revision, pinning it in the store, and what it changes."""

import sqlalchemy as sa

from app.core import activity, clock, events, jobs
from app.core.access import SYSTEM, Actor
from app.core.db import db
from app.standards import queries
from app.standards.document import Document, parts, write_document
from app.standards.drafted_documents import draft_documents
from app.standards.models import Revision, TextVersion
from app.standards.store_access import store
from app.standards.store_names import content_digest, text_path

GONE = "gone"  # the hash of a part that the revision takes away


def content_of(documents: dict[str, Document]) -> dict[str, str]:
    """Returns the files of a standard's text as `{path in the store: text}`."""
    return {text_path(d.front.code, language): write_document(d) for language, d in documents.items()}


def changed_parts(base: dict[str, Document], new: dict[str, Document]) -> dict[str, str]:
    """Returns `{part: sha256}` of the parts that differ (`c07/zh`, `c07/measures`, `order/zh` ...).

    A part that is taken away has the value `gone`; empty means the texts are the same.
    """
    before, after = parts(base), parts(new)
    changed = {part: digest for part, digest in after.items() if before.get(part) != digest}
    changed.update({part: GONE for part in before if part not in after})
    return dict(sorted(changed.items()))


def current_parts(revision: Revision) -> dict[str, str]:
    """Returns the changed parts of the revision's working text against the newest published text."""
    return changed_parts(queries.published_documents(revision.standard), draft_documents(revision))


def freeze(actor: Actor, revision: Revision, *, why: str) -> TextVersion:
    """Freezes the working text as the next text version and queues its pin; the same text is frozen once.

    `why` is one of save, submit, sign_off, pilot, schedule. It can be signed when the pin stands in the store.
    """
    content = content_of(draft_documents(revision))
    digest = content_digest(content)
    newest = queries.newest_text_version(revision.id)
    if newest is not None and newest.content_sha256 == digest:
        return newest
    row = TextVersion(
        revision_id=revision.id,
        number=newest.number + 1 if newest else 1,
        content=content,
        parts=current_parts(revision),
        content_sha256=digest,
        why=why,
        made_at=clock.now(),
        made_by_id=actor.person_id,
        made_by_subject=actor.subject,
    )
    db.session.add(row)
    db.session.flush()
    activity.record(
        actor, "text.frozen", "revision", revision.number, text_version=row.number, content_sha256=digest
    )
    jobs.enqueue("pin_text_version", key=f"pin:{row.id}", text_version_id=row.id)
    return row


def pin_text_version(text_version_id: int) -> dict[str, object]:
    """Job: writes a text version to the store under its own name; doing it again changes nothing."""
    row = db.session.get_one(TextVersion, text_version_id)
    files = {path: text.encode() for path, text in row.content.items()}
    number, made_at, subject = row.revision.number, row.made_at, row.made_by_subject
    n = row.number
    db.session.commit()  # the store's lock comes before the database's
    commit_id = store().write_pin(number, n, files, subject, made_at)
    pinned = db.session.execute(
        sa.update(TextVersion)
        .where(TextVersion.id == text_version_id, TextVersion.commit_id.is_(None))
        .values(commit_id=commit_id)
    )
    if pinned.rowcount == 1:  # type: ignore[attr-defined]
        row = db.session.get_one(TextVersion, text_version_id)
        activity.record(SYSTEM, "text.pinned", "revision", number, text_version=n, commit=commit_id)
        events.announce(events.TextPinned(row.revision_id, text_version_id))
    return {"commit": commit_id}
