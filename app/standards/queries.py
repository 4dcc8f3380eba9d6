"""Owns the questions about standards: what is published, what binds when, what a revision changes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.once import asked_once
from app.people import queries as people
from app.people.models import Person
from app.standards.document import Document, parse_document
from app.standards.in_force import Overlay, PublishedClause, TextInForce, Where, text_in_force
from app.standards.models import (
    ClauseChange,
    ClauseDraft,
    ClauseLock,
    ClauseVersion,
    Publication,
    PublicationState,
    Revision,
    RevisionClause,
    RevisionNote,
    RevisionStep,
    Standard,
    TextVersion,
)

_parsed: dict[str, dict[str, Document]] = {}
_PARSED_MOST = 64


@asked_once
def standard(code: str) -> Standard:
    """Returns the standard with this code, whatever its case. Raises NotFound."""
    found = db.session.scalar(sa.select(Standard).where(Standard.code == code.lower()))
    if found is None:
        raise NotFound("standard.unknown", code=code[:40])
    return found


@asked_once
def revision(number: str) -> Revision:
    """Returns the revision with this number. Raises NotFound."""
    query = sa.select(Revision).where(Revision.number == number).options(joinedload(Revision.standard))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("revision.unknown", number=number[:40])
    return found


@asked_once
def standards() -> list[Standard]:
    """Returns all standards by code."""
    return list(db.session.scalars(sa.select(Standard).order_by(Standard.code)))


@asked_once
def newest_publication(standard_id: int) -> Publication | None:
    """Returns the newest publication of a standard, in force or coming; None before the first."""
    return db.session.scalar(
        sa.select(Publication)
        .where(Publication.standard_id == standard_id, Publication.state == PublicationState.PUBLISHED)
        .order_by(Publication.id.desc())
        .limit(1)
    )


@asked_once
def publications(standard_id: int) -> list[Publication]:
    """Returns the publications of a standard, newest first."""
    return list(
        db.session.scalars(
            sa.select(Publication)
            .where(Publication.standard_id == standard_id, Publication.state == PublicationState.PUBLISHED)
            .order_by(Publication.id.desc())
        )
    )


@asked_once
def publication(standard_id: int, version: str) -> Publication:
    """Returns one publication by its version such as `2.3`. Raises NotFound."""
    found = db.session.scalar(
        sa.select(Publication).where(
            Publication.standard_id == standard_id,
            Publication.version == version,
            Publication.state == PublicationState.PUBLISHED,
        )
    )
    if found is None:
        raise NotFound("standard.unknown_version", version=version[:20])
    return found


def documents_of(publication: Publication) -> dict[str, Document]:
    """Returns the texts of a publication by language (`zh`, `en`), parsed once for each text hash."""
    key = publication.content_sha256
    if key not in _parsed:
        if len(_parsed) >= _PARSED_MOST:
            _parsed.pop(next(iter(_parsed)))
        _parsed[key] = documents_from(publication.content)
    return dict(_parsed[key])


def documents_from(content: dict[str, str]) -> dict[str, Document]:
    """Returns the texts of a `{path: text}` by language; files that are no texts are left out."""
    made = {}
    for path, text in content.items():
        name = path.rsplit("/", 1)[-1]
        if path.startswith("standards/") and name.endswith(".md"):
            made[name.removesuffix(".md")] = parse_document(text)
    return made


def published_documents(standard: Standard) -> dict[str, Document]:
    """Returns the newest published texts of a standard. Raises NotFound before the first publication."""
    newest = newest_publication(standard.id)
    if newest is None:
        raise NotFound("standard.never_published", code=standard.code)
    return documents_of(newest)


@asked_once
def clause_versions(standard_id: int, clause_id: str | None = None) -> list[ClauseVersion]:
    """Returns what publications did to the clauses of a standard, oldest first; unchanged rows are left out."""
    query = (
        sa.select(ClauseVersion)
        .where(ClauseVersion.standard_id == standard_id, ClauseVersion.change != ClauseChange.UNCHANGED)
        .order_by(ClauseVersion.publication_id, ClauseVersion.position)
    )
    if clause_id is not None:
        query = query.where(ClauseVersion.clause_id == clause_id)
    return list(db.session.scalars(query))


@asked_once
def published_clauses(standard_id: int) -> list[PublishedClause]:
    """Returns all clauses of all publications as the pure rule reads them; `key` is the row's id, texts unread."""
    rows = db.session.execute(
        sa.select(
            ClauseVersion.clause_id,
            ClauseVersion.clause_hash,
            ClauseVersion.publication_id,
            ClauseVersion.position,
            ClauseVersion.effective_at,
            ClauseVersion.transition_until,
            ClauseVersion.change,
            ClauseVersion.id,
        ).where(ClauseVersion.standard_id == standard_id)
    )
    return [
        PublishedClause(
            clause_id=row.clause_id,
            clause_hash=row.clause_hash,
            order=row.publication_id,
            position=row.position,
            effective_at=row.effective_at,
            transition_until=row.transition_until,
            is_retired=row.change is ClauseChange.RETIRED,
            key=row.id,
        )
        for row in rows
    ]


def in_force(
    standard_id: int,
    instant: dt.datetime | None = None,
    where: Where | None = None,
    overlays: Iterable[Overlay] = (),
) -> TextInForce:
    """Returns which text of the standard binds at the instant (now if None) in the place; see `in_force.py`.

    `PublishedClause.key` is the ClauseVersion row. Two queries, whatever the number of publications.
    """
    found = text_in_force(published_clauses(standard_id), instant or clock.now(), where, overlays)
    wanted = [b.version.key for b in found.bindings] + [v.key for v in found.coming]
    wanted += [b.also_accepted.key for b in found.bindings if b.also_accepted]
    rows = {r.id: r for r in db.session.scalars(sa.select(ClauseVersion).where(ClauseVersion.id.in_(wanted)))}

    def full(version: PublishedClause) -> PublishedClause:
        return replace(version, key=rows[version.key])  # type: ignore[index]

    return TextInForce(
        bindings=tuple(
            replace(
                b, version=full(b.version), also_accepted=full(b.also_accepted) if b.also_accepted else None
            )
            for b in found.bindings
        ),
        coming=tuple(full(v) for v in found.coming),
    )


def published_clause_hash(standard_id: int, clause_id: str) -> str | None:
    """Returns the hash of the newest published text of a clause; None when it was never published."""
    return db.session.scalar(
        sa.select(ClauseVersion.clause_hash)
        .where(ClauseVersion.standard_id == standard_id, ClauseVersion.clause_id == clause_id)
        .order_by(ClauseVersion.publication_id.desc())
        .limit(1)
    )


@asked_once
def clause_draft(revision_id: int, clause_id: str) -> ClauseDraft | None:
    """Returns the draft of a clause in a revision, None when it is untouched."""
    return db.session.scalar(
        sa.select(ClauseDraft).where(
            ClauseDraft.revision_id == revision_id, ClauseDraft.clause_id == clause_id
        )
    )


@asked_once
def clause_drafts(revision_id: int) -> list[ClauseDraft]:
    """Returns all drafts of a revision by clause id."""
    return list(
        db.session.scalars(
            sa.select(ClauseDraft)
            .where(ClauseDraft.revision_id == revision_id)
            .order_by(ClauseDraft.clause_id)
        )
    )


@asked_once
def clause_ids(revision_id: int) -> list[str]:
    """Returns the ids of the clauses a revision concerns, sorted."""
    return list(
        db.session.scalars(
            sa.select(RevisionClause.clause_id)
            .where(RevisionClause.revision_id == revision_id)
            .order_by(RevisionClause.clause_id)
        )
    )


@asked_once
def held_clauses(revision: Revision) -> dict[str, str]:
    """Returns `{clause id: number}` of the clauses that other open revisions hold."""
    rows = db.session.execute(
        sa.select(ClauseLock.clause_id, Revision.number)
        .join(Revision, Revision.id == ClauseLock.revision_id)
        .where(ClauseLock.standard_id == revision.standard_id, ClauseLock.revision_id != revision.id)
    )
    return {row[0]: row[1] for row in rows}


@asked_once
def newest_text_version(revision_id: int) -> TextVersion | None:
    """Returns the newest frozen text of a revision, None before the first."""
    return db.session.scalar(
        sa.select(TextVersion)
        .where(TextVersion.revision_id == revision_id)
        .order_by(TextVersion.number.desc())
        .limit(1)
    )


def text_version(revision_id: int, number: int) -> TextVersion:
    """Returns one frozen text of a revision. Raises NotFound."""
    found = db.session.scalar(
        sa.select(TextVersion).where(TextVersion.revision_id == revision_id, TextVersion.number == number)
    )
    if found is None:
        raise NotFound("revision.unknown_text_version", number=number)
    return found


@asked_once
def steps(revision_id: int) -> list[RevisionStep]:
    """Returns the steps of a revision, oldest first; who made them need not be asked for again."""
    rows = db.session.execute(
        sa.select(RevisionStep, Person)
        .outerjoin(Person, Person.id == RevisionStep.actor_id)
        .where(RevisionStep.revision_id == revision_id)
        .order_by(RevisionStep.id)
    ).all()
    people.know(*(row[1] for row in rows))
    return [row[0] for row in rows]


@asked_once
def notes(revision_id: int) -> list[RevisionNote]:
    """Returns the notes of a revision's discussion, oldest first."""
    rows = db.session.execute(
        sa.select(RevisionNote, Person)
        .outerjoin(Person, Person.id == RevisionNote.author_id)
        .where(RevisionNote.revision_id == revision_id)
        .order_by(RevisionNote.id)
    ).all()
    people.know(*(row[1] for row in rows))
    return [row[0] for row in rows]


@asked_once
def open_revisions(standard_id: int | None = None) -> list[Revision]:
    """Returns the revisions that are neither ended nor drafts, newest first; of one standard or of all."""
    ended = ("archived", "declined", "withdrawn", "draft")
    query = sa.select(Revision).where(Revision.state.not_in(ended)).order_by(Revision.id.desc())
    return list(
        db.session.scalars(query.where(Revision.standard_id == standard_id) if standard_id else query)
    )
