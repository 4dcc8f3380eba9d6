"""Owns the questions about tickets and their imports: one, a filtered list, how many. Counts of measures stand in `counting.py`."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from app.core import jobs
from app.core.db import db
from app.core.errors import NotFound
from app.evidence import counting
from app.evidence.local_hours import local_hour
from app.evidence.models import Issue, IssueTicket, Ticket, TicketImport
from app.standards.measures import Measure


class Outcome(StrEnum):
    """What else than kept or missed a ticket table can be asked for."""

    TOLD = "told"  # kept or missed: whoever a share is counted of
    WAITING = "waiting"  # neither so far: too young to have missed


@dataclass(frozen=True)
class TicketFilter:
    """Which tickets a list shows; None is no condition. Days are local and both included; `since` and `until` are
    instants, the second one not included. `kept` or `outcome` of a `measure` opens the contacts behind a
    rate. `hour` is
    an hour of the day (0 to 23) in the organisation's zone."""

    starts: dt.date | None = None
    ends: dt.date | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    category: str | None = None
    region: str | None = None
    channel: str | None = None
    priority: str | None = None
    complexity: str | None = None
    complaints_only: bool = False
    issue_number: str | None = None
    measure: Measure | None = None
    kept: bool | None = None
    outcome: Outcome | None = None
    hour: int | None = None
    product: str | None = None
    customer_group: str | None = None


def ticket(ticket_id: int) -> Ticket:
    """Returns one ticket. Raises NotFound."""
    found = db.session.get(Ticket, ticket_id)
    if found is None:
        raise NotFound("evidence.unknown_ticket")
    return found


def count_tickets(wanted: TicketFilter) -> int:
    """Returns how many tickets the filter lets through."""
    return count_tickets_of(wanted)[0]


def count_tickets_of(*wanted: TicketFilter) -> list[int]:
    """Returns how many tickets each of the filters lets through, in their order; one query."""
    counts = [
        sa.select(sa.func.count(Ticket.id)).where(*_conditions(one)).scalar_subquery() for one in wanted
    ]
    return [int(count) for count in db.session.execute(sa.select(*counts)).one()]


def tickets(wanted: TicketFilter, offset: int = 0, limit: int = 50) -> list[Ticket]:
    """Returns the tickets of the filter, newest first, without their conversations."""
    query = (
        sa.select(Ticket)
        .where(*_conditions(wanted))
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
        .offset(offset)
        .limit(limit)
        .options(sa.orm.defer(Ticket.conversation))
    )
    return list(db.session.scalars(query))


def tickets_by_ids(ids: Sequence[int]) -> list[Ticket]:
    """Returns the tickets with these ids in the order given; unknown ids are left out."""
    found = {t.id: t for t in db.session.scalars(sa.select(Ticket).where(Ticket.id.in_(ids)))} if ids else {}
    return [found[i] for i in ids if i in found]


def categories() -> list[str]:
    """Returns the categories that tickets have, sorted."""
    rows = db.session.scalars(sa.select(Ticket.category).where(Ticket.category.is_not(None)).distinct())
    return sorted(str(row) for row in rows)


def ticket_span() -> tuple[dt.date, dt.date] | None:
    """Returns the first and the last local day of all tickets, None when there are none."""
    first, last = db.session.execute(
        sa.select(sa.func.min(Ticket.created_on), sa.func.max(Ticket.created_on))
    ).one()
    return None if first is None else (first, last)


def ticket_import(import_id: int) -> TicketImport:
    """Returns one import. Raises NotFound."""
    found = db.session.get(TicketImport, import_id)
    if found is None:
        raise NotFound("evidence.unknown_import")
    return found


def imports(limit: int = 10) -> list[TicketImport]:
    """Returns the newest imports, newest first."""
    return list(
        db.session.scalars(
            sa.select(TicketImport)
            .order_by(TicketImport.id.desc())
            .limit(limit)
            .options(sa.orm.defer(TicketImport.refused))
        )
    )


def import_failed(import_id: int) -> bool:
    """Tells whether the work of an announced import was given up."""
    state = db.session.scalar(sa.select(jobs.Job.state).where(jobs.Job.key == f"import:{import_id}"))
    return state is jobs.JobState.FAILED


def _conditions(wanted: TicketFilter) -> list[sa.ColumnElement[bool]]:
    made: list[sa.ColumnElement[bool]] = [sa.not_(Ticket.deleted)]
    if wanted.starts:
        made.append(Ticket.created_on >= wanted.starts)
    if wanted.ends:
        made.append(Ticket.created_on <= wanted.ends)
    if wanted.since:
        made.append(Ticket.created_at >= wanted.since)
    if wanted.until:
        made.append(Ticket.created_at < wanted.until)
    for name in ("category", "region", "channel", "priority", "complexity", "product", "customer_group"):
        value = getattr(wanted, name)
        if value:
            made.append(getattr(Ticket, name) == value)
    if wanted.complaints_only:
        made.append(Ticket.is_complaint.is_(True))
    if wanted.issue_number:
        made.append(
            Ticket.id.in_(
                sa.select(IssueTicket.ticket_id)
                .join(Issue, Issue.id == IssueTicket.issue_id)
                .where(Issue.number == wanted.issue_number, sa.not_(IssueTicket.is_out))
            )
        )
    if wanted.measure is not None:
        made += counting.population_conditions(wanted.measure)
        outcome = (
            None if wanted.kept is None else counting.outcome_condition(wanted.measure, kept=wanted.kept)
        )
        if outcome is not None:
            made.append(outcome)
        made += _told(wanted)
    if wanted.hour is not None:
        made.append(local_hour(Ticket.created_at) == wanted.hour)
    return made


def _told(wanted: TicketFilter) -> list[sa.ColumnElement[bool]]:
    """Returns the condition of a wanted outcome; none for a measure that is counted as an average."""
    outcomes = counting.outcomes_of(wanted.measure) if wanted.outcome and wanted.measure else None
    if outcomes is None:
        return []
    kept, missed, waiting = outcomes
    return [waiting if wanted.outcome is Outcome.WAITING else sa.or_(kept, missed)]
