"""Owns what one reading request remembers, so that a question many rooms ask goes to the database once. Knows no table.

Only a GET remembers: between `begin` and `end` nothing is written. Everywhere else each question is asked
anew (ADR 0009).
"""

import contextvars
import functools
from collections.abc import Callable, Hashable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_shelves: contextvars.ContextVar[dict[Hashable, dict[Any, Any]] | None] = contextvars.ContextVar(
    "shelves", default=None
)


def begin() -> None:
    """Starts remembering, with nothing remembered yet; called when a reading request begins."""
    _shelves.set({})


def end() -> None:
    """Forgets everything and stops remembering; called when a request ends and when one that writes begins."""
    _shelves.set(None)


def is_remembering() -> bool:
    """Tells whether answers are remembered now."""
    return _shelves.get() is not None


def shelf(name: Hashable) -> dict[Any, Any]:
    """Returns what is remembered under a name, to be added to; outside a reading request an empty dict each time."""
    shelves = _shelves.get()
    return {} if shelves is None else shelves.setdefault(name, {})


def asked_once(question: Callable[P, R]) -> Callable[P, R]:
    """Makes a query function ask the database once per reading request for the same arguments.

    The arguments must be hashable. A list or dict is handed out as a copy, so that nobody changes another's answer.
    An error is not remembered.
    """

    @functools.wraps(question)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        if not is_remembering():
            return question(*args, **kwargs)
        answers = shelf(ask)
        key = (args, tuple(sorted(kwargs.items())))
        if key not in answers:
            answers[key] = question(*args, **kwargs)
        answer: R = answers[key]
        return _handed_out(answer)

    return ask


def remember(question: Callable[..., R], answer: R, *args: Hashable) -> None:
    """Puts down the answer to a question made with `asked_once` that a wider question brought along."""
    shelf(question)[args, ()] = answer


def _handed_out(answer: R) -> R:
    return answer.copy() if isinstance(answer, list | dict) else answer  # type: ignore[return-value]
