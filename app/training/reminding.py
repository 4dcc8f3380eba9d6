"""Owns the rule which reminder of an open assignment is due on a day. Pure; days are working days.

Source: experience.md 7 and 1 (row 11): three days before, on the day, the day after; then the lead, the person first.
"""

import datetime as dt
from enum import StrEnum

from app.core.calendar import add_working_days, is_working_day


class Reminder(StrEnum):
    """What the clock has said about an open assignment, in the order of its days."""

    BEFORE = "before"
    DUE = "due"
    AFTER = "after"
    LEAD = "lead"  # the team's lead was told, after the person


DAYS_BEFORE, DAYS_AFTER, DAYS_LEAD = 3, 1, 3
ORDER = (Reminder.BEFORE, Reminder.DUE, Reminder.AFTER, Reminder.LEAD)


def reminder_days(due_day: dt.date) -> dict[Reminder, dt.date]:
    """Returns on which day each reminder is due; one that falls on a day off comes on the working day before.

    The two after the due day count from it, so a due day off is overdue on the first working day after it.
    """
    on_day = due_day if is_working_day(due_day) else add_working_days(due_day, -1)
    return {
        Reminder.BEFORE: add_working_days(on_day, -DAYS_BEFORE),
        Reminder.DUE: on_day,
        Reminder.AFTER: add_working_days(due_day, DAYS_AFTER),
        Reminder.LEAD: add_working_days(due_day, DAYS_LEAD),
    }


def due_reminder(
    due_day: dt.date, asked_day: dt.date, today: dt.date, last: Reminder | None, told_on: dt.date | None
) -> Reminder | None:
    """Returns the newest reminder that is due today and was not given, None when there is none.

    Those overtaken by a newer one are left out, and so are days up to the one on which the person was asked. The lead
    is told only when the person was told before, on an earlier day (`told_on`).
    """
    days = reminder_days(due_day)
    if last is Reminder.AFTER:
        is_next = days[Reminder.LEAD] <= today and (told_on is None or told_on < today)
        return Reminder.LEAD if is_next else None
    given = ORDER.index(last) if last is not None else -1
    come = [
        reminder
        for reminder in ORDER[:-1]
        if asked_day < days[reminder] <= today and ORDER.index(reminder) > given
    ]
    return come[-1] if come else None
