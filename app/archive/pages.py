"""Owns the one blueprint of the room and the words its templates use."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from app.archive import evaluation, words

archive = Blueprint("archive", __name__, template_folder="templates")


@archive.record_once
def _teach(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        verdict_words=words.verdict_words,
        verdict_kind=words.verdict_kind,
        gap_words=words.gap_words,
        effect_difference=evaluation.difference,
        effect_share=evaluation.share,
    )
