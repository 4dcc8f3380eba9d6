"""The pages of quality checks over HTTP: who sees what, what a card keeps, what is refused and how it says so."""

import datetime as dt
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.audits import queries, texts
from app.audits.models import AuditPlan, Sample, SampleState, ScoreLine
from app.core import clock
from app.core.access import SYSTEM, Role
from app.core.db import db
from app.people import service as people
from app.training.models import AcknowledgedClause
from tests import story
from tests.audit_cases import IN_OCTOBER, MONTH, given_drawn, given_plan, given_scored
from tests.house_fixtures import House, csrf


@pytest.fixture
def planned(web: House, tmp_path: Path) -> str:
    with web.app.app_context():
        return given_plan(web, tmp_path).month


@pytest.fixture
def drawn(web: House, tmp_path: Path) -> str:
    with web.app.app_context():
        return given_drawn(web, tmp_path)[0].month


@pytest.fixture
def scored(web: House, tmp_path: Path) -> str:
    with web.app.app_context():
        return given_scored(web, tmp_path)[0].month


def late_line(web: House) -> int:
    """Returns a finding of `agent`."""
    with web.app.app_context():
        for line, sample in queries.findings(MONTH):
            if line.clause_id == "c07" and queries.ticket_of(sample).agent == "ag-agent":
                return line.id
    raise AssertionError("no finding")


def test_a_month_is_planned_with_a_seed_nobody_chose(web: House, planned: str) -> None:
    with clock.frozen(IN_OCTOBER):
        client = web.client("auditor", "en")
        page = client.get("/a")
        assert page.status_code == 200 and "October 2026" in page.text
        data = {"month": "2026-10", "standards": ["cs-04"], "sample_size": "5", **csrf(page.text)}
        assert client.post("/a", data={**data, "standards": []}).status_code == 422
        assert client.post("/a", data={**data, "sample_size": "0"}).status_code == 422
        assert client.post("/a", data=data).status_code == 303
        with web.app.app_context():
            seeds = set(db.session.scalars(sa.select(AuditPlan.seed)))
        assert any(re.fullmatch("[0-9a-f]{16}", seed) for seed in seeds)


def test_the_draw_is_a_button_that_counts_once(web: House, planned: str) -> None:
    with clock.frozen(IN_OCTOBER):
        client = web.client("auditor")
        page = client.get(f"/a/plan/{planned}")
        assert page.status_code == 200 and "抽取 20 条工单" in page.text
        for _again in range(2):
            assert client.post(f"/a/plan/{planned}/draw", data=csrf(page.text)).status_code == 303
        page = client.get(f"/a/plan/{planned}")
        assert page.text.count('href="/a/x/') == 20 and "抽取 20 条工单" not in page.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_card_preselects_nothing_and_says_what_is_missing(web: House, drawn: str, language: str) -> None:
    with clock.frozen(IN_OCTOBER):
        client = web.client("auditor", language)
        page = client.get(f"/a/{drawn}/next", follow_redirects=True)
        assert page.status_code == 200 and " checked" not in re.sub(r">[^<]*<", "><", page.text)
        path = page.request.path
        keys = re.findall(r'name="hash-([^"]+)" value="([^"]+)"', page.text)
        assert keys
        data = {f"hash-{key}": digest for key, digest in keys} | csrf(page.text)
        answer = client.post(path, data=data)
        assert answer.status_code == 422 and f'href="#answer-{keys[0][0]}-0"' in answer.text
        data |= {f"answer-{key}": "met" for key, _digest in keys}
        answer = client.post(path, data={**data, f"answer-{keys[0][0]}": "not_met"})
        assert answer.status_code == 422 and f'href="#note-{keys[0][0]}"' in answer.text
        assert client.post(path, data=data).status_code == 303
        assert client.post(path, data=data).status_code == 303
        with web.app.app_context():
            kept = db.session.scalar(
                sa.select(sa.func.count()).select_from(Sample).where(Sample.state == SampleState.SCORED)
            )
        assert kept == 1
        assert client.get(path).status_code == 200


def test_a_swap_asks_for_the_reason_and_leads_on(web: House, drawn: str) -> None:
    with clock.frozen(IN_OCTOBER):
        client = web.client("auditor")
        path = client.get(f"/a/{drawn}/next").headers["Location"]
        page = client.get(f"{path}/swap")
        assert client.post(f"{path}/swap", data=csrf(page.text)).status_code == 422
        answer = client.post(f"{path}/swap", data={"reason": "对话没有录全", **csrf(page.text)})
        assert answer.status_code == 303 and answer.headers["Location"] != path
        assert "对话没有录全" in client.get(path).text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_names_clauses_worst_first_and_no_small_team(
    web: House, scored: str, language: str
) -> None:
    with clock.frozen(IN_OCTOBER):
        client = web.client("director", language)
        page = client.get(f"/a/report/{scored}")
        assert page.status_code == 200 and "CS-04-C07" in page.text
        assert "course-chart" not in page.text, "one month has no course"
        assert f'href="/new?finding={MONTH}/CS-04-C07"' in page.text
        table = client.get(f"/a/report/{scored}.csv")
        assert table.mimetype == "text/csv" and "CS-04-C07" in table.data.decode("utf-8-sig").splitlines()[1]
        assert client.get("/a").status_code == 200
        assert client.get("/a/report/2020-01").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "超出偶然波动"), ("en", "More than chance explains: July 2026")]
)
def test_the_report_shows_months_against_what_chance_explains(
    web: House, scored: str, language: str, words: str
) -> None:
    with web.app.app_context():
        tickets = db.session.scalars(sa.select(Sample.ticket_id)).all()
        for month, missed in (
            ("2026-06", len(tickets) // 3),
            ("2026-07", len(tickets)),
            ("2026-08", len(tickets) // 3),
        ):
            plan = AuditPlan(
                month=month, standard_ids=[], sample_size=len(tickets), seed="s", made_at=clock.now()
            )
            db.session.add(plan)
            db.session.flush()
            for place, ticket_id in enumerate(tickets):
                db.session.add(
                    Sample(
                        plan_id=plan.id,
                        ticket_id=ticket_id,
                        place=place,
                        stratum="",
                        state=SampleState.SCORED,
                        asked=1,
                        met=int(place >= missed),
                    )
                )
        db.session.commit()
    with clock.frozen(IN_OCTOBER):
        page = web.client("director", language).get(f"/a/report/{scored}").text
    assert 'id="course-chart' in page and words in page
    assert "2026-06" in page


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "客服当时已读过这段文本"), ("en", "the agent had read")]
)
def test_a_kept_card_says_whether_the_agent_had_read_the_text(
    web: House, scored: str, language: str, words: str
) -> None:
    line_id = late_line(web)
    with web.app.app_context():
        line = db.session.get_one(ScoreLine, line_id)
        sample = queries.sample(line.sample_id)
        contact, path = queries.ticket_of(sample).created_at, f"/a/x/{sample.id}"
        row = AcknowledgedClause(
            person_id=web.person("agent").id,
            standard_id=line.standard_id,
            clause_id=line.clause_id,
            pair=line.clause_hash,
            at=contact + dt.timedelta(minutes=1),
        )
        db.session.add(row)
        db.session.commit()
    with clock.frozen(IN_OCTOBER):
        client = web.client("auditor", language)
        page = client.get(path).text
        assert words not in page  # read after the contact is not read before it
        assert "还没读过" not in page and "had not read" not in page  # nobody had to read a first version
        with web.app.app_context():
            db.session.execute(sa.update(AcknowledgedClause).values(at=contact - dt.timedelta(minutes=1)))
            db.session.commit()
        assert client.get(path).text.count(words) == 1


def test_only_what_a_revision_changed_had_to_be_read(sqlite_house: House) -> None:
    _revision, publication = story.given_published(sqlite_house)
    found = texts.texts_to_read({publication.standard_id})
    assert {clause_id for _standard, clause_id, _digest in found} == {"c07"}


def test_an_agent_sees_and_appeals_the_own_results_only(web: House, scored: str) -> None:
    line_id = late_line(web)
    with web.app.app_context():
        people.grant_role(SYSTEM, web.person("colleague").id, Role.QA_AUDITOR)
        db.session.commit()
    with clock.frozen(IN_OCTOBER):
        agent = web.client("agent")
        page = agent.get("/a/mine")
        assert page.status_code == 200 and f"/a/mine/{line_id}/appeal" in page.text
        assert web.client("agent2").get(f"/a/mine/{line_id}/appeal").status_code == 404
        path = f"/a/mine/{line_id}/appeal"
        form = agent.get(path)
        assert agent.post(path, data=csrf(form.text)).status_code == 422
        assert agent.post(path, data={"reason": "另一个会话里有回复", **csrf(form.text)}).status_code == 303
        first = web.client("auditor")
        assert "由他人裁定" in first.get("/a/appeals").text
        second = web.client("colleague")
        found = re.search(r"/a/appeals/\d+", second.get("/a/appeals").text)
        assert found is not None
        page = second.get(found[0])
        assert second.post(found[0], data={"state": "accepted", **csrf(page.text)}).status_code == 422
        decided = {"state": "accepted", "decision": "确有回复", **csrf(page.text)}
        assert first.post(found[0], data={**decided, **csrf(first.get(found[0]).text)}).status_code == 403
        assert second.post(found[0], data=decided).status_code == 303
        assert "确有回复" in agent.get("/a/mine").text


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("agent", "/a", 403),
        ("agent", "/a/plan/2026-09", 403),
        ("agent", "/a/x/1", 403),
        ("agent", "/a/report/2026-09", 403),
        ("director", "/a/x/1", 403),
        ("director", "/a/appeals", 403),
        ("auditor", "/a/x/99999", 404),
        ("auditor", "/a/plan/2031-01", 404),
        (None, "/a", 302),
    ],
)
def test_doors_are_closed_to_others(
    web: House, scored: str, name: str | None, path: str, status: int
) -> None:
    answer = web.client(name).get(path)
    assert answer.status_code == status or (name is None and answer.status_code in (302, 303, 401))
