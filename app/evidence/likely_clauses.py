"""Owns the guess which clause complaints are about. It only suggests: a person confirms. Reads no clause itself."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.evidence.terms import tokens

BM25_K1, BM25_B = 1.2, 0.6
QUERY_TERMS = 60
VERY_LIKELY_SCORE, LIKELY_SCORE, CLEARLY_AHEAD = 0.055, 0.04, 1.25
"""Set on the starter standards: complaints about returns, refunds, privacy and identity find their clause first."""


class Confidence(StrEnum):
    """How likely a clause is meant (很可能 / 可能 / 没把握)."""

    VERY_LIKELY = "very_likely"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A clause that complaints may be about. `score` is its share of the best that a clause could reach, 0 to 1."""

    clause_key: str
    confidence: Confidence
    score: float


def suggest_clauses(texts: Sequence[str], clause_texts: Mapping[str, str]) -> list[Suggestion]:
    """Returns the three clauses that complaints are most likely about, best first; fewer if fewer share a word.

    Scores by BM25 over the same words; a word weighs by the share of the texts that use it. Nothing is said to be very
    likely that is not clearly ahead of the next clause. `clause_texts` is {clause key: text, in any languages}.
    """
    clauses = {key: Counter(tokens(text)) for key, text in clause_texts.items()}
    used = Counter(token for text in texts for token in set(tokens(text)))
    if not clauses or not used:
        return []
    found_in = Counter(token for counts in clauses.values() for token in counts)
    rarity = {
        token: math.log(1 + (len(clauses) - found_in[token] + 0.5) / (found_in[token] + 0.5))
        for token in used
    }
    weights = {token: count / len(texts) for token, count in used.items()}
    # Words that no clause uses count against every clause: who speaks of something else is not sure to mean this one.
    query = sorted(weights, key=lambda token: (-weights[token] * rarity[token], token))[:QUERY_TERMS]
    best = sum(weights[token] * rarity[token] * (BM25_K1 + 1) for token in query)
    average = sum(counts.total() for counts in clauses.values()) / len(clauses)
    scores = {
        key: _bm25(query, counts, average, weights, rarity) / best for key, counts in clauses.items() if best
    }
    ranked = sorted(
        ((score, key) for key, score in scores.items() if score > 0), key=lambda one: (-one[0], one[1])
    )
    return [
        Suggestion(
            key, _confidence(score, ranked[place + 1][0] if place + 1 < len(ranked) else 0.0, place), score
        )
        for place, (score, key) in enumerate(ranked[:3])
    ]


def _bm25(
    query: Sequence[str],
    counts: Counter[str],
    average: float,
    weights: Mapping[str, float],
    rarity: Mapping[str, float],
) -> float:
    length = 1 - BM25_B + BM25_B * counts.total() / average
    return sum(
        weights[token] * rarity[token] * counts[token] * (BM25_K1 + 1) / (counts[token] + BM25_K1 * length)
        for token in query
        if token in counts
    )


def _confidence(score: float, following: float, place: int) -> Confidence:
    if place == 0 and score >= VERY_LIKELY_SCORE and score >= CLEARLY_AHEAD * following:
        return Confidence.VERY_LIKELY
    return Confidence.LIKELY if score >= LIKELY_SCORE else Confidence.UNSURE
