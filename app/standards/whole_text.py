"""Owns drafting a standard's whole text at once: written as headed sections, read back clause by clause.

Which section is which clause is decided as for an imported file (`matching.py`), so that ids survive new headings, moves and
insertions. Chapters and what stands between clauses are not drafted here.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from app.core.access import Actor
from app.core.errors import FieldError, Invalid, NotFound, Reason, Stale
from app.core.text import clean_text
from app.standards import clause_acts, drafting, grammar, queries
from app.standards.clause import Block, Chapter, Clause
from app.standards.document import LIMIT_TEXT_BYTES, Document, primary_of
from app.standards.draft_rows import must_draft
from app.standards.drafted_documents import draft_documents
from app.standards.drafting import ClauseText
from app.standards.matching import match
from app.standards.models import Revision

NOBODY = "c01"  # stands for an id while sections are compared


@dataclass
class Done:
    """What a save of the whole text did, as clause ids in reading order."""

    changed: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """States that the text was as before."""
        return not (self.changed or self.new or self.moved or self.retired)


def write_text(document: Document) -> str:
    """Returns chapters and clauses as headed sections, without ids, tags and measures."""
    return "\n\n".join(_written(block) for block in document.blocks)


def mark_of(document: Document) -> str:
    """Returns a mark of the text as it is now; a form carries it to tell that it is stale."""
    return hashlib.sha256(write_text(document).encode()).hexdigest()[:16]


def save_all(
    actor: Actor, revision: Revision, language: str, text: str, *, seen: str, reason: str = ""
) -> Done:
    """Keeps a whole text as drafts of its clauses; clauses that did not change are not touched.

    New sections become clauses; a section that is left out retires its clause, for `reason`. Both only in the
    standard's first language: a translation adds and takes away nothing. Nothing is kept when one clause is refused.

    Raises Stale (`draft.all_moved_on`) when the text is not as `seen`; Invalid on `text` with the line, for chapters that
    differ and clauses that cannot be kept, on `reason` when clauses go without one; Refused for a clause held elsewhere.
    """
    must_draft(actor, revision)
    documents = draft_documents(revision)
    if language not in documents:
        raise NotFound("document.no_text")
    document = documents[language]
    if mark_of(document) != seen:
        raise Stale("draft.all_moved_on")
    sections = _read(clean_text(text, LIMIT_TEXT_BYTES, field="text"), document)
    kept = match(sections, document.clauses)
    gone = [c.id for c in document.clauses if c.id not in {old.id for old in kept.values()}]
    is_first = document is primary_of(documents)
    if not is_first and (gone or len(kept) < len(sections)):
        raise Invalid.of("text", "draft.only_first_language")
    if gone and not reason.strip():
        raise Invalid.of("reason", "draft.retire_reason")
    done = Done(retired=gone)
    order = _keep_words(actor, revision, language, sections, kept, done)
    for clause_id in gone:
        _take_out(actor, revision, clause_id, reason)
    if is_first:
        _keep_order(actor, revision, order, sections, [c.id for c in document.clauses], done)
    return done


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
    sections: Sequence[Clause],
    before: list[str],
    done: Done,
) -> None:
    """Moves the clauses that have to move to come into the order of the sections."""
    for index, clause_id in enumerate(order):
        now = primary_of(draft_documents(revision))
        places = [c.id for c in now.clauses]
        chapter = now.clause(clause_id).chapter
        previous = order[index - 1] if index else None
        stands = places[places.index(clause_id) - 1] if places.index(clause_id) else None
        if stands == previous and chapter == sections[index].chapter:
            continue
        if (
            clause_id in before
            and clause_id not in _moved(before, order)
            and chapter == sections[index].chapter
        ):
            continue
        following = next(
            (c for c in order[index + 1 :] if now.clause(c).chapter == sections[index].chapter), None
        )
        if previous and sections[index - 1].chapter == sections[index].chapter:
            clause_acts.move_clause(actor, revision, clause_id, after=previous)
        elif following:
            clause_acts.move_clause(actor, revision, clause_id, before=following)
        else:
            raise Invalid.of("text", "draft.chapters_differ")
        if clause_id not in done.new:
            done.moved.append(clause_id)


def _moved(before: Sequence[str], order: Sequence[str]) -> set[str]:
    old = [c for c in before if c in order]
    new = [c for c in order if c in before]
    stay: set[str] = set()
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        stay.update(old[block.a : block.a + block.size])
    return set(new) - stay


def _read(text: str, document: Document) -> list[Clause]:
    """Returns the sections as clauses without their own ids; the chapters must be those of the document."""
    first, *rest = grammar.sections(text.split("\n"), 0)
    if any(line.strip() for line in first.lines):
        raise Invalid([FieldError("text", Reason("draft.words_before_heading"), 1)])
    chapters = [block for block in document.blocks if isinstance(block, Chapter)]
    found: list[Block] = []
    waiting = list(chapters)
    least = min((clause.level for clause in document.clauses), default=3)
    for section in rest:
        body = "\n".join(section.lines).strip("\n")
        if waiting and (section.heading, section.level) == (waiting[0].heading, waiting[0].level):
            chapter = waiting.pop(0)
            if body.strip() != chapter.body.strip():
                raise Invalid([FieldError("text", Reason("draft.chapters_differ"), section.line)])
            found.append(chapter)
            continue
        if section.level < least:  # a chapter that was not there
            raise Invalid([FieldError("text", Reason("draft.chapters_differ"), section.line)])
        above = next((b.heading for b in reversed(found) if isinstance(b, Chapter)), "")
        try:
            if grammar.attributes_of(section.heading)[1] is not None:  # ids and tags are not given by hand
                raise Invalid.of("text", "document.bad_attributes", value=section.heading[-60:])
            found.append(Clause(NOBODY, section.heading, body, level=section.level, chapter=above))
        except Invalid as refused:
            faults = [FieldError("text", e.reason, section.line) for e in refused.errors]
            raise Invalid(faults) from refused
    if waiting:
        raise Invalid.of("text", "draft.chapters_differ")
    return [block for block in found if isinstance(block, Clause)]


def _written(block: Block) -> str:
    heading = f"{'#' * block.level} {block.heading}"
    return f"{heading}\n\n{block.body}" if block.body else heading


def _named(refused: Invalid, section: Clause) -> Invalid:
    """Returns the refusal of one clause as one of the whole text, with the heading in front."""
    reasons = [FieldError("text", Reason("draft.section_refused", {"heading": section.heading[:60]}))]
    return Invalid([*reasons, *(FieldError("text", e.reason) for e in refused.errors)])
