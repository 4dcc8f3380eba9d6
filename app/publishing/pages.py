"""Owns the one blueprint of the room. The views stand in `views.py` and `views_notice.py`."""

from flask import Blueprint

from app.publishing.words import odd_words
from app.web.teaching import teach

publishing = Blueprint("publishing", __name__, template_folder="templates")

teach(publishing, {"odd_words": odd_words})
