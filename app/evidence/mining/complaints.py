"""Owns telling complaints from other texts after learning on texts of another kind. Knows no file of a caller.

Reviews know praise and blame but no request: a neutral question ("how do I change my address?") looks like blame to a
model that never saw one. A hundred general sentences of service talk of our own (`seeds.csv`, Chinese and
English) stand beside what is given and weigh as much as all of it. Which of two labels means a
complaint is found by asking the model that saw only the given texts.
"""

import csv
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.evidence.mining.classifier import Classifier
from app.evidence.mining.encoder import Encoder

SEEDS = Path(__file__).with_name("seeds.csv")
SEED_SHARE = 1.0
MOST_TEXTS = 3_000


def predict_complaints(
    texts: Sequence[str], labels: Sequence[str], asked: Sequence[str], encoder: Encoder
) -> list[str]:
    """Returns one label a text that is asked about. With other than two labels no sentence of ours is used."""
    chosen = sorted(random.Random(7).sample(range(len(texts)), min(MOST_TEXTS, len(texts))))  # noqa: S311 no secret
    if len({labels[n] for n in chosen}) < len(set(labels)):
        chosen = list(range(len(texts)))
    given, named = [texts[n] for n in chosen], [labels[n] for n in chosen]
    vectors, questions = encoder.encode(given), encoder.encode(asked)
    if len(set(named)) != 2:
        return Classifier().fit(given, vectors, named).predict(asked, questions)
    seeds, is_complaint = _seeds()
    seeded = encoder.encode(seeds)
    alone = Classifier().fit(given, vectors, named)
    complaint, other = _meanings(sorted(set(named)), alone.predict(seeds, seeded), is_complaint)
    weights = np.ones(len(given) + len(seeds))
    weights[len(given) :] = SEED_SHARE * len(given) / len(seeds)
    model = Classifier().fit(
        [*given, *seeds],
        np.vstack([vectors, seeded]),
        [*named, *(complaint if yes else other for yes in is_complaint)],
        weights,
    )
    return model.predict(asked, questions)


def _seeds() -> tuple[list[str], list[bool]]:
    with SEEDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row["complaint"] == "yes" for row in rows]


def _meanings(names: Sequence[str], said: Sequence[str], is_complaint: Sequence[bool]) -> tuple[str, str]:
    """Returns which label means a complaint and which does not: the one that is given to our complaints more often."""
    first, second = names

    def share(of: bool) -> float:
        some = [label == first for label, yes in zip(said, is_complaint, strict=True) if yes is of]
        return sum(some) / len(some)

    return (first, second) if share(True) >= share(False) else (second, first)
