"""Owns how the first sheet of an XLSX workbook becomes lines of text. Knows no ticket system and runs no formula.

A workbook is an archive of XML, so what it says of its size is not believed: every member is unpacked once, block by
block, counted, and thrown away before the parser sees it. A sheet with two cells in opposite corners is
refused too: parsers make room for everything between them.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain, islice

import python_calamine as calamine

from app.evidence.readers.files import MEBIBYTE, Part
from app.evidence.tickets import RefusedRow

WORKBOOK = (".xlsx", ".xlsm")
LARGEST_UNPACKED_BYTES = 1024 * MEBIBYTE
LARGEST_RATIO = 300  # unpacked to packed; a real sheet packs 10 to 100 to 1
MOST_SHEETS = 20  # are looked at
MOST_CELLS = 20_000_000  # of the rectangle that holds all cells; about 600 MB while it is read
_BLOCK_BYTES = MEBIBYTE
_ADDRESS = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_LONGEST_ADDRESS = 20
_LOOKED_AT = 5_000  # rows from which it is concluded whether a column holds days or moments

Line = tuple[int, list[str]]
Fit = Callable[[Iterator[Line]], int]


def open_sheet(part: Part, fit: Fit | None = None) -> Iterator[Line] | RefusedRow:
    """Returns the rows that are not empty of one sheet, each with its number, or why the workbook is refused.

    It is the sheet for which `fit` is largest, the first of equals; without `fit` the first that holds anything. Hidden
    rows are rows.

    Cells become text: a formula is its last value, a moment `2026-03-15 09:30:00`, a duration `25:05:00`, a
    whole number has no decimals. A column of days without a time of day stays one of days.
    `import.workbook_refused` for one that unpacks to far more than it should, `import.workbook_broken` for
    one that cannot be opened or is locked by a password.
    """
    broken = RefusedRow(0, "", "import.workbook_broken", {}, part.name)
    try:
        if not _is_bounded(part):
            limit: dict[str, object] = {"limit": LARGEST_UNPACKED_BYTES // MEBIBYTE}
            return RefusedRow(0, "", "import.workbook_refused", limit, part.name)
        with part.open() as stream:
            book = calamine.CalamineWorkbook.from_filelike(stream)
            name = _chosen(book, fit)
            if name is not None:
                return _lines(book.get_sheet_by_name(name))
    except (
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
        calamine.CalamineError,
    ):
        return broken
    return iter(())


def _chosen(book: calamine.CalamineWorkbook, fit: Fit | None) -> str | None:
    """Returns the name of the sheet to read; at most one is in memory at a time."""
    best: tuple[int, str | None] = (-1, None)
    for name in book.sheet_names[:MOST_SHEETS]:
        sheet = book.get_sheet_by_name(name)
        if not sheet.height:
            continue
        if fit is None:
            return str(name)
        best = max(best, (fit(_lines(sheet)), name), key=lambda one: one[0])
    return best[1]


def _is_bounded(part: Part) -> bool:
    """Unpacks every member once and says whether sizes and the corners of the sheets stay within the limits."""
    total = 0
    with part.open() as stream, zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED_BYTES:
            return False
        for entry in entries:
            size, cells = _measure(archive, entry, LARGEST_UNPACKED_BYTES - total)
            total += size
            packed = max(entry.compress_size, 1)
            if total > LARGEST_UNPACKED_BYTES or (size > 10 * MEBIBYTE and size / packed > LARGEST_RATIO):
                return False
            if cells > MOST_CELLS:
                return False
    return True


def _measure(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> tuple[int, int]:
    """Returns how many bytes a member unpacks to, and how many cells the rectangle of its addresses has."""
    is_sheet = "worksheets/" in entry.filename
    size = lowest = 0
    widest, rest = b"", b""
    with archive.open(entry) as stream:
        while size <= most and (block := stream.read(_BLOCK_BYTES)):
            size += len(block)
            if not is_sheet:
                continue
            for column, row in _ADDRESS.findall(rest + block):
                lowest = max(lowest, int(row))
                widest = max(widest, column, key=lambda one: (len(one), one))
            rest = block[-_LONGEST_ADDRESS:]
    return size, lowest * _column_number(widest)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _lines(sheet: calamine.CalamineSheet) -> Iterator[Line]:
    rows = sheet.iter_rows()
    looked_at = list(islice(rows, _LOOKED_AT))
    moments = {
        place
        for row in looked_at
        for place, value in enumerate(row)
        if isinstance(value, dt.datetime) and value.time() != dt.time()
    }
    for number, row in enumerate(chain(looked_at, rows), 1):
        if any(value not in ("", None) for value in row):
            yield number, [_text(value, place in moments) for place, value in enumerate(row)]


def _text(value: object, among_moments: bool) -> str:
    """Writes a cell as a table would hold it; midnight in a column of moments is a moment too."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return (
            f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
            if seconds >= 0
            else str(seconds / 60)
        )
    if isinstance(value, dt.date) and among_moments:
        return f"{value.isoformat()} 00:00:00"
    return "" if value is None else str(value)
