"""Owns where pilot texts come from: functions of later rooms, named on the wiring page. Knows no pilot itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.standards.in_force import Overlay
from app.standards.models import Standard

OverlaySource = Callable[[Standard], Iterable[Overlay]]


@dataclass(frozen=True)
class PilotText:
    """What stands in `Overlay.key`, so that a page can show the pilot text: its words and where it counts.

    `place` says in the reader's language where and until when; the texts are None where the pilot has none.
    """

    revision_number: str
    place: str
    heading_zh: str | None = None
    body_zh: str | None = None
    heading_en: str | None = None
    body_en: str | None = None


_sources: tuple[OverlaySource, ...] = ()


def wire(sources: tuple[OverlaySource, ...]) -> None:
    """Sets who knows pilot texts; called once by the wiring page."""
    global _sources
    _sources = sources


def overlays_of(standard: Standard) -> list[Overlay]:
    """Returns the pilot texts of a standard, running and past ones; `key` is a `PilotText`."""
    return [overlay for source in _sources for overlay in source(standard)]
