"""Owns the pilot texts as pages of standards show them. Decides nothing about what binds (`standards/in_force.py`)."""

from collections.abc import Iterable
from dataclasses import replace

from flask import has_request_context
from flask_babel import gettext as _

from app.pilots import page, queries
from app.pilots.models import Pilot
from app.standards.in_force import Overlay
from app.standards.models import Standard
from app.standards.overlays import PilotText
from app.web.filters import day


def pilot_texts(standard: Standard) -> Iterable[Overlay]:
    """Yields the pilot texts of a standard, running and past ones, with their words in `key` (a `PilotText`)."""
    found = queries.overlays(standard.id)
    pilots: list[tuple[Pilot, str]] = [overlay.key for overlay in found]  # type: ignore[misc]
    numbers = {pilot.revision_id: revision.number for pilot, revision in queries.started()} if found else {}
    for overlay, (pilot, clause_id) in zip(found, pilots, strict=True):
        text = pilot.texts[clause_id]
        words = PilotText(
            revision_number=numbers[pilot.revision_id],
            place=_place(pilot),
            heading_zh=text["heading_zh"] or None,
            body_zh=text["body_zh"] or None,
            heading_en=text["heading_en"] or None,
            body_en=text["body_en"] or None,
        )
        yield replace(overlay, key=words)


def _place(pilot: Pilot) -> str:
    if not has_request_context():
        return ""
    where = page.place_words(pilot.pilot_scope)
    return str(_("%(place)s, until %(day)s", place=where, day=day(pilot.ends_on)))
