"""Owns working days and working time in China, make-up days (调休) included. Owns no deadlines and asks no clock.

Days off and weekend working days stand in `china_days.py`, written from the `holidays` library (State Council notices);
overrides carry what an organisation or a later notice decides otherwise. Make-up days of a year are announced in the
autumn before; until then `make_up_days_known` says so and weekends are days off.
"""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.core.china_days import MADE_UP, OFF

Overrides = Mapping[dt.date, bool]
"""Days decided by the organisation: True is a working day, False a day off. Beats holidays and weekends."""

Hours = tuple[float, float]
"""Opening and closing hour of a working day, 8.5 is 8:30, 24 is midnight at its end."""

HOURS: Hours = (9, 18)
LIMIT_DAYS = 3_660  # ten years: longer spans are a mistake in the caller's data
_NONE: Overrides = {}
_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5


def is_working_day(day: dt.date, overrides: Overrides = _NONE) -> bool:
    """True when people work on that local date: make-up Saturdays are working days, holidays are not."""
    if day in overrides:
        return overrides[day]
    off, made_up = _year(day.year)
    return day in made_up or (day.weekday() < _SATURDAY and day not in off)


def next_working_day(day: dt.date, overrides: Overrides = _NONE) -> dt.date:
    """Returns the first working day after the date."""
    return add_working_days(day, 1, overrides)


def add_working_days(day: dt.date, count: int, overrides: Overrides = _NONE) -> dt.date:
    """Returns the count-th working day after the date, before it when the count is negative.

    A count of 0 gives the date itself, or the next working day when it is a day off. More than ten years raise
    ValueError.
    """
    if abs(count) > LIMIT_DAYS:
        raise ValueError(f"more than {LIMIT_DAYS} working days")
    step = -_ONE_DAY if count < 0 else _ONE_DAY
    if count == 0:
        day, count = day - _ONE_DAY, 1
    left = abs(count)
    for _ in range(LIMIT_DAYS * 2):
        day += step
        left -= is_working_day(day, overrides)
        if left == 0:
            return day
    raise ValueError("the overrides leave no working day")


def working_days_between(start: dt.date, end: dt.date, overrides: Overrides = _NONE) -> int:
    """Counts the working days after `start` up to and including `end`; negative when `end` lies before `start`.

    So a due date is `working_days_between(today, due)` working days away, and 0 on the day itself.
    """
    if end < start:
        return -working_days_between(end, start, overrides)
    return sum(
        is_working_day(start + dt.timedelta(days=n), overrides) for n in range(1, (end - start).days + 1)
    )


def working_minutes_between(
    start: dt.datetime,
    end: dt.datetime,
    hours: Hours = HOURS,
    zone: str = "Asia/Shanghai",
    overrides: Overrides = _NONE,
) -> float:
    """Measures the working time between two aware instants in minutes; 0 when `end` is not after `start`.

    `hours` are local to `zone`. A contact that comes in at night starts to count when the next working day opens.
    """
    place = ZoneInfo(zone)
    _require_zone(start, end)
    total = dt.timedelta()
    day = start.astimezone(place).date()
    last = end.astimezone(place).date()
    while day <= last:
        if is_working_day(day, overrides):
            opens, closes = _opening(day, hours, place)
            total += max(dt.timedelta(), min(end, closes) - max(start, opens))
        day += _ONE_DAY
    return total / dt.timedelta(minutes=1)


def make_up_days_known(year: int) -> bool:
    """True when the library knows that year's exchange of working days and days off (announced each autumn)."""
    return year in MADE_UP


@lru_cache(maxsize=64)
def _year(year: int) -> tuple[frozenset[dt.date], frozenset[dt.date]]:
    """Days off from Monday to Friday and weekend working days of one year; none outside the table."""
    return _days(year, OFF), _days(year, MADE_UP)


def _days(year: int, written: dict[int, str]) -> frozenset[dt.date]:
    return frozenset(dt.date.fromisoformat(f"{year}-{day}") for day in written.get(year, "").split())


def _opening(day: dt.date, hours: Hours, place: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """Opening and closing of a local date as instants in UTC, so that a change of summer time is counted right."""
    return _instant(day, hours[0], place), _instant(day, hours[1], place)


def _instant(day: dt.date, hour: float, place: ZoneInfo) -> dt.datetime:
    local = dt.datetime.combine(day, dt.time()) + dt.timedelta(hours=hour)
    return local.replace(tzinfo=place).astimezone(dt.UTC)


def _require_zone(*instants: dt.datetime) -> None:
    if any(instant.tzinfo is None for instant in instants):
        raise ValueError("an instant without zone")
