"""Owns learning the words of texts where there may be none: ten rows of smileys are no reason to stop. Cuts no text."""

from collections.abc import Sequence

import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

NO_WORD = "qzxjqzxj"


def learn_words(words: TfidfVectorizer, texts: Sequence[str]) -> sp.csr_matrix:
    """Learns the words of texts and returns their table, also of texts that hold none, or none twice."""
    try:
        return words.fit_transform(texts)
    except ValueError:  # there is nothing to learn from: one word that no text holds stands in
        return words.fit_transform([*texts, NO_WORD, NO_WORD])[: len(texts)]
