"""Owns the texts an editor works on: published, drafted and typed, as states that can be compared. Writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.core.errors import NotFound
from app.standards import queries
from app.standards.comparison import ClauseState, Difference, compare, states_of
from app.standards.document import Document, primary_of
from app.standards.drafted_documents import apply_drafts, frames_of
from app.standards.forms import TEXT_FIELDS, ClauseInput, row_of
from app.standards.frame import Frame
from app.standards.measures import Measure
from app.standards.models import ClauseDraft, Revision

LANGUAGES = ("zh", "en")
NEW_MEASURE_IDS = 20


@dataclass(frozen=True)
class Texts:
    """The texts an editor needs, read once: what is published, and that with all drafts of the revision."""

    base: Mapping[str, Document]
    drafts: tuple[ClauseDraft, ...]
    frames: Mapping[str, Frame] = field(default_factory=dict)

    @property
    def after(self) -> dict[str, Document]:
        """Returns the published text with the drafts."""
        return apply_drafts(dict(self.base), self.drafts, self.frames)

    def draft(self, clause_id: str) -> ClauseDraft | None:
        """Returns the draft of a clause, None when nobody touched it."""
        return next((d for d in self.drafts if d.clause_id == clause_id), None)

    def own_measure_ids(self, clause_id: str) -> list[str]:
        """Returns the ids of the measures the clause has or had, without those that another clause has now."""
        found = {m.id for m in primary_of(self.base).measures_of(clause_id)}
        draft = self.draft(clause_id)
        found |= {str(m["id"]) for m in (draft.measures if draft else [])}
        return sorted(found - {m.id for m in measures_after(self) if m.clause_id != clause_id})

    def free_measure_ids(self) -> list[str]:
        """Returns ids that no measure of the standard has, neither published nor drafted."""
        used = {m.id for m in primary_of(self.base).front.measures}
        used |= {str(m["id"]) for d in self.drafts for m in d.measures}
        first = max((int(i[1:]) for i in used), default=0) + 1
        return [f"m{number:02d}" for number in range(first, first + NEW_MEASURE_IDS)]


def texts_of(revision: Revision) -> Texts:
    """Returns the texts of a revision for editing."""
    base = queries.published_documents(revision.standard)
    return Texts(base, tuple(queries.clause_drafts(revision.id)), frames_of(revision))


def measures_after(texts: Texts) -> tuple[Measure, ...]:
    """Returns the measures of the published text with the drafts."""
    return primary_of(texts.after).front.measures


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
        chapters=base.chapters if base else {},
    )


def differences_of(base: ClauseState | None, after: ClauseState) -> tuple[Difference, ...]:
    """Returns what differs, once a language that has words; empty when nothing does."""
    return tuple(
        difference
        for language in LANGUAGES
        for difference in compare([base] if base else [], [after], language).differences
        if difference.language == language
    )


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
