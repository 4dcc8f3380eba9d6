"""Owns what a process keeps of texts that never change: readings and their HTML. A miss costs time, nothing else."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

from flask import current_app

Made = TypeVar("Made")
MOST = 256  # readings or pages; one of the largest starter standard has 40 KB

_lock = Lock()


def once(kind: str, key: Hashable, make: Callable[[], Made]) -> Made:
    """Returns what `make` made for this key before, or makes it now.

    The key holds everything the result depends on, so nothing is ever out of date; the oldest is dropped beyond 256.
    """
    shelf = _shelf()
    place = (kind, key)
    with _lock:
        if place in shelf:
            shelf.move_to_end(place)
            return cast(Made, shelf[place])
    made = make()
    with _lock:
        shelf[place] = made
        while len(shelf) > MOST:
            shelf.popitem(last=False)
    return made


def _shelf() -> OrderedDict[Hashable, object]:
    # Kept with the application: two in one process (tests) never read each other's rows.
    shelf: OrderedDict[Hashable, object] = current_app.extensions.setdefault("standards.kept", OrderedDict())
    return shelf
