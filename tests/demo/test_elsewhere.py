"""What comes from other systems in the demonstration: figures with their sources, a system that rests, one that may send."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.core import clock, clock_job
from app.core.access import SYSTEM, Role
from app.core.db import db
from app.core.jobs import Job
from app.demo import elsewhere_story
from app.demo.timeline import Timeline
from app.evidence import connectors, push_tokens, series
from app.evidence.connector_models import ConnectorState
from app.notices import receivers
from app.people import codes
from app.people import queries as people_queries
from app.people import service as people
from tests.house_fixtures import MONDAY, House

CAST = {"wangfang": Role.SERVICE_DIRECTOR, "lintao": Role.ADMIN, "sunlv": Role.LEGAL_REVIEWER}


@pytest.fixture
def told(sqlite_house: House) -> Iterator[House]:
    """The story told in a house that has its director."""
    with clock.frozen(MONDAY):
        department = people_queries.departments()[0].id
        for name, role in CAST.items():
            person = people.add_person(
                SYSTEM, sign_in_name=name, name=name, name_latin=name, department_id=department, password=None
            )
            people.grant_role(SYSTEM, person.id, role)
        time = Timeline(MONDAY)
        elsewhere_story.note(time)
        time.play()
        yield sqlite_house


def test_each_series_has_its_weeks_and_names_both_files(told: House) -> None:
    lines = series.all_series()
    assert {(line.newest.measure, line.newest.region) for line in lines} == {
        (measure, region) for measure, _unit, region, *_rest in elsewhere_story.SERIES
    }
    assert {line.count for line in lines} == {elsewhere_story.WEEKS}
    points = series.points("平均响应时长", "", "")
    assert {point.source.file_name for point in points} == {
        "csm-weekly-october.csv",
        "csm-weekly-november.csv",
    }
    assert points[0].day < clock.today() and points[0].day.weekday() == 6


def test_a_later_file_takes_the_place_of_a_figure(told: House) -> None:
    ((measure, week), value), *_none = elsewhere_story.CORRECTION.items()
    points = list(reversed(series.points(measure, "", "")))
    assert points[week].value == value != elsewhere_story.SERIES[0][4][week]
    assert points[week].source.file_name == "csm-weekly-november.csv"


def test_the_connected_system_rests_and_is_never_asked(told: House) -> None:
    clock_job.tick()
    row = connectors.connector(elsewhere_story.CARE)
    assert (row.state, row.result, row.last_at) == (ConnectorState.PAUSED, None, None)
    assert db.session.scalar(sa.select(sa.func.count(Job.id)).where(Job.name == connectors.JOB)) == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_its_pages_are_not_empty(told: House, language: str) -> None:
    db.session.commit()
    client = told.client("director", language)
    assert (
        elsewhere_story.CARE in (page := client.get("/e/connectors").text) and elsewhere_story.SENDER in page
    )
    assert "csm-weekly-november.csv" in client.get("/e/metrics").text
    assert [token.name for token in push_tokens.all_tokens()] == [elsewhere_story.SENDER]


@pytest.mark.parametrize(("page", "name"), [("/admin/webhooks", "CRM"), ("/admin/notices", "客服管理群")])
def test_who_is_told_rests_until_somebody_gives_a_real_address(told: House, page: str, name: str) -> None:
    db.session.commit()
    assert name in told.client("admin", "en").get(page).text
    assert not any(row.is_on for row in receivers.receivers(receivers.ROBOTS | receivers.WEBHOOKS))


def test_a_lawyer_has_one_time_codes(told: House) -> None:
    person = people_queries.by_sign_in_name("sunlv")
    assert person is not None and codes.has_codes(person.id)
