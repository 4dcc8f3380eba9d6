"""Owns the comparison of two whole texts of a standard, clause by clause by id. Pure; makes no words and no HTML.

Inside a clause `redline.py` compares; targets are compared as data (`targets.py`), never struck through.
"""

import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from enum import StrEnum

from app.core.markup import plain
from app.standards.document import Document, primary_of
from app.standards.frame import CHAPTERS, FRAME_PARTS, PREAMBLE, outline
from app.standards.labels import Label, Labelled, labels_of
from app.standards.matching import Origin, descents
from app.standards.measures import Measure
from app.standards.redline import Segment, is_editorial_only, redline
from app.standards.structure import without_number
from app.standards.targets import Direction, TargetChange, target_change

KEPT_REDLINES = 512


class Change(StrEnum):
    """What happened to a clause between two texts."""

    CHANGED = "changed"
    NEW = "new"
    RETIRED = "retired"
    MOVED = "moved"
    """Its words are the same; it stands elsewhere."""


@dataclass(frozen=True)
class ClauseState:
    """One clause in one text: `headings`, `bodies` and `chapters` by language, an absent language is missing."""

    clause_id: str
    headings: Mapping[str, str]
    bodies: Mapping[str, str]
    measures: tuple[Measure, ...] = ()
    audience: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    chapters: Mapping[str, str] = field(default_factory=dict)

    def language(self, wanted: str) -> str:
        """Returns the language to show: the wanted one where it has words, else the other."""
        if self.headings.get(wanted) or self.bodies.get(wanted):
            return wanted
        return next(
            (name for name in ("zh", "en") if self.headings.get(name) or self.bodies.get(name)), wanted
        )

    def chapter(self, wanted: str) -> str:
        """Returns what stands over the clause in the wanted language, else in the other; an empty text for none."""
        return self.chapters.get(wanted) or next(filter(None, self.chapters.values()), "")


@dataclass(frozen=True)
class Difference:
    """One clause that differs. `heading` and `body` are redlines in `language`; `targets` are the measures' changes.

    `relatives` are the clauses it was split from or merged into, `labels` what the change means. `language`
    is the one asked for unless only the other one changed, which `is_other` says then. `other_languages`
    differ too; `is_editorial` says that only punctuation, spaces or forms of characters changed.
    """

    clause_id: str
    change: Change
    language: str
    title: str
    heading: tuple[Segment, ...]
    body: tuple[Segment, ...]
    targets: tuple[tuple[str, TargetChange], ...] = ()
    other_languages: tuple[str, ...] = ()
    audience: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    is_editorial: bool = False
    is_other: bool = False
    relatives: tuple[tuple[Origin, str], ...] = ()
    labels: tuple[Labelled, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """All differences in the order of the newer text, retired clauses where they stood; `same` counts the rest.

    `renumbered` of them have only another number, because something before them came or went.
    """

    differences: tuple[Difference, ...] = ()
    same: int = 0
    renumbered: int = 0
    counts: Mapping[Change, int] = field(default_factory=dict)
    stricter: int = 0
    looser: int = 0
    frame: tuple[Difference, ...] = ()
    """What differs around the clauses: `preamble`, the words before the first one, and `chapters`, their headings."""
    labels: Mapping[Label, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """States that the two texts have the same clauses, words and targets."""
        return not self.differences and not self.renumbered and not self.frame


def compare(before: Sequence[ClauseState], after: Sequence[ClauseState], language: str) -> Comparison:
    """Compares two texts clause by clause and returns what differs, shown in `language` where it has words.

    States of the frame (`whole_states`) are compared in the same way and kept apart: they are no clauses.
    """
    old = {state.clause_id: state for state in before if state.clause_id not in FRAME_PARTS}
    new = {state.clause_id: state for state in after if state.clause_id not in FRAME_PARTS}
    frame = _frame(before, after, language)
    moved = _moved([c for c in old if c in new], [c for c in new if c in old])
    found = []
    for clause_id in _merged_order(list(old), list(new)):
        difference = _difference(old.get(clause_id), new.get(clause_id), language, clause_id in moved)
        if difference is not None:
            found.append(difference)
    found = _with_relatives(found, old, new)
    directions = [target.direction for d in found for _name, target in d.targets]
    return Comparison(
        differences=tuple(found),
        same=len(new) - sum(d.change is not Change.RETIRED for d in found),
        renumbered=_renumbered(old, new) if len(old) and len(new) else 0,
        counts={change: sum(d.change is change for d in found) for change in Change},
        stricter=directions.count(Direction.STRICTER),
        looser=directions.count(Direction.LOOSER),
        frame=frame,
        labels=Counter(labelled.label for d in (*frame, *found) for labelled in d.labels),
    )


def states_of(documents: Mapping[str, Document]) -> list[ClauseState]:
    """Returns the clauses of a standard's texts as states, in the order of the primary language."""
    if not documents:
        return []
    primary = primary_of(documents)
    made = []
    for clause in primary.clauses:
        texts = {name: d.clause(clause.id) for name, d in documents.items() if d.has(clause.id)}
        made.append(
            ClauseState(
                clause_id=clause.id,
                headings={name: text.heading for name, text in texts.items()},
                bodies={name: text.body for name, text in texts.items()},
                measures=primary.measures_of(clause.id),
                audience=clause.audience or primary.front.audience,
                tags=clause.tags,
                chapters={name: text.chapter for name, text in texts.items()},
            )
        )
    return made


def frame_states(documents: Mapping[str, Document]) -> list[ClauseState]:
    """Returns the words before the first clause and the headings of the chapters, as states beside those of clauses."""
    words = {name: document.preamble for name, document in documents.items()}
    chapters = {name: outline(document) for name, document in documents.items()}
    return [ClauseState(PREAMBLE, {}, words), ClauseState(CHAPTERS, {}, chapters)]


def whole_states(documents: Mapping[str, Document]) -> list[ClauseState]:
    """Returns what `states_of` does, behind `frame_states`; a standard without a text has neither."""
    return [*frame_states(documents), *states_of(documents)] if documents else []


@functools.lru_cache(maxsize=KEPT_REDLINES)
def redline_of(old: str, new: str) -> tuple[Segment, ...]:
    """Returns the redline of two bodies as readers see them, made once for each pair of texts."""
    return tuple(redline(plain(old) if old else "", plain(new) if new else ""))


@functools.lru_cache(maxsize=KEPT_REDLINES)
def labels_between(old: str, new: str, language: str) -> tuple[Labelled, ...]:
    """Returns what a change of a clause's words means, made once for each pair; marks and links alone are form."""
    return labels_of(plain(old) if old else "", plain(new) if new else "", language) or (
        (Labelled(Label.EDITORIAL),) if _is_form_only(old, new) else ()
    )


def _is_form_only(old: str, new: str) -> bool:
    return old != new and bool(old) and bool(new) and plain(old) == plain(new)


def _difference(
    old: ClauseState | None, new: ClauseState | None, wanted: str, has_moved: bool
) -> Difference | None:
    some = new or old
    if some is None:
        return None
    language = some.language(wanted)
    is_other = False
    if old and new and not _differs(old, new, language):
        changed = [name for name in ("zh", "en") if _differs(old, new, name)]
        language, is_other = (changed[0], True) if changed else (language, False)
    heading = tuple(redline(_heading(old, language), _heading(new, language)))
    body = redline_of(_body(old, language), _body(new, language))
    targets = _targets(old, new)
    others = tuple(name for name in ("zh", "en") if name != language and _differs(old, new, name))
    audience = (old.audience, new.audience) if old and new and old.audience != new.audience else None
    tags_differ = bool(old and new and old.tags != new.tags)
    if old is None:
        change = Change.NEW
    elif new is None:
        change = Change.RETIRED
    elif _differs(old, new, language) or targets or others or audience or tags_differ:
        change = Change.CHANGED
    elif has_moved:
        change = Change.MOVED
    else:
        return None
    return Difference(
        clause_id=some.clause_id,
        change=change,
        language=language,
        title=_heading(new, language) or _heading(old, language),
        heading=heading,
        body=body,
        targets=targets,
        other_languages=others,
        audience=audience,
        is_other=is_other,
        labels=() if change is Change.MOVED else _labels(old, new, language),
        is_editorial=change is Change.CHANGED
        and _is_editorial(old, new)
        and not targets
        and audience is None,
    )


def _frame(
    before: Sequence[ClauseState], after: Sequence[ClauseState], language: str
) -> tuple[Difference, ...]:
    """Returns what differs around the clauses; a text that tells nothing of its frame differs in nothing."""
    sides = [{s.clause_id: s for s in side if s.clause_id in FRAME_PARTS} for side in (before, after)]
    found = []
    for part in FRAME_PARTS:
        old, new = (side.get(part) for side in sides)
        difference = _difference(old, new, language, False) if old and new else None
        if difference is not None:
            # Headings of chapters bind nobody: only the words before the first clause can change what holds.
            found.append(difference if part == PREAMBLE else replace(difference, labels=()))
    return tuple(found)


def _with_relatives(
    found: list[Difference], old: Mapping[str, ClauseState], new: Mapping[str, ClauseState]
) -> list[Difference]:
    """Returns the differences, those that are new or gone told where their words came from or went."""
    languages = {d.language for d in found if d.change in (Change.NEW, Change.RETIRED)}
    relatives: dict[str, list[tuple[Origin, str]]] = {}
    for language in sorted(languages):
        bodies = [{i: s.bodies.get(language, "") for i, s in side.items()} for side in (old, new)]
        for step in descents(*bodies):
            relatives.setdefault(step.clause_id, []).append((step.origin, step.other_id))
    return [replace(d, relatives=tuple(dict.fromkeys(relatives.get(d.clause_id, ())))) for d in found]


def _renumbered(old: Mapping[str, ClauseState], new: Mapping[str, ClauseState]) -> int:
    return sum(
        dict(old[i].headings) != dict(state.headings)
        and not any(_differs(old[i], state, name) for name in ("zh", "en"))
        for i, state in new.items()
        if i in old
    )


def _heading(state: ClauseState | None, language: str) -> str:
    return state.headings.get(language, "") if state else ""


def _body(state: ClauseState | None, language: str) -> str:
    return state.bodies.get(language, "") if state else ""


def _differs(old: ClauseState | None, new: ClauseState | None, language: str) -> bool:
    """States that the words differ; a heading that has only another number has the same words."""
    if _body(old, language) != _body(new, language):
        return True
    return without_number(_heading(old, language)) != without_number(_heading(new, language))


def _is_editorial(old: ClauseState | None, new: ClauseState | None) -> bool:
    return all(
        is_editorial_only(
            f"{_heading(old, name)}\n{_body(old, name)}", f"{_heading(new, name)}\n{_body(new, name)}"
        )
        for name in ("zh", "en")
    )


def _labels(old: ClauseState | None, new: ClauseState | None, language: str) -> tuple[Labelled, ...]:
    """Returns what the words of a clause mean now; a heading counts where both texts have one."""
    before, after = _body(old, language), _body(new, language)
    if old and new and without_number(_heading(old, language)) != without_number(_heading(new, language)):
        before, after = f"{_heading(old, language)}\n{before}", f"{_heading(new, language)}\n{after}"
    return labels_between(before, after, language) if before != after else ()


def _targets(old: ClauseState | None, new: ClauseState | None) -> tuple[tuple[str, TargetChange], ...]:
    before = {m.id: m for m in (old.measures if old else ())}
    after = {m.id: m for m in (new.measures if new else ())}
    found = []
    for key in dict.fromkeys([*before, *after]):
        change = target_change(before.get(key), after.get(key))
        if change is not None:
            found.append(((after.get(key) or before[key]).metric, change))
    return tuple(found)


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Returns the clauses that had to move to get from one order to the other."""
    kept: set[str] = set()
    for match in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        kept.update(old[match.a : match.a + match.size])
    return set(new) - kept


def _merged_order(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Returns the order of the new text with the clauses that are gone put behind their old neighbour."""
    merged = list(new)
    known = set(new)
    for index, clause_id in enumerate(old):
        if clause_id in known:
            continue
        previous = next((c for c in reversed(old[:index]) if c in merged), None)
        merged.insert(merged.index(previous) + 1 if previous else 0, clause_id)
    return merged


def shown(segments: Sequence[Segment]) -> list[tuple[str, str]]:
    """Returns segments as the redline component draws them: (equal, insert, delete or width, text).

    Where only punctuation or full-width forms differ, the new form stands alone, dotted (`width`).
    """
    made: list[tuple[str, str]] = []
    for segment in segments:
        if not segment.editorial:
            made.append((segment.kind, segment.text))
        elif segment.kind == "insert":
            made.append(("width", segment.text))
    return made


def same_unit(change: TargetChange) -> bool:
    """States that both sides count in the same unit with the same share and the same value in peak seasons, so that
    `24 -> 12 hours` says it all."""
    if change.old_peak_value != change.new_peak_value:
        return False
    return change.old_unit == change.new_unit and change.old_share_percent == change.new_share_percent
