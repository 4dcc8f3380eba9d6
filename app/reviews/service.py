"""Owns the verbs of review: checklists, handing over, sending back, signing. Rounds and marks stand beside."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core import activity, clock, events
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, NotFound, Reason, Refused, Stale
from app.core.text import clean_text
from app.people import queries as people
from app.reviews import queries, rounds
from app.reviews.freshness import Kind, clause_of
from app.reviews.models import (
    Answer,
    ChecklistAnswer,
    Decision,
    ReviewTask,
    SignOff,
    SignOffLine,
    TaskState,
)
from app.reviews.words import part_words
from app.standards import lifecycle, texts
from app.standards import queries as standards
from app.standards.lifecycle import Attempt
from app.standards.models import Revision, RevisionStep, TextVersion
from app.standards.workflow import Move, State

LIMIT_NOTE_BYTES = 16 * 1024
PERMISSIONS = {
    Kind.LEGAL: Permission.REVIEW_LEGAL,
    Kind.BUSINESS: Permission.REVIEW_BUSINESS,
    Kind.IT: Permission.REVIEW_IT,
}


@dataclass(frozen=True)
class Answered:
    """What a reviewer answers to one checklist item."""

    answer: Answer
    clause_id: str | None = None
    note: str = ""


def answer_checklist(
    actor: Actor,
    revision: Revision,
    kind: Kind,
    item: str,
    answer: Answer,
    *,
    clause_id: str | None = None,
    note: str = "",
) -> ChecklistAnswer:
    """Keeps the answer to one checklist item. *Not met* needs a clause and a note."""
    _must_review(actor, revision, kind)
    if item not in queries.checklist_keys(kind):
        raise NotFound("review.unknown_item")
    words = clean_text(note, LIMIT_NOTE_BYTES, field="note").strip()
    if answer is Answer.NOT_MET and (not clause_id or not words):
        raise Invalid.of(item, "review.not_met_needs_note")
    if clause_id and clause_id not in standards.clause_ids(revision.id):
        raise Invalid.of(item, "move.clause_unknown", clause=clause_id[:40].upper())
    row = queries.answers(revision.id, kind).get(item) or ChecklistAnswer(
        revision_id=revision.id, kind=kind, item=item
    )
    if row.id and (row.answer, row.clause_id, row.note) == (answer, clause_id or None, words):
        return row
    row.answer, row.clause_id, row.note = answer, clause_id or None, words
    row.person_id, row.at = actor.person_id, clock.now()
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "checklist.answered", "revision", revision.number, item=item, answer=answer.value)
    return row


def answer_all(
    actor: Actor, revision: Revision, kind: Kind, given: Mapping[str, Answered], asked: Sequence[str]
) -> list[FieldError]:
    """Keeps every complete answer and returns an error for each one that is missing, incomplete or *not met*.

    `asked` are the keys of the items that the tags call for. The errors stand in the way of a signature only.
    """
    _must_review(actor, revision, kind)
    known = queries.answers(revision.id, kind)
    errors: list[FieldError] = []
    for item in asked:
        answer = given.get(item)
        try:
            if answer is not None:
                known[item] = answer_checklist(
                    actor, revision, kind, item, answer.answer, clause_id=answer.clause_id, note=answer.note
                )
        except Invalid as refused:
            errors += refused.errors
            continue
        if item not in known:
            errors.append(FieldError(item, Reason("review.answer_missing")))
        elif known[item].answer is Answer.NOT_MET:
            errors.append(FieldError(item, Reason("review.not_met_open")))
    return errors


def sign_off(
    actor: Actor,
    revision: Revision,
    kind: Kind,
    *,
    text_version: TextVersion,
    comment: str = "",
    conditions: bool = False,
    effort: str | None = None,
    earliest_on: dt.date | None = None,
    sign_in_age_seconds: int,
    parts: dict[str, str] | None = None,
) -> SignOff:
    """Signs the open parts of the field as they stand in the pinned text version the reviewer read.

    `parts` are the (part, hash) pairs shown on the page; None takes those open now. Raises Stale (naming the
    clauses) when the text moved on since, NotAllowed for an author of a clause or a person without the field,
    Refused when nothing is open. Sent twice it is one signature.
    """
    _lock(revision)
    _must_review(actor, revision, kind)
    if not text_version.is_pinned:
        raise Stale("review.text_not_pinned", number=revision.number)
    current = texts.current_parts(revision)
    standing = queries.standing(revision, current).get(kind)
    if standing is None:
        raise Refused("review.nothing_to_sign", kind=kind.value)
    if not standing.open_parts:
        mine = [
            s for s in queries.sign_offs(revision.id) if s.kind is kind and s.signer_id == actor.person_id
        ]
        if mine:
            return mine[-1]
        raise Refused("review.signed_already", kind=kind.value)
    shown = {s.part: s.current_hash for s in standing.open_parts} if parts is None else parts
    _must_be_current(revision, text_version, shown, current, {s.part for s in standing.open_parts})
    _must_not_be_author(actor, revision, shown)
    if kind is Kind.IT and effort not in ("S", "M", "L"):
        raise Invalid.of("effort", "review.effort_missing")
    row = _write(
        actor, revision, kind, text_version, Decision.APPROVE_WITH_CONDITIONS if conditions else Decision.APPROVE,
        comment, shown, sign_in_age_seconds, effort=effort, earliest_on=earliest_on,
    )  # fmt: skip
    _finish_tasks(actor, revision, kind, TaskState.SIGNED)
    events.announce(events.SignedOff(revision.id, row.id))
    return row


def send_back(
    actor: Actor, revision: Revision, kind: Kind, *, clause_id: str, reason: str, seen: State | None = None
) -> RevisionStep:
    """Returns the draft with a reason on a clause; what was signed and does not change stays signed."""
    _must_review(actor, revision, kind)
    words = clean_text(reason, LIMIT_NOTE_BYTES, field="reason").strip()
    attempt = Attempt(Move.SEND_BACK, actor, reason=words, clause_id=clause_id)
    reasons = lifecycle.why_not(revision, attempt)
    if not reasons:
        _finish_tasks(actor, revision, kind, TaskState.RETURNED)  # before the move, which closes the round
    return lifecycle.perform(revision, attempt, seen=seen)


def hand_over(actor: Actor, task_id: int, to_person_id: int, *, note: str = "") -> ReviewTask:
    """Hands a task to somebody else of the same field. The person asked, the director and the system may do it."""
    task = db.session.get_one(ReviewTask, task_id)
    revision = db.session.get_one(Revision, task.revision_id)
    if not (actor.is_system or actor.person_id == task.assignee_id or actor.may(Permission.TRIAGE)):
        raise NotAllowed("review.not_your_task")
    if task.state not in (TaskState.WAITING, TaskState.RECHECK):
        raise Refused("review.task_done")
    other = people.person(to_person_id)
    if not other.is_active or not people.actor_for(other).may(PERMISSIONS[task.kind]):
        raise Invalid.of("person", "review.not_of_field")
    if other.id in rounds.authors_of(revision):
        raise Invalid.of("person", "review.author_may_not")
    if other.id == task.assignee_id:
        return task
    before = task.assignee_id
    task.assignee_id, task.why, task.urged_on = other.id, "hand_over", None
    if actor.is_system:
        task.for_id = task.for_id or before
    db.session.flush()
    activity.record(
        actor, "review.handed_over", "revision", revision.number, kind=task.kind.value, to=other.subject
    )
    return task


def urge(actor: Actor, task_id: int) -> ReviewTask:
    """Tells the reviewer politely that somebody waits, once a day in each round, whichever field was urged."""
    task = db.session.get_one(ReviewTask, task_id)
    revision = db.session.get_one(Revision, task.revision_id)
    if not (actor.may(Permission.TRIAGE) or actor.person_id in (revision.proposer_id, revision.drafter_id)):
        raise NotAllowed("review.not_your_revision")
    if task.state not in (TaskState.WAITING, TaskState.RECHECK):
        raise Refused("review.task_done")
    if task.assignee_id is None:
        raise Refused("review.nobody_asked")
    if urged_today(queries.tasks(revision.id), task):
        raise Refused("review.urged_today")
    task.urged_on = clock.today()
    activity.record(actor, "review.urged", "revision", revision.number, kind=task.kind.value)
    events.announce(events.ReviewerUrged(task.id, actor.person_id, task.urged_on))
    return task


def urged_today(tasks: Sequence[ReviewTask], task: ReviewTask) -> bool:
    """Tells whether the reviewer of a task was urged today in its round, in this field or in another one."""
    return any(
        row.urged_on == clock.today()
        for row in tasks
        if row.round_id == task.round_id and row.assignee_id == task.assignee_id
    )


def fingerprint(parts: dict[str, str]) -> str:
    """Returns the one sha256 a signature shows: of the lines `<sha256>  <part>` sorted by part."""
    lines = "".join(f"{digest}  {part}\n" for part, digest in sorted(parts.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _must_review(actor: Actor, revision: Revision, kind: Kind) -> None:
    if not actor.may(PERMISSIONS[kind]):
        raise NotAllowed("move.no_permission", permission=PERMISSIONS[kind].value)
    if revision.is_on_hold:
        raise Refused("move.on_hold", reason=revision.hold_reason)
    if revision.state is not State.IN_REVIEW:
        raise Refused("review.not_in_review", number=revision.number, state=revision.state.value)


def _must_be_current(
    revision: Revision,
    version: TextVersion,
    shown: dict[str, str],
    current: dict[str, str],
    wanted: set[str],
) -> None:
    moved = {part for part, digest in shown.items() if current.get(part) != digest} | (wanted - set(shown))
    # The frozen text must be the one that was read, else a later text would be signed under an earlier number.
    moved |= {part for part, digest in shown.items() if version.parts.get(part) != digest}
    if moved:
        clauses = sorted({(clause_of(part) or "").upper() or part_words(part) for part in moved})
        raise Stale("review.text_moved_on", number=revision.number, clauses=", ".join(clauses))


def _lock(revision: Revision) -> None:
    """Takes the revision's row until the transaction ends: of two signatures, or a signature and a save, one waits."""
    db.session.flush()
    db.session.expire_all()
    db.session.get(Revision, revision.id, with_for_update=True, populate_existing=True)


def _must_not_be_author(actor: Actor, revision: Revision, parts: dict[str, str]) -> None:
    signed = {clause_of(part) for part in parts}
    for draft in standards.clause_drafts(revision.id):
        if draft.clause_id in signed and actor.person_id in draft.author_ids:
            raise NotAllowed("review.own_text", clause=draft.clause_id)
    if actor.person_id == revision.drafter_id:
        raise NotAllowed("review.own_text", clause="")


def _write(
    actor: Actor,
    revision: Revision,
    kind: Kind,
    version: TextVersion,
    decision: Decision,
    comment: str,
    parts: dict[str, str],
    age: int,
    *,
    effort: str | None,
    earliest_on: dt.date | None,
) -> SignOff:
    newest = queries.newest_round(revision.id)
    if newest is None or actor.person_id is None:
        raise Refused("review.not_in_review", number=revision.number, state=revision.state.value)
    mine = [t for t in queries.tasks(revision.id) if t.kind is kind and t.assignee_id == actor.person_id]
    row = SignOff(
        revision_id=revision.id,
        round_id=newest.id,
        text_version_id=version.id,
        kind=kind,
        signer_id=actor.person_id,
        for_id=mine[0].for_id if mine else None,
        decision=decision,
        comment=clean_text(comment, LIMIT_NOTE_BYTES, field="comment").strip(),
        effort=effort,
        earliest_on=earliest_on,
        fingerprint=fingerprint(parts),
        signed_at=clock.now(),
        zone=str(clock.zone()),
        sign_in_age_seconds=age,
    )
    row.lines = [SignOffLine(part=part, part_sha256=digest) for part, digest in sorted(parts.items())]
    db.session.add(row)
    db.session.flush()
    activity.record(
        actor,
        "review.signed",
        "revision",
        revision.number,
        kind=kind.value,
        decision=decision.value,
        text_version=version.number,
        fingerprint=row.fingerprint,
    )
    return row


def _finish_tasks(actor: Actor, revision: Revision, kind: Kind, state: TaskState) -> None:
    for task in queries.tasks(revision.id):
        if task.kind is kind and task.state in (TaskState.WAITING, TaskState.RECHECK):
            task.state, task.done_at = state, clock.now()
            if task.assignee_id is None:
                task.assignee_id = actor.person_id
    db.session.flush()
