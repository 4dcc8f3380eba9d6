"""Owns the words of the activity log: verb, kind of object, detail -> words in the reader's language. Rooms add their own."""

from collections.abc import Mapping
from typing import Any

_VERBS: dict[str, Any] = {}
_OBJECTS: dict[str, Any] = {}
_DETAILS: dict[str, Any] = {}


def register_log(verbs: Mapping[str, Any], objects: Mapping[str, Any] | None = None) -> None:
    """Adds the words of a room, lazy strings. Raises ValueError for a verb or kind that has words already."""
    for table, given in ((_VERBS, verbs), (_OBJECTS, objects or {})):
        taken = sorted(key for key, words in given.items() if table.get(key, words) is not words)
        if taken:
            raise ValueError(f"the log has words for {taken} already")
        table.update(given)


def register_details(names: Mapping[str, Any]) -> None:
    """Adds names of details, lazy strings; many rooms write the same ones, so they stand in one place."""
    _DETAILS.update(names)


def known_details() -> frozenset[str]:
    """Returns the details that have a name."""
    return frozenset(_DETAILS)


def detail_words(key: str) -> str:
    """Returns the name of a detail; one without a name stands as it was written."""
    return str(_DETAILS.get(key, key.replace("_", " ")))


def known_verbs() -> frozenset[str]:
    """Returns the verbs that have words, for the test that compares them with what is recorded."""
    return frozenset(_VERBS)


def known_objects() -> frozenset[str]:
    """Returns the kinds of objects that have words."""
    return frozenset(_OBJECTS)


def verb_words(verb: str) -> str:
    """Returns what was done; a verb of an older release that is recorded no more stands as it was written."""
    return str(_VERBS.get(verb, verb))


def object_words(kind: str) -> str:
    """Returns what a line is about, such as `Revision`; an unknown kind stands as it was written."""
    return str(_OBJECTS.get(kind, kind))
