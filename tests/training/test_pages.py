"""Reading, acknowledging, reminding and asking over HTTP, as the people do it. SQLite; the verbs run on both elsewhere."""

import re

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.notices.models import Notice
from app.people import queries as people
from app.standards.models import Publication
from app.training import queries, service
from app.training.models import AcknowledgedClause, Assignment, StaffQuestion, Try
from tests.house_fixtures import House, csrf

WORDS = {
    "zh": {"question": "几小时内答复？", "options": ["24 小时", "12 小时"], "why": ""},
    "en": {"question": "Within how many hours?", "options": ["24 hours", "12 hours"], "why": ""},
}


@pytest.fixture
def published(readers_web: House) -> House:
    """A house with one publication to read and a question on it."""
    web = readers_web
    with web.app.app_context():
        publication = db.session.scalars(
            sa.select(Publication).where(Publication.revision_id.is_not(None))
        ).one()
        row = next(v for v in queries.versions(publication.standard_id) if v.order == publication.id)
        service.add_question(
            web.actor("trainer"),
            publication.standard,
            row.clause_id,
            row.clause_hash,
            **WORDS,
            right=1,  # type: ignore[arg-type]
        )
        db.session.commit()
    return web


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found.group(1)


def form_of(html: str, **values: object) -> dict[str, object]:
    return {**csrf(html), "shown": hidden(html, "shown"), "question": hidden(html, "question")} | values


def rows(web: House, model: type) -> int:
    with web.app.app_context():
        return int(db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0)


def test_an_agent_reads_answers_and_acknowledges_in_three_taps(published: House) -> None:
    agent = published.client("agent")
    page = agent.get("/ack", follow_redirects=True)
    assert page.request.path == "/ack/cs-04"
    for words in (
        "与你有关的改动：1 处",
        "24 小时",
        "12 小时",
        "我已阅读并理解",
        "我有疑问",
        "不到 1 分钟|约 1 分钟",
    ):
        assert re.search(words, page.text), words
    wrong = agent.post("/ack/cs-04", data=form_of(page.text, answer="0"))
    assert wrong.status_code == 422
    assert "ack-again" in wrong.text and "C07" in wrong.text
    assert (rows(published, Try), rows(published, AcknowledgedClause)) == (1, 0)
    done = agent.post("/ack/cs-04", data=form_of(wrong.text, answer="1"))
    assert (done.status_code, done.location) == (303, "/ack/cs-04/done")
    again = agent.post("/ack/cs-04", data=form_of(wrong.text, answer="1"))
    assert (again.status_code, rows(published, AcknowledgedClause)) == (303, 1)
    confirmation = agent.get("/ack/cs-04/done")
    assert "已阅读确认" in confirmation.text and "A-0" in confirmation.text
    assert "已于" in agent.get("/ack/cs-04").text
    assert "退换货" in agent.get("/t").text


def test_what_was_not_shown_does_not_count(published: House) -> None:
    agent, other = published.client("agent"), published.client("agent2")
    page, foreign = agent.get("/ack/cs-04").text, other.get("/ack/cs-04").text
    for token in ("", "x", hidden(page, "shown")[:-1], hidden(foreign, "shown")):
        answer = agent.post("/ack/cs-04", data=form_of(page, answer="1", shown=token))
        assert answer.status_code == 409, token
    assert rows(published, AcknowledgedClause) == 0


def test_a_revisions_number_leads_to_its_standard_and_english_is_whole(published: House) -> None:
    agent = published.client("agent", language="en")
    page = agent.get("/ack/26-001", follow_redirects=True)
    assert page.request.path == "/ack/cs-04"
    assert "1 change concerns you" in page.text and "What you do:" in page.text
    assert agent.get("/ack/26-999").status_code == 404
    assert agent.get("/ack/no-such").status_code == 404
    nobody = published.client("seller", language="en").get("/ack/cs-04")
    assert "Nothing here waits for you" in nobody.text


def test_a_question_reaches_the_lead_and_the_answer_the_reader(published: House) -> None:
    agent, lead = published.client("agent"), published.client("lead")
    page = agent.get("/ack/cs-04/question").text
    empty = agent.post("/ack/cs-04/question", data={**csrf(page), "clause": "c07", "question": " "})
    assert empty.status_code == 422
    sent = agent.post(
        "/ack/cs-04/question", data={**csrf(page), "clause": "c07", "question": "<b>周末</b>也算？"}
    )
    assert sent.location == "/ack/cs-04/asked"
    shown = lead.get("/t/questions").text
    assert "&lt;b&gt;周末&lt;/b&gt;也算？" in shown and "回答 1 个阅读中的疑问" in lead.get("/desk").text
    with published.app.app_context():
        question_id = db.session.scalar(sa.select(StaffQuestion.id))
    bad = lead.post(f"/t/questions/{question_id}", data={**csrf(shown), "answer": ""})
    assert bad.status_code == 422
    lead.post(f"/t/questions/{question_id}", data={**csrf(shown), "answer": "算，按自然时间。"})
    assert "算，按自然时间。" in agent.get("/ack/cs-04").text
    refused = published.client("agent2").post(
        f"/t/questions/{question_id}", data={**csrf(shown), "answer": "x"}
    )
    assert refused.status_code in (400, 403)


def test_a_lead_sees_and_reminds_the_own_team_only(published: House) -> None:
    lead, trainer = published.client("lead"), published.client("trainer")
    team = lead.get("/t/team").text
    assert "吴敏" in team and "徐强" not in team and "0/1" in team
    assert "徐强" in trainer.get("/t/team").text
    check = lead.get("/t/team/remind").text
    assert "吴敏" in check and "徐强" not in check
    with published.app.app_context():
        ids = [str(i) for i in db.session.scalars(sa.select(Assignment.id))]
    sent = lead.post("/t/team/remind", data={**csrf(check), "assignment": [*ids, "x", "99999"]})
    assert sent.status_code == 303
    assert "已提醒 1 人" in lead.get("/t/team").text
    assert "没有人需要提醒" in lead.get("/t/team/remind").text
    table = lead.get("/t/team.csv")
    assert table.data.startswith(b"\xef\xbb\xbf") and "吴敏" in table.text and "徐强" not in table.text
    with published.app.app_context():
        reminded = db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == "remind")).all()
        assert reminded == [published.person("agent").id]


def test_a_trainer_builds_a_question_from_the_change(readers_web: House) -> None:
    web = readers_web
    trainer = web.client("trainer")
    page = trainer.get("/r/26-001/training").text
    assert "根据改动出题" in page and 'value="12 小时"' in page and 'value="12 hours"' in page
    names = ("clause", "hash", "question_zh", "question_en")
    names += tuple(f"option_{language}_{i}" for language in ("zh", "en") for i in range(3))
    values = {name: hidden(page, name) for name in names}
    right = str([values[f"option_en_{i}"] for i in range(3)].index("12 hours"))
    refused = trainer.post("/r/26-001/training/questions", data={**csrf(page), **values, "right": "9"})
    assert refused.status_code == 422
    kept = trainer.post("/r/26-001/training/questions", data={**csrf(page), **values, "right": right})
    assert kept.status_code == 303
    assert "根据改动出题" not in trainer.get("/r/26-001/training").text
    asked = web.client("agent", language="en").get("/ack/cs-04").text
    assert "One question:" in asked and "12 hours" in asked
    drafter = web.client("drafter")
    token = csrf(drafter.get("/r/26-001/training").text) or csrf(drafter.get("/profile").text)
    assert drafter.post("/r/26-001/training/questions", data={**token, **values}).status_code == 403


def test_links_of_notices_change_nothing_when_opened(published: House) -> None:
    with published.app.app_context():
        urls = {(n.person_id, n.url) for n in db.session.scalars(sa.select(Notice))}
        names = {p: people.person(p).sign_in_name for p, _url in urls}
        before = snapshot()
    for name in sorted({names[p] for p, _url in urls}):
        client = published.client(name)
        for person_id, url in sorted(urls):
            if names[person_id] == name:
                assert client.get(url).status_code < 400, (name, url)
    with published.app.app_context():
        assert snapshot() == before


def snapshot() -> dict[str, int]:
    """Counts the rows of every table but those a sign-in writes; and the unread notices."""
    own = {"sign_in", "sign_in_try", "activity_line", "activity_head"}
    counted = {
        table.name: int(db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
        for table in db.metadata.sorted_tables
        if table.name not in own
    }
    unread = sa.select(sa.func.count(Notice.id)).where(Notice.read_at.is_(None))
    return counted | {"unread": int(db.session.scalar(unread) or 0)}
