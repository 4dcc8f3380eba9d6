"""Owns how a CSV table becomes rows with their physical line: encodings, separators, broken quotes. Knows no ticket system."""

import csv
import io
import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from app.evidence.readers.files import Part
from app.evidence.tickets import RefusedRow

MOST_COLUMNS = 1_000
LONGEST_CELL = 131_072  # characters; also how far an unclosed quote may swallow the file before it is refused
_ESCAPED = re.compile("[\udc80-\udcff]")  # how `surrogateescape` keeps a byte that is no character
LONGEST_RECORD = 2_000  # physical lines
MOST_REREAD = 500_000  # lines, about one second
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Encoding:
    """How the bytes of a table are read. `sure` is False when it was concluded and a person should look at a sample."""

    name: str  # Python's name of the codec
    title: str  # what people call it
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the physical line where it begins, and its cells by the name `read_table` gave the column."""

    line: int
    cells: dict[str, str]


UTF_8 = Encoding("utf-8", "UTF-8")
UTF_8_MARKED = Encoding("utf-8-sig", "UTF-8 (BOM)")
UTF_16 = Encoding("utf-16", "UTF-16")
GB18030 = Encoding("gb18030", "GB18030", sure=False)


class _GivenUp(Exception):
    """Nothing from this line on is read."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def detect_encoding(part: Part) -> Encoding:
    """Says how a table is written: by its mark if it has one, else UTF-8 unless most of its non-ASCII lines are not.

    A single garbled line in a UTF-8 file so stays one refused row and does not turn the whole file into mojibake, which
    GB18030 would do silently: nearly every pair of bytes is a character there.
    """
    with part.open() as stream:
        head = stream.read(4)
    if head.startswith(b"\xef\xbb\xbf"):
        return UTF_8_MARKED
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return UTF_16
    good = bad = 0
    with part.open() as stream:
        for line in stream:
            if not line.isascii():
                if _is_utf_8(line):
                    good += 1
                else:
                    bad += 1
    return GB18030 if bad > good else UTF_8


def read_table(
    part: Part, name_column: Callable[[str], str | None], *required: str
) -> Iterator[Row | RefusedRow]:
    """Yields the rows of a table with a header, each good or refused; one bad row never ends the rest.

    `name_column(header)` names the column, or is None for one that is not used. A row is refused with its line for
    `import.quote_unclosed`, `import.row_short`, `import.row_long`, `import.bytes_unreadable`; the whole table, at line
    1, for `import.file_empty`, `import.too_many_columns`, `import.column_twice`, `import.column_missing`. Only a table
    full of open quotes is given up, with `import.too_many_open_quotes` at the first line not read.
    """
    title = UTF_8.title
    try:
        encoding = detect_encoding(part)
        title = encoding.title
        with part.open() as stream:
            yield from _read(_lines(stream, encoding), part.name, name_column, required)
    except _GivenUp as end:
        yield RefusedRow(end.line, "", "import.too_many_open_quotes", {}, part.name)
    except UnicodeError:
        yield RefusedRow(0, "", "import.bytes_unreadable", {"encoding": title}, part.name)
    except (zipfile.BadZipFile, EOFError, NotImplementedError):
        yield RefusedRow(0, "", "import.archive_broken", {}, part.name)


def _read(
    lines: Iterator[str], file: str, name_column: Callable[[str], str | None], required: tuple[str, ...]
) -> Iterator[Row | RefusedRow]:
    first = next((line for line in lines), "")
    separator = max(_SEPARATORS, key=first.count)
    records = _records(lines, first, separator)
    _, header = next(records, (1, None))
    columns = [name_column(" ".join(title.split())) for title in header or []]
    refused = _refuse_header(header, columns, required)
    if refused is not None:
        yield RefusedRow(1, refused[0], refused[1], refused[2], file)
        return
    for line, cells in records:
        if cells is None:
            yield RefusedRow(line, "", "import.quote_unclosed", {}, file)
        elif not any(cells):
            continue
        elif len(cells) < len(columns):
            yield RefusedRow(
                line, "", "import.row_short", {"expected": len(columns), "found": len(cells)}, file
            )
        elif any(cells[len(columns) :]):
            yield RefusedRow(
                line, "", "import.row_long", {"expected": len(columns), "found": len(cells)}, file
            )
        else:
            row = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
            garbled = next(
                (name for name, cell in row.items() if not cell.isascii() and _escaped(cell)), None
            )
            yield (
                Row(line, row)
                if garbled is None
                else RefusedRow(line, garbled, "import.bytes_unreadable", {}, file)
            )


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


def _records(lines: Iterator[str], first: str, separator: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yields each record with the line where it begins; None for one whose quotes do not close.

    The csv module alone would swallow the rest of the file into that cell, or give up at it. Here only its first line
    is lost: reading goes on with the line after it. A file made of such lines would be read again and again, so
    _GivenUp ends it when MOST_REREAD lines were.
    """
    waiting = deque([first])
    number = reread = 0

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


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _escaped(cell: str) -> bool:
    return _ESCAPED.search(cell) is not None
