"""Owns the clock's reminders of reviews that wait, and handing them to the backup. What is said stands in notices.

Three working days before the due day, on it, and the working day after: then the backup takes over, the person is told
first (experience.md 7). Whoever goes on leave hands over at once.
"""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa

from app.core import activity, clock, events
from app.core.access import SYSTEM
from app.core.calendar import add_working_days, is_working_day
from app.core.db import db
from app.people import queries as people
from app.people.models import Person
from app.reviews import handing, queries
from app.reviews.models import ReviewTask, TaskState
from app.standards.models import Revision
from app.standards.workflow import State

FROM_HOUR, UNTIL_HOUR = 9, 20
DAYS_BEFORE, DAYS_AFTER = 3, 1


class Reminder(StrEnum):
    """What the clock has said about a review that waits, in the order of its days."""

    BEFORE = "before"
    DUE = "due"
    AFTER = "after"


ORDER = tuple(Reminder)


def due_reminder(
    due_day: dt.date, asked_day: dt.date, today: dt.date, last: Reminder | None
) -> Reminder | None:
    """Returns the newest reminder whose day has come and that was not given; none of a day up to that of the asking."""
    on_day = due_day if is_working_day(due_day) else add_working_days(due_day, -1)
    days = {
        Reminder.BEFORE: add_working_days(on_day, -DAYS_BEFORE),
        Reminder.DUE: on_day,
        Reminder.AFTER: add_working_days(due_day, DAYS_AFTER),
    }
    given = ORDER.index(last) if last is not None else -1
    come = [r for r in ORDER if asked_day < days[r] <= today and ORDER.index(r) > given]
    return come[-1] if come else None


def look() -> None:
    """From nine on a working day: reminds reviewers, hands over what is late or whose reviewer is on leave; each once."""
    local = clock.local(clock.now())
    if not FROM_HOUR <= local.hour < UNTIL_HOUR or not is_working_day(local.date()):
        return
    reminded = 0
    for task, revision, person in _waiting():
        backup = backup_of(revision, task, person)
        if people.is_absent(person):
            if backup is not None:
                handing.hand_over(SYSTEM, task.id, backup.id)
            continue
        asked_day, due_day = clock.local(task.asked_at).date(), clock.local(task.due_at).date()
        last = Reminder(task.last_reminder) if task.last_reminder else None
        reminder = due_reminder(due_day, asked_day, local.date(), last)
        if reminder is None:
            continue
        task.last_reminder = reminder.value
        reminded += 1
        events.announce(events.ReviewDue(task.id, person.id, reminder.value, backup.id if backup else None))
        if reminder is Reminder.AFTER and backup is not None:
            handing.hand_over(SYSTEM, task.id, backup.id)
    if reminded:
        activity.record(SYSTEM, "reviewers.reminded", "review", reminded)


def backup_of(revision: Revision, task: ReviewTask, person: Person) -> Person | None:
    """Returns the person's backup, where the backup is at work, may sign, and is not asked in the step already."""
    able = {p.id: p for p in queries.able(revision, queries.step_of(revision, task.step))}
    backup = able.get(person.backup_id or 0)
    taken = {t.assignee_id for t in queries.tasks(revision.id) if t.step == task.step}
    return backup if backup is not None and not people.is_absent(backup) and backup.id not in taken else None


def _waiting() -> list[tuple[ReviewTask, Revision, Person]]:
    rows = db.session.execute(
        sa.select(ReviewTask, Revision, Person)
        .join(Revision, Revision.id == ReviewTask.revision_id)
        .join(Person, Person.id == ReviewTask.assignee_id)
        .where(
            ReviewTask.state.in_([TaskState.WAITING, TaskState.RECHECK]),
            Revision.state == State.IN_REVIEW,
            Revision.is_on_hold.is_(False),
        )
        .order_by(ReviewTask.id)
    )
    return [(task, revision, person) for task, revision, person in rows.unique()]
