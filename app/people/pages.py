"""Owns the one blueprint of the room. The views stand in `views.py` and `views_codes.py`."""

from flask import Blueprint

people = Blueprint("people", __name__, template_folder="templates")
