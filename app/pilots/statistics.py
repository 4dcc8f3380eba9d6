"""Owns the comparison of pilot and comparison group: differences, intervals, tests. Judges nothing (`verdict.py`).

Standard library only, so that web workers may show a result; the tests compare with scipy and statsmodels. Every
result names its method: the same figures may be "significant" with one and not with another.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import fsum, inf, sqrt

from app.core.intervals import CONFIDENCE, Interval, wilson, z_two_sided


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
class Probability:
    """How probable so large a difference would be by chance alone (two-sided), with the statistic behind it."""

    method: Method
    statistic: float
    p: float


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


def _combined(first: float, a: Interval, second: float, b: Interval, bound: float = 1.0) -> Interval:
    """The interval of first minus second from the intervals of both (Newcombe's square-and-add)."""
    gap = first - second
    low = gap - sqrt((first - a.low) ** 2 + (b.high - second) ** 2)
    high = gap + sqrt((a.high - first) ** 2 + (second - b.low) ** 2)
    return Interval(max(-bound, low), min(bound, high))


def _certain(method: Method) -> Probability:
    """What a test says when there is nothing to test."""
    return Probability(method, 0.0, 1.0)
