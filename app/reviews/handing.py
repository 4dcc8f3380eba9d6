"""Owns whose task a review is: handing it over, taking it on, urging the reviewer. Signs nothing."""

from collections.abc import Sequence

from app.core import activity, clock, events
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, Reason, Refused
from app.core.text import clean_text
from app.people import queries as people
from app.people.models import Person
from app.reviews import plans, queries, rounds, service
from app.reviews.models import ReviewTask, TaskState
from app.standards.models import Revision
from app.standards.workflow import State


def hand_over(actor: Actor, task_id: int, to_person_id: int) -> ReviewTask:
    """Hands a task to somebody else whom its step may ask. The person asked, the director and the system may do it.

    Raises Invalid for somebody of another field or department, an author of the text or somebody asked already, Refused
    for a task that is done.
    """
    task = db.session.get_one(ReviewTask, task_id)
    revision = db.session.get_one(Revision, task.revision_id)
    service.lock(revision)
    if not (actor.is_system or actor.person_id == task.assignee_id or actor.may(Permission.TRIAGE)):
        raise NotAllowed("review.not_your_task")
    if task.state not in (TaskState.WAITING, TaskState.RECHECK):
        raise Refused("review.task_done")
    if to_person_id == task.assignee_id:
        return task
    other = _may_be_asked(revision, task, to_person_id)
    if all(other.id != one.id for one in plans.pool(queries.step_of(revision, task.step))):
        raise Invalid.of("person", "review.not_of_field")
    before = task.assignee_id
    task.assignee_id, task.why, task.urged_on = other.id, "hand_over", None
    if actor.is_system:
        task.for_id = task.for_id or before
    db.session.flush()
    activity.record(
        actor, "review.handed_over", "revision", revision.number, kind=task.kind.value, to=other.subject
    )
    events.announce(events.ReviewAsked(task.id))
    return task


def add_reviewer(
    actor: Actor, task_id: int, person_id: int, *, reason: str, is_before: bool = False
) -> ReviewTask:
    """Asks one more person in a step that runs, after the task or (`is_before`) before it; who is asked must all sign then.

    The person asked and directors may, with a reason. Raises Invalid for somebody of another field, an author
    of the text or somebody asked already, Refused for a task that is done.
    """
    task = db.session.get_one(ReviewTask, task_id)
    revision = db.session.get_one(Revision, task.revision_id)
    service.lock(revision)
    if actor.person_id != task.assignee_id and not actor.may(Permission.TRIAGE):
        raise NotAllowed("review.not_your_task")
    if task.state not in (TaskState.WAITING, TaskState.RECHECK) or revision.state is not State.IN_REVIEW:
        raise Refused("review.task_done")
    words = clean_text(reason, service.LIMIT_NOTE_BYTES, field="reason").strip()
    missing = [("person", "review.added_whom")] if not person_id else []
    missing += [("reason", "review.added_why")] if not words else []
    if missing:
        raise Invalid([FieldError(field, Reason(key)) for field, key in missing])
    other = _may_be_asked(revision, task, person_id)
    now = clock.now()
    added = ReviewTask(
        revision_id=revision.id, round_id=task.round_id, kind=task.kind, step=task.step, assignee_id=other.id,
        is_required=task.is_required, asked_at=now, due_at=max(task.due_at, rounds.due_at()), why="added",
        added_by_id=actor.person_id, added_because=words, after_id=None if is_before else task.id,
    )  # fmt: skip
    db.session.add(added)
    db.session.flush()
    if is_before:
        task.after_id = added.id
        task.due_at = max(task.due_at, added.due_at)
    activity.record(
        actor, "review.reviewer_added", "revision", revision.number, kind=task.kind.value, to=other.subject
    )
    events.announce(events.ReviewerAdded(added.id))
    return added


def waits_for(mine: Sequence[ReviewTask], tasks: Sequence[ReviewTask]) -> ReviewTask | None:
    """Returns the task that has to be done before the own ones, None where nothing is in the way."""
    before = {t.after_id for t in mine if t.after_id and t.state in (TaskState.WAITING, TaskState.RECHECK)}
    return next(
        (t for t in tasks if t.id in before and t.state in (TaskState.WAITING, TaskState.RECHECK)), None
    )


def tell_next(tasks: Sequence[ReviewTask]) -> None:
    """Tells those whose turn has come because the task before theirs is signed."""
    done = {t.id for t in tasks if t.state is TaskState.SIGNED}
    for task in tasks:
        if task.after_id in done and task.state is TaskState.WAITING:
            task.asked_at, task.after_id = clock.now(), None
            events.announce(events.ReviewAsked(task.id))


def _may_be_asked(revision: Revision, task: ReviewTask, person_id: int) -> Person:
    """Returns the person, who is of the field, wrote nothing and is not asked in the step yet; raises Invalid."""
    other = people.person(person_id) if person_id else None
    if (
        other is None
        or not other.is_active
        or not people.actor_for(other).may(service.PERMISSIONS[task.kind])
    ):
        raise Invalid.of("person", "review.not_of_field")
    if other.id in queries.authors_of(revision):
        raise Invalid.of("person", "review.author_may_not")
    if service.tasks_of(revision, task.step, other.id):
        raise Invalid.of("person", "review.asked_already")
    return other


def claim(actor: Actor, task_id: int) -> ReviewTask:
    """Takes on a review that waits for nobody, or for somebody on leave. The actor must be of the step and no author.

    Again changes nothing. Raises Refused for a task that is done or that somebody at work has.
    """
    task = db.session.get_one(ReviewTask, task_id)
    revision = db.session.get_one(Revision, task.revision_id)
    service.lock(revision)
    step = service.must_review(actor, revision, task.step)
    if task.assignee_id == actor.person_id:
        return task
    if task.state not in (TaskState.WAITING, TaskState.RECHECK):
        raise Refused("review.task_done")
    before = people.person(task.assignee_id) if task.assignee_id else None
    if before is not None and not people.is_absent(before):
        raise Refused("review.not_free")
    if actor.person_id not in {p.id for p in queries.able(revision, step)}:
        raise NotAllowed("review.own_text", clause="")
    if service.tasks_of(revision, task.step, actor.person_id):
        raise Refused("review.asked_already")
    task.assignee_id, task.why, task.urged_on = actor.person_id, "claimed", None
    task.for_id = before.id if before else None
    db.session.flush()
    activity.record(actor, "review.claimed", "revision", revision.number, kind=task.kind.value)
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
