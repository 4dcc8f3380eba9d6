"""Owns the numbers of issues: E-1001 and on, none given twice."""

import sqlalchemy as sa

from app.core.db import db
from app.evidence.models import Issue

FIRST_NUMBER = 1001


def next_number() -> str:
    """Returns the number after the highest one given."""
    numbers = db.session.scalars(sa.select(Issue.number))
    highest = max((int(n.removeprefix("E-")) for n in numbers), default=FIRST_NUMBER - 1)
    return f"E-{highest + 1:04d}"
