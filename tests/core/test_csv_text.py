"""Tables as CSV: no cell runs as a formula, numbers stay numbers, Chinese opens in spreadsheets."""

import pytest

from app.core.csv_text import csv_bytes, safe_cell


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "　=1", "＝1", "＠x", "－1"]
)
def test_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "text"), [(None, ""), (-5, "-5"), (1.5, "1.5"), (True, "True"), ("退货", "退货"), ("a=b", "a=b")]
)
def test_other_cells_stay_as_they_are(cell: object, text: str) -> None:
    assert safe_cell(cell) == text


def test_a_table_has_a_mark_and_quotes_what_needs_it() -> None:
    made = csv_bytes(["名", "数"], [["a,b\n“c”", 2], ['=HYPERLINK("x")', None]])
    assert made.startswith(b"\xef\xbb\xbf")
    lines = made.decode("utf-8-sig").split("\r\n")
    assert lines == ["名,数", '"a,b\n“c”",2', '"\'=HYPERLINK(""x"")",', ""]
