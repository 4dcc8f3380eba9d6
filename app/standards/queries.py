"""Owns the questions about standards: what is published, what binds when, what a revision changes."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
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
from app.standards.workflow import ENDS, State

_parsed: dict[str, dict[str, Document]] = {}
_PARSED_MOST = 64


@asked_once
def standard(code: str) -> Standard:
    """Returns the standard with this code, whatever its case; its owner need not be asked for again. Raises NotFound."""
    found = db.session.execute(
        sa.select(Standard, Person)
        .outerjoin(Person, Person.id == Standard.owner_id)
        .where(Standard.code == code.lower())
    ).first()
    if found is None:
        raise NotFound("standard.unknown", code=code[:40])
    people.know(found[1])
    return found[0]


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
    return published_clauses_of([standard_id])[standard_id]


def published_clauses_of(standard_ids: Collection[int]) -> dict[int, list[PublishedClause]]:
    """Returns what `published_clauses` does for several standards in one query; each of them is a key."""
    rows = db.session.execute(
        sa.select(
            ClauseVersion.standard_id,
            ClauseVersion.clause_id,
            ClauseVersion.clause_hash,
            ClauseVersion.publication_id,
            ClauseVersion.position,
            ClauseVersion.effective_at,
            ClauseVersion.transition_until,
            ClauseVersion.change,
            ClauseVersion.id,
        ).where(ClauseVersion.standard_id.in_(standard_ids))
    )
    made: dict[int, list[PublishedClause]] = {standard_id: [] for standard_id in standard_ids}
    for row in rows:
        made[row.standard_id].append(
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
        )
    return made


def in_force(
    standard_id: int,
    instant: dt.datetime | None = None,
    where: Where | None = None,
    overlays: Iterable[Overlay] = (),
) -> TextInForce:
    """Returns which text of the standard binds at the instant (now if None) in the place; see `in_force.py`.

    `PublishedClause.key` is the ClauseVersion row. Two queries, whatever the number of publications.
    """
    return in_force_of([standard_id], instant, where, {standard_id: overlays})[standard_id]


def in_force_of(
    standard_ids: Collection[int],
    instant: dt.datetime | None = None,
    where: Where | None = None,
    overlays: Mapping[int, Iterable[Overlay]] | None = None,
) -> dict[int, TextInForce]:
    """Returns what `in_force` returns, by standard id; two queries, whatever the number of standards."""
    at, texts = instant or clock.now(), overlays or {}
    found = {
        standard_id: text_in_force(published, at, where, texts.get(standard_id, ()))
        for standard_id, published in published_clauses_of(standard_ids).items()
    }
    wanted = [version.key for text in found.values() for version in _versions_in(text)]
    rows = {r.id: r for r in db.session.scalars(sa.select(ClauseVersion).where(ClauseVersion.id.in_(wanted)))}
    return {standard_id: _with_rows(text, rows) for standard_id, text in found.items()}


def _versions_in(text: TextInForce) -> list[PublishedClause]:
    versions = [b.version for b in text.bindings] + list(text.coming)
    return versions + [b.also_accepted for b in text.bindings if b.also_accepted]


def _with_rows(text: TextInForce, rows: Mapping[int, ClauseVersion]) -> TextInForce:
    def full(version: PublishedClause) -> PublishedClause:
        return replace(version, key=rows[version.key])  # type: ignore[index]

    return TextInForce(
        bindings=tuple(
            replace(
                b, version=full(b.version), also_accepted=full(b.also_accepted) if b.also_accepted else None
            )
            for b in text.bindings
        ),
        coming=tuple(full(v) for v in text.coming),
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
def draft_count(revision_id: int) -> int:
    """Returns how many clauses a revision has drafted."""
    return len(clause_drafts(revision_id))


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
def unsettled() -> list[Revision]:
    """Returns the revisions from draft to ready, drafts too, with their standards, by id: those somebody must move."""
    settled = (State.SCHEDULED, State.IN_FORCE, *ENDS)
    query = sa.select(Revision).where(Revision.state.not_in(settled)).order_by(Revision.id)
    return list(db.session.scalars(query.options(joinedload(Revision.standard))))


@asked_once
def open_revisions(standard_id: int | None = None) -> list[Revision]:
    """Returns the revisions that are neither ended nor drafts, newest first; of one standard or of all."""
    ended = ("archived", "declined", "withdrawn", "draft")
    query = sa.select(Revision).where(Revision.state.not_in(ended)).order_by(Revision.id.desc())
    return list(
        db.session.scalars(query.where(Revision.standard_id == standard_id) if standard_id else query)
    )
