"""Owns bringing standards of the starter library into a company: which are missing, and that somebody chose them.

What a company has already is never touched; what a text says is decided in revisions, not here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.core import activity
from app.core.access import SYSTEM, Actor, Permission, Role
from app.core.db import db
from app.core.errors import NotAllowed
from app.people import queries as people
from app.standards import library, starter, word_list
from app.standards.models import Standard


@dataclass(frozen=True)
class Brought:
    """What came of a choice, as codes in order: `made` are new, `there` stood already and stayed as they are, `along`
    are those of the new ones that nobody chose and that others refer to."""

    made: tuple[str, ...]
    there: tuple[str, ...]
    along: tuple[str, ...]


def bring(actor: Actor, codes: Iterable[str]) -> Brought:
    """Publishes the chosen standards that are missing as version 1.0, in force from today, and returns what came of it.

    Choosing again adds only what is missing. The words are the library's own, so an administrator may choose them
    without a right to edit: the text's author is the system, and the log says who chose. Commits standard by
    standard, so that a break keeps what is complete. Raises Invalid for no code or an unknown one, NotAllowed without
    the permission to manage the system.
    """
    _must_manage(actor)
    chosen = tuple(codes)
    wanted = starter.with_references(chosen)
    directors = people.holders(Role.SERVICE_DIRECTOR)
    owner_id = directors[0].id if directors else None
    made: list[str] = []
    for code in wanted:
        if _is_there(code):
            continue
        try:
            library.import_standard(SYSTEM, starter.texts(code), owner_id=owner_id)
        except IntegrityError:  # the same choice was sent twice at once, and the other one came first
            db.session.rollback()
            if not _is_there(code):
                raise
            continue
        activity.record(actor, "standard.chosen", "standard", code)
        db.session.commit()
        made.append(code)
    if made:
        word_list.begin()
        db.session.commit()
    there = tuple(code for code in wanted if code not in made)
    return Brought(tuple(made), there, tuple(code for code in made if code not in chosen))


def give_owner(actor: Actor) -> int:
    """Gives the standards that nobody owns to the service director, and returns how many; none while there is no
    director. The caller commits."""
    _must_manage(actor)
    directors = people.holders(Role.SERVICE_DIRECTOR)
    if not directors:
        return 0
    rows = list(db.session.scalars(sa.select(Standard).where(Standard.owner_id.is_(None))))
    for row in rows:
        row.owner_id = directors[0].id
        activity.record(actor, "standard.owner_set", "standard", row.code)
    return len(rows)


def codes_there() -> frozenset[str]:
    """Returns the codes of all standards of the company."""
    return frozenset(db.session.scalars(sa.select(Standard.code)))


def _is_there(code: str) -> bool:
    return db.session.scalar(sa.select(Standard.id).where(Standard.code == code)) is not None


def _must_manage(actor: Actor) -> None:
    if not (actor.is_system or actor.may(Permission.MANAGE_SYSTEM)):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_SYSTEM.value)
