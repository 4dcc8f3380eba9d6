"""Bad input at every door of drafting: forged clauses, words far too long, the naughty list, a double click."""

import pytest

from app.standards import queries
from tests.attack.harmless import naughty_strings
from tests.house_fixtures import House, csrf
from tests.review_cases import make_drafting
from tests.standards.test_pages_edit import EDIT, change, fields

BASE = "/r/26-001/edit"
FORGED = ("c99", "c0", "C07", "frame", "preamble", "c07;x", "..", "%3Cb%3E", "c" * 300)
DOORS = (
    "",
    "/preview",
    "/autosave",
    "/undo",
    "/resolve",
    "/move",
    "/split",
    "/join",
    "/retire",
    "/discard",
    "/words/1",
)


@pytest.fixture
def drafting(web: House) -> House:
    with web.app.app_context():
        make_drafting(web)
    return web


def drafted(house: House) -> dict[str, tuple[str, str]]:
    with house.app.app_context():
        rows = queries.clause_drafts(queries.revision("26-001").id)
        return {row.clause_id: (row.heading_zh, row.body_zh) for row in rows}


def test_a_forged_clause_gets_an_answer_at_every_door_and_changes_nothing(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = fields(client.get(EDIT).text)
    filled = change(
        sent, body_zh="伪造。", reason="x", after="c07", other="c07", seen="x", copy="1", use="mine"
    )
    for clause_id in FORGED:
        for door in DOORS:
            answer = client.post(f"{BASE}/{clause_id}{door}", data=filled)
            assert answer.status_code in (200, 303, 308, 400, 404, 405, 409, 422), (clause_id, door)
            if answer.status_code == 200:
                assert door == "/preview", (clause_id, door)
            assert "伪造" not in answer.text or answer.status_code != 303
            assert client.get(f"{BASE}/{clause_id}").status_code in (200, 308, 404)
    assert drafted(drafting) == {}


def test_a_clause_of_200_kb_is_refused_in_words_wherever_it_is_sent(drafting: House) -> None:
    client = drafting.client("drafter", language="en")
    sent = fields(client.get(EDIT).text)
    huge = change(sent, body_zh="长" * 70_000)  # 210 kB
    for door in ("", "/autosave"):
        answer = client.post(f"{EDIT}{door}", data=huge)
        assert answer.status_code == 422 and "longer than" in answer.text, door
    assert client.post(f"{EDIT}/preview", data=huge).status_code == 200, "a preview keeps nothing"
    assert drafted(drafting) == {}


def test_the_naughty_list_is_kept_as_it_is_or_refused_by_name(drafting: House) -> None:
    client = drafting.client("drafter")
    every = naughty_strings()
    kept = 0
    for words in every[:: max(1, len(every) // 40)]:
        sent = fields(client.get(EDIT).text)
        answer = client.post(EDIT, data=change(sent, body_zh=f"规则。\n\n{words}", then="stay"))
        assert answer.status_code in (303, 422), words
        kept += answer.status_code == 303
        page = client.get(EDIT).text
        assert "<script>alert" not in page and "onerror=alert" not in page.replace("&", "")
    assert kept > 5


def test_a_double_click_saves_once(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = change(fields(client.get(EDIT).text), body_zh="只保存一次。", then="stay")
    assert [client.post(EDIT, data=sent).status_code for _ in range(2)] == [303, 303]
    assert drafted(drafting)["c07"][1] == "只保存一次。"
    token = csrf(client.get(f"{BASE}/c09/retire").text)
    retire = {**token, "reason": "不再需要", "successor": ""}
    assert [client.post(f"{BASE}/c09/retire", data=retire).status_code for _ in range(2)] == [303, 303]
    assert list(drafted(drafting)) == ["c07", "c09"]


def test_a_table_copied_from_a_sheet_comes_in_as_a_table(drafting: House) -> None:
    client = drafting.client("drafter")
    cells = '渠道\t时限\t=HYPERLINK("http://e")\n电话\t20 秒\t|竖线|\n在线\t30 秒\t<b>粗</b>'
    sent = change(fields(client.get(EDIT).text), body_zh=f"时限如下。\n{cells}", then="stay")
    assert client.post(EDIT, data=sent).status_code == 303
    body = drafted(drafting)["c07"][1]
    assert body.count("\n|") == 4 and "\\|竖线\\|" in body
    page = client.get("/r/26-001/changes").text
    assert "<b>粗</b>" not in page
