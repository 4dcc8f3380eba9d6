"""Owns where a clause came from and went to: split from another, merged into another, replaced
by another, moved from another standard.

Ids say that a clause stayed; this says what became of words that changed their clause. What counts as a split
or a merge is decided in `matching.py`; the rows are written with each publication, and with no other thing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, EnumText, db
from app.standards.document import Clause, Document, primary_of
from app.standards.matching import LEAST_LETTERS, Lineage, Origin, lineage
from app.standards.models import ClauseChange, ClauseVersion, Publication, Standard


class ClauseDescent(Base):
    """One step of descent: the clause came from the other one (split, moved) or went into it (merged, replaced)."""

    __tablename__ = "clause_descent"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publication.id"), index=True)
    origin: Mapped[Origin] = mapped_column(EnumText(Origin))
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"))
    clause_id: Mapped[str] = mapped_column(sa.Text)
    other_standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"))
    other_clause_id: Mapped[str] = mapped_column(sa.Text)

    __table_args__ = (
        sa.UniqueConstraint("standard_id", "clause_id", "other_standard_id", "other_clause_id", "origin"),
        sa.Index("ix_clause_descent_other", "other_standard_id", "other_clause_id"),
    )


@dataclass(frozen=True)
class Relative:
    """A clause that another one has words from or gave words to; `is_source` says that it is where they came from."""

    origin: Origin
    code: str
    clause_id: str
    is_source: bool


def record(
    publication: Publication,
    before: Mapping[str, Document],
    after: Mapping[str, Document],
    said: Sequence[Lineage] = (),
) -> None:
    """Writes what the publication did to the descent of clauses; `before` is empty for a first one. The caller flushes.

    What the drafters `said` of a clause counts; only of the others the words decide.
    """
    new = primary_of(after)
    old = primary_of(before).clauses if before else ()
    here = publication.standard_id
    told = {step.clause_id for step in said}
    steps = [*said, *(step for step in lineage(new.clauses, old) if step.clause_id not in told)]
    for step in steps:
        _add(publication, step.origin, (here, step.clause_id), (here, step.other_id))
    explained = {step.clause_id for step in steps}
    old_ids, new_ids = {clause.id for clause in old}, {clause.id for clause in new.clauses}
    came = [clause for clause in new.clauses if clause.id not in old_ids | explained]
    went = [clause for clause in old if clause.id not in new_ids | explained]
    language = new.front.language
    for clause_id, other in _elsewhere(here, came, language, is_retired=True):
        _add(publication, Origin.MOVED, (here, clause_id), other)
    for clause_id, other in _elsewhere(here, went, language, is_retired=False):
        _add(publication, Origin.MOVED, other, (here, clause_id))


def relatives(standard_id: int, clause_id: str) -> list[Relative]:
    """Returns the clauses a clause came from or went to, in the order in which it happened."""
    own, theirs = _sides(standard_id, clause_id)
    other = sa.case((own, ClauseDescent.other_standard_id), else_=ClauseDescent.standard_id)
    rows = db.session.execute(
        sa.select(ClauseDescent, Standard.code, own.label("is_own"))
        .join(Standard, Standard.id == other)
        .where(own | theirs)
        .order_by(ClauseDescent.id)
    )
    made = []
    for step, code, is_own in rows:
        # A merged or replaced clause names what it went into; a split or moved one what it came from.
        is_source = bool(is_own) != (step.origin in (Origin.MERGED, Origin.REPLACED))
        made.append(
            Relative(step.origin, code, step.other_clause_id if is_own else step.clause_id, is_source)
        )
    return made


def has_relatives(standard_id: int, clause_id: str) -> sa.ColumnElement[bool]:
    """Returns the condition that `relatives` would not be empty, to be asked along with another question."""
    return sa.exists().where(sa.or_(*_sides(standard_id, clause_id)))


def _sides(standard_id: int, clause_id: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    own = (ClauseDescent.standard_id == standard_id) & (ClauseDescent.clause_id == clause_id)
    theirs = (ClauseDescent.other_standard_id == standard_id) & (ClauseDescent.other_clause_id == clause_id)
    return own, theirs


def _elsewhere(
    here: int, clauses: Sequence[Clause], language: str, *, is_retired: bool
) -> list[tuple[str, tuple[int, str]]]:
    """Returns (clause id here, (standard, clause)) for words that stand, or last stood, in a clause of another standard."""
    wanted = {clause.body: clause.id for clause in clauses if len(clause.body) >= LEAST_LETTERS}
    if not wanted:
        return []
    body = ClauseVersion.body_en if language == "en" else ClauseVersion.body_zh
    newest = (
        sa.select(
            ClauseVersion.standard_id, ClauseVersion.clause_id, sa.func.max(ClauseVersion.publication_id).label("last")
        )
        .where(ClauseVersion.standard_id != here)
        .group_by(ClauseVersion.standard_id, ClauseVersion.clause_id)
        .subquery()
    )  # fmt: skip
    last = sa.orm.aliased(ClauseVersion)
    gone = ~sa.or_(last.hash_zh.is_not(None), last.hash_en.is_not(None))
    rows = db.session.execute(
        sa.select(body, ClauseVersion.standard_id, ClauseVersion.clause_id)
        .join(
            newest,
            sa.and_(
                newest.c.standard_id == ClauseVersion.standard_id,
                newest.c.clause_id == ClauseVersion.clause_id,
            ),
        )
        .join(
            last,
            sa.and_(
                last.standard_id == newest.c.standard_id,
                last.clause_id == newest.c.clause_id,
                last.publication_id == newest.c.last,
            ),
        )
        .where(
            body.in_(wanted),
            ClauseVersion.change != ClauseChange.UNCHANGED,
            gone if is_retired else ~gone & (ClauseVersion.publication_id == newest.c.last),
        )
        .order_by(ClauseVersion.publication_id.desc())
    ).all()
    found: dict[str, tuple[int, str]] = {}
    for words, standard_id, clause_id in rows:
        found.setdefault(wanted[words or ""], (standard_id, clause_id))
    return sorted(found.items())


def _add(publication: Publication, origin: Origin, clause: tuple[int, str], other: tuple[int, str]) -> None:
    known = db.session.scalar(
        sa.select(ClauseDescent.id).where(
            ClauseDescent.origin == origin,
            ClauseDescent.standard_id == clause[0], ClauseDescent.clause_id == clause[1],
            ClauseDescent.other_standard_id == other[0], ClauseDescent.other_clause_id == other[1],
        )
    )  # fmt: skip
    if known is None:
        db.session.add(
            ClauseDescent(
                publication_id=publication.id, origin=origin, standard_id=clause[0], clause_id=clause[1],
                other_standard_id=other[0], other_clause_id=other[1],
            )
        )  # fmt: skip
        db.session.flush()
