"""Owns drafting a standard's whole text at once, clause by clause. What is typed and not saved: `whole_typing.py`.

The text comes as rows (`whole_rows.py`), each with the id of its clause, so that ids survive whatever is written; what
the rows say is read in `whole_reading.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from app.core import events
from app.core.access import Actor
from app.core.errors import FieldError, Invalid, NotFound, Stale
from app.standards import clause_acts, drafting, queries
from app.standards.clause import Chapter, Clause
from app.standards.document import Document, primary_of
from app.standards.draft_rows import must_draft
from app.standards.drafted_documents import draft_documents, frames_of
from app.standards.drafting import ClauseText
from app.standards.frame import groups_of
from app.standards.frame_drafting import save_frame
from app.standards.models import Revision
from app.standards.whole_reading import Typed, current_chapters, frame_chapters, read_rows
from app.standards.whole_rows import Rows
from app.standards.whole_typing import forget, mark_of, must_fit


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


def save_all(
    actor: Actor, revision: Revision, language: str, rows: Rows, *, seen: str, reason: str = ""
) -> Done:
    """Keeps a whole text as drafts of its clauses and its frame; clauses that did not change are not touched.

    New rows become clauses; one that is left out retires its clause, for `reason`. Both only in the
    standard's first language: a translation adds and takes away nothing. Chapters and the words before the first clause
    may change in each. Nothing is kept when one clause is refused.

    Raises Stale (`draft.all_moved_on`) when the text is not as `seen`; Invalid on the boxes (`body-c07`) for
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
    must_fit(rows)
    typed = read_rows(rows, document)
    gone = [c.id for c in document.clauses if c.id not in typed.ids]
    is_first = document is primary_of(documents)
    if not is_first and (gone or None in typed.ids):
        raise Invalid.of("rows", "draft.only_first_language")
    if gone and not reason.strip():
        raise Invalid.of("reason", "draft.retire_reason")
    done = Done(retired=gone)
    # Told once: during a review each news would freeze a text that is half the old one and half the new.
    with events.held(events.ClauseDrafted) as news:
        _keep(actor, revision, language, document, typed, done, reason=reason, is_first=is_first)
    if news:
        events.announce(events.TextDrafted(revision.id, actor.person_id))
    forget(actor, revision, language)
    return done


def _keep(
    actor: Actor,
    revision: Revision,
    language: str,
    document: Document,
    typed: Typed,
    done: Done,
    *,
    reason: str,
    is_first: bool,
) -> None:
    if not _has_frame(document, typed):
        _keep_frame(actor, revision, language, typed, typed.ids, done)
    order = _keep_words(actor, revision, language, document, typed, done)
    for clause_id in done.retired:
        _take_out(actor, revision, clause_id, reason)
    if is_first:
        _keep_order(actor, revision, order, typed, [c.id for c in document.clauses], done)
        _keep_frame(actor, revision, language, typed, order, done)


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
    actor: Actor, revision: Revision, language: str, document: Document, typed: Typed, done: Done
) -> list[str]:
    """Saves what changed and opens what is new; returns the ids of the sections in order."""
    order: list[str] = []
    for section, key, known in zip(typed.sections, typed.keys, typed.ids, strict=True):
        try:
            if known is None:
                names = {"heading_zh": "", "heading_en": "", f"heading_{language}": section.heading}
                draft = drafting.add_clause(
                    actor, revision, after_clause_id=order[-1] if order else None, **names
                )
                order.append(draft.clause_id)
                done.new.append(draft.clause_id)
            else:
                order.append(known)
                old = document.clause(known)
                if (old.heading, old.body) == (section.heading, section.body):
                    continue
                done.changed.append(known)
            _save_words(actor, revision, order[-1], language, section)
        except Invalid as refused:
            raise _in_box(refused, key) from refused
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
    places, where = _places(revision)
    for index, clause_id in enumerate(order):
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
        places, where = _places(revision)
        if clause_id not in done.new:
            done.moved.append(clause_id)


def _places(revision: Revision) -> tuple[list[str], dict[str, int]]:
    """Returns the clauses of the working text in order, and the place of the chapter above each."""
    now = primary_of(draft_documents(revision))
    return [clause.id for clause in now.clauses], groups_of(now)


def _moved(before: Sequence[str], order: Sequence[str]) -> set[str]:
    old = [c for c in before if c in order]
    new = [c for c in order if c in before]
    stay: set[str] = set()
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        stay.update(old[block.a : block.a + block.size])
    return set(new) - stay


def _in_box(refused: Invalid, key: str) -> Invalid:
    """Returns the refusal of one clause as one of the box it was typed in."""
    errors = [(e, "heading" if e.field.startswith("heading") else "body") for e in refused.errors]
    return Invalid([FieldError(f"{box}-{key}", e.reason, e.line) for e, box in errors])
