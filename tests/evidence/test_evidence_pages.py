"""The pages of evidence over HTTP: who may open them, what they show, what they refuse."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import activity, calendar, jobs, seasons
from app.core.access import VISITOR
from app.core.db import db
from app.evidence import service
from app.evidence.models import Issue, IssueState, Suggestion, TicketImport
from tests.house_fixtures import House, csrf
from tests.proposal_cases import PHONE, open_copy

PAGES = (
    "/e",
    "/e?state=linked",
    "/e/E-1001",
    "/e/tickets",
    "/e/tickets/1",
    "/e/suggestions",
    "/e/suggestions?show=all",
)


@pytest.fixture
def filled(stocked: Path, tmp_path: Path) -> Iterator[House]:
    with open_copy(stocked, tmp_path / "filled") as house:
        yield house


def heading(page: str) -> str:
    found = re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert len(found) == 1, "one h1 a page"
    return re.sub(r"<.*?>", "", found[0]).strip()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", [*PAGES, "/e/import"])
def test_every_page_stands_in_both_languages_and_writes_nothing(
    filled: House, path: str, language: str
) -> None:
    client = filled.client("director", language)
    with filled.app.app_context():
        before = activity.head()
    page = client.get(path)
    assert page.status_code == 200 and heading(page.text)
    assert PHONE not in page.text and "style=" not in page.text and " on" + "click" not in page.text
    with filled.app.app_context():
        assert activity.head() == before


@pytest.mark.parametrize(
    ("who", "status"), [("agent", 403), ("stranger", 403), ("admin", 403), ("drafter", 200), (None, 303)]
)
def test_evidence_is_for_those_who_work_with_it(filled: House, who: str | None, status: int) -> None:
    client = filled.client(who)
    assert {client.get(path).status_code for path in PAGES} == {status}


@pytest.mark.parametrize("who", ["drafter", "auditor", "lawyer", "agent"])
@pytest.mark.parametrize(
    "path",
    [
        "set-aside",
        "handing-on",
        "later",
        "reopening",
        "clause",
        "not-this",
        "revision",
        "confirmation",
        "merging",
        "splitting",
    ],
)
def test_only_who_manages_evidence_changes_it(filled: House, who: str, path: str) -> None:
    client = filled.client(who)
    token = csrf(client.get("/profile").text)
    assert client.post(f"/e/E-1001/{path}", data=token).status_code == 403


def test_setting_aside_asks_for_the_reason_and_can_be_undone(filled: House) -> None:
    client = filled.client("director")
    token = csrf(client.get("/e/E-1001").text)
    refused = client.post("/e/E-1001/set-aside", data={**token, "reason": " "})
    assert refused.status_code == 422 and "写明原因" in refused.text
    done = client.post("/e/E-1001/set-aside", data={**token, "reason": "仓库搬迁，已恢复"})
    assert done.status_code == 303
    page = client.get("/e")
    assert 'action="/e/E-1001/reopening"' in page.text  # the undo in the banner
    assert "仓库搬迁" in client.get("/e/E-1001").text
    client.post("/e/E-1001/reopening", data=token)
    with filled.app.app_context():
        assert db.session.scalar(sa.select(Issue.state)) is IssueState.OPEN


def test_an_issue_is_handed_on_to_the_department_that_can_do_something(filled: House) -> None:
    client = filled.client("director")
    token = csrf(client.get("/e/E-1001").text)
    for data, words in (
        ({"department": "", "words_on": "登录报错"}, "选择一个部门"),
        ({"department": "moon", "words_on": "登录报错"}, "选择一个部门"),
        ({"department": "it", "words_on": "  "}, "写下需要对方部门处理什么"),
    ):
        refused = client.post("/e/E-1001/handing-on", data={**token, **data})
        assert refused.status_code == 422 and words in refused.text
    data = {**token, "department": "it", "words_on": "APP 登录报错，请看日志。客户 13812345678"}
    assert client.post("/e/E-1001/handing-on", data=data).status_code == 303
    page = client.get("/e/E-1001").text
    assert "已转交" in page and "13812345678" not in page and "请看日志" in page
    assert "E-1001" in client.get("/e?state=handed_on").text
    reviewer = filled.client("liaison").get("/notices").text
    assert "〔转交〕E-1001" in reviewer and "13812345678" not in reviewer
    client.post("/e/E-1001/reopening", data=token)
    with filled.app.app_context():
        issue = db.session.scalars(sa.select(Issue)).one()
        assert (issue.state, issue.handed_to_id) == (IssueState.OPEN, None)


def test_the_number_on_the_page_opens_that_many_rows(filled: House) -> None:
    client = filled.client("director", "en")
    page = client.get("/e/E-1001").text
    link, shown = re.search(r'<a class="big" href="([^"]+)">(\d+)<', page).groups()  # type: ignore[union-attr]
    assert shown == "12"
    assert "12 tickets" in client.get(link.replace("&amp;", "&")).text


@pytest.mark.parametrize(
    "query",
    ["from=x&to=9999-99-99", "page=-4", "page=99999999999", "channel=%27;drop", "measure=cs-04/c99/m01&kept=1",
     "issue=E-9999", "measure=../..", "kept=2", "from=2026-01-01T00:00:00Z"],
)  # fmt: skip
def test_a_filter_nobody_understands_never_breaks_the_table(filled: House, query: str) -> None:
    assert filled.client("director").get(f"/e/tickets?{query}").status_code == 200


def test_missed_and_kept_contacts_of_a_measure_can_be_opened(filled: House) -> None:
    client = filled.client("director", "en")
    both = [
        re.search(r"(\d+) ticket", client.get(f"/e/tickets?measure=cs-04/c07/m01&kept={k}").text)
        for k in (0, 1)
    ]
    assert [int(m.group(1)) for m in both if m] == [18, 0]


@pytest.mark.parametrize(
    "path", ["/e/E-4711", "/e/tickets/999999", "/e/suggestions/S-AAAA-AAAA", "/e/import/77", "/e/%00"]
)
def test_what_is_not_there_is_not_found(filled: House, path: str) -> None:
    assert filled.client("director").get(path).status_code in (400, 404)


# Bringing tickets in


def upload(client, body: bytes, name: str, mapping: str = "csv"):
    token = csrf(client.get("/e/import").text)
    return client.post(
        "/e/import",
        data={**token, "mapping": mapping, "file": (io.BytesIO(body), name)},
        content_type="multipart/form-data",
    )


TABLE = "工单编号,创建时间,内容\nA1,2026-09-01 10:00,打我电话13812342210\n=1+1,昨天,坏行\nA3,2026-09-01 12:00,<script>alert(1)</script>\n"


@pytest.mark.parametrize(
    "name", ["tickets.csv", "../../../etc/passwd.csv", "=HYPERLINK(1).csv", "a\\b\\c.csv", "x" * 400 + ".csv"]
)
def test_an_uploaded_file_is_read_by_the_worker_and_then_gone(web: House, name: str) -> None:
    client = web.client("director", "en")
    answer = upload(client, TABLE.encode(), name)
    assert answer.status_code == 303
    waiting = client.get(answer.location)
    assert "Reading and masking" in waiting.text
    with web.app.app_context():
        jobs.run_due()
        row = db.session.scalars(sa.select(TicketImport)).one()
        assert (row.read_count, row.created_count, row.refused_count) == (3, 2, 1)
        assert "/" not in row.file_name and "\\" not in row.file_name
        assert list((web.folder / "uploads").iterdir()) == []
    done = client.get(answer.location)
    assert "3 rows read, 1 left out." in done.text
    table = client.get(f"{answer.location}/refused.csv")
    assert table.headers["Content-Disposition"].startswith("attachment")
    for line in table.text.lstrip("\ufeff").splitlines():
        assert not re.search(r"(^|,)\"?[=+@]", line), line
    ticket = client.get("/e/tickets/2").text
    assert "<script>alert" not in ticket and "&lt;script&gt;alert" in ticket
    assert "13812342210" not in client.get("/e/tickets/1").text


def test_a_form_without_a_file_says_what_to_do(web: House) -> None:
    client = web.client("director", "en")
    token = csrf(client.get("/e/import").text)
    refused = client.post("/e/import", data={**token, "mapping": "csv"}, content_type="multipart/form-data")
    assert refused.status_code == 422 and "Choose a file." in refused.text
    assert upload(client, b"x", "x.csv", mapping="nope").status_code == 422


def test_rubbish_is_refused_row_by_row_and_never_breaks(web: House) -> None:
    client = web.client("director")
    for body in (b"", b"\x00\xff\xfe", b"PK\x03\x04broken", "工单编号\n".encode("gb18030"), b"{" * 2000):
        answer = upload(client, body, "r.csv")
        with web.app.app_context():
            jobs.run_due()
        page = client.get(answer.location)
        assert page.status_code == 200 and "没有完成" not in page.text


@pytest.mark.parametrize("who", ["drafter", "lawyer", "agent"])
def test_only_who_manages_evidence_brings_tickets_in(web: House, who: str) -> None:
    assert web.client(who).get("/e/import").status_code == 403


def test_the_same_upload_twice_changes_nothing(web: House) -> None:
    client = web.client("director")
    for _ in range(2):
        upload(client, TABLE.encode(), "t.csv")
        with web.app.app_context():
            jobs.run_due()
    with web.app.app_context():
        first, second = db.session.scalars(sa.select(TicketImport).order_by(TicketImport.id))
        assert (first.created_count, second.created_count, second.unchanged_count) == (2, 0, 2)


# Suggestions


@pytest.fixture
def suggestion(filled: House) -> str:
    with filled.app.app_context():
        row = service.receive_suggestion(
            VISITOR, text="<b>希望</b>退货答复更快", language="zh", standard_code="cs-04", clause_id="c07",
            contact="someone@example.com", network="192.0.2.1",
        )  # fmt: skip
        ref = row.ref
        db.session.commit()
        db.session.remove()
    return ref


def test_a_suggestion_is_answered_in_words(filled: House, suggestion: str) -> None:
    client = filled.client("director", "en")
    page = client.get(f"/e/suggestions/{suggestion}")
    assert "&lt;b&gt;希望" in page.text and "Waiting for an answer until" in page.text
    token = {**csrf(page.text), "seen": "received"}
    refused = client.post(f"/e/suggestions/{suggestion}", data={**token, "adopted": "no", "answer": " "})
    assert refused.status_code == 422
    done = client.post(
        f"/e/suggestions/{suggestion}", data={**token, "adopted": "no", "answer": "人手不够，明年再看。"}
    )
    assert done.status_code == 303
    again = client.post(f"/e/suggestions/{suggestion}", data={**token, "adopted": "yes", "answer": "好"})
    assert again.status_code == 409
    assert "人手不够" in client.get(f"/e/suggestions/{suggestion}").text


def test_readers_see_no_contact_and_cannot_answer(filled: House, suggestion: str) -> None:
    client = filled.client("drafter")
    page = client.get(f"/e/suggestions/{suggestion}")
    assert page.status_code == 200 and "someone@example.com" not in page.text
    assert (
        client.post(
            f"/e/suggestions/{suggestion}", data={**csrf(page.text), "adopted": "no", "answer": "x"}
        ).status_code
        == 403
    )
    with filled.app.app_context():
        assert db.session.scalars(sa.select(Suggestion)).one().answer == ""


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_more_than_about_ten_questions(filled: House, path: str) -> None:
    client = filled.client("director")
    client.get(path)
    count = 0

    def note(*_args: object) -> None:
        nonlocal count
        count += 1

    with filled.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        client.get(path)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert count <= 13, count


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("周一至周五", "08:00–12:00 · 13:00–22:00", "22:00–06:00", "法定假日", "由本组织设定", "依往年情况自行划定", "休息")),
        ("en", ("Mon–Fri", "08:00–12:00 · 13:00–22:00", "Sat", "22:00–06:00", "Public days off", "set by this organisation", "almanac or public notice")),
    ],
)  # fmt: skip
def test_the_definitions_show_shifts_own_days_and_where_the_seasons_come_from(
    filled: House, language: str, words: tuple[str, ...]
) -> None:
    calendar.use_shifts("mon-fri 08:00-12:00 13:00-22:00; sat 22:00-06:00; holiday 10:00-16:00")
    calendar.use_days("-2026-11-23 +2025-01-01")
    seasons.use_peaks("2026-03-01/2026-03-15")
    try:
        page = filled.client("director", language).get("/e/definitions").text
    finally:
        calendar.use_shifts("")
        calendar.use_days("")
        seasons.use_peaks("")
    assert [word for word in words if word not in page] == []
