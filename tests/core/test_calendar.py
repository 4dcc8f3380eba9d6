"""Calendar: working days with make-up days, and working time in a zone. The cases are the published 2025 and 2026 notices."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import china_days
from app.core.calendar import (
    OFFICE,
    Shifts,
    add_working_days,
    is_working_day,
    make_up_days_known,
    next_working_day,
    read_days,
    read_shifts,
    spans_of,
    working_days_between,
    working_minutes_between,
)
from tools.china_days import FIRST, LAST, days_of

day = dt.date.fromisoformat
ROUND_THE_CLOCK = read_shifts("mon-sun 00:00-24:00")


def at(text: str) -> dt.datetime:
    """A moment in Shanghai."""
    return dt.datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("date", "works"),
    [
        ("2025-01-26", True),  # Sunday, made up for 3 February
        ("2025-01-27", True),
        ("2025-01-28", False),  # New Year's Eve
        ("2025-02-04", False),
        ("2025-02-05", True),
        ("2025-02-08", True),  # Saturday, made up
        ("2025-04-27", True),  # Sunday, made up for Labour Day
        ("2025-05-05", False),
        ("2025-09-28", True),
        ("2025-10-01", False),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-01-02", False),
        ("2026-01-03", False),
        ("2026-01-04", True),  # Sunday, made up
        ("2026-02-14", True),
        ("2026-02-16", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-11-20", True),  # an ordinary Friday
        ("2026-11-21", False),
        ("2026-11-22", False),
    ],
)
def test_published_working_days(date: str, works: bool) -> None:
    assert is_working_day(day(date)) is works


def test_overrides_beat_holiday_and_weekend() -> None:
    overrides = {day("2026-10-01"): True, day("2026-11-20"): False, day("2026-11-21"): True}
    assert [is_working_day(date, overrides) for date in overrides] == [True, False, True]


@pytest.mark.parametrize(
    ("date", "count", "expected"),
    [
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-21", 0, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-11-23", -1, "2026-11-20"),
        ("2026-09-30", 1, "2026-10-08"),  # over the whole National Day holiday
        ("2026-10-09", 1, "2026-10-10"),  # to a made-up Saturday
        ("2026-10-10", 1, "2026-10-12"),
        ("2026-02-13", 2, "2026-02-24"),  # Saturday 14th works, then Spring Festival
        ("2025-12-31", 2, "2026-01-05"),  # over the year's end, Sunday 4th works
    ],
)
def test_adding_working_days(date: str, count: int, expected: str) -> None:
    assert add_working_days(day(date), count) == day(expected)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-11-20", "2026-11-20", 0),
        ("2026-11-20", "2026-11-22", 0),
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-23", "2026-11-20", -1),
        ("2026-09-30", "2026-10-10", 3),
        ("2025-01-01", "2025-12-31", 248),  # days worked in 2025 by the State Council's notice
        ("2026-01-01", "2026-12-31", 248),
    ],
)
def test_counting_working_days(start: str, end: str, count: int) -> None:
    assert working_days_between(day(start), day(end)) == count


@given(st.dates(day("2020-01-01"), day("2027-12-31")), st.integers(1, 60))
def test_adding_and_counting_agree(start: dt.date, count: int) -> None:
    end = add_working_days(start, count)
    assert working_days_between(start, end) == count
    assert is_working_day(end)
    assert next_working_day(start) <= end


def test_spans_beyond_ten_years_are_refused() -> None:
    with pytest.raises(ValueError, match="working days"):
        add_working_days(day("2026-11-20"), 4000)


def test_no_working_day_at_all_is_refused() -> None:
    nothing = {day("2026-01-01") + dt.timedelta(days=n): False for n in range(8000)}
    with pytest.raises(ValueError, match="no working day"):
        add_working_days(day("2026-01-01"), 1, nothing)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-20T10:00", "2026-11-20T10:10", 10),
        ("2026-11-20T10:00:30", "2026-11-20T10:01:00", 0.5),
        ("2026-11-20T17:50", "2026-11-23T09:10", 20),  # over a weekend
        ("2026-11-20T20:00", "2026-11-23T09:00", 0),  # night to opening
        ("2026-11-20T20:00", "2026-11-23T08:00", 0),
        ("2026-11-20T08:00", "2026-11-20T19:00", 540),
        ("2026-09-30T17:00", "2026-10-08T10:00", 120),  # over National Day
        ("2026-10-09T17:00", "2026-10-10T10:00", 120),  # to a made-up Saturday
        ("2026-11-20T10:10", "2026-11-20T10:00", 0),
        ("2026-11-20T10:00", "2026-11-20T10:00", 0),
    ],
)
def test_working_time_between(start: str, end: str, minutes: float) -> None:
    assert working_minutes_between(at(start), at(end)) == minutes


def test_working_time_is_local_to_the_zone() -> None:
    start = dt.datetime(2026, 11, 20, 1, 0, tzinfo=dt.UTC)  # 9:00 in Shanghai, night in London
    end = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)
    assert working_minutes_between(start, end) == 540
    assert working_minutes_between(start, end, zone="Europe/London") == 60


def test_summer_time_is_counted_by_the_hours_that_passed() -> None:
    change = {day("2026-03-29"): True}  # clocks in Berlin go from 2 to 3
    start = dt.datetime(2026, 3, 28, 23, 0, tzinfo=dt.UTC)
    end = dt.datetime(2026, 3, 29, 22, 0, tzinfo=dt.UTC)
    assert working_minutes_between(start, end, ROUND_THE_CLOCK, "Europe/Berlin", change) == 23 * 60


def test_round_the_clock_counts_every_working_hour() -> None:
    assert working_minutes_between(at("2026-11-19T00:00"), at("2026-11-20T00:00"), ROUND_THE_CLOCK) == 1440


def test_instants_need_a_zone() -> None:
    naive = dt.datetime(2026, 11, 20, 10, 0)
    with pytest.raises(ValueError, match="without zone"):
        working_minutes_between(naive, at("2026-11-20T10:00"))


def test_unannounced_years_are_known_as_such() -> None:
    assert make_up_days_known(2025)
    assert make_up_days_known(2026)
    assert not make_up_days_known(2040)


@pytest.mark.parametrize("year", range(FIRST, LAST + 1))
def test_the_table_agrees_with_the_library(year: int) -> None:
    off, made_up, at_weekends = days_of(year)
    cure = "run: python -m tools.china_days > app/core/china_days.py"
    assert china_days.OFF[year] == " ".join(f"{date:%m-%d}" for date in off), cure
    assert china_days.MADE_UP.get(year, "") == " ".join(f"{date:%m-%d}" for date in made_up), cure
    assert china_days.AT_WEEKENDS.get(year, "") == " ".join(f"{date:%m-%d}" for date in at_weekends), cure
    assert all(is_working_day(date) is False for date in off)
    assert all(is_working_day(date) for date in made_up)


@pytest.mark.parametrize(
    ("shifts", "start", "end", "minutes"),
    [
        (
            "mon-fri 08:00-12:00 13:00-22:00",
            "2026-11-20T11:30",
            "2026-11-20T13:30",
            60,
        ),  # the break does not count
        ("mon-fri 08:00-12:00 13:00-22:00", "2026-11-20T12:10", "2026-11-20T12:50", 0),
        ("mon-fri 08:00-12:00 13:00-22:00", "2026-11-20T00:00", "2026-11-21T00:00", 780),
        (
            "mon-fri 22:00-06:00",
            "2026-11-20T05:00",
            "2026-11-20T23:00",
            120,
        ),  # the end of one night, the beginning of the next
        (
            "mon-fri 22:00-06:00",
            "2026-11-20T23:00",
            "2026-11-21T05:00",
            360,
        ),  # Friday's shift goes on into Saturday
        ("mon-fri 22:00-06:00", "2026-11-22T23:00", "2026-11-23T05:00", 0),  # Sunday has none
        (
            "mon-fri 22:00-06:00",
            "2026-11-20T03:00",
            "2026-11-20T04:00",
            60,
        ),  # both in the shift of the day before
        ("mon-sun 00:00-24:00", "2026-11-20T00:00", "2026-11-23T00:00", 4320),
        ("mon-fri 09:00-18:00; sat,sun 10:00-16:00", "2026-11-21T00:00", "2026-11-22T23:00", 720),
        (
            "fri 20:00-04:00; sat 02:00-10:00",
            "2026-11-20T19:00",
            "2026-11-21T12:00",
            840,
        ),  # two hours in both count once
        (
            "mon-fri 09:00-18:00",
            "2026-10-10T08:00",
            "2026-10-10T20:00",
            540,
        ),  # a Saturday in exchange: Monday's hours
        (
            "mon-fri 09:00-18:00; sat 10:00-12:00",
            "2026-10-10T08:00",
            "2026-10-10T20:00",
            120,
        ),  # its own, where it has any
        ("mon-fri 09:00-18:00", "2026-10-01T00:00", "2026-10-02T00:00", 0),
        ("mon-fri 09:00-18:00; holiday 10:00-14:30", "2026-10-01T00:00", "2026-10-02T00:00", 270),
        ("mon-sun 09:00-18:00", "2026-10-03T00:00", "2026-10-04T00:00", 0),  # National Day on a Saturday
        ("mon-sun 09:00-18:00; holiday 09:00-12:00", "2026-10-03T00:00", "2026-10-04T00:00", 180),
        ("", "2026-11-20T00:00", "2026-11-21T00:00", 540),
    ],
)
def test_shifts(shifts: str, start: str, end: str, minutes: float) -> None:
    assert working_minutes_between(at(start), at(end), read_shifts(shifts)) == minutes


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mon", "no hours"),
        ("mon 9-18", "no hour such as"),
        ("mon 09:00-25:00", "no hour of a day"),
        ("mon 09:60-12:00", "no hour of a day"),
        ("mon 09:00", "no hour such as"),
        ("fri-mon 09:00-18:00", "none of mon to sun"),
        ("montag 09:00-18:00", "none of mon to sun"),
        ("mon 09:00-13:00 12:00-18:00", "overlap"),
        ("mon-wed 09:00-18:00; tue 10:00-12:00", "twice"),
    ],
)
def test_shifts_that_cannot_be_read_say_why(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_shifts(text)


def test_own_days_beat_the_public_calendar() -> None:
    days = read_days("+2026-10-01 -2026-11-20")
    assert is_working_day(day("2026-10-01"), days) and not is_working_day(day("2026-11-20"), days)
    assert (
        spans_of(day("2026-10-01"), OFFICE, days) == ((9, 18),)
        and spans_of(day("2026-11-20"), OFFICE, days) == ()
    )
    assert add_working_days(day("2026-11-19"), 1, days) == day("2026-11-23")
    for wrong in ("2026-10-01", "+2026-13-01", "+soon"):
        with pytest.raises(ValueError):  # noqa: PT011  of dates: the words are Python's
            read_days(wrong)


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 47), st.integers(1, 30)), min_size=1, max_size=6),
    st.integers(0, 20_000),
    st.integers(0, 8_000),
)
def test_working_time_is_what_counting_minute_by_minute_gives(
    spans: list[tuple[int, int, int]], begin: int, length: int
) -> None:
    """Shifts may overlap, from day to day too; each quarter of an hour counts once."""
    week = tuple(
        tuple(sorted((h / 2, h / 2 + n / 2) for d, h, n in spans if d == weekday)) for weekday in range(7)
    )
    start = at("2026-11-02T00:00") + dt.timedelta(minutes=begin)
    end = start + dt.timedelta(minutes=length)
    zero = dt.datetime.combine(day("2026-10-26"), dt.time(), start.tzinfo)
    worked: set[int] = set()
    for n in range(60):
        for opens, closes in week[n % 7]:
            worked |= set(range(round(n * 1440 + opens * 60), round(n * 1440 + closes * 60)))
    first = round((start - zero) / dt.timedelta(minutes=1))
    plain = dict.fromkeys((zero.date() + dt.timedelta(days=n) for n in range(60)), True)
    given = Shifts(tuple(spans or ((0.0, 0.0),) for spans in week))  # no day falls back on another's
    assert working_minutes_between(start, end, given, overrides=plain) == len(
        worked & set(range(first, first + length))
    )
