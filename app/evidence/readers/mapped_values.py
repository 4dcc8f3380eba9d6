"""Owns the values that only mappings kept as data need: paths, epochs, minutes, tags of every writing. Opens no file."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from app.evidence.readers.mapping_files import TAG_MARKS
from app.evidence.readers.moments import minutes_of
from app.evidence.readers.values import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    Unreadable,
    is_nothing,
    parse_instant,
    parse_text,
    parse_word,
    parse_yes_no,
    quote,
    take,
)
from app.evidence.tickets import Turn

LONGEST_MINUTES = 60 * 24 * 366 * 10
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)


def at_path(value: object, path: str) -> object:
    """Returns what stands at `a.b.c` in nested objects, None where there is nothing."""
    if isinstance(value, Mapping) and path in value:
        return value[path]
    for key in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def parse_coded_yes_no(coded: object) -> Any:
    """Returns a reader of yes and no for a value that was translated already."""
    return lambda value: parse_yes_no(coded)


def _from_epoch(seconds: float, value: object) -> datetime:
    try:
        made = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Unreadable("import.date_unreadable", value=quote(value)) from error
    return in_range(made, value)


def in_range(made: datetime, value: object) -> datetime:
    """Returns the time, or raises Unreadable where its year is nearly always a wrong unit."""
    if not EARLIEST_YEAR <= made.year <= LATEST_YEAR:
        raise Unreadable(
            "import.date_out_of_range", value=quote(value), first=EARLIEST_YEAR, last=LATEST_YEAR
        )
    return made


def parse_minutes(value: object) -> float | None:
    """Reads a duration as minutes, as `moments.minutes_of` does; empty is None. Raises Unreadable, also for a negative one."""
    if is_nothing(value):
        return None
    minutes = None if isinstance(value, bool) else minutes_of(str(value).strip())
    if minutes is None:
        raise Unreadable("import.duration_unreadable", value=quote(value))
    if abs(minutes) > LONGEST_MINUTES:
        raise Unreadable("import.number_out_of_range", value=quote(value), lowest=0, highest=LONGEST_MINUTES)
    if minutes < 0:
        raise Unreadable("import.duration_negative", value=quote(value))
    return minutes


def take_turns(value: object) -> tuple[Turn, ...]:
    """Takes the turns a shape has made; anything else in the field is none."""
    if not isinstance(value, (list, tuple)):
        return ()
    turns = [one for one in value if isinstance(one, Turn)]
    return tuple(sorted(turns, key=lambda turn: (turn.at, turn.author, turn.text)))


def parse_tags(value: object, marks: str = TAG_MARKS) -> tuple[str, ...]:
    """Reads tags: a list, or text with one of the marks between them; each once, in order."""
    pieces = [part for one in value for part in parse_tags(one, marks)] if isinstance(value, list) else None
    if pieces is None:
        text = value.get("name") if isinstance(value, Mapping) else value
        pieces = re.split(f"[{re.escape(marks)}]", take({"tags": text}, "tags", parse_text))
    return tuple(sorted({tag for one in pieces if (tag := parse_word(one))}))


def parse_dated(value: object, zone: tzinfo, forms: tuple[str, ...]) -> datetime | None:
    """Reads a time in one of the forms (`strptime`, `epoch`, `epoch_ms`), else as `parse_instant` does. Raises Unreadable."""
    text = str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    if _NUMBER.fullmatch(text):
        for form, unit in (("epoch_ms", 1000), ("epoch", 1)):
            if form in forms:
                return _from_epoch(float(text) / unit, value)
    for form in forms if text else ():
        if form.startswith("epoch"):
            continue
        try:
            local = datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
        return in_range((local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC), value)
    return parse_instant(value, zone)
