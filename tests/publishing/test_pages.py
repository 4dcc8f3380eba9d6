"""The pages of publishing over HTTP: who sees what, what a form keeps, what is refused and how it says so."""

import pytest

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
    "customer_notice_zh": "首次答复由 24 小时缩短到 12 小时。",
    "customer_notice_en": "We answer within 12 hours instead of 24.",
}
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
    page = client.get(f"/r/{ready}/publish")
    assert 'id="missing"' not in page.text and f"/r/{ready}/publish/check" in page.text
    check = client.get(f"/r/{ready}/publish/check")
    assert check.status_code == 200 and "v1.1" in check.text and PLAN["customer_notice_en"] in check.text
