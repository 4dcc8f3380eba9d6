"""Effects: what became of the expectation registered before publication."""

import datetime as dt

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from app.archive.effects import (
    CHECK_DAYS,
    LEAST_CONTACTS,
    Direction,
    EffectVerdict,
    Hypothesis,
    effect,
    final,
    windows,
)
from app.pilots.statistics import Share

MORE_KEPT = Hypothesis(Direction.UP, 0.10)
FEWER_MISSED = Hypothesis(Direction.DOWN, 0.10)
IN_FORCE = dt.datetime(2026, 3, 14, 16, 0, tzinfo=dt.UTC)  # 15 March, midnight in Shanghai


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (Share(700, 1000), Share(850, 1000), EffectVerdict.REACHED),
        (Share(700, 1000), Share(800, 1000), EffectVerdict.REACHED),
        (Share(700, 1000), Share(799, 1000), EffectVerdict.BETTER),
        (Share(700, 1000), Share(720, 1000), EffectVerdict.NO_CLEAR_DIFFERENCE),
        (Share(700, 1000), Share(600, 1000), EffectVerdict.WORSE),
        (Share(14, 29), Share(900, 1000), EffectVerdict.NOT_ENOUGH_DATA),
        (Share(700, 1000), Share(29, 29), EffectVerdict.NOT_ENOUGH_DATA),
        (Share(10, LEAST_CONTACTS), Share(LEAST_CONTACTS, LEAST_CONTACTS), EffectVerdict.REACHED),
        (Share(0, 0), Share(0, 0), EffectVerdict.NOT_ENOUGH_DATA),
    ],
)
def test_the_verdict_against_the_hypothesis(before: Share, after: Share, verdict: EffectVerdict) -> None:
    assert effect(90, before, after, MORE_KEPT).verdict == verdict


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (Share(300, 1000), Share(150, 1000), EffectVerdict.REACHED),
        (Share(300, 1000), Share(250, 1000), EffectVerdict.BETTER),
        (Share(300, 1000), Share(400, 1000), EffectVerdict.WORSE),
    ],
)
def test_a_share_of_what_goes_wrong_should_fall(before: Share, after: Share, verdict: EffectVerdict) -> None:
    assert effect(90, before, after, FEWER_MISSED).verdict == verdict


def test_the_difference_carries_its_interval() -> None:
    found = effect(30, Share(700, 1000), Share(850, 1000), MORE_KEPT)
    low, high = confint_proportions_2indep(850, 1000, 700, 1000, method="newcomb", compare="diff")
    assert found.difference.value == pytest.approx(0.15)
    assert (found.difference.interval.low, found.difference.interval.high) == pytest.approx((low, high))


def test_only_the_last_check_stands() -> None:
    effects = [effect(days, Share(700, 1000), Share(850, 1000), MORE_KEPT) for days in CHECK_DAYS]
    assert [one.is_final for one in effects] == [False, False, True]
    assert final(effects) is effects[2]
    assert final(effects[:2]) is None


def test_both_windows_are_equally_long() -> None:
    before, after = windows(IN_FORCE, 30)
    assert before.end == after.start == IN_FORCE
    assert before.end - before.start == after.end - after.start == dt.timedelta(days=30)


def test_an_instant_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="without zone"):
        windows(dt.datetime(2026, 3, 15), 30)


@pytest.mark.parametrize("change", [0, 1, -0.1, 5])
def test_an_expectation_is_a_change_between_0_and_1(change: float) -> None:
    with pytest.raises(ValueError, match="smallest change"):
        Hypothesis(Direction.UP, change)
