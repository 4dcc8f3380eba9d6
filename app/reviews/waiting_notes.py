"""Owns which notes in a drafter's revisions wait for an answer. Writes nothing.

A note is answered when the drafter wrote after it, took over the wording it suggests, or the discussion is resolved.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.core.db import db
from app.reviews.models import ReviewThread, ThreadNote
from app.standards.models import Revision
from app.standards.workflow import WRITABLE_STATES


@dataclass(frozen=True)
class Said:
    """A note as the rule reads it: in which discussion, by whom (None: from outside), whether its wording was taken over."""

    thread_id: int
    author_id: int | None
    is_applied: bool = False


@dataclass(frozen=True)
class Unanswered:
    """What waits in one revision: how many notes, and the discussion with the first of them."""

    number: str
    title: str
    title_en: str
    count: int
    thread_id: int


def unanswered(notes: Iterable[Said], drafter_id: int) -> list[int]:
    """Returns the discussions of the notes that wait, one entry for each note; `notes` are in the order of writing."""
    waiting: dict[int, int] = {}
    for note in notes:
        is_answer = note.author_id == drafter_id or note.is_applied
        waiting[note.thread_id] = 0 if is_answer else waiting.get(note.thread_id, 0) + 1
    return [thread_id for thread_id, count in waiting.items() for _note in range(count)]


def of_drafter(person_id: int) -> list[Unanswered]:
    """Returns what waits for a drafter in the own revisions whose text may still change, oldest revision first."""
    rows = db.session.execute(
        sa.select(
            Revision.number,
            Revision.title,
            Revision.title_en,
            ThreadNote.thread_id,
            ThreadNote.author_id,
            ThreadNote.applied_at,
        )
        .join(ReviewThread, ReviewThread.revision_id == Revision.id)
        .join(ThreadNote, ThreadNote.thread_id == ReviewThread.id)
        .where(
            Revision.drafter_id == person_id,
            Revision.state.in_(sorted(WRITABLE_STATES)),
            ReviewThread.resolved_at.is_(None),
            sa.not_(ThreadNote.is_held),
        )
        .order_by(Revision.id, ThreadNote.id)
    ).all()
    revisions = {row.number: row for row in rows}
    made = []
    for number, one in revisions.items():
        said = [Said(r.thread_id, r.author_id, r.applied_at is not None) for r in rows if r.number == number]
        waiting = unanswered(said, person_id)
        if waiting:
            made.append(Unanswered(number, one.title, one.title_en, len(waiting), waiting[0]))
    return made
