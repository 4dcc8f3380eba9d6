"""Moving somebody to another team: where the person belongs, which roles go along, what stays as it was."""

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.access import Role
from app.core.activity import ActivityLine
from app.core.db import db
from app.core.errors import Invalid, NotAllowed
from app.core.jobs import Job
from app.people import queries, service
from app.people.models import Grant, Team
from tests.house_fixtures import MONDAY, House, csrf


def team(code: str) -> Team:
    return next(one for one in queries.teams() if one.code == code)


def living(house: House, name: str, role: Role) -> list[tuple[int | None, int | None]]:
    """The scopes in which a role of the person counts today: (team id, region id)."""
    rows = queries.grants_of(house.person(name).id)
    today = clock.today()
    return [
        (row.team_id, row.region_id)
        for row in rows
        if row.role is role and (row.ends_on is None or row.ends_on >= today)
    ]


@pytest.fixture
def house(sqlite_house: House) -> Iterator[House]:
    with clock.frozen(MONDAY):
        yield sqlite_house


def test_a_moved_agent_belongs_to_the_new_team_and_its_region(house: House) -> None:
    codes = [one.code for one in queries.teams()]
    old, new = house.person("agent").team.code, next(c for c in codes if c != house.person("agent").team.code)
    person = service.move_to_team(
        house.actor("admin"), house.person("agent").id, team(new).id, agent_code="n-7"
    )
    assert (person.team.code, person.region_id, person.agent_code) == (new, team(new).region_id, "n-7")
    line = db.session.scalars(sa.select(ActivityLine).where(ActivityLine.verb == "person.moved")).one()
    assert person.subject in str(line.__dict__.values()) and old in str(line.data) and new in str(line.data)


def test_roles_of_the_old_team_and_region_go_along_with_their_last_day(house: House) -> None:
    admin, person = house.actor("admin"), house.person("agent")
    old, new = person.team, next(t for t in queries.teams() if t.region_id != person.team.region_id)
    until = clock.today() + dt.timedelta(days=60)
    service.grant_role(admin, person.id, Role.TEAM_LEAD, team_id=old.id, ends_on=until)
    service.grant_role(admin, person.id, Role.TRAINER, region_id=old.region_id)
    service.grant_role(admin, person.id, Role.DRAFTER)
    service.move_to_team(admin, person.id, new.id)
    assert living(house, "agent", Role.TEAM_LEAD) == [(new.id, None)]
    assert living(house, "agent", Role.TRAINER) == [(None, new.region_id)]
    assert living(house, "agent", Role.DRAFTER) == [(None, None)]
    lead = db.session.scalars(
        sa.select(Grant).where(
            Grant.team_id == new.id, Grant.role == Role.TEAM_LEAD, Grant.person_id == person.id
        )
    ).one()
    assert lead.ends_on == until


def test_without_a_new_team_the_roles_of_the_old_one_end(house: House) -> None:
    admin, person = house.actor("admin"), house.person("agent")
    service.grant_role(admin, person.id, Role.TEAM_LEAD, team_id=person.team_id)
    moved = service.move_to_team(admin, person.id, None)
    assert (moved.team_id, moved.region_id) == (None, None)
    assert living(house, "agent", Role.TEAM_LEAD) == []


def test_what_has_to_be_read_is_looked_at_again_only_after_a_publication(house: House) -> None:
    service.move_to_team(house.actor("admin"), house.person("agent").id, None)
    assert db.session.scalar(sa.select(sa.func.count(Job.id)).where(Job.name == "keep_in_step")) == 0


def test_the_same_team_is_refused_and_only_who_manages_people_may(house: House) -> None:
    person = house.person("agent")
    with pytest.raises(Invalid) as refused:
        service.move_to_team(house.actor("admin"), person.id, person.team_id)
    assert refused.value.errors[0].field == "moves_to"
    with pytest.raises(NotAllowed):
        service.move_to_team(house.actor("director"), person.id, None)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_administrator_moves_somebody_on_the_page_of_the_account(web: House, language: str) -> None:
    client = web.client("admin", language)
    with web.app.app_context():
        person, other = (
            web.person("agent"),
            next(t for t in queries.teams() if t.id != web.person("agent").team_id),
        )
        address, team_id, name = (
            f"/admin/people/{person.id}",
            other.id,
            {"zh": other.name_zh, "en": other.name_en},
        )
        stays = str(person.team_id)
    token = csrf(client.get(address).text)
    refused = client.post(f"{address}/team", data={**token, "moves_to": stays, "agent_code": ""})
    assert refused.status_code == 422 and 'id="moves_to"' in refused.text
    assert client.post(f"{address}/team", data={**token, "moves_to": str(team_id)}).status_code == 303
    assert name[language] in client.get(address).text
