"""Owns the number beside "My desk" in the navigation: notices not marked as read. One indexed count a page."""

from flask import Flask

from app.notices import queries
from app.web.navigation import provide_count
from app.web.viewer import Viewer


def provide(app: Flask) -> None:
    """Names the counter to the navigation; called once by the wiring page."""
    provide_count(app, "desk", unread)


def unread(viewer: Viewer) -> int:
    """Returns how many notices the viewer has not marked as read; 0 for a visitor."""
    return queries.unread_count(viewer.actor.person_id) if viewer.actor.person_id else 0
