"""Owns which pages the room has: it gathers the views of all its `views_*.py` on the one blueprint."""

from app.proposals import views_begin, views_new, views_scoring, views_triage, words
from app.proposals.pages import proposals

__all__ = ["proposals", "views_begin", "views_new", "views_scoring", "views_triage", "words"]
