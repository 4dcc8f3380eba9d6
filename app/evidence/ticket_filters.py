"""Owns reading the filter of the ticket table from an address, and writing it back. Knows no request."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from app.core.errors import DomainError
from app.evidence.queries import Outcome, TicketFilter
from app.evidence.tickets import Channel, Complexity, Priority
from app.standards import queries as standards_queries
from app.standards.measures import Clock, Comparison, Measure, Unit, read_number

CODES = ("category", "region", "channel", "priority", "complexity")
FREE_METRICS = ("first_reply_time", "resolution_time")
_KNOWN = {"channel": Channel, "priority": Priority, "complexity": Complexity}


def filter_from(values: Mapping[str, str]) -> TicketFilter:
    """Returns the filter of an address; what cannot be read is no condition.

    `from` and `to` are local days or instants, `measure` is `cs-04/c07/m01` (with a tried `value`, `unit` and `clock`)
    or `/first_reply_time`, `kept` is 1, 0, `told` (either) or `waiting`, `hour` is a local hour of the day.
    """
    chosen = {name: _code(name, values.get(name, "")) for name in CODES}
    since, starts = _moment(values.get("from", ""))
    until, ends = _moment(values.get("to", ""))
    measure = measure_at(values.get("measure", ""))
    measure = with_target(measure, values) if measure else None
    outcome = values.get("kept", "")
    return TicketFilter(
        starts=starts,
        ends=ends,
        since=since,
        until=until,
        complaints_only=values.get("complaints") == "1",
        issue_number=values.get("issue", "").strip().upper()[:20] or None,
        measure=measure,
        kept={"1": True, "0": False}.get(outcome) if measure else None,
        outcome=Outcome(outcome) if measure and outcome in Outcome._value2member_map_ else None,
        hour=_hour(values.get("hour", "")),
        product=_code("product", values.get("product", "")),
        customer_group=_code("group", values.get("group", "")),
        **chosen,
    )


def measure_at(place: str) -> Measure | None:
    """Returns the measure at `cs-04/c07/m01` in the newest published text, None when there is none.

    `/first_reply_time` is a plain one of 24 hours for 90 %, of no clause.
    """
    if place.removeprefix("/") in FREE_METRICS and place.startswith("/"):
        return Measure("m01", "c01", place[1:], Comparison.AT_MOST, Decimal(24), Unit.HOUR, Decimal(90))
    parts = place.strip().split("/")
    if len(parts) != 3:
        return None
    try:
        documents = standards_queries.published_documents(standards_queries.standard(parts[0]))
    except DomainError:
        return None
    for document in documents.values():
        if document.front.is_primary and document.has(parts[1]):
            return next((m for m in document.measures_of(parts[1]) if m.id == parts[2]), None)
    return None


def with_target(measure: Measure, values: Mapping[str, str]) -> Measure:
    """Returns the measure with the `value`, `peak`, `unit` and `clock` of an address; what cannot be read stays.

    An empty `peak` is one value for every day, and so is a `peak` that is the value itself.
    """
    value = read_number(values.get("value", "").strip()[:12])
    peak = values.get("peak")
    unit, clock = values.get("unit", ""), values.get("clock", "")
    made = measure if value is None or not value else replace(measure, value=value)
    if peak is not None:
        made = replace(made, peak_value=read_number(peak.strip()[:12]) or None)
    if made.peak_value == made.value:
        made = replace(made, peak_value=None)
    if unit in Unit._value2member_map_ and (measure.minutes() is not None or unit == measure.unit):
        made = replace(made, unit=Unit(unit))
    return replace(made, clock=Clock(clock)) if clock in Clock._value2member_map_ else made


def _hour(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 3 and int(value) < 24 else None


def _code(name: str, value: str) -> str | None:
    value = value.strip()[:60]
    known = _KNOWN.get(name)
    if not value or (known is not None and value not in known._value2member_map_):
        return None
    return value


def _moment(value: str) -> tuple[dt.datetime | None, dt.date | None]:
    """Reads `2026-09-07` as a day, `2026-09-07T02:00:00+00:00` as an instant; anything else as neither."""
    try:
        if len(value) == 10:
            return None, dt.date.fromisoformat(value)
        moment = dt.datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError:
        return None, None
    return (moment, None) if moment.tzinfo else (None, None)
