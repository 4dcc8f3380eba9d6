"""Owns the verdict on a revision's effect at 30, 60 and 90 days against its registered hypothesis. Reads no rows.

Source: mission 50 and stage 9 (效果评估): the hypothesis is registered before publication; afterwards only this
arithmetic speaks. A difference before and after is no proof of a cause; the dossier says so beside the figure.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.intervals import CONFIDENCE
from app.pilots.statistics import Difference, Share, share_difference

CHECK_DAYS = (30, 60, 90)
"""Days after the effective date at which the effect is computed; the verdict of the last one stands."""

LEAST_CONTACTS = 30
"""Fewer contacts than this before or after say nothing."""

_CLOSE = 1e-12


class Direction(StrEnum):
    """Which way the share kept is expected to go."""

    UP = "up"
    """More contacts keep the target."""
    DOWN = "down"
    """Fewer do; of a share that counts what went wrong."""


class EffectVerdict(StrEnum):
    """What became of the expected effect."""

    REACHED = "reached"
    """Surely better, and by at least the change expected."""
    BETTER = "better"
    """Surely better, but by less than expected."""
    NO_CLEAR_DIFFERENCE = "no_clear_difference"
    """The interval holds both sides."""
    WORSE = "worse"
    """Surely the other way."""
    NOT_ENOUGH_DATA = "not_enough_data"
    """Too few contacts before or after."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """The expected effect as registered: direction and smallest change in points / 100 (0.05 is 5 points)."""

    direction: Direction
    smallest_change: float

    def __post_init__(self) -> None:
        if not 0 < self.smallest_change < 1:
            raise ValueError("the smallest change lies between 0 and 1")


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect after `days`: `difference` is after minus before, `is_final` at the last check."""

    days: int
    before: Share
    after: Share
    difference: Difference
    verdict: EffectVerdict
    is_final: bool


@dataclass(frozen=True, slots=True)
class Window:
    """Instants of a comparison, both ends in UTC, the end excluded."""

    start: dt.datetime
    end: dt.datetime


def windows(effective_at: dt.datetime, days: int) -> tuple[Window, Window]:
    """Returns the window before and the window after the effective instant, both `days` long.

    Equal lengths, so that weekdays and peak days weigh the same. Raises ValueError for an instant without zone.
    """
    if effective_at.tzinfo is None:
        raise ValueError("an instant without zone")
    span = dt.timedelta(days=days)
    return Window(effective_at - span, effective_at), Window(effective_at, effective_at + span)


def effect(
    days: int, before: Share, after: Share, hypothesis: Hypothesis, confidence: float = CONFIDENCE
) -> Effect:
    """Compares the share kept before and after, and judges it against the registered hypothesis."""
    difference = share_difference(after, before, confidence)
    return Effect(
        days=days,
        before=before,
        after=after,
        difference=difference,
        verdict=_verdict(before, after, difference, hypothesis),
        is_final=days >= CHECK_DAYS[-1],
    )


def final(effects: Sequence[Effect]) -> Effect | None:
    """Returns the effect whose verdict stands: the last check; None before it is due."""
    return next((one for one in effects if one.is_final), None)


def _verdict(before: Share, after: Share, difference: Difference, hypothesis: Hypothesis) -> EffectVerdict:
    if min(before.n, after.n) < LEAST_CONTACTS:
        return EffectVerdict.NOT_ENOUGH_DATA
    up = hypothesis.direction == Direction.UP
    low, high = difference.interval.low, difference.interval.high
    gain, worst, best = (difference.value, low, high) if up else (-difference.value, -high, -low)
    if worst > 0:
        return EffectVerdict.REACHED if gain >= hypothesis.smallest_change - _CLOSE else EffectVerdict.BETTER
    return EffectVerdict.WORSE if best < 0 else EffectVerdict.NO_CLEAR_DIFFERENCE
