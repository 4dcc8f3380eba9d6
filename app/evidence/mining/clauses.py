"""Owns finding the clauses that a text is about: words and meaning together. Knows no standard and stores nothing.

Six ways to score are brought to one scale and added, the last of them twice. Of words: BM25 over chapter and heading, and letters
shared with the whole clause (which finds "refunds" in "refunded", and needs no cutting of Chinese). Of
meaning: nearness to the heading alone, to the heading under its chapter, to the nearest sentence under its
heading, and to the middle of all sentences. A sentence that stands in many clauses ("end the conversation
politely") tells little and counts less, by the root of the number of clauses it stands in.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from app.evidence.mining.encoder import Encoder, Vectors
from app.evidence.mining.words import holds_han, prepare, units

K1, B = 1.2, 0.75
SHORTEST_PART = 3  # characters
WAYS, MEANING_WAYS = 7, 5  # with what counts double
OTHER_LANGUAGE = 0.5
_CUT = re.compile(r"\n+|(?<=[.?!:;。？！；：])\s*|[,，、]\s*(?=\S+ \S+|[\u4e00-\u9fff]{4})")
_LIST_SIGN = re.compile(r"^[\s>*+-]+|^\d+[.)、]\s*")

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class ClauseText:
    """A clause: `key` is the caller's, `chapter` what stands over it, such as the title of the standard."""

    key: str
    chapter: str
    heading: str
    body: str


class ClauseIndex:
    """Clauses made ready to be asked about; making one costs time in proportion to their texts.

    Where clauses have words in two languages (line by line, as `in_language` takes them apart), each language is an index
    of its own: a question is compared with the words and the meaning of its own language, and half as much with the
    meaning of the other.
    """

    def __init__(
        self, clauses: Sequence[ClauseText], encoder: Encoder, learned: Sequence[tuple[str, str]] = ()
    ) -> None:
        """`learned` are `(text, clause key)` that people confirmed: a text near to one is likely about the same clause."""
        self.keys = [clause.key for clause in clauses]
        self._encoder = encoder
        chinese, english = ([in_language(clause, one) for clause in clauses] for one in (True, False))
        self._indexes = {True: _Index(chinese, encoder)}
        self._indexes[False] = self._indexes[True] if english == chinese else _Index(english, encoder)
        place_of = {key: place for place, key in enumerate(self.keys)}
        taught = [(text, place_of[key]) for text, key in learned if key in place_of]
        self._taught = encoder.encode([text for text, _place in taught])
        self._taught_places = [place for _text, place in taught]

    def scores(self, texts: Sequence[str]) -> Scores:
        """Returns one row a text with one number a clause: how many standard deviations above the usual clause."""
        asked = self._encoder.encode(texts)
        found = np.zeros((len(texts), len(self.keys)))
        for chinese in (True, False):
            rows = [row for row, text in enumerate(texts) if holds_han(text) is chinese]
            if rows:
                found[rows] = self._compared([texts[row] for row in rows], asked[rows], chinese)
        if self._taught_places:
            found += _scaled(self._learned(asked)) / WAYS
        return found

    def best(self, texts: Sequence[str], most: int = 5) -> list[list[tuple[str, float]]]:
        """Returns the likeliest clauses of each text with their scores, best first."""
        rows = self.scores(texts)
        order = np.argsort(-rows, axis=1, kind="stable")[:, :most]
        return [
            [(self.keys[n], float(row[n])) for n in places] for row, places in zip(rows, order, strict=True)
        ]

    def _compared(self, texts: Sequence[str], asked: Vectors, chinese: bool) -> Scores:
        own, other = self._indexes[chinese], self._indexes[not chinese]
        found = own.by_words(texts) + own.by_meaning(asked)
        if own is other:
            return found / WAYS
        return (found + OTHER_LANGUAGE * other.by_meaning(asked)) / (WAYS + OTHER_LANGUAGE * MEANING_WAYS)

    def _learned(self, asked: Vectors) -> Scores:
        near = asked @ self._taught.T
        found = np.zeros((len(asked), len(self.keys)))
        for column, place in enumerate(self._taught_places):
            found[:, place] = np.maximum(found[:, place], near[:, column])
        return found


class _Index:
    """The clauses of one language. Every way to score is brought to one scale, so that they can be added."""

    def __init__(self, clauses: Sequence[ClauseText], encoder: Encoder) -> None:
        self._heading_words = Bm25([units(prepare(f"{c.chapter} {c.heading}")) for c in clauses])
        self._letters = _Letters([f"{c.chapter} {c.heading} {c.heading} {c.body}" for c in clauses])
        self._headings = encoder.encode([c.heading for c in clauses])
        self._chapters = encoder.encode([f"{c.chapter}: {c.heading}" for c in clauses])
        parts = [(place, part) for place, clause in enumerate(clauses) for part in _parts(clause)]
        self._owners = np.array([place for place, _part in parts], dtype=np.int64)
        stands_in = Counter(part for _place, part in set(parts))
        self._rarity = np.array([1 / math.sqrt(stands_in[part]) for _place, part in parts])
        self._parts = encoder.encode([f"{clauses[place].heading}: {part}" for place, part in parts])
        self._middles = _middles(encoder.encode([part for _place, part in parts]), self._owners, len(clauses))

    def by_words(self, texts: Sequence[str]) -> Scores:
        """Returns one row a text with one number a clause: the two ways of words, added."""
        asked = [units(prepare(text)) for text in texts]
        return _scaled(self._heading_words.scores(asked)) + _scaled(self._letters.scores(texts))

    def by_meaning(self, asked: Vectors) -> Scores:
        """Returns the same of the ways of meaning; nearness to the middle of all sentences counts double."""
        return (
            _scaled(asked @ self._headings.T)
            + _scaled(asked @ self._chapters.T)
            + _scaled(self._best_part(asked))
            + 2 * _scaled(asked @ self._middles.T)
        )

    def _best_part(self, asked: Vectors) -> Scores:
        near = (asked @ self._parts.T) * self._rarity
        found = np.zeros((len(asked), len(self._headings)))
        for place in range(len(self._headings)):
            own = self._owners == place
            if own.any():
                found[:, place] = near[:, own].max(axis=1)
        return found


def in_language(clause: ClauseText, chinese: bool) -> ClauseText:
    """Returns the lines of a clause in one language; the whole of it where it lacks a heading or a body in either."""

    def lines(text: str, of: bool) -> str:
        return "\n".join(line for line in text.split("\n") if line.strip() and holds_han(line) is of)

    if not all(lines(text, of) for text in (clause.heading, clause.body) for of in (True, False)):
        return clause
    chapter, heading, body = (lines(text, chinese) for text in (clause.chapter, clause.heading, clause.body))
    return ClauseText(clause.key, chapter or clause.chapter, heading, body)


class _Letters:
    """How alike texts are by the runs of two to four letters they share, rare ones counting more."""

    def __init__(self, documents: Sequence[str]) -> None:
        self._grams = TfidfVectorizer(
            preprocessor=prepare, analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True
        )
        # One word that no text holds: without it, clauses with no letter at all would leave nothing to learn from.
        self._table = self._grams.fit_transform([*documents, "\ue000\ue000"])[:-1]

    def scores(self, texts: Sequence[str]) -> Scores:
        """Returns one row a text with one number a document, 0 to 1."""
        return np.asarray((self._grams.transform(texts) @ self._table.T).toarray(), dtype=np.float64)


class Bm25:
    """Okapi BM25: ours uses it as one of six, and the plain baseline is nothing else."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self._counts = [Counter(words) for words in documents]
        self._lengths = [len(words) for words in documents]
        self._average = max(1.0, sum(self._lengths) / max(1, len(documents)))
        self._found_in = Counter(word for counts in self._counts for word in counts)

    def scores(self, asked: Sequence[Sequence[str]]) -> Scores:
        """Returns one row a question with one number a document."""
        found = np.zeros((len(asked), len(self._counts)))
        for row, words in enumerate(asked):
            for word in set(words) & self._found_in.keys():
                stands_in = self._found_in[word]
                rarity = math.log(1 + (len(self._counts) - stands_in + 0.5) / (stands_in + 0.5))
                for place, counts in enumerate(self._counts):
                    if word in counts:
                        length = 1 - B + B * self._lengths[place] / self._average
                        found[row, place] += rarity * counts[word] * (K1 + 1) / (counts[word] + K1 * length)
        return found


def plain_bm25(clauses: Mapping[str, str], texts: Sequence[str], most: int = 5) -> list[list[str]]:
    """Returns the clauses that BM25 alone finds: the baseline. `clauses` is {key: heading and text}."""
    keys = list(clauses)
    rows = Bm25([units(prepare(text)) for text in clauses.values()]).scores(
        [units(prepare(t)) for t in texts]
    )
    return [[keys[n] for n in np.argsort(-row, kind="stable")[:most] if row[n] > 0] for row in rows]


def _parts(clause: ClauseText) -> list[str]:
    found = [_LIST_SIGN.sub("", part).strip() for part in _CUT.split(clause.body)]
    return [part for part in found if len(part) >= SHORTEST_PART] or [clause.heading]


def _middles(rows: Vectors, owners: NDArray[np.int64], clauses: int) -> Vectors:
    """Returns the mean direction of each clause's sentences, of length 1; every clause has at least one."""
    found = np.zeros((clauses, rows.shape[1]), dtype=np.float32)
    np.add.at(found, owners, rows)
    return np.asarray(normalize(found), dtype=np.float32)


def _scaled(rows: NDArray[np.floating[Any]]) -> Scores:
    spread = rows.std(axis=1, keepdims=True)
    return (rows - rows.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)  # type: ignore[no-any-return]
