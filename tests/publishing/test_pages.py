"""The pages of publishing over HTTP: who sees what, what a form keeps, what is refused and how it says so."""

import datetime as dt

import pytest

from app.core import clock, jobs
from app.publishing import queries
from app.standards import queries as standards
from app.standards.workflow import State
from tests import story
from tests.house_fixtures import House, csrf


def state_of(web: House, number: str) -> State:
    with web.app.app_context():
        return standards.revision(number).state


@pytest.fixture
def ready(web: House) -> str:
    with web.app.app_context():
        return story.given_ready(web).number


@pytest.fixture
def planned(web: House) -> str:
    with web.app.app_context():
        return story.given_planned(web).number


PLAN = {
    "version": "minor",
    "effective_on": "2026-09-23",
    "transition_days": "14",
    "training_verdict": "reading",
    "training_note": "Read it before the shift.",
}
NOTICE = {"zh": "首次答复由 24 小时缩短到 12 小时。", "en": "We answer within 12 hours instead of 24 hours."}
EFFECT = {
    "measure": "c07/m01",
    "direction": "up",
    "smallest_change_points": "5",
    "statement": "至少升 5 个百分点",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_what_is_missing_and_the_check_opens_when_nothing_is(
    web: House, ready: str, language: str
) -> None:
    client = web.client("director", language)
    page = client.get(f"/r/{ready}/publish")
    assert page.status_code == 200 and 'id="missing"' in page.text
    token = csrf(page.text)
    assert client.post(f"/r/{ready}/publish", data={**PLAN, **token}).status_code == 303
    assert client.post(f"/r/{ready}/publish/effect", data={**EFFECT, **token}).status_code == 303
    seen = client.get(f"/r/{ready}/publish/notice").text.split('name="seen" value="')[1].split('"')[0]
    told = client.post(f"/r/{ready}/publish/notice", data={**NOTICE, "seen": seen, **token})
    assert told.status_code == 303
    page = client.get(f"/r/{ready}/publish")
    assert 'id="missing"' not in page.text and f"/r/{ready}/publish/check" in page.text
    check = client.get(f"/r/{ready}/publish/check")
    assert check.status_code == 200 and "v1.1" in check.text and NOTICE["en"] in check.text


def test_publishing_over_http_is_one_click_twice_and_can_be_undone(web: House, planned: str) -> None:
    client = web.client("director")
    token = csrf(client.get(f"/r/{planned}/publish/check").text)
    for _click in range(2):
        assert client.post(f"/r/{planned}/publish/schedule", data=token).status_code == 303
    page = client.get(f"/r/{planned}/publish")
    assert state_of(web, planned) is State.SCHEDULED and "10:15" in page.text
    assert page.text.count(f'action="/r/{planned}/publish/undo"') == 2  # in the banner and in the bar
    for _click in range(2):
        assert client.post(f"/r/{planned}/publish/undo", data=token).status_code == 303
    assert state_of(web, planned) is State.READY
    stale = client.post(f"/r/{planned}/publish/schedule", data=token)  # the old page, sent again
    assert stale.status_code == 303 and state_of(web, planned) is State.SCHEDULED
    with clock.frozen(clock.now() + dt.timedelta(minutes=16)):
        late = client.post(f"/r/{planned}/publish/undo", data=token)
        assert late.status_code == 409
        with web.app.app_context():
            jobs.run_due(limit=2)  # that of the undone attempt does nothing
            assert queries.publication_of(standards.revision(planned).id) is not None
        assert client.get(f"/r/{planned}/publish").status_code == 200


@pytest.mark.parametrize("who", ["drafter", "chair", "pilot", "lawyer", "agent", "admin", None])
def test_others_may_not_publish(web: House, planned: str, who: str | None) -> None:
    client = web.client(who)
    token = csrf(client.get("/suggest").text)
    for path in ("", "/schedule", "/undo", "/emergency"):
        answer = client.post(f"/r/{planned}/publish{path}", data={**PLAN, **token})
        assert answer.status_code == (403 if who else 303)
    assert state_of(web, planned) is State.READY


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"effective_on": "2026-09-01"}, 422),
        ({"effective_on": "9999-12-31"}, 422),
        ({"effective_on": "morgen"}, 422),
        ({"transition_days": "-1"}, 422),
        ({"transition_days": "99999999999999999999"}, 422),
        ({"version": "3.7"}, 422),
        ({"training_verdict": "all of it"}, 422),
        ({"training_note": "x" * 2001}, 422),
        ({"training_note": "a\x00b"}, 422),
        ({"notice_waiver": "<script>alert(1)</script>"}, 303),
    ],
)
def test_a_plan_that_cannot_be_is_told_so_and_kept_as_typed(
    web: House, ready: str, values: dict[str, str], status: int
) -> None:
    client = web.client("director")
    token = csrf(client.get(f"/r/{ready}/publish").text)
    answer = client.post(f"/r/{ready}/publish", data={**PLAN, **values, **token})
    assert answer.status_code == status
    shown = client.get(f"/r/{ready}/publish") if status == 303 else answer
    assert "<script>alert" not in shown.text
    assert status == 422 or PLAN["training_note"] in shown.text


def test_an_emergency_over_http_waits_for_a_second_person(web: House) -> None:
    with web.app.app_context():
        number = story.given_signed(web).number
    director, chair = web.client("director"), web.client("chair")
    page = director.get(f"/r/{number}/publish/emergency")
    form = {"effective_on": "2026-09-08", "reason": "支付故障", **csrf(page.text)}
    assert director.post(f"/r/{number}/publish/emergency", data={**form, "reason": ""}).status_code == 422
    assert director.post(f"/r/{number}/publish/emergency", data=form).status_code == 303
    assert state_of(web, number) is State.SCHEDULED
    assert director.post(f"/r/{number}/publish/approve", data=form).status_code == 409
    page = chair.get(f"/r/{number}/publish")
    assert f"/r/{number}/publish/approve" in page.text
    assert chair.post(f"/r/{number}/publish/approve", data=csrf(page.text)).status_code == 303
    assert f"/r/{number}/publish/approve" not in chair.get(f"/r/{number}/publish").text
