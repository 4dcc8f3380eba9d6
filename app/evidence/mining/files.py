"""Owns reading the files by which mining is measured: text,label tables. A fault names its line and its field."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LARGEST_BYTES = 512 * 1024 * 1024
LONGEST_CELL = 64 * 1024 * 1024
TEXT = "text"


class BadFile(ValueError):
    """A file or a row that cannot be used; the words name file, line and field."""


@dataclass(frozen=True)
class Row:
    """One row: `line` is the line of the file on which it begins, from 1."""

    line: int
    text: str
    label: str


def read_rows(
    path: Path, label: str, *, may_be_empty: bool = False, left_out: list[str] | None = None
) -> list[Row]:
    """Returns the rows of a UTF-8 CSV with the columns `text` and `label`'s name; other columns are passed over.

    A row with too many or too few cells, an empty text or an empty label (unless it may be) is left out, and the sentence
    why is added to `left_out`. Raises BadFile for what is no such table: another encoding, a missing column, a
    cell without an end, no row that can be used, or fewer than those that cannot.
    """
    rows: list[Row] = []
    bad: list[str] = []
    csv.field_size_limit(LONGEST_CELL)
    source = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        head = [" ".join(one.split()).lower() for one in next(source, [])]
        for name in (TEXT, label):
            if name not in head:
                raise BadFile(
                    f"{path.name}, line 1: the column '{name}' is missing; found: {', '.join(head)[:200] or 'nothing'}"
                )
        begins = source.line_num + 1
        for cells in source:
            if any(one.strip() for one in cells):
                try:
                    rows.append(_row(path, begins, head, cells, label, may_be_empty))
                except BadFile as error:
                    bad.append(str(error))
            begins = source.line_num + 1
    except csv.Error as error:
        raise BadFile(f"{path.name}, line {source.line_num}: no CSV: {error}") from error
    if not rows and not bad:
        raise BadFile(f"{path.name}: there is no row under the head")
    if len(bad) > len(rows):
        raise BadFile(f"{bad[0]} ({len(bad)} of {len(bad) + len(rows)} rows cannot be used)")
    if left_out is not None:
        left_out += bad
    return rows


def must_have(path: Path, rows: list[Row], least: int, what: Callable[[Row], str]) -> None:
    """Raises BadFile unless the rows hold at least so many different labels."""
    found = {what(row) for row in rows}
    if len(found) < least:
        raise BadFile(f"{path.name}, field label: {least} different labels are needed, there is {len(found)}")


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise BadFile(f"{path.name}: larger than 512 MB")
        data = path.read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadFile(f"{path.name}, line {line}: not UTF-8 at byte {error.start + 1}") from error
    except OSError as error:
        raise BadFile(f"{path.name}: cannot be read: {error.strerror}") from error


def _row(path: Path, line: int, head: list[str], cells: list[str], label: str, may_be_empty: bool) -> Row:
    if any(one.strip() for one in cells[len(head) :]):
        raise BadFile(
            f"{path.name}, line {line}: {len(cells)} cells under {len(head)} columns; is a text unquoted?"
        )
    for name in (TEXT, label):
        if head.index(name) >= len(cells) and not (name == label and may_be_empty):
            raise BadFile(f"{path.name}, line {line}, field {name}: the row ends before it")
    row = {
        name: cells[at] if at < len(cells) else "" for name, at in ((one, head.index(one)) for one in head)
    }
    if not row[TEXT].strip():
        raise BadFile(f"{path.name}, line {line}, field {TEXT}: it is empty")
    if not row[label].strip() and not may_be_empty:
        raise BadFile(f"{path.name}, line {line}, field {label}: it is empty")
    return Row(line, row[TEXT], row[label].strip())
