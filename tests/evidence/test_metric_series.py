"""Figures that another system measured: what is read and refused, twice, in place of the one before, and their pages."""

import datetime as dt
import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
import xlsxwriter

from app.core import jobs
from app.core.access import SYSTEM
from app.core.db import db, transaction
from app.evidence import importing, previewing, push_tokens, series
from app.evidence.models import Ticket
from app.evidence.readers import MAPPINGS
from app.evidence.readers.metric_series import MetricRecord
from app.evidence.series_models import MetricPoint
from app.evidence.tickets import RefusedRow
from tests.house_fixtures import House, csrf

CHINA = dt.timezone(dt.timedelta(hours=8))
TABLE = """日期,指标,数值,单位,样本量,班组,区域
2026-03-02,平均响应时长,6.50,分钟,120,,
2026/3/3,平均响应时长,"1,234.5",分钟,,,
2026年3月4日,平均响应时长,-0.0,分钟,0,A组,east
2026-03-05 23:30,满意率,93.5%,,,,
2026-02-30,满意率,1,,,,
yesterday,满意率,1,,,,
,满意率,1,,,,
2026-03-06,,1,,,,
2026-03-06,满意率,many,,,,
2026-03-06,满意率,,,,,
2026-03-06,满意率,NaN,,,,
2026-03-06,满意率,1e9,,,,
2026-03-06,满意率,1,,-3,,
2026-03-06,满意率,1,,2.5,,
1970-01-01,满意率,1,,,,
2026-03-06,满意率,1
"""


def read(path: Path) -> tuple[list[MetricRecord], list[tuple]]:
    rows = list(MAPPINGS["metric-series"].read(path, CHINA))
    refused = [(row.line, row.field, row.reason_key) for row in rows if isinstance(row, RefusedRow)]
    return [row for row in rows if isinstance(row, MetricRecord)], refused


def written(folder: Path, text: str, name: str = "figures.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def bring(path: Path):
    with transaction():
        return importing.import_tickets(SYSTEM, "metric-series", path)


def kept() -> list[tuple]:
    rows = db.session.scalars(sa.select(MetricPoint).order_by(*series.KEY))
    return [
        (one.measure, one.team, one.region, one.day, one.value, one.unit, one.n, one.line) for one in rows
    ]


def test_a_table_is_read_and_every_bad_row_named(tmp_path: Path) -> None:
    found, refused = read(written(tmp_path, TABLE))
    assert [
        (one.day.day, one.measure, one.value, one.unit, one.n, one.team, one.region) for one in found
    ] == [
        (2, "平均响应时长", "6.5", "分钟", 120, "", ""),
        (3, "平均响应时长", "1234.5", "分钟", None, "", ""),
        (4, "平均响应时长", "0", "分钟", 0, "A组", "east"),
        (5, "满意率", "93.5", "%", None, "", ""),
    ]
    assert (
        refused
        == [
            (6, "date", "import.date_unreadable"),
            (7, "date", "import.date_unreadable"),
            (8, "date", "import.day_missing"),
            (9, "measure", "import.measure_missing"),
            (10, "value", "import.value_no_number"),
            (11, "value", "import.value_no_number"),
            (12, "value", "import.value_no_number"),
            (13, "value", "import.value_no_number"),
            (14, "n", "import.number_unreadable"),
            (15, "n", "import.number_unreadable"),
            (16, "date", "import.date_out_of_range"),
            (0, "", "import.row_short"),
        ]
        or refused[-1][2] == "import.row_short"
    )


def test_json_json_lines_and_workbooks_give_the_same(tmp_path: Path) -> None:
    rows = [
        {"date": "2026-03-02", "metric": "AHT", "value": 6.5, "unit": "min", "n": 3},
        {"day": "2026-03-03", "name": "AHT", "value": 7},
    ]
    expected = [("AHT", "6.5", "min", 3), ("AHT", "7", "", None)]
    book = xlsxwriter.Workbook(tmp_path / "f.xlsx", {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["date", "measure", "value", "unit", "n"])
    sheet.write_row(1, 0, [dt.datetime(2026, 3, 2), "AHT", 6.5, "min", 3])
    sheet.write_row(2, 0, [dt.datetime(2026, 3, 3), "AHT", 7])
    sheet.write_row(2, 3, ["", ""])
    book.close()
    for path in (
        written(tmp_path, json.dumps(rows), "f.json"),
        written(tmp_path, json.dumps({"metrics": rows}), "g.json"),
        written(tmp_path, "\n".join(map(json.dumps, rows)), "f.jsonl"),
        tmp_path / "f.xlsx",
    ):
        found, refused = read(path)
        assert ([(one.measure, one.value, one.unit, one.n) for one in found], refused) == (expected, []), (
            path.name
        )
    assert read(
        written(tmp_path, json.dumps([{"date": "2026-03-02", "measure": "x", "value": True}]), "h.json")
    )[1] == [(1, "value", "import.value_no_number")]


def test_the_same_file_twice_changes_nothing_and_another_value_takes_its_place(
    house: House, tmp_path: Path
) -> None:
    path = written(tmp_path, TABLE)
    first = bring(path)
    assert (first.read_count, first.created_count, first.refused_count) == (16, 4, 12)
    before = kept()
    again = bring(path)
    assert (again.created_count, again.updated_count, again.unchanged_count) == (0, 0, 4)
    assert kept() == before
    newer = "date,measure,value,unit\n2026-03-03,平均响应时长,8,分钟\n2026-03-03,平均响应时长,9,分钟\n2026-03-09,平均响应时长,5,分钟\n"
    third = bring(written(tmp_path, newer, "newer.csv"))
    assert (third.created_count, third.updated_count, third.unused) == (1, 1, {"duplicates": 1})
    assert [row[4] for row in kept() if row[3] == dt.date(2026, 3, 3)] == ["9"], (
        "of two of one day the last one counts"
    )
    assert len(kept()) == 5
    assert db.session.scalar(sa.select(sa.func.count(Ticket.id))) == 0, "a figure is no ticket"
    queued = db.session.scalars(sa.select(jobs.Job.name)).all()
    assert "group_complaints" not in queued


def test_phone_numbers_in_names_are_masked(sqlite_house: House, tmp_path: Path) -> None:
    bring(written(tmp_path, "date,measure,value,team\n2026-03-02,来电 13812342210,1,13812342210\n"))
    (row,) = kept()
    assert "13812342210" not in str(row)


def test_the_mapping_is_found_out_looked_at_and_brought_in_by_a_page(web: House) -> None:
    client = web.client("director", "en")
    token = csrf(client.get("/e/import").text)
    data = {**token, "mapping": "guess", "then": "check", "file": (io.BytesIO(TABLE.encode()), "figures.csv")}
    answer = client.post("/e/import", data=data, content_type="multipart/form-data")
    assert "mapping=metric-series" in answer.location
    page = client.get(answer.location).text
    assert "Of the first 16 rows 4 can be read and 12 would be left out." in page
    assert "is no number" in page
    done = client.post(answer.location, data={**csrf(page), "mapping": "metric-series", "then": "import"})
    with web.app.app_context():
        jobs.run_due()
    result = client.get(done.location).text
    assert "16 rows read, 12 left out" in result and "/e/metrics" in result
    listed = client.get("/e/metrics").text
    assert "平均响应时长" in listed and "figures.csv" in listed
    shown = client.get("/e/metrics/figures", query_string={"measure": "平均响应时长"}).text
    assert "<svg" in shown and "1234.5" in shown and "line 3" in shown
    assert client.get("/e/metrics/figures?measure=none").status_code == 404
    reader = web.client("drafter").get("/e/metrics/figures", query_string={"measure": "满意率"})
    assert reader.status_code == 200 and "/e/import/" not in reader.text
    assert "/e/metrics" in client.get("/e").text


def test_values_of_another_unit_stand_in_the_table_only(web: House, tmp_path: Path) -> None:
    text = "date,measure,value,unit\n2026-03-01,AHT,400,s\n2026-03-02,AHT,6,min\n2026-03-03,AHT,7,min\n"
    with web.app.app_context():
        bring(written(tmp_path, text))
    page = web.client("director", "en").get("/e/metrics/figures?measure=AHT").text
    assert "1 value in another unit stands in the table only." in page and "400 s" in page


@pytest.mark.parametrize(
    "values",
    [
        "50%\n2026-03-02,S,101%",
        "-3\n2026-03-02,S,0.000000001",
        "0\n2026-03-02,S,0",
        "999999999999999\n2026-03-02,S,1",
    ],
)
def test_odd_values_break_no_chart(web: House, tmp_path: Path, values: str) -> None:
    with web.app.app_context():
        bring(written(tmp_path, f"date,measure,value\n2026-03-01,S,{values}\n"))
    for language in ("zh", "en"):
        assert "<svg" in web.client("director", language).get("/e/metrics/figures?measure=S").text


def test_figures_are_sent_with_a_token_too(web: House) -> None:
    with web.app.app_context(), transaction():
        secret = push_tokens.make(web.actor("director"), name="CSM", mapping="metric-series")[1]
    body = json.dumps(
        [{"date": "2026-03-02", "measure": "AHT", "value": 6.5}, {"date": "2026-03-02", "measure": "AHT"}]
    )
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    answer = web.app.test_client().post("/e/push/metric-series", data=body, headers=headers)
    assert (answer.status_code, answer.json["created"], answer.json["refused"]) == (200, 1, 1)
    assert (answer.json["errors"][0]["field"], answer.json["errors"][0]["reason"]) == (
        "value",
        "import.value_no_number",
    )


def test_the_beginning_of_a_figures_file_shows_no_columns_to_choose(
    tmp_path: Path, sqlite_house: House
) -> None:
    seen = previewing.preview(written(tmp_path, TABLE), "metric-series")
    assert seen is not None and (seen.columns, seen.fits, seen.refused_count) == ((), 4, 12)
