"""Owns the questions about notices."""

import sqlalchemy as sa

from app.core.db import db
from app.notices.models import Notice


def newest(person_id: int, limit: int = 50) -> list[Notice]:
    """Returns a person's notices, newest first."""
    return list(
        db.session.scalars(
            sa.select(Notice).where(Notice.person_id == person_id).order_by(Notice.id.desc()).limit(limit)
        )
    )


def unread_count(person_id: int) -> int:
    """Returns how many notices the person has not marked as read."""
    query = sa.select(sa.func.count(Notice.id)).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    return int(db.session.scalar(query) or 0)
