"""Owns the director's three numbers on the desk: complaints, promises kept, revisions that wait. Reads only."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.audits import rate_queries
from app.core import clock
from app.core.access import Actor, Permission, Role
from app.evidence import queries as evidence
from app.evidence.queries import TicketFilter
from app.insights.figures import Figure
from app.standards import queries as standards
from app.standards.workflow import State
from app.web.filters import interval, month
from app.web.formats import number
from app.web.navigation import exists

WAITING_DAYS = 5


def for_director(actor: Actor) -> Iterable[Figure]:
    """Yields the three numbers to a service director, each leading to its rows; nothing to others."""
    if not actor.has(Role.SERVICE_DIRECTOR):
        return
    if actor.may(Permission.READ_EVIDENCE):
        yield _complaints()
    if actor.may(Permission.READ_REPORTS) and exists("audits.report"):
        yield from _kept()
    yield _waiting()


def _complaints() -> Figure:
    """Complaints of the seven days up to today beside the seven days before."""
    today = clock.today()
    starts = today - dt.timedelta(days=6)
    week_before = starts - dt.timedelta(days=7)
    now, before = evidence.count_tickets_of(
        TicketFilter(starts=starts, ends=today, complaints_only=True),
        TicketFilter(starts=week_before, ends=starts - dt.timedelta(days=1), complaints_only=True),
    )
    rows: dict[str, Any] = {"complaints": 1, "from": starts.isoformat(), "to": today.isoformat()}
    return Figure(
        _("Complaints in seven days"),
        number(now),
        url_for("evidence.tickets", **rows),
        _("%(count)s in the seven days before", count=number(before)),
    )


def _kept() -> Iterable[Figure]:
    """Yields how last month's checks went; nothing where the month was never planned, so that no link leads nowhere."""
    last = clock.today().replace(day=1) - dt.timedelta(days=1)
    key = f"{last:%Y-%m}"
    rate = rate_queries.whole_rates(key).get(key)
    if rate is None:
        return
    url = url_for("audits.report", month=key)
    words = _("Contacts that kept every promise, %(month)s", month=month(last))
    if rate.share is None or rate.interval is None:
        yield Figure(words, "–", url, _("%(count)s checked: too few to say", count=rate.checked))
        return
    value = interval(rate.share, rate.interval.low, rate.interval.high, rate.checked)
    yield Figure(
        words, value, url, _("%(kept)s of %(checked)s checked contacts", kept=rate.kept, checked=rate.checked)
    )


def _waiting() -> Figure:
    limit = clock.now() - dt.timedelta(days=WAITING_DAYS)
    rows = [r for r in standards.unsettled() if r.state_since < limit and r.state is not State.DRAFT]
    longest = min((r.state_since for r in rows), default=None)
    days = (clock.now() - longest).days if longest else 0
    note = _("the longest for %(days)s days", days=days) if rows else _("nothing is stuck")
    words = _("Revisions in one step for more than %(days)s days", days=WAITING_DAYS)
    return Figure(words, number(len(rows)), url_for("standards.revisions"), note)
