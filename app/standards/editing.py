"""Owns what the clause editor and the clause list show: texts, preview, checks, who else writes. Writes nothing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from app.core import clock
from app.core.access import Actor
from app.core.db import db
from app.core.errors import Invalid, NotFound, Reason, TooLarge
from app.people import queries as people_queries
from app.people.models import Person
from app.standards import backtest_source, materiality, queries
from app.standards.backtest_source import BackTest
from app.standards.comparison import ClauseState, Difference, compare, states_of
from app.standards.document import Document, primary_of
from app.standards.drafting import apply_drafts
from app.standards.forms import TEXT_FIELDS, ClauseInput, MeasureRow, empty_row, row_of
from app.standards.measures import Measure
from app.standards.models import ClauseDraft, DraftCopy, DraftKind, Revision
from app.standards.wording import Finding, check_clause
from app.standards.words import spoken_id

LANGUAGES = ("zh", "en")
SOMEBODY_WRITES = dt.timedelta(minutes=10)
COPIES_SHOWN = 8
NEW_MEASURE_IDS = 20


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


@dataclass(frozen=True)
class Texts:
    """The texts an editor needs, read once: what is published, and that with all drafts of the revision."""

    base: Mapping[str, Document]
    drafts: tuple[ClauseDraft, ...]

    @property
    def after(self) -> dict[str, Document]:
        """Returns the published text with the drafts."""
        return apply_drafts(dict(self.base), self.drafts)

    def draft(self, clause_id: str) -> ClauseDraft | None:
        """Returns the draft of a clause, None when nobody touched it."""
        return next((d for d in self.drafts if d.clause_id == clause_id), None)

    def own_measure_ids(self, clause_id: str) -> list[str]:
        """Returns the ids of the measures the clause has or had."""
        found = {m.id for m in primary_of(self.base).measures_of(clause_id)}
        draft = self.draft(clause_id)
        return sorted(found | {str(m["id"]) for m in (draft.measures if draft else [])})

    def free_measure_ids(self) -> list[str]:
        """Returns ids that no measure of the standard has, neither published nor drafted."""
        used = {m.id for m in primary_of(self.base).front.measures}
        used |= {str(m["id"]) for d in self.drafts for m in d.measures}
        first = max((int(i[1:]) for i in used), default=0) + 1
        return [f"m{number:02d}" for number in range(first, first + NEW_MEASURE_IDS)]


def texts_of(revision: Revision) -> Texts:
    """Returns the texts of a revision for editing."""
    return Texts(queries.published_documents(revision.standard), tuple(queries.clause_drafts(revision.id)))


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


def differences_of(base: ClauseState | None, after: ClauseState) -> tuple[Difference, ...]:
    """Returns what differs, once a language that has words; empty when nothing does."""
    return tuple(
        difference
        for language in LANGUAGES
        for difference in compare([base] if base else [], [after], language).differences
        if difference.language == language
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


def clause_rows(revision: Revision, texts: Texts, held: Mapping[str, str] | None = None) -> list[ClauseRow]:
    """Returns all clauses of the text with the drafts, retired ones where they stood. `held`: {clause: revision}."""
    concerned = set(queries.clause_ids(revision.id))
    retired = [d.clause_id for d in texts.drafts if d.kind is DraftKind.RETIRED]
    after = apply_drafts(dict(texts.base), [d for d in texts.drafts if d.clause_id not in retired])
    made = []
    for state in states_of(after):
        made.append(
            ClauseRow(
                clause_id=state.clause_id,
                heading_zh=state.headings.get("zh", ""),
                heading_en=state.headings.get("en", ""),
                chapter=state.chapter,
                draft=texts.draft(state.clause_id),
                is_concerned=state.clause_id in concerned,
                held_by=(held or {}).get(state.clause_id, ""),
            )
        )
    return made


def same_as_published(revision: Revision, clause_id: str, typed: ClauseInput) -> bool:
    """States that nobody has a draft of the clause and the words typed are the published ones."""
    texts = texts_of(revision)
    if texts.draft(clause_id) is not None:
        return False
    return preview_unchanged(texts, clause_id, typed)


def preview_unchanged(texts: Texts, clause_id: str, typed: ClauseInput) -> bool:
    """States that the typed words, measures, tags and audience are those of the published text."""
    base = state_of(texts.base, clause_id)
    if base is None:
        return False
    measures, errors = typed.read_measures(clause_id, texts.free_measure_ids())
    original = input_of(Texts(texts.base, ()), clause_id)
    lines = {name: _lf(text) for name, text in typed.texts.items()}
    same_words = all(lines[name] == _lf(original.texts[name]) for name in TEXT_FIELDS)
    return (
        not errors
        and same_words
        and [m.to_data() for m in measures] == [m.to_data() for m in base.measures]
        and sorted(typed.tags) == sorted(original.tags)
        and sorted(typed.audience) == sorted(original.audience)
    )


def _lf(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def state_of(documents: Mapping[str, Document], clause_id: str) -> ClauseState | None:
    """Returns a clause of the texts, None when they do not have it."""
    return next((s for s in states_of(dict(documents)) if s.clause_id == clause_id), None)


def input_of(texts: Texts, clause_id: str) -> ClauseInput:
    """Returns what the form holds at first: the draft, else the published clause."""
    base, draft = state_of(texts.base, clause_id), texts.draft(clause_id)
    if draft is not None:
        measures = [Measure.from_data(m) for m in draft.measures]
        words = {name: str(getattr(draft, name)) for name in TEXT_FIELDS}
        claim = draft.materiality.value if draft.materiality else ""
        tags, audience, version = tuple(draft.tags), tuple(draft.audience), draft.lock_version
    else:
        if base is None:
            raise NotFound("document.unknown_clause", clause=clause_id[:40].upper())
        measures = list(base.measures)
        words = {f"heading_{n}": base.headings.get(n, "") for n in LANGUAGES}
        words |= {f"body_{n}": base.bodies.get(n, "") for n in LANGUAGES}
        # Without an own audience a clause is for the standard's; writing that down would change the text.
        claim, tags, audience = "", base.tags, primary_of(texts.base).clause(clause_id).audience
        version = None
    rows = tuple(row_of(m) for m in measures)
    return ClauseInput(version, words, tuple(tags), tuple(audience), claim, rows)


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


def typed_state(clause_id: str, typed: ClauseInput, measures: Sequence[Measure], texts: Texts) -> ClauseState:
    """Returns the clause as it would be with the typed words and the measures read from them."""
    base = state_of(texts.base, clause_id)
    words = {name: _lf(text) for name, text in typed.texts.items()}
    tags = base.tags if base and set(base.tags) == set(typed.tags) else tuple(sorted(typed.tags))
    own = primary_of(texts.base).clause(clause_id).audience if base else ()
    audience = own if set(own) == set(typed.audience) else tuple(sorted(typed.audience))
    return ClauseState(
        clause_id=clause_id,
        headings={n: words[f"heading_{n}"] for n in LANGUAGES},
        bodies={n: words[f"body_{n}"] for n in LANGUAGES},
        measures=tuple(measures),
        audience=audience or primary_of(texts.base).front.audience,
        tags=tags,
        chapter=base.chapter if base else "",
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
    elsewhere = {
        spoken_id(code, c.id): f"{c.heading}\n{c.body}"
        for c in primary_of(texts.base).clauses
        if c.id != clause_id
    }
    found = check_clause(
        _words(after),
        after.measures,
        tags=after.tags,
        previous=before,
        known_clauses=known,
        elsewhere=elsewhere if before else None,
    )
    return sorted(found, key=lambda f: f.grade.value != "stop")


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
