"""Owns the one blueprint of the room, its templates and the words they use. The views stand in `views_*.py`."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from app.proposals import words
from app.standards.revision_page import name_of

proposals = Blueprint("proposals", __name__, template_folder="templates")


@proposals.record_once
def _teach_words(state: BlueprintSetupState) -> None:
    """Lets every template of the house name questions, answers and quadrants the same way."""
    state.app.jinja_env.globals.update(
        question_words=words.question_words,
        question_short=words.question_short,
        score_anchors=words.anchors,
        skip_words=words.skip_words,
        quadrant_words=words.quadrant_words,
        strength_words=words.strength_words,
        credit_words=words.credit_words,
    )
    state.app.jinja_env.filters["person_name"] = name_of
