"""Files as they really come: workbooks, long files, lines without end, and what is refused before a row is read."""

import datetime as dt
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from app.evidence.readers import MAPPINGS
from app.evidence.tickets import RefusedRow, TicketRecord

HEADER = ("工单编号", "创建时间", "首次答复时间", "满意度", "内容", "是否投诉")


def read(path: Path) -> tuple[list[TicketRecord], list[tuple]]:
    rows = list(MAPPINGS["csv"].read(path, dt.timezone(dt.timedelta(hours=8))))
    refused = [(row.line, row.field, row.reason_key) for row in rows if isinstance(row, RefusedRow)]
    return [row for row in rows if isinstance(row, TicketRecord)], refused


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "工单.xlsx"
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"})
    book.add_worksheet("empty")
    book.add_worksheet("about").write_row(0, 0, ["made by", "the help desk"])
    sheet = book.add_worksheet("tickets")
    sheet.write_row(2, 0, HEADER)
    morning, midnight = dt.datetime(2026, 3, 2, 9, 30), dt.datetime(2026, 3, 3)
    sheet.write_row(3, 0, [1001, morning, dt.datetime(2026, 3, 2, 9, 45), 5, "没人回复", True])
    sheet.write_row(4, 0, ["A-2", midnight, dt.datetime(2026, 3, 2, 9, 45), 4])
    sheet.write_row(6, 0, ["A-3", midnight, None, 2.5])
    sheet.write_row(7, 0, ["A-4", midnight])
    sheet.write_formula(7, 4, '=HYPERLINK("http://x","y")', None, "the value")
    book.close()
    return path


def test_a_workbook_is_read_by_the_values_of_its_cells(workbook: Path) -> None:
    tickets, refused = read(workbook)
    assert [ticket.external_id for ticket in tickets] == ["1001", "A-4"]
    assert tickets[0].created_at == dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.UTC)
    assert (tickets[0].first_reply_minutes, tickets[0].satisfaction, tickets[0].is_complaint) == (15, 5, True)
    assert tickets[1].created_at == dt.datetime(2026, 3, 2, 16, tzinfo=dt.UTC), "midnight is a moment here"
    assert tickets[1].text == "the value"
    assert refused == [
        (5, "first_reply_at", "import.reply_before_creation"),
        (7, "satisfaction", "import.number_unreadable"),
    ], "the number is the row's in the sheet"


def test_a_column_of_days_has_no_time_of_day(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "days.xlsx", {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["id", "created_at"])
    sheet.write_row(1, 0, ["1", dt.datetime(2026, 3, 2)])
    book.close()
    assert read(tmp_path / "days.xlsx") == ([], [(2, "created_at", "import.date_without_time")])


def rewritten(path: Path, member: str, old: bytes, new: bytes) -> Path:
    made = path.with_name("made.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            target.writestr(entry.filename, data.replace(old, new) if entry.filename == member else data)
    return made


def test_a_workbook_that_unpacks_to_a_bomb_is_refused_before_it_is_parsed(workbook: Path) -> None:
    bomb = rewritten(
        workbook, "xl/worksheets/sheet3.xml", b"</worksheet>", b" " * 40_000_000 + b"</worksheet>"
    )
    tracemalloc.start()
    assert read(bomb) == ([], [(0, "", "import.workbook_refused")])
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_a_workbook_with_a_cell_in_the_far_corner_is_refused(workbook: Path) -> None:
    corner = rewritten(workbook, "xl/worksheets/sheet3.xml", b'r="A8"', b'r="XFD1048576"')
    assert read(corner) == ([], [(0, "", "import.workbook_refused")])


def test_a_workbook_that_lies_about_a_size_or_is_none_is_refused(workbook: Path) -> None:
    data = workbook.read_bytes()
    for number, broken in enumerate((data[:-400], b"PK\x03\x04" + b"x" * 500, b"id,created_at")):
        path = workbook.with_name(f"{number}.xlsx")
        path.write_bytes(broken)
        assert read(path) == ([], [(0, "", "import.workbook_broken")])


@pytest.mark.parametrize("name", ["one.csv", "one.json", "one.jsonl"])
def test_a_line_of_gigabytes_is_refused_early_with_little_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as stream:  # a sparse file: two gigabytes of zeros that stand on no disk
        stream.write(b'{"external_id": "' if "json" in name else b"id,created_at\nA,2026-03-02 09:00\n")
        stream.truncate(2 * 1024**3)
    tracemalloc.start()
    if name == "one.csv":
        assert read(path) == ([], [(3, "", "import.line_too_long")])
    else:
        tickets, refused = read(path)
        assert not tickets
        assert refused[0][0] == 1
    assert tracemalloc.get_traced_memory()[1] < 120_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("lines", [False, True])
def test_json_is_read_in_every_encoding(tmp_path: Path, encoding: str, lines: bool) -> None:
    items = [
        {"工单编号": str(n), "创建时间": "2026-03-02 09:00", "内容": "一直没有人回复我" * 9}
        for n in range(300)
    ]
    text = "\n".join(map(dumped, items)) if lines else dumped(items)
    path = tmp_path / ("rows.jsonl" if lines else "rows.json")
    path.write_bytes(text.encode(encoding))
    tickets, refused = read(path)
    assert (len(tickets), refused) == (300, [])
    assert tickets[-1].text == "一直没有人回复我" * 9


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def test_a_long_list_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    row = dumped({"id": "%d", "created_at": "2026-03-02 09:00", "text": "x" * 900})
    with path.open("w") as stream:
        stream.write('{"tickets": [\n' + ",\n".join(row % n for n in range(10_000)) + "]}")
    tracemalloc.start()
    count = sum(isinstance(one, TicketRecord) for one in MAPPINGS["csv"].read(path))
    assert count == 10_000
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()


def test_a_garbled_character_at_the_end_refuses_a_json_file_before_its_first_item(tmp_path: Path) -> None:
    items = [{"id": str(n), "created_at": "2026-03-02 09:00", "text": "很好" * 50} for n in range(2_000)]
    path = tmp_path / "rows.json"
    path.write_bytes(dumped(items).encode()[:-3] + b'\xff"}]')
    assert read(path) == ([], [(0, "", "import.bytes_unreadable")])
