"""Owns the one blueprint of the room and the filters its templates use. The views stand in `views_*.py`."""

from collections.abc import Iterable

from flask import Blueprint

from app.training import words
from app.web.teaching import teach

training = Blueprint("training", __name__, template_folder="templates")

_QUOTES = {"“": "”", "「": "」", '"': '"', "‘": "’", "'": "'"}


def numbered(words: Iterable[str]) -> list[tuple[str, str]]:
    """Returns the words as choices, valued by their place from 0."""
    return [(str(index), word) for index, word in enumerate(words)]


def unquoted(phrase: str) -> str:
    """Returns a phrase without the quotation marks around it: the page draws its own, in the reader's form."""
    text = phrase.strip()
    while len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[0] not in text[1:-1]:
        text = text[1:-1].strip()
    return text


teach(
    training,
    {
        "cell_words": words.cell_words,
        "why_words": words.why_words,
    },
    filters={
        "numbered": numbered,
        "unquoted": unquoted,
    },
)
