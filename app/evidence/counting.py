"""Owns counting measures from tickets: kept and missed, over time, and how long things took. Shows nothing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core import clock, seasons
from app.core.db import db
from app.core.intervals import Interval, wilson
from app.evidence.metrics import Reading, reading_of
from app.evidence.models import Ticket
from app.evidence.tickets import TicketKind
from app.standards.measures import Comparison, Measure

POINTS = 201

Filters = Mapping[str, Sequence[str]]
"""`{column of a ticket: allowed values}`; an absent or empty column allows all."""

Outcomes = tuple[sa.ColumnElement[bool], sa.ColumnElement[bool], sa.ColumnElement[bool]]
"""The conditions of the contacts that kept, that missed, and that wait."""


@dataclass(frozen=True)
class Kept:
    """How many contacts kept a measure, of how many that could tell. `waiting` could not: too young to have missed.

    `share` and `interval` (Wilson, 95 %) are fractions; 0 to 1 is open when nobody could tell.
    """

    kept: int
    n: int
    waiting: int = 0

    @property
    def share(self) -> float:
        """Returns kept of n as a fraction, 0 for no contacts."""
        return self.kept / self.n if self.n else 0.0

    @property
    def interval(self) -> Interval:
        """Returns the interval of the share."""
        return wilson(self.kept, self.n)


@dataclass(frozen=True)
class Level:
    """The average of a figure that is no duration, in the measure's unit, of n contacts; None when there are none."""

    average: float | None
    n: int


@dataclass(frozen=True)
class PeriodKept:
    """One week or month of a measure; `starts_on` is its first local day."""

    starts_on: dt.date
    counted: Kept


@dataclass(frozen=True)
class Distribution:
    """How long contacts took: 201 points from the shortest to the longest, in the measure's unit.

    Point 180 is what 90 % of the contacts did not exceed; None is a contact that is still not answered.
    """

    points: tuple[float | None, ...]
    n: int

    def share_within(self, value: float) -> float:
        """Returns the share of contacts at or under the value, to half a per cent; 0 when there are none."""
        if not self.points:
            return 0.0
        return sum(1 for p in self.points if p is not None and p <= value) / len(self.points)


def is_measured(measure: Measure) -> bool:
    """Tells whether tickets can tell how the measure is kept."""
    return reading_of(measure) is not None


def backtest(
    measure: Measure, starts: dt.date, ends: dt.date, filters: Filters | None = None
) -> Kept | Level | None:
    """Counts how contacts of the period (both local days included) would have kept the measure.

    None means it is not measured from tickets. `filters` narrow the measure's own population. A contact without an
    answer missed as soon as its time is over; before that it is waiting. One query.
    """
    reading = reading_of(measure)
    if reading is None:
        return None
    query = _population(reading, starts, ends, filters)
    if reading.is_level:
        return _level(reading, query)
    kept, missed, waiting = _outcomes(reading)
    row = db.session.execute(query.with_only_columns(_count(kept), _count(missed), _count(waiting))).one()
    return Kept(row[0] or 0, (row[0] or 0) + (row[1] or 0), row[2] or 0)


def distribution(
    measure: Measure, starts: dt.date, ends: dt.date, filters: Filters | None = None
) -> Distribution | None:
    """Returns how long the contacts took, for trying targets without asking again; None as for `backtest`.

    Of a measure with a value of its own for peak seasons only contacts of other days are looked at.
    """
    reading = reading_of(measure)
    if reading is None or reading.is_level:
        return None
    column = getattr(Ticket, reading.column)
    kept, missed, _waiting = _outcomes(reading)
    query = _population(reading, starts, ends, filters).where(sa.or_(kept, missed), *usual_days(measure))
    values = list(db.session.scalars(query.with_only_columns(column).order_by(column.is_(None), column)))
    if not values:
        return Distribution((), 0)
    last = len(values) - 1
    picked = [values[round(last * place / (POINTS - 1))] for place in range(POINTS)]
    return Distribution(tuple(None if v is None else v / reading.per_unit for v in picked), len(values))


def weekly(
    measure: Measure, starts: dt.date, ends: dt.date, filters: Filters | None = None
) -> list[PeriodKept]:
    """Returns the weeks (from Monday) of the period with what was kept in each, oldest first; empty if not measured."""
    return _by_period(measure, starts, ends, filters, lambda day: day - dt.timedelta(days=day.weekday()))


def monthly(
    measure: Measure, starts: dt.date, ends: dt.date, filters: Filters | None = None
) -> list[PeriodKept]:
    """Returns the months of the period with what was kept in each, oldest first; empty if not measured."""
    return _by_period(measure, starts, ends, filters, lambda day: day.replace(day=1))


def monthly_of(measures: Sequence[Measure], starts: dt.date, ends: dt.date) -> list[list[PeriodKept]]:
    """Returns `monthly` of several measures in their order, in one query; empty for one that is not measured."""
    parts = []
    for place, measure in enumerate(measures):
        reading = reading_of(measure)
        if reading is None or reading.is_level:
            continue
        counts = (_count(outcome) for outcome in _outcomes(reading))
        columns = (sa.literal(place, sa.Integer), Ticket.created_on, *counts)
        population = _population(reading, starts, ends, None)
        parts.append(population.with_only_columns(*columns).group_by(Ticket.created_on))
    found: list[dict[dt.date, list[int]]] = [{} for _ in measures]
    rows: Sequence[Any] = db.session.execute(sa.union_all(*parts)).all() if parts else ()
    for place, created_on, *counted in rows:
        month = found[place].setdefault(created_on.replace(day=1), [0, 0, 0])
        for column, count in enumerate(counted):
            month[column] += count or 0
    return [
        [PeriodKept(start, Kept(k, k + m, w)) for start, (k, m, w) in sorted(months.items())]
        for months in found
    ]


def outcome_condition(measure: Measure, *, kept: bool) -> sa.ColumnElement[bool] | None:
    """Returns the condition of the contacts that kept or missed the measure, for opening the rows of a number."""
    reading = reading_of(measure)
    if reading is None or reading.is_level:
        return None
    return _outcomes(reading)[0 if kept else 1]


def outcomes_of(measure: Measure) -> Outcomes | None:
    """Returns the conditions of kept, missed and waiting contacts; None for what is not counted so."""
    reading = reading_of(measure)
    return None if reading is None or reading.is_level else _outcomes(reading)


def population(
    measure: Measure, starts: dt.date, ends: dt.date, filters: Filters | None = None
) -> sa.Select[Any] | None:
    """Returns the question for the ids of the contacts a measure concerns in the period; None if not measured."""
    reading = reading_of(measure)
    return None if reading is None else _population(reading, starts, ends, filters)


def usual_days(measure: Measure) -> list[sa.ColumnElement[bool]]:
    """Returns the condition of the contacts that the measure's usual value concerns; empty where it has no other."""
    in_peak = _in_peak()
    return [] if measure.peak_value is None or in_peak is None else [sa.not_(in_peak)]


def population_conditions(measure: Measure) -> list[sa.ColumnElement[bool]]:
    """Returns the conditions of the contacts a measure concerns; empty if it concerns all or is not measured."""
    reading = reading_of(measure)
    return [] if reading is None else _filtered(reading.filters)


def _by_period(
    measure: Measure, starts: dt.date, ends: dt.date, filters: Filters | None, first_day: Any
) -> list[PeriodKept]:
    reading = reading_of(measure)
    if reading is None or reading.is_level:
        return []
    kept, missed, waiting = _outcomes(reading)
    rows = db.session.execute(
        _population(reading, starts, ends, filters)
        .with_only_columns(Ticket.created_on, _count(kept), _count(missed), _count(waiting))
        .group_by(Ticket.created_on)
    )
    found: dict[dt.date, list[int]] = {}
    day = starts
    while day <= ends:
        found.setdefault(first_day(day), [0, 0, 0])
        day += dt.timedelta(days=1)
    for created_on, *counts in rows:
        period = found[first_day(created_on)]
        for place, count in enumerate(counts):
            period[place] += count or 0
    return [PeriodKept(start, Kept(k, k + m, w)) for start, (k, m, w) in sorted(found.items())]


def _population(reading: Reading, starts: dt.date, ends: dt.date, filters: Filters | None) -> sa.Select[Any]:
    query = sa.select(Ticket.id).where(
        Ticket.created_on >= starts, Ticket.created_on <= ends, sa.not_(Ticket.deleted)
    )
    if not reading.is_level:  # an answer to a survey has a mark, but nobody was to answer it
        query = query.where(Ticket.kind == TicketKind.CONTACT)
    return query.where(*_filtered(reading.filters), *_filtered(filters or {}))


def _filtered(filters: Filters) -> list[sa.ColumnElement[bool]]:
    return [getattr(Ticket, column).in_(list(values)) for column, values in filters.items() if values]


def _outcomes(reading: Reading) -> Outcomes:
    """Returns the conditions of kept, missed and waiting contacts; a contact is at most one of them.

    A contact that was solved without a moment of the first reply is none: its source does not say. A contact is held to
    the limit of the day on which it came in.
    """
    in_peak = _in_peak()
    usual = _outcomes_at(reading)
    if reading.peak_limit is None or in_peak is None:
        return usual
    busy = _outcomes_at(reading.in_peak())
    kept, missed, waiting = (
        sa.or_(sa.and_(in_peak, one), sa.and_(sa.not_(in_peak), other))
        for one, other in zip(busy, usual, strict=True)
    )
    return kept, missed, waiting


def _in_peak() -> sa.ColumnElement[bool] | None:
    """Returns the condition of contacts that came in on a day of an announced peak season; None where none is."""
    spans = [Ticket.created_on.between(first, last) for first, last in seasons.announced()]
    return sa.or_(*spans) if spans else None


def _outcomes_at(reading: Reading) -> Outcomes:
    """Returns the conditions of `_outcomes` for one limit on every day."""
    column = getattr(Ticket, reading.column)
    if reading.comparison is Comparison.AT_MOST:
        kept, beyond = column <= reading.limit, column > reading.limit
    else:
        kept, beyond = column >= reading.limit, column < reading.limit
    untold = column.is_(None)
    if reading.column.startswith("first_reply"):
        untold = sa.and_(untold, Ticket.resolution_minutes.is_(None))
    if not reading.can_be_late:
        return kept, beyond, untold
    deadline = reading.late_before(clock.now())
    if deadline is None:
        return kept, beyond, untold
    return (
        kept,
        sa.or_(beyond, sa.and_(untold, Ticket.created_at < deadline)),
        sa.and_(untold, Ticket.created_at >= deadline),
    )


def _level(reading: Reading, query: sa.Select[Any]) -> Level:
    column = getattr(Ticket, reading.column)
    average, count = db.session.execute(
        query.with_only_columns(sa.func.avg(column), sa.func.count(column))
    ).one()
    return Level(None if average is None else float(average) / reading.per_unit, int(count))


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))
