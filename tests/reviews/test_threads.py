"""Discussions on clauses over HTTP: opened, answered, resolved, wording taken over, words shown as words."""

from app.core.db import db, transaction
from app.reviews.models import ReviewThread
from app.standards import queries as standards
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
