"""Owns which pages the room has: it gathers the views of all its `views_*.py` on the one blueprint."""

from app.evidence import (
    views_articles,
    views_connectors,
    views_definitions,
    views_import,
    views_issues,
    views_push,
    views_replay,
    views_series,
    views_suggestions,
    views_surges,
    views_tickets,
    words,
)
from app.evidence.pages import evidence

__all__ = [
    "evidence",
    "views_articles",
    "views_connectors",
    "views_definitions",
    "views_import",
    "views_issues",
    "views_push",
    "views_replay",
    "views_series",
    "views_suggestions",
    "views_surges",
    "views_tickets",
    "words",
]
