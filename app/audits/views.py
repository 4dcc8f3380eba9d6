"""Owns nothing but the list of this room's pages: importing it registers them."""

from app.audits import views_appeals, views_plans, views_report, views_scorecard
from app.audits.pages import audits

__all__ = ["audits", "views_appeals", "views_plans", "views_report", "views_scorecard"]
