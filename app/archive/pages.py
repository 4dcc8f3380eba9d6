"""Owns the one blueprint of the room and the words its templates use."""

from flask import Blueprint

from app.archive import evaluation, words
from app.web.teaching import teach

archive = Blueprint("archive", __name__, template_folder="templates")

teach(
    archive,
    {
        "verdict_words": words.verdict_words,
        "verdict_kind": words.verdict_kind,
        "gap_words": words.gap_words,
        "effect_difference": evaluation.difference,
        "effect_share": evaluation.share,
    },
)
