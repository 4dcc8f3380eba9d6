"""Owns the words of the working calendar: weeks of shifts, and what changed between two states of it. Reads nothing."""

import datetime as dt

from flask_babel import gettext as _

from app.core import calendar, seasons
from app.core.calendar import Shifts
from app.core.seasons import Peak
from app.core.working_time import Kind
from app.evidence.replay_words import season_words, weekday_span
from app.web.filters import day as day_words


def shift_rows(shifts: Shifts) -> list[tuple[int, int, list[str]]]:
    """Returns shifts as `(first weekday, last weekday, spans)`, equal days in one row; 7 is public days off."""
    made: list[tuple[int, int, list[str]]] = []
    for weekday, spans in enumerate(shifts.week):
        words = [f"{hour_of(opens)}–{hour_of(closes)}" for opens, closes in spans]
        if made and made[-1][2] == words:
            made[-1] = (made[-1][0], weekday, words)
        else:
            made.append((weekday, weekday, words))
    if shifts.holiday:
        made.append((7, 7, [f"{hour_of(opens)}–{hour_of(closes)}" for opens, closes in shifts.holiday]))
    return [row for row in made if row[2]]


def hour_of(hour: float) -> str:
    """Returns an hour as `08:30`; one after midnight as an hour of the next day."""
    minutes = round(hour * 60)
    within = minutes if minutes <= 24 * 60 else minutes - 24 * 60
    return f"{within // 60:02d}:{within % 60:02d}"


def week_words(shifts: Shifts) -> str:
    """Returns a week of shifts on one line: `Mon–Fri 09:00–18:00 · Sat 10:00–16:00`."""
    rows = (f"{weekday_span(first, last)} {' '.join(spans)}" for first, last, spans in shift_rows(shifts))
    return " · ".join(rows)


def change_lines(kind: Kind, before: str, after: str) -> list[str]:
    """Returns what a change says, line by line; both are texts as the settings have them."""
    if kind is Kind.SHIFTS:
        return [week_words(calendar.read_shifts(after))]
    if kind is Kind.DAYS:
        was, becomes = calendar.read_days(before), calendar.read_days(after)
        days = sorted(day for day in {*was, *becomes} if was.get(day) != becomes.get(day))
        return [own_day_words(day, becomes.get(day)) for day in days]
    old, new = seasons.read_peaks(before), seasons.read_peaks(after)
    gone = [_("no longer: %(peak)s", peak=peak_words(peak)) for peak in old if peak not in new]
    return [*(peak_words(peak) for peak in new if peak not in old), *gone]


def own_day_words(day: dt.date, is_worked: bool | None) -> str:
    """Returns a day with what the house decided for it; None is the public calendar."""
    if is_worked is None:
        return str(_("%(day)s: as in the public calendar", day=day_words(day)))
    words = _("worked") if is_worked else _("off")
    return str(_("%(day)s: %(decided)s", day=day_words(day), decided=words))


def peak_words(peak: Peak) -> str:
    """Returns a peak season with its days; one of the house's own needs no name."""
    span = f"{day_words(peak.starts)} – {day_words(peak.ends)}"
    return span if peak.season is seasons.Season.OWN else f"{season_words(peak.season)}{_(': ')}{span}"
