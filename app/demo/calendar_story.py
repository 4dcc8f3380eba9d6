"""Owns the changes of working time in the demonstration: two announced peak seasons and a worked Saturday."""

import datetime as dt

from app.core import seasons, working_time
from app.core.seasons import Peak, Season
from app.core.working_time import Kind
from app.demo.people import actor
from app.demo.timeline import Timeline


def note(time: Timeline) -> None:
    """Notes when the administrator announces a season of the past and one to come, and when a Saturday was worked."""
    time.on(-84, lambda: _announce(time.day(-80), time.day(-72), "周年庆促销，客服总监已公布"))
    time.on(-2, lambda: _announce(time.day(9), time.day(16), "年终促销，已提前公布"))
    saturday = next(day for n in range(-40, -30) if (day := time.day(n)).weekday() == 5)
    time.on(-50, lambda: _work(saturday, "补前一周停电的一天"))


def _announce(starts: dt.date, ends: dt.date, why: str) -> None:
    known = working_time.written(working_time.changes()).peaks
    peaks = [*seasons.read_peaks(known), Peak(Season.OWN, starts, ends)]
    working_time.change(actor("lintao"), Kind.PEAKS, seasons.write_peaks(peaks), starts, why)


def _work(day: dt.date, why: str) -> None:
    known = working_time.written(working_time.changes()).days
    working_time.change(actor("lintao"), Kind.DAYS, f"{known} +{day}".strip(), day, why)
