"""Owns finding groups of texts that are about one thing, without labels: a sample is encoded, the rest is carried over.

Time and memory grow linearly with the texts: the costly encoder and the clustering see at most `sample` of them, and a
linear model over words brings the groups of the sample to all others.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.svm import LinearSVC

from app.evidence.mining.encoder import Encoder, Vectors
from app.evidence.mining.words import pairs, prepare

SAMPLE = 2_000
MOST_GROUPS = 100
CHUNK = 5_000
JOINS = 0.9

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Groups:
    """`labels` holds the number of the group of each text, -1 for texts that no group is sure of; `centres` one row of
    length 1 a group; `sample` the places of the encoded texts and `vectors` their rows."""

    labels: NDArray[np.int64]
    centres: Vectors
    sample: NDArray[np.int64]
    vectors: Vectors


def how_many(texts: int) -> int:
    """Returns how many groups to look for: the square root of the texts, at least 2 and at most 100."""
    return max(2, min(MOST_GROUPS, round(math.sqrt(texts))))


def find_groups(
    texts: Sequence[str],
    encoder: Encoder,
    *,
    sample: int = SAMPLE,
    groups: int | None = None,
    known: Mapping[int, int] | None = None,
    fixed: int = 0,
    out: Sequence[tuple[int, int]] = (),
    progress: Progress | None = None,
) -> Groups:
    """Groups texts. `known` is {place of a text: number of its group}: what a person confirmed. Those texts stay there
    and teach the model that carries groups to the rest; new groups get the numbers after the `fixed` confirmed ones.
    `out` are (place, group) that a person took apart: neither that text nor one that is nearer to it joins the group.

    The same texts give the same groups. `progress(done, of all)` is called as the texts are worked through.
    """
    tell = progress or (lambda _done, _all: None)
    told = dict(known or {})
    first = max(fixed, max(told.values(), default=-1) + 1)
    chosen = _sample(len(texts), sample, [*told, *(place for place, _group in out)])
    vectors = _encode(texts, chosen, encoder, tell)
    labels = np.full(len(texts), -1, dtype=np.int64)
    start = np.array([told.get(int(n), -1) for n in chosen], dtype=np.int64)
    at = {int(place): row for row, place in enumerate(chosen)}
    refused = [(at[place], group) for place, group in out if place in at]
    labels[chosen] = _cluster(vectors, start, refused, first, groups or how_many(len(texts)))
    centres = _centres(vectors, labels[chosen])
    rest = np.setdiff1d(np.arange(len(texts)), chosen)
    if len(rest):
        _carry(texts, chosen, rest, labels, tell)
    return Groups(labels, centres, chosen, vectors)


def _sample(size: int, most: int, told: Sequence[int]) -> NDArray[np.int64]:
    """Draws places, always the same ones; of those that a person spoke of at most as many again."""
    drawn = np.random.default_rng(7).permutation(size)[:most]
    wanted = np.array(sorted(told)[:: len(told) // most + 1], dtype=np.int64)
    return np.union1d(drawn, wanted).astype(np.int64)


def _encode(texts: Sequence[str], chosen: NDArray[np.int64], encoder: Encoder, tell: Progress) -> Vectors:
    parts = []
    for start in range(0, len(chosen), 500):
        parts.append(encoder.encode([texts[n] for n in chosen[start : start + 500]]))
        tell(min(start + 500, len(chosen)), len(texts))
    return np.vstack(parts) if parts else np.zeros((0, 1), dtype=np.float32)


def _cluster(
    vectors: Vectors, start: NDArray[np.int64], refused: Sequence[tuple[int, int]], first: int, wanted: int
) -> NDArray[np.int64]:
    """Clusters the sample: confirmed texts keep their group, texts beside a confirmed group join it, others form new ones."""
    labels = start.copy()
    if (labels >= 0).any():
        _join(vectors, labels, refused)
    free = np.flatnonzero(labels < 0)
    if len(free) <= 2:
        labels[free] = np.arange(first, first + len(free))
        return labels
    wanted = max(2, min(wanted, len(free) // 2))
    found = KMeans(wanted, n_init=2, max_iter=60, random_state=0).fit(vectors[free]).labels_
    labels[free] = first + found
    return labels


def _join(vectors: Vectors, labels: NDArray[np.int64], refused: Sequence[tuple[int, int]]) -> None:
    """Gives free texts to the confirmed group whose centre they are nearly as near to as its own members are."""
    near = vectors @ _centres(vectors, labels).T
    own = np.array([near[labels == n, n].mean() if (labels == n).any() else 2 for n in range(near.shape[1])])
    for row, group in refused:
        if group < near.shape[1]:
            near[vectors @ vectors[row] > near[:, group], group] = -1  # nearer to what a person took out
            near[row, group] = -1
    closest = near.argmax(axis=1)
    joins = (labels < 0) & (near.max(axis=1) >= JOINS * own[closest])
    labels[joins] = closest[joins]


def _centres(vectors: Vectors, labels: NDArray[np.int64]) -> Vectors:
    count = int(labels.max(initial=-1)) + 1
    sums = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    inside = labels >= 0
    np.add.at(sums, labels[inside], vectors[inside])
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    return (sums / np.where(length > 0, length, 1)).astype(np.float32)


def _carry(
    texts: Sequence[str],
    chosen: NDArray[np.int64],
    rest: NDArray[np.int64],
    labels: NDArray[np.int64],
    tell: Progress,
) -> None:
    """Brings the groups of the sample to the rest by a linear model over hashed words and pairs of words."""
    hashed = HashingVectorizer(
        preprocessor=prepare,
        analyzer=_units,
        n_features=2**17,
        alternate_sign=False,
        norm="l2",
        dtype=np.float32,
    )
    told = labels[chosen]
    if len(set(told.tolist())) < 2:
        labels[rest] = told[0]
        return
    model = LinearSVC(C=1.0).fit(hashed.transform([texts[n] for n in chosen]), told)
    for start in range(0, len(rest), CHUNK):
        part = rest[start : start + CHUNK]
        labels[part] = model.predict(hashed.transform([texts[n] for n in part]))
        tell(min(len(chosen) + start + CHUNK, len(texts)), len(texts))


def _units(text: str) -> list[str]:
    return pairs(prepare(text))
