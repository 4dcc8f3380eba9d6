"""The rule which reminder is due on a day, over weekends, New Year's week and a clock that stood still. Pure."""

import datetime as dt

import pytest

from app.training.reminding import Reminder, due_reminder, reminder_days

R = Reminder


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize(
    ("due", "before", "on", "after", "lead"),
    [
        ("09-16", "09-11", "09-16", "09-17", "09-20"),  # a Wednesday; Sunday 20 September is a make-up day
        ("09-14", "09-09", "09-14", "09-15", "09-17"),  # a Monday
        ("09-12", "09-08", "09-11", "09-14", "09-16"),  # a Saturday: told on Friday, overdue on Monday
        # In the holidays, after a day off on the 25th; Saturday 10 October is a make-up day.
        ("10-03", "09-24", "09-30", "10-08", "10-10"),
    ],
)
def test_days_are_working_days(due: str, before: str, on: str, after: str, lead: str) -> None:
    found = reminder_days(day(due))
    assert found == {R.BEFORE: day(before), R.DUE: day(on), R.AFTER: day(after), R.LEAD: day(lead)}


@pytest.mark.parametrize(
    ("today", "last", "told_on", "expected"),
    [
        ("09-10", None, None, None),
        ("09-11", None, None, R.BEFORE),
        ("09-11", R.BEFORE, "09-11", None),
        ("09-15", None, None, R.BEFORE),  # the clock stood still on its day
        ("09-16", R.BEFORE, "09-11", R.DUE),
        ("09-17", R.BEFORE, "09-11", R.AFTER),  # jumped over the due day: only the newest
        ("09-30", None, None, R.AFTER),  # jumped over everything: the person first
        ("09-30", R.AFTER, "09-30", None),  # the lead not on the same day
        ("10-08", R.AFTER, "09-30", R.LEAD),
        ("09-18", R.AFTER, "09-17", None),
        ("09-20", R.AFTER, "09-17", R.LEAD),
        ("10-30", R.LEAD, "09-17", None),
    ],
)
def test_the_newest_reminder_is_given_once(
    today: str, last: Reminder | None, told_on: str | None, expected: Reminder | None
) -> None:
    told = day(told_on) if told_on else None
    assert due_reminder(day("09-16"), day("09-01"), day(today), last, told) is expected


def test_who_was_asked_a_day_ago_is_not_reminded_of_days_that_were_over() -> None:
    due, asked = day("09-16"), day("09-14")
    assert due_reminder(due, asked, day("09-15"), None, None) is None
    assert due_reminder(due, asked, day("09-16"), None, None) is R.DUE
