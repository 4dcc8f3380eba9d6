"""Owns how a benchmark stands against one measure of ours: ahead, even, behind or not comparable. Pure; knows no table."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.standards.measures import Comparison, Measure, Unit


class Standing(StrEnum):
    """Where we stand against somebody else."""

    AHEAD = "ahead"
    """Ours is stricter."""
    EVEN = "even"
    """Both say the same."""
    BEHIND = "behind"
    """Theirs is stricter."""
    OPEN = "open"
    """We promise nothing of this kind, or the two cannot be compared."""


@dataclass(frozen=True)
class Theirs:
    """What somebody else promises, as the comparison needs it."""

    metric: str
    comparison: Comparison
    value: Decimal
    unit: Unit


def compare(theirs: Theirs, ours: Measure) -> Standing:
    """Compares one measure with theirs; times are compared in minutes, other units only with the same unit."""
    if ours.metric != theirs.metric or ours.comparison is not theirs.comparison:
        return Standing.OPEN
    their_measure = Measure("m00", "c00", theirs.metric, theirs.comparison, theirs.value, theirs.unit)
    mine, other = ours.minutes(), their_measure.minutes()
    if mine is None or other is None:
        if ours.unit is not theirs.unit:
            return Standing.OPEN
        mine, other = ours.value, theirs.value
    if mine == other:
        return Standing.EVEN
    is_stricter = mine < other if ours.comparison is Comparison.AT_MOST else mine > other
    return Standing.AHEAD if is_stricter else Standing.BEHIND


def nearest(theirs: Theirs, ours: Iterable[Measure]) -> tuple[Measure | None, Standing]:
    """Returns the measure of a clause that answers theirs, the strictest comparable one, and how we stand.

    None and `open` when none compares.
    """
    best: tuple[Measure | None, Standing] = (None, Standing.OPEN)
    order = [Standing.OPEN, Standing.BEHIND, Standing.EVEN, Standing.AHEAD]
    for measure in ours:
        standing = compare(theirs, measure)
        if order.index(standing) > order.index(best[1]):
            best = (measure, standing)
    return best
