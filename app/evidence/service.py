"""Owns the verbs on issues and on what a revision rests on; gathers the verbs of the room for the other rooms."""

import sqlalchemy as sa

from app.core import activity, clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, NotFound, Refused
from app.core.text import clean_text, one_line
from app.evidence.grouping import group_complaints
from app.evidence.importing import announce_import, import_tickets
from app.evidence.issue_states import (
    LIMIT_NOTE_BYTES,
    changed,
    hand_on,
    must_manage,
    put,
    reopen_issue,
    set_aside,
    snooze,
)
from app.evidence.issue_verbs import choose_clause, confirm, merge, split, take_out
from app.evidence.masking import mask
from app.evidence.models import (
    EvidenceKind,
    EvidenceLink,
    Issue,
    IssueState,
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
from app.standards.models import Revision
from app.standards.workflow import ENDS, State

LIMIT_KEY_BYTES = 300

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


def link_issue(actor: Actor, issue: Issue, revision: Revision) -> EvidenceLink:
    """Gives the issue to a revision as evidence and marks it as taken care of."""
    must_manage(actor)
    link = attach_evidence(actor, revision, EvidenceKind.ISSUE, issue.number)
    put(issue, IssueState.LINKED)
    changed(issue)
    activity.record(actor, "issue.linked", "issue", issue.number, revision=revision.number)
    return link


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
        name = f"{revision.number}/{next_part(revision, kind)}"
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


def next_part(revision: Revision, kind: EvidenceKind) -> int:
    """Returns the number of the next thing of a kind that has no name of its own: one more than the highest, from 1."""
    start = f"{revision.number}/"
    parts = [
        one.key.removeprefix(start).split("/")[0]
        for one in _links(revision)
        if one.kind is kind and one.key.startswith(start)
    ]
    return max((int(part) for part in parts if part.isdecimal()), default=0) + 1


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
        put(issue, IssueState.LINKED)
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
