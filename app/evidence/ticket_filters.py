"""Owns reading the filter of the ticket table from an address, and writing it back. Knows no request."""

import datetime as dt
from collections.abc import Mapping

from app.core.errors import DomainError
from app.evidence.queries import TicketFilter
from app.evidence.tickets import Channel, Complexity, Priority
from app.standards import queries as standards_queries
from app.standards.measures import Measure

CODES = ("category", "region", "channel", "priority", "complexity")
_KNOWN = {"channel": Channel, "priority": Priority, "complexity": Complexity}


def filter_from(values: Mapping[str, str]) -> TicketFilter:
    """Returns the filter of an address; what cannot be read is no condition.

    `from` and `to` are local days or instants, `measure` is `cs-04/c07/m01`, `kept` is 1 or 0.
    """
    chosen = {name: _code(name, values.get(name, "")) for name in CODES}
    since, starts = _moment(values.get("from", ""))
    until, ends = _moment(values.get("to", ""))
    measure = measure_at(values.get("measure", ""))
    return TicketFilter(
        starts=starts,
        ends=ends,
        since=since,
        until=until,
        complaints_only=values.get("complaints") == "1",
        issue_number=values.get("issue", "").strip().upper()[:20] or None,
        measure=measure,
        kept={"1": True, "0": False}.get(values.get("kept", "")) if measure else None,
        **chosen,
    )


def measure_at(place: str) -> Measure | None:
    """Returns the measure at `cs-04/c07/m01` in the newest published text, None when there is none."""
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
