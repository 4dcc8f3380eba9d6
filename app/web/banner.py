"""Owns the green banner: what was just done, with its undo. Shows at most one a page."""

import datetime as dt
from typing import Any

from flask import flash, get_flashed_messages

CATEGORY = "done"


def flash_done(words: str, undo_url: str | None = None, undo_until: dt.datetime | None = None) -> None:
    """Keeps the outcome of a step for the next page; the undo is a form that posts to `undo_url`."""
    until = undo_until.isoformat() if undo_until else None
    message: Any = {"words": str(words), "undo_url": undo_url, "until": until}
    flash(message, CATEGORY)


def flashed() -> list[dict[str, Any]]:
    """Returns the kept outcomes as `words, undo_url, until (aware moment or None)`, and forgets them.

    Plain `flash("...")` messages are shown in the same way.
    """
    made = []
    for message in get_flashed_messages():
        value: dict[str, Any] = dict(message) if isinstance(message, dict) else {"words": message}
        until = value.get("until")
        value["until"] = dt.datetime.fromisoformat(until) if until else None
        made.append(value)
    return made
