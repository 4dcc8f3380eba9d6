"""Owns tables as CSV: UTF-8 with a mark for spreadsheets, and no cell that a spreadsheet would compute."""

import csv
import io
from collections.abc import Iterable, Sequence

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """Returns the cell's text; one that a spreadsheet would run as a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # Spreadsheets skip blanks before the sign; full-width signs are read as their narrow forms by some of them.
    looked_at = text.lstrip(" \n\u3000").translate(str.maketrans("＝＋－＠", "=+-@"))
    return (
        f"'{text}" if not is_number and (looked_at.startswith(DANGEROUS) or text[:1] in DANGEROUS) else text
    )


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Returns the table as a file: a byte order mark, then lines ending in CRLF, each cell safe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
