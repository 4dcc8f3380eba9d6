"""Discussions on clauses over HTTP: opened, answered, resolved, wording taken over, words shown as words."""

import pytest
from sqlalchemy import event

from app.core.db import db, transaction
from app.reviews.models import ReviewThread
from app.reviews.waiting_notes import Said, unanswered
from app.standards import queries as standards
from app.standards import word_list
from tests.house_fixtures import House, csrf
from tests.reviews.test_pages_review import CHANGES, HOSTILE, REVIEW, sign


def test_a_discussion_stays_beside_the_clause_until_resolved(reviewing: House) -> None:
    lawyer, drafter = reviewing.client("lawyer"), reviewing.client("drafter")
    page = lawyer.get(REVIEW).text
    token = csrf(page)
    with reviewing.app.app_context():
        draft = standards.clause_draft(standards.revision("26-001").id, "c07")
        zh = draft.body_zh
    note = {
        **token,
        "clause": "c07",
        "text": "例外要写明",
        "suggested_zh": zh + "\n\n定制商品除外。",
        "suggested_en": "",
    }
    assert lawyer.post("/r/26-001/threads", data=note).location == f"{REVIEW}#c07"
    assert lawyer.post("/r/26-001/threads", data={**token, "clause": "c07", "text": " "}).status_code == 422
    page = drafter.get(REVIEW).text
    assert "例外要写明" in page
    token = csrf(page)
    taken = drafter.post("/r/26-001/suggestions/1/apply", data=token)
    assert taken.status_code == 303
    with reviewing.app.app_context():
        assert "定制商品除外" in standards.clause_draft(standards.revision("26-001").id, "c07").body_zh
    assert "之后文字有改动" in lawyer.get(REVIEW).text
    again = drafter.post("/r/26-001/suggestions/1/apply", data=token)
    assert again.location == f"{REVIEW}#c07"  # it stands there already
    with reviewing.app.app_context(), transaction():
        draft = standards.clause_draft(standards.revision("26-001").id, "c07")
        assert draft.body_zh.count("定制商品除外") == 1
        draft.body_zh = draft.body_zh.replace("定制商品除外", "鲜活商品除外")
    stale = drafter.post("/r/26-001/suggestions/1/apply", data=token)
    assert "/edit/c07?copy=" in stale.location
    assert "定制商品除外" in drafter.get(stale.location).text
    reply = {**token, "clause": "c07", "text": "已改"}
    assert drafter.post("/r/26-001/threads/1/notes", data=reply).status_code == 303
    assert reviewing.client("seller").post(
        "/r/26-001/threads/1/resolve", data=csrf(reviewing.client("seller").get(REVIEW).text)
    ).status_code in (400, 403)
    assert drafter.post("/r/26-001/threads/1/resolve", data=token).status_code == 303
    page = lawyer.get(REVIEW).text
    assert "已解决" in page
    assert "例外要写明" in page


def test_suggested_wording_goes_in_with_one_click_after_the_clause_moved_on(reviewing: House) -> None:
    lawyer, drafter = reviewing.client("lawyer"), reviewing.client("drafter", language="en")
    token = csrf(lawyer.get(REVIEW).text)
    with reviewing.app.app_context():
        zh = standards.clause_draft(standards.revision("26-001").id, "c07").body_zh
    first, *others = zh.split("。")
    note = {
        "clause": "c07",
        "text": "",
        "suggested_zh": "。".join([*others[:-1], "定制商品除外。"]),
        "suggested_en": "",
    }
    note["suggested_zh"] = f"{first}。{note['suggested_zh']}"
    assert lawyer.post("/r/26-001/threads", data={**token, **note}).status_code == 303
    with reviewing.app.app_context(), transaction():
        draft = standards.clause_draft(standards.revision("26-001").id, "c07")
        draft.body_zh = draft.body_zh.replace(first, f"{first}，并告知客户")
    page = drafter.get(REVIEW).text
    taken = drafter.post("/r/26-001/suggestions/1/apply", data=csrf(page), follow_redirects=True)
    assert "both changes fit together" in taken.text
    with reviewing.app.app_context():
        now = standards.clause_draft(standards.revision("26-001").id, "c07").body_zh
        assert now == "。".join([f"{first}，并告知客户", *others[:-1], "定制商品除外。"])


def test_hostile_words_are_shown_as_words(reviewing: House) -> None:
    client = reviewing.client("lawyer")
    token = csrf(client.get(REVIEW).text)
    note = {**token, "clause": "c07", "text": HOSTILE, "suggested_zh": HOSTILE, "suggested_en": HOSTILE}
    assert client.post("/r/26-001/threads", data=note).status_code == 303
    sign(client, comment=HOSTILE)
    for path in (REVIEW, CHANGES, "/r/26-001/signatures", "/r/26-001"):
        page = reviewing.client("drafter").get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
    bad = client.post("/r/26-001/threads", data={**token, "clause": "c07", "text": "abc\u202edef"})
    assert bad.status_code == 422
    assert client.post("/r/26-001/threads", data={**token, "clause": "c99", "text": "x"}).status_code == 404


def test_threads_of_another_revision_are_unknown(reviewing: House) -> None:
    client = reviewing.client("lawyer")
    token = csrf(client.get(REVIEW).text)
    for path in ("threads/7/notes", "threads/7/resolve"):
        assert client.post(f"/r/26-001/{path}", data={**token, "text": "x"}).status_code == 404
    with reviewing.app.app_context():
        assert db.session.query(ReviewThread).count() == 0


@pytest.mark.parametrize(
    ("notes", "waiting"),
    [
        ([], []),
        ([(1, 7, False)], [1]),
        ([(1, None, False)], [1]),  # outside counsel
        ([(1, 7, False), (1, 8, False), (2, 7, False)], [1, 1, 2]),
        ([(1, 7, False), (1, 3, False)], []),  # the drafter had the last word
        ([(1, 7, False), (1, 3, False), (1, 7, False)], [1]),
        ([(1, 7, True)], []),  # its wording stands in the draft
        ([(1, 7, True), (1, 8, False)], [1]),
        ([(1, 3, False)], []),
    ],
)
def test_a_note_waits_until_the_drafter_answers(notes: list, waiting: list) -> None:
    assert unanswered([Said(*note) for note in notes], 3) == waiting


def test_the_drafters_desk_has_one_line_for_the_notes_of_a_revision(reviewing: House) -> None:
    lawyer, drafter = reviewing.client("lawyer"), reviewing.client("drafter", language="en")
    token = csrf(lawyer.get(REVIEW).text)
    for clause, text in (("c07", "例外要写明"), ("c12", "这一条不变吗？")):
        lawyer.post("/r/26-001/threads", data={**token, "clause": clause, "text": text})
    lawyer.post("/r/26-001/threads", data={**token, "clause": "c07", "text": "先留着", "held": "yes"})
    desk = drafter.get("/desk").text
    words = "2 notes wait for your answer: First reply to returns within 12 hours (26-001)"
    assert desk.count("for your answer") == desk.count(words) == 1
    assert f'href="{REVIEW}#thread-1"' in desk
    assert "等你答复" not in lawyer.get("/desk").text
    page = drafter.get(REVIEW).text
    assert 'id="thread-1"' in page
    assert 'id="thread-2"' in page, "c12 does not change, and what is discussed of it is seen all the same"
    assert "这一条不变吗" in page and "先留着" not in page
    token = csrf(page)
    drafter.post("/r/26-001/threads/1/notes", data={**token, "clause": "c07", "text": "好"})
    desk = drafter.get("/desk").text
    assert "1 note waits for your answer" in desk and f'href="{REVIEW}#thread-2"' in desk
    drafter.post("/r/26-001/threads/2/resolve", data=token)
    assert "for your answer" not in drafter.get("/desk").text


def test_why_a_forbidden_word_is_used_stands_beside_the_clause_where_it_is_signed(reviewing: House) -> None:
    with reviewing.app.app_context(), transaction():
        word = word_list.add(
            reviewing.actor("director"), word="绝对保证", language="zh", scope="all", reason="没有人能保证"
        )
        word_list.allow_use(
            reviewing.actor("drafter"), standards.revision("26-001"), "c07", word.id, "引用法规原文"
        )
    for place in (REVIEW, CHANGES):
        page = reviewing.client("lawyer").get(place).text
        assert page.count("引用法规原文") == 1 and "绝对保证" in page


def test_a_refused_note_asks_once_whether_notes_are_held(reviewing: House) -> None:
    client = reviewing.client("lawyer")
    token = csrf(client.get(REVIEW).text)
    for n in range(3):
        client.post("/r/26-001/threads", data={**token, "clause": "c07", "text": f"{n}"})
    asked: list[str] = []
    with reviewing.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda c, k, said, p, x, m: asked.append(said))
    answer = client.post("/r/26-001/threads", data={**token, "clause": "c07", "text": " "})
    assert answer.status_code == 422
    assert answer.text.count('name="held"') == 4
    counted = [said for said in asked if "is_held" in said and "count(" in said]
    assert len(counted) <= 2, "once for the page, once for the line above every page"
