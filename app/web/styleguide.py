"""Owns the sample content of the style guide page. Nothing here is read by any other page."""

from typing import Any


def samples() -> dict[str, Any]:
    """Returns the values of the style guide page."""
    return {}
