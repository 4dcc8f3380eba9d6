"""Owns the one question that brings a revision with what rooms keep beside it, at most a row or a number each.

The wiring page names what each room keeps; who reads it asks the room's own query function and knows nothing of this.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from app.core import once
from app.core.db import db
from app.core.errors import NotFound
from app.people import queries as people
from app.people.models import Person
from app.standards.models import Revision, Standard

UNKNOWN = object()


@dataclass(frozen=True)
class Beside:
    """Something a room keeps beside a revision. `question` is made with `asked_once` and takes the revision's id.

    `what` is a table whose row `on` joins (at most one a revision), or a scalar subquery that correlates with Revision
    (`on` None). `answer` makes of it what the question answers, or UNKNOWN to let it be asked when it is needed.
    """

    question: Callable[[int], Any]
    what: Any
    on: sa.ColumnElement[bool] | None = None
    answer: Callable[[Any], Any] = lambda row: row
    options: tuple[ORMOption, ...] = field(default=())


_kept: list[Beside] = []


def wire(kept: Iterable[Beside]) -> None:
    """Sets what stands beside a revision; called once by the wiring page."""
    _kept[:] = kept


def revision_with_all(number: str) -> Revision:
    """Returns the revision and puts down its proposer and what stands beside it, in one query. Raises NotFound.

    For pages that show most of it; where nothing is remembered it is the plain question.
    """
    kept = list(_kept) if once.is_remembering() else []
    proposer = aliased(Person)
    query = (
        sa.select(Revision, proposer, *(one.what for one in kept))
        .join(Standard, Standard.id == Revision.standard_id)
        .outerjoin(proposer, proposer.id == Revision.proposer_id)
        .where(Revision.number == number)
    )
    for one in kept:
        if one.on is not None:
            query = query.outerjoin(one.what, one.on)
    options = [option for one in kept for option in one.options]
    row = db.session.execute(query.options(joinedload(Revision.standard), *options)).first()
    if row is None:
        raise NotFound("revision.unknown", number=number[:40])
    revision: Revision = row[0]
    people.know(row[1])
    for one, found in zip(kept, row[2:], strict=True):
        answer = one.answer(found)
        if answer is not UNKNOWN:
            once.remember(one.question, answer, revision.id)
    return revision


def none_if_zero(count: int | None) -> Any:
    """Returns the empty list for no rows, UNKNOWN otherwise: rows that are not there are not asked for."""
    return UNKNOWN if count else []


def count_of(id_column: Any, revision_id_column: Any) -> Any:
    """Returns how many rows name the revision, as a scalar subquery."""
    counted = sa.select(sa.func.count(id_column)).where(revision_id_column == Revision.id)
    return counted.correlate(Revision).scalar_subquery()


def newest_of(id_column: Any, revision_id_column: Any) -> sa.ColumnElement[bool]:
    """Returns the condition that a row is the newest of its revision."""
    table = id_column.class_.__table__.alias()
    newest = sa.select(sa.func.max(table.c.id)).where(table.c[revision_id_column.key] == Revision.id)
    condition: sa.ColumnElement[bool] = id_column == newest.correlate(Revision.__table__).scalar_subquery()
    return condition
