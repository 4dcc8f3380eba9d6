"""Owns the local hour of a stored instant as a database expression, the same on SQLite and PostgreSQL. Counts nothing."""

import datetime as dt
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.core import clock

MICROSECONDS = 1_000_000
HOUR, DAY = 3_600, 86_400
FIRST, LAST = 2000, 2040


def local_hour(instant: Any) -> sa.ColumnElement[int]:
    """Returns the hour of the day (0 to 23) of an `Instant` column in the organisation's zone.

    Where the zone changes to summer time the expression does, too.
    """
    seconds = sa.type_coerce(instant, sa.BigInteger) // MICROSECONDS
    changes = _offsets(clock.zone())
    offset: Any = changes[0][1]
    if len(changes) > 1:
        branches = [(seconds >= since, shift) for since, shift in reversed(changes[1:])]
        offset = sa.case(*branches, else_=changes[0][1])
    return sa.type_coerce((seconds + offset) % DAY // HOUR, sa.Integer)


@lru_cache(maxsize=4)
def _offsets(zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    """Seconds since 1970 from which an offset (seconds east of UTC) holds, oldest first; the first holds before, too."""
    made: list[tuple[int, int]] = []
    day = dt.datetime(FIRST, 1, 1, tzinfo=dt.UTC)
    while day.year < LAST:
        shift = _shift(day, zone)
        if not made or made[-1][1] != shift:
            made.append((_since(day, zone, shift) if made else 0, shift))
        day += dt.timedelta(days=1)
    return tuple(made)


def _since(day: dt.datetime, zone: ZoneInfo, shift: int) -> int:
    """Changes of summer time fall on whole quarters of an hour."""
    moment = day - dt.timedelta(days=1)
    while _shift(moment, zone) != shift:
        moment += dt.timedelta(minutes=15)
    return int(moment.timestamp())


def _shift(moment: dt.datetime, zone: ZoneInfo) -> int:
    return int((moment.astimezone(zone).utcoffset() or dt.timedelta()).total_seconds())
