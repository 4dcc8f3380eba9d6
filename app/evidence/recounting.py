"""Owns counting the working time of stored contacts anew after shifts or own days changed, and what that would change.

Minutes that a source brought itself are its own and stay; ours are those that one of the house's calendars
gives (ADR 24).
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import sqlalchemy as sa

from app.core import calendar, clock, working_time
from app.core.calendar import Dated, Overrides
from app.core.db import commit, db
from app.evidence.models import Ticket

BATCH = 1_000
SAMPLE = 400
_SAME_MINUTES = 0.01
_TIMES = (("first_reply", "first_reply_at"), ("resolution", "resolved_at"))

Calendar = tuple[Dated, Overrides]


@dataclass(frozen=True)
class Effect:
    """What a change would do to stored contacts. `contacts` have a time that ends on its first day or later.

    `sample` of the newest of them were counted both ways: `before` and `after` are their mean working minutes,
    `{"first_reply": minutes, "resolution": minutes}`, None where none of them has that time; `moved` of them
    would change.
    """

    contacts: int
    sample: int
    moved: int
    before: dict[str, float | None]
    after: dict[str, float | None]


def recount(since: dt.date, progress: Callable[[int, int], None] | None = None) -> int:
    """Counts the contacts anew whose reply or solution came on a local day or later; returns how many changed.

    Commits batch by batch; a second run after a crash changes what the first one did not reach.
    """
    known = working_time.calendars()
    total = db.session.scalar(sa.select(sa.func.count(Ticket.id)).where(*_concerned(since))) or 0
    done = changed = last_id = 0
    while True:
        rows = _rows(since, sa.and_(Ticket.id > last_id), Ticket.id, BATCH)
        if not rows:
            return changed
        values = [made for row in rows if (made := _changes(row, known))]
        if values:
            db.session.execute(sa.update(Ticket), values)
        commit()
        last_id, done, changed = rows[-1].id, done + len(rows), changed + len(values)
        if progress is not None:
            progress(done, total)


def effect(since: dt.date, becomes: Calendar) -> Effect:
    """Returns what a calendar would change from a local day on; two queries, nothing is written."""
    known = working_time.calendars()
    contacts = db.session.scalar(sa.select(sa.func.count(Ticket.id)).where(*_concerned(since))) or 0
    rows = _rows(since, sa.true(), Ticket.id.desc(), SAMPLE) if contacts else []
    made = [_changes(row, [becomes, *known]) for row in rows]
    before: dict[str, list[float]] = {name: [] for name, _moment in _TIMES}
    after: dict[str, list[float]] = {name: [] for name, _moment in _TIMES}
    for row, values in zip(rows, made, strict=True):
        for name, _moment in _TIMES:
            column = f"{name}_working_minutes"
            if (was := getattr(row, column)) is not None:
                before[name].append(was)
                after[name].append((values or {}).get(column, was))
    mean = {name: fmean(found) if found else None for name, found in before.items()}
    then = {name: fmean(found) if found else None for name, found in after.items()}
    return Effect(contacts, len(rows), sum(values is not None for values in made), mean, then)


def _concerned(since: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    begins = clock.start_of(since)
    return (sa.or_(Ticket.first_reply_at >= begins, Ticket.resolved_at >= begins),)


def _rows(since: dt.date, more: sa.ColumnElement[bool], order: Any, most: int) -> Sequence[Any]:
    columns = (
        Ticket.id, Ticket.created_at, Ticket.created_on, Ticket.first_reply_at, Ticket.resolved_at,
        Ticket.first_reply_working_minutes, Ticket.resolution_working_minutes,
        Ticket.first_reply_working_days, Ticket.resolution_working_days,
    )  # fmt: skip
    query = sa.select(*columns).where(*_concerned(since), more).order_by(order).limit(most)
    return db.session.execute(query).all()


def _changes(row: Any, known: Sequence[Calendar]) -> dict[str, Any] | None:
    """Returns what differs under the first of the calendars, with the row's id; None when nothing does."""
    made: dict[str, Any] = {}
    overrides = known[0][1]
    for name, moment in _TIMES:
        end = getattr(row, moment)
        if end is None:
            continue
        stored = getattr(row, f"{name}_working_minutes")
        minutes = _minutes(row.created_at, end, known[0])
        if _differs(stored, minutes) and any(
            not _differs(stored, _minutes(row.created_at, end, one)) for one in known[1:]
        ):
            made[f"{name}_working_minutes"] = minutes
        days = calendar.working_days_between(row.created_on, clock.local(end).date(), overrides)
        if days != getattr(row, f"{name}_working_days"):
            made[f"{name}_working_days"] = days
    return {"id": row.id, **made} if made else None


def _minutes(start: dt.datetime, end: dt.datetime, by: Calendar) -> float:
    return calendar.working_minutes_between(start, end, by[0], clock.zone().key, by[1])


def _differs(stored: float | None, minutes: float) -> bool:
    return stored is None or abs(stored - minutes) > _SAME_MINUTES
