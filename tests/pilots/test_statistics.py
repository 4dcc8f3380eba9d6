"""Statistics of a pilot: published figures, scipy and statsmodels, and the ends where formulas break."""

import csv
import json
import random
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from app.core.intervals import Interval
from app.pilots.statistics import (
    Mean,
    Method,
    Share,
    exact_at_least,
    mean_difference,
    net_mean_difference,
    net_share_difference,
    newcombe,
    one_share_test,
    share_difference,
    two_shares_test,
)
from tests.samples import SHARED, present

# Our own copies of published and recomputed figures (the sources stand beside them).
NEWCOMBE_1998_A = (Share(56, 70), Share(48, 80), 0.2, (0.0524, 0.3339))
PROMOTIONS = (Share(21, 24), Share(14, 24))  # gender_discrimination, openintro
ORANGE_JUICE = (Share(301, 1400), Share(133, 1200))  # Montgomery (1991), before and after
SERVICE_SECONDS_AM = (38, 100, 64, 43, 63, 59, 107, 52, 86, 77)  # ffood, ipsRdbs
SERVICE_SECONDS_PM = (45, 62, 52, 72, 81, 88, 64, 75, 59, 70)

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


def test_one_share_against_a_fixed_one() -> None:
    """NIST e-Handbook 7.2.4: 26 of 200 against 10 %."""
    assert round(one_share_test(Share(26, 200), 0.1).statistic, 5) == 1.41421
    assert round(exact_at_least(Share(26, 200), 0.1), 5) == 0.10046


def test_waiting_at_the_counter_in_the_morning_and_in_the_afternoon() -> None:
    result = mean_difference(Mean.of(SERVICE_SECONDS_AM), Mean.of(SERVICE_SECONDS_PM))
    assert result.value == pytest.approx(68.9 - 66.8)
    assert round(result.probability.statistic, 4) == 0.2493
    assert result.probability.df is not None
    assert round(result.probability.df, 1) == 14.2
    assert round(result.probability.p, 4) == 0.8067
    assert result.probability.method == Method.WELCH


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
        case = answers["one_proportion"]
        share = Share(case["x"], case["n"])
        assert round(one_share_test(share, case["p0"]).statistic, 5) == case["computed"]["z"]
        assert round(exact_at_least(share, case["p0"]), 5) == case["computed"]["exact_p"]
        case = answers["pchart"]["before_after"]
        z = two_shares_test(Share(case["x1"], case["n1"]), Share(case["x2"], case["n2"])).statistic
        assert round(z, 1) == case["z"]


@pytest.mark.samples
def test_the_shared_tables() -> None:
    for path in present(SHARED / "stats" / "ffood.csv"):
        answers = json.loads((SHARED / "stats" / "answers.json").read_text(encoding="utf-8"))["two_means"]
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        am, pm = (Mean.of([float(row[column]) for row in rows]) for column in ("AM", "PM"))
        result = mean_difference(am, pm)
        assert (round(am.mean, 1), round(pm.mean, 1)) == (answers["mean_AM"], answers["mean_PM"])
        assert (round(am.deviation, 2), round(pm.deviation, 2)) == (answers["sd_AM"], answers["sd_PM"])
        assert round(result.probability.statistic, 4) == answers["welch_t"]
        assert result.probability.df is not None
        assert round(result.probability.df, 1) == answers["df"]
        assert round(result.probability.p, 4) == answers["p"]


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


@given(
    st.lists(st.floats(-1000, 1000), min_size=2, max_size=40, unique=True),
    st.lists(st.floats(-1000, 1000), min_size=2, max_size=40, unique=True),
)
def test_welch_agrees_with_scipy(first: list[float], second: list[float]) -> None:
    if max(first) - min(first) < 1e-3 or max(second) - min(second) < 1e-3:
        return
    result = mean_difference(Mean.of(first), Mean.of(second))
    expected = stats.ttest_ind(first, second, equal_var=False)
    interval = expected.confidence_interval(0.95)
    assert result.probability.statistic == pytest.approx(expected.statistic, rel=1e-6, abs=1e-9)
    assert result.probability.p == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-9)
    assert result.interval.low == pytest.approx(interval.low, rel=1e-6, abs=1e-6)
    assert result.interval.high == pytest.approx(interval.high, rel=1e-6, abs=1e-6)


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


def test_net_means_by_hand() -> None:
    pilot, before = Mean(10, 12.0, 2.0), Mean(20, 10.0, 3.0)
    comparison, comparison_before = Mean(30, 11.0, 1.0), Mean(40, 10.0, 4.0)
    result = net_mean_difference(pilot, before, comparison, comparison_before)
    parts = [4 / 10, 9 / 20, 1 / 30, 16 / 40]
    df = sum(parts) ** 2 / sum(part**2 / (n - 1) for part, n in zip(parts, (10, 20, 30, 40), strict=True))
    assert result.value == 1.0
    assert result.probability.df == pytest.approx(df)
    assert result.probability.statistic == pytest.approx(1 / sum(parts) ** 0.5)
    assert result.interval.high == pytest.approx(1 + stats.t.ppf(0.975, df) * sum(parts) ** 0.5)


@pytest.mark.parametrize("empty", range(4))
def test_an_empty_group_leaves_everything_open(empty: int) -> None:
    groups = [Share(80, 100)] * 4
    groups[empty] = Share(0, 0)
    result = net_share_difference(groups[0], groups[1], groups[2], groups[3])
    assert (result.interval, result.probability.p) == (Interval(-2.0, 2.0), 1.0)


def test_too_few_values_leave_a_mean_open() -> None:
    result = mean_difference(Mean.of([5.0]), Mean.of([1.0, 2.0, 3.0]))
    assert (result.interval, result.probability.p) == (Interval(-inf, inf), 1.0)
    assert Mean.of([]) == Mean(0, 0.0, 0.0)


def test_values_that_never_vary_are_certain() -> None:
    same = mean_difference(Mean.of([5.0, 5.0]), Mean.of([5.0, 5.0]))
    other = mean_difference(Mean.of([6.0, 6.0]), Mean.of([5.0, 5.0]))
    assert (same.interval, same.probability.p) == (Interval(0.0, 0.0), 1.0)
    assert (other.interval, other.probability.p) == (Interval(1.0, 1.0), 0.0)


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


@pytest.mark.parametrize("fixed", [0, 1, -1])
def test_impossible_fixed_shares_are_refused(fixed: float) -> None:
    with pytest.raises(ValueError, match="no share to test"):
        one_share_test(Share(1, 3), fixed)
