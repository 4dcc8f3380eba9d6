"""Owns the one blueprint of the room and the few words its templates make. The views stand in `views_*.py`."""

import re
from collections.abc import Callable, Iterable

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from app.core.errors import Reason
from app.web.log_words import object_words, verb_words
from app.web.reasons import reason_words

SHOWN_OF_A_HASH = 12
_HASH = re.compile(r"[0-9a-f]{40,64}")

admin = Blueprint("admin", __name__, template_folder="templates")


@admin.record_once
def _teach(state: BlueprintSetupState) -> None:
    state.app.jinja_env.filters.update(by_words=by_words, detail_name=detail_name, detail_value=detail_value)
    state.app.jinja_env.globals.update(
        failure_words=failure_words, verb_words=verb_words, object_words=object_words
    )


def by_words(keys: Iterable[str], words: Callable[[str], str]) -> list[tuple[str, str]]:
    """Returns keys as choices with their words, sorted as the reader reads them."""
    return sorted(((key, words(key)) for key in keys), key=lambda choice: choice[1].casefold())


def detail_name(key: str) -> str:
    """Returns the name of a detail of a log line as people read it; the export keeps the line as it is."""
    return "archive id" if key == "commit" else key.replace("_", " ")


def detail_value(value: object) -> str:
    """Returns a detail on one short line: hashes cut to twelve signs, lists joined."""
    if isinstance(value, list):
        return ", ".join(detail_value(item) for item in value)
    text = str(value)
    return f"{text[:SHOWN_OF_A_HASH]}…" if _HASH.fullmatch(text) else text


def failure_words(key: str) -> str:
    """Returns the sentence of a reason key that was kept with a mail; an empty one says that none was kept."""
    return reason_words(Reason(key or "error.unknown"))
