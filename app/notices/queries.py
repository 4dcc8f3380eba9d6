"""Owns the questions about notices."""

import sqlalchemy as sa

from app.core.db import db
from app.core.once import asked_once
from app.notices.models import Notice
from app.people.models import Person


def newest(person_id: int, limit: int = 50) -> list[Notice]:
    """Returns a person's notices, newest first."""
    return list(
        db.session.scalars(
            sa.select(Notice).where(Notice.person_id == person_id).order_by(Notice.id.desc()).limit(limit)
        )
    )


@asked_once
def unread_count(person_id: int) -> int:
    """Returns how many notices the person has not marked as read."""
    query = sa.select(sa.func.count(Notice.id)).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    return int(db.session.scalar(query) or 0)


def unread_count_of_person() -> sa.ScalarSelect[int]:
    """Returns the same number as a part of a wider question about Person."""
    return (
        sa.select(sa.func.count(Notice.id))
        .where(Notice.person_id == Person.id, Notice.read_at.is_(None))
        .correlate(Person)
        .scalar_subquery()
    )
