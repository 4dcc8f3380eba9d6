"""Owns the questions about audits: plans, samples, rates, appeals."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from app.audits.models import (
    Appeal,
    AppealState,
    AuditPlan,
    MonthlyRate,
    Sample,
    SampleState,
    ScoreLine,
)
from app.audits.rates import Rate, rate
from app.audits.scoring import Answer
from app.core.db import db
from app.core.errors import NotFound
from app.evidence.models import Ticket

MOST_IN_ONE_QUERY = 500


def plan(month: str) -> AuditPlan:
    """Returns the plan of a month. Raises NotFound."""
    found = db.session.scalar(sa.select(AuditPlan).where(AuditPlan.month == month))
    if found is None:
        raise NotFound("audit.no_plan", month=month[:10])
    return found


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
    """Returns one sample. Raises NotFound."""
    found = db.session.get(Sample, sample_id)
    if found is None or found.state is SampleState.RESERVE:
        raise NotFound("audit.unknown_sample")
    return found


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
    return db.session.get_one(Ticket, sample.ticket_id)


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


def clause_rates(month: str) -> dict[tuple[int, str], Rate]:
    """Returns how often each clause was kept in a month's checks: {(standard id, clause id): rate}."""
    rows = db.session.execute(
        sa.select(
            MonthlyRate.standard_id,
            MonthlyRate.clause_id,
            sa.func.sum(MonthlyRate.kept),
            sa.func.sum(MonthlyRate.checked),
        )
        .where(MonthlyRate.month == month)
        .group_by(MonthlyRate.standard_id, MonthlyRate.clause_id)
    )
    return {(s, c): rate(int(kept), int(checked)) for s, c, kept, checked in rows if checked}


def rates_since(first_month: str, standard_id: int, clause_ids: set[str]) -> list[tuple[str, str, Rate]]:
    """Returns how often some clauses were kept from a month on: (month, clause id, rate), newest month first."""
    rows = db.session.execute(
        sa.select(
            MonthlyRate.month,
            MonthlyRate.clause_id,
            sa.func.sum(MonthlyRate.kept).label("kept"),
            sa.func.sum(MonthlyRate.checked).label("checked"),
        )
        .where(
            MonthlyRate.month >= first_month,
            MonthlyRate.standard_id == standard_id,
            MonthlyRate.clause_id.in_(clause_ids),
        )
        .group_by(MonthlyRate.month, MonthlyRate.clause_id)
        .order_by(MonthlyRate.month.desc(), MonthlyRate.clause_id)
    )
    return [(r.month, r.clause_id, rate(int(r.kept), int(r.checked))) for r in rows if r.checked]


def newest_checked_month(standard_id: int) -> str | None:
    """Returns the newest month in which a standard's clauses were checked, None before the first."""
    return db.session.scalar(
        sa.select(sa.func.max(MonthlyRate.month)).where(MonthlyRate.standard_id == standard_id)
    )


def team_rates(month: str) -> dict[str, Rate]:
    """Returns how often clauses were kept by team; a team with fewer than ten checks shows no figure."""
    rows = db.session.execute(
        sa.select(MonthlyRate.team, sa.func.sum(MonthlyRate.kept), sa.func.sum(MonthlyRate.checked))
        .where(MonthlyRate.month == month)
        .group_by(MonthlyRate.team)
    )
    return {team: rate(int(kept), int(checked)) for team, kept, checked in rows}


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


def whole_rate(month: str) -> Rate:
    """Returns how many of the month's checked contacts kept every clause they were asked about."""
    row = db.session.execute(
        sa.select(
            sa.func.sum(
                sa.case((sa.and_(Sample.met == Sample.asked, sa.not_(Sample.is_failed)), 1), else_=0)
            ),
            sa.func.count(),
        )
        .join(AuditPlan, AuditPlan.id == Sample.plan_id)
        .where(AuditPlan.month == month, Sample.state == SampleState.SCORED, Sample.asked > 0)
    ).one()
    return rate(int(row[0] or 0), int(row[1] or 0))


def recount(month: str) -> dict[tuple[int, str], tuple[int, int]]:
    """Counts a month's clauses from the lines themselves, for comparing with the roll-up: {clause: (kept, checked)}."""
    rows = db.session.execute(
        sa.select(
            ScoreLine.standard_id,
            ScoreLine.clause_id,
            sa.func.sum(sa.case((ScoreLine.answer == Answer.MET, 1), else_=0)),
            sa.func.count(),
        )
        .join(Sample, Sample.id == ScoreLine.sample_id)
        .join(AuditPlan, AuditPlan.id == Sample.plan_id)
        .where(AuditPlan.month == month, ScoreLine.answer != Answer.NOT_APPLICABLE)
        .group_by(ScoreLine.standard_id, ScoreLine.clause_id)
    )
    return {(s, c): (int(kept), int(checked)) for s, c, kept, checked in rows}


def findings(month: str) -> list[tuple[ScoreLine, Sample]]:
    """Returns the lines of a month that were not met, newest first."""
    return list(
        db.session.execute(
            sa.select(ScoreLine, Sample)
            .join(Sample, Sample.id == ScoreLine.sample_id)
            .join(AuditPlan, AuditPlan.id == Sample.plan_id)
            .where(AuditPlan.month == month, ScoreLine.answer == Answer.NOT_MET)
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
    rows = db.session.scalars(sa.select(Appeal).where(Appeal.line_id.in_(line_ids)))
    return {row.line_id: row for row in rows}


def appeal(appeal_id: int) -> Appeal:
    """Returns an appeal. Raises NotFound."""
    found = db.session.get(Appeal, appeal_id)
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
