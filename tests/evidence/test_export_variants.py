"""The same export in other clothes: other separators, encodings, orders of columns, as a workbook, with lines before the header."""

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tests.evidence.test_mappings import KEPT_AS_DATA, read, sample

Rows = list[list[str]]
TABLES = [name for name in KEPT_AS_DATA if sample(name).suffix == ".csv"]


def written(
    rows: Rows, separator: str = ",", encoding: str = "utf-8", before: str = "", quoted: bool = False
) -> bytes:
    stream = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=separator, quoting=quoting).writerows(rows)
    return (before + stream.getvalue()).encode(encoding)


def turned(rows: Rows) -> Rows:
    """Returns the rows with their columns in another order; columns of one name keep theirs."""
    places = list(range(len(rows[0])))
    random.Random(3).shuffle(places)
    places.sort(key=lambda place: rows[0].count(rows[0][place]) > 1)
    again = [p for p in places if rows[0].count(rows[0][p]) == 1] + [
        p for p in range(len(rows[0])) if rows[0].count(rows[0][p]) > 1
    ]
    return [[row[place] for place in again] for row in rows]


def workbook(rows: Rows) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["一份导出的报表"], *rows]):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    return stream.getvalue()


VARIANTS: dict[str, tuple[str, Callable[[Rows], bytes]]] = {
    "semicolons": (".csv", lambda rows: written(rows, ";")),
    "tabs": (".tsv", lambda rows: written(rows, "\t")),
    "bars": (".txt", lambda rows: written(rows, "|")),
    "sep=": (".csv", lambda rows: written(rows, ";", before="sep=;\r\n")),
    "all quoted": (".csv", lambda rows: written(rows, quoted=True)),
    "GB18030": (".csv", lambda rows: written(rows, encoding="gb18030")),
    "UTF-16": (".csv", lambda rows: written(rows, "\t", "utf-16")),
    "mark": (".csv", lambda rows: written(rows, encoding="utf-8-sig")),
    "turned": (".csv", lambda rows: written(turned(rows))),
    "title": (".csv", lambda rows: written(rows, before="一份导出的报表\n\n")),
    "capitals": (".csv", lambda rows: written([[title.upper() for title in rows[0]], *rows[1:]])),
    "workbook": (".xlsx", workbook),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("mapping", TABLES)
def test_an_export_in_other_clothes_gives_the_same_tickets(
    tmp_path: Path, mapping: str, variant: str
) -> None:
    with sample(mapping).open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.reader(stream) if row]
    width = len(rows[0])
    rows = [row[:width] + [""] * (width - len(row)) for row in rows if len(row) <= width]
    ending, make = VARIANTS[variant]
    plain, path = tmp_path / "plain.csv", tmp_path / f"export{ending}"
    plain.write_bytes(written(rows))
    path.write_bytes(make(rows))
    expected, refused, _ = read(mapping, plain)
    tickets, refused_too, _ = read(mapping, path)
    assert expected and tickets == expected
    assert [row[1:] for row in refused_too] == [row[1:] for row in refused]
