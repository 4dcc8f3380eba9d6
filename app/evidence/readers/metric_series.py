"""Owns the mapping `metric-series`: one figure a row, a day, what was measured, its value and unit, perhaps of how many and where.

Reads CSV, XLSX, JSON lists and JSON Lines as the mapping `csv` does. A figure is no ticket: it is kept in a
table of its own.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.evidence.readers.rows import fields_of, read_rows
from app.evidence.readers.values import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    Unreadable,
    parse_instant,
    parse_whole,
    parse_word,
    quote,
    take,
)
from app.evidence.tickets import RefusedRow

NAME = "metric-series"
REQUIRED = ("date", "measure", "value")
LISTS = ("metrics", "series", "points", "rows", "data")
LONGEST_WORD = 120
LONGEST_UNIT = 20
LARGEST_N = 1_000_000_000
HEADERS: dict[str, tuple[str, ...]] = {
    "date": ("day", "日期", "统计日期"),
    "measure": ("name", "metric", "series", "指标", "指标名称"),
    "value": ("数值", "值", "指标值"),
    "unit": ("单位",),
    "n": ("count", "sample", "样本量", "数量"),
    "team": ("班组", "小组", "团队"),
    "region": ("区域", "地区", "大区"),
}
_FIELDS = fields_of(HEADERS)
_DAY = re.compile(
    r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII
)
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,9})?)\s*(%|％)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class MetricRecord:
    """One figure: the local day, what was measured, the value as a plain decimal, its unit, of how many, and where.

    An empty unit, team or region is none; `n` is None where the source does not say. `line` is where it
    stands in `file`.
    """

    day: date
    measure: str
    value: str
    unit: str = ""
    n: int | None = None
    team: str = ""
    region: str = ""
    line: int = 0
    file: str = ""


def read(
    path: Path, zone: tzinfo = UTC, unused: Counter[str] | None = None
) -> Iterator[MetricRecord | RefusedRow]:
    """Yields figures and refused rows in the order of the files. `unused` receives the columns not used as `column <name>`."""
    seen = Counter() if unused is None else unused
    for line, file, values in read_rows(path, _FIELDS, LISTS, REQUIRED, seen):
        if isinstance(values, RefusedRow):
            yield values
            continue
        try:
            yield _record(values, zone, line, file)
        except Unreadable as error:
            yield error.refuse(line, file)


def _record(values: dict[str, Any], zone: tzinfo, line: int, file: str) -> MetricRecord:
    number, percent = take(values, "value", _parse_number)
    measure = take(values, "measure", _parse_short, LONGEST_WORD)
    if not measure:
        error = Unreadable("import.measure_missing")
        error.field = "measure"
        raise error
    return MetricRecord(
        take(values, "date", _parse_day, zone), measure, number, take(values, "unit", _parse_short, LONGEST_UNIT) or percent,
        take(values, "n", parse_whole, 0, LARGEST_N), take(values, "team", _parse_short, LONGEST_WORD),
        take(values, "region", _parse_short, LONGEST_WORD), line, file,
    )  # fmt: skip


def _parse_day(value: object, zone: tzinfo) -> date:
    """Reads a day; a moment of a day counts as the day it falls on in the organisation's zone. Raises Unreadable."""
    text = str(value or "").strip()
    found = _DAY.fullmatch(text)
    if found is None:
        instant = parse_instant(value, zone)
        if instant is None:
            raise Unreadable("import.day_missing")
        return instant.astimezone(zone).date()
    if not EARLIEST_YEAR <= int(found[1]) <= LATEST_YEAR:
        raise Unreadable("import.date_out_of_range", value=quote(text), first=EARLIEST_YEAR, last=LATEST_YEAR)
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise Unreadable("import.date_unreadable", value=quote(text)) from None


def _parse_number(value: object) -> tuple[str, str]:
    """Reads a number as a plain decimal without needless zeros, and its sign of percent if it has one. Raises Unreadable."""
    text = "" if value is None or isinstance(value, bool) else str(value).strip()
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise Unreadable("import.value_no_number", value=quote(value))
    plain = format(Decimal(found[1].replace(",", "")), "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return ("0" if plain in ("-0", "+0") else plain), "%" if found[2] else ""


def _parse_short(value: object, longest: int) -> str:
    text = parse_word(value) or ""
    if len(text) > longest:
        raise Unreadable("import.word_too_long", limit=longest)
    return text
