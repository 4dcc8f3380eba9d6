"""Owns the questions about training: what a person has to read, who has read, which question fits a text."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.core import clock
from app.core.access import Actor
from app.core.db import db
from app.people.models import Person
from app.standards.models import ClauseChange, ClauseVersion, Publication
from app.training.deltas import Delta, Reader, Version, to_read
from app.training.models import AcknowledgedClause, Assignment, AssignmentState, Question, StaffQuestion


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
    return Reader(roles, person.joined_on, frozenset((c, p) for c, p in pairs))


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


def open_assignment(person_id: int, standard_id: int) -> Assignment | None:
    """Returns the newest open assignment of a person for a standard, None when there is none."""
    return db.session.scalar(
        sa.select(Assignment)
        .where(
            Assignment.person_id == person_id,
            Assignment.standard_id == standard_id,
            Assignment.state == AssignmentState.OPEN,
        )
        .order_by(Assignment.id.desc())
        .limit(1)
    )


def question_for(standard_id: int, pairs: list[tuple[str, str]]) -> Question | None:
    """Returns a question on one of the texts shown, of the first clause that has one; None when none fits."""
    for clause_id, clause_hash in pairs:
        found = db.session.scalar(
            sa.select(Question)
            .where(
                Question.standard_id == standard_id,
                Question.clause_id == clause_id,
                Question.clause_hash == clause_hash,
            )
            .order_by(Question.id.desc())
            .limit(1)
        )
        if found is not None:
            return found
    return None


def coverage(publication_id: int) -> Coverage:
    """Returns how far acknowledging a publication is; overtaken assignments are left out."""
    rows = db.session.execute(
        sa.select(Assignment.state, Assignment.is_late, sa.func.count())
        .where(Assignment.publication_id == publication_id, Assignment.state != AssignmentState.OVERTAKEN)
        .group_by(Assignment.state, Assignment.is_late)
    ).all()
    done = sum(n for state, _late, n in rows if state is AssignmentState.DONE)
    late = sum(n for state, is_late, n in rows if state is AssignmentState.DONE and is_late)
    return Coverage(sum(n for *_rest, n in rows), done, late)


def staff_questions(open_only: bool = True) -> list[StaffQuestion]:
    """Returns what readers asked, oldest first."""
    query = sa.select(StaffQuestion).order_by(StaffQuestion.id)
    return list(db.session.scalars(query.where(StaffQuestion.answered_at.is_(None)) if open_only else query))


def had_acknowledged(
    person_id: int, standard_id: int, clause_id: str, clause_hash: str
) -> AcknowledgedClause | None:
    """Returns the row that proves a person knew a text of a clause; None when there is none."""
    return db.session.get(AcknowledgedClause, (person_id, standard_id, clause_id, clause_hash))
