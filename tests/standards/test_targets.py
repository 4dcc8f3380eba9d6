"""Targets: what a changed number means for those who must keep it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.standards.measures import Clock, Comparison, Kind, Measure, Unit
from app.standards.targets import Direction, target_change

FIRST_REPLY = Measure(
    id="m01",
    clause_id="c07",
    metric="first_reply_time",
    comparison=Comparison.AT_MOST,
    value=Decimal(24),
    unit=Unit.HOUR,
    share_percent=Decimal(90),
    kind=Kind.PROMISE,
)
SATISFACTION = replace(
    FIRST_REPLY,
    metric="csat",
    comparison=Comparison.AT_LEAST,
    value=Decimal(85),
    unit=Unit.POINT,
    share_percent=None,
)


@pytest.mark.parametrize(
    ("old", "changes", "expected"),
    [
        (FIRST_REPLY, {"value": Decimal(12)}, Direction.STRICTER),
        (FIRST_REPLY, {"value": Decimal(36)}, Direction.LOOSER),
        (FIRST_REPLY, {"share_percent": Decimal(95)}, Direction.STRICTER),
        (FIRST_REPLY, {"share_percent": None}, Direction.STRICTER),
        (FIRST_REPLY, {"share_percent": Decimal(80)}, Direction.LOOSER),
        (FIRST_REPLY, {"value": Decimal(12), "share_percent": Decimal(80)}, Direction.UNCLEAR),
        (FIRST_REPLY, {"value": Decimal(12), "share_percent": Decimal(95)}, Direction.STRICTER),
        (FIRST_REPLY, {"value": Decimal(1440), "unit": Unit.MINUTE}, Direction.SAME),
        (FIRST_REPLY, {"value": Decimal(1439), "unit": Unit.MINUTE}, Direction.STRICTER),
        (FIRST_REPLY, {"value": Decimal(2), "unit": Unit.WORKING_DAY}, Direction.UNCLEAR),
        (FIRST_REPLY, {"clock": Clock.WORKING}, Direction.UNCLEAR),
        (FIRST_REPLY, {"metric": "resolution_time"}, Direction.UNCLEAR),
        (FIRST_REPLY, {"comparison": Comparison.AT_LEAST}, Direction.UNCLEAR),
        (SATISFACTION, {"value": Decimal(90)}, Direction.STRICTER),
        (SATISFACTION, {"value": Decimal(80)}, Direction.LOOSER),
    ],
)
def test_direction_says_what_is_harder_to_keep(old: Measure, changes: dict, expected: Direction) -> None:
    change = target_change(old, replace(old, **changes))
    assert change is not None
    assert change.direction == expected


def test_a_change_carries_both_sides() -> None:
    change = target_change(FIRST_REPLY, replace(FIRST_REPLY, value=Decimal(12)))
    assert change is not None
    assert (change.old_value, change.old_unit, change.new_value, change.new_unit) == (
        24,
        Unit.HOUR,
        12,
        Unit.HOUR,
    )
    assert not change.scope_changed
    assert not change.kind_changed


def test_a_changed_population_is_a_change_of_scope() -> None:
    change = target_change(FIRST_REPLY, replace(FIRST_REPLY, regions=("east",)))
    assert change is not None
    assert (change.direction, change.scope_changed) == (Direction.SAME, True)


def test_a_changed_kind_is_noticed() -> None:
    change = target_change(FIRST_REPLY, replace(FIRST_REPLY, kind=Kind.GOAL))
    assert change is not None
    assert change.kind_changed


def test_no_difference_gives_no_row() -> None:
    assert target_change(None, None) is None
    assert target_change(FIRST_REPLY, FIRST_REPLY) is None
    assert target_change(FIRST_REPLY, replace(FIRST_REPLY, value=Decimal("24.0"))) is None


def test_a_new_and_a_removed_measure_are_named() -> None:
    added, removed = target_change(None, FIRST_REPLY), target_change(FIRST_REPLY, None)
    assert added is not None
    assert removed is not None
    assert (added.direction, added.old_value) == (Direction.NEW, None)
    assert (removed.direction, removed.new_value) == (Direction.REMOVED, None)
