"""Owns the number beside the bell at the top of each page: notices not marked as read. It comes with the sign-in."""

from flask import Flask

from app.notices import queries
from app.people import sign_in_rows
from app.web.navigation import provide_count
from app.web.viewer import Viewer


def provide(app: Flask) -> None:
    """Names the counter to the navigation; called once by the wiring page.

    The desk has no number of its own there: what waits is told by many rooms and too dear to ask for on each page.
    """
    provide_count(app, "notices", unread)
    sign_in_rows.bring_along(queries.unread_count, queries.unread_count_of_person())


def unread(viewer: Viewer) -> int:
    """Returns how many notices the viewer has not marked as read; 0 for a visitor."""
    return queries.unread_count(viewer.actor.person_id) if viewer.actor.person_id else 0
