"""Owns which pages the room has: it gathers the views of all its `views_*.py` on the one blueprint."""

from app.standards import (
    edit_words,
    reason_texts,
    views_amendment,
    views_clause_acts,
    views_edit,
    views_editor,
    views_handbook,
    views_histories,
    views_history,
    views_library,
    views_revision,
    views_standard,
    views_whole_text,
    views_words,
)
from app.standards.pages import standards

__all__ = [
    "edit_words",
    "reason_texts",
    "standards",
    "views_amendment",
    "views_clause_acts",
    "views_edit",
    "views_editor",
    "views_handbook",
    "views_histories",
    "views_history",
    "views_library",
    "views_revision",
    "views_standard",
    "views_whole_text",
    "views_words",
]
