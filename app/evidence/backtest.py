"""Owns the question "how many contacts would have kept this target?" on recorded times. Reads no tickets, makes no words.

Plain lists and `bisect`, no numerical library: this runs in web workers while somebody types (experience P10).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from app.core.intervals import CONFIDENCE, Interval, wilson

POINTS = 201
"""Points of a distribution: every half percent from 0 to 100."""

ENOUGH = 200
"""Fewer contacts than this are "too few to say" (experience P10)."""


@dataclass(frozen=True, slots=True)
class KeptShare:
    """Of `n` contacts `kept` would have kept the target. `share` is None without contacts.

    `too_few` asks the page to say so instead of showing the share.
    """

    kept: int
    n: int
    share: float | None
    interval: Interval
    too_few: bool


@dataclass(frozen=True, slots=True)
class Distribution:
    """The times of one population as 201 points: `points[i]` minutes are kept by i / 2 percent of the contacts.

    Small enough to ship to a browser (486 bytes gzip in the prototype) and to store beside a measure.
    """

    points: tuple[float, ...]
    n: int

    def share_within(self, target_minutes: float) -> float | None:
        """Returns the share of contacts within the target, interpolated between points; None without contacts.

        Off by at most half a percent from the exact count of `kept_share`.
        """
        if not self.n:
            return None
        above = bisect_right(self.points, target_minutes)
        if above == 0:
            return 0.0
        if above == len(self.points):
            return 1.0
        low, high = self.points[above - 1], self.points[above]
        return (above - 1 + (target_minutes - low) / (high - low)) / (len(self.points) - 1)


def distribution(sorted_minutes: Sequence[float], points: int = POINTS) -> Distribution:
    """Condenses sorted times to evenly spaced quantiles; without contacts there are no points."""
    n = len(sorted_minutes)
    if not n:
        return Distribution((), 0)
    return Distribution(tuple(_quantile(sorted_minutes, i / (points - 1)) for i in range(points)), n)


def sorted_times(minutes: Iterable[float | None]) -> list[float]:
    """Returns the recorded times in order; contacts without a time, or with a negative one, are left out."""
    return sorted(value for value in minutes if value is not None and value >= 0)


def kept_share(
    sorted_minutes: Sequence[float],
    target_minutes: float,
    open_contacts: int = 0,
    confidence: float = CONFIDENCE,
) -> KeptShare:
    """Counts exactly how many contacts took at most the target; the target itself still keeps it.

    `open_contacts` are those that have waited longer than the target without an answer: they missed it.
    """
    kept = bisect_right(sorted_minutes, target_minutes)
    n = len(sorted_minutes) + open_contacts
    return KeptShare(kept, n, kept / n if n else None, wilson(kept, n, confidence), n < ENOUGH)


def reached_share(sorted_values: Sequence[float], target: float, confidence: float = CONFIDENCE) -> KeptShare:
    """Counts exactly how many values reach at least the target: the mirror of `kept_share` for scores."""
    n = len(sorted_values)
    kept = n - bisect_left(sorted_values, target)
    return KeptShare(kept, n, kept / n if n else None, wilson(kept, n, confidence), n < ENOUGH)


def target_for_share(sorted_minutes: Sequence[float], share: float) -> float | None:
    """Returns the smallest recorded time that at least this share of contacts keeps; None without contacts.

    "For 90 % you need 23 h" (experience 12.3). Raises ValueError unless 0 < share <= 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"{share} is no share")
    n = len(sorted_minutes)
    # 0.9 * 10 is 9.000000000000002 in some orders of arithmetic: the smallest whole number of contacts decides.
    return sorted_minutes[min(n, max(1, ceil(share * n - 1e-9))) - 1] if n else None


def _quantile(sorted_minutes: Sequence[float], share: float) -> float:
    """Linear between neighbours, as most programs count it (numpy's default)."""
    place = share * (len(sorted_minutes) - 1)
    below = int(place)
    above = min(below + 1, len(sorted_minutes) - 1)
    return sorted_minutes[below] + (sorted_minutes[above] - sorted_minutes[below]) * (place - below)
