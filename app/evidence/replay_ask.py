"""Owns reading the question of a promise replay from an address, and writing it back. Counts nothing, knows no request."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from app.evidence.ticket_filters import FREE_METRICS, measure_at, with_target
from app.evidence.tickets import Channel, Complexity, Priority
from app.standards.measures import Measure, Unit, number_text, read_number

DAYS = 91  # thirteen whole weeks, so that each weekday weighs the same
LONGEST_DAYS = 3_660
FILTERS = ("region", "channel", "product", "priority", "category", "group", "complexity")
COLUMNS = {"group": "customer_group"}
UNITS = (Unit.MINUTE, Unit.HOUR, Unit.DAY, Unit.WORKING_DAY)
HANDLING_MINUTES = Decimal(6)
_KNOWN = {"channel": Channel, "priority": Priority, "complexity": Complexity}


@dataclass(frozen=True)
class Ask:
    """A question: how would the contacts of the period (both local days included) have kept `measure`?

    `base` is the measure as the text in force has it, `place` where it stands (`cs-04/c07/m01`). `filters` are
    `{name of the address: code}`. `handling_minutes` is how long a contact keeps a person busy, `at_once` how many of
    them one person serves at the same time (chats); both are the reader's guess and only used for the estimate.
    """

    place: str
    base: Measure
    measure: Measure
    starts: dt.date
    ends: dt.date
    filters: dict[str, str]
    handling_minutes: Decimal = HANDLING_MINUTES
    at_once: int = 1

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Returns the filters as `counting` takes them: `{column of a ticket: allowed values}`."""
        return {COLUMNS.get(name, name): (value,) for name, value in self.filters.items()}

    def rows(self, **more: str) -> dict[str, str]:
        """Returns the query of the ticket table that shows exactly the contacts of this question.

        `more` narrows them (`hour="14"`, `region="east"`) and names the outcome: `kept="1"`, "0", "told", "waiting".
        """
        made = {
            "measure": self.place,
            "value": number_text(self.measure.value),
            "peak": number_text(self.measure.peak_value) if self.measure.peak_value is not None else "",
            "unit": self.measure.unit.value,
            "clock": self.measure.clock.value,
            "from": self.starts.isoformat(),
            "to": self.ends.isoformat(),
            **self.filters,
            **more,
        }
        return {name: value for name, value in made.items() if value}


def ask_from(values: Mapping[str, str], today: dt.date, places: Iterable[str]) -> Ask | None:
    """Returns the question of an address; what cannot be read keeps its usual value. None when nothing is measured.

    Without a measure the first of `places` is taken. The period is the 13 weeks up to yesterday unless it says so.
    """
    place = values.get("measure", "").strip() or next(iter(places), f"/{FREE_METRICS[0]}")
    base = measure_at(place)
    if base is None:
        return None
    ends = _day(values.get("to", "")) or today - dt.timedelta(days=1)
    starts = _day(values.get("from", "")) or ends - dt.timedelta(days=DAYS - 1)
    if not 0 <= (ends - starts).days <= LONGEST_DAYS:
        starts = ends - dt.timedelta(days=DAYS - 1)
    handling = read_number(values.get("handling", "").strip()[:8])
    at_once = values.get("at_once", "").strip()
    return Ask(
        place,
        base,
        _with_share(with_target(base, values), values.get("share", "")),
        starts,
        ends,
        {name: code for name in FILTERS if (code := _code(name, values.get(name, "")))},
        handling if handling and handling <= 24 * 60 else HANDLING_MINUTES,
        min(20, int(at_once)) if at_once.isascii() and at_once.isdigit() and int(at_once[:3]) else 1,
    )


def _with_share(measure: Measure, value: str) -> Measure:
    share = read_number(value.strip()[:8])
    return measure if share is None or not 0 < share <= 100 else replace(measure, share_percent=share)


def _code(name: str, value: str) -> str | None:
    value = value.strip()[:60]
    known = _KNOWN.get(name)
    return value if value and (known is None or value in known._value2member_map_) else None


def _day(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        return None
