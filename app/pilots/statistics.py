"""Owns the comparison of pilot and comparison group: differences, intervals, tests. Judges nothing (`verdict.py`).

Standard library only, so that web workers may show a result; the tests compare with scipy and statsmodels. Every
result names its method: the same figures may be "significant" with one and not with another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb, fsum, inf, sqrt

from app.core.intervals import CONFIDENCE, Interval, wilson
from app.core.student import t_quantile, t_two_sided, z_two_sided


class Method(StrEnum):
    """How an interval or a probability was computed; shown in the method note."""

    NEWCOMBE = "newcombe_hybrid_score"
    """Difference of two shares: Newcombe (1998), method 10, from two Wilson intervals."""
    NEWCOMBE_NET = "newcombe_net_of_before"
    """Net difference of shares: two Newcombe intervals combined the same way (MOVER, Zou and Donner 2008)."""
    Z_POOLED = "z_pooled"
    """Two shares, pooled variance, no continuity correction; its square is chi-square without correction."""
    Z_CORRECTED = "z_continuity_corrected"
    """The same with Yates's continuity correction."""
    Z_UNPOOLED = "z_unpooled"
    """Shares with their own variances."""
    Z_ONE = "z_one_share"
    """One share against a fixed one."""
    WELCH = "welch"
    """Means with their own variances, degrees of freedom by Welch and Satterthwaite."""


@dataclass(frozen=True, slots=True)
class Share:
    """`kept` of `n` contacts."""

    kept: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.kept <= self.n:
            raise ValueError(f"{self.kept} of {self.n} is no share")

    @property
    def value(self) -> float:
        """The share between 0 and 1; 0 without contacts."""
        return self.kept / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Mean:
    """Mean and standard deviation (n - 1) of `n` values, in the unit of the measure."""

    n: int
    mean: float
    deviation: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Mean":
        """Summarises values; no values give a mean of 0 with n of 0, one value a deviation of 0."""
        n = len(values)
        if not n:
            return cls(0, 0.0, 0.0)
        mean = fsum(values) / n
        return cls(n, mean, sqrt(fsum((value - mean) ** 2 for value in values) / (n - 1)) if n > 1 else 0.0)


@dataclass(frozen=True, slots=True)
class Probability:
    """How probable so large a difference would be by chance alone (two-sided), with the statistic behind it.

    `df` is set for tests on means only.
    """

    method: Method
    statistic: float
    p: float
    df: float | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference in points (shares: 0.11 is 11 points) or in the unit of the measure, with interval and chance."""

    value: float
    interval: Interval
    confidence: float
    method: Method
    probability: Probability


def newcombe(first: Share, second: Share, confidence: float = CONFIDENCE) -> Interval:
    """Returns the interval of first minus second by Newcombe's hybrid score; without contacts on a side -1 to 1."""
    if not first.n or not second.n:
        return Interval(-1.0, 1.0)
    a, b = wilson(first.kept, first.n, confidence), wilson(second.kept, second.n, confidence)
    return _combined(first.value, a, second.value, b)


def share_difference(
    first: Share, second: Share, confidence: float = CONFIDENCE, corrected: bool = False
) -> Difference:
    """Compares two shares: first minus second."""
    return Difference(
        value=first.value - second.value,
        interval=newcombe(first, second, confidence),
        confidence=confidence,
        method=Method.NEWCOMBE,
        probability=two_shares_test(first, second, corrected),
    )


def two_shares_test(first: Share, second: Share, corrected: bool = False) -> Probability:
    """Tests whether two shares differ, with a pooled variance; `corrected` applies Yates's correction.

    Shares that cannot differ (no contacts, nothing or everything kept on both sides) give a probability of 1.
    """
    method = Method.Z_CORRECTED if corrected else Method.Z_POOLED
    n = first.n + second.n
    kept = first.kept + second.kept
    if not first.n or not second.n or kept in {0, n}:
        return Probability(method, 0.0, 1.0)
    pooled = kept / n
    error = sqrt(pooled * (1 - pooled) * (1 / first.n + 1 / second.n))
    gap = first.value - second.value
    # The correction never turns the sign: at most the whole gap goes away.
    shrink = min(abs(gap), (1 / first.n + 1 / second.n) / 2) if corrected else 0.0
    z = (abs(gap) - shrink) / error * (1 if gap >= 0 else -1)
    return Probability(method, z, z_two_sided(z))


def one_share_test(share: Share, fixed: float) -> Probability:
    """Tests a share against a fixed one, two-sided, by the normal approximation. Raises ValueError unless 0 < fixed < 1."""
    if not 0 < fixed < 1:
        raise ValueError(f"{fixed} is no share to test against")
    z = (share.value - fixed) / sqrt(fixed * (1 - fixed) / share.n) if share.n else 0.0
    return Probability(Method.Z_ONE, z, z_two_sided(z))


def exact_at_least(share: Share, fixed: float) -> float:
    """Returns the exact binomial probability of at least so many kept if the true share were `fixed`."""
    ways = (
        comb(share.n, k) * fixed**k * (1 - fixed) ** (share.n - k) for k in range(share.kept, share.n + 1)
    )
    return min(1.0, fsum(ways))


def net_share_difference(
    pilot: Share,
    pilot_before: Share,
    comparison: Share,
    comparison_before: Share,
    confidence: float = CONFIDENCE,
) -> Difference:
    """Returns by how much the pilot's share rose more than the comparison's: difference in differences."""
    groups = (pilot, pilot_before, comparison, comparison_before)
    rise = share_difference(pilot, pilot_before, confidence)
    other = share_difference(comparison, comparison_before, confidence)
    value = rise.value - other.value
    interval = _combined(rise.value, rise.interval, other.value, other.interval, bound=2.0)
    if not all(group.n for group in groups):
        return Difference(
            value, Interval(-2.0, 2.0), confidence, Method.NEWCOMBE_NET, _certain(Method.Z_UNPOOLED)
        )
    error = sqrt(fsum(group.value * (1 - group.value) / group.n for group in groups))
    z = value / error if error else (0.0 if value == 0 else inf)
    return Difference(
        value, interval, confidence, Method.NEWCOMBE_NET, Probability(Method.Z_UNPOOLED, z, z_two_sided(z))
    )


def mean_difference(first: Mean, second: Mean, confidence: float = CONFIDENCE) -> Difference:
    """Compares two means by Welch: first minus second."""
    return _welch(first.mean - second.mean, (first, second), confidence)


def net_mean_difference(
    pilot: Mean, pilot_before: Mean, comparison: Mean, comparison_before: Mean, confidence: float = CONFIDENCE
) -> Difference:
    """Returns by how much the pilot's mean rose more than the comparison's, by Welch over the four groups."""
    value = (pilot.mean - pilot_before.mean) - (comparison.mean - comparison_before.mean)
    return _welch(value, (pilot, pilot_before, comparison, comparison_before), confidence)


def _welch(value: float, groups: Sequence[Mean], confidence: float) -> Difference:
    """Two values in each group are the least that says anything; fewer leave the interval open."""
    if any(group.n < 2 for group in groups):
        return Difference(value, Interval(-inf, inf), confidence, Method.WELCH, _certain(Method.WELCH))
    parts = [group.deviation**2 / group.n for group in groups]
    variance = fsum(parts)
    if variance == 0:
        probability = _certain(Method.WELCH) if value == 0 else Probability(Method.WELCH, inf, 0.0)
        return Difference(value, Interval(value, value), confidence, Method.WELCH, probability)
    df = variance**2 / fsum(part**2 / (group.n - 1) for part, group in zip(parts, groups, strict=True))
    error = sqrt(variance)
    reach = t_quantile(confidence, df) * error
    t = value / error
    return Difference(
        value,
        Interval(value - reach, value + reach),
        confidence,
        Method.WELCH,
        Probability(Method.WELCH, t, t_two_sided(t, df), df),
    )


def _combined(first: float, a: Interval, second: float, b: Interval, bound: float = 1.0) -> Interval:
    """The interval of first minus second from the intervals of both (Newcombe's square-and-add)."""
    gap = first - second
    low = gap - sqrt((first - a.low) ** 2 + (b.high - second) ** 2)
    high = gap + sqrt((a.high - first) ** 2 + (second - b.low) ** 2)
    return Interval(max(-bound, low), min(bound, high))


def _certain(method: Method) -> Probability:
    """What a test says when there is nothing to test."""
    return Probability(method, 0.0, 1.0)
