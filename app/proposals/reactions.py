"""Owns what this room does when others report news: an ended revision has no open scoring."""

from app.core import clock, events
from app.core.db import db
from app.proposals import queries
from app.standards.workflow import State


def close_scoring(event: events.RevisionMoved) -> None:
    """Closes the scoring of a revision that was declined or withdrawn, by whichever way."""
    if event.to_state not in (State.DECLINED.value, State.WITHDRAWN.value):
        return
    row = queries.scoring_of(event.revision_id)
    if row is not None and row.closed_at is None:
        row.closed_at = clock.now()
        db.session.flush()
