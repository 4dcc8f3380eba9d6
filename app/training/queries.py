"""Owns the questions about training: what a person has to read, who has read, which question fits a text."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from app.core import clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.once import asked_once
from app.people import queries as people
from app.people.models import Person
from app.standards.models import ClauseChange, ClauseVersion, Publication, Standard
from app.training.deltas import Delta, Reader, Version, to_read
from app.training.matrix import seen_by
from app.training.models import (
    AcknowledgedClause,
    Assignment,
    AssignmentState,
    Cause,
    Question,
    StaffQuestion,
)
from app.training.reading_time import minutes
from app.web.language import pick


@dataclass(frozen=True)
class Coverage:
    """How many of those asked have acknowledged, and how many of them in time."""

    asked: int
    done: int
    late: int

    @property
    def is_complete(self) -> bool:
        return self.asked == self.done


def versions(standard_id: int) -> list[Version]:
    """Returns all material and editorial texts of a standard's clauses as the rule of `deltas.py` reads them."""
    rows = db.session.execute(
        sa.select(
            ClauseVersion.clause_id,
            ClauseVersion.clause_hash,
            ClauseVersion.publication_id,
            ClauseVersion.effective_at,
            ClauseVersion.audience,
            ClauseVersion.is_editorial,
            ClauseVersion.change,
            Publication.at,
            Publication.revision_id,
        )
        .join(Publication, Publication.id == ClauseVersion.publication_id)
        .where(ClauseVersion.standard_id == standard_id, ClauseVersion.change != ClauseChange.UNCHANGED)
    ).all()
    audiences = {row.clause_id: tuple(row.audience) for row in rows if row.audience}
    return [
        Version(
            clause_id=row.clause_id,
            clause_hash=row.clause_hash,
            order=row.publication_id,
            published_on=clock.local(row.at).date(),
            effective_at=row.effective_at,
            audience=tuple(row.audience) or audiences.get(row.clause_id, ()),
            is_editorial=row.is_editorial,
            is_retired=row.change is ClauseChange.RETIRED,
            is_baseline=row.revision_id is None,
        )
        for row in rows
    ]


def reader(person: Person, actor: Actor, standard_id: int) -> Reader:
    """Returns the person as the rule reads them."""
    pairs = db.session.execute(
        sa.select(AcknowledgedClause.clause_id, AcknowledgedClause.pair).where(
            AcknowledgedClause.person_id == person.id, AcknowledgedClause.standard_id == standard_id
        )
    )
    roles = frozenset(role.value for role in actor.roles)
    since = {role.value: day for role, day in people.role_days(person.id).items()}
    return Reader(roles, person.joined_on, frozenset((c, p) for c, p in pairs), since)


def needed(person: Person, actor: Actor, standard_id: int) -> tuple[Delta, ...]:
    """Returns what the person has to read in a standard now; empty when nothing concerns them."""
    return to_read(versions(standard_id), reader(person, actor, standard_id))


def open_assignments(person_id: int) -> list[Assignment]:
    """Returns what a person is asked to acknowledge, soonest first."""
    return list(
        db.session.scalars(
            sa.select(Assignment)
            .where(Assignment.person_id == person_id, Assignment.state == AssignmentState.OPEN)
            .order_by(Assignment.due_at)
        )
    )


def open_assignment(person_id: int, standard_id: int, *, is_locked: bool = False) -> Assignment | None:
    """Returns the newest open assignment of a person for a standard, None when there is none.

    `is_locked` holds the row until the caller's transaction ends.
    """
    return _newest(person_id, standard_id, AssignmentState.OPEN, is_locked)


def newest_done(person_id: int, standard_id: int) -> Assignment | None:
    """Returns the assignment of a standard the person finished last, None when there is none."""
    return _newest(person_id, standard_id, AssignmentState.DONE)


@dataclass(frozen=True)
class OwnRow:
    """One assignment with what its rows on a list need. `minutes` is honest for what the person has to read."""

    assignment: Assignment
    standard: Standard
    publication: Publication
    minutes: int

    @property
    def has_joined(self) -> bool:
        """Tells whether the person reads all of it because they joined or got a new role."""
        return self.assignment.cause is Cause.JOINED


def own_open(person_id: int) -> list[OwnRow]:
    """Returns what a person is asked to acknowledge with standard and minutes, soonest first; two queries."""
    return _own(person_id, AssignmentState.OPEN, Assignment.due_at)


def own_done(person_id: int, limit: int = 50) -> list[OwnRow]:
    """Returns what a person acknowledged, newest first."""
    return _own(person_id, AssignmentState.DONE, Assignment.done_at.desc(), limit)


def publication(publication_id: int) -> Publication:
    """Returns a publication by its id, without its texts."""
    return db.session.get_one(Publication, publication_id, options=[defer(Publication.content)])


def minutes_of(publication_id: int) -> int:
    """Returns the honest minutes of what a publication changed, at least 1, in the current language."""
    return _minutes([publication_id]).get(publication_id, 1)


def asked_minutes(assignment: Assignment) -> int:
    """Returns the honest minutes of what an assignment asks for, at least 1, in the current language."""
    if assignment.cause is Cause.JOINED:
        return whole_minutes(assignment.person_id, {assignment.standard_id}).get(assignment.standard_id, 1)
    return minutes_of(assignment.publication_id)


def whole_minutes(person_id: int, standard_ids: Collection[int]) -> dict[int, int]:
    """Returns the honest minutes of all that a person's roles follow in each of these standards, `{standard: minutes}`."""
    if not standard_ids:
        return {}
    roles = {role.value for role in people.roles_of([person_id]).get(person_id, ())}
    rows = db.session.scalars(
        sa.select(ClauseVersion)
        .where(ClauseVersion.standard_id.in_(standard_ids), ClauseVersion.change != ClauseChange.UNCHANGED)
        .order_by(ClauseVersion.publication_id)
    )
    newest = {(row.standard_id, row.clause_id): row for row in rows}
    texts: dict[int, list[str]] = {}
    for (standard_id, _clause), row in newest.items():
        if row.change is not ClauseChange.RETIRED and roles & set(row.audience):
            texts.setdefault(standard_id, []).append(pick(row.body_zh, row.body_en))
    return {standard_id: minutes(bodies) for standard_id, bodies in texts.items()}


def due_day(assignment: Assignment) -> dt.date:
    """Returns the last day on which acknowledging is in time, in the organisation's zone."""
    return clock.local(assignment.due_at).date()


def questions_by(person_id: int, standard_id: int) -> list[StaffQuestion]:
    """Returns what a person asked about a standard, newest first, answered or not."""
    return list(
        db.session.scalars(
            sa.select(StaffQuestion)
            .join(Assignment, Assignment.id == StaffQuestion.assignment_id)
            .where(Assignment.person_id == person_id, Assignment.standard_id == standard_id)
            .order_by(StaffQuestion.id.desc())
        )
    )


def answers_to(assignment_id: int) -> list[StaffQuestion]:
    """Returns the answered questions of an assignment, oldest first."""
    return list(
        db.session.scalars(
            sa.select(StaffQuestion)
            .where(StaffQuestion.assignment_id == assignment_id, StaffQuestion.answered_at.is_not(None))
            .order_by(StaffQuestion.id)
        )
    )


def question_for(standard_id: int, pairs: Sequence[tuple[str, str]]) -> Question | None:
    """Returns a question on one of the texts shown, of the first clause that has one; None when none fits.

    A pair's text is named as `deltas.names` does; a question belongs to the text whatever its name.
    """
    hashes = {clause_id: name.partition("@")[0] for clause_id, name in pairs}
    rows = db.session.scalars(
        sa.select(Question)
        .where(Question.standard_id == standard_id, Question.clause_id.in_(hashes))
        .order_by(Question.id)
    )
    fitting = {row.clause_id: row for row in rows if hashes[row.clause_id] == row.clause_hash}
    return next((fitting[clause_id] for clause_id in hashes if clause_id in fitting), None)


@asked_once
def coverage(publication_id: int) -> Coverage:
    """Returns how far acknowledging a publication is: of those it was new to, who joined later counts nowhere."""
    rows = db.session.execute(
        sa.select(Assignment.state, Assignment.is_late, sa.func.count())
        .where(counts_for(publication_id))
        .group_by(Assignment.state, Assignment.is_late)
    ).all()
    done = sum(n for state, _late, n in rows if state is AssignmentState.DONE)
    late = sum(n for state, is_late, n in rows if state is AssignmentState.DONE and is_late)
    return Coverage(sum(n for *_rest, n in rows), done, late)


def counts_for(publication_id: int) -> sa.ColumnElement[bool]:
    """Returns the condition on Assignment that it counts in the coverage of a publication."""
    return sa.and_(
        Assignment.publication_id == publication_id,
        Assignment.cause == Cause.PUBLISHED,
        Assignment.state.in_((AssignmentState.OPEN, AssignmentState.DONE)),
    )


@dataclass(frozen=True)
class QuestionRow:
    """A reader's question with who asked it about which standard."""

    question: StaffQuestion
    person_id: int
    standard: Standard


def questions_for(actor: Actor, *, open_only: bool = False, limit: int = 100) -> list[QuestionRow]:
    """Returns the questions the actor may answer, the open ones first, then newest first: drafters see all."""
    if not (actor.may(Permission.DRAFT) or actor.may(Permission.READ_TEAM)):
        return []
    query = (
        sa.select(StaffQuestion, Assignment.person_id, Standard)
        .join(Assignment, Assignment.id == StaffQuestion.assignment_id)
        .join(Person, Person.id == Assignment.person_id)
        .join(Standard, Standard.id == Assignment.standard_id)
        .order_by(StaffQuestion.answered_at.is_not(None), StaffQuestion.id.desc())
        .limit(limit)
    )
    if not actor.may(Permission.DRAFT):
        query = query.where(seen_by(actor))
    if open_only:
        query = query.where(StaffQuestion.answered_at.is_(None))
    return [QuestionRow(*row) for row in db.session.execute(query).unique()]


def _newest(
    person_id: int, standard_id: int, state: AssignmentState, is_locked: bool = False
) -> Assignment | None:
    query = (
        sa.select(Assignment)
        .where(
            Assignment.person_id == person_id,
            Assignment.standard_id == standard_id,
            Assignment.state == state,
        )
        .order_by(Assignment.id.desc())
        .limit(1)
    )
    return db.session.scalar(query.with_for_update() if is_locked else query)


def _own(
    person_id: int, state: AssignmentState, order: sa.ColumnElement[Any] | Any, limit: int = 50
) -> list[OwnRow]:
    rows = db.session.execute(
        sa.select(Assignment, Publication)
        .join(Publication, Publication.id == Assignment.publication_id)
        .where(Assignment.person_id == person_id, Assignment.state == state)
        .order_by(order, Assignment.id)
        .limit(limit)
        .options(defer(Publication.content), defer(Publication.manifest), joinedload(Publication.standard))
    ).all()
    spent = _minutes([publication.id for _assignment, publication in rows])
    whole = whole_minutes(person_id, {a.standard_id for a, _p in rows if a.cause is Cause.JOINED})
    return [OwnRow(a, p.standard, p, _of(a, spent, whole)) for a, p in rows]


def _of(assignment: Assignment, spent: dict[int, int], whole: dict[int, int]) -> int:
    if assignment.cause is Cause.JOINED:
        return whole.get(assignment.standard_id, 1)
    return spent.get(assignment.publication_id, 1)


def _minutes(publication_ids: Sequence[int]) -> dict[int, int]:
    texts: dict[int, list[str]] = {}
    rows = db.session.execute(
        sa.select(ClauseVersion.publication_id, ClauseVersion.body_zh, ClauseVersion.body_en).where(
            ClauseVersion.publication_id.in_(publication_ids),
            ClauseVersion.change.in_((ClauseChange.NEW, ClauseChange.CHANGED)),
            ClauseVersion.is_editorial.is_(False),
        )
    )
    for publication_id, zh, en in rows:
        texts.setdefault(publication_id, []).append(pick(zh, en))
    return {publication_id: minutes(bodies) for publication_id, bodies in texts.items()}
