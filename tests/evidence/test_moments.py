"""Moments, durations, satisfaction and tags as real exports write them: each writing, and what could be two things."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import xlsxwriter

from app.evidence.readers.generic_table import _parse_tags
from app.evidence.readers.moments import minutes_of, moment
from app.evidence.readers.values import Unreadable, parse_instant, parse_satisfaction
from tests.evidence.reader_cases import read

CHINA = timezone(timedelta(hours=8))
FIVE_PAST_TWO = datetime(2026, 3, 5, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05T14:05:00.000+0800", "2026-03-05T06:05Z", "2026-03-05 14:05", "2026/3/5 14:05", "2026.3.5 14:05:00",
        "2026-03-05 06:05 UTC", "2026-03-05 14:05 UTC+8", "2026-03-05 14:05 GMT+08:00", "2026-03-05 14:05:00 +08",
        "2026年3月5日 14:05", "2026年3月5日14:05", "2026年03月05日 14时05分", "2026年3月5日 14点05分00秒", "2026年3月5号 下午2:05",
        "2026年3月5日 星期四 下午2时05分", "2026-03-05 下午02:05", "2026-03-05 下午14:05", "2026/3/5 2:05 PM", "2026-03-05 02:05:00 p.m.",
        "5 Mar 2026 2:05 PM", "05/Mar/2026 02:05 pm", "05-Mar-2026 14:05", "5th March 2026, 14:05", "March 5, 2026 2:05 PM",
        "Mar 5, 2026 at 2:05 PM", "Thu, 05 Mar 2026 06:05:00 GMT", "Thu, 05 Mar 2026 14:05:00 +0800",
        "Thu Mar 05 2026 14:05:00 GMT+0800 (中国标准时间)", "Thu Mar  5 14:05:00 2026", "20260305140500", "20260305T060500Z", "20260305 14:05",
        "1772690700", "1772690700000", "46086.5868055556", "２０２６-０３-０５ １４：０５", "05/三月/26 2:05 下午", "5/3月/2026 14:05",
        "5-Mar-26 2:05 PM",
    ],
)  # fmt: skip
def test_one_moment_in_all_its_writings(text: str) -> None:
    assert parse_instant(text, CHINA) == FIVE_PAST_TWO


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-03-05 12:05 AM", 0), ("2026-03-05 12:05 PM", 12), ("2026-03-05 上午9:05", 9), ("2026-03-05 凌晨12:05", 0),
        ("2026-03-05 中午12:05", 12), ("2026-03-05 中午1:05", 13), ("2026-03-05 下午12:05", 12), ("2026-03-05 晚上11:05", 23),
    ],
)  # fmt: skip
def test_halves_of_the_day(text: str, hour: int) -> None:
    found = moment(text)
    assert found is not None and (found.at.hour, found.at.minute) == (hour, 5)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("3/5/2026 14:05", "import.date_unreadable"),  # day or month first: nobody here knows
        ("2026-03-05 14:05 CST", "import.date_unreadable"),  # China, Central or Cuba
        ("2026-03-05 13:05 AM", "import.date_unreadable"),
        ("2026-03-05 0:05 PM", "import.date_unreadable"),
        ("2026-03-05 晚上12:00", "import.date_unreadable"),  # of this day or of the next
        ("2026-02-30 10:00", "import.date_unreadable"),
        ("2026-03-05 25:00", "import.date_unreadable"),
        ("2026-03-0514:05", "import.date_unreadable"),
        ("5 Foo 2026 14:05", "import.date_unreadable"),
        ("12345", "import.date_unreadable"),
        ("9" * 400, "import.date_unreadable"),
        ("2026-03-05", "import.date_without_time"),
        ("2026年3月5日", "import.date_without_time"),
        ("20260305", "import.date_without_time"),
        ("46086", "import.date_without_time"),
        ("1889-03-05 10:00", "import.date_out_of_range"),
    ],
)
def test_what_is_no_moment_is_said_and_never_guessed(text: str, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_instant(text, CHINA)
    assert caught.value.reason_key == reason


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("65", 65), ("65.0", 65), ("1:05:00", 65), ("01:05:30", 65.5), ("1h 5m", 65), ("1h5m30s", 65.5), ("1 hour and 5 minutes", 65),
        ("2 days, 3 hours", 3060), ("90 min", 90), ("PT1H5M", 65), ("P1DT2H", 1560), ("1小时5分", 65), ("1小时零5分钟", 65), ("3分20秒", 10 / 3),
        ("1天2小时", 1560), ("30秒", 0.5), ("６５", 65), ("-5", -5), ("-1h 5m", -65),
        ("1:05", None), ("1,065", None), ("P", None), ("PT", None), ("soon", None), ("5 parsecs", None), ("", None), ("1h x 5m", None),
        ("9" * 400, None),
    ],
)  # fmt: skip
def test_durations_in_all_their_writings(text: str, minutes: float | None) -> None:
    assert minutes_of(text) == (pytest.approx(minutes) if minutes is not None else None)


@pytest.mark.parametrize(
    ("value", "score"),
    [
        (4, 4), ("4", 4), ("4.0", 4), (4.0, 4), ("4分", 4), ("4 星", 4), ("4/5", 4), ("★★★★☆", 4), ("⭐⭐⭐⭐", 4), ("4 stars", 4), ("满意", 4),
        ("比较满意", 4), ("Very  Satisfied", 5), ("非常不满意", 1), ("不满意", 2), ("一般", 3), ("", None), (None, None),
    ],
)  # fmt: skip
def test_satisfaction_in_numbers_stars_and_words(value: object, score: int | None) -> None:
    assert parse_satisfaction(value) == score


@pytest.mark.parametrize("value", ["6", "0", "4.5", "4/10", "mostly", True])
def test_what_is_no_satisfaction_is_refused(value: object) -> None:
    with pytest.raises(Unreadable):
        parse_satisfaction(value)


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("投诉|退款", ("投诉", "退款")), ("投诉、退款", ("投诉", "退款")), ("complaint, refund", ("complaint", "refund")),
        ("a;b；c，d", ("a", "b", "c", "d")), ("a, b|c", ("a, b", "c")), ("a, b|", ("a, b",)), ("", ()),
    ],
)  # fmt: skip
def test_tags_in_one_cell(cell: str, tags: tuple[str, ...]) -> None:
    assert _parse_tags(cell) == tags


def test_tags_of_a_zendesk_view_have_spaces_between_them(tmp_path: Path) -> None:
    path = tmp_path / "view.csv"
    path.write_text("Id,Requested,Tags\n7,2026-03-05 14:05,complaint region_east vip\n")
    tickets, _, _ = read("zendesk-view", path)
    assert (tickets["7"].tags, tickets["7"].region) == (("complaint", "region_east", "vip"), "east")
    assert tickets["7"].is_complaint is True


@pytest.mark.parametrize(
    "table",
    [
        "工单编号;创建时间;内容\n1;2026年3月5日 14:05;第一行\n", "工单编号\t创建时间\t内容\n1\t2026年3月5日 14:05\t第一行\n",
        "工单编号|创建时间|内容\n1|2026年3月5日 14:05|第一行\n", "sep=;\n工单编号;创建时间;内容\n1;2026年3月5日 14:05;第一行\n",
        '"sep=,"\r\n内容,创建时间,工单编号\r\n第一行,2026-03-05 14:05,1\r\n', "\n\n创建时间,工单编号,内容\n2026/3/5 下午2:05,1,第一行\n",
        "工单明细导出\n\n工单编号;创建时间;内容\n1;2026-03-05 14:05;第一行\n", "工单明细,,\n*工单ID：,Created_At,内容\n1,2026-03-05 14:05,第一行\n",
        "Ticket-Number\tDate created\tcontent\n1\t5 Mar 2026 14:05\t第一行\n",
    ],
)  # fmt: skip
def test_separators_orders_of_columns_and_lines_before_the_header(tmp_path: Path, table: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(table, encoding="utf-8", newline="")
    tickets, refused, _ = read("csv", path)
    assert refused == [] and (tickets["1"].created_at, tickets["1"].text) == (FIVE_PAST_TWO, "第一行")


def test_a_refused_row_after_lines_before_the_header_keeps_its_line(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        'sep=;\n\n工单编号;创建时间;内容\n1;2026-03-05 14:05;"a\nb"\n2;gestern;x\n', encoding="utf-8"
    )
    tickets, refused, _ = read("csv", path)
    assert list(tickets) == ["1"] and tickets["1"].text == "a\nb"
    assert refused == [("export.csv", 6, "created_at", "import.date_unreadable")]


def test_a_workbook_may_begin_with_a_title_and_hold_durations(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["工单明细导出 2026-03"])
        sheet.write_row(2, 0, ["Id", "Requested", "First reply time in minutes"])
        sheet.write(3, 0, 7)
        sheet.write_datetime(
            3, 1, datetime(2026, 3, 5, 14, 5), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        )
        sheet.write_number(3, 2, 1 + 65 / 1440, book.add_format({"num_format": "[h]:mm:ss"}))
    tickets, refused, _ = read("zendesk-view", path)
    assert refused == [] and tickets["7"].created_at == FIVE_PAST_TWO
    assert tickets["7"].first_reply_minutes == 1440 + 65


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (("3/5/2026 14:05", "3/15/2026 2:05 PM"), ("03-05", "03-15")),
        (("5/3/2026 14:05", "15/3/2026 14:05"), ("03-05", "03-15")),
        (("05.03.2026 14:05", "5.3.2026, 14:05"), ("03-05", "03-05")),
        (("3/5/2026 14:05", "3/6/2026 14:05"), (None, None)),  # neither tells
        (("3/15/2026 14:05", "15/3/2026 14:05"), ("03-15", None)),  # who tells first is believed
        (("26/03/05 14:05", "26/03/15 14:05"), (None, None)),  # perhaps the year is the first of three
    ],
)
def test_the_file_itself_tells_whether_the_day_comes_first(
    tmp_path: Path, written: tuple[str, ...], read_as: tuple[str | None, ...]
) -> None:
    path = tmp_path / "export.csv"
    rows = "".join(f"{place};{text}\n" for place, text in enumerate(written))
    path.write_text(f"工单编号;创建时间\n{rows}", encoding="utf-8")
    tickets, refused, _ = read("csv", path)
    found = [tickets[str(n)].created_at if str(n) in tickets else None for n in range(len(written))]
    assert [one and f"{one.astimezone(CHINA):%m-%d}" for one in found] == list(read_as)
    assert all(row[3] == "import.date_unreadable" for row in refused)


def test_how_databases_and_survey_tools_write_nothing_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "工单编号,创建时间,解决时间,满意度,优先级,大区,重开次数,内容\n"
        "1,2026-03-05 14:05,NULL,(空),--,\\N,N/A,无\n2,null,,,,,,\n",
        encoding="utf-8",
    )
    tickets, refused, _ = read("csv", path)
    one = tickets["1"]
    assert (one.resolved_at, one.satisfaction, one.priority, one.region, one.reopened) == (
        None,
        None,
        None,
        None,
        0,
    )
    assert one.text == "无"
    assert refused == [("export.csv", 3, "created_at", "import.date_missing")]


def test_a_survey_without_its_marks_no_longer_fits(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("Response ID,Submitted at,Comment\n1,2026-03-05 14:05,fine\n")
    for name, field in (("survey-nps", "recommendation"), ("survey-csat", "satisfaction")):
        assert read(name, path)[1] == [("answers.csv", 1, field, "import.mapping_no_longer_fits")]


def test_a_table_of_one_column_is_refused_at_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("工单编号\n1\n2\n")
    assert read("csv", path)[1] == [("notes.csv", 1, "created_at", "import.column_missing")]


@pytest.mark.parametrize(
    "text",
    [
        "05/Mar/26 2:05 PM",
        "05/Mar/26 14:05",
        "3/5/2026 14:05",
        "3/5/2026 2:05 PM",
        "5/3/26 14:05",
        "2026-03-05 14:05:00.0",
    ],
)
def test_times_of_jira_tables_as_people_set_them(tmp_path: Path, text: str) -> None:
    path = tmp_path / "jira.csv"
    path.write_text(
        f"Summary,Issue key,Issue id,Created,Labels,Labels\n退货,CARE-1,10001,{text},complaint,vip\n",
        encoding="utf-8",
    )
    tickets, refused, _ = read("jira-csv", path)
    assert refused == [] and tickets["CARE-1"].created_at == FIVE_PAST_TWO
    assert tickets["CARE-1"].tags == ("complaint", "vip")
