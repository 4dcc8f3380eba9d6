"""Owns the one blueprint of the room, its templates and the words they use. The views stand in `views.py` and `views_award.py`."""

from flask import Blueprint

from app.committee import words
from app.committee.money import money_text
from app.web.teaching import teach

committee = Blueprint("committee", __name__, template_folder="templates")

teach(
    committee,
    {
        "item_words": words.item_words,
        "verdict_of_words": words.verdict_of_words,
        "meeting_state_words": words.meeting_state_words,
        "budget_kind_words": words.budget_kind_words,
        "entry_kind_words": words.entry_kind_words,
        "nominee_words": words.nominee_words,
        "money_text": money_text,
    },
    filters={"nominee_title": words.nominee_title},
)
