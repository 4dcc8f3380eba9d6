"""Owns the lists of the room: the library, its coming changes, the history of a standard, the life of a clause."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.standards import descent
from app.standards.comparison import ClauseState, Difference, compare
from app.standards.measures import Measure
from app.standards.models import (
    ClauseChange,
    ClauseVersion,
    Publication,
    PublicationState,
    Revision,
    RevisionClause,
    Standard,
)
from app.standards.reading import in_force_of, is_there, light_publications
from app.standards.workflow import OPEN_STATES


@dataclass(frozen=True)
class ShelfRow:
    """One standard of the library: the publication in force (None before the first), and what is on its way."""

    standard: Standard
    version: Publication | None
    coming: tuple[Publication, ...]
    revisions: tuple[Revision, ...]


@dataclass(frozen=True)
class Shelf:
    """The library as filtered. `categories`, `audiences` and `journeys` are what can be chosen among."""

    rows: tuple[ShelfRow, ...]
    total: int
    categories: tuple[str, ...]
    audiences: tuple[str, ...]
    journeys: tuple[str, ...]
    coming: tuple[tuple[Publication, tuple[str, ...]], ...]
    codes: Mapping[int, str]


@dataclass(frozen=True)
class Wish:
    """What a reader filters by; None is everything."""

    words: str = ""
    category: str | None = None
    audience: str | None = None
    journey: str | None = None


@dataclass(frozen=True)
class LifeStep:
    """One version of a clause: what its publication did to it, and the redline to the text before.

    `has_relatives` says that words of the clause came from or went to another one (`descent.py`).
    """

    row: ClauseVersion
    publication: Publication
    difference: Difference | None
    revision: Revision | None
    ends_at: dt.datetime | None
    has_relatives: bool = False


def shelf(wish: Wish, hits: Iterable[int] | None = None) -> Shelf:
    """Returns the library that fits the wish, by code. `hits` are standards whose clauses hold the words sought."""
    everything = list(db.session.scalars(sa.select(Standard).order_by(Standard.code)))
    by_standard = _publications()
    revisions = open_revisions_by_standard()
    now = clock.now()
    found = set(hits or ())
    rows = []
    for standard in everything:
        if not _fits(standard, wish, found):
            continue
        listed = by_standard.get(standard.id, [])
        coming = tuple(sorted((p for p in listed if p.effective_at > now), key=lambda p: p.effective_at))
        rows.append(
            ShelfRow(standard, in_force_of(listed, now), coming, tuple(revisions.get(standard.id, ())))
        )
    return Shelf(
        rows=tuple(rows),
        total=len(everything),
        categories=_distinct(standard.category for standard in everything),
        audiences=_distinct(name for standard in everything for name in standard.audience),
        journeys=_distinct(standard.journey for standard in everything),
        coming=coming_changes([p for listed in by_standard.values() for p in listed]),
        codes={standard.id: standard.code for standard in everything},
    )


def coming_changes(publications: Iterable[Publication]) -> tuple[tuple[Publication, tuple[str, ...]], ...]:
    """Returns the publications that bind later with the clauses they change, soonest first; one query if any."""
    now = clock.now()
    later = sorted((p for p in publications if p.effective_at > now), key=lambda p: (p.effective_at, p.id))
    if not later:
        return ()
    clauses: dict[int, list[str]] = {}
    rows = db.session.execute(
        sa.select(ClauseVersion.publication_id, ClauseVersion.clause_id)
        .where(
            ClauseVersion.publication_id.in_([p.id for p in later]),
            ClauseVersion.change != ClauseChange.UNCHANGED,
        )
        .order_by(ClauseVersion.position)
    )
    for publication_id, clause_id in rows:
        clauses.setdefault(publication_id, []).append(clause_id)
    return tuple((p, tuple(clauses.get(p.id, ()))) for p in later)


def open_revisions_by_standard() -> dict[int, list[Revision]]:
    """Returns the open revisions by standard id, newest first."""
    made: dict[int, list[Revision]] = {}
    query = sa.select(Revision).where(Revision.state.in_(OPEN_STATES)).order_by(Revision.id.desc())
    for revision in db.session.scalars(query):
        made.setdefault(revision.standard_id, []).append(revision)
    return made


def open_revisions_by_clause(standard_id: int) -> dict[str, list[Revision]]:
    """Returns the open revisions of one standard by the clauses they concern."""
    made: dict[str, list[Revision]] = {}
    query = (
        sa.select(RevisionClause.clause_id, Revision)
        .join(Revision, Revision.id == RevisionClause.revision_id)
        .where(Revision.standard_id == standard_id, Revision.state.in_(OPEN_STATES))
        .order_by(Revision.id)
    )
    for clause_id, revision in db.session.execute(query):
        made.setdefault(clause_id, []).append(revision)
    return made


def revisions_by_ids(ids: Iterable[int | None]) -> dict[int, Revision]:
    """Returns the revisions with these ids, by id."""
    wanted = {i for i in ids if i is not None}
    if not wanted:
        return {}
    return {r.id: r for r in db.session.scalars(sa.select(Revision).where(Revision.id.in_(wanted)))}


def history(standard: Standard) -> list[tuple[Publication, list[ClauseVersion]]]:
    """Returns the publications of a standard, newest first, each with the clauses it changed."""
    changes: dict[int, list[ClauseVersion]] = {}
    rows = db.session.scalars(
        sa.select(ClauseVersion)
        .where(ClauseVersion.standard_id == standard.id, ClauseVersion.change != ClauseChange.UNCHANGED)
        .order_by(ClauseVersion.position)
    )
    for row in rows:
        changes.setdefault(row.publication_id, []).append(row)
    return [(p, changes.get(p.id, [])) for p in light_publications(standard.id)]


def clause_life(standard: Standard, clause_id: str, language: str) -> list[LifeStep]:
    """Returns the versions of a clause, newest first, each with its redline. Raises NotFound for an unknown one."""
    found = db.session.execute(
        sa.select(ClauseVersion, Revision, descent.has_relatives(standard.id, clause_id))
        .join(Publication, Publication.id == ClauseVersion.publication_id)
        .outerjoin(Revision, Revision.id == Publication.revision_id)
        .where(
            ClauseVersion.standard_id == standard.id,
            ClauseVersion.clause_id == clause_id,
            ClauseVersion.change != ClauseChange.UNCHANGED,
        )
        .order_by(ClauseVersion.effective_at, ClauseVersion.publication_id)
    ).all()
    if not found:
        raise NotFound("standard.unknown_clause", clause=clause_id.upper())
    rows = [row[0] for row in found]
    publications = {p.id: p for p in light_publications(standard.id)}
    revisions = {row[1].id: row[1] for row in found if row[1] is not None}
    steps = []
    for index, row in enumerate(rows):
        before = rows[index - 1] if index else None
        publication = publications[row.publication_id]
        steps.append(
            LifeStep(
                row=row,
                publication=publication,
                difference=_difference(before, row, language) if before else None,
                revision=revisions.get(publication.revision_id or 0),
                ends_at=rows[index + 1].effective_at if index + 1 < len(rows) else None,
                has_relatives=bool(found[0][2]),
            )
        )
    return list(reversed(steps))


def state_of_row(row: ClauseVersion) -> ClauseState:
    """Returns a clause row as the pure comparison reads it."""
    headings = {"zh": row.heading_zh, "en": row.heading_en}
    bodies = {"zh": row.body_zh, "en": row.body_en}
    return ClauseState(
        clause_id=row.clause_id,
        headings={name: text for name, text in headings.items() if text},
        bodies={name: text for name, text in bodies.items() if text},
        measures=tuple(Measure.from_data(m) for m in row.measures),
        audience=tuple(row.audience),
        tags=tuple(row.tags),
        chapters={"zh": row.chapter_zh, "en": row.chapter_en},
    )


def states_of_publication(publication_id: int) -> list[ClauseState]:
    """Returns the clauses of one publication in reading order."""
    rows = db.session.scalars(
        sa.select(ClauseVersion)
        .where(ClauseVersion.publication_id == publication_id)
        .order_by(ClauseVersion.position, ClauseVersion.clause_id)
    )
    return [state_of_row(row) for row in rows if is_there(row)]


def _difference(before: ClauseVersion, row: ClauseVersion, language: str) -> Difference | None:
    old = [state_of_row(before)] if is_there(before) else []
    new = [state_of_row(row)] if is_there(row) else []
    return next(iter(compare(old, new, language).differences), None)


def _publications() -> dict[int, list[Publication]]:
    made: dict[int, list[Publication]] = {}
    columns = load_only(
        Publication.standard_id,
        Publication.version,
        Publication.effective_at,
        Publication.effective_on,
        Publication.transition_until,
        Publication.revision_id,
    )
    query = sa.select(Publication).where(Publication.state == PublicationState.PUBLISHED).options(columns)
    for publication in db.session.scalars(query.order_by(Publication.id)):
        made.setdefault(publication.standard_id, []).append(publication)
    return made


def _fits(standard: Standard, wish: Wish, hits: set[int]) -> bool:
    words = wish.words.casefold()
    named = f"{standard.code} {standard.title_zh or ''} {standard.title_en or ''}".casefold()
    return (
        (not words or words in named or standard.id in hits)
        and (wish.category is None or standard.category == wish.category)
        and (wish.audience is None or wish.audience in standard.audience)
        and (wish.journey is None or standard.journey == wish.journey)
    )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def pair_of(text: str) -> Sequence[str]:
    """Returns the two versions of an address such as `2.2..2.3`. Raises NotFound for anything else."""
    old, dots, new = text.partition("..")
    if not dots or not old or not new:
        raise NotFound("standard.unknown_version", version=text[:20])
    return old, new
