"""Owns the comparison of two texts: redline segments, counts, editorial changes. Knows no clause ids, HTML or words.

The method is the one measured for the experience paper (8.7): phrases are aligned first, then tokens inside a
phrase pair are compared, then edits separated by next to nothing are joined. A whole number is one token, so a
redline never prints "20 -> 30" as a changed digit.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from app.standards.alignment import anchored
from app.standards.text_tokens import carries_meaning, is_editorial_only, tokens

__all__ = [
    "ChangeCounts",
    "Segment",
    "change_counts",
    "is_editorial_only",
    "redline",
    "side_by_side",
    "tokens",
]

Kind = Literal["equal", "insert", "delete"]

# A phrase ends after a stop; a half-width stop between two digits is part of a number, not the end of a phrase.
_PHRASE_END = re.compile(
    r"(?:[。；，！？\n]|(?<!\d)[,;](?!\d)|(?<=\d)[,;](?!\d| \d{4}\b)|(?<!\d)[,;](?=\d)|[!?]|[.:](?=\s))\s*"
)

_LONG_PHRASE_TOKENS = 240  # longer phrases are anchored on unique runs of tokens before they are compared
_FULL_GRID = 1_600  # phrase pairs compared freely; larger gaps are compared in a band along the diagonal
_BAND = 6
_CELL_WORK = 100  # comparing two phrases as bags of tokens costs about as much as 100 token comparisons
_SIMILAR_ENOUGH = 0.4
_WORK_LIMIT = 40_000_000  # upper bound of comparisons in one redline; beyond it a gap is shown as replaced
_SHINGLE = 4


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text that both versions share (`equal`), only the new (`insert`) or only the old one has (`delete`).

    `editorial` marks an edit in which only punctuation, spaces or full-width forms differ: it is drawn dotted.
    """

    kind: Kind
    text: str
    editorial: bool = False


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """Size of a redline: places that differ, and letters (no spaces, no punctuation) inserted and deleted."""

    fragments: int
    inserted: int
    deleted: int


@dataclass(slots=True)
class _Edit:
    """A stretch of the comparison: both texts, equal or not."""

    old: str
    new: str
    equal: bool


class _Budget:
    """Counts down the comparisons one redline may spend, so that no text can stop a worker (trust 0.8)."""

    def __init__(self, limit: int) -> None:
        self.left = limit

    def take(self, amount: int) -> bool:
        """True while the amount can be paid for."""
        if amount > self.left:
            return False
        self.left -= amount
        return True


def redline(old: str, new: str) -> list[Segment]:
    """Compares two texts and returns the segments in reading order; deletions stand before insertions.

    Joining `equal` and `delete` gives `old`, joining `equal` and `insert` gives `new`. Two empty texts give an empty
    list. The time grows with the length of the texts, whatever they hold: what cannot be compared within the limit is
    shown as replaced. Source: experience 8.7.
    """
    if old == new:
        return [Segment("equal", old)] if old else []
    budget = _Budget(_WORK_LIMIT)
    edits: list[_Edit] = []
    for left, right in _aligned_phrases(_phrases(old), _phrases(new), budget):
        if left == right:
            edits.append(_Edit(left, right, True))
        elif left and right:
            edits.extend(_joined(_token_edits(tokens(left), tokens(right), budget)))
        else:
            edits.append(_Edit(left, right, False))
    return list(_segments(_merged(_trimmed(_joined(_merged(edits), letters=0)))))


def aligned_phrases(old: str, new: str) -> list[tuple[str, str]]:
    """Returns the phrases of two texts in order, each with its counterpart; one without partner stands with an empty text."""
    return list(_aligned_phrases(_phrases(old), _phrases(new), _Budget(_WORK_LIMIT)))


def change_counts(segments: Iterable[Segment]) -> ChangeCounts:
    """Counts the places that differ and their letters; a deletion with its insertion is one place."""
    fragments = inserted = deleted = 0
    inside = False
    for segment in segments:
        if segment.kind == "equal":
            inside = False
            continue
        fragments += 0 if inside else 1
        inside = True
        letters = sum(character.isalnum() for character in segment.text)
        if segment.kind == "insert":
            inserted += letters
        else:
            deleted += letters
    return ChangeCounts(fragments, inserted, deleted)


def side_by_side(segments: Iterable[Segment]) -> tuple[list[Segment], list[Segment]]:
    """Splits a redline into the old column (equal and delete) and the new column (equal and insert)."""
    listed = list(segments)
    return (
        [segment for segment in listed if segment.kind != "insert"],
        [segment for segment in listed if segment.kind != "delete"],
    )


def _phrases(text: str) -> list[str]:
    cuts = [match.end() for match in _PHRASE_END.finditer(text)]
    starts = [0, *cuts]
    ends = [*cuts, len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True) if start < end]


def _aligned_phrases(old: list[str], new: list[str], budget: _Budget) -> Iterable[tuple[str, str]]:
    """Pairs phrases in order; a phrase without partner stands with an empty text."""
    for left, right, same in anchored(old, new):
        if same:
            yield from zip(left, right, strict=True)
        elif not left or not right or not budget.take(_gap_cells(len(left), len(right)) * _CELL_WORK):
            yield from ((phrase, "") for phrase in left)
            yield from (("", phrase) for phrase in right)
        else:
            yield from _paired_gap(left, right)


def _gap_cells(rows: int, columns: int) -> int:
    return min(rows * columns, rows * (2 * _BAND + 1)) if rows * columns > _FULL_GRID else rows * columns


def _paired_gap(old: Sequence[str], new: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Pairs similar phrases of a gap by dynamic programming, in a band along the diagonal when the gap is large."""
    rows, columns = len(old), len(new)
    band = columns if rows * columns <= _FULL_GRID else _BAND
    bags_old = [Counter(tokens(phrase)) for phrase in old]
    bags_new = [Counter(tokens(phrase)) for phrase in new]
    best: list[dict[int, float]] = [{} for _ in range(rows + 1)]
    weight: list[dict[int, float]] = [{} for _ in range(rows)]
    for i in range(rows - 1, -1, -1):
        middle = i * columns // rows
        for j in range(min(columns - 1, middle + band), max(-1, middle - band - 1), -1):
            weight[i][j] = _weight(bags_old[i], bags_new[j])
            skip = max(best[i + 1].get(j, 0.0), best[i].get(j + 1, 0.0))
            best[i][j] = max(skip, best[i + 1].get(j + 1, 0.0) + weight[i][j])
    i = j = 0
    while i < rows and j < columns:
        here = best[i].get(j, 0.0)
        gain = weight[i].get(j, -1.0)
        if gain > 0 and abs(here - best[i + 1].get(j + 1, 0.0) - gain) < 1e-9:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif best[i + 1].get(j, 0.0) >= best[i].get(j + 1, 0.0):
            yield old[i], ""
            i += 1
        else:
            yield "", new[j]
            j += 1
    yield from ((phrase, "") for phrase in old[i:])
    yield from (("", phrase) for phrase in new[j:])


def _weight(left: Counter[str], right: Counter[str]) -> float:
    """Similarity above the threshold, else a loss: the shared share of all tokens, spaces and order left aside."""
    total = left.total() + right.total()
    if len(left) > len(right):
        left, right = right, left
    shared = sum(min(count, right[token]) for token, count in left.items() if token in right)
    ratio = 2 * shared / total
    return ratio - 0.35 if ratio > _SIMILAR_ENOUGH else -9.0


def _token_edits(old: list[str], new: list[str], budget: _Budget) -> list[_Edit]:
    if min(len(old), len(new)) <= _LONG_PHRASE_TOKENS:
        return _matched(old, new, budget)
    edits: list[_Edit] = []
    at_old = at_new = 0
    for left, right, same in anchored(_shingles(old), _shingles(new)):
        part_old = old[at_old : at_old + len(left)]
        part_new = new[at_new : at_new + len(right)]
        at_old, at_new = at_old + len(left), at_new + len(right)
        edits.extend(
            [_Edit("".join(part_old), "".join(part_new), True)]
            if same
            else _matched(part_old, part_new, budget)
        )
    return _merged(edits)


def _shingles(parts: list[str]) -> list[tuple[str, ...]]:
    """One run of tokens for each token, so that equal shingles mean equal tokens and runs are far more often unique."""
    return [tuple(parts[i : i + _SHINGLE]) for i in range(len(parts))]


def _matched(old: list[str], new: list[str], budget: _Budget) -> list[_Edit]:
    in_new = Counter(new)
    pairs = sum(count * in_new[token] for token, count in Counter(old).items())
    if not old or not new or not budget.take((pairs + len(new)) * min(len(old), len(new))):
        return [_Edit("".join(old), "".join(new), False)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        _Edit("".join(old[a:b]), "".join(new[c:d]), tag == "equal")
        for tag, a, b, c, d in matcher.get_opcodes()
    ]


def _merged(edits: Iterable[_Edit]) -> list[_Edit]:
    """Neighbours of the same sort become one."""
    kept = (edit for edit in edits if edit.old or edit.new)
    merged: list[_Edit] = []
    for equal, run in groupby(kept, key=lambda edit: edit.equal):
        parts = list(run)
        merged.append(_Edit("".join(part.old for part in parts), "".join(part.new for part in parts), equal))
    return merged


def _joined(edits: list[_Edit], letters: int = 2) -> list[_Edit]:
    """Joins two edits when the equality between them has at most `letters` letters and is shorter than both."""
    done: list[_Edit] = []
    for edit in edits:
        if len(done) >= 2 and not edit.equal and done[-1].equal and not done[-2].equal:
            core = sum(character.isalnum() for character in done[-1].old)
            sizes = [max(len(side.old), len(side.new)) for side in (done[-2], edit)]
            if core <= letters and core <= min(sizes) and "\n" not in done[-1].old:
                middle, first = done.pop(), done.pop()
                edit = _Edit(first.old + middle.old + edit.old, first.new + middle.new + edit.new, False)
        done.append(edit)
    return done


def _trimmed(edits: Iterable[_Edit]) -> Iterable[_Edit]:
    """Gives punctuation shared at the edges of an edit back to the text around it."""
    for edit in edits:
        shorter = min(len(edit.old), len(edit.new))
        if edit.equal or not shorter:
            yield edit
            continue
        head = tail = 0
        while head < shorter and edit.old[head] == edit.new[head] and not carries_meaning(edit.old[head]):
            head += 1
        while tail < shorter - head and edit.old[-1 - tail] == edit.new[-1 - tail]:
            if carries_meaning(edit.old[-1 - tail]):
                break
            tail += 1
        end_old, end_new = len(edit.old) - tail, len(edit.new) - tail
        yield _Edit(edit.old[:head], edit.new[:head], True)
        yield _Edit(edit.old[head:end_old], edit.new[head:end_new], False)
        yield _Edit(edit.old[end_old:], edit.new[end_new:], True)


def _segments(edits: list[_Edit]) -> Iterable[Segment]:
    for edit in edits:
        if edit.equal:
            yield Segment("equal", edit.old)
            continue
        editorial = is_editorial_only(edit.old, edit.new)
        if edit.old:
            yield Segment("delete", edit.old, editorial)
        if edit.new:
            yield Segment("insert", edit.new, editorial)
