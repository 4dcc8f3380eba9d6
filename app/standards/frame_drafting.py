"""Owns drafting what stands around the clauses: the words before the first one, and the chapters. Reads no whole text.

Only one open revision of a standard drafts its frame at a time, as only one holds a clause.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.core import activity, events
from app.core.access import Actor
from app.core.db import db
from app.core.errors import Refused
from app.standards import queries
from app.standards.document import Document
from app.standards.draft_rows import must_draft
from app.standards.drafted_documents import apply_drafts, draft_documents, frames_of
from app.standards.frame import FRAME, Frame, FrameChapter, defaults_of, frame_of, groups_of
from app.standards.models import ClauseLock, Revision
from app.standards.rendering import must_render

AUTHORS = "authors"


def save_frame(
    actor: Actor,
    revision: Revision,
    language: str,
    preamble: str,
    chapters: Sequence[FrameChapter],
    wanted: Mapping[str, int],
) -> bool:
    """Keeps the words before the first clause and the chapters as this revision's draft; tells whether they changed.

    `wanted` is {clause id: place of its chapter}; who is not in it follows its published chapter. A frame as
    published is no draft any more and is free for other revisions. Raises Refused (`draft.frame_taken`)
    naming the one that has it.
    """
    must_draft(actor, revision)
    must_render(preamble, "text")
    base = queries.published_documents(revision.standard)[language]
    bare = apply_drafts(queries.published_documents(revision.standard), queries.clause_drafts(revision.id))
    frame = Frame(preamble, tuple(chapters), _places(bare[language], chapters, wanted))
    before = frames_of(revision).get(language)
    if frame == (before or frame_of(base)):
        return False
    _claim(revision)
    _write(actor, revision, language, None if frame == frame_of(base) else frame)
    activity.record(actor, "frame.saved", "revision", revision.number)
    events.announce(events.ClauseDrafted(revision.id, FRAME, actor.person_id))
    return True


def stand_with(revision: Revision, clause_id: str, beside: str) -> None:
    """Puts a clause into the chapter of another one, in every drafted frame; without one its order says enough."""
    documents = draft_documents(revision)
    for language, frame in frames_of(revision).items():
        at = groups_of(documents[language]).get(beside)
        if at is not None:
            _keep(revision, language, replace(frame, places={**frame.places, clause_id: at}))


def stand_as_published(revision: Revision, clause_id: str) -> None:
    """Lets a clause that was moved stand in its published chapter again, in every drafted frame."""
    for language, frame in frames_of(revision).items():
        places = {key: at for key, at in frame.places.items() if key != clause_id}
        _keep(revision, language, replace(frame, places=places))


def frame_authors(revision: Revision) -> list[int]:
    """Returns the people who ever drafted the frame of this revision; none of them signs it."""
    return [int(person) for person in (revision.frame or {}).get(AUTHORS, ())]


def _places(bare: Document, chapters: Sequence[FrameChapter], wanted: Mapping[str, int]) -> dict[str, int]:
    """Returns what has to be said of the clauses: those that do not stand where their published chapter is."""
    defaults = defaults_of(bare, chapters)
    return {clause_id: at for clause_id, at in wanted.items() if defaults.get(clause_id) != at}


def _claim(revision: Revision) -> None:
    lock = db.session.get(ClauseLock, (revision.standard_id, FRAME))
    if lock is not None and lock.revision_id != revision.id:
        other = db.session.get_one(Revision, lock.revision_id)
        raise Refused("draft.frame_taken", number=other.number)
    if lock is None:
        db.session.add(ClauseLock(standard_id=revision.standard_id, clause_id=FRAME, revision_id=revision.id))
        db.session.flush()


def _write(actor: Actor, revision: Revision, language: str, frame: Frame | None) -> None:
    kept = {key: value for key, value in (revision.frame or {}).items() if key != language}
    if frame is not None:
        kept[language] = frame.to_data()
    people = {*kept.get(AUTHORS, ()), *([actor.person_id] if actor.person_id else [])}
    has_frame = any(key != AUTHORS for key in kept)
    revision.frame = {**kept, AUTHORS: sorted(people)} if has_frame else {}
    if not has_frame:
        lock = db.session.get(ClauseLock, (revision.standard_id, FRAME))
        if lock is not None:
            db.session.delete(lock)
    db.session.flush()


def _keep(revision: Revision, language: str, frame: Frame) -> None:
    revision.frame = {**(revision.frame or {}), language: frame.to_data()}
    db.session.flush()
