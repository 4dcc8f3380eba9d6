"""Owns where an issue stands: in the inbox, put aside, hidden until a day, handed on, taken care of. One place sets it."""

import datetime as dt

import sqlalchemy as sa

from app.core import activity, clock, events
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, Reason, Refused
from app.core.text import clean_text
from app.evidence.masking import mask
from app.evidence.models import Issue, IssueState
from app.people import queries as people_queries

LIMIT_NOTE_BYTES = 8 * 1024
LONGEST_SNOOZE_DAYS = 92


def set_aside(actor: Actor, issue: Issue, *, reason: str) -> None:
    """Puts an issue aside. Raises Invalid without a reason."""
    must_manage(actor)
    words = clean_text(reason, LIMIT_NOTE_BYTES, field="reason").strip()
    if not words:
        raise Invalid.of("reason", "move.reason_missing")
    must_be_loose(issue)
    put(issue, IssueState.SET_ASIDE, reason=mask(words).text)
    changed(issue)
    activity.record(actor, "issue.set_aside", "issue", issue.number)


def snooze(actor: Actor, issue: Issue, *, until: dt.date) -> None:
    """Hides an issue until a day within the next three months; it comes back by itself."""
    must_manage(actor)
    today = clock.today()
    if not today < until <= today + dt.timedelta(days=LONGEST_SNOOZE_DAYS):
        raise Invalid.of("until", "issue.snooze_day", days=LONGEST_SNOOZE_DAYS)
    must_be_loose(issue)
    put(issue, IssueState.SNOOZED, until=until)
    changed(issue)
    activity.record(actor, "issue.snoozed", "issue", issue.number, until=until)


def reopen_issue(actor: Actor, issue: Issue) -> None:
    """Brings an issue that was put aside or hidden back into the inbox."""
    must_manage(actor)
    must_be_loose(issue)
    put(issue, IssueState.OPEN)
    changed(issue)
    activity.record(actor, "issue.reopened", "issue", issue.number)


def hand_on(actor: Actor, issue: Issue, *, department_code: str, words: str) -> None:
    """Gives an issue to the department that has to do something about it, such as the makers of the product.

    Its liaisons are told. Raises Invalid for no such department or without words, Refused as `reopen_issue`.
    """
    must_manage(actor)
    said = clean_text(words, LIMIT_NOTE_BYTES, field="words_on").strip()
    department = next((d for d in people_queries.departments() if d.code == department_code), None)
    wrong = [FieldError("department", Reason("issue.department_missing"))] if department is None else []
    if not said:
        wrong.append(FieldError("words_on", Reason("issue.words_missing")))
    if wrong or department is None:
        raise Invalid(wrong)
    must_be_loose(issue)
    put(issue, IssueState.HANDED_ON, reason=mask(said).text, department_id=department.id)
    changed(issue)
    activity.record(actor, "issue.handed_on", "issue", issue.number, department=department.code)
    events.announce(events.IssueHandedOn(issue.number, department.code, issue.reason))


def wake_due() -> None:
    """Brings back the hidden issues whose day has come, found again or not; looked at by the clock."""
    is_due = sa.and_(Issue.state == IssueState.SNOOZED, Issue.snoozed_until <= clock.today())
    for issue in db.session.scalars(sa.select(Issue).where(is_due)):
        put(issue, IssueState.OPEN)
        issue.changed_at = clock.now()


def put(
    issue: Issue,
    state: IssueState,
    *,
    reason: str = "",
    until: dt.date | None = None,
    department_id: int | None = None,
) -> None:
    """Puts an issue into a state and leaves nothing of the state before: its reason, its day, its department."""
    issue.state, issue.reason = state, reason
    issue.snoozed_until, issue.handed_to_id = until, department_id


def must_be_loose(issue: Issue) -> None:
    """Refuses an issue that is part of another one or that a revision takes care of."""
    must_be_one(issue)
    if issue.state is IssueState.LINKED:
        raise Refused("issue.linked", number=issue.number)


def must_be_one(issue: Issue) -> None:
    """Refuses an issue that is part of another one."""
    if issue.merged_into_id is not None:
        raise Refused("issue.merged", number=issue.number, into=issue.reason)


def must_manage(actor: Actor) -> None:
    """Raises NotAllowed for somebody who may not say anything about issues."""
    if not actor.may(Permission.MANAGE_EVIDENCE):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_EVIDENCE.value)


def changed(issue: Issue) -> None:
    """Notes when a person changed an issue; the caller records what was done."""
    issue.changed_at = clock.now()
    db.session.flush()
