"""Owns the words of refusals: reason key -> sentence in the reader's language. Rooms add their own keys."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.errors import Reason

_SENTENCES: dict[str, Any] = {}
NEUTRAL = _l("This cannot be done now.")


def register_reasons(sentences: Mapping[str, Any]) -> None:
    """Adds the sentences of a room, lazy strings with `%(name)s` places.

    Raises ValueError when a key is taken by another sentence: one reason has one wording.
    """
    for key, sentence in sentences.items():
        known = _SENTENCES.get(key)
        # Lazy strings compare by their translated words; outside an app only identity is safe to ask.
        if known is not None and known is not sentence and _source(known) != _source(sentence):
            raise ValueError(f"the reason {key} already has words")
        _SENTENCES[key] = sentence


def known_reasons() -> frozenset[str]:
    """Returns the keys that have words, for the test that compares them with the keys in use."""
    return frozenset(_SENTENCES)


def reason_words(reason: Reason) -> str:
    """Writes one reason in the reader's language; an unknown key gives a neutral sentence."""
    sentence = str(_SENTENCES.get(reason.key, NEUTRAL))
    return sentence % dict(reason.params) if reason.params and "%(" in sentence else sentence


def _source(sentence: Any) -> str:
    """Returns the untranslated words of a lazy string, or the text itself."""
    args = getattr(sentence, "_args", None)
    return str(args[0]) if args else str(sentence)


register_reasons(
    {
        "error.unknown": NEUTRAL,
        "web.foreign_origin": _l("This form was sent from another website, so nothing was changed."),
        "web.token_missing": _l(
            "This form is no longer valid: it was opened before you signed in or out. Go back, reload the page and send it again."
        ),
        "web.other_release": _l(
            "The program and its data are of different releases. The administrator brings the data up to date with “touchstone init”."
        ),
        "web.unmarked": _l("This page has no rule yet about who may open it, so nobody may."),
        "web.sign_in_first": _l("This page is for people who are signed in."),
        "web.not_your_role": _l("None of your roles opens this page. An administrator can give you one."),
        "web.required": _l("Fill in this field"),
        "web.too_long": _l("Shorten the text to %(limit)s characters; it has %(length)s"),
        "web.too_short": _l("Write at least %(limit)s characters"),
        "web.not_a_number": _l("Enter a number, for example 10"),
        "web.not_a_whole_number": _l("Enter a whole number, for example 10"),
        "web.number_range": _l("Enter a number from %(low)s to %(high)s"),
        "web.not_a_date": _l("Enter a date, for example 2026-03-15"),
        "web.not_a_choice": _l("Choose one of the answers shown"),
        "secrets.open": _l(
            "The file %(file)s may be read by others on the machine, so it is not used. Set its mode to 0600"
        ),
        "secrets.broken": _l(
            "The file %(file)s cannot be read. Restore it from the backup, or remove it and enter its secrets again"
        ),
        "web.control_character": _l("Remove the invisible character %(name)s at place %(place)s"),
    }
)
