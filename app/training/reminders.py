"""Owns the clock's reminders of open assignments: to the reader, then to the lead. What is said stands in notices."""

import datetime as dt

import sqlalchemy as sa

from app.core import activity, clock, events
from app.core.access import SYSTEM
from app.core.calendar import is_working_day
from app.core.db import db
from app.people import queries as people
from app.people.models import Person
from app.training.models import Assignment, AssignmentState
from app.training.reminding import Reminder, due_reminder

FROM_HOUR, UNTIL_HOUR = 9, 20
LOOK_AHEAD_DAYS = 21  # three working days before a due day are never further away, New Year's week included


def remind_readers() -> None:
    """From nine on a working day: gives the reminder whose day has come, each once, nobody on leave.

    After a clock that stood still only the newest one is given. A lead who reminded somebody today has said it.
    """
    local = clock.local(clock.now())
    if not FROM_HOUR <= local.hour < UNTIL_HOUR or not is_working_day(local.date()):
        return
    today = local.date()
    overdue: dict[tuple[int, int | None], list[int]] = {}
    given = 0
    for row, person in _open_rows(today):
        asked_day, due_day = clock.local(row.asked_at).date(), clock.local(row.due_at).date()
        reminder = due_reminder(due_day, asked_day, today, row.last_reminder, row.reminded_on)
        if reminder is None or people.is_absent(person):
            continue
        row.last_reminder = reminder
        given += 1
        if reminder is Reminder.LEAD:
            overdue.setdefault((row.standard_id, person.team_id), []).append(row.id)
        elif row.reminded_on != today:
            row.reminded_on = today
            events.announce(events.ReadingDue(row.id, reminder.value))
    for (standard_id, _team), ids in overdue.items():
        events.announce(events.ReadersOverdue(standard_id, tuple(ids)))
    if given:
        activity.record(SYSTEM, "readers.reminded", "assignment", given)


def _open_rows(today: dt.date) -> list[tuple[Assignment, Person]]:
    until = clock.at(today + dt.timedelta(days=LOOK_AHEAD_DAYS), 0)
    rows = db.session.execute(
        sa.select(Assignment, Person)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Assignment.state == AssignmentState.OPEN,
            Assignment.due_at < until,
            sa.or_(Assignment.last_reminder.is_(None), Assignment.last_reminder != Reminder.LEAD),
            Person.is_active,
        )
        .order_by(Assignment.id)
    )
    return [(row, person) for row, person in rows.unique()]
