"""Owns what reviews do on news: open a round when a draft is submitted, reopen what a change touched."""

from collections.abc import Sequence

from app.core import activity, clock, events
from app.core.access import SYSTEM
from app.core.db import db
from app.people import queries as people
from app.reviews import claims, counsel_queries, queries, rounds
from app.reviews.freshness import Field, Need, clause_of
from app.reviews.models import Decision, ReviewTask, SignOff, TaskState
from app.standards import texts
from app.standards.models import Revision
from app.standards.workflow import Move, State


def on_revision_moved(event: events.RevisionMoved) -> None:
    """Opens a round when the draft is submitted, closes it when the revision leaves review."""
    revision = db.session.get_one(Revision, event.revision_id)
    if event.move in (Move.SUBMIT.value, Move.REOPEN.value):
        rounds.open_round(revision)
    elif event.from_state == State.IN_REVIEW.value and event.to_state != State.IN_REVIEW.value:
        newest = queries.newest_round(revision.id)
        if newest is not None:
            rounds.close_round(newest)


def on_text_drafted(event: events.ClauseDrafted | events.TextDrafted) -> None:
    """During review: freezes the changed text so that it can be signed, and reopens exactly what it touched."""
    revision = db.session.get_one(Revision, event.revision_id)
    if revision.state is not State.IN_REVIEW:
        return
    actor = people.actor_for(people.person(event.actor_id)) if event.actor_id else SYSTEM
    texts.freeze(actor, revision, why="save")
    standing = queries.standing(revision)
    reopened = []
    for task in queries.tasks(revision.id):
        field = standing.get(task.step)
        if field is None or field.is_fresh:
            _close(task, is_signed=field is not None and _stands(task, field))
        elif task.state is TaskState.SIGNED and field.open_for(task.assignee_id):
            task.state, task.done_at = TaskState.RECHECK, None
            task.due_at = max(task.due_at, rounds.due_at())
            reopened.append(field)
    for field in {field.step.key: field for field in reopened}.values():
        _tell_reopened(revision, field)
    newest = queries.newest_round(revision.id)
    if newest is not None:
        rounds.ask_next(revision, newest)
    _tell_counsel_outdated(revision)


def _tell_counsel_outdated(revision: Revision) -> None:
    """Names the clauses that changed after outside counsel accepted them; a new link is for the person who invited."""
    accepted = [r for r in counsel_queries.invitations(revision.id) if r.sign_off]
    current = texts.current_parts(revision) if accepted else {}
    for row in accepted:
        signed = row.sign_off
        if signed is None or signed.decision is Decision.RETURN or counsel_queries.stands(signed, current):
            continue
        moved = {p for p, digest in signed.lines.items() if current.get(p, digest) != digest}
        clauses = tuple(sorted({clause_of(part) or part for part in moved}))
        events.announce(events.CounselOutdated(revision.id, row.id, clauses))


def _tell_reopened(revision: Revision, field: Field) -> None:
    """Writes the reason into the timeline and tells who signed, for exactly what changed."""
    clauses = tuple(sorted({s.clause_id or s.part for s in field.open_parts}))
    signed = [s for s in queries.sign_offs(revision.id) if s.step == field.step.key]
    activity.record(
        SYSTEM, "review.reopened", "revision", revision.number, kind=field.kind.value, clauses=list(clauses),
        claims=["{} {} → {}".format(*change) for change in _claims_changed(signed, field)],
    )  # fmt: skip
    newest = {s.signer_id: s for s in signed} if field.needed > 1 else {s.step: s for s in signed}
    for sign_off in newest.values():
        own = [s for s in signed if field.needed == 1 or s.signer_id == sign_off.signer_id]
        changed = _claims_changed(own, field)
        events.announce(events.SignOffReopened(revision.id, sign_off.id, clauses, changed))


def _claims_changed(signed: Sequence[SignOff], field: Field) -> tuple[tuple[str, str, str], ...]:
    """Returns (clause, confirmed claim, claim of now) of the step's open claims that are other ones than these confirmed."""
    found = claims.changes(queries.confirmed(signed), field.open_parts)
    return tuple((change.clause_id, change.old.value, change.new.value) for change in found)


def _stands(task: ReviewTask, field: Field) -> bool:
    """Tells whether what the task asked for is signed: by anybody where one suffices, else by the person asked."""
    return field.step.need is Need.ANY or task.assignee_id in field.signers


def _close(task: ReviewTask, *, is_signed: bool) -> None:
    """Ends a task that has nothing left to sign: the text went back to what was signed, or out of the step."""
    if task.state in (TaskState.WAITING, TaskState.RECHECK):
        task.state = TaskState.SIGNED if is_signed else TaskState.CLOSED
        task.done_at = clock.now()
