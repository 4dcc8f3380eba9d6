"""Owns the unmasked originals of tickets: kept only where the settings say so, sealed, shown for a reason, deleted in time.

With the default settings nothing is kept and there is nothing to show. Masking itself stands in `masking.py`.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.config import Settings
from app.core import activity, clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, NotFound
from app.core.text import clean_text
from app.evidence.masking import mask
from app.evidence.models import SealedOriginal, Ticket
from app.evidence.sealing import Box, box
from app.evidence.ticket_rows import Row
from app.evidence.tickets import TicketRecord

LIMIT_REASON_BYTES = 1024
LEAST_REASON = 5  # characters: a reason says something


@dataclass(frozen=True)
class Original:
    """What a ticket said before it was masked; the turns are (moment, author, text, is it public) as the ticket keeps them."""

    subject: str
    text: str
    conversation: list[list[object]]


class Sealer:
    """Seals what masking takes away from the tickets of one import."""

    def __init__(self, sealing: Box) -> None:
        self._box = sealing

    def seal(self, record: TicketRecord, masked: Row) -> str | None:
        """Returns the sealed original, None where masking took nothing away or the source deleted the ticket."""
        turns = [[t.at.isoformat(), t.author.value, t.text, t.public] for t in record.conversation]
        said = {"subject": record.subject, "text": record.text, "conversation": turns}
        if record.deleted or all(masked[name] == value for name, value in said.items()):
            return None
        return self._box.seal(json.dumps({"id": record.external_id, **said}, ensure_ascii=False))


def sealer() -> Sealer | None:
    """Returns what seals the originals of an import; None with the default settings, which keep none."""
    return Sealer(_box()) if keeps() else None


def keeps() -> bool:
    """Tells whether this instance keeps originals at all."""
    return _settings().keep_originals_days > 0


def is_kept(ticket_id: int) -> bool:
    """Tells whether the original of a ticket is there to be shown."""
    return keeps() and db.session.scalar(_row(ticket_id)) is not None


def keep(sealed: Mapping[int, str | None]) -> None:
    """Keeps the sealed originals of `{ticket id: sealed}` instead of older ones; None takes away what was kept."""
    if not sealed:
        return
    db.session.execute(sa.delete(SealedOriginal).where(SealedOriginal.ticket_id.in_(list(sealed))))
    until = clock.today() + dt.timedelta(days=_settings().keep_originals_days)
    rows = [
        {"ticket_id": ticket_id, "sealed": text, "delete_on": until}
        for ticket_id, text in sealed.items()
        if text is not None
    ]
    if rows:
        db.session.execute(sa.insert(SealedOriginal), rows)


def unmask(actor: Actor, ticket: Ticket, *, reason: str) -> Original:
    """Opens the original of a ticket and writes down who asked and why, each time anew.

    The reason is masked before it goes into the log, which forgets nothing. Raises NotAllowed, NotFound where nothing
    is kept or it does not open, Invalid without a reason.
    """
    if not actor.may(Permission.UNMASK) or actor.person_id is None:
        raise NotAllowed("move.no_permission", permission=Permission.UNMASK.value)
    row = db.session.scalar(_row(ticket.id)) if keeps() else None
    if row is None:
        raise NotFound("original.none_kept")
    words = clean_text(reason, LIMIT_REASON_BYTES, field="reason").strip()
    if len(words) < LEAST_REASON:
        raise Invalid.of("reason", "original.reason_missing")
    said = json.loads(_box().open(row.sealed))
    if said.pop("id") != ticket.external_id:  # somebody put the seal of one ticket beside another
        raise NotFound("original.cannot_open")
    activity.record(actor, "ticket.unmasked", "ticket", ticket.id, reason=mask(words).text)
    return Original(**said)


def forget_originals() -> int:
    """Deletes the originals whose day has come, all of them once the setting is off; returns how many."""
    query = sa.delete(SealedOriginal)
    if keeps():
        query = query.where(SealedOriginal.delete_on <= clock.today())
    return int(db.session.execute(query).rowcount)  # type: ignore[attr-defined]


def _row(ticket_id: int) -> sa.Select[SealedOriginal]:
    return sa.select(SealedOriginal).where(
        SealedOriginal.ticket_id == ticket_id, SealedOriginal.delete_on > clock.today()
    )


def _box() -> Box:
    settings = _settings()
    return box(
        Path(settings.originals_key) if settings.originals_key else settings.data.absolute() / "originals.key"
    )


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
