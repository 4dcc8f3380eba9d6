"""Owns the questions to the activity log: which lines fit, whose they are, whether the chain holds. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.core.activity import ActivityLine
from app.core.db import db
from app.people.models import Person

MOST_EXPORTED = 100_000


@dataclass(frozen=True)
class Wish:
    """What to look for; empty fields fit everything. `object_key` is the whole key, such as `26-014`."""

    verb: str = ""
    object_kind: str = ""
    object_key: str = ""
    subject: str = ""


def count(wish: Wish) -> int:
    """Returns how many lines fit."""
    return int(db.session.scalar(sa.select(sa.func.count(ActivityLine.seq)).where(*_conditions(wish))) or 0)


def lines(wish: Wish, offset: int = 0, limit: int = 50) -> list[ActivityLine]:
    """Returns the lines that fit, newest first."""
    query = sa.select(ActivityLine).where(*_conditions(wish)).order_by(ActivityLine.seq.desc())
    return list(db.session.scalars(query.offset(offset).limit(limit)))


def exported(wish: Wish) -> Iterable[list[object]]:
    """Yields the rows of the export, oldest first: number, moment (UTC), subject, verb, object, line and hash."""
    query = sa.select(ActivityLine).where(*_conditions(wish)).order_by(ActivityLine.seq).limit(MOST_EXPORTED)
    for row in db.session.scalars(query.execution_options(yield_per=1000)):
        yield [
            row.seq,
            row.at.isoformat(),
            row.subject,
            row.verb,
            row.object_kind,
            row.object_key,
            row.line,
            row.hash,
        ]


def verbs() -> list[str]:
    """Returns every verb that stands in the log, sorted."""
    return list(db.session.scalars(sa.select(ActivityLine.verb).distinct().order_by(ActivityLine.verb)))


def object_kinds() -> list[str]:
    """Returns every kind of object that stands in the log, sorted."""
    kind = ActivityLine.object_kind
    return list(db.session.scalars(sa.select(kind).distinct().order_by(kind)))


def people_of(rows: Iterable[ActivityLine]) -> dict[str, Person]:
    """Returns who the subjects of the lines are; the system and unknown ones are absent."""
    subjects = {row.subject for row in rows} | {row.object_key for row in rows if row.object_kind == "person"}
    return {p.subject: p for p in db.session.scalars(sa.select(Person).where(Person.subject.in_(subjects)))}


def subject_of(words: str) -> str:
    """Returns the subject for a sign-in name or a name; words that are neither are taken as a subject themselves."""
    found = db.session.scalar(
        sa.select(Person.subject)
        .where(
            sa.or_(Person.sign_in_name == words.casefold(), Person.name == words, Person.name_latin == words)
        )
        .limit(1)
    )
    return found or words


def _conditions(wish: Wish) -> list[sa.ColumnElement[bool]]:
    made: list[sa.ColumnElement[bool]] = []
    if wish.verb:
        made.append(ActivityLine.verb == wish.verb)
    if wish.object_kind:
        made.append(ActivityLine.object_kind == wish.object_kind)
    if wish.object_key:
        made.append(ActivityLine.object_key == wish.object_key)
    if wish.subject:
        made.append(ActivityLine.subject == wish.subject)
    return made
