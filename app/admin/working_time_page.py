"""Owns what the page of working time shows: the days of a month, the changes so far, what a change would do. Writes nothing."""

import calendar as months
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.admin.working_time_form import Proposed
from app.core import calendar, clock, seasons, working_time
from app.core.db import db
from app.core.working_time import Kind, WorkingTimeChange, Written
from app.evidence import recounting, replay
from app.evidence.calendar_words import change_lines, hour_of
from app.people.models import Person

MOST_SHOWN = 50


@dataclass(frozen=True)
class Day:
    """One day of a month: its hours, and why it is not like any other day of its weekday (`mark`, empty if it is).

    `mark` is `holiday`, `make_up`, `own_worked` or `own_off`.
    """

    day: dt.date
    spans: tuple[str, ...]
    mark: str
    is_peak: bool
    is_today: bool


@dataclass(frozen=True)
class Told:
    """One change of the history: who made it (None: the account is unknown), and its lines in words."""

    change: WorkingTimeChange
    person: Person | None
    lines: list[str]


@dataclass(frozen=True)
class Consequence:
    """What a proposed change would do. `hours` are the working hours of a week before and after, for shifts alone.

    `effect` counts stored contacts, None where none is concerned: peak seasons, days to come. `targets` are
    the measures with a second value, which count by it on the days of a peak season.
    """

    lines: list[str]
    hours: tuple[float, float] | None
    effect: recounting.Effect | None
    targets: list[replay.Place]


def month_of(value: str) -> dt.date:
    """Returns the first day of a month such as `2026-11`; of this month for what cannot be read."""
    try:
        return dt.date.fromisoformat(f"{value.strip()[:7]}-01")
    except ValueError:
        return clock.today().replace(day=1)


def beside(first: dt.date) -> tuple[str, str]:
    """Returns the months before and after one, as the address names them."""
    before, after = first - dt.timedelta(days=1), first + dt.timedelta(days=31)
    return f"{before:%Y-%m}", f"{after:%Y-%m}"


def weeks_of(first: dt.date) -> list[list[Day | None]]:
    """Returns the days of a month by week, Monday first; None where a week belongs to another month."""
    made: list[list[Day | None]] = []
    for week in months.Calendar().monthdatescalendar(first.year, first.month):
        made.append([_day(day) if day.month == first.month else None for day in week])
    return made


def _day(day: dt.date) -> Day:
    own, public = calendar.own_days().get(day), calendar.public_day(day)
    mark = "" if public is None else "make_up" if public else "holiday"
    if own is not None:
        mark = "own_worked" if own else "own_off"
    spans = tuple(f"{hour_of(opens)}–{hour_of(closes)}" for opens, closes in calendar.spans_of(day))
    return Day(day, spans, mark, seasons.is_announced(day), day == clock.today())


def history(changes: Sequence[WorkingTimeChange]) -> list[Told]:
    """Returns the changes in words, newest first, at most fifty; each beside what stood before it. One query."""
    subjects = {change.subject for change in changes}
    people = {p.subject: p for p in db.session.scalars(sa.select(Person).where(Person.subject.in_(subjects)))}
    made = []
    for count in range(len(changes), 0, -1):
        change = changes[count - 1]
        before = working_time.written(changes[: count - 1])
        lines = change_lines(change.kind, before.value(change.kind), change.value)
        made.append(Told(change, people.get(change.subject), lines))
    return made[:MOST_SHOWN]


def consequence(asked: Proposed, before: Written) -> Consequence:
    """Returns what a change would do, before it is saved; three queries at most."""
    lines = change_lines(asked.kind, before.value(asked.kind), asked.value)
    if asked.kind is Kind.PEAKS:
        targets = [place for place in replay.places() if place.measure.peak_value is not None]
        return Consequence(lines, None, None, targets)
    text = before.changed(asked.kind, asked.value, asked.holds_from)
    becomes = calendar.read_dated(text.shifts, text.later), calendar.read_days(text.days)
    hours = None
    if asked.kind is Kind.SHIFTS:
        held = calendar.shifts_on(asked.holds_from, calendar.dated_shifts())
        hours = week_hours(held), week_hours(calendar.read_shifts(asked.value))
    has_come = asked.holds_from <= clock.today()
    return Consequence(lines, hours, recounting.effect(asked.holds_from, becomes) if has_come else None, [])


def week_hours(shifts: calendar.Shifts) -> float:
    """Returns the working hours of a week without public days off; an hour in two shifts counts twice."""
    return sum(closes - opens for spans in shifts.week for opens, closes in spans)
