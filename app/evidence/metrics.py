"""Owns which column of a ticket a measure is counted from, in which unit, and which tickets it concerns. Counts nothing."""

import datetime as dt
from dataclasses import dataclass, field, replace

from app.core import calendar, clock, seasons
from app.standards.measures import Clock, Comparison, Measure, Unit

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
    def can_be_late(self) -> bool:
        """Tells whether a contact without an answer misses some day; else it only waits."""
        return self.happened is not None and self.comparison is Comparison.AT_MOST

    def late_before(self, now: dt.datetime) -> dt.datetime | None:
        """Returns the instant before which a contact came in that has no answer now and so has missed; None for none yet.

        In working time the calendar is walked back from now, to the same minute that an answer now would be counted by.
        """
        if self.column.endswith("_working_days"):
            day = calendar.day_of_working_days_ago(clock.local(now).date(), self.limit)
            return None if day is None else clock.at(day, 0)
        if self.column.endswith("_working_minutes"):
            return calendar.working_minutes_ago(now, self.limit, str(clock.zone()))
        return now - dt.timedelta(minutes=self.limit)


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
