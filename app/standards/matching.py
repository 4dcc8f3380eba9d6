"""Owns the question which clause of a text is which clause of the text before, and which were split, merged or moved.

Pure: clauses in, pairs out. Ids are given in `identity.py`. The surest signs decide first: the same words,
the same words but for punctuation, the same heading; then the likeness of what is left, and at last the place
between two neighbours.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from app.standards.clause import Clause
from app.standards.structure import without_number
from app.standards.text_tokens import carries_meaning, tokens

LEAST_SIMILAR = 0.5
"""Share of neighbouring words in common from which two texts are versions of one clause."""
LEAST_CONTAINED = 0.8
"""Share of a shorter text found in a longer one from which it is a part of it."""
LEAST_IN_PLACE = 0.25
"""The same for a clause that stands alone between the same two neighbours as before, or under its old number."""
LEAST_WORDS = 6
"""A text of fewer words says too little to be taken for a part of another."""
LEAST_LETTERS = 8
"""A body of fewer letters stands in several standards by chance."""
NEAREST = 12

Pairs = Counter[tuple[str, str]]


class Origin(StrEnum):
    """Where a clause came from, when it did not simply stay."""

    SPLIT = "split"
    """Its words were part of another clause, which stays."""
    MERGED = "merged"
    """Its words are now part of another clause; it is gone itself."""
    MOVED = "moved"
    """It stood in another standard."""
    REPLACED = "replaced"
    """Another clause takes its place; it is gone itself."""


@dataclass(frozen=True)
class Lineage:
    """One step of descent: `clause_id` came from (split, moved) or went into (merged) `other_id`, of `other_code`."""

    origin: Origin
    clause_id: str
    other_id: str
    other_code: str = ""


def match(new: Sequence[Clause], old: Sequence[Clause]) -> dict[int, Clause]:
    """Returns {index in `new`: the clause of `old` it was}; each old clause at most once.

    Clauses with the same words are paired in reading order. A clause without a partner is new.
    """
    found = _Matching(new, old)
    for key in (_whole, _body, _bare_body):
        found.pair_by(key)
    found.pair_by(_heading)
    found.pair_by_likeness()
    found.pair_in_place()
    return {index: old[other] for index, other in found.kept.items()}


def lineage(new: Sequence[Clause], old: Sequence[Clause]) -> list[Lineage]:
    """Returns the splits and merges between two texts whose clauses have their ids, in reading order."""
    return descents({clause.id: clause.body for clause in old}, {clause.id: clause.body for clause in new})


def descents(before: Mapping[str, str], after: Mapping[str, str]) -> list[Lineage]:
    """Returns the splits and merges between two texts given as {clause id: body}, in reading order.

    A new clause most of whose words stand in an old clause that lost them was split off; an old clause that is gone
    and most of whose words stand in a clause that did not have them before was merged into it.
    """
    came = [clause_id for clause_id in after if clause_id not in before]
    went = [clause_id for clause_id in before if clause_id not in after]
    if not came and not went:
        return []
    stayed = [i for i in before if i in after and before[i] != after[i]]
    pairs = {i: (_pairs(before[i]), _pairs(after[i])) for i in stayed}
    lost = {i: old - new for i, (old, new) in pairs.items()}
    gained = {i: new - old for i, (old, new) in pairs.items()}
    split = ((i, _holder(after[i], lost)) for i in came)
    merged = ((i, _holder(before[i], gained)) for i in went)
    return [
        *(Lineage(Origin.SPLIT, clause_id, other) for clause_id, other in split if other),
        *(Lineage(Origin.MERGED, clause_id, other) for clause_id, other in merged if other),
    ]


def similarity(first: str, second: str) -> float:
    """Returns the share of neighbouring words two texts have in common, 0 to 1 (Dice); 1 for two empty texts.

    A Han character is a word; punctuation and spaces do not count.
    """
    return _dice(_pairs(first), _pairs(second))


class _Matching:
    """The pairs found so far, by index; what has no partner is in `new_left` and `old_left`, in reading order."""

    def __init__(self, new: Sequence[Clause], old: Sequence[Clause]) -> None:
        self.new, self.old = new, old
        self.kept: dict[int, int] = {}
        self.taken: set[int] = set()

    @property
    def new_left(self) -> list[int]:
        return [index for index in range(len(self.new)) if index not in self.kept]

    @property
    def old_left(self) -> list[int]:
        return [index for index in range(len(self.old)) if index not in self.taken]

    def keep(self, index: int, other: int) -> None:
        self.kept[index] = other
        self.taken.add(other)

    def pair_by(
        self,
        key: Callable[[Clause], Hashable | None],
    ) -> None:
        """Pairs what has the same key; of several, those under the same heading and chapter, then in order."""
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for other in self.old_left:
            value = key(self.old[other])
            if value is not None:
                waiting[value].append(other)
        for index in self.new_left:
            value = key(self.new[index])
            others = waiting.get(value, ()) if value is not None else ()
            if others:
                best = max(others, key=partial(self._closeness, index))
                waiting[value].remove(best)
                self.keep(index, best)

    def _closeness(self, index: int, other: int) -> tuple[bool, bool, int]:
        new, old = self.new[index], self.old[other]
        return new.chapter == old.chapter, new.heading == old.heading, -other

    def pair_by_likeness(self) -> None:
        """Pairs what is alike enough, the most alike first; one article number in common breaks a tie."""
        old_pairs = {other: _pairs(_telling(self.old[other])) for other in self.old_left}
        where: dict[tuple[str, str], list[int]] = defaultdict(list)
        for other, pairs in old_pairs.items():
            for pair in pairs:
                where[pair].append(other)
        found = []
        for index in self.new_left:
            pairs = _pairs(_telling(self.new[index]))
            for other in _nearest(pairs, where):
                share = _likeness(pairs, old_pairs[other])
                has_number = self.new[index].heading == self.old[other].heading
                if share >= (LEAST_IN_PLACE if has_number else LEAST_SIMILAR):
                    found.append((share + 0.01 * has_number, index, other))
        # A pair that only its number speaks for waits until nobody can claim either side by the words.
        for least in (LEAST_SIMILAR, 0.0):
            for share, index, other in sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2])):
                if share >= least and index not in self.kept and other not in self.taken:
                    self.keep(index, other)

    def pair_in_place(self) -> None:
        """Pairs the one clause between two paired neighbours with the one that stood there, if somewhat alike."""
        for index in self.new_left:
            before, after = self.kept.get(index - 1), self.kept.get(index + 1)
            first = -1 if index == 0 else before
            last = len(self.old) if index == len(self.new) - 1 else after
            if first is None or last is None or last - first != 2 or first + 1 in self.taken:
                continue
            if similarity(_telling(self.new[index]), _telling(self.old[first + 1])) >= LEAST_IN_PLACE:
                self.keep(index, first + 1)


def _whole(clause: Clause) -> Hashable:
    return clause.heading, clause.body


def _body(clause: Clause) -> Hashable | None:
    return clause.body or None


def _bare_body(clause: Clause) -> Hashable | None:
    """Returns the words alone: two bodies with the same ones differ at most in punctuation, spaces and widths."""
    words = tuple(token for token in tokens(clause.body) if carries_meaning(token[0]))
    return words or None


def _heading(clause: Clause) -> Hashable | None:
    return without_number(clause.heading) or None


def _telling(clause: Clause) -> str:
    """Returns what tells a clause from others; an article's number does not."""
    heading = without_number(clause.heading)
    return f"{heading}\n{clause.body}" if heading else clause.body


def _pairs(text: str) -> Pairs:
    """Counts the neighbouring words of a text, its ends too."""
    words = [token.casefold() for token in tokens(text) if carries_meaning(token[0])]
    return Counter(zip(["", *words], [*words, ""], strict=True)) if words else Counter()


def _dice(first: Pairs, second: Pairs) -> float:
    total = first.total() + second.total()
    return 1.0 if not total else 2 * (first & second).total() / total


def _likeness(first: Pairs, second: Pairs) -> float:
    """Returns how alike two texts are; a longer text that holds nearly all of a shorter one is like it."""
    shorter = min(first.total(), second.total())
    shared = (first & second).total()
    if shorter > LEAST_WORDS and shared / shorter >= LEAST_CONTAINED:
        return max(_dice(first, second), LEAST_SIMILAR)
    return _dice(first, second)


def _nearest(pairs: Pairs, where: Mapping[tuple[str, str], Sequence[int]]) -> Iterator[int]:
    """Yields the old clauses that share most with a text, so that long texts are not compared each with each."""
    shared: Counter[int] = Counter()
    for pair in pairs:
        shared.update(where.get(pair, ()))
    yield from (other for other, _count in shared.most_common(NEAREST))


def _holder(part: str, rest: Mapping[str, Pairs]) -> str | None:
    """Returns the clause that lost, or gained, most of the words of `part`; None where there is none."""
    pairs = _pairs(part)
    if pairs.total() <= LEAST_WORDS:
        return None
    shares = {other: (pairs & words).total() / pairs.total() for other, words in rest.items()}
    best = max(shares, key=lambda other: shares[other], default=None)
    return best if best is not None and shares[best] >= LEAST_CONTAINED else None
