"""Owns how a room gives its words to the templates of the whole house. Knows no words itself."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint


def teach(
    blueprint: Blueprint, words: Mapping[str, object], filters: Mapping[str, Callable[..., Any]] | None = None
) -> None:
    """Lets every template call the words and filters by these names, from when the blueprint joins an app."""

    @blueprint.record_once
    def _give(state: Any) -> None:
        state.app.jinja_env.globals.update(words)
        state.app.jinja_env.filters.update(filters or {})
