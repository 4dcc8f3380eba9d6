"""Owns review rounds: opening one, whom it asks in which field, closing it. Signs nothing."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.access import Role
from app.core.calendar import add_working_days
from app.core.db import db
from app.people import queries as people
from app.people.models import Person
from app.reviews import queries
from app.reviews.freshness import Kind, required
from app.reviews.models import ReviewRound, ReviewTask, TaskState
from app.standards import queries as standards
from app.standards import texts
from app.standards.models import ClauseDraft, Revision

ROLES = {
    Kind.LEGAL: Role.LEGAL_REVIEWER,
    Kind.BUSINESS: Role.BUSINESS_REVIEWER,
    Kind.IT: Role.IT_REVIEWER,
}
END_OF_DAY_HOUR = 18


def open_round(revision: Revision) -> ReviewRound:
    """Opens the next round and asks one reviewer of each field that has something to sign.

    The reviewer is the one of the last round, else the one with the fewest open tasks; one on leave is
    replaced by the backup named in advance. A field still fresh from an earlier round is not asked again.
    """
    newest = queries.newest_round(revision.id)
    row = ReviewRound(
        revision_id=revision.id, number=newest.number + 1 if newest else 1, opened_at=clock.now()
    )
    before = {t.kind: t.assignee_id for t in queries.tasks(revision.id)}
    if newest is not None:
        close_round(newest)
    db.session.add(row)
    db.session.flush()
    standing = queries.standing(revision)
    for kind in required(texts.current_parts(revision), queries.technical_clauses(revision)):
        ask(revision, row, kind, before.get(kind), is_fresh=standing[kind].is_fresh)
    return row


def close_round(row: ReviewRound) -> None:
    """Closes a round and the tasks in it that nobody did."""
    row.closed_at = row.closed_at or clock.now()
    db.session.execute(
        sa.update(ReviewTask)
        .where(ReviewTask.round_id == row.id, ReviewTask.state.in_([TaskState.WAITING, TaskState.RECHECK]))
        .values(state=TaskState.CLOSED)
    )


def ask(
    revision: Revision, row: ReviewRound, kind: Kind, before: int | None = None, *, is_fresh: bool
) -> ReviewTask:
    """Asks one reviewer of a field in a round and returns the task; `before` is who did it last time."""
    now = clock.now()
    asked = _reviewer(revision, kind, before)
    acting = people.stand_in(asked) if asked else None
    task = ReviewTask(
        revision_id=revision.id,
        round_id=row.id,
        kind=kind,
        assignee_id=acting.id if acting else None,
        for_id=asked.id if asked and acting and asked.id != acting.id else None,
        state=TaskState.SIGNED if is_fresh else TaskState.WAITING,
        asked_at=now,
        due_at=due_at(),
        done_at=now if is_fresh else None,
        why="rule",
    )
    db.session.add(task)
    db.session.flush()
    return task


def due_at() -> dt.datetime:
    """Returns until when a reviewer asked now has time: the end of the last working day of the setting."""
    days = current_app.config["SETTINGS"].review_working_days
    return clock.at(add_working_days(clock.today(), days), END_OF_DAY_HOUR)


def _reviewer(revision: Revision, kind: Kind, before: int | None) -> Person | None:
    authors = authors_of(revision)
    able = [p for p in people.holders(ROLES[kind]) if p.id not in authors]
    if before is not None and any(p.id == before for p in able):
        return people.person(before)
    return min(able, key=lambda p: (len(queries.open_tasks_of(p.id)), p.id), default=None)


def authors_of(revision: Revision, drafts: Sequence[ClauseDraft] | None = None) -> set[int]:
    """Returns the people who wrote in the revision's drafts; none of them may sign."""
    listed = standards.clause_drafts(revision.id) if drafts is None else drafts
    wrote = {i for d in listed for i in d.author_ids}
    return wrote | ({revision.drafter_id} if revision.drafter_id else set())


def possible_reviewers(revision: Revision, task: ReviewTask) -> list[Person]:
    """Returns who else could do a task: people of its field who wrote nothing in the text."""
    authors = authors_of(revision)
    return [p for p in people.holders(ROLES[task.kind]) if p.id not in authors and p.id != task.assignee_id]
