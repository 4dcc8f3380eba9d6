"""Owns the conflict of two drafters on one clause: both texts against the text in force, and the choice. Saves nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.core.db import db
from app.core.errors import NotFound
from app.people import queries as people_queries
from app.people.models import Person
from app.standards import editor_texts, queries
from app.standards.comparison import ClauseState, Difference
from app.standards.drafting import ClauseText, text_of
from app.standards.forms import ClauseInput
from app.standards.git import merged
from app.standards.measures import Measure
from app.standards.models import DraftCopy, Revision

_PHRASE_ENDS = re.compile(r"(?<=[。；！？，])|(?<=[.;!?,] )")
_LINE_END = "\u2028"  # no text holds it: `clean_text` makes it a line end


@dataclass(frozen=True)
class Conflict:
    """Both texts against the text in force, by language; `result` fills the boxes and carries the newest version.

    `is_joined` says that both changes fit together and the boxes hold both; else they hold yours.
    """

    copy_id: int
    theirs: tuple[Difference, ...]
    yours: tuple[Difference, ...]
    their_measures: tuple[Measure, ...]
    your_measures: tuple[Measure, ...]
    saved_by: Person | None
    saved_at: object
    result: ClauseInput
    is_joined: bool = False

    @property
    def measures_differ(self) -> bool:
        """States that the two drafters measure differently, so that one of both must be chosen."""
        return [m.to_data() for m in self.their_measures] != [m.to_data() for m in self.your_measures]


def conflict_of(revision: Revision, clause_id: str, typed: ClauseInput, copy_id: int) -> Conflict:
    """Returns the conflict after a refused save whose words were kept as the copy."""
    texts = editor_texts.texts_of(revision)
    draft = texts.draft(clause_id)
    if draft is None:
        raise NotFound("draft.none", clause=clause_id[:40].upper())
    theirs = editor_texts.input_of(texts, clause_id)
    free = texts.free_measure_ids()
    people = people_queries.by_ids([draft.saved_by_id or 0])
    joined = _joined(editor_texts.state_of(texts.base, clause_id), theirs.texts, typed.texts)
    return Conflict(
        copy_id=copy_id,
        theirs=_against_base(texts, clause_id, theirs),
        yours=_against_base(texts, clause_id, typed),
        their_measures=tuple(theirs.read_measures(clause_id, free)[0]),
        your_measures=tuple(typed.read_measures(clause_id, free)[0]),
        saved_by=people.get(draft.saved_by_id or 0),
        saved_at=draft.saved_at,
        result=replace(typed, version=draft.lock_version, texts=joined or typed.texts),
        is_joined=joined is not None,
    )


def resolved(
    revision: Revision, clause_id: str, typed: ClauseInput, copy_id: int | None, wish: str, measured: str
) -> ClauseText:
    """Returns the text that a choice makes: `wish` mine takes the copy, all else the words in the boxes.

    `measured` theirs takes their measures, tags and audience to the words in the boxes.

    Raises NotFound when the kept text is not one of this clause.
    """
    copy = db.session.get(DraftCopy, copy_id or 0)
    if copy is None or (copy.revision_id, copy.clause_id) != (revision.id, clause_id):
        raise NotFound("draft.copy_unknown")
    mine = _text_of_copy(copy)
    if wish == "mine":
        return mine
    draft = queries.clause_draft(revision.id, clause_id)
    other = text_of(draft) if draft else mine
    facts = other if measured == "theirs" else mine
    return replace(
        typed.clause_words(),
        measures=facts.measures,
        tags=facts.tags,
        audience=facts.audience,
    )


def fitted(base: str, yours: str, theirs: str) -> str | None:
    """Returns the text with both changes of `base` in it, line by line or else phrase by phrase; None where they collide.

    A clause is often one paragraph, so that by lines alone two people at its two ends would collide.
    """
    by_lines = merged(base, yours, theirs)
    if by_lines is not None:
        return by_lines
    by_phrases = merged(_cut(base), _cut(yours), _cut(theirs))
    return by_phrases.replace("\n", "").replace(_LINE_END, "\n") if by_phrases is not None else None


def _cut(text: str) -> str:
    """Returns the text with one phrase a line; what ended a line stands as a line of its own."""
    return f"\n{_LINE_END}\n".join("\n".join(_PHRASE_ENDS.split(line)) for line in text.split("\n"))


def _joined(
    base: ClauseState | None, theirs: Mapping[str, str], yours: Mapping[str, str]
) -> dict[str, str] | None:
    """Returns the fields with both changes in them; None where one field has two that do not fit together."""
    made: dict[str, str] = {}
    for name, your_text in yours.items():
        kind, _, language = name.partition("_")
        held = (base.headings if kind == "heading" else base.bodies) if base else {}
        sides = (side.replace("\r\n", "\n").strip("\n") for side in (your_text, theirs.get(name, "")))
        text = fitted(held.get(language, ""), *sides)
        if text is None:
            return None
        made[name] = text
    return made


def _text_of_copy(copy: DraftCopy) -> ClauseText:
    fields = copy.fields
    measures = fields.get("measures")
    return ClauseText(
        heading_zh=fields.get("heading_zh"),
        body_zh=fields.get("body_zh"),
        heading_en=fields.get("heading_en"),
        body_en=fields.get("body_en"),
        tags=fields.get("tags"),
        audience=fields.get("audience"),
        measures=[Measure.from_data(m) for m in measures] if measures is not None else None,
    )


def _against_base(texts: editor_texts.Texts, clause_id: str, typed: ClauseInput) -> tuple[Difference, ...]:
    base = editor_texts.state_of(texts.base, clause_id)
    measures, _errors = typed.read_measures(clause_id, texts.free_measure_ids())
    after = editor_texts.typed_state(clause_id, typed, measures, texts)
    return editor_texts.differences_of(base, after)
