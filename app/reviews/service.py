"""Owns the rules of who may review what now, and the verb of sending back. Checklists and signing stand beside."""

from app.core import clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import NotAllowed, Refused
from app.core.text import clean_text
from app.reviews import held, plans, queries
from app.reviews.freshness import Kind, Step
from app.reviews.models import ReviewTask, TaskState
from app.standards import lifecycle
from app.standards.lifecycle import Attempt
from app.standards.models import Revision, RevisionStep
from app.standards.workflow import Move, State

LIMIT_NOTE_BYTES = 16 * 1024
PERMISSIONS = {
    Kind.LEGAL: Permission.REVIEW_LEGAL,
    Kind.BUSINESS: Permission.REVIEW_BUSINESS,
    Kind.IT: Permission.REVIEW_IT,
}


def send_back(
    actor: Actor, revision: Revision, key: str, *, clause_id: str, reason: str, seen: State | None = None
) -> RevisionStep:
    """Returns the draft with a reason on a clause; what was signed and does not change stays signed."""
    step = must_review(actor, revision, key)
    words = clean_text(reason, LIMIT_NOTE_BYTES, field="reason").strip()
    attempt = Attempt(Move.SEND_BACK, actor, reason=words, clause_id=clause_id)
    reasons = lifecycle.why_not(revision, attempt)
    if not reasons:
        finish_tasks(actor, revision, step, TaskState.RETURNED)  # before the move, which closes the round
        held.send(actor, revision)
    return lifecycle.perform(revision, attempt, seen=seen)


def must_review(actor: Actor, revision: Revision, key: str) -> Step:
    """Returns the step of the revision's plan in which the actor may review now."""
    step = queries.step_of(revision, key)
    if not actor.may(PERMISSIONS[step.kind]):
        raise NotAllowed("move.no_permission", permission=PERMISSIONS[step.kind].value)
    if revision.is_on_hold:
        raise Refused("move.on_hold", reason=revision.hold_reason)
    if revision.state is not State.IN_REVIEW:
        raise Refused("review.not_in_review", number=revision.number, state=revision.state.value)
    if not _is_of_step(actor, revision, step):
        raise NotAllowed("review.not_of_step")
    return step


def _is_of_step(actor: Actor, revision: Revision, step: Step) -> bool:
    """Tells whether the step is open to the actor: it names no department or the actor's, or the actor is asked in it."""
    is_of_pool = not step.department or any(p.id == actor.person_id for p in plans.pool(step))
    return is_of_pool or bool(tasks_of(revision, step.key, actor.person_id))


def tasks_of(revision: Revision, key: str, person_id: int | None) -> list[ReviewTask]:
    """Returns the tasks of the newest round that a person (None: nobody yet) has in a step, those ended without it not."""
    return [
        t
        for t in queries.tasks(revision.id)
        if t.step == key and t.assignee_id == person_id and t.state is not TaskState.CLOSED
    ]


def lock(revision: Revision) -> None:
    """Takes the revision's row until the transaction ends: of two signatures, or a signature and a save, one waits."""
    db.session.flush()
    revision_id = revision.id  # read before it is forgotten, else its row is asked twice
    db.session.expire_all()
    db.session.get(Revision, revision_id, with_for_update=True, populate_existing=True)


def finish_tasks(actor: Actor, revision: Revision, step: Step, state: TaskState) -> None:
    """Ends every open task of a step in the newest round; one that nobody has becomes the actor's."""
    for task in queries.tasks(revision.id):
        if task.step == step.key and task.state in (TaskState.WAITING, TaskState.RECHECK):
            task.state, task.done_at = state, clock.now()
            if task.assignee_id is None and state is not TaskState.CLOSED:
                task.assignee_id = actor.person_id
    db.session.flush()
