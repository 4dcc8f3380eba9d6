"""Owns rates of compliance: per clause, team and channel with interval, what is hidden, what moved. Reads no rows.

Source: S3 月度合规率报告; experience P22: no names below n = 10, worst first, arrows only for what surely moved.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import TypeVar

from app.core.intervals import CONFIDENCE, Interval, wilson
from app.pilots.statistics import Share, newcombe

LEAST_SHOWN = 10
"""Below this number of checks a rate is hidden: it would name a person and say nothing."""

SIGMAS = 3.0
"""Width of a control chart's limits (Shewhart)."""

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")


class Trend(StrEnum):
    """How a rate moved since the month before."""

    UP = "up"
    """Surely higher: the 95 % interval of the difference lies above 0."""
    DOWN = "down"
    """Surely lower."""
    STEADY = "steady"
    """Nothing sure."""
    UNKNOWN = "unknown"
    """One of the months has too few checks."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`kept` of `checked` contacts. `share` and `interval` are None while the rate is hidden."""

    kept: int
    checked: int
    share: float | None
    interval: Interval | None

    @property
    def is_hidden(self) -> bool:
        """True when too few were checked to show a figure."""
        return self.share is None


def rate(kept: int, checked: int, least: int = LEAST_SHOWN, confidence: float = CONFIDENCE) -> Rate:
    """Returns the rate with its Wilson interval, hidden below `least` checks."""
    interval = wilson(kept, checked, confidence)
    if checked < max(1, least):
        return Rate(kept, checked, None, None)
    return Rate(kept, checked, kept / checked, interval)


def worst_first(rates: Mapping[Key, Rate]) -> list[tuple[Key, Rate]]:
    """Orders groups by share, lowest first; equal ones by more checks, hidden ones last, then by name."""
    return sorted(
        rates.items(),
        key=lambda item: (item[1].is_hidden, item[1].share or 0.0, -item[1].checked, str(item[0])),
    )


def trend(now: Rate, before: Rate) -> Trend:
    """Says whether a rate surely moved since the month before."""
    if now.is_hidden or before.is_hidden:
        return Trend.UNKNOWN
    gap = newcombe(Share(now.kept, now.checked), Share(before.kept, before.checked))
    if gap.low > 0:
        return Trend.UP
    return Trend.DOWN if gap.high < 0 else Trend.STEADY


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A p-chart: the mean share, limits for each sample, and the places (from 0) of samples outside their limits."""

    mean: float
    limits: tuple[Interval, ...]
    outside: tuple[int, ...]


def control_chart(samples: Sequence[tuple[int, int]], sigmas: float = SIGMAS) -> ControlChart | None:
    """Returns the p-chart of (counted, size) samples, oldest first; None without any contact.

    Limits follow the size of each sample and stay between 0 and 1. Source: Montgomery, Shewhart.
    """
    total = sum(size for _, size in samples)
    if not total:
        return None
    mean = sum(counted for counted, _ in samples) / total
    limits = []
    for _, size in samples:
        reach = sigmas * sqrt(mean * (1 - mean) / size) if size else 1.0
        limits.append(Interval(max(0.0, mean - reach), min(1.0, mean + reach)))
    outside = tuple(
        place
        for place, ((counted, size), limit) in enumerate(zip(samples, limits, strict=True))
        if size and not limit.low <= counted / size <= limit.high
    )
    return ControlChart(mean, tuple(limits), outside)
