"""Owns the verbs of discussion: threads on clauses, suggested wording that the drafter takes over in one click."""

import sqlalchemy as sa

from app.core import activity, clock, events
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from app.core.text import clean_text
from app.reviews.models import ReviewThread, ThreadNote
from app.standards import drafting, queries
from app.standards.conflicts import fitted
from app.standards.draft_rows import must_draft
from app.standards.drafted_documents import draft_documents
from app.standards.drafting import ClauseText
from app.standards.frame import FRAME_PARTS, words_of
from app.standards.models import ClauseDraft, Revision
from app.standards.workflow import ENDS

LIMIT_NOTE_BYTES = 16 * 1024


def open_thread(
    actor: Actor,
    revision: Revision,
    clause_id: str,
    text: str,
    *,
    suggested_zh: str | None = None,
    suggested_en: str | None = None,
    is_held: bool = False,
) -> ReviewThread:
    """Opens a thread on a clause, or on a part of the frame, with its first note; it is sent at once unless it is held (see `held.send`)."""
    _must_discuss(actor, revision)
    thread = _new_thread(actor, revision, clause_id)
    add_note(
        actor,
        revision,
        thread.id,
        text,
        suggested_zh=suggested_zh,
        suggested_en=suggested_en,
        is_held=is_held,
    )
    return thread


def open_from_outside(
    actor: Actor, revision: Revision, clause_id: str, text: str, *, counsel_id: int
) -> ThreadNote:
    """Opens a thread for outside counsel, who has no account; the same words twice in a row are one note."""
    words = clean_text(text, LIMIT_NOTE_BYTES, field="text").strip()
    if not words:
        raise Invalid.of("text", "note.empty")
    last = db.session.scalar(
        sa.select(ThreadNote)
        .join(ReviewThread, ReviewThread.id == ThreadNote.thread_id)
        .where(ThreadNote.counsel_id == counsel_id, ReviewThread.clause_id == clause_id)
        .order_by(ThreadNote.id.desc())
        .limit(1)
    )
    if last is not None and last.text == words:
        return last
    thread = _new_thread(actor, revision, clause_id)
    note = ThreadNote(thread_id=thread.id, counsel_id=counsel_id, text=words, at=clock.now())
    db.session.add(note)
    db.session.flush()
    tell(actor, revision, thread, note)
    return note


def add_note(
    actor: Actor,
    revision: Revision,
    thread_id: int,
    text: str,
    *,
    suggested_zh: str | None = None,
    suggested_en: str | None = None,
    is_held: bool = False,
) -> ThreadNote:
    """Adds a note; the same words by the same person twice in a row are one note. Raises Invalid when empty.

    Wording is suggested for clauses only: Refused for a part of the frame.
    """
    _must_discuss(actor, revision)
    thread = _thread(actor, revision, thread_id, even_empty=True)
    words = clean_text(text, LIMIT_NOTE_BYTES, field="text").strip()
    zh = clean_text(suggested_zh, LIMIT_NOTE_BYTES, field="suggested_zh").strip() if suggested_zh else None
    en = clean_text(suggested_en, LIMIT_NOTE_BYTES, field="suggested_en").strip() if suggested_en else None
    if (zh or en) and thread.clause_id in FRAME_PARTS:
        raise Refused("thread.only_clauses_suggested")
    if not words and not zh and not en:
        raise Invalid.of("text", "note.empty")
    last = db.session.scalar(
        sa.select(ThreadNote).where(ThreadNote.thread_id == thread.id).order_by(ThreadNote.id.desc()).limit(1)
    )
    if last is not None and (last.author_id, last.text, last.suggested_zh) == (actor.person_id, words, zh):
        return last
    note = ThreadNote(
        thread_id=thread.id,
        author_id=actor.person_id,
        text=words,
        suggested_zh=zh,
        suggested_en=en,
        at=clock.now(),
        is_held=is_held,
    )
    db.session.add(note)
    db.session.flush()
    if not is_held:
        tell(actor, revision, thread, note)
    return note


def apply_suggestion(actor: Actor, revision: Revision, note_id: int) -> tuple[ClauseDraft, bool]:
    """Puts the suggested wording into the draft as the actor's own change; also after the clause moved on.

    Returns the draft, and whether what others changed since the suggestion was put together with it. Raises Stale
    (`thread.collides`) where both changed the same words: then a person has to choose.
    """
    note, thread = _note(actor, revision, note_id)
    if note.suggested_zh is None and note.suggested_en is None:
        raise Refused("thread.nothing_suggested")
    must_draft(actor, revision)  # nobody saves between reading the text and writing it
    documents = draft_documents(revision)
    made: dict[str, str] = {}
    for language, suggested, base in (
        ("zh", note.suggested_zh, thread.body_zh),
        ("en", note.suggested_en, thread.body_en),
    ):
        if suggested is None:
            continue
        document = documents.get(language)
        now = document.clause(thread.clause_id).body if document and document.has(thread.clause_id) else ""
        together = fitted(base, suggested, now)
        if together is None:
            raise Stale("thread.collides", clause=thread.clause_id.upper())
        made[language] = together
    seen = queries.clause_draft(revision.id, thread.clause_id)
    draft = drafting.save_clause(
        actor,
        revision,
        thread.clause_id,
        ClauseText(body_zh=made.get("zh"), body_en=made.get("en")),
        seen_version=seen.lock_version if seen else None,
    )
    note.applied_at = clock.now()
    db.session.flush()
    return draft, made != {
        language: words
        for language, words in (("zh", note.suggested_zh), ("en", note.suggested_en))
        if words is not None
    }


def suggestion_of(actor: Actor, revision: Revision, note_id: int) -> tuple[str, ClauseText]:
    """Returns the clause and the wording that a note suggests. Raises NotFound for a note of another revision."""
    note, thread = _note(actor, revision, note_id)
    return thread.clause_id, ClauseText(body_zh=note.suggested_zh, body_en=note.suggested_en)


def resolve(actor: Actor, revision: Revision, thread_id: int) -> ReviewThread:
    """Resolves a thread: the person who opened it or a drafter may; again changes nothing."""
    thread = _thread(actor, revision, thread_id)
    if actor.person_id != thread.opened_by_id and not actor.may(Permission.DRAFT):
        raise NotAllowed("thread.not_yours")
    if thread.resolved_at is None:
        thread.resolved_at, thread.resolved_by_id = clock.now(), actor.person_id
        activity.record(actor, "thread.resolved", "revision", revision.number, clause=thread.clause_id)
    return thread


def _new_thread(actor: Actor, revision: Revision, clause_id: str) -> ReviewThread:
    documents = draft_documents(revision)
    if clause_id not in FRAME_PARTS and not any(d.has(clause_id) for d in documents.values()):
        raise NotFound("document.unknown_clause", clause=clause_id[:40])
    bodies = {language: words_of(document, clause_id) for language, document in documents.items()}
    thread = ReviewThread(
        revision_id=revision.id,
        clause_id=clause_id,
        opened_by_id=actor.person_id,
        opened_at=clock.now(),
        body_zh=bodies.get("zh", ""),
        body_en=bodies.get("en", ""),
    )
    db.session.add(thread)
    db.session.flush()
    return thread


def tell(actor: Actor, revision: Revision, thread: ReviewThread, note: ThreadNote) -> None:
    """Writes a note that is sent into the log and tells who has to know of it."""
    activity.record(actor, "thread.note_written", "revision", revision.number, clause=thread.clause_id)
    events.announce(events.NoteWritten(revision.id, thread.id, note.id))


def _thread(actor: Actor, revision: Revision, thread_id: int, *, even_empty: bool = False) -> ReviewThread:
    """Returns a thread that the actor may read: one that holds nothing but held notes of others is unknown to them."""
    thread = db.session.get(ReviewThread, thread_id)
    if thread is None or thread.revision_id != revision.id:
        raise NotFound("thread.unknown")
    notes = db.session.scalars(sa.select(ThreadNote).where(ThreadNote.thread_id == thread.id)).all()
    if not any(_is_read(actor, note) for note in notes) and not (even_empty and not notes):
        raise NotFound("thread.unknown")
    return thread


def _note(actor: Actor, revision: Revision, note_id: int) -> tuple[ThreadNote, ReviewThread]:
    note = db.session.get(ThreadNote, note_id)
    if note is None or not _is_read(actor, note):
        raise NotFound("thread.unknown")
    return note, _thread(actor, revision, note.thread_id)


def _is_read(actor: Actor, note: ThreadNote) -> bool:
    return not note.is_held or (actor.person_id is not None and note.author_id == actor.person_id)


def _must_discuss(actor: Actor, revision: Revision) -> None:
    if not (actor.may(Permission.REVIEW) or actor.may(Permission.DRAFT) or actor.may(Permission.TRIAGE)):
        raise NotAllowed("move.no_permission", permission=Permission.REVIEW.value)
    if revision.state in ENDS:
        raise Refused("thread.revision_ended", number=revision.number)
