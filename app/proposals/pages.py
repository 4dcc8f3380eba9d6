"""Owns the one blueprint of the room, its templates and the words they use. The views stand in `views_*.py`."""

from flask import Blueprint

from app.proposals import words
from app.standards.revision_page import name_of
from app.web.teaching import teach

proposals = Blueprint("proposals", __name__, template_folder="templates")

teach(
    proposals,
    {
        "question_words": words.question_words,
        "question_short": words.question_short,
        "score_anchors": words.anchors,
        "skip_words": words.skip_words,
        "quadrant_words": words.quadrant_words,
        "strength_words": words.strength_words,
        "credit_words": words.credit_words,
    },
    filters={
        "person_name": name_of,
    },
)
