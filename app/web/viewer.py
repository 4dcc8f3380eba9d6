"""Owns who is looking at a page, as the shell needs to know it. How somebody signs in is the business of `people`."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, g

from app.core.access import VISITOR, Actor, Permission


@dataclass(frozen=True)
class Viewer:
    """The person in front of the page. `language` is "zh", "en" or None when the person never chose.

    `name_latin` is what a page in English calls the person, empty when they gave none.
    """

    name: str = ""
    actor: Actor = VISITOR
    language: str | None = None
    name_latin: str = ""

    @property
    def is_signed_in(self) -> bool:
        """Tells whether the viewer is a known person."""
        return self.actor.person_id is not None

    def may(self, permission: Permission | None) -> bool:
        """Tells whether the viewer holds the permission; None is open to everybody."""
        return permission is None or self.actor.may(permission)


NOBODY = Viewer()
Finder = Callable[[], Viewer]


def provide_viewer(app: Flask, finder: Finder) -> None:
    """Names the function that finds the viewer of the current request. `people` calls this once."""
    app.extensions["web.viewer"] = finder


def current_viewer() -> Viewer:
    """Returns the viewer of this request, asked for once; a visitor where no room provides one."""
    if "web_viewer" not in g:
        finder: Finder = current_app.extensions.get("web.viewer", lambda: NOBODY)
        g.web_viewer = finder()
    viewer: Viewer = g.web_viewer
    return viewer


def forget_viewer() -> None:
    """Shows the rest of this request to nobody in particular: after a fault no table is asked again."""
    g.web_viewer = NOBODY
