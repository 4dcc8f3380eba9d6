"""Owns which column of a ticket a measure is counted from, in which unit, and which tickets it concerns. Counts nothing."""

import datetime as dt
from dataclasses import dataclass, field, replace

from app.core import seasons
from app.standards.measures import Clock, Comparison, Measure, Unit

DAY_MINUTES = 24 * 60
POINTS_A_MARK = 20  # a mark of 1 to 5 on a scale of 100 points

_DURATIONS = {"first_reply_time": "first_reply", "resolution_time": "resolution"}
_STARTED = {"first_reply_time": "first_reply_at", "resolution_time": "resolved_at"}


@dataclass(frozen=True)
class Reading:
    """How a measure is counted from tickets.

    `column` is the ticket's number; a contact keeps the measure when it is `comparison` `limit` in that column's own
    unit. `per_unit` is how much of the column one unit of the measure is (60 for hours kept in minutes).
    `happened` names the moment whose absence means "not yet". A `is_level` measure has no kept contacts: its figure
    is the average, in the measure's unit. `filters` are `{column: allowed values}`, absent means all.
    `peak_limit` takes the place of `limit` for contacts that came in on a day of an announced peak season;
    None is the same limit.
    """

    column: str
    comparison: Comparison
    limit: float
    per_unit: float
    happened: str | None
    is_level: bool = False
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    peak_limit: float | None = None

    def in_peak(self) -> "Reading":
        """Returns the reading for a day of an announced peak season."""
        return self if self.peak_limit is None else replace(self, limit=self.peak_limit, peak_limit=None)

    def on(self, day: dt.date) -> "Reading":
        """Returns the reading for contacts that came in on a local day."""
        return self.in_peak() if seasons.is_announced(day) else self

    @property
    def wait_minutes(self) -> float | None:
        """Returns after how many calendar minutes an unanswered contact certainly missed; None for other figures.

        Working time runs slower than the calendar, so those contacts are given the longest usual break on top.
        """
        if self.happened is None or self.comparison is not Comparison.AT_MOST:
            return None
        if self.column.endswith("_working_days"):
            return (self.limit * 7 / 5 + 10) * DAY_MINUTES
        if self.column.endswith("_working_minutes"):
            return self.limit / (9 * 60) * DAY_MINUTES * 7 / 5 + 10 * DAY_MINUTES
        return self.limit


def reading_of(measure: Measure) -> Reading | None:
    """Returns how the measure is counted from tickets; None when tickets cannot tell (the bot's accuracy, a refund)."""
    if measure.metric in _DURATIONS:
        return _duration(measure, _DURATIONS[measure.metric], _STARTED[measure.metric])
    if measure.metric == "csat" and measure.unit in (Unit.POINT, Unit.PERCENT):
        return Reading(
            "satisfaction", measure.comparison, float(measure.value) / POINTS_A_MARK, 1 / POINTS_A_MARK,
            None, is_level=True, filters=_filters(measure),
        )  # fmt: skip
    return None


def _duration(measure: Measure, name: str, happened: str) -> Reading | None:
    if measure.unit is Unit.WORKING_DAY or (measure.unit is Unit.DAY and measure.clock is Clock.WORKING):
        column, per_unit = f"{name}_working_days", 1.0
    else:
        minutes = measure.minutes()
        if minutes is None or not measure.value:
            return None
        column = f"{name}_working_minutes" if measure.clock is Clock.WORKING else f"{name}_minutes"
        per_unit = float(minutes / measure.value)
    return Reading(
        column,
        measure.comparison,
        float(measure.value) * per_unit,
        per_unit,
        happened,
        filters=_filters(measure),
        peak_limit=None if measure.peak_value is None else float(measure.peak_value) * per_unit,
    )


def _filters(measure: Measure) -> dict[str, tuple[str, ...]]:
    named = {
        "channel": measure.channels,
        "region": measure.regions,
        "customer_group": measure.groups,
        "priority": measure.priorities,
        "category": measure.categories,
        "complexity": measure.complexities,
    }
    return {column: values for column, values in named.items() if values}
