"""Owns what a person says about an issue's members: this is one thing, these two are one, this is another thing."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.core import activity, clock, events
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, Reason, Refused
from app.core.text import clean_text, one_line
from app.evidence.grouping import recount
from app.evidence.masking import mask
from app.evidence.mined_issues import MINED
from app.evidence.models import Issue, IssueState, IssueTicket, Ticket
from app.evidence.numbers import next_number
from app.people import queries as people_queries

LEAST_PART = 2
LIMIT_WORDS_BYTES, LIMIT_HANDED_BYTES = 200, 8 * 1024


def confirm(actor: Actor, issue: Issue) -> None:
    """Stands by the members of an issue: later runs keep them together and learn from them."""
    _must_manage(actor)
    _must_be_one(issue)
    issue.confirmed_at, issue.confirmed_by_id = clock.now(), actor.person_id
    _changed(actor, issue, "confirmed")


def merge(actor: Actor, issue: Issue, into: Issue) -> int:
    """Gives all complaints of an issue to another one and returns how many are new there; the first one is closed.

    What was taken out of either stays out of the other. Raises Invalid for an issue and itself, Refused when either is
    merged already or a revision takes care of the first.
    """
    _must_manage(actor)
    if issue.id == into.id:
        raise Invalid.of("into", "issue.merge_itself")
    _must_be_one(issue)
    _must_be_one(into)
    if issue.state is IssueState.LINKED:
        raise Refused("issue.linked", number=issue.number)
    there = set(db.session.scalars(sa.select(IssueTicket.ticket_id).where(IssueTicket.issue_id == into.id)))
    moved = 0
    for link in db.session.scalars(sa.select(IssueTicket).where(IssueTicket.issue_id == issue.id)):
        if link.ticket_id not in there:
            db.session.add(
                IssueTicket(
                    issue_id=into.id, ticket_id=link.ticket_id, at=link.at, is_out=link.is_out, by_person=True
                )
            )
            moved += not link.is_out
    issue.state, issue.snoozed_until, issue.merged_into_id = IssueState.SET_ASIDE, None, into.id
    issue.reason = into.number
    into.confirmed_at, into.confirmed_by_id = clock.now(), actor.person_id
    _add_counts(into, issue)
    _changed(actor, issue, "merged", into=into.number, count=moved)
    into.changed_at = clock.now()
    return moved


def split(actor: Actor, issue: Issue, *, words: str) -> Issue:
    """Makes an issue of its own of the complaints whose text holds some words, and returns it.

    Both are confirmed: no run puts them together again. Raises Invalid unless at least two complaints hold the words
    and at least two do not.
    """
    _must_manage(actor)
    _must_be_one(issue)
    wanted = one_line(words, LIMIT_WORDS_BYTES, field="words").casefold()
    if not wanted:
        raise Invalid.of("words", "issue.split_words")
    rows = list(
        db.session.execute(
            sa.select(IssueTicket, Ticket.subject, Ticket.text)
            .join(Ticket, Ticket.id == IssueTicket.ticket_id)
            .where(IssueTicket.issue_id == issue.id, sa.not_(IssueTicket.is_out))
        )
    )
    part = [link for link, subject, text in rows if wanted in f"{subject}\n{text}".casefold()]
    if len(part) < LEAST_PART or len(rows) - len(part) < LEAST_PART:
        raise Invalid.of("words", "issue.split_uneven", part=len(part), all=len(rows))
    made = _part_of(issue, wanted, part)
    made.confirmed_at = issue.confirmed_at = clock.now()
    made.confirmed_by_id = issue.confirmed_by_id = actor.person_id
    gone = {link.ticket_id for link in part}
    for link in part:
        db.session.add(IssueTicket(issue_id=made.id, ticket_id=link.ticket_id, at=link.at, by_person=True))
        link.is_out = True
    issue.example_ids = [i for i in issue.example_ids if i not in gone] or [
        link.ticket_id for link, _s, _t in rows if link.ticket_id not in gone
    ][:3]
    _changed(actor, issue, "split", into=made.number, count=len(part))
    return made


def hand_on(actor: Actor, issue: Issue, *, department_code: str, words: str) -> None:
    """Gives an issue to the department that has to do something about it, such as the makers of the product.

    Its liaisons are told. Raises Invalid for no such department or without words, Refused as `reopen_issue`.
    """
    _must_manage(actor)
    said = clean_text(words, LIMIT_HANDED_BYTES, field="words_on").strip()
    department = next((d for d in people_queries.departments() if d.code == department_code), None)
    wrong = [FieldError("department", Reason("issue.department_missing"))] if department is None else []
    if not said:
        wrong.append(FieldError("words_on", Reason("issue.words_missing")))
    if wrong or department is None:
        raise Invalid(wrong)
    must_be_loose(issue)
    issue.state, issue.reason, issue.snoozed_until = IssueState.HANDED_ON, mask(said).text, None
    issue.handed_to_id = department.id
    _changed(actor, issue, "handed_on", department=department.code)
    events.announce(events.IssueHandedOn(issue.number, department.code, issue.reason))


def must_be_loose(issue: Issue) -> None:
    """Refuses an issue that is part of another one or that a revision takes care of."""
    _must_be_one(issue)
    if issue.state is IssueState.LINKED:
        raise Refused("issue.linked", number=issue.number)


def _part_of(issue: Issue, words: str, part: Sequence[IssueTicket]) -> Issue:
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in words)
    made = Issue(
        number=next_number(),
        name_zh=words if is_chinese else None,
        name_en=None if is_chinese else words,
        category=MINED,  # no run takes it for the category it was part of
        terms=[words],
        weekly=[0] * len(issue.weekly),
        trend=issue.trend,
        counted_until=issue.counted_until,
        standard_id=issue.standard_id,
        clause_id=issue.clause_id,
        confidence=issue.confidence,
        clause_choices=issue.clause_choices,
        example_ids=[link.ticket_id for link in part[:3]],
        first_seen_at=clock.now(),
        changed_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _add_counts(into: Issue, issue: Issue) -> None:
    into.example_ids = [*into.example_ids, *(i for i in issue.example_ids if i not in into.example_ids)][:3]


def _must_be_one(issue: Issue) -> None:
    if issue.merged_into_id is not None:
        raise Refused("issue.merged", number=issue.number, into=issue.reason)


def _must_manage(actor: Actor) -> None:
    if not actor.may(Permission.MANAGE_EVIDENCE):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_EVIDENCE.value)


def _changed(actor: Actor, issue: Issue, what: str, **data: object) -> None:
    issue.changed_at = clock.now()
    db.session.flush()
    recount(issue.counted_until)
    activity.record(actor, f"issue.{what}", "issue", issue.number, **data)
