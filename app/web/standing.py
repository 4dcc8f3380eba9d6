"""Owns the lines that stand above every page as long as something is unfinished. Rooms to the right say which."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app


@dataclass(frozen=True)
class Standing:
    """What is unfinished in words, where to look at it, and the act that finishes it (a POST)."""

    words: str
    url: str
    url_words: str
    act_url: str
    act_words: str


Teller = Callable[[], Standing | None]


def provide_standing(app: Flask, teller: Teller) -> None:
    """Names a function that tells what is unfinished for the viewer, None for nothing; it asks no query of its own."""
    app.extensions.setdefault("web.standing", []).append(teller)


def standing() -> list[Standing]:
    """Returns what is unfinished for the viewer; empty for most."""
    tellers: list[Teller] = current_app.extensions.get("web.standing", [])
    return [line for line in (teller() for teller in tellers) if line is not None]
