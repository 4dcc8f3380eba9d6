"""Owns the jobs of pilots: computing the result from the tickets, writing the fixed plan to the records."""

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa

from app.core import activity, clock
from app.core.access import SYSTEM
from app.core.db import db
from app.evidence.counting import Kept
from app.pilots import queries, service
from app.pilots.models import Pilot, PilotResult, PilotState
from app.pilots.planning import needed_for_shares
from app.pilots.queries import Readings
from app.pilots.statistics import Difference, Share, net_share_difference
from app.pilots.verdict import STOP_CONFIDENCE, Judgement, Verdict, judge, must_stop, overall
from app.standards.measures import Measure
from app.standards.models import Revision
from app.standards.store_access import store


def compute_pilot(pilot_id: int, is_final: bool = False) -> dict[str, object]:
    """Job: computes all measures of a pilot from its tickets until today (or its end) and keeps them as a result.

    Before the planned end the result is an interim look: it may stop for harm and decides nothing.
    """
    pilot = db.session.get_one(Pilot, pilot_id)
    today = clock.today()
    until = min(today - dt.timedelta(days=1), pilot.ends_on)
    if pilot.ended_at is not None:
        until = min(until, clock.local(pilot.ended_at).date())
    if until < pilot.starts_on:
        return {"computed": False}
    main = Measure.from_data(pilot.measure)
    rows = [_row(pilot, main, until, is_main=True)]
    rows += [_row(pilot, Measure.from_data(guard), until, is_main=False) for guard in pilot.guards]
    numbers = [row for row in rows if row is not None]
    verdict = _overall(numbers).value
    ended = is_final or until >= pilot.ends_on or pilot.state is PilotState.ENDED
    db.session.add(
        PilotResult(
            pilot_id=pilot.id,
            computed_at=clock.now(),
            until=until,
            is_final=ended,
            verdict=verdict,
            numbers={"measures": numbers, "harm": any(row["harm"] for row in numbers)},
        )
    )
    db.session.flush()
    revision = db.session.get_one(Revision, pilot.revision_id)
    activity.record(SYSTEM, "pilot.computed", "revision", revision.number, verdict=verdict, until=until)
    return {"computed": True, "verdict": verdict}


def compute_running() -> None:
    """Once a day: queues the computation of every running pilot."""
    for pilot in db.session.scalars(sa.select(Pilot).where(Pilot.state == PilotState.RUNNING)).all():
        newest = queries.newest_result(pilot.id)
        if newest is None or clock.local(newest.computed_at).date() < clock.today():
            compute_pilot(pilot.id)
            db.session.commit()


def record_pilot_plan(pilot_id: int) -> dict[str, object]:
    """Job: writes the fixed plan to the store's records; doing it again changes nothing."""
    pilot = db.session.get_one(Pilot, pilot_id)
    revision = db.session.get_one(Revision, pilot.revision_id)
    value = service.plan_data(revision, pilot)
    data = (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
    path, at = f"pilots/{revision.number}-{pilot.id}.json", pilot.started_at or clock.now()
    db.session.commit()
    commit = store().append_records({path: data}, SYSTEM.subject, at)
    pilot = db.session.get_one(Pilot, pilot_id)
    pilot.record_commit = commit
    return {"commit": commit}


def _overall(numbers: list[dict[str, Any]]) -> Verdict:
    if not numbers or not numbers[0]["is_main"]:
        return Verdict.NOT_ENOUGH_DATA
    main, *guards = [Verdict(row["verdict"]) for row in numbers]
    return overall(main, guards)


def _row(pilot: Pilot, measure: Measure, until: dt.date, *, is_main: bool) -> dict[str, Any] | None:
    read = queries.readings(pilot, measure, until)
    if read is None:
        return None
    shares = (
        _share(read.pilot_during),
        _share(read.pilot_before),
        _share(read.comparison_during),
        _share(read.comparison_before),
    )
    smallest_group = min(share.n for share in shares)
    change = pilot.smallest_change_points / 100
    if smallest_group == 0:
        return {**_counts(measure, read, is_main), "verdict": Verdict.NOT_ENOUGH_DATA.value, "harm": False}
    net = net_share_difference(*shares)
    base = min(max(shares[1].kept / shares[1].n, 0.01), 0.99 - change)
    judgement = judge(
        net,
        higher_is_better=True,
        smallest_change=change,
        smallest_group=smallest_group,
        # None: the weeks before are too few for such a change, however long the pilot runs.
        needed_per_group=needed_for_shares(base, change, min(shares[1].n, shares[3].n)) or smallest_group + 1,
    )
    wide = net_share_difference(*shares, confidence=STOP_CONFIDENCE)
    harm = must_stop(
        wide, higher_is_better=True, harm_allowed=pilot.harm_points / 100, smallest_group=smallest_group
    )
    return {**_counts(measure, read, is_main), **_judged(net, judgement), "harm": harm}


def _share(counted: Kept) -> Share:
    return Share(counted.kept, counted.n)


def _counts(measure: Measure, read: Readings, is_main: bool) -> dict[str, Any]:
    return {
        "measure": measure.to_data(),
        "is_main": is_main,
        "pilot_before": [read.pilot_before.kept, read.pilot_before.n],
        "pilot_during": [read.pilot_during.kept, read.pilot_during.n],
        "comparison_before": [read.comparison_before.kept, read.comparison_before.n],
        "comparison_during": [read.comparison_during.kept, read.comparison_during.n],
    }


def _judged(net: Difference, judgement: Judgement) -> dict[str, Any]:
    return {
        "net": round(net.value, 6),
        "low": round(net.interval.low, 6),
        "high": round(net.interval.high, 6),
        "p": round(net.probability.p, 8),
        "method": str(net.method),
        "verdict": judgement.verdict.value,
        "is_worth_it": judgement.is_worth_it,
    }
