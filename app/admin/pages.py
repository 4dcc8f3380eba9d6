"""Owns the one blueprint of the room and the few words its templates make. The views stand in `views_*.py`."""

import re
from collections.abc import Callable, Iterable

from flask import Blueprint
from flask_babel import gettext as _

from app.core.access import Role
from app.core.errors import Reason
from app.evidence.calendar_words import peak_words, week_words
from app.evidence.replay_words import weekday_span
from app.notices.words import chat_words, topic_words
from app.people.words import role_words
from app.standards.measure_words import measure_sentence
from app.standards.words import state_words
from app.standards.workflow import State
from app.web.log_words import detail_words, object_words, verb_words
from app.web.reasons import reason_words
from app.web.teaching import teach

SHOWN_OF_A_HASH = 12
STATE_DETAILS = ("source", "target")
_HASH = re.compile(r"[0-9a-f]{40,64}")

admin = Blueprint("admin", __name__, template_folder="templates")


def by_words(keys: Iterable[str], words: Callable[[str], str]) -> list[tuple[str, str]]:
    """Returns keys as choices with their words, sorted as the reader reads them."""
    return sorted(((key, words(key)) for key in keys), key=lambda choice: choice[1].casefold())


def detail_value(value: object, key: str = "") -> str:
    """Returns a detail on one short line: codes of ours in words, hashes cut to twelve signs, lists joined."""
    if isinstance(value, list):
        return ", ".join(detail_value(item, key) for item in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    text = str(value)
    if key in STATE_DETAILS and text in set(State):
        return state_words(State(text))
    if key == "role" and text in set(Role):
        return role_words(Role(text))
    return f"{text[:SHOWN_OF_A_HASH]}…" if _HASH.fullmatch(text) else text


def failure_words(key: str) -> str:
    """Returns the sentence of a reason key that was kept with a mail; an empty one says that none was kept."""
    return reason_words(Reason(key or "error.unknown"))


teach(
    admin,
    {
        "failure_words": failure_words,
        "verb_words": verb_words,
        "object_words": object_words,
        "chat_words": chat_words,
        "topic_words": topic_words,
        "measure_sentence": measure_sentence,
        "peak_words": peak_words,
        "week_words": week_words,
        "weekday_span": weekday_span,
    },
    filters={
        "by_words": by_words,
        "detail_value": detail_value,
        "detail_words": detail_words,
    },
)
