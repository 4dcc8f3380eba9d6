"""Owns the verbs on issues and on what a revision rests on; gathers the verbs of the room for the other rooms."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from app.core import activity, clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, NotFound, Refused
from app.core.text import clean_text, one_line
from app.evidence.grouping import group_complaints
from app.evidence.importing import announce_import, import_tickets
from app.evidence.issue_verbs import confirm, hand_on, merge, must_be_loose, split
from app.evidence.masking import mask
from app.evidence.models import (
    EvidenceKind,
    EvidenceLink,
    Issue,
    IssueState,
    IssueTicket,
    Suggestion,
    SuggestionState,
)
from app.evidence.suggestions import (
    answer_suggestion,
    close,
    forget_contacts,
    link_suggestion,
    receive_suggestion,
)
from app.standards import queries as standards_queries
from app.standards.models import Revision
from app.standards.workflow import ENDS, State

LIMIT_NOTE_BYTES = 8 * 1024
LIMIT_KEY_BYTES = 300
LONGEST_SNOOZE_DAYS = 92

__all__ = [
    "announce_import",
    "answer_suggestion",
    "attach_evidence",
    "choose_clause",
    "close",
    "confirm",
    "forget_contacts",
    "group_complaints",
    "hand_on",
    "import_tickets",
    "link_issue",
    "link_suggestion",
    "merge",
    "move_evidence",
    "receive_suggestion",
    "remove_evidence",
    "reopen_issue",
    "set_aside",
    "snooze",
    "split",
    "take_out",
]


def choose_clause(actor: Actor, issue: Issue, *, standard_code: str, clause_id: str) -> None:
    """Says which clause the issue is about; no later run changes it. Raises NotFound, Invalid for no such clause."""
    _must_manage(actor)
    standard = standards_queries.standard(standard_code)
    if clause_id not in standard.used_clause_ids:
        raise Invalid.of("clause", "proposal.unknown_clause", clause=clause_id[:40])
    issue.standard_id, issue.clause_id, issue.clause_by_person = standard.id, clause_id, True
    issue.confidence = None
    _changed(actor, issue, "clause_chosen", clause=f"{standard.code}/{clause_id}")


def link_issue(actor: Actor, issue: Issue, revision: Revision) -> EvidenceLink:
    """Gives the issue to a revision as evidence and marks it as taken care of."""
    _must_manage(actor)
    link = attach_evidence(actor, revision, EvidenceKind.ISSUE, issue.number)
    issue.state, issue.snoozed_until = IssueState.LINKED, None
    _changed(actor, issue, "linked", revision=revision.number)
    return link


def set_aside(actor: Actor, issue: Issue, *, reason: str) -> None:
    """Puts an issue aside. Raises Invalid without a reason."""
    _must_manage(actor)
    words = clean_text(reason, LIMIT_NOTE_BYTES, field="reason").strip()
    if not words:
        raise Invalid.of("reason", "move.reason_missing")
    must_be_loose(issue)
    issue.state, issue.reason, issue.snoozed_until = IssueState.SET_ASIDE, mask(words).text, None
    _changed(actor, issue, "set_aside")


def snooze(actor: Actor, issue: Issue, *, until: dt.date) -> None:
    """Hides an issue until a day within the next three months; it comes back by itself."""
    _must_manage(actor)
    today = clock.today()
    if not today < until <= today + dt.timedelta(days=LONGEST_SNOOZE_DAYS):
        raise Invalid.of("until", "issue.snooze_day", days=LONGEST_SNOOZE_DAYS)
    must_be_loose(issue)
    issue.state, issue.snoozed_until, issue.reason = IssueState.SNOOZED, until, ""
    _changed(actor, issue, "snoozed", until=until)


def reopen_issue(actor: Actor, issue: Issue) -> None:
    """Brings an issue that was put aside or hidden back into the inbox."""
    _must_manage(actor)
    must_be_loose(issue)
    issue.state, issue.reason, issue.snoozed_until, issue.handed_to_id = IssueState.OPEN, "", None, None
    _changed(actor, issue, "reopened")


def take_out(actor: Actor, issue: Issue, ticket_ids: Sequence[int]) -> int:
    """Says that these complaints are not about this issue; no run puts them back. Returns how many were in it."""
    _must_manage(actor)
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
    _changed(actor, issue, "complaints_taken_out", count=count)
    return count


def attach_evidence(
    actor: Actor, revision: Revision, kind: EvidenceKind, key: str = "", note: str = ""
) -> EvidenceLink:
    """Adds something a revision rests on and returns it; the same thing twice is one row, with the newer note.

    Open to whoever reads or manages evidence and to the proposer of a draft. Raises Invalid for a key that names
    nothing, NotAllowed, Refused when the revision has ended.
    """
    is_own = actor.person_id is not None and revision.proposer_id == actor.person_id
    may_attach = actor.may(Permission.READ_EVIDENCE) or actor.may(Permission.MANAGE_EVIDENCE)
    if not (may_attach or is_own or actor.is_system):
        raise NotAllowed("move.no_permission", permission=Permission.READ_EVIDENCE.value)
    if revision.state in ENDS:
        raise Refused("evidence.revision_ended", number=revision.number)
    name = one_line(key, LIMIT_KEY_BYTES, field="key")
    words = mask(clean_text(note, LIMIT_NOTE_BYTES, field="note").strip()).text
    if kind is EvidenceKind.NOTE and not name:
        name = f"{revision.number}/{len(_links(revision)) + 1}"
    if not name or (kind is EvidenceKind.NOTE and not words):
        raise Invalid.of("note" if kind is EvidenceKind.NOTE else "key", "evidence.nothing_named")
    _must_exist(kind, name)
    link = db.session.scalar(
        sa.select(EvidenceLink).where(
            EvidenceLink.revision_id == revision.id, EvidenceLink.kind == kind, EvidenceLink.key == name
        )
    )
    if link is None:
        link = EvidenceLink(
            revision_id=revision.id, kind=kind, key=name, added_by_id=actor.person_id, at=clock.now()
        )
        db.session.add(link)
    link.note = words or link.note or ""
    db.session.flush()
    activity.record(actor, "evidence.attached", "revision", revision.number, kind=kind.value, key=link.id)
    if revision.state is not State.DRAFT:
        mark_taken_care_of(revision)
    return link


def remove_evidence(actor: Actor, revision: Revision, link: EvidenceLink) -> None:
    """Takes evidence off a proposal that is still being written, by its proposer. Later nothing is taken away."""
    if revision.state is not State.DRAFT or link.revision_id != revision.id:
        raise Refused("evidence.not_removable", number=revision.number)
    if actor.person_id is None or actor.person_id != revision.proposer_id:
        raise NotAllowed("move.owner_only")
    db.session.delete(link)
    db.session.flush()


def move_evidence(actor: Actor, source: Revision, target: Revision) -> int:
    """Gives all evidence of a merged proposal to the other one, with where it came from; returns how many are new."""
    there = {(one.kind, one.key) for one in _links(target)}
    count = 0
    for one in _links(source):
        if (one.kind, one.key) in there:
            continue
        db.session.add(
            EvidenceLink(
                revision_id=target.id,
                kind=one.kind,
                key=one.key,
                note=one.note,
                added_by_id=one.added_by_id,
                at=one.at,
                came_from_id=one.came_from_id or source.id,
            )
        )
        count += 1
    db.session.flush()
    mark_taken_care_of(target)
    activity.record(actor, "evidence.moved", "revision", target.number, source=source.number, count=count)
    return count


def mark_taken_care_of(revision: Revision) -> None:
    """Marks the issues and suggestions a submitted revision rests on as taken care of."""
    keys = {(one.kind, one.key) for one in _links(revision)}
    numbers = [key for kind, key in keys if kind is EvidenceKind.ISSUE]
    refs = [key for kind, key in keys if kind is EvidenceKind.SUGGESTION]
    for issue in db.session.scalars(sa.select(Issue).where(Issue.number.in_(numbers))) if numbers else ():
        issue.state, issue.snoozed_until = IssueState.LINKED, None
    for row in db.session.scalars(sa.select(Suggestion).where(Suggestion.ref.in_(refs))) if refs else ():
        if row.state is SuggestionState.RECEIVED:
            row.state, row.revision_id = SuggestionState.LINKED, revision.id
    db.session.flush()


def _links(revision: Revision) -> list[EvidenceLink]:
    return list(db.session.scalars(sa.select(EvidenceLink).where(EvidenceLink.revision_id == revision.id)))


def _must_exist(kind: EvidenceKind, key: str) -> None:
    query = {
        EvidenceKind.ISSUE: sa.select(Issue.id).where(Issue.number == key),
        EvidenceKind.SUGGESTION: sa.select(Suggestion.id).where(Suggestion.ref == key),
    }.get(kind)
    if query is not None and db.session.scalar(query) is None:
        raise NotFound("evidence.unknown_key", key=key[:60])


def _changed(actor: Actor, issue: Issue, what: str, **data: object) -> None:
    issue.changed_at = clock.now()
    db.session.flush()
    activity.record(actor, f"issue.{what}", "issue", issue.number, **data)


def _must_manage(actor: Actor) -> None:
    if not actor.may(Permission.MANAGE_EVIDENCE):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_EVIDENCE.value)
