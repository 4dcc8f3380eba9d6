"""Planning: how many contacts, how many weeks, how small a change, and whether the groups are alike."""

import pytest
from statsmodels.stats.proportion import power_proportions_2indep

from app.pilots.planning import (
    Alike,
    likeness,
    needed_for_shares,
    smallest_visible_share,
    weeks_needed,
)
from app.pilots.statistics import Share


@pytest.mark.parametrize(
    ("base", "change", "needed"),
    [
        (0.60, 0.10, 356),  # Fleiss, Levin and Paik: 0.6 against 0.7, power 0.8
        (0.50, 0.10, 388),
        (0.10, 0.05, 686),
        (0.90, 0.05, 435),
        (0.97, 0.05, 326),  # no room upwards: taken downwards
    ],
)
def test_contacts_needed_for_a_share(base: float, change: float, needed: int) -> None:
    assert needed_for_shares(base, change) == needed


@pytest.mark.parametrize(("base", "change"), [(0.5, 0.1), (0.7, 0.04), (0.2, 0.15), (0.85, 0.03)])
def test_that_many_contacts_have_the_power_promised(base: float, change: float) -> None:
    needed = needed_for_shares(base, change)
    assert needed is not None

    def power(n: int) -> float:
        return float(power_proportions_2indep(change, base, n, return_results=False))

    assert power(needed) >= 0.8 - 1e-4
    assert power(needed - 2) < 0.8


def test_the_weeks_before_add_their_own_doubt() -> None:
    alone = needed_for_shares(0.7, 0.05)
    with_long_before = needed_for_shares(0.7, 0.05, before_per_group=100_000)
    with_short_before = needed_for_shares(0.7, 0.05, before_per_group=2_500)
    assert alone is not None
    assert with_long_before is not None
    assert with_short_before is not None
    assert with_long_before < alone * 1.05 < with_short_before
    assert needed_for_shares(0.7, 0.05, before_per_group=500) is None
    assert needed_for_shares(0.7, 0.05, before_per_group=0) is None


@pytest.mark.parametrize("per_group", [50, 200, 2100, 10_000])
def test_the_smallest_visible_change_needs_just_these_contacts(per_group: int) -> None:
    visible = smallest_visible_share(0.7, per_group)
    needed = needed_for_shares(0.7, visible)
    assert needed is not None
    assert abs(needed - per_group) <= 1


def test_next_to_no_contacts_show_nothing() -> None:
    assert smallest_visible_share(0.7, 0) == 1.0
    assert smallest_visible_share(0.7, 2) == 1.0


@pytest.mark.parametrize(
    ("needed", "volumes", "weeks"),
    [
        (2100, [430, 600], 5),
        (2100, [420, 600], 5),
        (2100, [419, 600], 6),
        (1, [100, 100], 1),
        (10, [0, 5], None),
        (10, [], None),
    ],
)
def test_weeks_go_by_the_smaller_group(needed: int, volumes: list[float], weeks: int | None) -> None:
    assert weeks_needed(needed, volumes) == weeks


@pytest.mark.parametrize(("base", "change"), [(0, 0.1), (1, 0.1), (0.5, 0), (0.5, 0.6), (0.5, -0.1)])
def test_impossible_plans_are_refused(base: float, change: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        needed_for_shares(base, change)


def weeks(*percents: float, n: int = 400) -> list[Share]:
    return [Share(round(percent * n / 100), n) for percent in percents]


STEADY = weeks(70, 71, 69, 70, 72, 70, 69, 71)


@pytest.mark.parametrize(
    ("pilot", "comparison", "alike"),
    [
        (STEADY, weeks(71, 70, 70, 71, 70, 71, 70, 70), Alike.SIMILAR),
        (STEADY, weeks(66, 67, 65, 66, 67, 66, 65, 66), Alike.SIMILAR),
        (STEADY, weeks(56, 57, 55, 56, 57, 56, 55, 56), Alike.OTHER_LEVEL),
        (weeks(62, 64, 66, 68, 70, 72, 74, 76), STEADY, Alike.OTHER_COURSE),
        (STEADY, weeks(62, 64, 66, 68, 70, 72, 74, 76), Alike.OTHER_COURSE),
        (weeks(62, 64, 66, 68, 70, 72, 74, 76), weeks(61, 64, 65, 68, 69, 72, 73, 76), Alike.SIMILAR),
        (STEADY[:3], STEADY[:3], Alike.TOO_FEW),
        (weeks(70, 71, 69, 70, 72, 70, 69, 71, n=9), STEADY, Alike.TOO_FEW),
        ([], [], Alike.TOO_FEW),
        (
            weeks(100, 100, 100, 100, 100, 100, 100, 100),
            weeks(100, 100, 100, 100, 100, 100, 100, 100),
            Alike.SIMILAR,
        ),
    ],
)
def test_groups_must_have_been_alike(pilot: list[Share], comparison: list[Share], alike: Alike) -> None:
    assert likeness(pilot, comparison, smallest_change=0.05).alike == alike


def test_likeness_tells_the_gap_and_its_course() -> None:
    found = likeness(weeks(62, 64, 66, 68, 70, 72, 74, 76), weeks(*[70] * 8), smallest_change=0.05)
    assert found.drift == pytest.approx(0.14, abs=0.01)
    assert found.gap == pytest.approx(-0.01, abs=0.01)
    assert found.drift_interval is not None
    assert found.drift_interval.low > 0
    assert found.weeks == 8
