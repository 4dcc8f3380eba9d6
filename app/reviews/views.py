"""Owns which pages the room has: it gathers the views of all its `views_*.py` on the one blueprint."""

from app.reviews import (
    views_changes,
    views_counsel,
    views_handing,
    views_held,
    views_outside,
    views_plans,
    views_review,
    views_threads,
)
from app.reviews.pages import reviews

__all__ = [
    "reviews",
    "views_changes",
    "views_counsel",
    "views_handing",
    "views_held",
    "views_outside",
    "views_plans",
    "views_review",
    "views_threads",
]
