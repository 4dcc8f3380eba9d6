"""Owns how a CSV table becomes rows with their physical line: encodings, separators, broken quotes. Knows no ticket system."""

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, TypeVar

from app.evidence.readers.encodings import UTF_16, Encoding, examine_table
from app.evidence.readers.files import Part
from app.evidence.readers.workbooks import WORKBOOK, open_sheet
from app.evidence.tickets import RefusedRow

MOST_COLUMNS = 1_000
LONGEST_CELL = 131_072  # characters; also how far an unclosed quote may swallow the file before it is refused
_ESCAPED = re.compile("[\udc80-\udcff]")  # how `surrogateescape` keeps a byte that is no character
LONGEST_RECORD = 2_000  # physical lines
MOST_REREAD = 500_000  # lines, about one second
BEFORE_HEADER = 10  # lines in which the header is looked for
_SEPARATORS = (",", ";", "\t", "|")
_SEPARATOR_NAMED = re.compile(r'"?sep=([,;|\t])"?')  # the first line by which Excel is told

T = TypeVar("T", list[str], list[str] | None)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the physical line where it begins, and its cells by the name `read_table` gave the column."""

    line: int
    cells: dict[str, str]


class _GivenUp(Exception):
    """Nothing from this line on is read."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def read_table(
    part: Part,
    name_column: Callable[[str], str | None],
    *required: str,
    fits: Callable[[str], object] | None = None,
) -> Iterator[Row | RefusedRow]:
    """Yields the rows of a table with a header, each good or refused; one bad row never ends the rest.

    `name_column(header)` names the column, or is None for one that is not used. A row is refused with its line for
    `import.quote_unclosed`, `import.row_short`, `import.row_long`, `import.bytes_unreadable`; the whole table, at line
    1, for `import.file_empty`, `import.too_many_columns`, `import.column_twice`, `import.column_missing`;
    before anything is read as `examine_table` and `open_sheet` say. Only a table full of open quotes is given
    up, with `import.too_many_open_quotes` at the first line not read. Of a workbook the sheet is
    read of whose headers most fit, and without `fits(header)` the first that holds anything.
    """
    if part.name.casefold().endswith(WORKBOOK):
        yield from _read_sheet(part, name_column, required, fits)
        return
    encoding = examine_table(part)
    if isinstance(encoding, RefusedRow):
        yield encoding
        return
    try:
        with part.open() as stream:
            yield from _read(_lines(stream, encoding), part.name, name_column, required)
    except _GivenUp as end:
        yield RefusedRow(end.line, "", "import.too_many_open_quotes", {}, part.name)


def _read(
    lines: Iterator[str], file: str, name_column: Callable[[str], str | None], required: tuple[str, ...]
) -> Iterator[Row | RefusedRow]:
    begins, ahead = 1, list(islice(lines, BEFORE_HEADER))
    while ahead and not ahead[0].strip("\r\n"):
        begins, ahead = begins + 1, ahead[1:]
    named = _SEPARATOR_NAMED.fullmatch(ahead[0].strip("\r\n")) if ahead else None
    if named:
        begins, ahead = begins + 1, ahead[1:]
    telling = next((line for line in ahead if any(mark in line for mark in _SEPARATORS)), "")
    separator = named[1] if named else max(_SEPARATORS, key=telling.count)
    records = _after_title(_records(lines, ahead, separator, begins))
    begins, header = next(records, (begins, None))
    columns = [name_column(" ".join(title.split())) for title in header or []]
    refused = _refuse_header(header, columns, required)
    if refused is not None:
        yield RefusedRow(begins, refused[0], refused[1], refused[2], file)
        return
    for line, cells in records:
        if cells is None:
            yield RefusedRow(line, "", "import.quote_unclosed", {}, file)
        elif any(cells):
            yield _row(line, cells, columns, file)


def _read_sheet(
    part: Part,
    name_column: Callable[[str], str | None],
    required: tuple[str, ...],
    fits: Callable[[str], object] | None,
) -> Iterator[Row | RefusedRow]:
    def fit(lines: Iterator[tuple[int, list[str]]]) -> int:
        _line, header = next(_after_title(lines), (1, []))
        return sum(bool(fits and fits(" ".join(title.split()))) for title in header)

    sheet = open_sheet(part, fit if fits else None)
    if isinstance(sheet, RefusedRow):
        yield sheet
        return
    records = _after_title(sheet)
    first, header = next(records, (1, []))
    columns = [name_column(" ".join(title.split())) for title in header]
    refused = _refuse_header(header, columns, required)
    if refused is not None:
        yield RefusedRow(first, refused[0], refused[1], refused[2], part.name)
        return
    for line, cells in records:
        if any(cells):
            yield _row(line, cells, columns, part.name)


def _after_title(records: Iterator[tuple[int, T]]) -> Iterator[tuple[int, T]]:
    """Yields the records from the header on: lines with one cell before it, such as the title of a report, are passed over."""
    waiting = list(islice(records, BEFORE_HEADER))
    header = next((place for place, (_, cells) in enumerate(waiting) if sum(map(bool, cells or ())) > 1), 0)
    yield from waiting[header:]
    yield from records


def _row(line: int, cells: list[str], columns: list[str | None], file: str) -> Row | RefusedRow:
    """Puts the cells of a record under the names of their columns, or says why they do not fit."""
    expected, found = len(columns), len(cells)
    if found < expected:
        return RefusedRow(line, "", "import.row_short", {"expected": expected, "found": found}, file)
    if any(cells[expected:]):
        return RefusedRow(line, "", "import.row_long", {"expected": expected, "found": found}, file)
    row = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    for name, cell in row.items():
        if not cell.isascii() and _escaped(cell):
            return RefusedRow(line, name, "import.bytes_unreadable", {"encoding": "UTF-8"}, file)
    return Row(line, row)


def _refuse_header(
    header: list[str] | None, columns: list[str | None], required: tuple[str, ...]
) -> tuple[str, str, dict[str, object]] | None:
    if not header or not any(header):
        return "", "import.file_empty", {}
    if len(columns) > MOST_COLUMNS:
        return "", "import.too_many_columns", {"limit": MOST_COLUMNS, "found": len(columns)}
    named = [name for name in columns if name]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice:
        return twice, "import.column_twice", {}
    missing = next((name for name in required if name not in named), None)
    return (missing, "import.column_missing", {}) if missing else None


def _records(
    lines: Iterator[str], ahead: list[str], separator: str, begins: int
) -> Iterator[tuple[int, list[str] | None]]:
    """Yields each record with the line where it begins, the first at `begins`; None for one whose quotes do not close.

    The csv module alone would swallow the rest of the file into that cell, or give up at it. Here only its first line
    is lost: reading goes on with the line after it. A file made of such lines would be read again and again, so
    _GivenUp ends it when MOST_REREAD lines were.
    """
    waiting = deque(ahead)
    number, reread = begins - 1, 0

    def feed() -> Iterator[str]:
        while len(taken) < LONGEST_RECORD:
            line = waiting.popleft() if waiting else next(lines, None)
            if line is None:
                return
            taken.append(line)
            yield line

    while reread < MOST_REREAD:
        taken: list[str] = []
        try:
            record = next(csv.reader(feed(), delimiter=separator, strict=True), None)
        except csv.Error:
            record = None
            reread += len(taken) - 1
            waiting.extendleft(reversed(taken[1:]))
            taken = taken[:1]
        if not taken:
            return
        yield number + 1, record
        number += len(taken)
    raise _GivenUp(number + 1)


def _lines(stream: IO[bytes], encoding: Encoding) -> Iterator[str]:
    """Yields physical lines with their ends; `\\r` alone ends one too. Bytes that do not fit stay as lone surrogates."""
    errors = "strict" if encoding is UTF_16 else "surrogateescape"
    with io.TextIOWrapper(stream, encoding.name, errors=errors, newline="") as text:
        yield from text


def _escaped(cell: str) -> bool:
    return _ESCAPED.search(cell) is not None
