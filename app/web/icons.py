"""Owns the drawings of the icons, taken from lucide-static (ISC); `icons.json` says from which version."""

import json
from pathlib import Path

from markupsafe import Markup

_FILE = Path(__file__).with_name("icons.json")
_BODIES: dict[str, str] = json.loads(_FILE.read_text(encoding="utf-8"))["icons"]


def icon_body(name: str) -> Markup:
    """Returns what stands inside the `<svg>` of an icon; raises KeyError for a name that is not vendored."""
    return Markup(_BODIES[name])  # noqa: S704 - our own checked-in file, never input


def icon_names() -> list[str]:
    """Returns all names in alphabetical order."""
    return sorted(_BODIES)
