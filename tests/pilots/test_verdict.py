"""Verdicts: the four answers at their boundaries, and a stop rule that looking every week does not trigger."""

import random

import pytest

from app.core.intervals import Interval
from app.pilots.statistics import Difference, Method, Probability, Share, net_share_difference
from app.pilots.verdict import LEAST_PER_GROUP, STOP_CONFIDENCE, Verdict, judge, must_stop, overall


def difference(low: float, high: float, confidence: float = 0.95) -> Difference:
    chance = Probability(Method.Z_UNPOOLED, 0.0, 1.0)
    return Difference((low + high) / 2, Interval(low, high), confidence, Method.NEWCOMBE_NET, chance)


def verdict_of(
    low: float, high: float, n: int = 500, needed: int = 400, up: bool = True, missing: float = 0
) -> Verdict:
    return judge(
        difference(low, high),
        higher_is_better=up,
        smallest_change=0.05,
        smallest_group=n,
        needed_per_group=needed,
        missing_share=missing,
    ).verdict


@pytest.mark.parametrize(
    ("low", "high", "n", "up", "missing", "verdict"),
    [
        (0.01, 0.10, 500, True, 0, Verdict.BETTER),
        (0.0, 0.10, 500, True, 0, Verdict.NO_CLEAR_DIFFERENCE),
        (-0.10, -0.01, 500, True, 0, Verdict.WORSE),
        (-0.10, 0.0, 500, True, 0, Verdict.NO_CLEAR_DIFFERENCE),
        (-0.10, -0.01, 500, False, 0, Verdict.BETTER),
        (0.01, 0.10, 500, False, 0, Verdict.WORSE),
        (-0.1, 0.1, 400, True, 0, Verdict.NO_CLEAR_DIFFERENCE),
        (-0.1, 0.1, 399, True, 0, Verdict.NOT_ENOUGH_DATA),
        (0.01, 0.10, 399, True, 0, Verdict.BETTER),
        (0.01, 0.10, LEAST_PER_GROUP, True, 0, Verdict.BETTER),
        (0.01, 0.10, LEAST_PER_GROUP - 1, True, 0, Verdict.NOT_ENOUGH_DATA),
        (0.01, 0.10, 500, True, 0.10, Verdict.BETTER),
        (0.01, 0.10, 500, True, 0.11, Verdict.NOT_ENOUGH_DATA),
        (float("-inf"), float("inf"), 500, True, 0, Verdict.NOT_ENOUGH_DATA),
    ],
)
def test_the_four_verdicts(
    low: float, high: float, n: int, up: bool, missing: float, verdict: Verdict
) -> None:
    assert verdict_of(low, high, n, up=up, missing=missing) == verdict


@pytest.mark.parametrize(
    ("low", "high", "worth", "surely"),
    [
        (0.01, 0.05, False, False),
        (0.01, 0.09, True, False),
        (0.05, 0.15, True, True),
        (-0.01, 0.2, False, False),
    ],
)
def test_better_is_not_yet_worth_it(low: float, high: float, worth: bool, surely: bool) -> None:
    judged = judge(
        difference(low, high),
        higher_is_better=True,
        smallest_change=0.05,
        smallest_group=500,
        needed_per_group=400,
    )
    assert (judged.is_worth_it, judged.is_surely_worth_it) == (worth, surely)


def test_a_gain_is_positive_whatever_the_direction() -> None:
    judged = judge(
        difference(-12, -4), higher_is_better=False, smallest_change=5, smallest_group=99, needed_per_group=50
    )
    assert judged.gain == Interval(4, 12)
    assert judged.is_worth_it


def test_a_worse_guard_measure_decides() -> None:
    unclear = Verdict.NO_CLEAR_DIFFERENCE
    assert overall(Verdict.BETTER, [unclear]) == Verdict.BETTER
    assert overall(Verdict.BETTER, []) == Verdict.BETTER
    assert overall(Verdict.BETTER, [unclear, Verdict.WORSE]) == Verdict.WORSE


@pytest.mark.parametrize(
    ("low", "high", "allowed", "n", "stops"),
    [
        (-0.20, -0.01, 0.0, 100, True),
        (-0.20, 0.0, 0.0, 100, False),
        (-0.20, -0.03, 0.03, 100, False),
        (-0.20, -0.031, 0.03, 100, True),
        (-0.20, -0.01, 0.0, LEAST_PER_GROUP - 1, False),
        (0.01, 0.20, 0.0, 100, False),
    ],
)
def test_a_pilot_stops_for_sure_harm_only(
    low: float, high: float, allowed: float, n: int, stops: bool
) -> None:
    net = difference(low, high, STOP_CONFIDENCE)
    assert must_stop(net, higher_is_better=True, harm_allowed=allowed, smallest_group=n) is stops


def test_harm_of_a_falling_measure_is_a_rise() -> None:
    net = difference(2, 9, STOP_CONFIDENCE)
    assert must_stop(net, higher_is_better=False, harm_allowed=1, smallest_group=99)


def test_the_stop_rule_refuses_narrow_intervals_and_negative_harm() -> None:
    with pytest.raises(ValueError, match="wide interval"):
        must_stop(difference(-1, -0.5), higher_is_better=True, harm_allowed=0, smallest_group=99)
    with pytest.raises(ValueError, match="not negative"):
        must_stop(difference(-1, -0.5, 0.999), higher_is_better=True, harm_allowed=-1, smallest_group=99)


def test_looking_every_week_seldom_stops_a_harmless_pilot() -> None:
    draw = random.Random(4)
    stopped = 0
    for _ in range(300):
        counts = [[0, 0], [0, 0]]
        for _week in range(8):
            for group in counts:
                group[0] += sum(draw.random() < 0.8 for _ in range(60))
                group[1] += 60
            pilot, comparison = (Share(kept, n) for kept, n in counts)
            before = Share(800, 1000)
            net = net_share_difference(pilot, before, comparison, before, STOP_CONFIDENCE)
            if must_stop(net, higher_is_better=True, harm_allowed=0.0, smallest_group=pilot.n):
                stopped += 1
                break
    assert stopped <= 6
