"""Owns how a ticket becomes a masked row of the table, and a refused row what is kept of it. Stores nothing."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from app.core import calendar, clock
from app.evidence.masking import mask
from app.evidence.tickets import RefusedRow, TicketKind, TicketRecord

Row = dict[str, Any]
_ENCODER = json.JSONEncoder(default=str)
WORKING = (
    "first_reply_working_minutes",
    "resolution_working_minutes",
)  # kept only where the source counts them


def row_of(record: TicketRecord) -> Row:
    """Returns the masked row of a ticket as the table keeps it, without its hash."""
    row: Row = {
        "source": record.source,
        "external_id": record.external_id,
        "created_at": record.created_at,
        "created_on": clock.local(record.created_at).date(),
        "first_reply_at": record.first_reply_at,
        "resolved_at": record.resolved_at,
        "channel": record.channel,
        "region": masked_word(record.region),
        "customer_group": masked_word(record.customer_group),
        "product": masked_word(record.product),
        "category": masked_word(record.category),
        "priority": record.priority,
        "complexity": record.complexity,
        "status": masked(record.status),
        "subject": masked(record.subject),
        "text": masked(record.text),
        "conversation": [
            [t.at.isoformat(), t.author.value, masked(t.text), t.public] for t in record.conversation
        ],
        "tags": [masked(tag) for tag in record.tags],
        "agent": record.agent,
        "team": record.team,
        "reopened": record.reopened,
        "satisfaction": record.satisfaction,
        "is_complaint": record.is_complaint,
        "deleted": record.deleted,
        "updated_at": record.updated_at,
    }
    if record.kind is not TicketKind.CONTACT:
        row["kind"] = record.kind
    for name in WORKING:
        if (minutes := getattr(record, name)) is not None:
            row[name] = minutes
    return row


def written(row: Row) -> tuple[str, str]:
    """Returns a masked row as JSON and its hash: a hash of the unmasked one would let the hidden digits be tried out."""
    text = _ENCODER.encode(row)
    return text, hashlib.sha256(text.encode()).hexdigest()


def with_lengths(row: Row) -> Row:
    """Returns the row with how long answer and solution took, by the calendar and in working time."""
    made, zone = {"kind": TicketKind.CONTACT, **row}, str(clock.zone())
    for name, moment in (("first_reply", "first_reply_at"), ("resolution", "resolved_at")):
        end, start = row[moment], row["created_at"]
        known = end is not None
        made[f"{name}_minutes"] = (end - start).total_seconds() / 60 if known else None
        made[f"{name}_working_minutes"] = (
            row.get(f"{name}_working_minutes", calendar.working_minutes_between(start, end, zone=zone))
            if known
            else None
        )
        made[f"{name}_working_days"] = (
            calendar.working_days_between(row["created_on"], clock.local(end).date()) if known else None
        )
    return made


def refused_row(row: RefusedRow) -> Row:
    """Returns what is kept of a refused row; the source's garbled value is masked like everything else."""
    return {
        "line": row.line,
        "file": masked(row.file)[:200],
        "field": row.field[:100],
        "reason": row.reason_key,
        "params": {key: masked(str(value))[:200] for key, value in row.params.items()},
    }


def masked_word(value: str | None) -> str | None:
    """Returns the text masked; None stays None."""
    return None if value is None else masked(value)


@lru_cache(maxsize=20_000)
def masked(text: str) -> str:
    """Returns the text masked. Tickets repeat themselves (subjects, standard answers), so most texts are masked once."""
    return mask(text).text if text else text


def forget() -> None:
    """Lets the unmasked texts of customers leave the memory with the import."""
    masked.cache_clear()
