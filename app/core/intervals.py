"""Owns the interval of a share, for every room that shows a rate. Decides nothing about what a rate means."""

from dataclasses import dataclass
from math import fabs, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """Two shares between 0 and 1 (differences: between -1 and 1), `low` not above `high`."""

    low: float
    high: float


def wilson(kept: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Returns the score interval of Wilson (1927) for a share, without continuity correction.

    With nothing kept the low end is exactly 0, with all kept the high end is exactly 1, and nobody asked (`n` of 0)
    leaves everything open: 0 to 1. Raises ValueError unless 0 <= kept <= n. Used by experience P10, P20, P22, P24.
    """
    if not 0 <= kept <= n:
        raise ValueError(f"{kept} of {n} is no share")
    interval = wilson_share(kept / n if n else 0.0, n, confidence)
    return Interval(0.0 if kept == 0 else interval.low, 1.0 if kept == n else interval.high)


def wilson_share(share: float, n: float, confidence: float = CONFIDENCE) -> Interval:
    """Returns the same interval for a share of an `n` that need not be whole: an effective sample size.

    Raises ValueError for a share outside 0 to 1; an `n` of 0 leaves everything open.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is no share")
    if n <= 0:
        return Interval(0.0, 1.0)
    z = z_value(confidence)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def z_value(confidence: float) -> float:
    """Returns the two-sided normal quantile: 1.96 for 0.95. Raises ValueError outside 0 to 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"{confidence} is no confidence")
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def z_two_sided(z: float) -> float:
    """Returns the probability of a standard normal value at least this far from 0 on either side."""
    return 2 * NormalDist().cdf(-fabs(z))
