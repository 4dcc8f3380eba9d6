"""Owns the page that says how times and shares of contacts are counted, with our own figures beside each."""

import datetime as dt

from flask import render_template
from flask.typing import ResponseReturnValue

from app.core import calendar, china_days, clock, seasons
from app.core.access import Permission, requires
from app.evidence import definitions
from app.evidence.calendar_words import shift_rows
from app.evidence.pages import evidence
from app.evidence.replay_ask import DAYS


@evidence.get("/e/definitions")
@requires(Permission.READ_EVIDENCE)
def definitions_page() -> ResponseReturnValue:
    """Shows each definition as a formula, our figure of the last 13 weeks, the calendar and the peak seasons."""
    today = clock.today()
    ends = today - dt.timedelta(days=1)
    starts = ends - dt.timedelta(days=DAYS - 1)
    return render_template(
        "evidence/definitions.html",
        ours=definitions.figures(starts, ends),
        starts=starts,
        ends=ends,
        shifts=shift_rows(calendar.shifts(today)),
        own_days=[
            (day, is_worked)
            for day, is_worked in sorted(calendar.own_days().items())
            if day.year == today.year
        ],
        zone=clock.zone().key,
        year=today.year,
        off=_days(today.year, china_days.OFF),
        made_up=_days(today.year, china_days.MADE_UP),
        is_known=calendar.make_up_days_known(today.year),
        peaks=seasons.peaks_of(today.year),
        season=seasons.season_of(today),
    )


def _days(year: int, written: dict[int, str]) -> list[dt.date]:
    return [dt.date.fromisoformat(f"{year}-{day}") for day in written.get(year, "").split()]
