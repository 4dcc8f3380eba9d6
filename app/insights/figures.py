"""Owns the few numbers at the end of a desk; each leads to its rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.core.access import Actor


@dataclass(frozen=True)
class Figure:
    """A number with its words and the page of its rows."""

    words: str
    value: str
    url: str
    note: str = ""


FigureSource = Callable[[Actor], Iterable[Figure]]
_sources: list[FigureSource] = []


def wire(sources: tuple[FigureSource, ...]) -> None:
    """Sets who gives numbers to the desk; called once by the wiring page."""
    _sources[:] = sources


def for_desk(actor: Actor) -> list[Figure]:
    """Returns the numbers for the actor's desk, in the order of the wiring page; often none."""
    return [figure for source in _sources for figure in source(actor)]
