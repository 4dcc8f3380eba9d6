"""Owns nothing but the list of this room's pages: importing it registers them."""

from app.training import views_acknowledge, views_learning, views_revision, views_team
from app.training.pages import training

__all__ = ["training", "views_acknowledge", "views_learning", "views_revision", "views_team"]
