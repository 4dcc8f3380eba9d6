"""Changes and review over HTTP: clicks, marks, signing with stale or foreign forms, threads, hostile words."""

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app.core import clock
from app.core.db import db, transaction
from app.reviews import queries, questions
from app.reviews.freshness import Kind
from app.reviews.models import Answer, SeenMark, TaskState
from app.standards import drafting, submitting
from app.standards import queries as standards
from app.standards.drafting import ClauseText
from app.standards.models import Materiality
from app.standards.workflow import State
from tests.house_fixtures import PASSWORD, House, csrf
from tests.review_cases import draft_twelve_hours, make_drafting, make_review

REVIEW, CHANGES = "/r/26-001/review", "/r/26-001/changes"
HOSTILE = "<script>alert(1)</script></textarea><img src=x onerror=alert(1)>{{ 7*7 }}"


def sign_form(html: str) -> dict[str, str | list[str]]:
    """Returns the hidden fields of the sign box, with every question answered *met*."""
    form = html[html.index('id="signing"') :]
    form = form[: form.index("</form>")]
    sent: dict[str, str | list[str]] = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    sent["part"] = re.findall(r'name="part" value="([^"]*)"', form)
    for name in re.findall(r'name="(a-[\w-]+)"', form):
        sent[name] = "met"
    return sent


def sign(client: FlaskClient, **more: object):
    return client.post(f"{REVIEW}/sign", data={**sign_form(client.get(REVIEW).text), **more})


def standing(house: House, kind: Kind = Kind.LEGAL) -> tuple[State, TaskState, int]:
    with house.app.app_context():
        revision = standards.revision("26-001")
        task = next(t for t in queries.tasks(revision.id) if t.kind is kind)
        return revision.state, task.state, len(queries.sign_offs(revision.id))


def test_a_lawyer_signs_within_fifteen_clicks(reviewing: House) -> None:
    client = reviewing.client("lawyer")
    desk_link = client.get("/r/26-001").text
    assert "/r/26-001/review?field=legal" in desk_link
    page = client.get(REVIEW).text
    assert page.count('type="radio"') == page.count('name="a-')
    assert " checked" not in page
    questions = len(set(re.findall(r'name="(a-[\w-]+)"', page)))
    clauses = page.count('name="mark" value="seen"')
    assert 1 + clauses + questions + 1 <= 15
    assert "我代表法务，同意 26-001 的文本版本 1" in page
    answer = sign(client)
    assert answer.location.endswith("/review/signed/legal")
    done = client.get(answer.location).text
    assert "陈静" in done
    assert standing(reviewing)[1:] == (TaskState.SIGNED, 1)
    printed = reviewing.client("director").get("/r/26-001/signatures").text
    assert "赵律" in printed
    assert "Asia/Shanghai" in printed
    assert re.search(r">[0-9a-f]{64}<", printed)


def test_a_second_look_is_two_clicks_and_shows_only_what_changed(reviewing: House) -> None:
    client = reviewing.client("lawyer")
    sign(client)
    with reviewing.app.app_context():
        revision = standards.revision("26-001")
        draft_twelve_hours(reviewing.actor("drafter"), revision, "10")
        reviewing.run_jobs()
    page = client.get(REVIEW).text
    assert "仍然同意：签署" in page
    sent = {k: v for k, v in sign_form(page).items() if not k.startswith("a-")}
    assert client.post(f"{REVIEW}/sign", data=sent).location.endswith("/signed/legal")
    assert standing(reviewing)[1:] == (TaskState.SIGNED, 2)


def test_sending_the_form_twice_is_one_signature(reviewing: House) -> None:
    client = reviewing.client("lawyer")
    sent = sign_form(client.get(REVIEW).text)
    assert client.post(f"{REVIEW}/sign", data=sent).status_code == 303
    assert client.post(f"{REVIEW}/sign", data=sent).status_code == 303
    assert standing(reviewing)[2] == 1


def test_open_questions_stop_the_signature_and_keep_the_answers(reviewing: House) -> None:
    client = reviewing.client("lawyer")
    sent = sign_form(client.get(REVIEW).text)
    asked = sorted(k for k in sent if k.startswith("a-"))
    answer = client.post(f"{REVIEW}/sign", data={k: v for k, v in sent.items() if k != asked[0]})
    assert answer.status_code == 422
    assert "题：回答这个问题" in answer.text
    with reviewing.app.app_context():
        kept = questions.answers(standards.revision("26-001").id, Kind.LEGAL)
        assert len(kept) == len(asked) - 1
    refused = client.post(f"{REVIEW}/sign", data={**sent, asked[0]: "not_met"})
    assert refused.status_code == 422
    assert "写明缺什么" in refused.text
    item = asked[0][2:]
    refused = client.post(
        f"{REVIEW}/sign", data={**sent, asked[0]: "not_met", f"c-{item}": "c07", f"n-{item}": "缺例外"}
    )
    assert "不符合" in refused.text
    assert standing(reviewing)[2] == 0


def test_business_signs_with_one_answer_and_an_optional_not_met_stands_in_the_way(reviewing: House) -> None:
    client = reviewing.client("seller", "en")
    sent = sign_form(client.get(REVIEW).text)
    needed = {k: v for k, v in sent.items() if not k.startswith("a-") or k == "a-business_process"}
    assert len(sent) == len(needed) + 3
    cost = {"a-business_cost": "not_met", "c-business_cost": "c07", "n-business_cost": "nobody pays"}
    refused = client.post(f"{REVIEW}/sign", data={**needed, **cost})
    assert refused.status_code == 422 and "Question 3:" in refused.text
    signed = client.post(f"{REVIEW}/sign", data={**needed, "a-business_cost": "not_applicable"})
    assert signed.status_code == 303 and signed.location.endswith("/signed/business")


def test_text_that_changed_while_reading_comes_back_with_answers_kept(reviewing: House) -> None:
    client = reviewing.client("lawyer")
    sent = sign_form(client.get(REVIEW).text)
    with reviewing.app.app_context():
        draft_twelve_hours(reviewing.actor("drafter"), standards.revision("26-001"), "10")
        reviewing.run_jobs()
    answer = client.post(f"{REVIEW}/sign", data=sent)
    assert answer.status_code == 409
    assert "C07" in answer.text
    assert "10" in answer.text
    assert standing(reviewing)[2] == 0
    with reviewing.app.app_context():
        kept = questions.answers(standards.revision("26-001").id, Kind.LEGAL)
        assert {a.answer for a in kept.values()} == {Answer.MET}
    assert sign(client).status_code == 303


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"part": []}, 409),
        ({"version": ""}, 409),
        ({"version": "99"}, 404),
        ({"version": "1e9"}, 409),
        ({"kind": "finance"}, 409),
        ({"kind": "it"}, 403),
        ({"part": ["c07/zh:" + "0" * 64]}, 409),
        ({"part": ["c07/zh", ":", "::::", "c07/zh:x"]}, 409),
    ],
)
def test_forged_forms_sign_nothing(reviewing: House, change: dict, status: int) -> None:
    client = reviewing.client("lawyer")
    assert sign(client, **change).status_code == status
    assert standing(reviewing)[2] == 0


def test_the_password_is_asked_again_when_it_was_given_long_ago(reviewing: House) -> None:
    client = reviewing.client("lawyer")
    with clock.frozen(clock.now() + dt.timedelta(hours=2)):
        page = client.get(REVIEW).text
        assert 'type="password"' in page
        sent = sign_form(page)
        assert client.post(f"{REVIEW}/sign", data=sent).status_code == 422
        assert client.post(f"{REVIEW}/sign", data={**sent, "password": "wrong"}).status_code == 422
        assert standing(reviewing)[2] == 0
        assert client.post(f"{REVIEW}/sign", data={**sent, "password": PASSWORD}).status_code == 303
    assert standing(reviewing)[2] == 1


def test_it_answers_feasibility(reviewing: House) -> None:
    client = reviewing.client("engineer", language="en")
    assert sign(client).status_code == 422
    assert sign(client, feasible="conditions", effort="M").status_code == 422
    assert sign(client, feasible="yes", effort="M", earliest_on="2020-01-01").status_code == 422
    assert sign(client, feasible="no").location.endswith("/review/return?field=it")
    done = sign(
        client, feasible="conditions", effort="M", comment="After the field exists", earliest_on="2026-10-01"
    )
    assert done.status_code == 303
    text = client.get("/r/26-001/signatures").text
    assert "agrees with conditions" in text
    assert "After the field exists" in text


def test_returning_names_clause_and_reason(reviewing: House) -> None:
    client = reviewing.client("seller")
    token = csrf(client.get(f"{REVIEW}/return").text)
    path = f"{REVIEW}/return"
    for missing in ({}, {"clause": "c07"}, {"reason": "x"}, {"clause": "c99", "reason": "x"}):
        assert client.post(path, data={**token, "kind": "business", **missing}).status_code == 422
    done = client.post(path, data={**token, "kind": "business", "clause": "c07", "reason": "与大促流程冲突"})
    assert done.status_code == 303
    assert standing(reviewing, Kind.BUSINESS)[:2] == (State.DRAFTING, TaskState.RETURNED)
    again = client.post(path, data={**token, "kind": "business", "clause": "c07", "reason": "再来一次"})
    assert again.status_code in (409, 422)


def test_marks_are_ones_own_and_end_when_the_text_changes(reviewing: House) -> None:
    client = reviewing.client("lawyer")
    page = client.get(CHANGES).text
    token = csrf(page)
    text = re.search(r'name="text" value="([0-9a-f]{64})"', page)
    assert text
    form = {**token, "clause": "c07", "text": text.group(1), "mark": "seen", "next": f"{CHANGES}?view=side"}
    answer = client.post(f"{CHANGES}/marks", data=form)
    assert answer.location == f"{CHANGES}?view=side#c07"
    assert "已看 1/1" in client.get(CHANGES).text
    assert "已看 0/1" in reviewing.client("seller").get(CHANGES).text
    with reviewing.app.app_context():
        draft_twelve_hours(reviewing.actor("drafter"), standards.revision("26-001"), "10")
    page = client.get(CHANGES).text
    assert "已看 0/1" in page
    assert "你看过之后有改动" in page
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    client.post(f"{CHANGES}/marks", data={**token, "clause": "rest", "shown": shown})
    assert "全部看过了" in client.get(f"{CHANGES}?only=new").text
    client.post(f"{CHANGES}/marks", data={**token, "mark": "clear"})
    with reviewing.app.app_context():
        assert db.session.query(SeenMark).count() == 0


@pytest.mark.parametrize(
    "form",
    [
        {"clause": "c99", "text": "0" * 64},
        {"clause": "c07", "text": "x"},
        {"clause": "rest", "shown": ["nonsense", "c07:zz"]},
    ],
)
def test_forged_marks_are_refused(reviewing: House, form: dict) -> None:
    client = reviewing.client("lawyer")
    token = csrf(client.get(CHANGES).text)
    assert client.post(f"{CHANGES}/marks", data={**token, "mark": "seen", **form}).status_code == 404
    away = {**token, "mark": "clear", "next": "https://evil.example/"}
    assert client.post(f"{CHANGES}/marks", data=away).location == CHANGES


@pytest.mark.parametrize("view", ["inline", "side", "new", "old", "other"])
def test_each_view_is_a_link_and_shows_its_text(reviewing: House, view: str) -> None:
    page = reviewing.client("lawyer", language="en").get(f"{CHANGES}?view={view}&editorial=hide").text
    text = page[page.index('id="c07"') :]
    shown = text[: text.index("clause-foot")]
    assert ("<del>" in shown) is (view in ("inline", "side", "other"))
    assert ("within 12 hours" in shown) is (view == "new")
    assert ("within 24 hours" in shown) is (view == "old")


def test_handing_over_and_urging(reviewing: House) -> None:
    director, lawyer = reviewing.client("director"), reviewing.client("lawyer")
    page = director.get(REVIEW).text
    tasks = sorted(set(re.findall(r"/review/urge/(\d+)", page)))
    assert len(tasks) == 3
    token = csrf(page)
    assert director.post(f"{REVIEW}/urge/{tasks[0]}", data=token).status_code == 303
    answer = director.get(REVIEW).text
    assert "已告知赵律你在等" in answer and "催办过" in answer
    assert "王芳想确认：26-001 的评审今天能完成吗" in lawyer.get("/notices").text
    assert director.post(f"{REVIEW}/urge/{tasks[0]}", data=token).status_code == 409
    assert director.post(f"{REVIEW}/urge/99", data=token).status_code == 404
    own = re.search(r"/review/hand-over/(\d+)", lawyer.get(REVIEW).text)
    assert own
    page = lawyer.get(own.group() if own.group().startswith("/r/") else f"/r/26-001{own.group()}").text
    assert "孙律" in page
    assert "陈静" not in page
    person = re.search(r'value="(\d+)">孙律', page)
    assert person
    path = f"/r/26-001{own.group()}"
    nobody = lawyer.post(path, data={**csrf(page), "person": "abc"})
    assert nobody.status_code == 422 and "选择" in nobody.text
    assert lawyer.post(path, data={**csrf(page), "person": "99999"}).status_code == 404
    assert lawyer.post(path, data={**csrf(page), "person": person.group(1)}).status_code == 303
    assert 'id="signing"' in reviewing.client("lawyer2").get(REVIEW).text


@pytest.mark.parametrize("path", [REVIEW, CHANGES, "/r/26-001/signatures"])
def test_pages_stay_within_their_queries_and_write_nothing(reviewing: House, path: str) -> None:
    client = reviewing.client("lawyer")
    client.get(path)
    statements: list[str] = []
    with reviewing.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda c, k, s, p, x, m: statements.append(s))
    client.get(path)
    assert not [s for s in statements if not s.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN"))]
    assert len(statements) <= 26, len(statements)


@pytest.mark.parametrize(
    ("who", "status"), [("agent", 200), ("admin", 200), ("outside", 200), ("director", 200)]
)
def test_who_may_read_the_review(reviewing: House, who: str, status: int) -> None:
    client = reviewing.client(who)
    assert {client.get(p).status_code for p in (REVIEW, CHANGES)} == {status}
    assert 'id="signing"' not in client.get(REVIEW).text


def test_a_text_not_yet_kept_in_the_store_is_being_prepared(web: House) -> None:
    with web.app.app_context():
        revision = make_review(web)
        draft_twelve_hours(web.actor("drafter"), revision, "10")
    page = web.client("lawyer").get(REVIEW)
    assert "正在准备签署" in page.text
    assert 'id="signing"' not in page.text


def test_a_claim_of_wording_only_is_confirmed_by_the_signature(web: House) -> None:
    with web.app.app_context():
        revision = make_drafting(web)
        words = standards.published_documents(revision.standard)
        claim = ClauseText(
            body_zh=words["zh"].clause("c07").body + "\n\n本条适用于全部渠道。",
            materiality=Materiality.EDITORIAL,
        )
        with transaction():
            drafting.save_clause(web.actor("drafter"), revision, "c07", claim, seen_version=None)
            submitting.submit(web.actor("drafter"), revision)
        web.run_jobs()
    lawyer = web.client("lawyer")
    page = lawyer.get(REVIEW).text
    assert "起草人称：只改文字" in page
    assert "并确认 C07 只是文字性修改" in page
    sign(lawyer)
    printed = lawyer.get("/r/26-001/signatures").text
    assert "确认为只改文字</dt><dd>CS-04-C07" in printed
    with web.app.app_context(), transaction():
        other = ClauseText(materiality=Materiality.MATERIAL)
        drafting.save_clause(web.actor("drafter"), standards.revision("26-001"), "c07", other, seen_version=2)
    page = lawyer.get(REVIEW).text
    assert "对 C07 改动的声明由“文字性修改”变为“改变要求”" in page
    assert "C07：改变要求，须请相关人员阅读" in page
    assert "仍然同意：签署" in page
    assert "之后声明有变" in lawyer.get("/r/26-001/signatures").text
    sent = {k: v for k, v in sign_form(page).items() if not k.startswith("a-")}
    assert lawyer.post(f"{REVIEW}/sign", data=sent).location.endswith("/signed/legal")
    assert standing(web)[1:] == (TaskState.SIGNED, 2)
