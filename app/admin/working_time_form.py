"""Owns how the forms of working time are read: plain fields in, one change as text out. Writes nothing, shows nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.core import calendar, clock, seasons
from app.core.errors import Invalid
from app.core.seasons import Peak, Season
from app.core.working_time import Kind, Written

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")
AS_PUBLIC, WORKED, OFF = "public", "worked", "off"
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Proposed:
    """A change before it is saved: `value` is the whole of its kind, `holds_from` the first local day that differs."""

    kind: Kind
    value: str
    holds_from: dt.date
    why: str


def proposed(values: Mapping[str, str], before: Written) -> Proposed:
    """Returns the change that the fields of a form ask for (`change` says which form).

    Raises Invalid on the field that cannot be read; what a change may not do is refused by the verb.
    """
    reader = _FORMS.get(values.get("change", ""))
    if reader is None:
        raise Invalid.of("change", "web.not_a_choice")
    kind, value, holds_from = reader(values, before)
    return Proposed(kind, value, holds_from, values.get("why", ""))


def week_of(shifts: calendar.Shifts) -> dict[str, str]:
    """Returns shifts as the fields of the form have them: `{mon: "09:00-18:00"}`, empty where nobody works."""
    spans = (*shifts.week, shifts.holiday)
    return {
        name: " ".join(calendar.span_words(one) for one in own) for name, own in zip(WEEK, spans, strict=True)
    }


def coming_peaks(text: str) -> list[tuple[str, Peak]]:
    """Returns the announced seasons that are not over, with the key by which the form names each."""
    return [(_key(peak), peak) for peak in seasons.read_peaks(text) if peak.ends > clock.today()]


def _shifts(values: Mapping[str, str], before: Written) -> tuple[Kind, str, dt.date]:
    value = calendar.write_shifts({name: values.get(name, "")[:200] for name in WEEK})
    if not value:
        raise Invalid.of("mon", "working_time.no_hours")
    for name in WEEK:
        hours = values.get(name, "")[:200]
        try:
            calendar.read_shifts(calendar.write_shifts({name: hours}))
        except ValueError:
            raise Invalid.of(name, "working_time.hours_unreadable", words=hours[:40]) from None
    return Kind.SHIFTS, value, _day(values, "from")


def _own_day(values: Mapping[str, str], before: Written) -> tuple[Kind, str, dt.date]:
    day, decided = _day(values, "day"), values.get("decided", "")
    if decided not in (AS_PUBLIC, WORKED, OFF):
        raise Invalid.of("decided", "web.not_a_choice")
    days = {one: worked for one, worked in calendar.read_days(before.days).items() if one != day}
    if decided != AS_PUBLIC:
        days[day] = decided == WORKED
    return Kind.DAYS, calendar.write_days(days), day


def _peak(values: Mapping[str, str], before: Written) -> tuple[Kind, str, dt.date]:
    starts, ends = _day(values, "starts"), _day(values, "ends")
    if ends < starts:
        raise Invalid.of("ends", "working_time.ends_before")
    if ends - starts > seasons.LONGEST:
        raise Invalid.of("ends", "working_time.peak_too_long", days=seasons.LONGEST.days)
    peaks = [*seasons.read_peaks(before.peaks), Peak(Season.OWN, starts, ends)]
    return Kind.PEAKS, seasons.write_peaks(peaks), starts


def _no_peak(values: Mapping[str, str], before: Written) -> tuple[Kind, str, dt.date]:
    """A season that has begun ends today: what customers were told of days that have come stays true."""
    chosen = next((peak for key, peak in coming_peaks(before.peaks) if key == values.get("peak")), None)
    if chosen is None:
        raise Invalid.of("peak", "web.not_a_choice")
    today = clock.today()
    others = [peak for peak in seasons.read_peaks(before.peaks) if peak != chosen]
    if chosen.starts <= today:
        others.append(replace(chosen, ends=today))
    return Kind.PEAKS, seasons.write_peaks(others), max(chosen.starts, today + _ONE_DAY)


_FORMS = {"shifts": _shifts, "day": _own_day, "peak": _peak, "no_peak": _no_peak}


def _day(values: Mapping[str, str], name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(values.get(name, "").strip()[:10])
    except ValueError:
        raise Invalid.of(name, "working_time.not_a_day") from None


def _key(peak: Peak) -> str:
    return f"{peak.starts}/{peak.ends}"
