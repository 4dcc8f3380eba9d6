"""Owns drafting a standard's whole text at once, clause by clause, and keeping what is typed until it is saved.

How a typed text is taken apart stands in `whole_reading.py`. Which section is which clause is decided as for
an imported file (`matching.py`), so that ids survive new headings, moves and insertions.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import sqlalchemy as sa

from app.core import clock
from app.core.access import Actor
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotFound, Reason, Stale
from app.core.text import clean_text
from app.standards import clause_acts, drafting, grammar, queries
from app.standards.clause import Chapter, Clause
from app.standards.comparison import redline_of
from app.standards.conflicts import fitted
from app.standards.document import LIMIT_TEXT_BYTES, Document, primary_of
from app.standards.draft_rows import must_draft
from app.standards.drafted_documents import draft_documents, frames_of
from app.standards.drafting import ClauseText
from app.standards.frame import groups_of
from app.standards.frame_drafting import save_frame
from app.standards.matching import match
from app.standards.models import DraftCopy, Revision
from app.standards.redline import Segment
from app.standards.whole_reading import Typed, current_chapters, frame_chapters, read_typed, write_text

AUTOSAVE = "autosave"


@dataclass
class Done:
    """What a save of the whole text did, as clause ids in reading order. `frame`: chapters or the words before them."""

    changed: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    frame: bool = False

    @property
    def is_empty(self) -> bool:
        """States that the text was as before."""
        return not (self.changed or self.new or self.moved or self.retired or self.frame)


def mark_of(document: Document) -> str:
    """Returns a mark of the text as it is now; a form carries it to tell that it is stale."""
    return mark_of_text(write_text(document))


def mark_of_text(text: str) -> str:
    """Returns the mark of a text as `write_text` makes it."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save_all(
    actor: Actor, revision: Revision, language: str, text: str, *, seen: str, reason: str = ""
) -> Done:
    """Keeps a whole text as drafts of its clauses and its frame; clauses that did not change are not touched.

    New sections become clauses; a section that is left out retires its clause, for `reason`. Both only in the
    standard's first language: a translation adds and takes away nothing. Chapters and the words before the first clause
    may change in each. Nothing is kept when one clause is refused.

    Raises Stale (`draft.all_moved_on`) when the text is not as `seen`; Invalid on `text` with the line for
    what cannot be kept, on `reason` when clauses go without one; Refused for a clause or a frame that another
    revision holds.
    """
    must_draft(actor, revision)
    documents = draft_documents(revision)
    if language not in documents:
        raise NotFound("document.no_text")
    document = documents[language]
    if mark_of(document) != seen:
        raise Stale("draft.all_moved_on")
    typed = read_typed(clean_text(text, LIMIT_TEXT_BYTES, field="text"), document)
    kept = match(typed.sections, document.clauses)
    gone = [c.id for c in document.clauses if c.id not in {old.id for old in kept.values()}]
    is_first = document is primary_of(documents)
    if not is_first and (gone or len(kept) < len(typed.sections)):
        raise Invalid.of("text", "draft.only_first_language")
    if gone and not reason.strip():
        raise Invalid.of("reason", "draft.retire_reason")
    done = Done(retired=gone)
    ids = [kept[i].id if i in kept else None for i in range(len(typed.sections))]
    if not _has_frame(document, typed):
        _keep_frame(actor, revision, language, typed, ids, done)
    order = _keep_words(actor, revision, language, typed.sections, kept, done)
    for clause_id in gone:
        _take_out(actor, revision, clause_id, reason)
    if is_first:
        _keep_order(actor, revision, order, typed, [c.id for c in document.clauses], done)
        _keep_frame(actor, revision, language, typed, order, done)
    _forget(actor, revision, language)
    return done


def keep_typed(
    actor: Actor, revision: Revision, language: str, text: str, *, seen: str, reason: str = "", base: str = ""
) -> None:
    """Keeps what somebody is typing as their own copy, one for each person and language; the drafts stay as they are.

    Raises what `must_draft` raises, TooLarge and Invalid for words that could not be stored.
    """
    must_draft(actor, revision)
    began = base.replace("\r\n", "\n")
    fields = {
        "whole": clean_text(text, LIMIT_TEXT_BYTES, field="text"),
        "seen": seen[:16],
        "reason": reason[:2000],
        "base": began if mark_of_text(began) == seen else "",
    }
    copy = typed_before(actor, revision, language)
    if copy is None:
        copy = DraftCopy(
            revision_id=revision.id, clause_id=_name(language), fields=fields, why=AUTOSAVE, kept_at=clock.now(),
            kept_by_id=actor.person_id,
        )  # fmt: skip
        db.session.add(copy)
    copy.fields, copy.kept_at = fields, clock.now()
    db.session.flush()


def typed_before(actor: Actor, revision: Revision, language: str) -> DraftCopy | None:
    """Returns what the person typed and did not save yet, None when there is nothing."""
    return db.session.scalar(
        sa.select(DraftCopy)
        .where(
            DraftCopy.revision_id == revision.id,
            DraftCopy.clause_id == _name(language),
            DraftCopy.kept_by_id == actor.person_id,
            DraftCopy.why == AUTOSAVE,
        )
        .order_by(DraftCopy.id.desc())
        .limit(1)
    )


def joined(base: str, seen: str, typed: str, now: str) -> str | None:
    """Returns the text that holds what was typed and what others saved meanwhile; None where they collide.

    `base` is the text the typing began with; one that is not the text of the mark `seen` is not trusted.
    """
    began = base.replace("\r\n", "\n")
    if mark_of_text(began) != seen:
        return None
    return fitted(began, typed.replace("\r\n", "\n").strip("\n"), now)


def changed_meanwhile(base: str, now: str) -> list[tuple[str, tuple[Segment, ...]]]:
    """Returns (heading, redline) of the sections that differ between two whole texts; the first one has no heading."""
    old, new = _sections(base.replace("\r\n", "\n")), _sections(now)
    return [
        (heading, redline_of(old.get(heading, ""), new.get(heading, "")))
        for heading in dict.fromkeys([*new, *old])
        if old.get(heading) != new.get(heading)
    ]


def _sections(text: str) -> dict[str, str]:
    return {s.heading: "\n".join(s.lines).strip("\n") for s in grammar.sections(text.split("\n"), 0)}


def _name(language: str) -> str:
    return f"all-{language}"


def _forget(actor: Actor, revision: Revision, language: str) -> None:
    """Takes the typed copy away: its words are the draft now."""
    copy = typed_before(actor, revision, language)
    if copy is not None:
        db.session.delete(copy)
        db.session.flush()


def _keep_frame(
    actor: Actor, revision: Revision, language: str, typed: Typed, ids: Sequence[str | None], done: Done
) -> None:
    """Saves the words before the first clause and the chapters, each clause in the chapter it was typed under."""
    document = draft_documents(revision)[language]
    drafted = frames_of(revision).get(language)
    chapters = frame_chapters(
        typed, document, current_chapters(document, drafted.chapters if drafted else None), ids
    )
    wanted = {i: group for i, group in zip(ids, typed.groups, strict=True) if i is not None}
    where = groups_of(document)
    if _has_frame(document, typed) and all(where[i] == group for i, group in wanted.items()):
        return
    if save_frame(actor, revision, language, typed.preamble, chapters, wanted):
        done.frame = True


def _has_frame(document: Document, typed: Typed) -> bool:
    chapters = tuple(block for block in document.blocks if isinstance(block, Chapter))
    return (document.preamble, chapters) == (typed.preamble, typed.chapters)


def _keep_words(
    actor: Actor,
    revision: Revision,
    language: str,
    sections: Sequence[Clause],
    kept: dict[int, Clause],
    done: Done,
) -> list[str]:
    """Saves what changed and opens what is new; returns the ids of the sections in order."""
    order: list[str] = []
    for index, section in enumerate(sections):
        old = kept.get(index)
        try:
            if old is None:
                names = {"heading_zh": "", "heading_en": "", f"heading_{language}": section.heading}
                draft = drafting.add_clause(
                    actor, revision, after_clause_id=order[-1] if order else None, **names
                )
                order.append(draft.clause_id)
                done.new.append(draft.clause_id)
            else:
                order.append(old.id)
                if (old.heading, old.body) == (section.heading, section.body):
                    continue
                done.changed.append(old.id)
            _save_words(actor, revision, order[-1], language, section)
        except Invalid as refused:
            raise _named(refused, section) from refused
    return order


def _save_words(actor: Actor, revision: Revision, clause_id: str, language: str, section: Clause) -> None:
    draft = queries.clause_draft(revision.id, clause_id)
    words = (
        ClauseText(heading_zh=section.heading, body_zh=section.body)
        if language == "zh"
        else ClauseText(heading_en=section.heading, body_en=section.body)
    )
    drafting.save_clause(
        actor, revision, clause_id, words, seen_version=draft.lock_version if draft else None
    )


def _take_out(actor: Actor, revision: Revision, clause_id: str, reason: str) -> None:
    """Retires a clause; one that is new in this draft is discarded, its words stay kept."""
    base = primary_of(queries.published_documents(revision.standard))
    if base.has(clause_id):
        drafting.retire_clause(actor, revision, clause_id, reason=reason)
    else:
        drafting.discard_draft(actor, revision, clause_id)


def _keep_order(
    actor: Actor,
    revision: Revision,
    order: list[str],
    typed: Typed,
    before: list[str],
    done: Done,
) -> None:
    """Moves the clauses that have to move to come into the order of the sections.

    A chapter that holds none of the clauses around one is left to the frame, which is kept afterwards.
    """
    group = dict(zip(order, typed.groups, strict=True))
    moved = _moved(before, order)
    for index, clause_id in enumerate(order):
        now = primary_of(draft_documents(revision))
        places = [c.id for c in now.clauses]
        where = groups_of(now)
        previous = order[index - 1] if index else None
        stands = places[places.index(clause_id) - 1] if places.index(clause_id) else None
        is_home = where[clause_id] == group[clause_id]
        if is_home and (stands == previous or (clause_id in before and clause_id not in moved)):
            continue
        following = next((c for c in order[index + 1 :] if where[c] == group[clause_id]), None)
        if previous and group[previous] == group[clause_id] == where[previous]:
            clause_acts.move_clause(actor, revision, clause_id, after=previous)
        elif following:
            clause_acts.move_clause(actor, revision, clause_id, before=following)
        elif stands == previous or (clause_id in before and clause_id not in moved):
            continue
        elif previous:
            clause_acts.move_clause(actor, revision, clause_id, after=previous)
        else:
            clause_acts.move_clause(actor, revision, clause_id, before=order[1])
        if clause_id not in done.new:
            done.moved.append(clause_id)


def _moved(before: Sequence[str], order: Sequence[str]) -> set[str]:
    old = [c for c in before if c in order]
    new = [c for c in order if c in before]
    stay: set[str] = set()
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        stay.update(old[block.a : block.a + block.size])
    return set(new) - stay


def _named(refused: Invalid, section: Clause) -> Invalid:
    """Returns the refusal of one clause as one of the whole text, with the heading in front."""
    reasons = [FieldError("text", Reason("draft.section_refused", {"heading": section.heading[:60]}))]
    return Invalid([*reasons, *(FieldError("text", e.reason) for e in refused.errors)])
