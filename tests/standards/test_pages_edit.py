"""The clause editor over HTTP: clicks, autosave, preview, two editors, hostile words."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app.core.db import db
from app.standards import queries
from app.standards.models import DraftCopy, Materiality
from app.standards.workflow import State
from tests.house_fixtures import House
from tests.review_cases import make_drafting, make_review

EDIT = "/r/26-001/edit/c07"


@pytest.fixture
def drafting(web: House) -> House:
    with web.app.app_context():
        make_drafting(web, ("c07", "c09"))
    return web


def fields(html: str) -> dict[str, str | list[str]]:
    """Returns what a browser would send of the editor's form."""
    form = html[html.index('<form method="post" id="editor"') :]
    form = form[: form.index("</form>")]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and (("checkbox" not in tag and "radio" not in tag) or " checked" in tag):
            sent.setdefault(name.group(1), []).append(unescape(value.group(1)) if value else "on")
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        sent[name] = [unescape(body)]
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
        sent[name] = [chosen.group(1) if chosen else ""]
    return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}


def unescape(text: str) -> str:
    for mark, letter in (("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(mark, letter)
    return text


def change(sent: dict, **more: object) -> dict:
    return {**sent, **more}


def twelve(sent: dict) -> dict:
    """Returns the form with 12 hours in both texts and in the measure."""
    made = {
        k: v.replace("24 小时", "12 小时").replace("24 hours", "12 hours") if isinstance(v, str) else v
        for k, v in sent.items()
    }
    return {**made, "m0-value": "12"}


def draft_of(house: House, clause_id: str = "c07"):
    with house.app.app_context():
        return queries.clause_draft(queries.revision("26-001").id, clause_id)


def test_edit_type_save_and_the_next_clause_opens(drafting: House) -> None:
    client = drafting.client("drafter")
    page = client.get("/r/26-001")
    assert EDIT in page.text
    form = client.get(EDIT)
    answer = client.post(EDIT, data=change(twelve(fields(form.text)), then="next"))
    assert answer.status_code == 303
    assert answer.location.endswith("/edit/c09")
    draft = draft_of(drafting)
    assert "12 小时" in draft.body_zh
    assert draft.measures[0]["value"] == "12"
    assert draft.materiality is Materiality.MATERIAL
    assert draft.lock_version == 2


def test_saving_without_a_change_makes_no_draft(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = fields(client.get(EDIT).text)
    assert client.post(EDIT, data=sent).status_code == 303
    assert client.post(f"{EDIT}/autosave", data=sent).json["version"] == ""
    assert draft_of(drafting) is None


def test_autosave_keeps_words_and_tells_the_version(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = twelve(fields(client.get(EDIT).text))
    first = client.post(f"{EDIT}/autosave", data=change(sent, **{"m0-value": "1 2"}))
    assert first.status_code == 200, first.text
    assert re.fullmatch(r"\d\d:\d\d:\d\d", first.json["saved"])
    assert draft_of(drafting).measures[0]["value"] == "24"  # half a number waits
    second = client.post(f"{EDIT}/autosave", data=change(sent, version=first.json["version"]))
    assert second.json["version"] == first.json["version"] + 1
    assert draft_of(drafting).measures[0]["value"] == "12"


def test_two_editors_see_both_texts_and_lose_none(drafting: House) -> None:
    one, two = drafting.client("drafter"), drafting.client("colleague")
    mine, theirs = fields(one.get(EDIT).text), fields(two.get(EDIT).text)
    assert two.post(EDIT, data=change(twelve(theirs), then="stay")).status_code == 303
    answer = one.post(EDIT, data=change(mine, body_zh="我的文字，10 小时内答复。"))
    assert answer.status_code == 409
    assert "周洁" in answer.text
    assert "我的文字，10 小时内答复。" in answer.text
    assert "<del>" in answer.text
    sent = resolution(answer.text)
    for use, expected in [("theirs", "12 小时"), ("combined", "合并"), ("mine", "我的文字")]:
        page = one.post(EDIT, data=change(mine, body_zh="我的文字，10 小时内答复。"))
        assert page.status_code == 409
        sent = resolution(page.text)
        done = one.post(f"{EDIT}/resolve", data=change(sent, use=use, body_zh="合并：12 小时，加一句。"))
        assert done.status_code == 303, done.text
        assert expected in draft_of(drafting).body_zh
    with drafting.app.app_context():
        copies = db.session.query(DraftCopy).filter_by(why="conflict").all()
        assert len(copies) == 4
        assert all("我的文字" in copy.fields["body_zh"] for copy in copies)


def resolution(html: str) -> dict:
    return fields(html.replace('<form method="post" class="card"', '<form method="post" id="editor"'))


def test_an_autosave_that_comes_too_late_is_kept_as_a_copy(drafting: House) -> None:
    one, two = drafting.client("drafter"), drafting.client("colleague")
    mine = fields(one.get(EDIT).text)
    assert two.post(EDIT, data=twelve(fields(two.get(EDIT).text))).status_code == 303
    answer = one.post(f"{EDIT}/autosave", data=change(mine, body_zh="我的文字"))
    assert answer.status_code == 409
    page = one.get(EDIT)
    assert "周洁" in page.text
    copy = re.search(r"copy=(\d+)", page.text)
    assert copy
    assert "我的文字" in one.get(f"{EDIT}?copy={copy.group(1)}").text


def test_while_reviewers_read_autosave_reopens_nothing(web: House) -> None:
    with web.app.app_context():
        make_review(web)
    client = web.client("drafter")
    sent = fields(client.get(EDIT).text)
    for words in ("半句", "半句话"):
        assert client.post(f"{EDIT}/autosave", data=change(sent, body_zh=words)).status_code == 200
    assert "12 小时" in draft_of(web).body_zh
    with web.app.app_context():
        assert [c.fields["body_zh"] for c in db.session.query(DraftCopy).all()] == ["半句话"]


def test_preview_shows_redline_measure_and_checks_and_writes_nothing(drafting: House) -> None:
    client = drafting.client("drafter", language="en")
    sent = twelve(fields(client.get(EDIT).text))
    statements: list[str] = []
    with drafting.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda c, k, s, p, x, m: statements.append(s))
    page = client.post(f"{EDIT}/preview", data=change(sent, body_zh=sent["body_zh"] + "请尽快,"))
    assert page.status_code == 200
    assert "[deleted]" in page.text
    assert "12 hours" in page.text
    assert "尽快" in page.text
    assert not [s for s in statements if not s.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN"))]
    assert len(statements) <= 14
    assert draft_of(drafting) is None


def test_one_click_makes_the_punctuation_full_width(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = fields(client.get(EDIT).text)
    body = sent["body_zh"] + "\n\n先核实,再答复."
    assert client.post(EDIT, data=change(sent, body_zh=body, then="fix")).status_code == 303
    assert "先核实，再答复。" in draft_of(drafting).body_zh


def test_a_changed_number_is_not_editorial(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = twelve(fields(client.get(EDIT).text))
    answer = client.post(EDIT, data=change(sent, materiality="editorial"))
    assert answer.location.endswith("/edit/c07")
    assert draft_of(drafting).materiality is None
    assert "24 小时" in client.get(EDIT).text
    sent = fields(client.get("/r/26-001/edit/c09").text)
    sent["body_zh"] = sent["body_zh"].replace("，", "， ", 1)
    client.post("/r/26-001/edit/c09", data=change(sent, materiality="editorial"))
    assert draft_of(drafting, "c09").materiality is Materiality.EDITORIAL


def test_sending_to_review_needs_what_the_law_names(drafting: House) -> None:
    client = drafting.client("drafter")
    token = fields(client.get(EDIT).text)["csrf_token"]
    refused = client.post("/r/26-001/submit", data={"csrf_token": token})
    assert refused.status_code == 409
    assert "还没有" in refused.text
    sent = twelve(fields(client.get(EDIT).text))
    assert client.post(EDIT, data=change(sent, then="submit")).location.endswith("/r/26-001")
    again = client.post("/r/26-001/submit", data={"csrf_token": token})
    assert again.status_code == 409
    with drafting.app.app_context():
        revision = queries.revision("26-001")
        assert revision.state is State.IN_REVIEW
        assert queries.newest_text_version(revision.id).number == 1


def test_a_measure_that_the_text_does_not_say_stops_review_but_not_saving(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = fields(client.get(EDIT).text)
    answer = client.post(EDIT, data=change(sent, **{"m0-value": "12"}, then="submit"))
    assert "/edit" in answer.location
    assert draft_of(drafting).measures[0]["value"] == "12"
    page = client.get("/r/26-001/edit")
    assert "送评审之前还要解决" in page.text and "12" in page.text
    assert draft_of(drafting).revision_id


def test_the_banner_of_a_save_takes_it_back(drafting: House) -> None:
    client = drafting.client("drafter")
    first = twelve(fields(client.get(EDIT).text))
    client.post(EDIT, data=first)
    second = fields(client.get(EDIT).text)
    saved = client.post(EDIT, data=change(second, body_zh=second["body_zh"] + "再写一句。"))
    page = client.get(saved.location).text
    assert f'action="{EDIT}/undo"' in page[: page.index("<h1")]
    client.post(f"{EDIT}/undo", data={"csrf_token": second["csrf_token"]})
    assert "再写一句" not in draft_of(drafting).body_zh


@pytest.mark.parametrize("value", ["abc", "1e400", "-3", "９９９９９９９９９９９"])
def test_a_number_that_is_none_is_named_at_its_field(drafting: House, value: str) -> None:
    client = drafting.client("drafter")
    sent = fields(client.get(EDIT).text)
    answer = client.post(EDIT, data=change(sent, **{"m0-value": value}))
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert draft_of(drafting) is None


def test_a_second_value_for_peak_seasons_is_typed_kept_and_asked_of_the_text(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = fields(client.get(EDIT).text)
    same = client.post(EDIT, data=change(sent, **{"m0-peak": sent["m0-value"]}))
    assert same.status_code == 422
    assert "高峰期的数值与平时相同" in same.text
    asked = client.post(f"{EDIT}/preview", data=change(sent, **{"m0-peak": "48"}))
    assert "高峰期 48 小时" in asked.text
    assert "在高峰期写的是 48，正文没有写" in asked.text
    assert client.post(EDIT, data=change(sent, **{"m0-peak": "48"})).status_code in (200, 302, 303)
    assert draft_of(drafting).measures[0]["peak"] == "48"
    assert fields(client.get(EDIT).text)["m0-peak"] == "48"


@pytest.mark.parametrize(
    "body",
    [
        "abc\u202edef",
        "a\x00b",
        "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace") + "\x0b",
        "# 新的一条 {#c99}",
        "x" * 70_000,
    ],
)
def test_words_that_cannot_be_stored_are_refused_and_shown_again(drafting: House, body: str) -> None:
    client = drafting.client("drafter")
    sent = fields(client.get(EDIT).text)
    answer = client.post(EDIT, data=change(sent, body_zh=body))
    assert answer.status_code == 422, answer.text[:300]
    assert draft_of(drafting) is None
    assert client.post(f"{EDIT}/preview", data=change(sent, body_zh=body)).status_code == 200


def test_hostile_words_are_shown_as_words(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = fields(client.get(EDIT).text)
    hostile = (
        '<script>alert(1)</script> </textarea><img src=x onerror=alert(1)> {{ 7*7 }} "><svg onload=alert(1)>'
    )
    assert client.post(EDIT, data=change(sent, body_zh=hostile, heading_zh=hostile)).status_code == 303
    for page in (client.get(EDIT), client.get("/r/26-001/edit"), client.get("/r/26-001/changes")):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "<svg onload" not in page.text


def test_adding_and_retiring(drafting: House) -> None:
    client = drafting.client("drafter")
    token = fields(client.get(EDIT).text)["csrf_token"]
    assert client.post("/r/26-001/edit/new", data={"csrf_token": token}).status_code == 422
    made = client.post(
        "/r/26-001/edit/new", data={"csrf_token": token, "heading_zh": "退货上门取件", "after": "c07"}
    )
    assert made.location.endswith("/edit/c15")
    assert client.get("/r/26-001/edit/c15").status_code == 200
    assert client.post("/r/26-001/edit/c09/retire", data={"csrf_token": token}).status_code == 422
    gone = client.post(
        "/r/26-001/edit/c09/retire", data={"csrf_token": token, "reason": "并入", "successor": "c07"}
    )
    assert gone.status_code == 303
    page = client.get("/r/26-001/edit").text
    assert "退货上门取件" in page
    assert "并入 · 接替它的是：C07" in page
    assert client.post("/r/26-001/edit/c09/discard", data={"csrf_token": token}).status_code == 303
    assert draft_of(drafting, "c09") is None


@pytest.mark.parametrize(
    "path",
    ["/r/26-001/edit/c99", "/r/26-001/edit/<script>", "/r/99-999/edit", "/r/26-001/edit/c07?copy=99999"],
)
def test_unknown_addresses_are_no_server_error(drafting: House, path: str) -> None:
    answer = drafting.client("drafter").get(path)
    assert answer.status_code in (200, 404)


def forms_of(client: FlaskClient, path: str) -> int:
    return client.get(path).status_code


@pytest.mark.parametrize("who", ["lawyer", "director", "agent", "admin", "outside"])
def test_only_drafters_open_the_editor(drafting: House, who: str) -> None:
    client = drafting.client(who)
    assert {forms_of(client, p) for p in (EDIT, "/r/26-001/edit", "/r/26-001/edit/new")} == {403}
