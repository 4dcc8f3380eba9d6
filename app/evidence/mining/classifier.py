"""Owns learning labels from labelled texts, ours and the plain baseline beside it. Knows no file and no issue."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from app.evidence.mining.encoder import Vectors
from app.evidence.mining.vocabulary import learn_words
from app.evidence.mining.words import prepare, units

FEW_LABELS = 4  # with so few labels a logistic model gives shares that can be trusted; with more it is slow


class Classifier:
    """A linear model over words, pairs of words, character n-grams and sentence vectors together."""

    def __init__(self, vectors_weigh: float = 2.0) -> None:
        self._words = TfidfVectorizer(
            preprocessor=prepare, tokenizer=units, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True
        )
        self._grams = TfidfVectorizer(
            preprocessor=prepare, analyzer="char_wb", ngram_range=(2, 4), min_df=2, sublinear_tf=True
        )
        self._weigh = vectors_weigh
        self._model: Any = None

    def fit(
        self,
        texts: Sequence[str],
        vectors: Vectors,
        labels: Sequence[str],
        weights: NDArray[np.float64] | None = None,
    ) -> "Classifier":
        """Learns; there have to be at least two labels. `weights` say how much each text counts."""
        table = self._table(texts, vectors, learn=True)
        if len(set(labels)) <= FEW_LABELS:
            self._model = LogisticRegression(C=3.0, max_iter=2_000)
        else:
            self._model = LinearSVC(C=1.0)
        self._model.fit(table, list(labels), sample_weight=weights)
        return self

    def predict(self, texts: Sequence[str], vectors: Vectors) -> list[str]:
        """Returns one label a text."""
        return [str(label) for label in self._model.predict(self._table(texts, vectors))]

    def _table(self, texts: Sequence[str], vectors: Vectors, *, learn: bool = False) -> sp.csr_matrix:
        def act(one: TfidfVectorizer) -> Callable[[Sequence[str]], sp.csr_matrix]:
            return (lambda some: learn_words(one, some)) if learn else one.transform

        parts = [act(self._words)(texts), act(self._grams)(texts), self._weigh * vectors]
        return sp.hstack(parts).tocsr()


def plain_baseline(texts: Sequence[str], labels: Sequence[str], asked: Sequence[str]) -> list[str]:
    """Returns what TF-IDF of words with a linear model answers: the least that ours has to be better than."""
    words = TfidfVectorizer(preprocessor=prepare, tokenizer=units, token_pattern=None, sublinear_tf=True)
    model = LinearSVC(C=1.0).fit(learn_words(words, texts), list(labels))
    return [str(label) for label in model.predict(words.transform(asked))]
