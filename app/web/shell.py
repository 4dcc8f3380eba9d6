"""Owns putting the shell into an app: the one entrance, `init_app`. The parts stand in their own modules."""

from collections.abc import MutableMapping
from typing import Any

from flask import Flask, current_app
from flask.templating import Environment

from app.core import clock
from app.web import (
    banner,
    filters,
    forms,
    icons,
    navigation,
    paging,
    places,
    preferences,
    standing,
    static_files,
)
from app.web.access import is_reading, refuse_unmarked
from app.web.errors import init_errors
from app.web.language import init_languages, pick
from app.web.reasons import reason_words
from app.web.security import init_security
from app.web.viewer import current_viewer
from app.web.views import web

__all__ = ["init_app", "is_reading", "refuse_unmarked"]


class Templates(Environment):
    """Templates that all share the shell's names: each page looks them up in one dict and not through a chain."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Returns the names a template may use; only one that brings names of its own gets a chain."""
        return super().make_globals(d) if d else self.globals


def init_app(app: Flask) -> None:
    """Gives the app its shell: languages, security, static files, filters, components, error and help pages.

    Reads TRUSTED_HOSTS and SETTINGS from the configuration. The order matters: the origin check stands before the
    token check, both before any view.
    """
    app.jinja_environment = Templates
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.policies["ext.i18n.trimmed"] = True  # as the catalogues are extracted
    init_languages(app)
    init_security(app)
    static_files.init_static(app)
    filters.init_filters(app)
    init_errors(app)
    app.jinja_env.globals.update(_functions())
    app.register_blueprint(web)


def _functions() -> dict[str, Any]:
    """Returns what every template and macro may call."""
    return {
        "viewer": current_viewer,
        "navigation": navigation.navigation,
        "bell": navigation.bell,
        "standing": standing.standing,
        "public_navigation": navigation.public_navigation,
        "exists": navigation.exists,
        "place_url": navigation.place_url,
        "script": static_files.script,
        "flashed": banner.flashed,
        "problems_of": forms.problems_of,
        "is_required": forms.is_required,
        "choices_of": forms.choices_of,
        "chosen_of": forms.chosen_of,
        "reason_words": reason_words,
        "same_page": places.same_page,
        "here": places.here,
        "page_url": paging.page_url,
        "icon_body": icons.icon_body,
        "icon_names": icons.icon_names,
        "preferences": preferences.current_preferences,
        "demo_clock": demo_clock,
        "organisation": organisation,
        "clock_now": clock.now,
        "today": clock.today,
    }


def demo_clock() -> Any:
    """Returns the moment to show in the page foot where the clock is moved, else None."""
    return clock.now() if clock.offset() else None


def organisation() -> str:
    """Returns the organisation's name in the reader's language, as customers see it."""
    settings = current_app.config.get("SETTINGS")
    return pick(getattr(settings, "organisation_zh", None), getattr(settings, "organisation_en", None))
