"""Owns where complaints come from: those of an issue beside all others of the time. Writes nothing."""

import datetime as dt
from collections import Counter

import sqlalchemy as sa

from app.core.db import db
from app.evidence.models import IssueTicket, Ticket

Places = dict[str, Counter[str]]


def complaint_places(issue_id: int, since: dt.datetime, until: dt.datetime) -> tuple[Places, Places]:
    """Returns where complaints of a time came from, of an issue and of all: `{"region": {code: count}, "channel": …}`."""
    mine = sa.and_(
        IssueTicket.ticket_id == Ticket.id, IssueTicket.issue_id == issue_id, sa.not_(IssueTicket.is_out)
    )
    rows = db.session.execute(
        sa.select(
            Ticket.region,
            Ticket.channel,
            Ticket.product,
            sa.func.count(Ticket.id),
            sa.func.count(IssueTicket.ticket_id),
        )
        .outerjoin(IssueTicket, mine)
        .where(Ticket.is_complaint.is_(True), sa.not_(Ticket.deleted))
        .where(Ticket.created_at >= since, Ticket.created_at < until)
        .group_by(Ticket.region, Ticket.channel, Ticket.product)
    )
    own: Places = {"region": Counter(), "channel": Counter(), "product": Counter()}
    base: Places = {"region": Counter(), "channel": Counter(), "product": Counter()}
    for region, channel, product, every, inside in rows:
        for kind, value in (("region", region), ("channel", channel.value), ("product", product)):
            if value and every:
                base[kind][value] += every
            if value and inside:
                own[kind][value] += inside
    return own, base
