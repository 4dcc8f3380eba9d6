"""Owns measuring: labelled rows in, figures out, ours and the plain baselines beside them. Reads no file."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score, normalized_mutual_info_score, precision_recall_fscore_support

from app.evidence.mining.classifier import Classifier, plain_baseline
from app.evidence.mining.clauses import ClauseIndex, ClauseText, plain_bm25
from app.evidence.mining.clusters import find_groups, how_many
from app.evidence.mining.complaints import predict_complaints
from app.evidence.mining.encoder import Encoder, LatentEncoder, Vectors
from app.evidence.mining.files import Row

MOST_LEARNED = 10_000  # texts that are encoded for learning; of more, so many are drawn
MOST_ASKED = 10_000  # texts on which is measured; drawn by chance, they are within 1 point of all of them
TOP = 5
COMPLAINT_LABELS = ("complaint", "1", "yes", "true", "neg", "negative", "投诉", "是", "负面")


def evaluate_issues(train: Sequence[Row], test: Sequence[Row], encoder: Encoder) -> dict[str, Any]:
    """Returns how well labels are learned (accuracy) and how well issues found without any label agree with them (nmi).

    The texts of both files are grouped without looking at a label; the agreement is that of the test's texts.
    """
    train, test, told = _fewer(train, test)
    texts, asked = [row.text for row in train], [row.text for row in test]
    labels, truth = [row.label for row in train], [row.label for row in test]
    vectors, questions = encoder.encode(texts), encoder.encode(asked)
    learned = Classifier().fit(texts, vectors, labels).predict(asked, questions)
    every = [*texts, *asked]
    ready = _Ready(every, np.vstack([vectors, questions]), encoder.name)
    found = find_groups(every, ready, sample=len(every)).labels[len(texts) :]
    plain = find_groups(every, LatentEncoder(), sample=len(every)).labels[len(texts) :]
    return {
        "accuracy": _rate(accuracy_score(truth, learned)),
        "nmi": _rate(normalized_mutual_info_score(truth, found)),
        "labels": len(set(labels)),
        "groups": how_many(len(every)),
        "baselines": {
            "tfidf_linear": {"accuracy": _rate(accuracy_score(truth, plain_baseline(texts, labels, asked)))},
            "tfidf_kmeans": {"nmi": _rate(normalized_mutual_info_score(truth, plain))},
        },
        **_unknown(labels, truth),
        **told,
    }


def evaluate_complaints(train: Sequence[Row], test: Sequence[Row], encoder: Encoder) -> dict[str, Any]:
    """Returns how well complaints are told from other texts; precision and recall are of the complaints where a label
    says so (complaint, 1, yes, neg, 投诉), else the mean over the labels."""
    _all, test, told = _fewer([], test)
    texts, asked = [row.text for row in train], [row.text for row in test]
    labels, truth = [row.label for row in train], [row.label for row in test]
    return {
        **_hits(truth, predict_complaints(texts, labels, asked, encoder)),
        "labels": len(set(labels)),
        "baselines": {"tfidf_linear": _hits(truth, plain_baseline(texts, labels, asked))},
        **_unknown(labels, truth),
        **told,
    }


def evaluate_clauses(
    train: Sequence[tuple[str, Sequence[str]]],
    test: Sequence[tuple[str, Sequence[str]]],
    clauses: Sequence[ClauseText],
    encoder: Encoder,
) -> dict[str, Any]:
    """Returns in what share of the questions a right clause is among the first five. `train` may be empty."""
    learned = [(text, key) for text, keys in train for key in keys]
    asked = [text for text, _keys in test]
    ours = [[key for key, _score in row] for row in ClauseIndex(clauses, encoder, learned).best(asked, TOP)]
    plain = plain_bm25({c.key: f"{c.heading}\n{c.body}" for c in clauses}, asked, TOP)
    return {**_found(test, ours), "clauses": len(clauses), "baselines": {"bm25": _found(test, plain)}}


def evaluate_masking(
    test: Sequence[tuple[str, Sequence[str]]], mask: Callable[[str], tuple[str, int]]
) -> dict[str, Any]:
    """Returns recall (what had to be masked and is) and precision (what is masked and had to be).

    `test` are texts with the strings to mask; `mask` returns the masked text and how many places it masked.
    """
    wanted = hidden = masked = right = clean = 0
    for text, strings in test:
        shown, places = mask(text)
        gone = sum(string not in shown for string in strings)
        wanted, hidden, masked = wanted + len(strings), hidden + gone, masked + places
        right += gone == len(strings) and places <= len(strings)
        clean += places == 0 and not strings
    harmless = sum(not strings for _text, strings in test)
    return {
        "accuracy": _rate(right / len(test)),
        "precision": _rate(min(hidden, masked) / masked) if masked else None,
        "recall": _rate(hidden / wanted) if wanted else None,
        "harmless_masked": _rate(1 - clean / harmless) if harmless else None,
    }


def evaluate_masked_texts(
    test: Sequence[tuple[str, bool]], mask: Callable[[str], tuple[str, int]]
) -> dict[str, Any]:
    """Returns the same for labels that only say whether a text holds anything to mask: every figure counts texts."""
    said = [mask(text)[1] > 0 for text, _wanted in test]
    wanted = [one for _text, one in test]
    both = sum(a and b for a, b in zip(said, wanted, strict=True))
    harmless = len(wanted) - sum(wanted)
    return {
        "accuracy": _rate(sum(a == b for a, b in zip(said, wanted, strict=True)) / len(test)),
        "precision": _rate(both / sum(said)) if any(said) else None,
        "recall": _rate(both / sum(wanted)) if any(wanted) else None,
        "harmless_masked": _rate((sum(said) - both) / harmless) if harmless else None,
        "counts": "texts",
    }


class _Ready:
    """Hands out vectors that were made before, so that no text is encoded twice."""

    def __init__(self, texts: Sequence[str], vectors: Vectors, name: str) -> None:
        self.name = name
        self._rows = dict(zip(texts, vectors, strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._rows[text] for text in texts])


def _hits(truth: Sequence[str], said: Sequence[str]) -> dict[str, float]:
    complaint = next((name for name in COMPLAINT_LABELS if name in {one.lower() for one in truth}), None)
    names = None if complaint is None else [one for one in set(truth) if one.lower() == complaint]
    precision, recall, _f, _n = precision_recall_fscore_support(
        truth, said, labels=names, average="macro", zero_division=0
    )
    return {
        "accuracy": _rate(accuracy_score(truth, said)),
        "precision": _rate(precision),
        "recall": _rate(recall),
    }


def _found(test: Sequence[tuple[str, Sequence[str]]], found: Sequence[Sequence[str]]) -> dict[str, float]:
    at_five = sum(bool(set(keys) & set(row[:TOP])) for (_text, keys), row in zip(test, found, strict=True))
    first = sum(bool(set(keys) & set(row[:1])) for (_text, keys), row in zip(test, found, strict=True))
    return {"hit_at_5": _rate(at_five / len(test)), "hit_at_1": _rate(first / len(test))}


def _fewer(train: Sequence[Row], test: Sequence[Row]) -> tuple[list[Row], list[Row], dict[str, int]]:
    """Draws from very long files, always the same rows, and says how many; of each label that is taught one stays."""
    taught, asked = _drawn(train, MOST_LEARNED), _drawn(test, MOST_ASKED)
    left = {row.label for row in train} - {row.label for row in taught}
    for row in train if left else ():
        if row.label in left:
            left.discard(row.label)
            taught.append(row)
    said = {"measured_on": len(asked)} if len(asked) < len(test) else {}
    return taught, asked, said | ({"learned_from": len(taught)} if len(taught) < len(train) else {})


def _drawn(rows: Sequence[Row], most: int) -> list[Row]:
    if len(rows) <= most:
        return list(rows)
    places = np.sort(np.random.default_rng(7).permutation(len(rows))[:most])
    return [rows[int(place)] for place in places]


def _unknown(labels: Sequence[str], truth: Sequence[str]) -> dict[str, Any]:
    """Names labels of the test that nobody taught: they can only be wrong."""
    unknown = sorted(set(truth) - set(labels))
    return {"labels_not_taught": unknown[:20]} if unknown else {}


def _rate(value: float) -> float:
    return round(float(value), 4)
