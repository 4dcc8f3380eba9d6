"""Owns the one blueprint of the room and the words its templates may call. The views stand in `views_*.py`."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from app.standards import comparison, measure_words, words

standards = Blueprint("standards", __name__, template_folder="templates")


@standards.record_once
def _teach_words(state: BlueprintSetupState) -> None:
    """Lets every template of the house name standards, clauses, stages and measures the same way."""
    state.app.jinja_env.globals.update(
        spoken_id=words.spoken_id,
        state_words=words.state_words,
        stage_words=words.stage_words,
        move_words=words.move_words,
        source_words=words.source_words,
        audience_words=words.audience_words,
        tag_words=words.tag_words,
        category_words=words.category_words,
        journey_words=words.journey_words,
        measure_sentence=measure_words.measure_sentence,
        measure_short=measure_words.measure_short,
        metric_words=measure_words.metric_words,
        unit_words=measure_words.unit_words,
        target_sides=measure_words.target_sides,
        shown=comparison.shown,
    )
