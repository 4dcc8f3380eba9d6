"""Owns what training does on news: ask the readers of a publication, follow who joins, moves and leaves."""

import sqlalchemy as sa

from app.core import events, jobs
from app.core.db import db
from app.standards.models import Publication


def on_published(event: events.Published) -> None:
    """Queues asking everybody for whom the publication changed something."""
    jobs.enqueue("assign_readers", key=f"readers:{event.publication_id}", publication_id=event.publication_id)


def on_person_changed(event: events.PersonChanged) -> None:
    """Queues a look at what the person has to read; before the first publication there is nothing to read."""
    if db.session.scalar(sa.select(Publication.id).limit(1)) is not None:
        jobs.enqueue("keep_in_step", person_id=event.person_id)
