"""Owns what the times and shares of contacts mean, counted as defined: the figures behind the page of definitions."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.evidence.counting import Kept
from app.evidence.models import Ticket
from app.evidence.tickets import Author, TicketKind

NEWEST = 500
"""Of so many solved contacts the conversations are read for first-contact resolution."""

_TIMES = (
    "first_reply_minutes",
    "first_reply_working_minutes",
    "resolution_minutes",
    "resolution_working_minutes",
)


@dataclass(frozen=True)
class Figures:
    """The contacts of a period, counted by the definitions.

    `medians` are `{column of a ticket: minutes}` of those that have the time, absent where none has. `answered` is of
    all contacts, `reopened` of the solved ones, `solved_at_first` of the newest solved ones whose
    conversation is known.
    """

    contacts: int
    medians: dict[str, float]
    answered: Kept
    reopened: Kept
    solved_at_first: Kept


def figures(starts: dt.date, ends: dt.date) -> Figures:
    """Counts the contacts that came in from the first to the last local day, both included; three queries."""
    inside = (
        Ticket.created_on >= starts,
        Ticket.created_on <= ends,
        sa.not_(Ticket.deleted),
        Ticket.kind == TicketKind.CONTACT,
    )
    solved = Ticket.resolved_at.is_not(None)
    row = db.session.execute(
        sa.select(
            sa.func.count(Ticket.id),
            _count(Ticket.first_reply_at.is_not(None)),
            _count(solved),
            _count(sa.and_(solved, Ticket.reopened > 0)),
            *(sa.func.count(getattr(Ticket, column)) for column in _TIMES),
        ).where(*inside)
    ).one()
    contacts, answered, solved_count, reopened = (int(value or 0) for value in row[:4])
    newest = db.session.execute(
        sa.select(Ticket.conversation, Ticket.reopened)
        .where(*inside, solved)
        .order_by(Ticket.created_at.desc())
        .limit(NEWEST)
    )
    return Figures(
        contacts,
        _medians(inside, {column: int(count) for column, count in zip(_TIMES, row[4:], strict=True)}),
        Kept(answered, contacts),
        Kept(reopened, solved_count),
        _solved_at_first(newest),
    )


def is_solved_at_first(conversation: list[list[Any]], reopened: int) -> bool | None:
    """States whether the first answer was enough: the customer did not write after it, and it was never opened again.

    None when the conversation holds no public message of a person of ours: its source does not say.
    """
    said = [author for _at, author, _text, public in conversation if public]
    if Author.AGENT.value not in said:
        return None
    return not reopened and Author.CUSTOMER.value not in said[said.index(Author.AGENT.value) :]


def _solved_at_first(rows: Iterable[Any]) -> Kept:
    told = [
        one for one in (is_solved_at_first(row.conversation, row.reopened) for row in rows) if one is not None
    ]
    return Kept(sum(told), len(told))


def _medians(inside: tuple[Any, ...], counts: dict[str, int]) -> dict[str, float]:
    """The lower middle of each time, all in one query."""
    wanted = {column: (count - 1) // 2 for column, count in counts.items() if count}
    if not wanted:
        return {}
    parts = []
    for column, place in wanted.items():
        value = getattr(Ticket, column)
        query = sa.select(value).where(*inside, value.is_not(None)).order_by(value).offset(place).limit(1)
        parts.append(query.scalar_subquery())
    found = db.session.execute(sa.select(*parts)).one()
    return {column: float(value) for column, value in zip(wanted, found, strict=True)}


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))
