"""Measures counted on tickets: units, working days, narrowing, weeks that add up."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from app.evidence import counting, queries
from app.evidence.tickets import Complexity, Priority
from app.standards.measures import Clock, Comparison, Unit
from tests.evidence.evidence_cases import MONTH, TODAY, bring, measure, record
from tests.house_fixtures import MONDAY, House


@pytest.mark.parametrize(
    ("values", "kept", "n"),
    [
        ({}, 3, 4),  # 24 hours: 30 min, 12 h and exactly 24 h are in time
        ({"value": Decimal(12)}, 2, 4),
        ({"value": Decimal(720), "unit": Unit.MINUTE}, 2, 4),
        ({"value": Decimal(30), "unit": Unit.MINUTE}, 1, 4),
        ({"value": Decimal(1), "unit": Unit.DAY}, 3, 4),
        ({"regions": ("north",)}, 0, 0),
        ({"categories": ("returns",), "channels": ("app",)}, 3, 4),
        ({"comparison": Comparison.AT_LEAST}, 2, 4),
    ],
)
def test_a_measure_is_counted_in_its_own_unit(
    house: House, tmp_path: Path, values: dict, kept: int, n: int
) -> None:
    minutes = [30, 720, 1440, 1441]
    bring(
        tmp_path,
        [record(i, at=MONDAY - dt.timedelta(days=5), reply=m, solved=5000) for i, m in enumerate(minutes)],
    )
    found = counting.backtest(measure(**values), *MONTH)
    assert isinstance(found, counting.Kept)
    assert (found.kept, found.n) == (kept, n)


def test_a_contact_nobody_answers_misses_once_its_time_is_over(house: House, tmp_path: Path) -> None:
    ages = [dt.timedelta(hours=25), dt.timedelta(hours=23)]
    bring(tmp_path, [record(i, at=MONDAY - age, reply=None, solved=None) for i, age in enumerate(ages)])
    found = counting.backtest(measure(), *MONTH)
    assert found == counting.Kept(0, 1, 1)


def test_working_days_follow_the_calendar_and_not_the_clock(house: House, tmp_path: Path) -> None:
    friday = dt.datetime(2026, 9, 4, 9, 0, tzinfo=dt.UTC)  # 17:00 in Shanghai
    bring(tmp_path, [record(1, at=friday, reply=5, solved=60 * 65)])  # Monday morning: one working day
    one_day = measure(metric="resolution_time", value=Decimal(1), unit=Unit.WORKING_DAY)
    assert counting.backtest(one_day, *MONTH) == counting.Kept(1, 1, 0)
    nine_hours = measure(metric="resolution_time", value=Decimal(3), unit=Unit.HOUR, clock=Clock.WORKING)
    assert counting.backtest(nine_hours, *MONTH) == counting.Kept(1, 1, 0)
    assert counting.backtest(measure(metric="resolution_time", value=Decimal(3)), *MONTH) == counting.Kept(
        0, 1, 0
    )


def test_satisfaction_is_an_average_in_points(house: House, tmp_path: Path) -> None:
    bring(tmp_path, [record(i, satisfaction=mark) for i, mark in enumerate([5, 4, None])])
    points = measure(metric="csat", comparison=Comparison.AT_LEAST, value=Decimal(90), unit=Unit.POINT)
    assert counting.backtest(points, *MONTH) == counting.Level(90.0, 2)


@pytest.mark.parametrize("metric", ["bot_accuracy", "refund_time", "followup_share"])
def test_what_tickets_cannot_tell_is_not_measured(sqlite_house: House, metric: str) -> None:
    assert counting.backtest(measure(metric=metric), *MONTH) is None
    assert not counting.is_measured(measure(metric=metric))


def test_points_answer_any_target_without_asking_again(house: House, tmp_path: Path) -> None:
    bring(
        tmp_path,
        [record(i, at=MONDAY - dt.timedelta(days=9), reply=60 * (i + 1), solved=9000) for i in range(10)],
    )
    found = counting.distribution(measure(), *MONTH)
    assert found is not None and (found.n, len(found.points)) == (10, 201)
    assert found.points[0] == 1.0 and found.points[-1] == 10.0
    assert found.share_within(10) == 1.0 and found.share_within(0.5) == 0.0


def test_weeks_and_months_add_up_to_the_whole(house: House, tmp_path: Path) -> None:
    bring(
        tmp_path,
        [record(i, at=MONDAY - dt.timedelta(days=i), reply=60 * i, solved=9000) for i in range(1, 60)],
    )
    start, end = TODAY - dt.timedelta(days=70), TODAY
    whole = counting.backtest(measure(), start, end)
    assert isinstance(whole, counting.Kept) and whole.n == 59
    for parts in (counting.weekly(measure(), start, end), counting.monthly(measure(), start, end)):
        assert sum(p.counted.n for p in parts) == whole.n
        assert sum(p.counted.kept for p in parts) == whole.kept
    rows = queries.TicketFilter(starts=start, ends=end, measure=measure(), kept=False)
    assert queries.count_tickets(rows) == whole.n - whole.kept


def test_priorities_and_complexities_narrow_a_measure(sqlite_house: House, tmp_path: Path) -> None:
    bring(
        tmp_path,
        [
            record(1, priority=Priority.URGENT, complexity=Complexity.SIMPLE, reply=4),
            record(2, priority=Priority.ORDINARY, complexity=Complexity.COMPLEX, reply=9),
        ],
    )
    five = measure(value=Decimal(5), unit=Unit.MINUTE, priorities=("urgent",))
    assert counting.backtest(five, *MONTH) == counting.Kept(1, 1, 0)
    two = measure(metric="resolution_time", value=Decimal(2), complexities=("simple",))
    assert counting.backtest(two, *MONTH) == counting.Kept(1, 1, 0)
