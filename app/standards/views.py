"""Owns which pages the room has: it gathers the views of all its `views_*.py` on the one blueprint."""

from app.standards import reason_texts, views_handbook, views_library, views_revision, views_standard
from app.standards.pages import standards

__all__ = ["reason_texts", "standards", "views_handbook", "views_library", "views_revision", "views_standard"]
