"""Intervals: Wilson's score interval against published figures and statsmodels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from app.core.intervals import Interval, wilson, wilson_share, z_two_sided, z_value


@pytest.mark.parametrize(
    ("kept", "n", "low", "high"),
    [
        (34, 40, 71, 93),  # experience P20: at 85 % kept, 40 samples can only say 71-93 %
        (85, 100, 77, 91),
        (170, 200, 79, 89),
        (340, 400, 81, 88),
    ],
)
def test_the_precision_sentences_of_the_sampling_page(kept: int, n: int, low: int, high: int) -> None:
    interval = wilson(kept, n)
    assert (round(interval.low * 100), round(interval.high * 100)) == (low, high)


@pytest.mark.parametrize(
    ("kept", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe (1998), one proportion: 81 of 263
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals(kept: int, n: int, low: float, high: float) -> None:
    interval = wilson(kept, n)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_the_ends_are_exact() -> None:
    assert wilson(0, 7).low == 0.0
    assert wilson(7, 7).high == 1.0
    assert wilson(0, 0) == Interval(0.0, 1.0)


@given(st.integers(0, 5000), st.integers(1, 5000), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_agrees_with_statsmodels(kept: int, n: int, confidence: float) -> None:
    kept = min(kept, n)
    interval = wilson(kept, n, confidence)
    low, high = proportion_confint(kept, n, alpha=1 - confidence, method="wilson")
    assert interval.low == pytest.approx(low, abs=1e-9)
    assert interval.high == pytest.approx(high, abs=1e-9)
    assert 0 <= interval.low <= kept / n <= interval.high <= 1


@pytest.mark.parametrize(("kept", "n"), [(-1, 5), (6, 5), (0, -1)])
def test_impossible_counts_are_refused(kept: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(kept, n)


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 95])
def test_impossible_confidence_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="no confidence"):
        z_value(confidence)


def test_an_effective_sample_size_need_not_be_whole() -> None:
    assert wilson_share(0.85, 40) == wilson(34, 40)
    assert wilson_share(0.85, 40.5).low > wilson_share(0.85, 40).low
    assert wilson_share(0.5, 0) == Interval(0.0, 1.0)
    with pytest.raises(ValueError, match="no share"):
        wilson_share(1.5, 10)


@pytest.mark.parametrize("z", [0, 0.5, 1.96, -1.96, 7.1, 40])
def test_normal_probabilities_agree_with_scipy(z: float) -> None:
    assert z_two_sided(z) == pytest.approx(2 * stats.norm.sf(abs(z)), abs=1e-12)
