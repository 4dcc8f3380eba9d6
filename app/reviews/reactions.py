"""Owns what reviews do on news: open a round when a draft is submitted, reopen what a change touched."""

from app.core import activity, clock, events
from app.core.access import SYSTEM
from app.core.db import db
from app.people import queries as people
from app.reviews import queries, rounds
from app.reviews.freshness import Field
from app.reviews.models import ReviewTask, TaskState
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


def on_clause_drafted(event: events.ClauseDrafted) -> None:
    """During review: freezes the changed text so that it can be signed, and reopens exactly what it touched."""
    revision = db.session.get_one(Revision, event.revision_id)
    if revision.state is not State.IN_REVIEW:
        return
    actor = people.actor_for(people.person(event.actor_id)) if event.actor_id else SYSTEM
    texts.freeze(actor, revision, why="save")
    standing = queries.standing(revision)
    for task in queries.tasks(revision.id):
        field = standing.get(task.kind)
        if field is None or field.is_fresh:
            _close(task, is_required=field is not None)
        elif task.state is TaskState.SIGNED:
            _reopen(revision, task, field)
    newest = queries.newest_round(revision.id)
    asked = {t.kind for t in queries.tasks(revision.id) if t.state is not TaskState.CLOSED}
    for kind, field in standing.items():
        if kind not in asked and newest is not None:
            rounds.ask(revision, newest, kind, is_fresh=field.is_fresh)


def _reopen(revision: Revision, task: ReviewTask, field: Field) -> None:
    """Asks the field again for exactly what changed, and writes the reason into the timeline."""
    task.state, task.done_at = TaskState.RECHECK, None
    task.due_at = max(task.due_at, rounds.due_at())
    clauses = tuple(sorted({s.clause_id or s.part for s in field.open_parts}))
    activity.record(
        SYSTEM, "review.reopened", "revision", revision.number, kind=task.kind.value, clauses=list(clauses)
    )
    signed = [s for s in queries.sign_offs(revision.id) if s.kind is task.kind]
    if signed:
        events.announce(events.SignOffReopened(revision.id, signed[-1].id, clauses))


def _close(task: ReviewTask, *, is_required: bool) -> None:
    """Ends a task that has nothing left to sign: the text went back to what was signed, or out of the field."""
    if task.state in (TaskState.WAITING, TaskState.RECHECK):
        task.state = TaskState.SIGNED if is_required else TaskState.CLOSED
        task.done_at = clock.now()
