"""Owns bringing tickets in: read, mask, then one set-based upsert. Which formats there are stands in `readers/`."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.core import activity, calendar, clock, events
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed
from app.core.text import one_line
from app.evidence.masking import mask
from app.evidence.models import Ticket, TicketImport
from app.evidence.readers import MAPPINGS
from app.evidence.tickets import RefusedRow, TicketRecord

CHUNK = 500
REFUSED_KEPT = 5_000  # rows listed with their reason; the count goes on beyond it
LONGEST_NAME_BYTES = 300

Row = dict[str, Any]


@dataclass
class Prepared:
    """What was read and masked, before any table is touched. `rows` is `{external id: row}`, the newest of each."""

    source: str
    rows: dict[str, Row] = field(default_factory=dict)
    read: int = 0
    refused: list[Row] = field(default_factory=list)
    refused_count: int = 0
    unused: Counter[str] = field(default_factory=Counter)


def import_tickets(
    actor: Actor,
    mapping_name: str,
    path: Path,
    *,
    file_name: str | None = None,
    into: TicketImport | None = None,
) -> TicketImport:
    """Brings the tickets of a file, folder or archive in and returns the import with its counts.

    Everything is masked before it is stored. The same file again changes nothing; the order of files does not
    matter where tickets carry the time of their last change. One bad row never stops the others: it is listed.
    `into` is an import that was announced before (by an upload). Raises Invalid for an unknown mapping.
    """
    started = clock.now()
    announced = into or announce_import(actor, mapping_name, file_name or path.name)
    announced.started_at = started
    prepared = prepare(mapping_name, path)
    announced.sha256 = digest(path)
    created, updated, unchanged = _upsert(prepared, announced)
    announced.read_count = prepared.read
    announced.created_count, announced.updated_count, announced.unchanged_count = created, updated, unchanged
    announced.refused_count, announced.refused = prepared.refused_count, prepared.refused
    announced.unused, announced.finished_at = dict(prepared.unused), clock.now()
    db.session.flush()
    activity.record(
        actor, "tickets.imported", "import", announced.id, mapping=mapping_name, sha256=announced.sha256,
        created=created, updated=updated, refused=prepared.refused_count,
    )  # fmt: skip
    if created or updated:
        events.announce(events.TicketsImported(announced.id, created, updated))
    return announced


def announce_import(actor: Actor, mapping_name: str, file_name: str) -> TicketImport:
    """Writes the row of an import that is about to run and returns it. Raises Invalid, NotAllowed."""
    if not (actor.is_system or actor.may(Permission.MANAGE_EVIDENCE)):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_EVIDENCE.value)
    if mapping_name not in MAPPINGS:
        raise Invalid.of("mapping", "evidence.unknown_mapping", name=mapping_name[:40])
    row = TicketImport(
        mapping=mapping_name,
        file_name=_safe_name(file_name),
        sha256="",
        refused=[],
        unused={},
        actor_id=actor.person_id,
        started_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def prepare(mapping_name: str, path: Path) -> Prepared:
    """Reads and masks all tickets without touching the database, so that nobody waits for a long file."""
    made = Prepared(MAPPINGS[mapping_name].name)
    seen: set[str] = set()
    for one in MAPPINGS[mapping_name].read(path, clock.zone(), made.unused):
        if isinstance(one, RefusedRow):
            made.read += 1
            made.refused_count += 1
            if len(made.refused) < REFUSED_KEPT:
                made.refused.append(_refused(one))
        else:
            seen.add(one.external_id)
            made.rows[one.external_id] = row_of(one)
    made.read += len(seen)
    _masked.cache_clear()  # the unmasked texts of customers leave the memory with the import
    return made


def row_of(record: TicketRecord) -> Row:
    """Returns the masked row of a ticket as the table keeps it, its hash included."""
    row: Row = {
        "source": record.source,
        "external_id": record.external_id,
        "created_at": record.created_at,
        "created_on": clock.local(record.created_at).date(),
        "first_reply_at": record.first_reply_at,
        "resolved_at": record.resolved_at,
        "channel": record.channel,
        "region": _masked_word(record.region),
        "customer_group": _masked_word(record.customer_group),
        "product": _masked_word(record.product),
        "category": _masked_word(record.category),
        "priority": record.priority,
        "complexity": record.complexity,
        "status": _masked(record.status),
        "subject": _masked(record.subject),
        "text": _masked(record.text),
        "conversation": [
            [t.at.isoformat(), t.author.value, _masked(t.text), t.public] for t in record.conversation
        ],
        "tags": [_masked(tag) for tag in record.tags],
        "agent": record.agent,
        "team": record.team,
        "reopened": record.reopened,
        "satisfaction": record.satisfaction,
        "is_complaint": record.is_complaint,
        "deleted": record.deleted,
        "updated_at": record.updated_at,
    }
    # The hash is of the masked row: a hash of the whole one would let the hidden digits be tried out.
    row["row_hash"] = hashlib.sha256(json.dumps(row, ensure_ascii=True, default=str).encode()).hexdigest()
    return row


def digest(path: Path) -> str:
    """Returns the sha256 of a file, or of all names and contents of a folder in the order of names."""
    total = hashlib.sha256()
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    for one in files:
        if one is not path:
            total.update(one.relative_to(path).as_posix().encode() + b"\0")
        with one.open("rb") as stream:
            while block := stream.read(1 << 20):
                total.update(block)
    return total.hexdigest()


def with_lengths(row: Row) -> Row:
    """Returns the row with how long answer and solution took, by the calendar and in working time."""
    made, zone = dict(row), str(clock.zone())
    for name, moment in (("first_reply", "first_reply_at"), ("resolution", "resolved_at")):
        end, start = row[moment], row["created_at"]
        known = end is not None
        made[f"{name}_minutes"] = (end - start).total_seconds() / 60 if known else None
        made[f"{name}_working_minutes"] = (
            calendar.working_minutes_between(start, end, zone=zone) if known else None
        )
        made[f"{name}_working_days"] = (
            calendar.working_days_between(row["created_on"], clock.local(end).date()) if known else None
        )
    return made


def _upsert(prepared: Prepared, into: TicketImport) -> tuple[int, int, int]:
    created = updated = unchanged = 0
    _one_import_at_a_time()
    for ids in _chunks(prepared.rows, CHUNK):
        known = {
            row.external_id: row
            for row in db.session.execute(
                sa.select(Ticket.id, Ticket.external_id, Ticket.row_hash, Ticket.updated_at).where(
                    Ticket.source == prepared.source, Ticket.external_id.in_(ids)
                )
            )
        }
        inserts: list[Row] = []
        changes: list[Row] = []
        for external_id in ids:
            row, old = prepared.rows[external_id], known.get(external_id)
            if old is None:
                inserts.append({**with_lengths(row), "import_id": into.id})
            elif old.row_hash == row["row_hash"] or _is_older(row["updated_at"], old.updated_at):
                unchanged += 1
            else:
                changes.append({**with_lengths(row), "id": old.id, "import_id": into.id})
        if inserts:
            db.session.execute(sa.insert(Ticket), inserts)
        if changes:
            db.session.execute(sa.update(Ticket), changes)
        created, updated = created + len(inserts), updated + len(changes)
    return created, updated, unchanged


def _is_older(new: dt.datetime | None, known: dt.datetime | None) -> bool:
    """States whether a row is from before the one we have; a source that keeps no such time is believed."""
    return new is not None and known is not None and new < known


def _one_import_at_a_time() -> None:
    # SQLite has one writer anyway; on PostgreSQL two imports of one file would meet on the unique key.
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.text("LOCK TABLE ticket_import IN SHARE ROW EXCLUSIVE MODE"))


def _chunks(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    all_ids = list(ids)
    for start in range(0, len(all_ids), size):
        yield all_ids[start : start + size]


def _refused(row: RefusedRow) -> Row:
    """What is kept of a refused row; the source's garbled value is masked like everything else."""
    return {
        "line": row.line,
        "file": _masked(row.file)[:200],
        "field": row.field[:100],
        "reason": row.reason_key,
        "params": {key: _masked(str(value))[:200] for key, value in row.params.items()},
    }


def _masked_word(value: str | None) -> str | None:
    return None if value is None else _masked(value)


@lru_cache(maxsize=20_000)
def _masked(text: str) -> str:
    # Tickets repeat themselves (subjects, standard answers), so most texts are masked once.
    return mask(text).text if text else text


def _safe_name(name: str) -> str:
    """The name of a file as words: its last part, cleaned, masked and short."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    try:
        cleaned = one_line(last, field="file")
    except Invalid:
        return "?"
    return _masked(cleaned).encode()[:LONGEST_NAME_BYTES].decode("utf-8", "ignore") or "?"
