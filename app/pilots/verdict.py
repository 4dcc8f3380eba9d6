"""Owns the four verdicts of a pilot and its stop rule. Computes no differences (`statistics.py`), makes no words.

Source: experience D13 and P14: Better, No clear difference, Worse, Not enough data, and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import isinf

from app.core.intervals import Interval
from app.pilots.statistics import Difference

LEAST_PER_GROUP = 30
"""Below this nothing is said, whatever the interval: approximations do not hold."""

MOST_MISSING = 0.10
"""A verdict is withheld when more of the expected readings than this are missing (experience 6.31)."""

STOP_CONFIDENCE = 0.999
"""Interim looks may only stop for harm, and only beyond this confidence (Haybittle and Peto), so that looking every
week does not make chance look like harm."""


_CLOSE = 1e-12  # 0.05 computed from counts may be 0.049999999999999996


class Verdict(StrEnum):
    """What a pilot measure says."""

    BETTER = "better"
    """The whole interval lies on the good side."""
    NO_CLEAR_DIFFERENCE = "no_clear_difference"
    """Enough contacts were seen, and the interval holds both sides."""
    WORSE = "worse"
    """The whole interval lies on the bad side."""
    NOT_ENOUGH_DATA = "not_enough_data"
    """Too few contacts, or too many readings missing, to say more."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one measure.

    `gain` is the interval of the net difference turned so that positive is better. `is_worth_it` states that the gain
    found reaches the smallest change worth having, `is_surely_worth_it` that even the low end does.
    """

    verdict: Verdict
    gain: Interval
    is_worth_it: bool
    is_surely_worth_it: bool


def judge(
    net: Difference,
    *,
    higher_is_better: bool,
    smallest_change: float,
    smallest_group: int,
    needed_per_group: int,
    missing_share: float = 0.0,
) -> Judgement:
    """Returns the verdict on the net difference of one measure.

    `smallest_group` is the number of contacts in the smallest of the four groups, `needed_per_group` the plan's. A
    clear difference counts before the planned number is reached; an unclear one is "not enough data" until then.
    """
    gain = _turned(net.interval, higher_is_better)
    value = net.value if higher_is_better else -net.value
    too_few = smallest_group < LEAST_PER_GROUP or missing_share > MOST_MISSING
    if too_few or isinf(gain.low) or isinf(gain.high):
        verdict = Verdict.NOT_ENOUGH_DATA
    elif gain.low > 0:
        verdict = Verdict.BETTER
    elif gain.high < 0:
        verdict = Verdict.WORSE
    elif smallest_group < needed_per_group:
        verdict = Verdict.NOT_ENOUGH_DATA
    else:
        verdict = Verdict.NO_CLEAR_DIFFERENCE
    said = verdict == Verdict.BETTER
    enough = smallest_change - _CLOSE
    return Judgement(verdict, gain, said and value >= enough, said and gain.low >= enough)


def overall(main: Verdict, guards: Iterable[Verdict]) -> Verdict:
    """Returns the pilot's verdict: the main measure's, but never better than a guard measure that got worse."""
    return Verdict.WORSE if Verdict.WORSE in guards else main


def must_stop(net: Difference, *, higher_is_better: bool, harm_allowed: float, smallest_group: int) -> bool:
    """True when a measure has surely got worse by more than the harm allowed (0 or more, in the measure's unit).

    The difference must be computed with STOP_CONFIDENCE; a narrower one raises ValueError.
    """
    if net.confidence < STOP_CONFIDENCE:
        raise ValueError("a stop rule needs the wide interval of STOP_CONFIDENCE")
    if harm_allowed < 0:
        raise ValueError("allowed harm is not negative")
    return smallest_group >= LEAST_PER_GROUP and _turned(net.interval, higher_is_better).high < -harm_allowed


def _turned(interval: Interval, higher_is_better: bool) -> Interval:
    return interval if higher_is_better else Interval(-interval.high, -interval.low)
