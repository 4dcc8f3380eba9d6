"""Deadlines of reviews: reminders on their working days, the backup after the due day or on leave, taking a review on."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.access import SYSTEM
from app.core.db import db, transaction
from app.core.errors import NotAllowed, Refused
from app.notices.models import Notice
from app.people import service as people_service
from app.reviews import deadlines, handing, queries
from app.reviews.deadlines import Reminder, due_reminder
from app.reviews.freshness import Kind
from app.reviews.models import ReviewTask
from app.standards.models import Revision
from tests.house_fixtures import MONDAY, House, csrf
from tests.review_cases import make_review

FRIDAY = dt.date(2026, 11, 27)
ASKED = dt.date(2026, 11, 16)


@pytest.mark.parametrize(
    ("today", "last", "reminder"),
    [
        (dt.date(2026, 11, 23), None, None),
        (dt.date(2026, 11, 24), None, Reminder.BEFORE),  # three working days before Friday
        (dt.date(2026, 11, 24), Reminder.BEFORE, None),
        (dt.date(2026, 11, 26), Reminder.BEFORE, None),
        (FRIDAY, Reminder.BEFORE, Reminder.DUE),
        (FRIDAY, None, Reminder.DUE),  # the clock stood still: only the newest
        (dt.date(2026, 11, 28), Reminder.DUE, None),
        (dt.date(2026, 11, 30), Reminder.DUE, Reminder.AFTER),  # Monday is the working day after Friday
        (dt.date(2026, 12, 9), Reminder.AFTER, None),
    ],
)
def test_reminders_come_on_their_working_days(
    today: dt.date, last: Reminder | None, reminder: Reminder | None
) -> None:
    assert due_reminder(FRIDAY, ASKED, today, last) is reminder


def test_the_day_of_asking_is_no_day_of_reminding() -> None:
    assert due_reminder(FRIDAY, dt.date(2026, 11, 24), dt.date(2026, 11, 24), None) is None
    assert due_reminder(FRIDAY, FRIDAY, FRIDAY, None) is None


def task_of(revision: Revision, kind: Kind = Kind.LEGAL) -> ReviewTask:
    return next(t for t in queries.tasks(revision.id) if t.kind is kind)


def look(day: dt.date, hour: int = 9) -> None:
    with clock.frozen(clock.at(day, hour)), transaction():
        deadlines.look()
    db.session.expire_all()


def told(house: House, who: str) -> list[str]:
    query = sa.select(Notice.kind).where(Notice.person_id == house.person(who).id).order_by(Notice.id)
    return [kind for kind in db.session.scalars(query) if kind.startswith("review_")]


def days_of(revision: Revision) -> tuple[dt.date, dt.date]:
    """Returns the due day of the legal task and the working day after it."""
    due = clock.local(task_of(revision).due_at).date()
    return due, due_after(due)


def due_after(due: dt.date) -> dt.date:
    return deadlines.add_working_days(due, 1)


def with_backup(house: House, backup: str | None) -> None:
    with transaction():
        people_service.set_absence(
            SYSTEM, house.person("lawyer").id, None, None, house.person(backup).id if backup else None
        )


def test_a_late_review_goes_to_the_backup_and_the_person_is_told_first(house: House) -> None:
    revision = make_review(house)
    with_backup(house, "lawyer2")
    due, after = days_of(revision)
    for _time in range(2):
        look(due)
    assert told(house, "lawyer") == ["review_asked", "review_due"]
    for _time in range(2):
        look(after)
    task = task_of(revision)
    assert (task.assignee_id, task.for_id) == (house.person("lawyer2").id, house.person("lawyer").id)
    assert told(house, "lawyer") == ["review_asked", "review_due", "review_handed"]
    assert told(house, "lawyer2") == ["review_asked"]
    look(due_after(after))
    assert told(house, "lawyer2") == ["review_asked"]


def test_without_a_backup_the_director_sees_what_is_late(house: House) -> None:
    revision = make_review(house)
    _due, after = days_of(revision)
    look(after)
    assert task_of(revision).assignee_id == house.person("lawyer").id
    assert told(house, "lawyer")[-1] == "review_after"
    assert "review_after" in told(house, "director")


@pytest.mark.parametrize("backup", ["seller", "drafter"])
def test_a_backup_who_may_not_sign_gets_nothing(sqlite_house: House, backup: str) -> None:
    revision = make_review(sqlite_house)
    with_backup(sqlite_house, backup)
    look(days_of(revision)[1])
    assert task_of(revision).assignee_id == sqlite_house.person("lawyer").id


def test_leave_hands_over_at_once_and_never_twice(house: House) -> None:
    revision = make_review(house)
    lawyer, day = house.person("lawyer"), MONDAY.date()
    with transaction():
        people_service.set_absence(
            SYSTEM, lawyer.id, day, day + dt.timedelta(days=9), house.person("lawyer2").id
        )
    look(day, 8)
    assert task_of(revision).assignee_id == lawyer.id  # nobody is disturbed before nine
    look(day)
    look(day, 10)
    assert (task_of(revision).assignee_id, task_of(revision).for_id) == (
        house.person("lawyer2").id,
        lawyer.id,
    )
    assert told(house, "lawyer") == ["review_asked"]


def test_a_revision_on_hold_and_a_day_off_remind_nobody(sqlite_house: House) -> None:
    revision = make_review(sqlite_house)
    due, after = days_of(revision)
    look(due + dt.timedelta(days=(5 - due.weekday()) % 7))
    assert told(sqlite_house, "lawyer") == ["review_asked"]
    revision.is_on_hold = True
    db.session.commit()
    look(after)
    assert told(sqlite_house, "lawyer") == ["review_asked"]


def test_a_free_review_is_taken_on_by_one(house: House) -> None:
    revision = make_review(house)
    task = task_of(revision)
    with pytest.raises(Refused, match=r"review\.not_free"):
        handing.claim(house.actor("lawyer2"), task.id)
    task.assignee_id = None
    db.session.commit()
    with transaction():
        handing.claim(house.actor("lawyer2"), task.id)
    with transaction():
        assert handing.claim(house.actor("lawyer2"), task.id).assignee_id == house.person("lawyer2").id
    with pytest.raises(Refused):
        handing.claim(house.actor("lawyer"), task.id)
    for who in ("seller", "drafter", "director"):
        with pytest.raises(NotAllowed):
            handing.claim(house.actor(who), task.id)


def test_the_page_offers_what_is_free(web: House) -> None:
    with web.app.app_context():
        task_of(make_review(web)).assignee_id = None
        db.session.commit()
    client = web.client("lawyer2", "en")
    page = client.get("/r/26-001/review").text
    assert "Take it on" in page
    place = page[page.index("/review/claim/") :].split('"')[0]
    assert client.post(f"/r/26-001{place}", data=csrf(page)).status_code == 303
    assert "Take it on" not in client.get("/r/26-001/review").text
    assert "Take it on" not in web.client("seller", "en").get("/r/26-001/review").text
