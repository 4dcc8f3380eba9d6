"""Owns the template filters: the pure formats bound to the reader's language and the house clock."""

import datetime as dt
from typing import Any

from flask import Flask
from jinja2 import Environment, pass_environment
from jinja2.filters import do_truncate

from app.core import clock
from app.web import formats
from app.web.language import current_language

Day = dt.date | dt.datetime


def init_filters(app: Flask) -> None:
    """Makes the formats known to all templates, as filters and as functions."""
    made: dict[str, Any] = {
        "day": day,
        "moment": moment,
        "month": month,
        "clock_time": clock_time,
        "iso_day": iso_day,
        "due_words": due_words,
        "days_left": days_left,
        "percent": formats.percent,
        "interval": interval,
        "duration": duration,
        "minutes_words": minutes_words,
        "number": formats.number,
        "file_size": formats.file_size,
    }
    app.jinja_env.filters.update(made)
    app.jinja_env.filters["truncate"] = truncate
    app.jinja_env.globals.update(made)


def local_date(value: Day) -> dt.date:
    """Returns the date in the organisation's zone of a date or an aware moment."""
    return clock.local(value).date() if isinstance(value, dt.datetime) else value


def day(value: Day | None) -> str:
    """Writes a date in the reader's language; None gives an empty text."""
    return "" if value is None else formats.day(local_date(value), current_language(), clock.today())


def moment(value: dt.datetime | None) -> str:
    """Writes a moment in the reader's language and the organisation's zone; None gives an empty text."""
    return "" if value is None else formats.moment(clock.local(value), current_language(), clock.today())


def month(value: Day) -> str:
    """Writes a month with its year in the reader's language."""
    return formats.month(local_date(value), current_language())


def clock_time(value: dt.datetime) -> str:
    """Writes the time of day in the organisation's zone, as `14:15`."""
    return f"{clock.local(value):%H:%M}"


def iso_day(value: Day | None) -> str:
    """Writes a date as `2026-03-15`, for tables, addresses and `datetime` attributes."""
    return "" if value is None else local_date(value).isoformat()


def due_words(value: Day) -> str:
    """Writes how far a due date is away in the reader's language."""
    return formats.due_words(local_date(value), current_language(), clock.today())


def days_left(value: Day) -> int:
    """Returns the calendar days until the due date: 0 today, negative when overdue."""
    return formats.days_left(local_date(value), clock.today())


def interval(point: float, low: float, high: float, total: int | None = None) -> str:
    """Writes a share with its range, from fractions, in the reader's language."""
    return formats.interval(point, low, high, current_language(), total)


def duration(value: float | dt.timedelta) -> str:
    """Writes a length of time, a timedelta or a number of minutes, in the reader's language."""
    minutes = value.total_seconds() / 60 if isinstance(value, dt.timedelta) else value
    return formats.duration(minutes, current_language())


def minutes_words(minutes: float) -> str:
    """Writes an honest estimate of a task in the reader's language."""
    return formats.minutes_words(minutes, current_language())


@pass_environment
def truncate(env: Environment, text: str, length: int = 255) -> str:
    """Returns at most `length` characters of a text, cut at a space where there is one, with one sign for the rest."""
    return do_truncate(env, text, length, end="…")
