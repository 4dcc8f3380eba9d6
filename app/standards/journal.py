"""Owns the journal rows of publications as plain values, and their way to *published*. Knows nothing of Git."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from app.core import activity
from app.core.access import SYSTEM, Actor
from app.core.db import db
from app.standards.manifest import commit_message, files_of, read_manifest
from app.standards.models import Publication, PublicationState, Standard

Finish = Callable[[Publication], None]


@dataclass(frozen=True)
class Row:
    """What recovery needs to know of a journal row, free of any session."""

    id: int
    code: str
    version: str
    parent: str | None
    commit_id: str
    author_subject: str
    at: dt.datetime
    state: PublicationState


@dataclass(frozen=True)
class Frozen:
    """What a commit is made of: its files ({path: bytes}, None for a removed one) and its message."""

    files: dict[str, bytes | None]
    message: str


def rows() -> list[Row]:
    """Returns every journal row that was not superseded, in the order of the chain; leaves no transaction open."""
    found = db.session.execute(
        sa.select(
            Publication.id,
            Standard.code,
            Publication.version,
            Publication.parent,
            Publication.commit_id,
            Publication.author_subject,
            Publication.at,
            Publication.state,
        )
        .join(Standard, Standard.id == Publication.standard_id)
        .where(Publication.state != PublicationState.SUPERSEDED)
        .order_by(Publication.id)
    ).all()
    db.session.commit()
    return [Row(*values) for values in found]


def row(publication_id: int) -> Row:
    """Returns one journal row; leaves no transaction open."""
    found = db.session.get_one(Publication, publication_id, populate_existing=True)
    code = db.session.get_one(Standard, found.standard_id).code
    made = Row(
        found.id,
        code,
        found.version,
        found.parent,
        found.commit_id,
        found.author_subject,
        found.at,
        found.state,
    )
    db.session.commit()
    return made


def frozen(publication_id: int) -> Frozen:
    """Returns the frozen bytes of a publication; the same row always makes the same commit."""
    found = db.session.get_one(Publication, publication_id)
    text, content = found.manifest, dict(found.content)
    db.session.commit()
    manifest = read_manifest(text)
    return Frozen(files_of(manifest, text, content), commit_message(manifest, text))


def is_agreed(head: str | None) -> bool:
    """Tells whether nothing is pending and the newest published commit is `head`; two small queries."""
    pending = db.session.scalar(
        sa.select(Publication.id).where(Publication.state == PublicationState.INTENDED).limit(1)
    )
    newest = db.session.scalar(
        sa.select(Publication.commit_id)
        .where(Publication.state == PublicationState.PUBLISHED)
        .order_by(Publication.id.desc())
        .limit(1)
    )
    db.session.commit()
    return pending is None and newest == head


def mark_published(intent: Row, finish: Finish) -> None:
    """Makes an intent published, with its consequences, in one transaction; whoever comes second changes nothing."""
    try:
        if _move(intent.id, PublicationState.PUBLISHED):
            announce(db.session.get_one(Publication, intent.id, populate_existing=True), intent.code, finish)
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def mark_superseded(intent: Row) -> None:
    """Gives up an intent whose parent another publication took: its commit can never be reached any more."""
    if _move(intent.id, PublicationState.SUPERSEDED):
        key = f"{intent.code} {intent.version}"
        activity.record(SYSTEM, "publication.superseded", "publication", key, commit=intent.commit_id)
    db.session.commit()


def announce(publication: Publication, code: str, finish: Finish) -> None:
    """Writes the consequences and the log line of a publication that is published now."""
    finish(publication)
    activity.record(
        Actor(person_id=None, subject=publication.author_subject),
        "publication.published",
        "publication",
        f"{code} {publication.version}",
        commit=publication.commit_id,
        content_sha256=publication.content_sha256,
    )


def _move(publication_id: int, to: PublicationState) -> bool:
    moved = db.session.execute(
        sa.update(Publication)
        .where(Publication.id == publication_id, Publication.state == PublicationState.INTENDED)
        .values(state=to)
    )
    return bool(moved.rowcount == 1)  # type: ignore[attr-defined]
