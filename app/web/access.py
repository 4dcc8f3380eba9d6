"""Owns the one door before all views: unmarked views are closed, marked ones ask for their permission."""

from flask import current_app, request

from app.core.access import Permission, required_of
from app.core.errors import NotAllowed, NotSignedIn
from app.web.security import SAFE_METHODS
from app.web.viewer import current_viewer


def refuse_unmarked() -> None:
    """Refuses a view that nobody marked, and one whose permission the viewer does not hold.

    Raises NotSignedIn for a visitor, NotAllowed for everybody else. An address without a view passes to its 404.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return
    required = required_of(view)
    if required is False:
        raise NotAllowed("web.unmarked")
    if isinstance(required, Permission) and not current_viewer().may(required):
        if not current_viewer().is_signed_in:
            raise NotSignedIn("web.sign_in_first")
        raise NotAllowed("web.not_your_role")


def is_reading() -> bool:
    """Tells whether the request only reads: then nothing may be written while it is answered."""
    return request.method in SAFE_METHODS
