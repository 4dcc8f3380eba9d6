"""Owns notes that their author holds until they have finished: counting, listing, sending and deleting them.

Notes are sent at once unless held; what is held is counted on every page, so that nobody takes silence for an answer
(experience.md D7). A signature, and sending a draft back, sends what its author held in that revision.
"""

import sqlalchemy as sa

from app.core import activity, clock
from app.core.access import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.core.once import asked_once
from app.people.models import Person
from app.reviews import threads
from app.reviews.models import ReviewThread, ThreadNote
from app.standards.models import Revision
from app.standards.workflow import ENDS


def send(actor: Actor, revision: Revision | None = None) -> int:
    """Sends the actor's held notes, of one revision or all, and returns how many; none held is nothing sent.

    Whoever has to know is told of each, but not where the revision has ended meanwhile: there the note only stands.
    """
    rows = _rows(actor.person_id, revision.id if revision else None)
    for note, thread, of in rows:
        note.is_held, note.at = False, clock.now()
        db.session.flush()
        if of.state not in ENDS:
            threads.tell(actor, of, thread, note)
    return len(rows)


def delete(actor: Actor, note_id: int) -> None:
    """Deletes a held note of the actor, and its thread where nothing else stands in it. Raises NotFound for any other."""
    found = next((row for row in _rows(actor.person_id) if row[0].id == note_id), None)
    if found is None:
        raise NotFound("thread.unknown")
    note, thread, revision = found
    activity.record(actor, "thread.held_deleted", "revision", revision.number, clause=thread.clause_id)
    db.session.delete(note)
    db.session.flush()
    others = sa.select(sa.func.count(ThreadNote.id)).where(ThreadNote.thread_id == thread.id)
    if not db.session.scalar(others):
        db.session.execute(sa.delete(ReviewThread).where(ReviewThread.id == thread.id))


def notes_of(person_id: int) -> list[tuple[ThreadNote, ReviewThread, Revision]]:
    """Returns the notes that a person holds, oldest first, each with its thread and revision."""
    return _rows(person_id)


@asked_once
def count(person_id: int) -> int:
    """Returns how many notes the person holds."""
    query = sa.select(sa.func.count(ThreadNote.id)).where(
        ThreadNote.is_held, ThreadNote.author_id == person_id
    )
    return int(db.session.scalar(query) or 0)


def count_of_person() -> sa.ScalarSelect[int]:
    """Returns the same number as a part of a wider question about Person."""
    return (
        sa.select(sa.func.count(ThreadNote.id))
        .where(ThreadNote.is_held, ThreadNote.author_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )


def _rows(
    person_id: int | None, revision_id: int | None = None
) -> list[tuple[ThreadNote, ReviewThread, Revision]]:
    query = (
        sa.select(ThreadNote, ReviewThread, Revision)
        .join(ReviewThread, ReviewThread.id == ThreadNote.thread_id)
        .join(Revision, Revision.id == ReviewThread.revision_id)
        .where(ThreadNote.is_held, ThreadNote.author_id == person_id)
        .order_by(ThreadNote.id)
    )
    if revision_id is not None:
        query = query.where(Revision.id == revision_id)
    return [(note, thread, revision) for note, thread, revision in db.session.execute(query).unique()]
