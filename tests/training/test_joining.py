"""Joining, moving and leaving: who gets what to read with which deadline, and that nobody else is touched."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.core import clock, clock_job
from app.core.access import SYSTEM, Role
from app.core.db import db
from app.notices.models import Notice
from app.people import service as people_service
from app.people.models import Grant, Person
from app.standards import queries as standards
from app.standards.models import Standard
from app.training import contributions, joining, queries, service
from app.training.models import Assignment, AssignmentState, Cause
from tests import story
from tests.house_fixtures import House


def join(house: House, *roles: Role, on: dt.date | None = None) -> Person:
    """Adds a person as the administrator does; the caller runs the jobs."""
    administrator, team = house.actor("admin"), house.person("agent").team
    assert team is not None
    person = people_service.add_person(
        administrator,
        sign_in_name="lvxin",
        name="吕欣",
        name_latin="Lü Xin",
        department_id=team.department_id,
        team_id=team.id,
        password=None,
        email="lvxin@example.invalid",
        joined_on=on,
    )
    for role in roles:
        people_service.grant_role(administrator, person.id, role, starts_on=clock.today())
    return person


def asked(person: Person) -> dict[str, Assignment]:
    return {
        db.session.get_one(Standard, row.standard_id).code: row for row in queries.open_assignments(person.id)
    }


def states(person: Person) -> list[AssignmentState]:
    query = sa.select(Assignment.state).where(Assignment.person_id == person.id).order_by(Assignment.id)
    return list(db.session.scalars(query))


def read_all(house: House, name: str, code: str = "cs-04") -> Assignment:
    standard = standards.standard(code)
    shown = [d.pair for d in queries.needed(house.person(name), house.actor(name), standard.id)]
    return service.acknowledge(house.actor(name), standard, shown=shown, question_id=None, chosen=None)


def test_a_joiner_reads_all_that_the_role_follows_by_the_own_deadline(house: House) -> None:
    _revision, publication = story.given_published(house)
    with clock.frozen(publication.at):
        house.run_jobs()
    story.given_standard("cs-05")
    before = queries.coverage(publication.id)
    with clock.frozen(publication.at + dt.timedelta(days=30)):
        first_day = clock.today() + dt.timedelta(days=3)
        person = join(house, Role.AGENT, on=first_day)
        house.run_jobs()
        rows = asked(person)
        assert set(rows) == {"cs-04", "cs-05"}
        row = rows["cs-04"]
        assert row.cause is Cause.JOINED
        assert queries.due_day(row) == first_day + dt.timedelta(days=7)
        actor = house.actor("lvxin")
        texts = {v.clause_id for v in queries.versions(row.standard_id) if "agent" in v.audience}
        needed = queries.needed(person, actor, row.standard_id)
        assert {d.clause_id for d in needed} == texts
        assert all(d.before is None for d in needed)
        kinds = db.session.scalars(sa.select(Notice.kind).where(Notice.person_id == person.id))
        assert sorted(kinds) == ["acknowledge_joined"] * 2
        with house.app.test_request_context("/"):
            tasks = [t for t in contributions.tasks(actor) if t.kind == "acknowledge"]
        assert len(tasks) == 2
        assert all(task.minutes > 1 for task in tasks)
        # Nobody else is touched, and the coverage of the publication is what it was.
        assert queries.coverage(publication.id) == before
        joining.keep_in_step(person.id)
        assert set(asked(person)) == {"cs-04", "cs-05"}
        assert len(states(person)) == 2
        done = read_all(house, "lvxin")
        assert (done.state, done.is_late) == (AssignmentState.DONE, False)
        joining.keep_in_step(person.id)
        assert set(asked(person)) == {"cs-05"}
        assert queries.coverage(publication.id) == before


def test_who_joined_before_the_library_came_knows_it(house: House) -> None:
    story.given_standard()
    person = join(house, Role.AGENT, on=dt.date(2024, 3, 1))
    db.session.execute(sa.update(Grant).where(Grant.person_id == person.id).values(starts_on=None))
    house.run_jobs()
    assert asked(person) == {}


def test_a_mover_reads_what_is_new_to_the_new_role(house: House) -> None:
    _revision, publication = story.given_published(house)
    with clock.frozen(publication.at):
        house.run_jobs()
    with clock.frozen(publication.at + dt.timedelta(days=20)):
        mover = house.person("stranger")
        assert asked(mover) == {}
        people_service.grant_role(house.actor("admin"), mover.id, Role.AGENT, starts_on=clock.today())
        house.run_jobs()
        row = asked(mover)["cs-04"]
        assert (row.cause, queries.due_day(row)) == (Cause.JOINED, clock.today() + dt.timedelta(days=7))
        read_all(house, "stranger")
        # A second role that follows nothing more asks nothing; who has read is not asked again.
        people_service.grant_role(house.actor("admin"), mover.id, Role.AGENT, starts_on=clock.today())
        house.run_jobs()
        assert asked(mover) == {}


def test_open_assignments_of_a_leaver_and_of_an_ended_role_lapse(house: House) -> None:
    _revision, publication = story.given_published(house)
    with clock.frozen(publication.at):
        house.run_jobs()
        leaver, mover = house.person("agent"), house.person("agent2")
        assert set(asked(leaver)) == set(asked(mover)) == {"cs-04"}
        read = read_all(house, "agent2")
        people_service.deactivate(house.actor("admin"), leaver.id)
        grant = db.session.scalars(
            sa.select(Grant).where(Grant.person_id == mover.id, Grant.role == Role.AGENT)
        ).one()
        people_service.end_grant(house.actor("admin"), grant.id)
        house.run_jobs()
        assert asked(leaver) == asked(mover) == {}
        assert states(leaver) == [AssignmentState.LAPSED]
        assert db.session.get_one(Assignment, read.id).state is AssignmentState.DONE  # never taken back
        assert queries.coverage(publication.id) == queries.Coverage(asked=1, done=1, late=0)


def test_a_role_that_begins_later_asks_on_its_day_even_when_the_clock_stood_still(
    sqlite_house: House,
) -> None:
    house = sqlite_house
    story.given_standard()
    day = clock.today() + dt.timedelta(days=5)
    administrator, mover = house.actor("admin"), house.person("stranger")
    people_service.grant_role(
        administrator, mover.id, Role.AGENT, starts_on=day, ends_on=day + dt.timedelta(days=9)
    )
    house.run_jobs()
    assert asked(mover) == {}
    with clock.frozen(clock.at(day + dt.timedelta(days=2), 10)):
        clock_job.tick()
        house.run_jobs()
        mover = house.person("stranger")
        assert set(asked(mover)) == {"cs-04"}
        assert queries.due_day(asked(mover)["cs-04"]) == day + dt.timedelta(days=7)
        clock_job.tick()
        assert house.run_jobs() == 0
    with clock.frozen(clock.at(day + dt.timedelta(days=10), 10)):
        clock_job.tick()
        house.run_jobs()
        mover = house.person("stranger")
        assert (asked(mover), states(mover)) == ({}, [AssignmentState.LAPSED])


def test_a_new_publication_leaves_a_joiner_the_own_deadline(sqlite_house: House) -> None:
    house = sqlite_house
    story.given_standard()
    with clock.frozen(clock.now() + dt.timedelta(days=1)):
        person = join(house, Role.AGENT, on=clock.today() + dt.timedelta(days=60))
        house.run_jobs()
        own = queries.due_day(asked(person)["cs-04"])
        _revision, publication = story.given_published(house)
        with clock.frozen(publication.at):
            house.run_jobs()
        row = asked(house.person("lvxin"))["cs-04"]
        assert (row.cause, queries.due_day(row)) == (Cause.PUBLISHED, own)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_clauses_of_the_role_and_not_changes(web: House, language: str) -> None:
    with web.app.app_context():
        story.given_standard()
        db.session.commit()
    with clock.frozen(clock.now() + dt.timedelta(days=1)):
        with web.app.app_context():
            mover = web.person("stranger")
            people_service.grant_role(SYSTEM, mover.id, Role.AGENT, starts_on=clock.today())
            web.run_jobs()
        client = web.client("stranger", language)
        page, learning = client.get("/ack/cs-04").text, client.get("/t").text
    words = {"zh": ("你的角色要遵守", "新入职"), "en": ("clauses your role follows", "You joined")}[language]
    assert words[0] in page
    assert words[1] in learning
