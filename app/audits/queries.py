"""Owns the questions about audits: plans, samples, findings, appeals. Rates stand in `rate_queries.py`."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from app.audits.models import (
    Appeal,
    AppealState,
    AuditPlan,
    Sample,
    SampleState,
    ScoreLine,
)
from app.audits.scoring import Answer
from app.core import once
from app.core.db import db
from app.core.errors import NotFound
from app.core.once import asked_once
from app.evidence.models import Ticket

MOST_IN_ONE_QUERY = 500


def plan(month: str) -> AuditPlan:
    """Returns the plan of a month. Raises NotFound."""
    found = db.session.scalar(sa.select(AuditPlan).where(AuditPlan.month == month))
    if found is None:
        raise NotFound("audit.no_plan", month=month[:10])
    return found


def plan_with_left(month: str) -> tuple[AuditPlan, int]:
    """Returns the plan of a month and how many drawn contacts are still to be checked. Raises NotFound."""
    waiting = (
        sa.select(sa.func.count(Sample.id))
        .where(Sample.plan_id == AuditPlan.id, Sample.state == SampleState.WAITING)
        .correlate(AuditPlan)
        .scalar_subquery()
    )
    found = db.session.execute(sa.select(AuditPlan, waiting).where(AuditPlan.month == month)).first()
    if found is None:
        raise NotFound("audit.no_plan", month=month[:10])
    return found[0], int(found[1])


def plans() -> list[AuditPlan]:
    """Returns all plans, newest month first."""
    return list(db.session.scalars(sa.select(AuditPlan).order_by(AuditPlan.month.desc())))


def samples(plan_id: int, *states: SampleState) -> list[Sample]:
    """Returns the samples of a plan in the drawn order, of these states or of all but the reserve."""
    query = sa.select(Sample).where(Sample.plan_id == plan_id).order_by(Sample.place)
    if states:
        query = query.where(Sample.state.in_(states))
    else:
        query = query.where(Sample.state != SampleState.RESERVE)
    return list(db.session.scalars(query))


def samples_with_tickets(plan_id: int) -> list[tuple[Sample, Ticket]]:
    """Returns the drawn samples of a plan with their contacts, without the contacts' texts, in the drawn order."""
    rows = db.session.execute(
        sa.select(Sample, Ticket)
        .join(Ticket, Ticket.id == Sample.ticket_id)
        .where(Sample.plan_id == plan_id, Sample.state != SampleState.RESERVE)
        .options(orm.defer(Ticket.text), orm.defer(Ticket.conversation), orm.lazyload(Sample.lines))
        .order_by(Sample.place)
    )
    return [(sample, ticket) for sample, ticket in rows]


def sample(sample_id: int) -> Sample:
    """Returns one sample; its plan and contact need not be asked for again. Raises NotFound."""
    rows = db.session.execute(
        sa.select(Sample, Ticket, AuditPlan)
        .join(Ticket, Ticket.id == Sample.ticket_id)
        .join(AuditPlan, AuditPlan.id == Sample.plan_id)
        .where(Sample.id == sample_id, Sample.state != SampleState.RESERVE)
        .options(orm.joinedload(Sample.lines))
    ).unique()
    found = rows.first()
    if found is None:
        raise NotFound("audit.unknown_sample")
    once.remember(_ticket, found[1], found[1].id)
    once.remember(plan_by_id, found[2], found[2].id)
    return found[0]


def teams_of(ticket_ids: list[int]) -> dict[int, str | None]:
    """Returns which team handled each contact."""
    found: dict[int, str | None] = {}
    for start in range(0, len(ticket_ids), MOST_IN_ONE_QUERY):
        some = ticket_ids[start : start + MOST_IN_ONE_QUERY]
        rows = db.session.execute(sa.select(Ticket.id, Ticket.team).where(Ticket.id.in_(some)))
        found.update({row.id: row.team for row in rows})
    return found


def ticket_of(sample: Sample) -> Ticket:
    """Returns the contact of a sample."""
    return _ticket(sample.ticket_id)


@asked_once
def _ticket(ticket_id: int) -> Ticket:
    return db.session.get_one(Ticket, ticket_id)


@asked_once
def plan_by_id(plan_id: int) -> AuditPlan:
    """Returns the plan with this id."""
    return db.session.get_one(AuditPlan, plan_id)


def next_for(plan_id: int, auditor_id: int) -> Sample | None:
    """Returns the next waiting sample of an auditor in the drawn order, None when the month is finished."""
    return db.session.scalar(
        sa.select(Sample)
        .options(orm.lazyload(Sample.lines))
        .where(
            Sample.plan_id == plan_id, Sample.state == SampleState.WAITING, Sample.auditor_id == auditor_id
        )
        .order_by(Sample.place)
        .limit(1)
    )


def counts(plan_id: int) -> dict[SampleState, int]:
    """Returns how many samples stand in which state."""
    rows = db.session.execute(
        sa.select(Sample.state, sa.func.count()).where(Sample.plan_id == plan_id).group_by(Sample.state)
    )
    return {state: int(count) for state, count in rows}


def counts_by_plan() -> dict[int, dict[SampleState, int]]:
    """Returns how many samples of each plan stand in which state."""
    rows = db.session.execute(
        sa.select(Sample.plan_id, Sample.state, sa.func.count()).group_by(Sample.plan_id, Sample.state)
    )
    found: dict[int, dict[SampleState, int]] = {}
    for plan_id, state, count in rows:
        found.setdefault(plan_id, {})[state] = int(count)
    return found


def left(plan_id: int) -> int:
    """Returns how many drawn contacts are still to be checked."""
    return counts(plan_id).get(SampleState.WAITING, 0)


def appeal_counts(month: str) -> dict[str, int]:
    """Returns how many appeals of a month's checks stand in which state."""
    rows = db.session.execute(
        sa.select(Appeal.state, sa.func.count())
        .join(ScoreLine, ScoreLine.id == Appeal.line_id)
        .join(Sample, Sample.id == ScoreLine.sample_id)
        .join(AuditPlan, AuditPlan.id == Sample.plan_id)
        .where(AuditPlan.month == month)
        .group_by(Appeal.state)
    )
    return {state.value: int(count) for state, count in rows}


def findings(month: str) -> list[tuple[ScoreLine, Sample]]:
    """Returns the lines of a month that were not met, newest first."""
    return list(
        db.session.execute(
            sa.select(ScoreLine, Sample)
            .join(Sample, Sample.id == ScoreLine.sample_id)
            .join(AuditPlan, AuditPlan.id == Sample.plan_id)
            .where(AuditPlan.month == month, ScoreLine.answer == Answer.NOT_MET)
            .options(orm.lazyload(Sample.lines))
            .order_by(ScoreLine.id.desc())
        )
    )


def results_of(agent_code: str, limit: int = 50) -> list[tuple[Sample, Ticket]]:
    """Returns the scored contacts of an agent, newest first."""
    return list(
        db.session.execute(
            sa.select(Sample, Ticket)
            .join(Ticket, Ticket.id == Sample.ticket_id)
            .where(Ticket.agent == agent_code, Sample.state == SampleState.SCORED)
            .order_by(Sample.scored_at.desc())
            .limit(limit)
        )
    )


def appeals(open_only: bool = True) -> list[Appeal]:
    """Returns appeals, the ones due soonest first."""
    query = sa.select(Appeal).order_by(Appeal.due_on, Appeal.id)
    return list(db.session.scalars(query.where(Appeal.state == AppealState.OPEN) if open_only else query))


def appeal_of(line_id: int) -> Appeal | None:
    """Returns the appeal against a line, None when there is none."""
    return db.session.scalar(sa.select(Appeal).where(Appeal.line_id == line_id))


def appeals_of(line_ids: list[int]) -> dict[int, Appeal]:
    """Returns the appeals against some lines, by line."""
    query = sa.select(Appeal).where(Appeal.line_id.in_(line_ids)).options(orm.joinedload(Appeal.line))
    rows = db.session.scalars(query)
    return {row.line_id: row for row in rows}


def appeal(appeal_id: int) -> Appeal:
    """Returns an appeal. Raises NotFound."""
    found = db.session.get(Appeal, appeal_id, options=[orm.joinedload(Appeal.line)])
    if found is None:
        raise NotFound("audit.unknown_line")
    return found


def scorers(sample_ids: list[int]) -> dict[int, int | None]:
    """Returns who scored each sample."""
    rows = db.session.execute(sa.select(Sample.id, Sample.scored_by_id).where(Sample.id.in_(sample_ids)))
    return {row.id: row.scored_by_id for row in rows}


def line(line_id: int) -> ScoreLine:
    """Returns one line of a scorecard. Raises NotFound."""
    found = db.session.get(ScoreLine, line_id)
    if found is None:
        raise NotFound("audit.unknown_line")
    return found


def contacts(
    starts: dt.date, ends: dt.date, channels: list[str], regions: list[str]
) -> list[tuple[int, str | None]]:
    """Returns the contacts of a period that may be drawn, with their region, by id; deleted ones are left out."""
    query = sa.select(Ticket.id, Ticket.region).where(
        Ticket.created_on >= starts, Ticket.created_on <= ends, sa.not_(Ticket.deleted)
    )
    if channels:
        query = query.where(Ticket.channel.in_(channels))
    if regions:
        query = query.where(Ticket.region.in_(regions))
    return [(ticket_id, region) for ticket_id, region in db.session.execute(query.order_by(Ticket.id))]
