"""Owns what the clause editor and the clause list show: texts, preview, checks, who else writes. Writes nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.access import Actor
from app.core.db import db
from app.core.errors import Invalid, NotFound, Reason, TooLarge
from app.people import queries as people_queries
from app.people.models import Person
from app.standards import backtest_source, materiality, queries, word_list
from app.standards.backtest_source import BackTest
from app.standards.comparison import ClauseState, Difference, states_of
from app.standards.document import primary_of
from app.standards.drafted_documents import apply_drafts
from app.standards.drafting import fields_of, text_of
from app.standards.editor_texts import (
    LANGUAGES,
    Texts,
    differences_of,
    input_of,
    state_of,
    texts_of,
    typed_state,
)
from app.standards.elsewhere import check_elsewhere, loses_a_number, places_of
from app.standards.forms import TEXT_FIELDS, ClauseInput, MeasureRow, empty_row, row_of
from app.standards.frame import outline
from app.standards.measures import Measure
from app.standards.models import ClauseDraft, DraftCopy, DraftKind, Revision
from app.standards.saved_states import SAVED
from app.standards.wording import Finding, check_clause
from app.standards.words import spoken_id
from app.web import contributions
from app.web.contributions import OtherText
from app.web.language import current_language

SOMEBODY_WRITES = dt.timedelta(minutes=10)
COPIES_SHOWN = 8


@dataclass(frozen=True)
class Preview:
    """What becomes of a text: redlines by language, what the measures say, what the checks find."""

    differences: tuple[Difference, ...]
    measures: tuple[Measure, ...]
    findings: tuple[Finding, ...]
    back_tests: tuple[BackTest, ...]
    against_editorial: tuple[Reason, ...]

    @property
    def is_unchanged(self) -> bool:
        """States that nothing differs from the text in force."""
        return not self.differences

    @property
    def can_fix_punctuation(self) -> bool:
        """States that one click mends something."""
        return any(finding.fix is not None for finding in self.findings)


@dataclass(frozen=True)
class Kept:
    """A text that did not become the draft, and who kept it."""

    copy: DraftCopy
    person: Person | None


@dataclass(frozen=True)
class Editor:
    """One clause on the editor's page. `base` is None for a new clause, `draft` for one nobody touched."""

    revision: Revision
    clause_id: str
    base: ClauseState | None
    draft: ClauseDraft | None
    typed: ClauseInput
    rows: tuple[MeasureRow, ...]
    preview: Preview
    clause_ids: tuple[str, ...]
    saved_by: Person | None
    somebody_else: tuple[Person, int] | None
    copies: tuple[Kept, ...]
    can_undo: bool = False

    @property
    def previous_id(self) -> str | None:
        """Returns the clause of this revision before this one, None at the beginning."""
        return self._beside(-1)

    @property
    def next_id(self) -> str | None:
        """Returns the clause of this revision after this one, None at the end."""
        return self._beside(1)

    def _beside(self, step: int) -> str | None:
        if self.clause_id not in self.clause_ids:
            return None
        place = self.clause_ids.index(self.clause_id) + step
        return self.clause_ids[place] if 0 <= place < len(self.clause_ids) else None


def editor_of(
    revision: Revision,
    clause_id: str,
    actor: Actor,
    typed: ClauseInput | None = None,
    copy_id: int | None = None,
) -> Editor:
    """Returns the editor of a clause with what stands in the draft, else in force; `typed` or a kept copy go before.

    Raises NotFound for a clause that neither the standard nor the draft has.
    """
    texts = texts_of(revision)
    base = state_of(texts.base, clause_id)
    draft = texts.draft(clause_id)
    if base is None and draft is None:
        raise NotFound("document.unknown_clause", clause=clause_id[:40].upper())
    made = typed or input_of(texts, clause_id)
    copies = _copies(revision.id, clause_id)
    wanted = next((c for c in copies if c.id == copy_id), None)
    if wanted is not None and typed is None:
        made = _with_copy(made, wanted)
    people = people_queries.by_ids(
        {*(c.kept_by_id or 0 for c in copies), (draft.saved_by_id or 0) if draft else 0}
    )
    return Editor(
        revision=revision,
        clause_id=clause_id,
        base=base,
        draft=draft,
        typed=made,
        rows=(*made.measures, empty_row()) if typed is None else made.measures or (empty_row(),),
        preview=_preview_or_none(revision, clause_id, made, texts),
        clause_ids=tuple(c.clause_id for c in clause_rows(revision, texts) if c.is_concerned),
        saved_by=people.get(draft.saved_by_id or 0) if draft else None,
        somebody_else=_somebody_else(draft, actor, people),
        copies=tuple(Kept(c, people.get(c.kept_by_id or 0)) for c in copies),
        can_undo=any(c.why == SAVED and draft and c.fields != fields_of(text_of(draft)) for c in copies),
    )


def preview_of(revision: Revision, clause_id: str, typed: ClauseInput, texts: Texts | None = None) -> Preview:
    """Returns what the typed words would change, and what the checks say. Writes nothing and starts no process.

    Raises Invalid or TooLarge for words that could not be stored.
    """
    texts = texts or texts_of(revision)
    measures, _errors = typed.read_measures(clause_id, texts.free_measure_ids())
    base = state_of(texts.base, clause_id)
    after = typed_state(clause_id, typed, measures, texts)
    differences = differences_of(base, after)
    before_words = _words(base)
    return Preview(
        differences=differences,
        measures=tuple(measures),
        findings=tuple(_findings(revision, clause_id, after, before_words, texts)),
        back_tests=tuple(t for t in (backtest_source.back_test(m) for m in measures) if t is not None),
        against_editorial=materiality.against_editorial(
            before_words,
            _words(after),
            measures_differ=bool(base)
            and [m.to_data() for m in base.measures] != [m.to_data() for m in measures],
        )
        if base
        else (Reason("materiality.not_a_change"),),
    )


def _preview_or_none(revision: Revision, clause_id: str, typed: ClauseInput, texts: Texts) -> Preview:
    """Returns the preview; an empty one for words that cannot be stored, which the form's errors explain."""
    try:
        return preview_of(revision, clause_id, typed, texts)
    except (Invalid, TooLarge):
        return Preview((), (), (), (), ())


@dataclass(frozen=True)
class ClauseRow:
    """One clause on the list: whether the revision concerns it, what its draft does, which revision holds it else."""

    clause_id: str
    heading_zh: str
    heading_en: str
    chapter: str
    draft: ClauseDraft | None
    is_concerned: bool
    held_by: str = ""
    is_only_moved: bool = False


def clause_rows(revision: Revision, texts: Texts, held: Mapping[str, str] | None = None) -> list[ClauseRow]:
    """Returns all clauses of the text with the drafts, retired ones where they stood. `held`: {clause: revision}."""
    concerned = set(queries.clause_ids(revision.id))
    retired = [d.clause_id for d in texts.drafts if d.kind is DraftKind.RETIRED]
    standing = [d for d in texts.drafts if d.clause_id not in retired]
    after = apply_drafts(dict(texts.base), standing, texts.frames)
    published = {state.clause_id: replace(state, chapters={}) for state in states_of(texts.base)}
    made = []
    for state in states_of(after):
        draft = texts.draft(state.clause_id)
        made.append(
            ClauseRow(
                clause_id=state.clause_id,
                heading_zh=state.headings.get("zh", ""),
                heading_en=state.headings.get("en", ""),
                chapter=state.chapter(current_language()),
                draft=draft,
                is_concerned=state.clause_id in concerned,
                held_by=(held or {}).get(state.clause_id, ""),
                is_only_moved=draft is not None
                and published.get(state.clause_id) == replace(state, chapters={}),
            )
        )
    return made


def _with_copy(made: ClauseInput, copy: DraftCopy) -> ClauseInput:
    """Returns the input with the words of a kept copy; what the copy does not hold stays."""
    fields = copy.fields
    measures = fields.get("measures")
    return replace(
        made,
        texts={name: str(fields.get(name, made.texts[name])) for name in TEXT_FIELDS},
        tags=tuple(fields.get("tags", made.tags)),
        audience=tuple(fields.get("audience", made.audience)),
        measures=tuple(row_of(Measure.from_data(m)) for m in measures)
        if measures is not None
        else made.measures,
    )


def _words(state: ClauseState | None) -> dict[str, str]:
    if state is None:
        return {}
    return {
        n: f"{state.headings.get(n, '')}\n{state.bodies.get(n, '')}"
        if state.headings.get(n) or state.bodies.get(n)
        else ""
        for n in LANGUAGES
    }


def _findings(
    revision: Revision, clause_id: str, after: ClauseState, before: Mapping[str, str], texts: Texts
) -> list[Finding]:
    code = revision.standard.code
    known = {spoken_id(code, c.id) for c in primary_of(texts.after).clauses}
    for standard in queries.standards():
        if standard.id != revision.standard_id:
            known |= {spoken_id(standard.code, c) for c in standard.used_clause_ids}
    words, given = word_list.words_and_reasons(revision.standard_id)
    found = check_clause(
        _words(after),
        after.measures,
        tags=after.tags,
        previous=before,
        known_clauses=known,
        house_words=words,
        reasons_given=given.get(clause_id, ()),
    )
    places = places_of(revision.standard, texts.after, clause_id)
    base = state_of(texts.base, clause_id)
    others = _other_texts(revision, texts) if base is not None and loses_a_number(base, after) else []
    found += check_elsewhere(base, after, places, others)
    return sorted(found, key=lambda f: f.grade.value != "stop")


def _other_texts(revision: Revision, texts: Texts) -> list[OtherText]:
    """Returns what speaks of the standard outside its clauses: its own frame, and what other rooms tell."""
    frame = {language: f"{d.preamble}\n{outline(d)}" for language, d in texts.after.items()}
    own = OtherText(
        _("the words before the first clause or a chapter"),
        url_for("standards.edit_all", number=revision.number),
        frame,
    )
    return [own, *contributions.other_texts_of(revision.standard)]


def _copies(revision_id: int, clause_id: str) -> list[DraftCopy]:
    return list(
        db.session.scalars(
            sa.select(DraftCopy)
            .where(DraftCopy.revision_id == revision_id, DraftCopy.clause_id == clause_id)
            .order_by(DraftCopy.id.desc())
            .limit(COPIES_SHOWN)
        )
    )


def _somebody_else(
    draft: ClauseDraft | None, actor: Actor, people: Mapping[int, Person]
) -> tuple[Person, int] | None:
    """Returns who else saved this clause just now and how many minutes ago; None when nobody did."""
    if draft is None or draft.saved_by_id in (None, actor.person_id):
        return None
    ago = clock.now() - draft.saved_at
    person = people.get(draft.saved_by_id or 0)
    return (person, int(ago.total_seconds() // 60)) if person and ago < SOMEBODY_WRITES else None
