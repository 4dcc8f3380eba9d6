"""Back-test: exact counts, the target a share would need, and the small distribution beside them."""

import random
import time

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.intervals import Interval
from app.evidence.backtest import (
    ENOUGH,
    distribution,
    kept_share,
    reached_share,
    sorted_times,
    target_for_share,
)

TEN = [float(n) for n in range(1, 11)]
times = st.lists(st.floats(0, 10_000, allow_nan=False), min_size=1, max_size=300).map(sorted)


@pytest.mark.parametrize(
    ("target", "kept"), [(0, 0), (0.999, 0), (1, 1), (1.5, 1), (9.99, 9), (10, 10), (11, 10)]
)
def test_the_target_itself_still_keeps_it(target: float, kept: int) -> None:
    result = kept_share(TEN, target)
    assert (result.kept, result.n, result.share) == (kept, 10, kept / 10)


def test_the_sentence_of_the_editor() -> None:
    """71.3 % (70.5-72.1) of 12,480 tickets within 12 hours: experience P10."""
    minutes = [600.0] * 8898 + [1000.0] * (12480 - 8898)
    result = kept_share(minutes, 720)
    assert result.n == 12480
    assert not result.too_few
    assert result.share is not None
    assert [round(100 * x, 1) for x in (result.share, result.interval.low, result.interval.high)] == [
        71.3,
        70.5,
        72.1,
    ]


def test_no_contacts_say_nothing() -> None:
    result = kept_share([], 10)
    assert (result.kept, result.n, result.share, result.interval) == (0, 0, None, Interval(0.0, 1.0))
    assert result.too_few
    assert target_for_share([], 0.9) is None
    assert distribution([]).share_within(10) is None
    assert distribution([]).points == ()


@pytest.mark.parametrize(("n", "too_few"), [(ENOUGH - 1, True), (ENOUGH, False)])
def test_fewer_than_200_are_too_few(n: int, too_few: bool) -> None:
    assert kept_share([1.0] * n, 10).too_few is too_few


def test_contacts_still_waiting_missed_the_target() -> None:
    result = kept_share(TEN, 10, open_contacts=10)
    assert (result.kept, result.n, result.share) == (10, 20, 0.5)


def test_scores_count_from_the_other_side() -> None:
    result = reached_share([80.0, 85.0, 85.0, 90.0], 85)
    assert (result.kept, result.n) == (3, 4)


@pytest.mark.parametrize(
    ("share", "target"), [(0.01, 1), (0.1, 1), (0.100001, 2), (0.5, 5), (0.9, 9), (0.91, 10), (1, 10)]
)
def test_the_target_a_share_needs(share: float, target: float) -> None:
    assert target_for_share(TEN, share) == target


@pytest.mark.parametrize("share", [0, -0.1, 1.01, 90])
def test_impossible_shares_are_refused(share: float) -> None:
    with pytest.raises(ValueError, match="no share"):
        target_for_share(TEN, share)


@given(times, st.integers(1, 100))
def test_the_target_found_keeps_the_share_and_nothing_smaller_does(
    minutes: list[float], percent: int
) -> None:
    target = target_for_share(minutes, percent / 100)
    assert target is not None
    assert kept_share(minutes, target).kept * 100 >= percent * len(minutes)
    below = [value for value in minutes if value < target]
    assert len(below) * 100 < percent * len(minutes)


@given(times)
def test_the_points_agree_with_numpy(minutes: list[float]) -> None:
    points = distribution(minutes).points
    assert len(points) == 201
    assert list(points) == pytest.approx(
        numpy.quantile(minutes, numpy.linspace(0, 1, 201)).tolist(), abs=1e-6
    )


def test_the_small_distribution_is_off_by_half_a_percent_at_most() -> None:
    draw = random.Random(5)
    minutes = sorted(draw.lognormvariate(4, 1) for _ in range(20_000))
    small = distribution(minutes)
    for target in (1, 10, 30, 60, 120, 500, 5_000):
        exact = kept_share(minutes, target).share
        near = small.share_within(target)
        assert exact is not None
        assert near is not None
        assert abs(exact - near) <= 0.005


def test_outside_the_points_the_share_is_nothing_or_all() -> None:
    small = distribution(TEN)
    assert (small.share_within(0.5), small.share_within(10), small.share_within(99)) == (0.0, 1.0, 1.0)


def test_missing_and_negative_times_are_left_out() -> None:
    assert sorted_times([3.0, None, -1.0, 0.0, 2.0]) == [0.0, 2.0, 3.0]


def test_a_look_up_among_200000_takes_no_time() -> None:
    minutes = [float(n) for n in range(200_000)]
    started = time.process_time()
    for target in range(1000):
        kept_share(minutes, target)
    assert time.process_time() - started < 2
