"""Owns where complaints come from: what the shares of one issue are held against. Writes nothing."""

import datetime as dt
from collections import Counter

import sqlalchemy as sa

from app.core.db import db
from app.evidence.models import Ticket


def complaint_places(since: dt.datetime, until: dt.datetime) -> dict[str, Counter[str]]:
    """Returns where all complaints of a time came from, as `issue_places`: what an issue's shares are held against."""
    rows = db.session.execute(
        sa.select(Ticket.region, Ticket.channel, Ticket.product, sa.func.count(Ticket.id))
        .where(Ticket.is_complaint.is_(True), sa.not_(Ticket.deleted))
        .where(Ticket.created_at >= since, Ticket.created_at < until)
        .group_by(Ticket.region, Ticket.channel, Ticket.product)
    )
    made: dict[str, Counter[str]] = {"region": Counter(), "channel": Counter(), "product": Counter()}
    for region, channel, product, count in rows:
        for kind, value in (("region", region), ("channel", channel.value), ("product", product)):
            if value:
                made[kind][value] += count
    return made
