"""Owns when nobody is disturbed: nights from 20 to 8 and days off (experience.md 7). Tells nobody anything."""

import datetime as dt

from app.core import clock
from app.core.calendar import is_working_day, next_working_day

QUIET_FROM_HOUR, QUIET_UNTIL_HOUR = 20, 8


def next_waking_moment() -> dt.datetime:
    """Returns now, or in quiet hours and on days off the next working morning at eight."""
    local = clock.local(clock.now())
    if is_working_day(local.date()) and QUIET_UNTIL_HOUR <= local.hour < QUIET_FROM_HOUR:
        return clock.now()
    if is_working_day(local.date()) and local.hour < QUIET_UNTIL_HOUR:
        return clock.at(local.date(), QUIET_UNTIL_HOUR)
    return clock.at(next_working_day(local.date()), QUIET_UNTIL_HOUR)
