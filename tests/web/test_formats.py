"""Formats of dates, shares and numbers, in both languages, at their edges."""

import datetime as dt

import pytest

from app.web import formats

TODAY = dt.date(2026, 3, 15)
THIN = "\u202f"


@pytest.mark.parametrize(
    ("date", "zh", "en"),
    [
        (dt.date(2026, 3, 15), "3月15日（周日）", "Sun 15 Mar"),
        (dt.date(2026, 12, 31), "12月31日（周四）", "Thu 31 Dec"),
        (dt.date(2025, 3, 1), "2025年3月1日（周六）", "Sat 1 Mar 2025"),
        (dt.date(2027, 1, 1), "2027年1月1日（周五）", "Fri 1 Jan 2027"),
    ],
)
def test_a_day_carries_its_year_only_when_it_is_another_one(date: dt.date, zh: str, en: str) -> None:
    assert formats.day(date, "zh", TODAY) == zh
    assert formats.day(date, "en", TODAY) == en


def test_a_moment_shows_hours_and_minutes_with_two_digits() -> None:
    moment = dt.datetime(2026, 3, 15, 9, 5)
    assert formats.moment(moment, "zh", TODAY) == "3月15日（周日）09:05"
    assert formats.moment(moment, "en", TODAY) == "Sun 15 Mar, 09:05"


def test_a_month_always_carries_its_year() -> None:
    assert formats.month(TODAY, "zh") == "2026年3月"
    assert formats.month(TODAY, "en") == "March 2026"


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [
        (0, "今天到期", "Due today"),
        (1, "还剩 1 天", "1 day left"),
        (2, "还剩 2 天", "2 days left"),
        (-1, "已逾期 1 天", "1 day overdue"),
        (-30, "已逾期 30 天", "30 days overdue"),
    ],
)
def test_a_deadline_is_said_in_days(days: int, zh: str, en: str) -> None:
    due = TODAY + dt.timedelta(days=days)
    assert formats.due_words(due, "zh", TODAY) == zh
    assert formats.due_words(due, "en", TODAY) == en


@pytest.mark.parametrize(
    ("count", "total", "words"),
    [
        (711, 999, "71%"),
        (713, 1000, "71.3%"),
        (8899, 12480, "71.3%"),
        (1, 2, "50%"),
        (5, 200, "3%"),  # 2.5 goes up
        (0, 10, "0%"),
        (10, 10, "100%"),
        (0, 0, "–"),
        (998, 999, ">99%"),
        (1, 999, "<1%"),
        (99999, 100000, ">99.9%"),
        (4999, 5000, ">99.9%"),
        (4000, 4000, "100.0%"),
    ],
)
def test_a_share_is_never_complete_unless_it_is(count: int, total: int, words: str) -> None:
    assert formats.percent(count, total) == words


def test_a_share_may_come_as_a_fraction() -> None:
    assert formats.percent(0.714) == "71%"


def test_a_range_stands_in_the_brackets_of_its_language() -> None:
    assert formats.interval(0.71, 0.70, 0.72, "zh") == "71%（70–72）"
    assert formats.interval(0.71, 0.70, 0.72, "en") == "71% (70–72)"
    assert formats.interval(0.713, 0.705, 0.721, "en", 12480) == "71.3% (70.5–72.1)"


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0, "0 分钟", "0 min"),
        (45, "45 分钟", "45 min"),
        (60, "1 小时", "1 h"),
        (1570, "26 小时 10 分", "26 h 10 min"),
        (72 * 60, "3 天", "3 d"),
        (73 * 60, "3 天 1 小时", "3 d 1 h"),
    ],
)
def test_a_length_of_time_uses_the_two_largest_units(minutes: float, zh: str, en: str) -> None:
    assert formats.duration(minutes, "zh") == zh
    assert formats.duration(minutes, "en") == en


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0.4, "不到 1 分钟", "under a minute"),
        (8, "约 8 分钟", "about 8 min"),
        (43, "约 45 分钟", "about 45 min"),
        (118, "约 2 小时", "about 2 h"),
    ],
)
def test_an_estimate_of_a_task_is_rounded_honestly(minutes: float, zh: str, en: str) -> None:
    assert formats.minutes_words(minutes, "zh") == zh
    assert formats.minutes_words(minutes, "en") == en


@pytest.mark.parametrize(
    ("value", "decimals", "words"),
    [
        (4311, None, "4311"),
        (12480, None, f"12{THIN}480"),
        (-1234567.5, None, f"−1{THIN}234{THIN}567.5"),
        (0.70, None, "0.7"),
        (2.345, 2, "2.35"),
        (-0.0, 0, "0"),
        (7, 1, "7.0"),
    ],
)
def test_a_number_is_grouped_from_five_digits(value: float, decimals: int | None, words: str) -> None:
    assert formats.number(value, decimals) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (812, "812 B"), (47_300, "47 KB"), (10_500_000, "10.5 MB"), (64_000_000, "64 MB")],
)
def test_a_size_has_a_space_before_its_unit(size: int, words: str) -> None:
    assert formats.file_size(size) == words
