"""Owns which comes first in a file that writes `3/5/2026`, day or month: the file says it by a number above 12.

Pure but for `order_of`, which looks through one table. With points between them the day comes first everywhere.
"""

import re
from collections.abc import Callable, Iterable
from enum import Enum
from itertools import islice
from typing import Any

from app.evidence.readers.files import Part
from app.evidence.readers.tables import Row, read_table

LOOKED_AT = 500  # rows; where none of them writes days so, the others do not either
_NUMBERS = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d|[/.]\d)", re.ASCII)
MOMENTS = ("created_at", "updated_at", "first_reply_at", "resolved_at", "closed_at", "reopened_at")


class Order(Enum):
    """What stands first."""

    DAY = "day"
    MONTH = "month"


def told_by(texts: Iterable[str], *, short_years: bool = False) -> Order | None:
    """Returns the order that the first telling moment has; None where none tells."""
    for text in texts:
        found = _NUMBERS.match(text)
        if found and found[2] == "/" and (short_years or len(found[4]) == 4):
            if int(found[1]) > 12 >= int(found[3]):
                return Order.DAY
            if int(found[3]) > 12 >= int(found[1]):
                return Order.MONTH
    return None


def with_year_first(text: str, order: Order | None, *, short_years: bool = False) -> str:
    """Returns a text that begins with a day in numbers with its year first, `2026-03-05 14:05`; others as they are."""
    found = _NUMBERS.match(text)
    if found is None or (len(found[4]) == 2 and not short_years):
        return text
    order = Order.DAY if found[2] == "." else order
    if order is None:
        return text
    day, month = (found[1], found[3]) if order is Order.DAY else (found[3], found[1])
    if int(month) > 12:
        return text  # refused as it was written
    year = found[4] if len(found[4]) == 4 else f"20{found[4]}"
    return f"{year}-{int(month):02d}-{int(day):02d}{text[found.end() :]}"


def order_of(part: Part, field_of: Callable[[str], str | None], *, short_years: bool = False) -> Order | None:
    """Returns the order that the moments of a table tell; None where it has none in numbers, or they do not tell.

    `field_of(header)` names the field of a column. Reads on only while there are such moments and none has told.
    """
    columns = 0

    def name_column(title: str) -> str | None:
        nonlocal columns
        columns += 1
        return f"moment {columns}" if field_of(title) in MOMENTS else None

    rows = (
        list(row.cells.values())
        for row in read_table(part, name_column, fits=field_of)
        if isinstance(row, Row)
    )
    first = [cell for cells in islice(rows, LOOKED_AT) for cell in cells]
    if not any("/" in cell and _NUMBERS.match(cell) for cell in first):
        return None
    told = told_by(first, short_years=short_years)
    return told or told_by((cell for cells in rows for cell in cells), short_years=short_years)


def settle(values: dict[str, Any], order: Order | None, *, short_years: bool = False) -> dict[str, Any]:
    """Writes the moments of a row with their year first, those before comments in a cell too."""
    for name in MOMENTS:
        if isinstance(values.get(name), str):
            values[name] = with_year_first(values[name], order, short_years=short_years)
    said = values.get("conversation")
    if isinstance(said, list):
        values["conversation"] = [
            with_year_first(one, order, short_years=short_years) if isinstance(one, str) else one
            for one in said
        ]
    return values
