"""The surge rule: quiet clauses stay quiet, trouble alarms soon and once, a peak season is no trouble."""

import datetime as dt
import math

import pytest

from app.evidence.surges import LEAST_FEEDBACK, H, K, chance_of_false_alarm, watch
from bench import surges as simulated

FIRST = dt.date(2026, 3, 1)  # four months without a season before 20 May


def days(count: int) -> list[dt.date]:
    return [FIRST + dt.timedelta(days=place) for place in range(count)]


def feedback(values: list[int]) -> dict[dt.date, int]:
    return dict(zip(days(len(values)), values, strict=True))


def followed(values: list[int], contacts: int = 200, from_day: int = 60):
    return watch(
        feedback(values),
        dict.fromkeys(days(len(values)), contacts),
        days(len(values))[from_day],
        days(len(values))[-1],
    )


def test_a_quiet_clause_has_no_wave() -> None:
    assert followed([2, 1, 3, 2, 2, 1, 3] * 11).waves == ()


def test_a_surge_alarms_within_days_and_only_once() -> None:
    seen = followed([2, 1, 3, 2, 2, 1, 3] * 9 + [9, 8, 10, 9, 8, 9, 10, 9])
    assert len(seen.waves) == 1 and seen.current is not None
    wave = seen.waves[0]
    assert (wave.alarmed_on - wave.began_on).days <= 4
    assert wave.count > K * wave.expected / 1.2


def test_a_wave_that_ended_lets_the_next_one_alarm() -> None:
    calm, storm = [2] * 70, [12] * 5
    seen = followed([2] * 63 + storm + calm + storm)
    assert len(seen.waves) == 2 and seen.waves[0].ended_on is not None


def test_more_contacts_alone_are_no_surge() -> None:
    counts = [2] * 70 + [6] * 10
    contacts = dict(zip(days(80), [200] * 70 + [600] * 10, strict=True))
    assert watch(feedback(counts), contacts, days(80)[60], days(80)[-1]).waves == ()


def test_a_peak_season_is_given_half_as_much_again() -> None:
    counts = [4] * 80 + [6] * 30  # from 20 May on it is the June sale
    contacts = dict.fromkeys(days(110), 200)
    assert days(110)[80] == dt.date(2026, 5, 20)
    assert watch(feedback(counts), contacts, days(110)[60], days(110)[-1]).waves == ()


def test_without_four_weeks_nothing_is_judged() -> None:
    assert followed([0] * 20 + [50] * 5, from_day=0).days == ()


def test_a_few_pieces_are_no_concentration() -> None:
    seen = followed([0] * 70 + [1, 1, 1, 1])
    assert seen.waves == () and LEAST_FEEDBACK == 5


def test_days_without_feedback_need_not_be_given() -> None:
    assert watch({}, dict.fromkeys(days(80), 100), days(80)[60], days(80)[-1]).waves == ()


@pytest.mark.parametrize("level", [1.0, 6.0])
def test_false_alarms_are_as_rare_as_stated(level: float) -> None:
    found, years = simulated.false_alarms(level, clauses=8, years=1, seed=7)
    assert found <= 2 * years / 10 + 1


def test_three_times_the_feedback_is_noticed_within_a_week() -> None:
    noticed = simulated.delays(6.0, 3.0, clauses=12, seed=7)
    assert all(one is not None and one <= 7 for one in noticed)


def test_the_stated_rate_is_one_in_ten_years_a_clause() -> None:
    assert math.exp(H) == pytest.approx(3_650)
    assert chance_of_false_alarm(1, 3_650) == pytest.approx(0.632, abs=1e-3)
    assert chance_of_false_alarm(0, 100) == 0
