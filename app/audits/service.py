"""Owns the verbs of a month's checks: plan it, draw once, swap a contact. Scorecards and appeals stand beside it."""

import datetime as dt
import re
from collections.abc import Sequence

import sqlalchemy as sa

from app.audits import marks, queries, sampling
from app.audits.criteria import month_bounds
from app.audits.marks import NO_PLACE
from app.audits.models import AuditPlan, Sample, SampleState
from app.core import activity, clock, jobs
from app.core.access import Actor, Role
from app.core.db import db
from app.core.errors import FieldError, Invalid, Reason, Refused
from app.people import queries as people
from app.people.models import Person

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
LARGEST_SAMPLE = 2000
RESERVE_SHARE = 4  # one reserve contact for each four drawn, at least ten
LEAST_RESERVE = 10


def make_plan(
    actor: Actor,
    *,
    month: str,
    standard_ids: Sequence[int],
    sample_size: int,
    seed: str,
    channels: Sequence[str] = (),
    regions: Sequence[str] = (),
) -> AuditPlan:
    """Plans a month's checks and returns the plan; the seed is fixed here, before anybody sees who is drawn."""
    marks.must_audit(actor)
    errors = []
    if not MONTH.fullmatch(month):
        errors.append(FieldError("month", Reason("audit.month_unreadable")))
    if not standard_ids:
        errors.append(FieldError("standards", Reason("audit.standards_missing")))
    if not 1 <= sample_size <= LARGEST_SAMPLE:
        errors.append(FieldError("sample_size", Reason("audit.size_range", {"most": LARGEST_SAMPLE})))
    if not seed.strip():
        errors.append(FieldError("seed", Reason("audit.seed_missing")))
    if errors:
        raise Invalid(errors)
    if db.session.scalar(sa.select(AuditPlan.id).where(AuditPlan.month == month)) is not None:
        raise Refused("audit.month_planned", month=month)
    row = AuditPlan(
        month=month,
        standard_ids=list(standard_ids),
        channels=sorted(channels),
        regions=sorted(regions),
        sample_size=sample_size,
        seed=seed.strip()[:100],
        strata=[],
        made_by_id=actor.person_id,
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "audit.planned", "audit", month, size=sample_size, seed=row.seed)
    return row


def draw(actor: Actor, plan: AuditPlan) -> list[Sample]:
    """Draws the samples, once, in proportion to the regions, and returns them; again it returns the same ones.

    A population smaller than the sample is taken whole. The order of every stratum is fixed by seed and id, so
    anybody can draw it again; its digest goes to the records. Raises Refused for a month without contacts.
    """
    marks.must_audit(actor)
    db.session.refresh(plan, with_for_update=True)
    if plan.drawn_at is not None:
        return queries.samples(plan.id)
    starts, ends = month_bounds(plan.month)
    population: dict[str, list[str]] = {}
    for ticket_id, region in queries.contacts(starts, ends, plan.channels, plan.regions):
        population.setdefault(region or NO_PLACE, []).append(str(ticket_id))
    if not population:
        raise Refused("audit.no_contacts", month=plan.month)
    drawn = sampling.draw(plan.seed, population, plan.sample_size)
    _keep_samples(plan, drawn)
    plan.population = sum(len(ids) for ids in population.values())
    plan.strata = [[s.name, len(s.order), s.size] for s in drawn.strata]
    plan.order_sha256, plan.drawn_at = drawn.digest, clock.now()
    db.session.flush()
    activity.record(
        actor, "audit.drawn", "audit", plan.month, order_sha256=drawn.digest, population=plan.population
    )
    jobs.enqueue("record_draw", key=f"draw:{plan.id}", plan_id=plan.id)
    return queries.samples(plan.id)


def _keep_samples(plan: AuditPlan, drawn: sampling.Draw) -> None:
    """Keeps the drawn contacts and their reserve; who checks goes round, past everybody's own team."""
    kept = [(s, one, i) for s in drawn.strata for i, one in enumerate(s.order[: s.size + _reserve(s)])]
    teams = queries.teams_of([int(one) for _stratum, one, _index in kept])
    turn = _Turn(people.holders(Role.QA_AUDITOR))
    for place, (stratum, one, index) in enumerate(kept):
        is_drawn = index < stratum.size
        db.session.add(
            Sample(
                plan_id=plan.id,
                ticket_id=int(one),
                place=place,
                stratum=stratum.name,
                state=SampleState.WAITING if is_drawn else SampleState.RESERVE,
                auditor_id=turn.next_for(teams.get(int(one))) if is_drawn else None,
            )
        )


def _reserve(stratum: sampling.Stratum) -> int:
    return max(LEAST_RESERVE, stratum.size // RESERVE_SHARE)


class _Turn:
    """Goes round the auditors; a contact of a team goes to somebody who does not belong to it."""

    def __init__(self, auditors: list[Person]) -> None:
        codes = marks.team_codes()
        self._queue = [(p.id, codes.get(p.team_id or 0)) for p in auditors]

    def next_for(self, team: str | None) -> int | None:
        """Returns whose turn it is for a contact of the team, None when all auditors belong to it."""
        for index, (person_id, own) in enumerate(self._queue):
            if own is None or own != team:
                self._queue.append(self._queue.pop(index))
                return person_id
        return None


def swap(actor: Actor, sample: Sample, *, reason: str) -> Sample:
    """Leaves a contact out with a reason and returns the next of the drawn order, which takes its place."""
    marks.must_audit(actor)
    words = marks.words(reason, "reason")
    if not words:
        raise Invalid.of("reason", "audit.swap_reason")
    db.session.refresh(sample, with_for_update=True)
    if sample.state is not SampleState.WAITING:
        raise Refused("audit.not_waiting")
    fresh = db.session.scalar(
        sa.select(Sample)
        .where(
            Sample.plan_id == sample.plan_id,
            Sample.stratum == sample.stratum,
            Sample.state == SampleState.RESERVE,
        )
        .order_by(Sample.place)
        .limit(1)
    )
    if fresh is None:
        raise Refused("audit.reserve_empty")
    team = queries.ticket_of(fresh).team
    is_free = sample.auditor_id is not None and _team_of(sample.auditor_id) != team
    auditors = [] if is_free else people.holders(Role.QA_AUDITOR)
    sample.state, sample.reason = SampleState.SWAPPED, words
    fresh.state = SampleState.WAITING
    fresh.auditor_id = sample.auditor_id if is_free else _Turn(auditors).next_for(team)
    db.session.flush()
    activity.record(actor, "audit.swapped", "sample", sample.id, by=fresh.id)
    return fresh


def _team_of(person_id: int) -> str | None:
    team_id = people.person(person_id).team_id
    return marks.team_codes()[team_id] if team_id is not None else None


def report_month(today: dt.date) -> str:
    """Returns the month before the one of the day, as `2026-10`: the one a report is about."""
    return f"{today.replace(day=1) - dt.timedelta(days=1):%Y-%m}"
