"""Owns the questions about pilots: the pilot of a revision, its readings, the pilot texts that bind."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.core.once import asked_once
from app.evidence import counting
from app.evidence.counting import Kept, PeriodKept
from app.pilots.models import Pilot, PilotResult, PilotState
from app.standards.in_force import Overlay
from app.standards.measures import Measure
from app.standards.models import Revision

BEFORE_WEEKS = 8


@dataclass(frozen=True)
class Readings:
    """What both groups kept of one measure, before the pilot (eight weeks) and during it."""

    pilot_before: Kept
    pilot_during: Kept
    comparison_before: Kept
    comparison_during: Kept


def is_judged(measure: Measure) -> bool:
    """Tells whether tickets can tell of each contact that it kept the measure; averages are not judged."""
    return counting.outcome_condition(measure, kept=True) is not None


@asked_once
def pilot_of(revision_id: int) -> Pilot | None:
    """Returns the newest pilot of a revision, None when there is none."""
    return db.session.scalar(
        sa.select(Pilot).where(Pilot.revision_id == revision_id).order_by(Pilot.id.desc()).limit(1)
    )


@asked_once
def newest_result(pilot_id: int) -> PilotResult | None:
    """Returns what was computed last, None before the first time."""
    return db.session.scalar(
        sa.select(PilotResult)
        .where(PilotResult.pilot_id == pilot_id)
        .order_by(PilotResult.id.desc())
        .limit(1)
    )


def running() -> list[Pilot]:
    """Returns the pilots that run now, by id."""
    return list(
        db.session.scalars(sa.select(Pilot).where(Pilot.state == PilotState.RUNNING).order_by(Pilot.id))
    )


def readings(pilot: Pilot, measure: Measure, until: dt.date) -> Readings | None:
    """Returns the readings of both groups until a local day (included); None when tickets cannot tell."""
    before_starts = pilot.starts_on - dt.timedelta(weeks=BEFORE_WEEKS)
    before_ends = pilot.starts_on - dt.timedelta(days=1)
    counted = []
    for scope in (pilot.pilot_scope, pilot.comparison_scope):
        for starts, ends in ((before_starts, before_ends), (pilot.starts_on, until)):
            found = counting.backtest(measure, starts, ends, scope)
            if not isinstance(found, Kept):
                return None
            counted.append(found)
    return Readings(*counted)


def weeks(pilot: Pilot, until: dt.date) -> tuple[list[PeriodKept], list[PeriodKept]]:
    """Returns the weeks of pilot and comparison group, from eight weeks before the start."""
    measure = Measure.from_data(pilot.measure)
    starts = pilot.starts_on - dt.timedelta(weeks=BEFORE_WEEKS)
    return (
        counting.weekly(measure, starts, until, pilot.pilot_scope),
        counting.weekly(measure, starts, until, pilot.comparison_scope),
    )


@asked_once
def started() -> list[tuple[Pilot, Revision]]:
    """Returns the pilots that ever started, with their revisions, by id; few enough to be read for all standards."""
    rows = db.session.execute(
        sa.select(Pilot, Revision)
        .join(Revision, Revision.id == Pilot.revision_id)
        .where(Pilot.started_at.is_not(None))
        .order_by(Pilot.id)
    )
    return [(row[0], row[1]) for row in rows]


def overlays(standard_id: int, instant: dt.datetime | None = None) -> list[Overlay]:
    """Returns the pilot texts of a standard that bound at the instant (now if None); `key` is (pilot, clause id)."""
    moment = instant or clock.now()
    made = []
    for pilot, revision in started():
        if revision.standard_id != standard_id or pilot.started_at is None or pilot.started_at > moment:
            continue
        for clause_id, text in pilot.texts.items():
            made.append(
                Overlay(
                    clause_id=clause_id,
                    clause_hash=text["hash"],
                    starts_at=max(pilot.started_at, clock.start_of(pilot.starts_on)),
                    ends_at=pilot.ended_at,
                    regions=tuple(pilot.pilot_scope.get("region", ())),
                    channels=tuple(pilot.pilot_scope.get("channel", ())),
                    customer_groups=tuple(pilot.pilot_scope.get("customer_group", ())),
                    key=(pilot, clause_id),
                )
            )
    return made
