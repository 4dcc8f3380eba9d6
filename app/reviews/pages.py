"""Owns the one blueprint of the room and the words its templates may call. The views stand in `views_*.py`."""

from flask import Blueprint

from app.reviews import words
from app.standards import comparison
from app.web.teaching import teach

reviews = Blueprint("reviews", __name__, template_folder="templates")

teach(
    reviews,
    {
        "field_words": words.field_words,
        "step_words": words.step_words,
        "claim_words": words.claim_words,
        "need_words": words.need_words,
        "looks_words": words.looks_words,
        "decision_words": words.decision_words,
        "counsel_words": words.counsel_words,
        "item_answer_words": words.answer_words,
        "part_words": words.part_words,
        "note_author": words.note_author,
        "effort_words": words.effort_words,
        "redline_between": comparison.redline_of,
    },
)
