"""Owns bringing tickets in: read, mask, then one set-based upsert. Which formats there are stands in `readers/`."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.core import activity, clock, events
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed
from app.core.text import one_line
from app.evidence import originals, series, ticket_rows
from app.evidence.models import Ticket, TicketImport
from app.evidence.readers import MAPPINGS, MetricRecord, Read, metric_series
from app.evidence.staging import Staging, Waiting
from app.evidence.tickets import RefusedRow

CHUNK = 500
REPORT_EVERY = 5_000  # rows between two reports of how far it is
REFUSED_KEPT = 5_000  # rows listed with their reason; the count goes on beyond it
LONGEST_NAME_BYTES = 300
TICKETS = sa.Table(Ticket.__tablename__, Ticket.metadata)

Row = dict[str, Any]
Between = Callable[[int, int | None], None]
"""Called now and then with how many rows are done, of how many: None while the file is still being read.

Whatever it is called with lies whole in the tables, so it may end the transaction and begin another.
"""


@dataclass
class Prepared:
    """What was read and masked, before any table is touched; `rows` wait on disk."""

    source: str
    rows: Staging = field(default_factory=Staging)
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
    between: Between | None = None,
    read: Read | None = None,
) -> TicketImport:
    """Brings the tickets of a file, folder or archive in and returns the import with its counts.

    Everything is masked before it is stored. The same file again changes nothing; the order of files does not
    matter where tickets carry the time of their last change. One bad row never stops the others: it is listed.
    `into` is an import that was announced before (by an upload); brought in again after a crash it goes on counting.
    `read` reads in place of the mapping where a person chose the columns.
    Raises Invalid for an unknown mapping.
    """
    started = clock.now()
    announced = into or announce_import(actor, mapping_name, file_name or path.name)
    announced.started_at = started
    prepared = prepare(mapping_name, path, between, read)
    try:
        announced.sha256 = digest(path)
        _upsert(prepared, announced, between)
    finally:
        prepared.rows.close()
    announced.read_count = prepared.read
    announced.refused_count, announced.refused = prepared.refused_count, prepared.refused
    announced.unused = dict(prepared.unused)
    finish_pages(actor, announced)
    return announced


def store_page(prepared: Prepared, into: TicketImport) -> int:
    """Stores one more page of an import that goes on from page to page; returns how many rows are new or changed.

    The counts of the page are added to those before; the caller ends the import.
    """
    unchanged = into.unchanged_count or 0
    before = (into.created_count or 0) + (into.updated_count or 0)
    created, updated = _upsert(prepared, into, None)
    into.unchanged_count += unchanged
    into.read_count = (into.read_count or 0) + prepared.read
    into.refused_count = (into.refused_count or 0) + prepared.refused_count
    into.refused = [*into.refused, *prepared.refused][:REFUSED_KEPT]
    into.unused = dict(Counter(into.unused) + prepared.unused)
    db.session.flush()
    return created + updated - before


def finish_pages(actor: Actor, into: TicketImport) -> None:
    """Ends an import of pages: writes when, records it, announces it where rows are new or changed."""
    into.finished_at = clock.now()
    db.session.flush()
    created, updated = into.created_count or 0, into.updated_count or 0
    if into.mapping == metric_series.NAME:
        activity.record(
            actor, "figures.imported", "import", into.id, sha256=into.sha256, created=created, updated=updated,
            refused=into.refused_count,
        )  # fmt: skip
        return
    activity.record(
        actor, "tickets.imported", "import", into.id, mapping=into.mapping, sha256=into.sha256,
        created=created, updated=updated, refused=into.refused_count,
    )  # fmt: skip
    if created or updated:
        events.announce(events.TicketsImported(into.id, created, updated))


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


def prepare(
    mapping_name: str, path: Path, between: Between | None = None, read: Read | None = None
) -> Prepared:
    """Reads and masks all tickets without touching the database, so that nobody waits for a long file."""
    made = Prepared(MAPPINGS[mapping_name].name)
    sealer = originals.sealer()
    for one in (read or MAPPINGS[mapping_name].read)(path, clock.zone(), made.unused):
        if isinstance(one, RefusedRow):
            made.refused_count += 1
            if len(made.refused) < REFUSED_KEPT:
                made.refused.append(ticket_rows.refused_row(one))
        elif isinstance(one, MetricRecord):
            series.put(made.rows, one)
            if between is not None and made.rows.put_count % REPORT_EVERY == 0:
                between(made.rows.put_count, None)
        else:
            row = ticket_rows.row_of(one)
            text, row_hash = ticket_rows.written(row)
            sealed = sealer.seal(one, row) if sealer else None
            made.rows.put(
                one.external_id, one.updated_at or one.created_at, one.updated_at, row_hash, text, sealed
            )
            if between is not None and made.rows.put_count % REPORT_EVERY == 0:
                between(made.rows.put_count, None)
    kept = len(made.rows)
    if made.rows.put_count > kept:
        made.unused["duplicates"] += made.rows.put_count - kept
    made.read = kept + made.refused_count
    ticket_rows.forget()
    return made


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


def _upsert(prepared: Prepared, into: TicketImport, between: Between | None) -> tuple[int, int]:
    """Brings the waiting rows in and counts on `into`; returns how many are new and how many changed."""
    done, total, known_import = 0, len(prepared.rows), into.id
    unchanged = 0
    for chunk in prepared.rows.chunks(CHUNK):
        _one_import_at_a_time()
        created, updated, same = _upsert_chunk(prepared.source, chunk, known_import)
        into.created_count = (into.created_count or 0) + created
        into.updated_count = (into.updated_count or 0) + updated
        unchanged += same
        done += len(chunk)
        if between is not None and done % REPORT_EVERY < CHUNK:
            between(done, total)
    into.unchanged_count = unchanged
    return into.created_count or 0, into.updated_count or 0


def _upsert_chunk(source: str, chunk: list[Waiting], import_id: int) -> tuple[int, int, int]:
    """Returns how many rows were new, changed, and as they were. Rows this import brought before a crash count as none."""
    if source == metric_series.NAME:
        return series.upsert(chunk, import_id)
    wanted = sa.select(Ticket.id, Ticket.external_id, Ticket.row_hash, Ticket.updated_at, Ticket.import_id)
    found = db.session.execute(
        wanted.where(Ticket.source == source, Ticket.external_id.in_([one.external_id for one in chunk]))
    )
    known = {row.external_id: row for row in found}
    inserts: list[Row] = []
    changes: list[Row] = []
    unchanged = 0
    for one in chunk:
        old = known.get(one.external_id)
        if old is None:
            inserts.append({**ticket_rows.with_lengths(one.row()), "import_id": import_id})
        elif old.row_hash == one.row_hash or _is_older(one.updated_at, old.updated_at):
            unchanged += old.import_id != import_id or old.row_hash != one.row_hash
        else:
            changes.append({**ticket_rows.with_lengths(one.row()), "id": old.id, "import_id": import_id})
    if inserts:
        # The table rather than the class: an insert of objects leaves out what is None, and so becomes one
        # statement for each row.
        db.session.execute(sa.insert(TICKETS), inserts)
    if changes:
        db.session.execute(sa.update(Ticket), changes)
    if originals.keeps():
        _keep_originals(source, chunk, {row["external_id"] for row in inserts + changes})
    return len(inserts), len(changes), unchanged


def _keep_originals(source: str, chunk: list[Waiting], stored: set[str]) -> None:
    sealed = {one.external_id: one.sealed for one in chunk if one.external_id in stored}
    ids = db.session.execute(
        sa.select(Ticket.id, Ticket.external_id).where(
            Ticket.source == source, Ticket.external_id.in_(list(sealed))
        )
    )
    originals.keep({row.id: sealed[row.external_id] for row in ids})


def _is_older(new: dt.datetime | None, known: dt.datetime | None) -> bool:
    """States whether a row is from before the one we have; a source that keeps no such time is believed."""
    return new is not None and known is not None and new < known


def _one_import_at_a_time() -> None:
    # SQLite has one writer anyway; on PostgreSQL two imports of one file would meet on the unique key.
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.text("LOCK TABLE ticket_import IN SHARE ROW EXCLUSIVE MODE"))


def _safe_name(name: str) -> str:
    """The name of a file as words: its last part, cleaned, masked and short."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    try:
        cleaned = one_line(last, field="file")
    except Invalid:
        return "?"
    return ticket_rows.masked(cleaned).encode()[:LONGEST_NAME_BYTES].decode("utf-8", "ignore") or "?"
