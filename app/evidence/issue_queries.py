"""Owns the questions about mined issues: one, a list, where its complaints came from, which clause they concern."""

import datetime as dt
from collections import Counter

import sqlalchemy as sa
from sqlalchemy import orm

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.evidence.models import Issue, IssueState, IssueTicket, Ticket

RECENT_DAYS = 90


def issue(number: str) -> Issue:
    """Returns the issue with this number. Raises NotFound."""
    found = db.session.scalar(sa.select(Issue).where(Issue.number == number.upper()))
    if found is None:
        raise NotFound("evidence.unknown_issue", number=number[:20])
    return found


def issues(state: IssueState | None = None) -> list[Issue]:
    """Returns the issues, of one state or all, most complaints of the last week first."""
    query = sa.select(Issue).order_by(Issue.last_count.desc(), Issue.number)
    return list(db.session.scalars(query.where(Issue.state == state) if state else query))


def issue_counts() -> dict[IssueState, int]:
    """Returns how many issues stand in each state; states without any have 0."""
    rows = db.session.execute(sa.select(Issue.state, sa.func.count(Issue.id)).group_by(Issue.state))
    return dict.fromkeys(IssueState, 0) | dict(rows.all())


def issue_places(issue: Issue) -> dict[str, list[tuple[str, int]]]:
    """Returns where the complaints of the last week came from: `{"region": [(code, count)], "channel": […], "product": […]}`."""
    rows = db.session.execute(
        sa.select(Ticket.region, Ticket.channel, Ticket.product)
        .join(IssueTicket, IssueTicket.ticket_id == Ticket.id)
        .where(IssueTicket.issue_id == issue.id, sa.not_(IssueTicket.is_out))
        .where(
            IssueTicket.at >= issue.counted_until - dt.timedelta(days=7), IssueTicket.at < issue.counted_until
        )
    ).all()
    return {
        "region": Counter(row.region for row in rows if row.region).most_common(3),
        "channel": Counter(row.channel.value for row in rows).most_common(3),
        "product": Counter(row.product for row in rows if row.product).most_common(3),
    }


def complaint_counts(standard_id: int, days: int = RECENT_DAYS) -> dict[str, tuple[int, str]]:
    """Returns `{clause id: (complaints of the last days, number of the issue with most of them this week)}`."""
    since = clock.now() - dt.timedelta(days=days)
    best, other = orm.aliased(Issue), orm.aliased(Issue)
    newer = sa.or_(
        other.last_count > best.last_count,
        sa.and_(other.last_count == best.last_count, other.id > best.id),
    )
    is_best = ~(
        sa.select(other.id)
        .where(other.standard_id == best.standard_id, other.clause_id == best.clause_id, newer)
        .exists()
    )
    rows = db.session.execute(
        sa.select(Issue.clause_id, best.number, sa.func.count(sa.distinct(IssueTicket.ticket_id)))
        .join(IssueTicket, IssueTicket.issue_id == Issue.id)
        .join(
            best, sa.and_(best.standard_id == Issue.standard_id, best.clause_id == Issue.clause_id, is_best)
        )
        .where(Issue.standard_id == standard_id, IssueTicket.at >= since, sa.not_(IssueTicket.is_out))
        .group_by(Issue.clause_id, best.number)
    )
    return {str(clause_id): (count, number) for clause_id, number, count in rows}


def issues_by_clause(standard_id: int) -> dict[str, Issue]:
    """Returns `{clause id: the issue with most complaints}` of a standard."""
    rows = db.session.scalars(
        sa.select(Issue).where(Issue.standard_id == standard_id).order_by(Issue.last_count)
    )
    return {str(row.clause_id): row for row in rows}
