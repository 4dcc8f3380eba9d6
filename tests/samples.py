"""Where real input for the tests lies. A test takes the own samples always and the shared ones where they are."""

import os
from pathlib import Path

OWN = Path(__file__).parent / "data"
"""Small samples of our own, part of the project."""

SHARED = Path(os.environ.get("TOUCHSTONE_SAMPLES", Path(__file__).parents[2] / "shared" / "data"))
"""Real input by others: laws, policies, tickets, payloads; it may be missing."""


def present(*paths: Path) -> list[Path]:
    """Returns those of the paths that exist."""
    return [path for path in paths if path.exists()]
