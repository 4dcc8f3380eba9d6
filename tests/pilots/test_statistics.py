"""Statistics of a pilot: published figures, scipy and statsmodels, and the ends where formulas break."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from app.core.intervals import Interval
from app.pilots.statistics import (
    Method,
    Share,
    net_share_difference,
    newcombe,
    share_difference,
    two_shares_test,
)
from tests.samples import SHARED, present

# Our own copies of published and recomputed figures (the sources stand beside them).
NEWCOMBE_1998_A = (Share(56, 70), Share(48, 80), 0.2, (0.0524, 0.3339))
PROMOTIONS = (Share(21, 24), Share(14, 24))  # gender_discrimination, openintro
ORANGE_JUICE = (Share(301, 1400), Share(133, 1200))  # Montgomery (1991), before and after

shares = st.integers(1, 400).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))


def test_published_interval_of_two_shares() -> None:
    first, second, gap, (low, high) = NEWCOMBE_1998_A
    result = share_difference(first, second)
    assert result.value == pytest.approx(gap)
    assert (round(result.interval.low, 4), round(result.interval.high, 4)) == (low, high)
    assert result.method == Method.NEWCOMBE


def test_the_verdict_at_five_percent_depends_on_the_method() -> None:
    plain, corrected = two_shares_test(*PROMOTIONS), two_shares_test(*PROMOTIONS, corrected=True)
    assert round(plain.statistic**2, 4) == 5.1692
    assert round(plain.p, 5) == 0.02299
    assert round(corrected.statistic**2, 4) == 3.7978
    assert round(corrected.p, 5) == 0.05132
    assert (plain.method, corrected.method) == (Method.Z_POOLED, Method.Z_CORRECTED)


def test_before_and_after_of_the_orange_juice_cans() -> None:
    assert round(two_shares_test(*ORANGE_JUICE).statistic, 1) == 7.1


@pytest.mark.samples
def test_the_shared_answers() -> None:
    for path in present(SHARED / "stats" / "answers.json"):
        answers = json.loads(path.read_text(encoding="utf-8"))
        case = answers["two_proportions_interval"]
        interval = newcombe(Share(case["x1"], case["n1"]), Share(case["x2"], case["n2"]))
        assert [round(end, 4) for end in (interval.low, interval.high)] == case["newcombe_hybrid_score_95"]
        case = answers["two_proportions_test"]
        groups = Share(case["x1"], case["n1"]), Share(case["x2"], case["n2"])
        plain, corrected = two_shares_test(*groups), two_shares_test(*groups, corrected=True)
        assert round(plain.statistic**2, 4) == case["chi2_without_correction"]
        assert round(plain.p, 5) == case["p_without"]
        assert round(corrected.statistic**2, 4) == case["chi2_with_correction"]
        assert round(corrected.p, 5) == case["p_with"]
        case = answers["pchart"]["before_after"]
        z = two_shares_test(Share(case["x1"], case["n1"]), Share(case["x2"], case["n2"])).statistic
        assert round(z, 1) == case["z"]


@given(shares, shares, st.sampled_from([0.9, 0.95, 0.99]))
def test_intervals_agree_with_statsmodels(first: Share, second: Share, confidence: float) -> None:
    interval = newcombe(first, second, confidence)
    low, high = confint_proportions_2indep(
        first.kept, first.n, second.kept, second.n, method="newcomb", compare="diff", alpha=1 - confidence
    )
    assert interval.low == pytest.approx(low, abs=1e-9)
    assert interval.high == pytest.approx(high, abs=1e-9)


@given(shares, shares, st.booleans())
def test_probabilities_agree_with_scipy(first: Share, second: Share, corrected: bool) -> None:
    table = [[first.kept, first.n - first.kept], [second.kept, second.n - second.kept]]
    ours = two_shares_test(first, second, corrected)
    if first.kept + second.kept in {0, first.n + second.n}:
        assert ours.p == 1.0
    else:
        expected = stats.chi2_contingency(table, correction=corrected)
        assert ours.statistic**2 == pytest.approx(expected.statistic, abs=1e-9)
        assert ours.p == pytest.approx(expected.pvalue, abs=1e-9)


def test_net_difference_takes_away_what_the_comparison_gained_too() -> None:
    result = net_share_difference(Share(850, 1000), Share(700, 1000), Share(740, 1000), Share(700, 1000))
    assert result.value == pytest.approx(0.11)
    assert result.interval.low < 0.11 < result.interval.high
    assert (result.method, result.probability.method) == (Method.NEWCOMBE_NET, Method.Z_UNPOOLED)


def test_net_difference_without_any_rise_before_is_the_plain_one_with_more_doubt() -> None:
    plain = share_difference(Share(850, 1000), Share(740, 1000))
    net = net_share_difference(Share(850, 1000), Share(700, 1000), Share(740, 1000), Share(700, 1000))
    assert net.value == pytest.approx(plain.value)
    assert net.interval.high - net.interval.low > plain.interval.high - plain.interval.low


def test_net_interval_covers_the_truth_as_often_as_it_says() -> None:
    draw = random.Random(11)
    truths = (0.80, 0.70, 0.74, 0.71)
    value = (truths[0] - truths[1]) - (truths[2] - truths[3])
    hits = 0
    for _ in range(1500):
        groups = [Share(sum(draw.random() < p for _ in range(120)), 120) for p in truths]
        interval = net_share_difference(groups[0], groups[1], groups[2], groups[3]).interval
        hits += interval.low <= value <= interval.high
    assert 0.93 <= hits / 1500 <= 0.975


@pytest.mark.parametrize("empty", range(4))
def test_an_empty_group_leaves_everything_open(empty: int) -> None:
    groups = [Share(80, 100)] * 4
    groups[empty] = Share(0, 0)
    result = net_share_difference(groups[0], groups[1], groups[2], groups[3])
    assert (result.interval, result.probability.p) == (Interval(-2.0, 2.0), 1.0)


@pytest.mark.parametrize(
    ("first", "second", "interval"),
    [(Share(0, 0), Share(5, 10), Interval(-1.0, 1.0)), (Share(5, 10), Share(0, 0), Interval(-1.0, 1.0))],
)
def test_no_contacts_leave_a_share_open(first: Share, second: Share, interval: Interval) -> None:
    assert newcombe(first, second) == interval
    assert two_shares_test(first, second).p == 1.0


@given(shares, shares)
def test_turning_the_groups_turns_the_interval(first: Share, second: Share) -> None:
    one, other = newcombe(first, second), newcombe(second, first)
    assert one.low == pytest.approx(-other.high)
    assert -1 <= one.low <= first.value - second.value <= one.high <= 1


@pytest.mark.parametrize(("kept", "n"), [(-1, 3), (4, 3)])
def test_impossible_shares_are_refused(kept: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        Share(kept, n)
