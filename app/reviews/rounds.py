"""Owns review rounds: opening one, whom it asks in which step, closing it. Signs nothing."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

import sqlalchemy as sa
from flask import current_app

from app.core import clock, events
from app.core.calendar import add_working_days
from app.core.db import db
from app.people import queries as people
from app.people.models import Person
from app.reviews import queries
from app.reviews.freshness import Field, Need
from app.reviews.models import ReviewRound, ReviewTask, TaskState
from app.reviews.plan import is_turn
from app.standards.models import Revision

END_OF_DAY_HOUR = 18


def open_round(revision: Revision) -> ReviewRound:
    """Opens the next round and asks the steps whose turn it is (see `ask_next`).

    The reviewer is the one of the last round, else the one with the fewest open tasks; one on leave is
    replaced by the backup named in advance. A step still fresh from an earlier round is not asked again.
    """
    newest = queries.newest_round(revision.id)
    row = ReviewRound(
        revision_id=revision.id, number=newest.number + 1 if newest else 1, opened_at=clock.now()
    )
    before = queries.tasks(revision.id)
    if newest is not None:
        close_round(newest)
    db.session.add(row)
    db.session.flush()
    ask_next(revision, row, before)
    return row


def close_round(row: ReviewRound) -> None:
    """Closes a round and the tasks in it that nobody did."""
    row.closed_at = row.closed_at or clock.now()
    db.session.execute(
        sa.update(ReviewTask)
        .where(ReviewTask.round_id == row.id, ReviewTask.state.in_([TaskState.WAITING, TaskState.RECHECK]))
        .values(state=TaskState.CLOSED)
    )


def ask_next(revision: Revision, row: ReviewRound, before: Sequence[ReviewTask] = ()) -> list[ReviewTask]:
    """Asks each step that has something to sign, was not asked in this round and whose turn it is; returns the new tasks.

    It is a step's turn when no required step of a lower order is open. `before` are the tasks of the last round.
    """
    standing = queries.standing(revision)
    steps = [field.step for field in standing.values()]
    open_keys = [key for key, field in standing.items() if not field.is_fresh]
    asked = {t.step for t in queries.tasks(revision.id) if t.state is not TaskState.CLOSED}
    made: list[ReviewTask] = []
    for key, field in standing.items():
        if key not in asked and (field.is_fresh or is_turn(field.step, steps, open_keys)):
            made += ask(revision, row, field, [t for t in before if t.step == key])
    return made


def ask(
    revision: Revision, row: ReviewRound, field: Field, before: Sequence[ReviewTask] = ()
) -> list[ReviewTask]:
    """Asks the reviewers of a step in a round and returns their tasks, at least one, with nobody where nobody may.

    One where any suffices, else everybody of the pool; as many as have to sign where the pool is smaller.
    """
    able = queries.able(revision, field.step)
    tasks: list[ReviewTask] = []
    for person in _reviewers(able, field, before):
        taken = {t.assignee_id for t in tasks}
        tasks.append(_task(revision, row, field, person, _acting(person, able, taken)))
    tasks += [_task(revision, row, field, None, None) for _ in range(field.needed - len(tasks))]
    tasks += _added_before(revision, row, field, before, {t.assignee_id for t in tasks}, able)
    db.session.add_all(tasks)
    db.session.flush()
    for task in tasks:
        if task.state is TaskState.WAITING:
            events.announce(events.ReviewAsked(task.id))
    return tasks


def _added_before(
    revision: Revision,
    row: ReviewRound,
    field: Field,
    before: Sequence[ReviewTask],
    taken: Collection[int | None],
    able: Sequence[Person],
) -> list[ReviewTask]:
    """Returns tasks for the reviewers who were added in the last round, as far as they may still sign."""
    made = []
    for old in before:
        person = next((p for p in able if p.id == old.assignee_id), None)
        if old.added_by_id is None or person is None or person.id in taken:
            continue
        task = _task(revision, row, field, person, person)
        task.why, task.added_by_id, task.added_because = "added", old.added_by_id, old.added_because
        made.append(task)
    return made


def _task(
    revision: Revision, row: ReviewRound, field: Field, asked: Person | None, acting: Person | None
) -> ReviewTask:
    now = clock.now()
    is_done = not field.open_for(acting.id if acting else None)
    return ReviewTask(
        revision_id=revision.id,
        round_id=row.id,
        kind=field.kind,
        step=field.step.key,
        assignee_id=acting.id if acting else None,
        for_id=asked.id if asked and acting and asked.id != acting.id else None,
        is_required=field.step.is_required,
        state=TaskState.SIGNED if is_done else TaskState.WAITING,
        asked_at=now,
        due_at=due_at(),
        done_at=now if is_done else None,
        why="rule",
    )


def _acting(asked: Person, able: Sequence[Person], taken: Collection[int | None]) -> Person:
    """Returns the backup of somebody on leave, where the backup may sign and is not asked already; else the person."""
    acting = people.stand_in(asked)
    return acting if acting.id not in taken and any(p.id == acting.id for p in able) else asked


def due_at() -> dt.datetime:
    """Returns until when a reviewer asked now has time: the end of the last working day of the setting."""
    days = current_app.config["SETTINGS"].review_working_days
    return clock.at(add_working_days(clock.today(), days), END_OF_DAY_HOUR)


def _reviewers(able: Sequence[Person], field: Field, before: Sequence[ReviewTask]) -> list[Person]:
    """Returns whom a step asks: one where any suffices, else all; of a fresh one those who signed."""
    if field.step.need is not Need.ANY:
        return [p for p in able if p.id in field.signers or not field.is_fresh]
    last = next((p for t in before if not t.added_by_id for p in able if p.id == t.assignee_id), None)
    chosen = last or min(able, key=lambda p: (len(queries.open_tasks_of(p.id)), p.id), default=None)
    return [chosen] if chosen else []


def people_to_add(revision: Revision, task: ReviewTask) -> list[Person]:
    """Returns who could be added to a task's step: people of its field, of any department, who wrote nothing."""
    step = replace(queries.step_of(revision, task.step), department="")
    taken = {t.assignee_id for t in queries.tasks(revision.id) if t.step == task.step}
    return [p for p in queries.able(revision, step) if p.id not in taken]


def possible_reviewers(revision: Revision, task: ReviewTask) -> list[Person]:
    """Returns who else could do a task: people of its step's pool who wrote nothing and are not asked in it yet."""
    step = queries.step_of(revision, task.step)
    taken = {t.assignee_id for t in queries.tasks(revision.id) if t.step == task.step}
    return [p for p in queries.able(revision, step) if p.id not in taken]
