"""Owns working days and working time in China, make-up days (调休) included. Owns no deadlines and asks no clock.

Days off and weekend working days stand in `china_days.py`, written from the `holidays` library (State Council
notices). Make-up days of a year are announced in the autumn before; until then `make_up_days_known` says so
and weekends are days off. The shifts, and the days an organisation decides otherwise, are told to the process
(`use_shifts`, `use_days`) from settings and from what was changed since (`working_time.py`).
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

from app.core.china_days import AT_WEEKENDS, MADE_UP, OFF

Overrides = Mapping[dt.date, bool]
"""Days decided by the organisation: True is a working day, False a day off. Beats holidays and weekends."""

Span = tuple[float, float]
"""Opening and closing hour of a shift, 8.5 is 8:30, 24 is midnight at the end of its day, 30 is six the next morning."""


@dataclass(frozen=True, slots=True)
class Shifts:
    """The spans in which people work, by the weekday on which a span begins, Monday first; `holiday` on public days off.

    A weekend day that is worked in exchange has its own weekday's spans, or else those of the first day that has any.
    """

    week: tuple[tuple[Span, ...], ...]
    holiday: tuple[Span, ...] = ()

    @property
    def usual(self) -> tuple[Span, ...]:
        """Returns the spans of the first day of the week that has any."""
        return next((spans for spans in self.week if spans), ())


Dated = tuple[tuple[dt.date, Shifts], ...]
"""Shifts with the first day on which they hold, oldest first; the first entry holds since ever."""

OFFICE = Shifts((((9.0, 18.0),),) * 5 + ((), ()))
LIMIT_DAYS = 3_660  # ten years: longer spans are a mistake in the caller's data
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ALMOST = 1e-6  # minutes; what adding fractions may lose
_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5


class _House:
    """What the organisation decided: its shifts, and days that differ from the public calendar."""

    shifts: Dated = ((dt.date.min, OFFICE),)
    overrides: Overrides = MappingProxyType({})


_house = _House()


def use_shifts(text: str, later: Sequence[tuple[dt.date, str]] = ()) -> None:
    """Sets the organisation's shifts from their setting, and those that hold from a day on, in the order of the days.

    Raises ValueError, saying what cannot be read.
    """
    _house.shifts = read_dated(text, later)


def read_dated(text: str, later: Sequence[tuple[dt.date, str]] = ()) -> Dated:
    """Returns shifts that hold since ever with those that hold from a day on. Raises ValueError."""
    return ((dt.date.min, read_shifts(text)), *((day, read_shifts(words)) for day, words in later))


def use_days(text: str) -> None:
    """Sets the organisation's own days from their setting. Raises ValueError, saying what cannot be read."""
    _house.overrides = read_days(text)


def shifts(day: dt.date | None = None) -> Shifts:
    """Returns the organisation's shifts that hold on a local day; without one, those that hold last."""
    return _house.shifts[-1][1] if day is None else shifts_on(day, _house.shifts)


def dated_shifts() -> Dated:
    """Returns all of the organisation's shifts with the day from which each holds."""
    return _house.shifts


def shifts_on(day: dt.date, dated: Dated) -> Shifts:
    """Returns the shifts that hold on a day."""
    if len(dated) == 1:
        return dated[0][1]
    return dated[bisect_right(dated, day, key=lambda one: one[0]) - 1][1]


def own_days() -> Overrides:
    """Returns the days on which the organisation differs from the public calendar."""
    return _house.overrides


def read_shifts(text: str) -> Shifts:
    """Reads `mon-fri 08:00-12:00 13:00-22:00; sat,sun 10:00-16:00; holiday 10:00-14:00`; empty is the office week.

    A span that ends at or before its beginning ends on the next day: `22:00-06:00`. Raises ValueError.
    """
    if not text.strip():
        return OFFICE
    found: dict[str, tuple[Span, ...]] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        names, *written = part.split()
        if not written:
            raise ValueError(f"no hours in {part!r}")
        spans = tuple(sorted(_span(one) for one in written))
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            raise ValueError(f"shifts overlap in {part!r}")
        for name in _day_names(names):
            if name in found:
                raise ValueError(f"{name} stands twice")
            found[name] = spans
    return Shifts(tuple(found.get(name, ()) for name in _WEEK), found.get("holiday", ()))


def read_days(text: str) -> Overrides:
    """Reads `+2026-10-10 -2026-12-31`: a day worked, a day off. Raises ValueError."""
    made: dict[dt.date, bool] = {}
    for word in text.split():
        if word[0] not in "+-":
            raise ValueError(f"{word!r} begins with neither + nor -")
        made[dt.date.fromisoformat(word[1:])] = word[0] == "+"
    return MappingProxyType(made)


def write_days(days: Overrides) -> str:
    """Writes own days as the setting has them, by date; `read_days` reads the same again."""
    return " ".join(f"{'+' if is_worked else '-'}{day}" for day, is_worked in sorted(days.items()))


def write_shifts(spans: Mapping[str, str]) -> str:
    """Writes `{mon: "09:00-18:00"}` as the setting has shifts, days with the same hours together; empty days are left out.

    Reads nothing: what cannot be read is said by `read_shifts`. A week without any hours is `""`, the office week.
    """
    by_hours: dict[str, list[str]] = {}
    for name in (*_WEEK, "holiday"):
        hours = " ".join(spans.get(name, "").replace("：", ":").replace("–", "-").split())
        if hours:
            by_hours.setdefault(hours, []).append(name)
    return "; ".join(f"{','.join(names)} {hours}" for hours, names in by_hours.items())


def span_words(span: Span) -> str:
    """Returns a span as `read_shifts` takes it: `08:30-12:00`, over midnight `22:00-06:00`."""
    opens, closes = (round(hour * 60) for hour in span)
    closes -= 24 * 60 if closes > 24 * 60 else 0
    return f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"


def is_working_day(day: dt.date, overrides: Overrides | None = None) -> bool:
    """True when people work on that local date: make-up Saturdays are working days, holidays are not."""
    decided = _house.overrides if overrides is None else overrides
    if day in decided:
        return decided[day]
    off, made_up, _ = _year(day.year)
    return day in made_up or (day.weekday() < _SATURDAY and day not in off)


def next_working_day(day: dt.date, overrides: Overrides | None = None) -> dt.date:
    """Returns the first working day after the date."""
    return add_working_days(day, 1, overrides)


def add_working_days(day: dt.date, count: int, overrides: Overrides | None = None) -> dt.date:
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


def working_days_between(start: dt.date, end: dt.date, overrides: Overrides | None = None) -> int:
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
    shifts: Shifts | Dated | None = None,
    zone: str = "Asia/Shanghai",
    overrides: Overrides | None = None,
) -> float:
    """Measures the working time between two aware instants in minutes; 0 when `end` is not after `start`.

    `shifts` are local to `zone`, None is the organisation's, each from its day on. A contact that comes in
    between shifts starts to count when the next one opens; time in two shifts at once counts once.
    """
    place = ZoneInfo(zone)
    _require_zone(start, end)
    worked = _dated(shifts)
    total, counted = dt.timedelta(), start
    day = start.astimezone(place).date()
    if any(_goes_over_midnight(one) for _from, one in worked):
        day -= _ONE_DAY
    last = end.astimezone(place).date()
    while day <= last:
        for opens_at, closes_at in spans_of(day, shifts_on(day, worked), overrides):
            opens, closes = _instant(day, opens_at, place), _instant(day, closes_at, place)
            begins, ends = max(counted, opens), min(end, closes)
            if begins < ends:
                total += ends - begins
                counted = ends
        day += _ONE_DAY
    return total / dt.timedelta(minutes=1)


def working_minutes_ago(now: dt.datetime, minutes: float, zone: str) -> dt.datetime | None:
    """Returns the first instant from which until `now` no more than so many working minutes went by.

    By the organisation's shifts and days. None when less than that was worked in ten years.
    """
    left, end = minutes + _ALMOST, now
    for _ in range(LIMIT_DAYS):
        begins = end - _ONE_DAY
        worked = working_minutes_between(begins, end, zone=zone)
        if worked > left:
            early, late = begins, end  # more than is left went by since early, no more since late
            while late - early > dt.timedelta(microseconds=1):
                middle = early + (late - early) // 2
                if working_minutes_between(middle, end, zone=zone) > left:
                    early = middle
                else:
                    late = middle
            return late
        left, end = left - worked, begins
    return None


def day_of_working_days_ago(today: dt.date, count: float) -> dt.date | None:
    """Returns the first day after which up to and including today no more than so many working days lie; None as above."""
    worked, day = 0, today
    for _ in range(LIMIT_DAYS):
        worked += is_working_day(day)
        if worked > count:
            return day
        day -= _ONE_DAY
    return None


def spans_of(
    day: dt.date, shifts: Shifts | None = None, overrides: Overrides | None = None
) -> tuple[Span, ...]:
    """Returns the spans that begin on a local date, none on a day off; None takes what the organisation decided."""
    worked = shifts_on(day, _house.shifts) if shifts is None else shifts
    decided = _house.overrides if overrides is None else overrides
    off, made_up, at_weekends = _year(day.year)
    if day in decided:
        return (worked.week[day.weekday()] or worked.usual) if decided[day] else ()
    if day in made_up:
        return worked.week[day.weekday()] or worked.usual
    return worked.holiday if day in off or day in at_weekends else worked.week[day.weekday()]


def _dated(shifts: Shifts | Dated | None) -> Dated:
    if shifts is None:
        return _house.shifts
    return ((dt.date.min, shifts),) if isinstance(shifts, Shifts) else shifts


def public_day(day: dt.date) -> bool | None:
    """Returns what the public calendar says of a day: False off besides weekends, True worked in exchange, else None."""
    off, made_up, at_weekends = _year(day.year)
    return False if day in off or day in at_weekends else True if day in made_up else None


def make_up_days_known(year: int) -> bool:
    """True when the library knows that year's exchange of working days and days off (announced each autumn)."""
    return year in MADE_UP


@lru_cache(maxsize=64)
def _year(year: int) -> tuple[frozenset[dt.date], ...]:
    """Days off from Monday to Friday, weekend working days and holidays at weekends of one year; none outside the table."""
    return _days(year, OFF), _days(year, MADE_UP), _days(year, AT_WEEKENDS)


def _days(year: int, written: dict[int, str]) -> frozenset[dt.date]:
    return frozenset(dt.date.fromisoformat(f"{year}-{day}") for day in written.get(year, "").split())


def _instant(day: dt.date, hour: float, place: ZoneInfo) -> dt.datetime:
    local = dt.datetime.combine(day, dt.time()) + dt.timedelta(hours=hour)
    return local.replace(tzinfo=place).astimezone(dt.UTC)


@lru_cache(maxsize=16)
def _goes_over_midnight(shifts: Shifts) -> bool:
    return any(closes > 24 for spans in (*shifts.week, shifts.holiday) for _opens, closes in spans)


def _span(text: str) -> Span:
    opens, _, closes = text.partition("-")
    first, last = _hour(opens), _hour(closes)
    return first, last if last > first else last + 24


def _hour(text: str) -> float:
    hours, _, minutes = text.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        raise ValueError(f"{text!r} is no hour such as 09:00")
    hour = int(hours) + int(minutes) / 60
    if hour > 24 or int(minutes) > 59:
        raise ValueError(f"{text!r} is no hour of a day")
    return hour


def _day_names(text: str) -> list[str]:
    made: list[str] = []
    for piece in text.casefold().split(","):
        first, _, last = piece.partition("-")
        last = last or first
        if piece == "holiday":
            made.append(piece)
        elif first in _WEEK and last in _WEEK and _WEEK.index(first) <= _WEEK.index(last):
            made += _WEEK[_WEEK.index(first) : _WEEK.index(last) + 1]
        else:
            raise ValueError(f"{piece!r} is none of mon to sun, a span of them, or holiday")
    return made


def _require_zone(*instants: dt.datetime) -> None:
    if any(instant.tzinfo is None for instant in instants):
        raise ValueError("an instant without zone")
