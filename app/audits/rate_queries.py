"""Owns the questions about how often clauses were kept: by month, clause and team. Judges nothing (`rates.py`)."""

import sqlalchemy as sa

from app.audits.models import AuditPlan, MonthlyRate, Sample, SampleState
from app.audits.rates import Rate, rate
from app.core.db import db
from app.people.models import Team


def clause_rates_of(*months: str) -> dict[str, dict[tuple[int, str], Rate]]:
    """Returns how often each clause was kept in the checks of some months: {month: {(standard id, clause id): rate}}."""
    rows = db.session.execute(
        sa.select(
            MonthlyRate.month,
            MonthlyRate.standard_id,
            MonthlyRate.clause_id,
            sa.func.sum(MonthlyRate.kept),
            sa.func.sum(MonthlyRate.checked),
        )
        .where(MonthlyRate.month.in_(months))
        .group_by(MonthlyRate.month, MonthlyRate.standard_id, MonthlyRate.clause_id)
    )
    found: dict[str, dict[tuple[int, str], Rate]] = {month: {} for month in months}
    for month, standard_id, clause_id, kept, checked in rows:
        if checked:
            found[month][standard_id, clause_id] = rate(int(kept), int(checked))
    return found


def clause_rates(month: str) -> dict[tuple[int, str], Rate]:
    """Returns how often each clause was kept in a month's checks: {(standard id, clause id): rate}."""
    return clause_rates_of(month)[month]


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


def newest_clause_rates(standard_id: int) -> tuple[str, dict[str, Rate]] | None:
    """Returns the newest month in which a standard's clauses were checked and {clause id: rate}, None before it."""
    newest = sa.select(sa.func.max(MonthlyRate.month)).where(MonthlyRate.standard_id == standard_id)
    rows = db.session.execute(
        sa.select(
            MonthlyRate.month,
            MonthlyRate.clause_id,
            sa.func.sum(MonthlyRate.kept),
            sa.func.sum(MonthlyRate.checked),
        )
        .where(MonthlyRate.standard_id == standard_id, MonthlyRate.month == newest.scalar_subquery())
        .group_by(MonthlyRate.month, MonthlyRate.clause_id)
    ).all()
    if not rows:
        return None
    return rows[0][0], {clause: rate(int(kept), int(n)) for _month, clause, kept, n in rows if n}


def team_rates(month: str) -> list[tuple[str, Team | None, Rate]]:
    """Returns how often clauses were kept by team code, with the team if there is one; few checks show no figure."""
    kept, checked = sa.func.sum(MonthlyRate.kept), sa.func.sum(MonthlyRate.checked)
    counted = (
        sa.select(MonthlyRate.team, kept.label("kept"), checked.label("checked"))
        .where(MonthlyRate.month == month)
        .group_by(MonthlyRate.team)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(counted.c.team, Team, counted.c.kept, counted.c.checked)
        .outerjoin_from(counted, Team, Team.code == counted.c.team)
        .order_by(counted.c.team)
    )
    return [(code, team, rate(int(some), int(all_))) for code, team, some, all_ in rows]


def whole_rates(*months: str) -> dict[str, Rate]:
    """Returns how many of each month's checked contacts kept every clause they were asked about; months planned only."""
    is_whole = sa.and_(Sample.state == SampleState.SCORED, Sample.asked > 0)
    rows = db.session.execute(
        sa.select(
            AuditPlan.month,
            sa.func.sum(
                sa.case((sa.and_(Sample.met == Sample.asked, sa.not_(Sample.is_failed)), 1), else_=0)
            ),
            sa.func.count(Sample.id),
        )
        .outerjoin(Sample, sa.and_(Sample.plan_id == AuditPlan.id, is_whole))
        .where(AuditPlan.month.in_(months))
        .group_by(AuditPlan.month)
    )
    return {month: rate(int(kept or 0), int(count)) for month, kept, count in rows}
