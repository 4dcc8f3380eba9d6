"""Owns the team's matrix: people against what they were asked to read, one cell each. Reads only."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from app.core import clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.people import queries as people
from app.people.models import Person
from app.standards.models import Publication
from app.training.models import Assignment, AssignmentState

MOST_COLUMNS = 8
RECENT_DAYS = 90


class CellState(StrEnum):
    """What stands in a cell; each has a word and an icon, never a colour alone."""

    DONE = "done"
    LATE = "late"  # done after its day
    OPEN = "open"
    OVERDUE = "overdue"
    ON_LEAVE = "on_leave"  # open, and nobody is chased on leave
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True)
class Cell:
    """One person and one publication; `on` is the day it was done, or is due."""

    state: CellState
    on: dt.datetime | None = None
    assignment_id: int | None = None
    reminded_today: bool = False


@dataclass(frozen=True)
class Column:
    """One publication with how many of those asked have read it."""

    publication: Publication
    done: int
    asked: int


@dataclass(frozen=True)
class Row:
    """One person with a cell for each column."""

    person: Person
    cells: tuple[Cell, ...]
    is_absent: bool


@dataclass(frozen=True)
class Matrix:
    """What a lead or trainer sees: the own people only, by team and name; empty when nobody was asked."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def to_remind(self) -> tuple[int, ...]:
        """Returns the assignments that may be reminded now, by row."""
        wanted = (CellState.OPEN, CellState.OVERDUE)
        return tuple(
            cell.assignment_id
            for row in self.rows
            for cell in row.cells
            if cell.assignment_id and cell.state in wanted and not cell.reminded_today
        )

    @property
    def people_to_remind(self) -> int:
        """Returns how many people that is."""
        ids = set(self.to_remind)
        return sum(any(cell.assignment_id in ids for cell in row.cells) for row in self.rows)


def seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Returns the condition on Person that the actor's READ_TEAM scopes hold the person; false without any scope."""
    held = [
        sa.and_(
            sa.true(),
            *([Person.team_id == scope.team_id] if scope.team_id is not None else []),
            *([Person.region_id == scope.region_id] if scope.region_id is not None else []),
            *([Person.department_id == scope.department_id] if scope.department_id is not None else []),
        )
        for scope in actor.scopes(Permission.READ_TEAM)
    ]
    return sa.or_(sa.false(), *held)


def matrix(actor: Actor, *, standard_code: str = "", team_id: int | None = None) -> Matrix:
    """Returns the matrix of the people the actor leads; columns are the newest publications asked for lately."""
    since = clock.now() - dt.timedelta(days=RECENT_DAYS)
    query = (
        sa.select(Assignment, Person)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            seen_by(actor),
            Person.is_active,
            Assignment.state.in_((AssignmentState.OPEN, AssignmentState.DONE)),
        )
        .where(sa.or_(Assignment.state == AssignmentState.OPEN, Assignment.asked_at >= since))
        .order_by(Person.team_id, Person.name_latin, Person.id, Assignment.id)
    )
    if team_id is not None:
        query = query.where(Person.team_id == team_id)
    found = db.session.execute(query).unique().all()
    columns = _columns({row.publication_id for row, _person in found}, standard_code)
    cells: dict[int, dict[int, Assignment]] = {}
    known: dict[int, Person] = {}
    for assignment, person in found:
        known[person.id] = person
        cells.setdefault(person.id, {})[assignment.publication_id] = assignment
    rows = [
        Row(
            person,
            tuple(_cell(cells[person.id].get(p.id), person) for p in columns),
            people.is_absent(person),
        )
        for person in known.values()
    ]
    kept = tuple(row for row in rows if any(cell.state is not CellState.NOT_NEEDED for cell in row.cells))
    return Matrix(tuple(_column(publication, index, kept) for index, publication in enumerate(columns)), kept)


def _columns(ids: set[int], standard_code: str) -> list[Publication]:
    query = (
        sa.select(Publication)
        .where(Publication.id.in_(ids))
        .order_by(Publication.id.desc())
        .options(defer(Publication.content), defer(Publication.manifest), joinedload(Publication.standard))
    )
    rows = list(db.session.scalars(query))
    return [p for p in rows if not standard_code or p.standard.code == standard_code][:MOST_COLUMNS]


def _column(publication: Publication, index: int, rows: Sequence[Row]) -> Column:
    cells = [row.cells[index] for row in rows if row.cells[index].state is not CellState.NOT_NEEDED]
    done = sum(cell.state in (CellState.DONE, CellState.LATE) for cell in cells)
    return Column(publication, done, len(cells))


def _cell(assignment: Assignment | None, person: Person) -> Cell:
    if assignment is None:
        return Cell(CellState.NOT_NEEDED)
    if assignment.state is AssignmentState.DONE:
        state = CellState.LATE if assignment.is_late else CellState.DONE
        return Cell(state, assignment.done_at, assignment.id)
    if people.is_absent(person):
        return Cell(CellState.ON_LEAVE, assignment.due_at, assignment.id)
    state = CellState.OVERDUE if assignment.due_at < clock.now() else CellState.OPEN
    return Cell(state, assignment.due_at, assignment.id, assignment.reminded_on == clock.today())
