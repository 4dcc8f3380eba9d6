"""Owns the size, the length and the groups of a pilot before it starts. Judges no result (`verdict.py`).

Source: experience P13: how many contacts, how many weeks, what the smallest visible change is, are the groups alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, sqrt

from app.core.intervals import CONFIDENCE, Interval, z_value
from app.pilots.statistics import Share

POWER = 0.8
"""The chance to see a change that is really there."""

LEAST_A_WEEK = 10
"""Contacts a group needs in a week for the week to count."""

LEAST_WEEKS = 4
"""Fewer usable weeks say nothing about being alike."""

LEVEL_POINTS = 0.10
"""Groups further apart than this in level are too different to stand for each other."""

_CELL = 1e-9


class Alike(StrEnum):
    """What the weeks before say about the two groups."""

    SIMILAR = "similar"
    """Level and course are close enough."""
    OTHER_LEVEL = "other_level"
    """One group was far better all along."""
    OTHER_COURSE = "other_course"
    """The gap between them was already moving: a net difference would be an accident."""
    TOO_FEW = "too_few"
    """Not enough weeks with enough contacts."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike the groups were. `gap` is the mean weekly gap in points, `drift` its change over all weeks.

    `drift_interval` is the 95 % interval of that change; both are None when there are too few weeks.
    """

    alike: Alike
    gap: float | None
    drift: float | None
    drift_interval: Interval | None
    weeks: int


def needed_for_shares(
    base_share: float,
    smallest_change: float,
    before_per_group: int | None = None,
    power: float = POWER,
    confidence: float = CONFIDENCE,
) -> int | None:
    """Returns the contacts needed in each group to see a share change by `smallest_change` (0.05 is 5 points).

    With `before_per_group` the weeks before are part of the comparison and add their own uncertainty; None when they
    are too few for that change, however long the pilot runs. The change is taken upwards unless that passes 1.
    Fleiss, Levin and Paik, without continuity correction. Raises ValueError for a share or change outside 0 to 1.
    """
    _require_share(base_share, smallest_change)
    other = base_share + smallest_change if base_share + smallest_change < 1 else base_share - smallest_change
    spread = base_share * (1 - base_share) + other * (1 - other)
    middle = (base_share + other) / 2
    z_error, z_power = z_value(confidence), z_value(2 * power - 1)
    if before_per_group is None:
        root = z_error * sqrt(2 * middle * (1 - middle)) + z_power * sqrt(spread)
        return ceil(root**2 / smallest_change**2)
    left = (smallest_change / (z_error + z_power)) ** 2 - 2 * base_share * (1 - base_share) / max(
        1, before_per_group
    )
    return ceil(spread / left) if left > _CELL**2 else None


def smallest_visible_share(
    base_share: float, per_group: int, power: float = POWER, confidence: float = CONFIDENCE
) -> float:
    """Returns the smallest change of a share that so many contacts in each group would show, in points / 100.

    "Even 12 weeks would only show changes of 9 points and more." 1.0 when none would.
    """
    low, high = 1e-6, max(base_share, 1 - base_share) - 1e-6
    if per_group < 1 or (needed_for_shares(base_share, high, None, power, confidence) or 0) > per_group:
        return 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if (needed_for_shares(base_share, middle, None, power, confidence) or 0) > per_group:
            low = middle
        else:
            high = middle
    return high


def weeks_needed(needed_per_group: int, weekly_volumes: Sequence[float]) -> int | None:
    """Returns the whole weeks until the smaller group has enough contacts; None when a group has none."""
    slowest = min(weekly_volumes, default=0)
    return ceil(needed_per_group / slowest) if slowest > 0 else None


def likeness(
    pilot_weeks: Sequence[Share], comparison_weeks: Sequence[Share], smallest_change: float
) -> Likeness:
    """Compares the weeks before the start, oldest first, both groups in step.

    The groups are not alike when their gap surely moved over these weeks (95 %) by at least half the change that is
    looked for, or when the level differs by more than ten points or twice that change. A straight line through the
    weekly gaps, weighted by how sure each week is.
    """
    points = [
        (week, p.value - c.value, 1 / (_variance(p) + _variance(c)))
        for week, (p, c) in enumerate(zip(pilot_weeks, comparison_weeks, strict=True))
        if min(p.n, c.n) >= LEAST_A_WEEK
    ]
    if len(points) < LEAST_WEEKS:
        return Likeness(Alike.TOO_FEW, None, None, None, len(points))
    weight = sum(w for _, _, w in points)
    middle = sum(w * week for week, _, w in points) / weight
    gap = sum(w * value for _, value, w in points) / weight
    spread = sum(w * (week - middle) ** 2 for week, _, w in points)
    slope = sum(w * (week - middle) * value for week, value, w in points) / spread
    span = points[-1][0] - points[0][0]
    reach = z_value(CONFIDENCE) / sqrt(spread) * span
    drift = slope * span
    interval = Interval(drift - reach, drift + reach)
    moved = (interval.low > 0 or interval.high < 0) and abs(drift) >= smallest_change / 2
    if moved:
        alike = Alike.OTHER_COURSE
    elif abs(gap) > max(LEVEL_POINTS, 2 * smallest_change):
        alike = Alike.OTHER_LEVEL
    else:
        alike = Alike.SIMILAR
    return Likeness(alike, gap, drift, interval, len(points))


def _variance(share: Share) -> float:
    """Of one week's share, with half a contact added to each side so that 0 % and 100 % are not certain."""
    value = (share.kept + 0.5) / (share.n + 1)
    return value * (1 - value) / share.n


def _require_share(base_share: float, change: float) -> None:
    if not 0 < base_share < 1 or not 0 < change < max(base_share, 1 - base_share):
        raise ValueError("a share and a change between 0 and 1 are needed, with room for the change")
