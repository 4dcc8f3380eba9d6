"""Owns the one blueprint of the room and the words its templates may call. The views stand in `views_*.py`."""

from flask import Blueprint

from app.standards import comparison, label_words, measure_words, references, scripts, words
from app.web.teaching import teach

standards = Blueprint("standards", __name__, template_folder="templates")

teach(
    standards,
    {
        "spoken_id": words.spoken_id,
        "frame_words": words.frame_words,
        "part_name": words.part_name,
        "relative_words": words.relative_words,
        "state_words": words.state_words,
        "stage_words": words.stage_words,
        "move_words": words.move_words,
        "source_words": words.source_words,
        "audience_words": words.audience_words,
        "tag_words": words.tag_words,
        "lineage_words": words.lineage_words,
        "category_words": words.category_words,
        "journey_words": words.journey_words,
        "measure_sentence": measure_words.measure_sentence,
        "measure_short": measure_words.measure_short,
        "metric_words": measure_words.metric_words,
        "unit_words": measure_words.unit_words,
        "target_sides": measure_words.target_sides,
        "shown": comparison.shown,
        "label_words": label_words.label_words,
        "label_kind": label_words.label_kind,
        "label_summary": label_words.label_summary,
        "labelled": label_words.labelled,
    },
    filters={"with_references": references.linked, "boxed": scripts.boxed},
)
