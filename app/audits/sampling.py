"""Owns the draw of an audit sample: who is drawn, in which order, and what the sample can say. Draws once, stores nothing.

The order comes from hashes of the seed and each id, not from a random number generator: anybody with `sha256sum` can
repeat it, and no version of a programming language changes it. Source: experience P20, mission 42.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.core.intervals import CONFIDENCE, Interval, wilson_share


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum of a draw: all ids in drawn order, of which the first `size` are the sample."""

    name: str
    order: tuple[str, ...]
    size: int

    @property
    def sample(self) -> tuple[str, ...]:
        """The ids drawn."""
        return self.order[: self.size]

    @property
    def reserve(self) -> tuple[str, ...]:
        """The ids that take the place of swapped ones, in this order."""
        return self.order[self.size :]


@dataclass(frozen=True, slots=True)
class Draw:
    """A finished draw. `digest` is the sha256 of the whole drawn order; it is recorded before anybody scores.

    `takes_all` states that the population was not larger than the sample asked for.
    """

    seed: str
    strata: tuple[Stratum, ...]
    digest: str
    takes_all: bool

    @property
    def sample(self) -> tuple[str, ...]:
        """All drawn ids, stratum after stratum."""
        return tuple(one for stratum in self.strata for one in stratum.sample)


def drawn_order(seed: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Returns the ids in drawn order: by the sha256 of seed, line feed, id. The order they come in does not matter."""
    return tuple(sorted(set(ids), key=lambda one: (draw_key(seed, one), one)))


def draw_key(seed: str, one: str) -> str:
    """Returns what an id is sorted by: `printf '%s\\n%s' "$seed" "$id" | sha256sum`."""
    return hashlib.sha256(f"{seed}\n{one}".encode()).hexdigest()


def draw(seed: str, population: Mapping[str, Collection[str]], size: int, at_least: int = 0) -> Draw:
    """Draws `size` ids from the strata in proportion to their numbers.

    `population` is {stratum: ids}; an id belongs to one stratum (ValueError otherwise). Each stratum gives at least
    `at_least` of its ids, as far as the sample reaches.
    """
    ids = [one for members in population.values() for one in set(members)]
    if len(ids) != len(set(ids)):
        raise ValueError("an id stands in two strata")
    sizes = allocate({name: len(set(members)) for name, members in population.items()}, size, at_least)
    strata = tuple(
        Stratum(name, drawn_order(seed, population[name]), sizes[name]) for name in sorted(population)
    )
    return Draw(seed, strata, order_digest(strata), len(ids) <= size)


def order_digest(strata: Sequence[Stratum]) -> str:
    """Returns the sha256 of one line an id: stratum, tab, id, in drawn order."""
    lines = "".join(f"{stratum.name}\t{one}\n" for stratum in strata for one in stratum.order)
    return hashlib.sha256(lines.encode()).hexdigest()


def allocate(sizes: Mapping[str, int], sample: int, at_least: int = 0) -> dict[str, int]:
    """Divides a sample among strata in proportion to their sizes by largest remainders; {stratum: number}.

    Equal remainders go to the larger stratum, then by name. No stratum gives more than it has, the numbers make the
    sample (or the whole population when that is smaller). Raises ValueError for negative numbers.
    """
    if sample < 0 or at_least < 0 or any(size < 0 for size in sizes.values()):
        raise ValueError("a sample is not negative")
    total = sum(sizes.values())
    if sample >= total:
        return dict(sizes)
    given = dict.fromkeys(sizes, 0)
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        given[name] = min(at_least, sizes[name], sample - sum(given.values()))
    left = sample - sum(given.values())
    quotas = {name: max(0.0, sizes[name] * sample / total - given[name]) for name in sizes}
    scale = left / sum(quotas.values()) if left else 0.0
    for name, quota in quotas.items():
        given[name] += min(sizes[name] - given[name], int(quota * scale + 1e-9))
    remainders = {name: quota * scale - int(quota * scale + 1e-9) for name, quota in quotas.items()}
    turn = sorted(sizes, key=lambda name: (-round(remainders[name], 9), -sizes[name], name))
    while (left := sample - sum(given.values())) > 0:
        for name in [name for name in turn if given[name] < sizes[name]][:left]:
            given[name] += 1
    return given


def precision(
    share: float, sample: int, population: int | None = None, confidence: float = CONFIDENCE
) -> Interval:
    """Returns what a sample of that size could say if `share` of it were kept: "71-93 %" for 0.85 and 40.

    A sample that is a good part of a finite `population` says more, all of it says everything. Wilson with the
    effective sample size n (N - 1) / (N - n).
    """
    if population is None:
        return wilson_share(share, sample, confidence)
    if sample >= population:
        return Interval(share, share) if population else Interval(0.0, 1.0)
    return wilson_share(share, sample * (population - 1) / (population - sample), confidence)
