"""The pages of pilots over HTTP: the plan as a form, the start, the conclusion, and who may do which."""

import pytest

from app.standards import queries as standards
from app.standards.workflow import State
from tests import story
from tests.house_fixtures import House, csrf

PLAN = {
    "question": "12 小时内能答复吗？",
    "measure": "c07/m01",
    "smallest_change_points": "5",
    "harm_points": "10",
    "pilot_region": "east",
    "comparison_region": "north",
    "starts_on": "2026-09-07",
    "ends_on": "2026-10-04",
    "contact_id": "",
}


@pytest.fixture
def signed(web: House) -> str:
    with web.app.app_context():
        return story.given_signed(web).number


def state_of(web: House, number: str) -> State:
    with web.app.app_context():
        return standards.revision(number).state


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pilot_is_set_up_started_and_concluded(web: House, signed: str, language: str) -> None:
    lead, director = web.client("pilot", language), web.client("director", language)
    address = f"/r/{signed}/pilot"
    page = lead.get(address)
    assert page.status_code == 200 and 'name="pilot_region"' in page.text
    assert lead.post(address, data={**PLAN, **csrf(page.text)}).status_code == 303
    page = director.get(address)
    assert f"{address}/start" in page.text
    token = csrf(page.text)
    assert director.post(f"{address}/start", data=token).status_code == 303
    assert director.post(f"{address}/start", data=token).status_code == 303  # a double click is one start
    assert state_of(web, signed) is State.PILOTING
    page = director.get(address)
    assert f"{address}/conclude" in page.text
    answer = director.post(f"{address}/conclude", data={"conclusion": "adopt", "reason": "", **token})
    assert answer.status_code == 409 and state_of(web, signed) is State.PILOTING
    answer = director.post(f"{address}/conclude", data={"conclusion": "adopt", "reason": "已够清楚", **token})
    assert answer.status_code == 303 and state_of(web, signed) is State.READY
