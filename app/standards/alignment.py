"""Owns the cutting of two sequences at what they surely share. Knows nothing of texts."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def anchored(old: Sequence[T], new: Sequence[T]) -> Iterable[tuple[Sequence[T], Sequence[T], bool]]:
    """Cuts two sequences at the elements that occur once in both and in the same order (patience), linear but for a sort.

    Yields (old part, new part, equal); the parts in order are the whole sequences.
    """
    low, high_old, high_new = 0, len(old), len(new)
    while low < min(high_old, high_new) and old[low] == new[low]:
        low += 1
    while high_old > low and high_new > low and old[high_old - 1] == new[high_new - 1]:
        high_old, high_new = high_old - 1, high_new - 1
    if low:
        yield old[:low], new[:low], True
    at_old = at_new = low
    for i, j in _unique_pairs(old, new, low, high_old, high_new):
        if i < at_old or j < at_new:
            continue
        start_old, start_new = i, j
        while start_old > at_old and start_new > at_new and old[start_old - 1] == new[start_new - 1]:
            start_old, start_new = start_old - 1, start_new - 1
        end_old, end_new = i, j
        while end_old < high_old and end_new < high_new and old[end_old] == new[end_new]:
            end_old, end_new = end_old + 1, end_new + 1
        if start_old > at_old or start_new > at_new:
            yield old[at_old:start_old], new[at_new:start_new], False
        yield old[start_old:end_old], new[start_new:end_new], True
        at_old, at_new = end_old, end_new
    if at_old < high_old or at_new < high_new:
        yield old[at_old:high_old], new[at_new:high_new], False
    if high_old < len(old):
        yield old[high_old:], new[high_new:], True


def _unique_pairs(
    old: Sequence[T], new: Sequence[T], low: int, high_old: int, high_new: int
) -> list[tuple[int, int]]:
    """Index pairs of elements unique in both stretches, thinned to the longest run that rises in both."""
    count_old = Counter(old[low:high_old])
    count_new = Counter(new[low:high_new])
    where = {new[j]: j for j in range(low, high_new) if count_new[new[j]] == 1}
    pairs = [(i, where[old[i]]) for i in range(low, high_old) if count_old[old[i]] == 1 and old[i] in where]
    tails: list[int] = []  # values of j, one per length of run
    at: list[int] = []
    before: list[int] = [-1] * len(pairs)
    for index, (_, j) in enumerate(pairs):
        place = bisect_left(tails, j)
        before[index] = at[place - 1] if place else -1
        if place == len(tails):
            tails.append(j)
            at.append(index)
        else:
            tails[place] = j
            at[place] = index
    chain: list[tuple[int, int]] = []
    index = at[-1] if at else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]
