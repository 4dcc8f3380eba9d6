"""Owns which clauses a contact is checked against: those in force on its date and in its place, pilot texts first."""

import datetime as dt
from dataclasses import dataclass

from app.core import seasons
from app.evidence.metrics import reading_of
from app.evidence.models import Ticket
from app.standards import overlays, queries
from app.standards.in_force import Binding, Where
from app.standards.measures import Comparison, Measure
from app.standards.models import ClauseVersion, Standard

CRITICAL_TAGS = frozenset({"critical", "identity"})
FORBIDDING = ("不得", "must not", "must never")
TOPICS = frozenset(
    {
        "returns",
        "refund",
        "exchange",
        "complaint",
        "escalation",
        "privacy",
        "bot",
        "handover",
        "identity",
        "peak",
    }
)
# A contact of one class is also checked against the clauses that carry one of these tags.
TAGS_OF_CATEGORY: dict[str, frozenset[str]] = {
    "returns": frozenset({"returns"}),
    "exchange": frozenset({"returns", "exchange"}),
    "refund": frozenset({"refund"}),
    "complaint": frozenset({"complaint"}),
    "escalation": frozenset({"complaint", "escalation"}),
    "privacy": frozenset({"privacy"}),
    "identity": frozenset({"identity"}),
    "bot": frozenset({"bot", "handover"}),
    "callback": frozenset({"handover", "response"}),
}
MOST_CRITERIA = 8


@dataclass(frozen=True)
class Measured:
    """What the ticket says about a measure: the observed value in the measure's unit, and whether it keeps it.

    `measure` is the one of the day on which the contact came in: of a peak season where that was announced.

    `minutes` is set for durations, so that a page can write 26 h 10 min.
    """

    measure: Measure
    value: float
    minutes: float | None
    is_kept: bool


@dataclass(frozen=True)
class Criterion:
    """One clause of a scorecard: the text that bound, as a row, and what was measured."""

    standard: Standard
    clause_id: str
    clause_hash: str
    version: ClauseVersion
    is_critical: bool
    is_pilot: bool
    heading_zh: str
    heading_en: str
    body_zh: str
    body_en: str
    measured: tuple[Measured, ...]

    @property
    def key(self) -> str:
        """Returns the clause as a form names it: `cs-04/c07`."""
        return f"{self.standard.code}/{self.clause_id}"


def criteria_for(ticket: Ticket, standard_ids: list[int]) -> list[Criterion]:
    """Returns what the contact is checked against, by standard and place in the text; at most eight, measured first.

    The text is the one in force at the contact's moment in its region, channel and customer group (mission.md
    row 43), never today's.
    """
    where = Where(ticket.region, ticket.channel.value, ticket.customer_group)
    found: list[Criterion] = []
    named = {s.id: s for s in queries.standards()}
    pilots = {i: overlays.overlays_of(named[i]) for i in standard_ids}
    texts = queries.in_force_of(standard_ids, ticket.created_at, where, pilots)
    for standard_id in standard_ids:
        standard = named[standard_id]
        for binding in texts[standard_id].bindings:
            criterion = _criterion(standard, binding, ticket)
            if criterion.measured or _concerns(criterion.version, ticket):
                found.append(criterion)
    measured = [c for c in found if c.measured]
    others = [c for c in found if not c.measured]
    chosen = {c.key for c in (measured + sorted(others, key=lambda c: not c.is_critical))[:MOST_CRITERIA]}
    return [c for c in found if c.key in chosen]


def _criterion(standard: Standard, binding: Binding, ticket: Ticket) -> Criterion:
    row = binding.version.key
    assert isinstance(row, ClauseVersion)
    pilot = binding.overlay.key if binding.overlay else None
    texts = {
        name: (getattr(pilot, name, None) if pilot else None) or getattr(row, name) or ""
        for name in ("heading_zh", "heading_en", "body_zh", "body_en")
    }
    measures = [Measure.from_data(m) for m in row.measures]
    words = texts["body_zh"] + texts["body_en"].casefold()
    return Criterion(
        standard=standard,
        clause_id=binding.clause_id,
        clause_hash=binding.clause_hash,
        version=row,
        is_critical=bool(CRITICAL_TAGS & set(row.tags)) and any(w in words for w in FORBIDDING),
        is_pilot=pilot is not None,
        measured=tuple(m for m in (_measured(measure, ticket) for measure in measures) if m is not None),
        **texts,
    )


def _measured(measure: Measure, ticket: Ticket) -> Measured | None:
    if seasons.is_announced(ticket.created_on):
        measure = measure.in_peak()
    reading = reading_of(measure)
    if reading is None or reading.is_level or not _in_population(reading.filters, ticket):
        return None
    value = getattr(ticket, reading.column)
    if value is None:
        return None
    at_most = reading.comparison is Comparison.AT_MOST
    return Measured(
        measure=measure,
        value=float(value) / reading.per_unit,
        minutes=float(value) if reading.column.endswith("_minutes") else None,
        is_kept=value <= reading.limit if at_most else value >= reading.limit,
    )


def _in_population(filters: dict[str, tuple[str, ...]], ticket: Ticket) -> bool:
    for column, allowed in filters.items():
        given = getattr(ticket, column)
        if given is None or str(getattr(given, "value", given)) not in allowed:
            return False
    return True


def _concerns(version: ClauseVersion, ticket: Ticket) -> bool:
    """A clause on a topic concerns contacts of that topic; one without a topic or a measure concerns every contact."""
    if "agent" not in version.audience:
        return False
    tags = set(version.tags)
    if tags & TOPICS:
        return bool(TAGS_OF_CATEGORY.get(ticket.category or "", frozenset()) & tags)
    return not version.measures


def month_bounds(month: str) -> tuple[dt.date, dt.date]:
    """Returns the first and last local day of a month such as `2026-10`."""
    year, number = (int(n) for n in month.split("-"))
    following = dt.date(year + number // 12, number % 12 + 1, 1)
    return dt.date(year, number, 1), following - dt.timedelta(days=1)
