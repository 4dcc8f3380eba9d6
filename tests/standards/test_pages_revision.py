"""The pages of revisions over HTTP: the list, the workspace, discussion, hold and withdrawal."""

import datetime as dt
import re

import pytest

from app.core import clock
from app.core.db import db
from app.standards import queries
from app.standards.contributions import tasks
from app.standards.models import Materiality
from app.standards.workflow import State
from tests.house_fixtures import MONDAY, House, csrf
from tests.snapshots import remembered
from tests.standards.reading_world import (
    counted,
    draft_eight_minutes,
    publication,
    publish,
    revision_in_drafting,
    tighter,
    words_of,
)

NUMBER = "26-001"


@remembered
def one_revision(house: House) -> None:
    """Brings one standard and one revision of it in drafting, clause c03 drafted."""
    publish("cs-01")
    draft_eight_minutes(house, revision_in_drafting(house), Materiality.MATERIAL)


@pytest.fixture
def world(web: House) -> House:
    with web.app.app_context():
        one_revision(web)
        db.session.remove()
    return web


def test_the_first_line_says_where_it_stands_and_who_must_act(world: House) -> None:
    with clock.frozen(MONDAY + dt.timedelta(days=2)):
        zh = words_of(world.client("lawyer").get(f"/r/{NUMBER}").text)
        en = words_of(world.client("lawyer", language="en").get(f"/r/{NUMBER}").text)
    assert "现在：第 3 步 起草，等待李明（起草人），第 3 天。" in zh
    assert "Now: step 3, Drafting, waiting for Li Ming (drafter), day 3." in en


def test_the_page_says_why_and_what_changes(world: House) -> None:
    page = world.client("lawyer").get(f"/r/{NUMBER}").text
    words = words_of(page)
    assert "312 起投诉说没人回复" in words
    assert "投诉分析" in words
    assert "修改 1 条、收紧 1 个目标值；" in words
    assert re.search(r"首次响应 10 → [^0-9]*8 分钟", words)
    assert "<del>" in page


def test_the_rail_has_nine_steps_and_one_is_now(world: House) -> None:
    page = world.client("lawyer").get(f"/r/{NUMBER}").text
    wide = page[page.index('class="rail-wide"') : page.index("rail-fold")]
    assert wide.count("<li") == 9
    assert wide.count('aria-current="step"') == 1
    assert "第 3 步，共 9 步：起草" in words_of(page)


def test_the_title_is_shown_in_the_readers_language(world: House) -> None:
    assert "<h1>Reply in 8 minutes" in world.client("lawyer", language="en").get(f"/r/{NUMBER}").text


def test_a_note_joins_the_discussion_and_the_timeline(world: House) -> None:
    client = world.client("lawyer")
    token = csrf(client.get(f"/r/{NUMBER}").text)
    answer = client.post(f"/r/{NUMBER}/notes", data={"text": "<b>8 分钟</b>要公开吗？", **token})
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert "&lt;b&gt;8 分钟&lt;/b&gt;要公开吗？" in page
    assert "赵律 写了一条意见" in words_of(page)
    assert "赵律 写了一条意见" not in words_of(client.get(f"/r/{NUMBER}?timeline=decisions").text)


def test_an_empty_note_is_refused_and_the_page_stays(world: House) -> None:
    client = world.client("lawyer")
    token = csrf(client.get(f"/r/{NUMBER}").text)
    answer = client.post(f"/r/{NUMBER}/notes", data={"text": "  ", **token})
    assert answer.status_code == 422
    assert "先写内容再发送" in answer.text


def test_holding_asks_for_a_reason_stops_moves_and_can_be_undone(world: House) -> None:
    client = world.client("director")
    form = client.get(f"/r/{NUMBER}/hold")
    assert form.status_code == 200
    token = csrf(form.text)
    assert client.post(f"/r/{NUMBER}/hold", data={"reason": " ", **token}).status_code == 422
    assert client.post(f"/r/{NUMBER}/hold", data={"reason": "等预算", **token}).status_code == 303
    words = words_of(client.get(f"/r/{NUMBER}").text)
    assert "等预算" in words
    assert "解除暂缓" in words
    assert client.post(f"/r/{NUMBER}/release", data=token).status_code == 303
    assert "等预算" not in words_of(client.get(f"/r/{NUMBER}").text)


def test_only_who_steers_may_hold(world: House) -> None:
    client = world.client("lawyer")
    token = csrf(client.get(f"/r/{NUMBER}").text)
    assert client.post(f"/r/{NUMBER}/hold", data={"reason": "x", **token}).status_code == 403
    assert client.post(f"/r/{NUMBER}/release", data=token).status_code == 403
    assert "/hold" not in client.get(f"/r/{NUMBER}").text


def test_only_the_proposer_withdraws_and_the_reason_stays(world: House) -> None:
    other = world.client("lawyer")
    token = csrf(other.get(f"/r/{NUMBER}").text)
    assert other.post(f"/r/{NUMBER}/withdraw", data={"reason": "不要", **token}).status_code == 403
    assert "/withdraw" not in other.get(f"/r/{NUMBER}").text
    client = world.client("director")
    token = csrf(client.get(f"/r/{NUMBER}/withdraw").text)
    assert client.post(f"/r/{NUMBER}/withdraw", data={"reason": "", **token}).status_code == 422
    assert client.post(f"/r/{NUMBER}/withdraw", data={"reason": "重复了", **token}).status_code == 303
    words = words_of(client.get(f"/r/{NUMBER}").text)
    assert "已撤回" in words
    assert "重复了" in words
    with world.app.app_context():
        assert queries.revision(NUMBER).state.value == "withdrawn"
        assert queries.steps(queries.revision(NUMBER).id)[-1].reason == "重复了"


def test_opening_the_pages_of_acts_changes_nothing(world: House) -> None:
    client = world.client("director")
    for path in (f"/r/{NUMBER}/hold", f"/r/{NUMBER}/withdraw", f"/r/{NUMBER}"):
        client.get(path)
    assert client.get(f"/r/{NUMBER}/release").status_code == 405
    with world.app.app_context():
        found = queries.revision(NUMBER)
        assert not found.is_on_hold
        assert found.state.value == "drafting"


def test_the_list_filters_by_stage_and_by_me(world: House) -> None:
    client = world.client("drafter")
    assert NUMBER in client.get("/r").text
    assert NUMBER in client.get("/r?stage=3").text
    assert f"/r/{NUMBER}" not in client.get("/r?stage=4").text
    assert NUMBER in client.get("/r?show=mine").text
    assert f"/r/{NUMBER}" not in world.client("lawyer").get("/r?show=mine").text
    assert f"/r/{NUMBER}" not in client.get("/r?show=ended").text
    assert client.get("/r?show=%27&stage=x").status_code == 200


def test_an_agent_reaches_a_revision_by_a_link_and_has_no_list_of_them(world: House) -> None:
    client = world.client("agent")
    assert client.get("/r").status_code == 403
    assert client.get(f"/r/{NUMBER}").status_code == 200


def test_an_unknown_number_answers_404(world: House) -> None:
    assert world.client("lawyer").get("/r/26-999").status_code == 404


def test_the_workspace_writes_nothing_and_asks_little(world: House) -> None:
    client = world.client("lawyer")
    client.get(f"/r/{NUMBER}")
    with world.app.app_context(), counted() as seen:
        assert client.get(f"/r/{NUMBER}").status_code == 200
    asked = [s for s in seen if not s.startswith(("BEGIN", "PRAGMA"))]
    assert not [s for s in asked if not s.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert len(asked) <= 30, "\n".join(asked)


def test_the_drafter_finds_the_revision_among_the_tasks(world: House) -> None:
    with world.app.test_request_context():
        mine = [task.words for task in tasks(world.actor("drafter"))]
        assert list(tasks(world.actor("lawyer"))) == []
    assert any(NUMBER in words for words in mine)


@pytest.mark.parametrize(
    ("day", "state", "words"),
    [
        (dt.date(2026, 9, 8), State.SCHEDULED, "Version 1.1 comes into force on Thu 1 Oct."),
        (dt.date(2026, 10, 5), State.IN_FORCE, "Version 1.1 is in force since Thu 1 Oct."),
    ],
)
def test_once_published_the_page_says_from_when_the_text_binds(
    web: House, day: dt.date, state: State, words: str
) -> None:
    with web.app.app_context():
        publish("cs-01")
        tighter(dt.date(2026, 10, 1))
        made = revision_in_drafting(web)
        # Publishing belongs to a later room; here only what its rows say is shown.
        made.state = state
        publication("cs-01", "1.1").revision_id = made.id
        db.session.commit()
        db.session.remove()
    with clock.frozen(clock.at(day, 10)):
        page = words_of(web.client("lawyer", language="en").get(f"/r/{NUMBER}").text)
    assert words in page
    assert "1 clause changed, 1 target tighter; " in page
