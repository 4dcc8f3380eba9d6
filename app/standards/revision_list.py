"""Owns the list of revisions: its filters and what a row says. Changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.access import Actor
from app.core.db import db
from app.people import queries as people_queries
from app.people.models import Person
from app.standards.models import Revision
from app.standards.revision_page import current_stage
from app.standards.workflow import ENDS, STAGES, State

SHOWS = ("open", "mine", "ended", "all")


@dataclass(frozen=True)
class Wish:
    """What the reader filters by. `stage` None is every stage."""

    show: str = "open"
    stage: int | None = None


@dataclass(frozen=True)
class Row:
    """One revision of the list. `stage` is 1 to 9, for an ended one None."""

    revision: Revision
    stage: int | None
    person: Person | None


@dataclass(frozen=True)
class Listing:
    """The rows that fit, and how many open revisions stand in each stage {1: 3, ...}."""

    rows: tuple[Row, ...]
    counts: Mapping[int, int]


def wish_of(show: str | None, stage: str | None) -> Wish:
    """Returns the filters of an address; anything unknown is the default."""
    number = int(stage) if stage and stage.isdecimal() and 1 <= int(stage) <= len(STAGES) else None
    return Wish(show if show in SHOWS else "open", number)


def rows(actor: Actor, wish: Wish) -> Listing:
    """Returns the revisions that fit, newest first; drafts of others are left out."""
    found = list(
        db.session.scalars(
            sa.select(Revision)
            .options(joinedload(Revision.standard))
            .where(sa.or_(Revision.state != State.DRAFT, Revision.proposer_id == actor.person_id))
            .order_by(Revision.id.desc())
        )
    )
    people = people_queries.by_ids({r.drafter_id or r.proposer_id or 0 for r in found})
    made = [
        Row(
            r,
            None if r.state in ENDS and r.state is not State.ARCHIVED else current_stage(r),
            people.get(r.drafter_id or r.proposer_id or 0),
        )
        for r in found
    ]
    listed = [row for row in made if _shows(row.revision, wish.show, actor)]
    counts = {n: sum(row.stage == n for row in listed) for n in range(1, len(STAGES) + 1)}
    return Listing(
        tuple(row for row in listed if wish.stage is None or row.stage == wish.stage),
        counts,
    )


def _shows(revision: Revision, show: str, actor: Actor) -> bool:
    if show == "mine":
        return actor.person_id in (revision.proposer_id, revision.drafter_id)
    if show == "ended":
        return revision.state in ENDS
    return show == "all" or revision.state not in ENDS
