"""Owns the one blueprint of the room, its templates and the words they use. The views stand in `views_*.py`."""

import datetime as dt

from flask import Blueprint

from app.evidence import connector_words, import_fields, link_words, replay_words, words
from app.standards import measure_words
from app.web.teaching import teach

evidence = Blueprint("evidence", __name__, template_folder="templates")

teach(
    evidence,
    {
        "code_words": words.code_words,
        "issue_name": words.issue_name,
        "confidence_words": words.confidence_words,
        "trend_words": words.trend_words,
        "range_words": words.range_words,
        "issue_state_words": words.issue_state_words,
        "suggestion_state_words": words.suggestion_state_words,
        "evidence_kind_words": words.kind_words,
        "change_words": words.change_words,
        "evidence_key": link_words.evidence_key,
        "evidence_note": link_words.evidence_note,
        "evidence_url": link_words.evidence_url,
        "expected_words": link_words.expected_words,
        "import_field_words": import_fields.field_words,
        "hour_words": replay_words.hour_words,
        "season_words": replay_words.season_words,
        "origin_words": replay_words.origin_words,
        "weekday_span": replay_words.weekday_span,
        "plain": replay_words.plain,
        "value_words": measure_words.value_words,
        "connector_kind_words": connector_words.connector_kind_words,
        "connector_state_words": connector_words.connector_state_words,
        "connector_state_kind": connector_words.connector_state_kind,
        "connector_result_words": connector_words.connector_result_words,
        "schedule_words": connector_words.schedule_words,
    },
    filters={
        "issue_name": words.issue_name,
        "read_moment": dt.datetime.fromisoformat,
    },
)
