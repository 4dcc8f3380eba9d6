"""Owns what a person says an issue is: about this clause, one thing, these two are one, this is another thing."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.core import activity, clock
from app.core.access import Actor
from app.core.db import db
from app.core.errors import Invalid, Refused
from app.core.text import one_line
from app.evidence.grouping import recount
from app.evidence.issue_states import changed, must_be_one, must_manage, put
from app.evidence.mined_issues import MINED
from app.evidence.models import Issue, IssueState, IssueTicket, Ticket
from app.evidence.numbers import next_number
from app.standards import queries as standards_queries

LEAST_PART = 2
LIMIT_WORDS_BYTES = 200


def choose_clause(actor: Actor, issue: Issue, *, standard_code: str, clause_id: str) -> None:
    """Says which clause the issue is about; no later run changes it. Raises NotFound, Invalid for no such clause."""
    must_manage(actor)
    standard = standards_queries.standard(standard_code)
    if clause_id not in standard.used_clause_ids:
        raise Invalid.of("clause", "proposal.unknown_clause", clause=clause_id[:40])
    issue.standard_id, issue.clause_id, issue.clause_by_person = standard.id, clause_id, True
    issue.confidence = None
    changed(issue)
    activity.record(
        actor, "issue.clause_chosen", "issue", issue.number, clause=f"{standard.code}/{clause_id}"
    )


def confirm(actor: Actor, issue: Issue) -> None:
    """Stands by the members of an issue: later runs keep them together and learn from them."""
    must_manage(actor)
    must_be_one(issue)
    issue.confirmed_at, issue.confirmed_by_id = clock.now(), actor.person_id
    _members_changed(issue)
    activity.record(actor, "issue.confirmed", "issue", issue.number)


def merge(actor: Actor, issue: Issue, into: Issue) -> int:
    """Gives all complaints of an issue to another one and returns how many are new there; the first one is closed.

    What was taken out of either stays out of the other. Raises Invalid for an issue and itself, Refused when either is
    merged already or a revision takes care of the first.
    """
    must_manage(actor)
    if issue.id == into.id:
        raise Invalid.of("into", "issue.merge_itself")
    must_be_one(issue)
    must_be_one(into)
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
    put(issue, IssueState.SET_ASIDE, reason=into.number)
    issue.merged_into_id = into.id
    into.confirmed_at, into.confirmed_by_id = clock.now(), actor.person_id
    _add_counts(into, issue)
    _members_changed(issue)
    activity.record(actor, "issue.merged", "issue", issue.number, into=into.number, count=moved)
    into.changed_at = clock.now()
    return moved


def take_out(actor: Actor, issue: Issue, ticket_ids: Sequence[int]) -> int:
    """Says that these complaints are not about this issue; no run puts them back. Returns how many were in it."""
    must_manage(actor)
    changed = db.session.execute(
        sa.update(IssueTicket)
        .where(
            IssueTicket.issue_id == issue.id,
            IssueTicket.ticket_id.in_(ticket_ids),
            sa.not_(IssueTicket.is_out),
        )
        .values(is_out=True)
    )
    count = int(changed.rowcount)  # type: ignore[attr-defined]
    issue.example_ids = [i for i in issue.example_ids if i not in set(ticket_ids)]
    _members_changed(issue)
    activity.record(actor, "issue.complaints_taken_out", "issue", issue.number, count=count)
    return count


def split(actor: Actor, issue: Issue, *, words: str) -> Issue:
    """Makes an issue of its own of the complaints whose text holds some words, and returns it.

    Both are confirmed: no run puts them together again. Raises Invalid unless at least two complaints hold the words
    and at least two do not.
    """
    must_manage(actor)
    must_be_one(issue)
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
    _members_changed(issue)
    activity.record(actor, "issue.split", "issue", issue.number, into=made.number, count=len(part))
    return made


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


def _members_changed(issue: Issue) -> None:
    changed(issue)
    recount(issue.counted_until)
