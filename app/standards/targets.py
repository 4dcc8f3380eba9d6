"""Owns the change of a measure's target as data: "24 -> 12 hours", stricter or looser. Makes no words."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.standards.measures import Comparison, Measure, Unit


class Direction(StrEnum):
    """What a change of the target means for those who must keep it."""

    STRICTER = "stricter"
    """Harder to keep: less time, a higher share, a higher score."""
    LOOSER = "looser"
    """Easier to keep."""
    SAME = "same"
    """Neither value nor share moved; scope, clock or kind may have."""
    UNCLEAR = "unclear"
    """Value and share point in different directions, or the units cannot be compared."""
    NEW = "new"
    """The clause was not measured before."""
    REMOVED = "removed"
    """The clause is no longer measured."""


@dataclass(frozen=True, slots=True)
class TargetChange:
    """One target row of the changes page; a value of None means that side has no measure.

    `scope_changed` states that the population (channel, region, group, priority, category, complexity) or the clock
    differs,
    `kind_changed` that a promise became a goal or the like. A share of None means every contact; a peak value of None
    means that the value counts in peak seasons too.
    """

    direction: Direction
    old_value: Decimal | None
    old_unit: Unit | None
    old_share_percent: Decimal | None
    new_value: Decimal | None
    new_unit: Unit | None
    new_share_percent: Decimal | None
    scope_changed: bool
    kind_changed: bool
    old_peak_value: Decimal | None = None
    new_peak_value: Decimal | None = None


def target_change(old: Measure | None, new: Measure | None) -> TargetChange | None:
    """Compares two states of one measure; None when nothing differs that a reader or a report would notice.

    Targets are shown as "24 -> 12", never struck through (experience 8.7 no. 4); the direction is the semantic label
    of feature 16.
    """
    if old is None and new is None:
        return None
    if old is None or new is None:
        direction, scope_changed, kind_changed = (
            (Direction.REMOVED if new is None else Direction.NEW),
            False,
            False,
        )
    else:
        direction = _direction(old, new)
        scope_changed = _scope(old) != _scope(new)
        kind_changed = old.kind != new.kind
        if direction == Direction.SAME and old.unit == new.unit and not scope_changed and not kind_changed:
            return None
    return TargetChange(
        direction=direction,
        old_value=old.value if old else None,
        old_unit=old.unit if old else None,
        old_share_percent=old.share_percent if old else None,
        new_value=new.value if new else None,
        new_unit=new.unit if new else None,
        new_share_percent=new.share_percent if new else None,
        scope_changed=scope_changed,
        kind_changed=kind_changed,
        old_peak_value=old.peak_value if old else None,
        new_peak_value=new.peak_value if new else None,
    )


def _direction(old: Measure, new: Measure) -> Direction:
    if old.metric != new.metric or old.comparison != new.comparison:
        return Direction.UNCLEAR
    harder = -1 if old.comparison == Comparison.AT_MOST else 1
    steps = set()
    for one, other in ((old, new), (old.in_peak(), new.in_peak())):
        sizes = _comparable(one, other)
        if sizes is None:
            return Direction.UNCLEAR
        steps.add(_sign(sizes[1] - sizes[0]) * harder)
    steps.add(_sign(_share(new) - _share(old)))
    steps.discard(0)
    if not steps:
        return Direction.SAME
    if len(steps) == 2:
        return Direction.UNCLEAR
    return Direction.STRICTER if steps == {1} else Direction.LOOSER


def _comparable(old: Measure, new: Measure) -> tuple[Decimal, Decimal] | None:
    if old.unit == new.unit and old.clock == new.clock:
        return old.value, new.value
    old_minutes, new_minutes = old.minutes(), new.minutes()
    if old.clock != new.clock or old_minutes is None or new_minutes is None:
        return None
    return old_minutes, new_minutes


def _share(measure: Measure) -> Decimal:
    return Decimal(100) if measure.share_percent is None else measure.share_percent


def _scope(measure: Measure) -> tuple[object, ...]:
    who = measure.channels, measure.regions, measure.groups, measure.priorities
    what = measure.categories, measure.complexities
    return *who, *what, measure.clock


def _sign(amount: Decimal) -> int:
    return (amount > 0) - (amount < 0)
