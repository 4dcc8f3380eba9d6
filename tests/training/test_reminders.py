"""The clock's reminders on a moving clock: each once, the newest only, the person before the lead, nobody on leave."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.core import clock, clock_job
from app.core.db import db
from app.notices.models import Notice, OutgoingMail
from app.people import service as people_service
from app.training import queries, service
from app.training.models import Assignment
from tests import story
from tests.house_fixtures import House

DUE = dt.date(2026, 10, 28)  # a Wednesday; the weeks around it have no holiday
KINDS = ("reading_before", "reading_due", "reading_after", "readers_overdue")


@pytest.fixture
def due(house: House) -> dt.date:
    """The due day of the two agents of cs-04, long after they were asked."""
    _revision, publication = story.given_published(house)
    with clock.frozen(publication.at):
        house.run_jobs()
        db.session.execute(sa.update(Assignment).values(due_at=clock.at(DUE, 18)))
        db.session.commit()
    return DUE


def on(day: dt.date, hour: int = 10, ticks: int = 1) -> dict[str, list[str]]:
    """Lets the minute's tick happen on a day; returns what has been said so far, `{kind: sign-in names}`."""
    with clock.frozen(clock.at(day, hour)):
        for _ in range(ticks):
            clock_job.tick()
        rows = db.session.execute(
            sa.select(Notice.kind, Notice.person_id).where(Notice.kind.in_(KINDS)).order_by(Notice.id)
        )
        said: dict[str, list[str]] = {}
        for kind, person_id in rows:
            said.setdefault(kind, []).append(names()[person_id])
        return said


def names() -> dict[int, str]:
    from_people = sa.text("SELECT id, sign_in_name FROM person")
    return {row.id: row.sign_in_name for row in db.session.execute(from_people)}


def test_each_day_says_its_reminder_once(house: House, due: dt.date) -> None:
    both = ["agent", "agent2"]
    assert on(due - dt.timedelta(days=6)) == {}
    assert on(due - dt.timedelta(days=5), 8) == {}  # Friday, three working days before; not before nine
    told = {"reading_before": both}
    assert on(due - dt.timedelta(days=5), ticks=2) == told
    assert on(due - dt.timedelta(days=1)) == told
    told["reading_due"] = both
    assert on(due, ticks=2) == told
    # The due day is mailed at once, the others stand in the digest.
    assert mails("notice:%") == 2
    told["reading_after"] = both
    assert on(due + dt.timedelta(days=1), ticks=2) == told
    assert on(due + dt.timedelta(days=2)) == told
    told["readers_overdue"] = ["lead", "trainer"]  # agent's team has a lead; without one the trainer is told
    assert on(due + dt.timedelta(days=5), ticks=2) == told
    assert on(due + dt.timedelta(days=20)) == told
    for notice in db.session.scalars(sa.select(Notice).where(Notice.kind == "readers_overdue")):
        assert (notice.params["count"], notice.url) == (1, "/t/team?standard=cs-04")


def test_a_clock_that_jumps_gives_only_the_newest_and_tells_the_person_first(
    house: House, due: dt.date
) -> None:
    late = due + dt.timedelta(days=12)
    assert on(late) == {"reading_after": ["agent", "agent2"]}
    assert on(late + dt.timedelta(days=3)) == {
        "reading_after": ["agent", "agent2"],
        "readers_overdue": ["lead", "trainer"],
    }


def test_who_has_read_is_on_leave_or_has_left_is_not_reminded(house: House, due: dt.date) -> None:
    agent, other = house.person("agent"), house.person("agent2")
    people_service.set_absence(house.actor("admin"), agent.id, due, due, None)
    people_service.deactivate(house.actor("admin"), other.id)
    db.session.commit()
    assert on(due) == {}
    assert on(due + dt.timedelta(days=1)) == {"reading_after": ["agent"]}
    with clock.frozen(clock.at(due + dt.timedelta(days=1), 11)):
        standard = queries.publication(queries.open_assignments(house.person("agent").id)[0].publication_id)
        shown = [
            d.pair for d in queries.needed(house.person("agent"), house.actor("agent"), standard.standard_id)
        ]
        service.acknowledge(
            house.actor("agent"), standard.standard, shown=shown, question_id=None, chosen=None
        )
        db.session.commit()
    assert on(due + dt.timedelta(days=12)) == {"reading_after": ["agent"]}


def test_a_lead_who_reminded_today_has_said_it(house: House, due: dt.date) -> None:
    with clock.frozen(clock.at(due, 8)):
        ids = list(db.session.scalars(sa.select(Assignment.id)))
        assert len(service.remind(house.actor("lead"), ids)) == 1
        db.session.commit()
    assert on(due) == {"reading_due": ["agent2"]}
    with clock.frozen(clock.at(due, 11)):
        assert service.remind(house.actor("trainer"), ids) == []  # nobody twice a day, whoever says it


def test_the_backup_of_a_lead_on_leave_is_told(house: House, due: dt.date) -> None:
    lead, backup = house.person("lead"), house.person("director")
    day = due + dt.timedelta(days=13)
    people_service.set_absence(house.actor("admin"), lead.id, day, day, backup.id)
    db.session.commit()
    on(due + dt.timedelta(days=12))
    assert on(day)["readers_overdue"] == ["director", "trainer"]  # agent2's team has no lead


def mails(key: str) -> int:
    query = sa.select(sa.func.count(OutgoingMail.id)).where(OutgoingMail.key.like(key))
    return int(db.session.scalar(query) or 0)
