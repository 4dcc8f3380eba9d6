"""Owns what training does on news: ask the readers of a publication."""

from app.core import events, jobs


def on_published(event: events.Published) -> None:
    """Queues asking everybody for whom the publication changed something."""
    jobs.enqueue("assign_readers", key=f"readers:{event.publication_id}", publication_id=event.publication_id)
