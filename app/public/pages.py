"""Owns the one blueprint of the customers' room. The views stand in `views.py` and `views_feed.py`."""

from flask import Blueprint

public = Blueprint("public", __name__, template_folder="templates")
