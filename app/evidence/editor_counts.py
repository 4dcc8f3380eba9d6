"""Owns the answer that tickets give to the clause editor: how a target was kept. Knows no page."""

import datetime as dt
import math
from decimal import Decimal

from app.evidence import counting
from app.standards.backtest_source import Counted
from app.standards.measures import Comparison, Measure

PER_CENT = Decimal(100)


def count_target(measure: Measure, starts: dt.date, ends: dt.date) -> Counted | None:
    """Counts how the contacts of the period (both local days included) kept the measure; None if tickets cannot tell."""
    kept = counting.backtest(measure, starts, ends)
    if not isinstance(kept, counting.Kept):
        return None
    low, high = kept.interval.low, kept.interval.high
    return Counted(kept.kept, kept.n, low, high, _needed(measure, starts, ends))


def _needed(measure: Measure, starts: dt.date, ends: dt.date) -> Decimal | None:
    """Returns the smallest recorded time that the wanted share kept, rounded up to a tenth; None if it never did."""
    if measure.share_percent is None or measure.comparison is not Comparison.AT_MOST:
        return None
    times = counting.distribution(measure, starts, ends)
    if times is None or not times.points:
        return None
    place = math.ceil(float(measure.share_percent / PER_CENT) * (len(times.points) - 1))
    value = times.points[place]
    return None if value is None else Decimal(math.ceil(value * 10)) / 10
