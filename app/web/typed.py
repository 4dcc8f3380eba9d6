"""Owns reading one typed value of a plain form: a choice, a day, an id. What is wrong is None; the verbs say what is missing."""

import datetime as dt
from enum import StrEnum
from typing import TypeVar

Choice = TypeVar("Choice", bound=StrEnum)

MOST_DIGITS = 9
"""No id of ours is longer; a longer number would not fit the database's integer."""


def one_of(kind: type[Choice], text: str | None) -> Choice | None:
    """Returns the member whose value was chosen; None for anything else."""
    return kind(text) if text is not None and text in kind._value2member_map_ else None


def day_of(text: str | None) -> dt.date | None:
    """Returns the day of `2026-11-28`; None for anything else."""
    try:
        return dt.date.fromisoformat((text or "").strip())
    except ValueError:
        return None


def id_of(text: str | None) -> int | None:
    """Returns the id of a row as a form sends it; None for anything else."""
    words = (text or "").strip()
    return int(words) if words.isascii() and words.isdigit() and len(words) <= MOST_DIGITS else None
