"""Owns the questions about the registers: benchmarks beside our measures, obligations with clauses, reviews that are due."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.evidence.benchmarks import Standing, Theirs, nearest
from app.evidence.register_models import (
    Benchmark,
    Obligation,
    ObligationChange,
    ObligationClause,
    StandardReview,
)
from app.standards import queries as standards_queries
from app.standards.measures import Measure
from app.standards.models import ClauseVersion, Standard
from app.standards.words import spoken_id


@dataclass(frozen=True)
class Compared:
    """A benchmark with our measure that answers it. `clause` is absent where the clause is not in force."""

    benchmark: Benchmark
    clause: ClauseVersion | None
    ours: Measure | None
    standing: Standing

    @property
    def spoken(self) -> str:
        """Returns the clause as people say it, `CS-04-C07`."""
        return spoken_id(self.benchmark.standard.code, self.benchmark.clause_id)


@dataclass(frozen=True)
class Law:
    """A law or norm as it stands beside a clause; `changes_on` is the day of its newest change, None without one."""

    code: str
    title_zh: str
    title_en: str
    changes_on: dt.date | None


@dataclass(frozen=True)
class Touched:
    """A clause that an obligation binds, with its text in force; None where it is not in force."""

    standard: Standard
    clause_id: str
    clause: ClauseVersion | None

    @property
    def spoken(self) -> str:
        """Returns the clause as people say it, `CS-04-C07`."""
        return spoken_id(self.standard.code, self.clause_id)


def benchmarks() -> list[Compared]:
    """Returns every benchmark beside our measure, those where others are ahead first, then the newest."""
    rows = list(db.session.scalars(sa.select(Benchmark).order_by(Benchmark.dated_on.desc(), Benchmark.id)))
    order = [Standing.BEHIND, Standing.OPEN, Standing.EVEN, Standing.AHEAD]
    return sorted(_compared(rows), key=lambda one: order.index(one.standing))


def benchmark(key: str) -> Compared:
    """Returns one benchmark by its key such as `B-3`. Raises NotFound."""
    number = key.upper().removeprefix("B-")
    known = number.isascii() and number.isdigit() and len(number) < 9
    row = db.session.get(Benchmark, int(number)) if known else None
    if row is None:
        raise NotFound("register.unknown", key=key[:20])
    return _compared([row])[0]


def obligations() -> list[Obligation]:
    """Returns the laws and norms, those that changed last first, then by code."""
    rows = list(db.session.scalars(sa.select(Obligation).order_by(Obligation.code)))
    return sorted(
        rows, key=lambda row: row.changes[0].applies_on.toordinal() if row.changes else 0, reverse=True
    )


def obligation(code: str) -> Obligation:
    """Returns one law or norm article by its code. Raises NotFound."""
    row = db.session.scalar(sa.select(Obligation).where(Obligation.code == code.lower()))
    if row is None:
        raise NotFound("register.unknown", key=code[:20])
    return row


def laws_by_clause(standard_id: int) -> dict[str, list[Law]]:
    """Returns `{clause id: the laws and norms that bind it, by code}` of a standard, in one question; others are absent."""
    newest = sa.func.max(ObligationChange.applies_on)
    rows = db.session.execute(
        sa.select(
            ObligationClause.clause_id, Obligation.code, Obligation.title_zh, Obligation.title_en, newest
        )
        .join(Obligation, Obligation.id == ObligationClause.obligation_id)
        .outerjoin(ObligationChange, ObligationChange.obligation_id == Obligation.id)
        .where(ObligationClause.standard_id == standard_id)
        .group_by(ObligationClause.clause_id, Obligation.code, Obligation.title_zh, Obligation.title_en)
        .order_by(Obligation.code)
    )
    found: dict[str, list[Law]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Law(*row[1:]))
    return found


def touched(row: Obligation) -> list[Touched]:
    """Returns the clauses an obligation binds, in the order of their standards, each with its text in force."""
    texts = _texts(link.standard_id for link in row.clauses)
    found = [
        Touched(ln.standard, ln.clause_id, texts.get((ln.standard_id, ln.clause_id))) for ln in row.clauses
    ]
    return sorted(found, key=lambda one: one.spoken)


def open_reviews() -> list[StandardReview]:
    """Returns the periodic reviews without an outcome, the longest due first."""
    return list(
        db.session.scalars(
            sa.select(StandardReview)
            .where(StandardReview.decided_at.is_(None))
            .order_by(StandardReview.due_on, StandardReview.id)
        )
    )


def overdue_reviews() -> list[StandardReview]:
    """Returns the periodic reviews whose day has come, the longest due first."""
    return [row for row in open_reviews() if row.due_on <= clock.today()]


def decided_reviews(limit: int = 30) -> list[StandardReview]:
    """Returns the periodic reviews that ended, newest first."""
    return list(
        db.session.scalars(
            sa.select(StandardReview)
            .where(StandardReview.decided_at.is_not(None))
            .order_by(StandardReview.decided_at.desc(), StandardReview.id.desc())
            .limit(limit)
        )
    )


def review(review_id: int) -> StandardReview:
    """Returns one periodic review. Raises NotFound."""
    row = db.session.get(StandardReview, review_id)
    if row is None:
        raise NotFound("register.unknown", key=str(review_id))
    return row


def _compared(rows: Iterable[Benchmark]) -> list[Compared]:
    listed = list(rows)
    texts = _texts(row.standard_id for row in listed)
    made = []
    for row in listed:
        clause = texts.get((row.standard_id, row.clause_id))
        measures = [Measure.from_data(data) for data in clause.measures] if clause else []
        ours, standing = nearest(Theirs(row.metric, row.comparison, row.number, row.unit), measures)
        made.append(Compared(row, clause, ours, standing))
    return made


def _texts(standard_ids: Iterable[int]) -> dict[tuple[int, str], ClauseVersion]:
    wanted = set(standard_ids)
    if not wanted:
        return {}
    return {
        (standard_id, row.clause_id): row
        for standard_id, text in standards_queries.in_force_of(wanted).items()
        for binding in text.bindings
        if isinstance(row := binding.version.key, ClauseVersion)
    }
