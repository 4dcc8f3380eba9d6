"""Owns the measure of a clause: one number that can be kept or missed, as data. It counts nothing (`evidence/`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from app.core.errors import FieldError, Invalid, Reason

PATTERN_MEASURE_ID = re.compile(r"m\d{2,4}")
PATTERN_CLAUSE_ID = re.compile(r"c\d{2,4}")
PATTERN_SLUG = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
LIMIT_SLUG = 40
PERCENT_MOST = Decimal(100)

Word = TypeVar("Word", bound=StrEnum)

_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,4})?", re.ASCII)
_DURATION = re.compile(r"(\d{1,4}):([0-5]\d)", re.ASCII)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．：", "0123456789.:")


class Comparison(StrEnum):
    """On which side of the value a contact keeps the measure."""

    AT_MOST = "at_most"
    """The value itself still keeps it."""
    AT_LEAST = "at_least"
    """The value itself already keeps it."""


class Unit(StrEnum):
    """What the value counts."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    """24 hours on the calendar clock; one working day on the working clock."""
    WORKING_DAY = "working_day"
    """A day of the organisation's working calendar, whatever the clock."""
    PERCENT = "percent"
    TIMES = "times"
    """How often something happens."""
    POINT = "point"
    """A mark on the scale of the metric."""


class Clock(StrEnum):
    """Which time runs for a duration."""

    CALENDAR = "calendar"
    """Every hour counts."""
    WORKING = "working"
    """Only the organisation's working time counts."""


class Kind(StrEnum):
    """Whom the number binds."""

    PROMISE = "promise"
    """Given to customers; it stands on the public page."""
    INTERNAL = "internal"
    """A target for staff only."""
    GOAL = "goal"
    """A direction, not yet a target."""


_MINUTES_A_UNIT = {
    Unit.SECOND: Decimal(1) / Decimal(60),
    Unit.MINUTE: Decimal(1),
    Unit.HOUR: Decimal(60),
    Unit.DAY: Decimal(24 * 60),
}


@dataclass(frozen=True)
class Measure:
    """One measure. Empty population filters mean all contacts: `channels`, `regions`, `groups`, `priorities`,
    `categories` (what a contact is about) and `complexities` (simple or complex, S2: 2 hours or 24).

    `share_percent` is the share of contacts that must keep the value; None means every one. `peak_value` is the value,
    in the same unit, for contacts that come in on a day of a peak season (S1 高峰期, ADR 23); None means the same value
    on every day, and the share is the same on every day. As data it is a dictionary of strings and lists of strings:
    `{id: m01, clause: c03, metric: first_reply_time, comparison: at_most, value: 10, peak: 30, unit: minute, share: 90,
    channel: [chat], region: [], group: [], priority: [ordinary], category: [returns], complexity: [simple],
    clock: calendar, kind: promise}`.
    """

    id: str
    clause_id: str
    metric: str
    comparison: Comparison
    value: Decimal
    unit: Unit
    share_percent: Decimal | None = None
    channels: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    complexities: tuple[str, ...] = ()
    clock: Clock = Clock.CALENDAR
    kind: Kind = Kind.INTERNAL
    peak_value: Decimal | None = None

    def __post_init__(self) -> None:
        for name in _FILTERS.values():
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    def minutes(self) -> Decimal | None:
        """Returns the value in minutes of its clock; None when the unit is no duration, or a working day, whose
        length only the organisation's calendar knows."""
        if self.unit == Unit.DAY and self.clock == Clock.WORKING:
            return None
        factor = _MINUTES_A_UNIT.get(self.unit)
        return None if factor is None else self.value * factor

    def in_peak(self) -> "Measure":
        """Returns the measure as it counts on a day of a peak season: itself where it has one value for every day."""
        if self.peak_value is None:
            return self
        return replace(self, value=self.peak_value, peak_value=None)

    def is_kept_by(self, value: Decimal) -> bool:
        """States whether one observed value, in the unit of this measure, keeps it; the limit itself does."""
        return value <= self.value if self.comparison == Comparison.AT_MOST else value >= self.value

    def to_data(self) -> dict[str, str | list[str]]:
        """Returns the measure as strings and lists of strings, in a fixed order of keys, without what is absent."""
        data: dict[str, str | list[str]] = {
            "id": self.id,
            "clause": self.clause_id,
            "metric": self.metric,
            "comparison": self.comparison.value,
            "value": number_text(self.value),
        }
        if self.peak_value is not None:
            data["peak"] = number_text(self.peak_value)
        data["unit"] = self.unit.value
        if self.share_percent is not None:
            data["share"] = number_text(self.share_percent)
        for key, name in _FILTERS.items():
            if getattr(self, name):
                data[key] = list(getattr(self, name))
        data["clock"] = self.clock.value
        data["kind"] = self.kind.value
        return data

    @classmethod
    def from_data(
        cls, data: Mapping[str, object], lines: Mapping[str, int] | None = None, first_line: int | None = None
    ) -> "Measure":
        """Returns the measure from the strings of `to_data`. `lines` is {key: physical line}, for the errors; a key
        that is missing is reported at `first_line`.

        Raises Invalid with an error for every wrong field: an unknown key, a missing one, a number that is none
        (`1e400`, `.inf`, 20,000 digits), a word that is not in its list. `10:30` is a number only for the units
        minute (630) and hour (10.5).
        """
        return _Reading(data, lines or {}, first_line).measure()


_FILTERS = {
    "channel": "channels",
    "region": "regions",
    "group": "groups",
    "priority": "priorities",
    "category": "categories",
    "complexity": "complexities",
}
_KEYS = ("id", "clause", "metric", "comparison", "value", "peak", "unit", "share", *_FILTERS, "clock", "kind")


def number_text(value: Decimal) -> str:
    """Writes a number the one way it is stored: no exponent, no trailing zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def read_number(text: str) -> Decimal | None:
    """Returns a number of at most 9 digits and 4 decimals, full-width digits included; None for all else."""
    plain = text.strip().translate(_FULL_WIDTH)
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


class _Reading:
    """Reads one measure from data and gathers every error on the way."""

    def __init__(self, data: Mapping[str, object], lines: Mapping[str, int], first_line: int | None) -> None:
        self.data = data
        self.lines = lines
        self.first_line = first_line
        self.errors: list[FieldError] = []

    def measure(self) -> Measure:
        for key in self.data:
            if key not in _KEYS:
                self.refuse(key, "document.unknown_key", name=key)
        unit = self.word("unit", Unit, required=True)
        value = self.number("value", unit) or Decimal(0)
        made = Measure(
            id=self.match("id", PATTERN_MEASURE_ID),
            clause_id=self.match("clause", PATTERN_CLAUSE_ID),
            metric=self.match("metric", PATTERN_SLUG),
            comparison=self.word("comparison", Comparison, required=True) or Comparison.AT_MOST,
            value=value,
            peak_value=self.peak(value, unit),
            unit=unit or Unit.MINUTE,
            share_percent=self.share(),
            channels=self.slugs("channel"),
            regions=self.slugs("region"),
            groups=self.slugs("group"),
            priorities=self.slugs("priority"),
            categories=self.slugs("category"),
            complexities=self.slugs("complexity"),
            clock=self.word("clock", Clock) or Clock.CALENDAR,
            kind=self.word("kind", Kind, required=True) or Kind.INTERNAL,
        )
        if self.errors:
            raise Invalid(self.errors)
        return made

    def refuse(self, key: str, reason: str, **params: object) -> None:
        line = self.lines.get(key, self.first_line)
        self.errors.append(FieldError(f"measures.{key}", Reason(reason, params), line))

    def text(self, key: str, required: bool = True) -> str:
        raw = self.data.get(key, "")
        if not isinstance(raw, str):
            self.refuse(key, "document.not_a_text")
            return ""
        if required and not raw.strip():
            self.refuse(key, "document.missing", name=key)
        return raw.strip()

    def match(self, key: str, pattern: re.Pattern[str]) -> str:
        text = self.text(key)
        if text and not (pattern.fullmatch(text) and len(text) <= LIMIT_SLUG):
            self.refuse(key, "document.bad_form", value=text[:LIMIT_SLUG])
        return text

    def word(self, key: str, words: type[Word], required: bool = False) -> Word | None:
        text = self.text(key, required)
        if not text:
            return None
        if text not in [word.value for word in words]:
            self.refuse(key, "document.not_in_list", value=text[:LIMIT_SLUG], allowed=", ".join(words))
            return None
        return words(text)

    def number(self, key: str, unit: Unit | None, required: bool = True) -> Decimal | None:
        text = self.text(key, required)
        number = read_number(text)
        duration = _DURATION.fullmatch(text.translate(_FULL_WIDTH))
        if duration and unit in (Unit.MINUTE, Unit.HOUR):
            minutes = Decimal(duration[1]) * 60 + Decimal(duration[2])
            number = minutes if unit == Unit.MINUTE else round(minutes / 60, 4)
        if text and number is None:
            self.refuse(key, "document.not_a_number", value=text[:LIMIT_SLUG])
        elif number is not None and unit == Unit.PERCENT and number > PERCENT_MOST:
            self.refuse(key, "document.above_hundred", value=text)
        return number

    def peak(self, value: Decimal, unit: Unit | None) -> Decimal | None:
        number = self.number("peak", unit, required=False)
        if number is not None and number == value:
            self.refuse("peak", "document.peak_is_the_value", value=number_text(number))
        return number

    def share(self) -> Decimal | None:
        text = self.text("share", required=False)
        if not text:
            return None
        number = read_number(text)
        if number is None or not 0 < number <= PERCENT_MOST:
            self.refuse("share", "document.not_a_share", value=text[:LIMIT_SLUG])
            return None
        return number

    def slugs(self, key: str) -> tuple[str, ...]:
        raw = self.data.get(key, [])
        if not isinstance(raw, list | tuple):
            self.refuse(key, "document.not_a_list")
            return ()
        for item in raw:
            if not (isinstance(item, str) and PATTERN_SLUG.fullmatch(item) and len(item) <= LIMIT_SLUG):
                self.refuse(key, "document.bad_form", value=str(item)[:LIMIT_SLUG])
        return tuple(item for item in raw if isinstance(item, str))
