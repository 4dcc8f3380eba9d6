"""Owns small rows of any file: CSV, XLSX, JSON lists and JSON Lines under names of ours or their other words. Knows no table."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from app.evidence.readers.documents import Item, read_items
from app.evidence.readers.files import LARGEST_STREAMED_BYTES, Part, list_parts
from app.evidence.readers.generic_table import SUFFIXES
from app.evidence.readers.tables import Row, read_table
from app.evidence.tickets import RefusedRow

Headers = Mapping[str, Collection[str]]
JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")


def fields_of(headers: Headers) -> dict[str, str]:
    """Returns `{word: name}` of `{name: its other words}`; a name is a word of itself."""
    return {word: name for name, words in headers.items() for word in (name, *words)}


def read_rows(
    path: Path,
    fields: Mapping[str, str],
    lists: Collection[str],
    required: Collection[str],
    unused: Counter[str],
) -> Iterator[tuple[int, str, dict[str, Any] | RefusedRow]]:
    """Yields (line, file, values by name) or the refused row, in the order of the files.

    `fields` is what `fields_of` makes; `lists` are the keys under which a JSON object may hold its rows; `required`
    names the columns that a table must have; `unused` receives the columns not used as `column <name>`.
    """
    for part in list_parts(path, *SUFFIXES, largest=LARGEST_STREAMED_BYTES):
        if isinstance(part, RefusedRow):
            yield part.line, part.file, part
            continue
        yield from ((line, part.name, values) for line, values in _of(part, fields, lists, required, unused))


def _of(
    part: Part,
    fields: Mapping[str, str],
    lists: Collection[str],
    required: Collection[str],
    unused: Counter[str],
) -> Iterator[tuple[int, dict[str, Any] | RefusedRow]]:
    if part.name.casefold().endswith(JSON_SUFFIXES):
        for item in read_items(part, *lists):
            if isinstance(item, Item):
                yield item.line, {fields.get(k.strip().casefold(), k): v for k, v in item.value.items()}
            else:
                yield item.line, item
        return

    def name_column(title: str) -> str | None:
        name = fields.get(title.casefold())
        if name is None and title:
            unused[f"column {title[:60]}"] += 1
        return name

    for row in read_table(part, name_column, *required):
        yield (row.line, dict(row.cells)) if isinstance(row, Row) else (row.line, row)
