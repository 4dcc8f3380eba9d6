"""Owns the promise replay: how past contacts would have kept any target, where least, and what would reach the share.

Counts with the same conditions as the ticket table, so that each number opens exactly its rows. Makes no words.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.core.once import asked_once
from app.evidence import counting, staffing
from app.evidence.counting import Kept, Level
from app.evidence.local_hours import local_hour
from app.evidence.metrics import Reading, reading_of
from app.evidence.models import Ticket
from app.evidence.replay_ask import Ask
from app.standards.measures import Comparison, Measure
from app.standards.models import ClauseVersion, Publication, PublicationState, Standard

ENOUGH = 200
"""Fewer contacts than this are too few to say (experience P10)."""

ENOUGH_HERE = 30
"""Fewer contacts than this in an hour, a region or a channel are not called the worst."""

AXES = ("hour", "region", "channel")
_PER_CENT = Decimal(100)
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Place:
    """A measure that can be chosen: `place` is `cs-04/c07/m01`."""

    place: str
    code: str
    measure: Measure


@dataclass(frozen=True)
class Part:
    """The contacts of one hour, region or channel; `code` is None where the source does not say."""

    code: str | None
    counted: Kept


@dataclass(frozen=True)
class Replay:
    """The answer. `today` is the same for the target of the text in force, None when nothing else is tried.

    `needed` is the smallest value, in the measure's unit and rounded up to a tenth, that the wanted share did keep;
    None when no value would do or nothing is wanted. `parts` are `{axis: parts}`, worst share first for region and
    channel, by the clock for hours; `worst` names the worst part with enough contacts. `busiest` is the hour with most
    contacts and how many came in it on an average day; `estimate` is who they would take.
    """

    ask: Ask
    counted: Kept | Level
    today: Kept | Level | None
    needed: Decimal | None
    parts: dict[str, tuple[Part, ...]]
    worst: dict[str, Part | None]
    busiest: tuple[int, float] | None
    estimate: staffing.Staffing | None

    @property
    def too_few(self) -> bool:
        """Tells whether there are too few contacts to say anything."""
        return self.counted.n < ENOUGH

    @property
    def is_reached(self) -> bool:
        """Tells whether the wanted share was reached; without one every contact must keep the target."""
        wanted = self.ask.measure.share_percent
        if isinstance(self.counted, Level):
            return False
        return self.counted.n > 0 and self.counted.kept * 100 >= (wanted or _PER_CENT) * self.counted.n


@asked_once
def places() -> list[Place]:
    """Returns the measures of the newest published texts that tickets can tell about, by standard and clause."""
    newest = (
        sa.select(sa.func.max(Publication.id))
        .where(Publication.state == PublicationState.PUBLISHED)
        .group_by(Publication.standard_id)
    )
    rows = db.session.execute(
        sa.select(Standard.code, ClauseVersion.measures)
        .join(Publication, Publication.standard_id == Standard.id)
        .join(ClauseVersion, ClauseVersion.publication_id == Publication.id)
        .where(Publication.id.in_(newest))
        .order_by(Standard.code, ClauseVersion.position)
    )
    made = [(code, Measure.from_data(data)) for code, measures in rows for data in measures]
    return [
        Place(f"{code.lower()}/{measure.clause_id}/{measure.id}", code, measure)
        for code, measure in made
        if counting.is_measured(measure)
    ]


def products() -> list[str]:
    """Returns the products that tickets name, sorted."""
    rows = db.session.scalars(sa.select(Ticket.product).where(Ticket.product.is_not(None)).distinct())
    return sorted(str(row) for row in rows)


def replay(ask: Ask) -> Replay | None:
    """Answers the question in at most three queries; None when tickets cannot tell."""
    reading = reading_of(ask.measure)
    if reading is None:
        return None
    other = None
    if _target(ask.base) != _target(ask.measure):
        other = counting.backtest(ask.base, ask.starts, ask.ends, ask.columns)
    if reading.is_level:
        level = counting.backtest(ask.measure, ask.starts, ask.ends, ask.columns)
        return Replay(ask, level or Level(None, 0), other, None, {}, {}, None, None)
    rows = _rows(ask)
    total = _sum(rows)
    parts = {axis: _parts(rows, place) for place, axis in enumerate(AXES)}
    busiest = _busiest(rows, (ask.ends - ask.starts).days + 1)
    return Replay(
        ask,
        total,
        other,
        _needed(ask, reading, total.n),
        parts,
        {axis: _worst(found) for axis, found in parts.items()},
        busiest,
        _estimate(ask, reading, busiest),
    )


def _target(measure: Measure) -> tuple[object, ...]:
    return measure.value, measure.peak_value, measure.unit, measure.clock


def _rows(ask: Ask) -> Sequence[Any]:
    """One row for each hour, region and channel: `(hour, region, channel, kept, missed, waiting)`."""
    query = counting.population(ask.measure, ask.starts, ask.ends, ask.columns)
    outcomes = counting.outcomes_of(ask.measure)
    if query is None or outcomes is None:
        return ()
    axes = (local_hour(Ticket.created_at).label("hour"), Ticket.region, Ticket.channel)
    counts = (sa.func.sum(sa.case((one, 1), else_=0)) for one in outcomes)
    return db.session.execute(query.with_only_columns(*axes, *counts).group_by(*axes)).all()


def _sum(rows: Sequence[Any]) -> Kept:
    kept, missed, waiting = (sum(row[place] for row in rows) for place in (3, 4, 5))
    return Kept(kept, kept + missed, waiting)


def _parts(rows: Sequence[Any], place: int) -> tuple[Part, ...]:
    found: dict[str | None, list[Any]] = defaultdict(list)
    for row in rows:
        found[None if row[place] is None else str(row[place])].append(row)
    made = [Part(code, _sum(some)) for code, some in found.items()]
    by: Callable[[Part], Any] = (
        (lambda part: int(part.code or 0))
        if AXES[place] == "hour"
        else (lambda part: (part.counted.share if part.counted.n else 2, str(part.code)))
    )
    return tuple(sorted(made, key=by))


def _worst(parts: Sequence[Part]) -> Part | None:
    """The lowest share of those with enough contacts; nothing is worst where there is nothing to compare."""
    enough = [part for part in parts if part.code is not None and part.counted.n >= ENOUGH_HERE]
    if len(enough) < 2:
        return None
    worst = min(enough, key=lambda part: (part.counted.share, str(part.code)))
    return worst if worst.counted.share < max(part.counted.share for part in enough) else None


def _needed(ask: Ask, reading: Reading, n: int) -> Decimal | None:
    """The value of the contact that stands where the wanted share ends, when all are ordered by how long they took."""
    share = ask.measure.share_percent
    query = counting.population(ask.measure, ask.starts, ask.ends, ask.columns)
    if not n or share is None or query is None or reading.comparison is not Comparison.AT_MOST:
        return None
    column = getattr(Ticket, reading.column)
    days = counting.usual_days(ask.measure)
    outcomes = counting.outcomes_of(ask.measure)
    if days and outcomes is not None:  # the usual value concerns only those, so its share is of those
        kept, missed, _waiting = outcomes
        n = (
            db.session.scalar(query.with_only_columns(sa.func.count()).where(*days, sa.or_(kept, missed)))
            or 0
        )
        if not n:
            return None
    place = math.ceil(share * n / _PER_CENT)
    found = db.session.scalar(
        query.with_only_columns(column)
        .where(column.is_not(None), *days)
        .order_by(column)
        .offset(max(0, place - 1))
        .limit(1)
    )
    if found is None:
        return None  # so many were never answered that no target would do
    value = Decimal(repr(float(found))) / Decimal(repr(reading.per_unit))
    return value.quantize(_TENTH, ROUND_CEILING)


def _busiest(rows: Sequence[Any], days: int) -> tuple[int, float] | None:
    found: dict[int, int] = defaultdict(int)
    for row in rows:
        found[int(row[0])] += sum(row[3:6])
    if not found:
        return None
    hour = max(sorted(found), key=lambda one: found[one])
    return hour, found[hour] / days


def _estimate(ask: Ask, reading: Reading, busiest: tuple[int, float] | None) -> staffing.Staffing | None:
    """Only a first reply within minutes is a queue; a solution within days is not."""
    minutes, share = ask.measure.minutes(), ask.measure.share_percent
    if busiest is None or share is None or share >= 100 or reading.happened != "first_reply_at":
        return None
    if minutes is None or reading.comparison is not Comparison.AT_MOST:
        return None
    handling = float(ask.handling_minutes) / ask.at_once
    return staffing.people_for(busiest[1], handling, float(minutes), float(share / _PER_CENT))
