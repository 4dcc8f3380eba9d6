"""Owns bringing in what another system sent in one body: all of it is read and masked first, then stored in one transaction."""

from dataclasses import dataclass, field
from pathlib import Path

from app.core.access import SYSTEM
from app.core.db import transaction
from app.evidence import articles, importing, previewing
from app.evidence.models import TicketImport
from app.evidence.ticket_rows import Row

# A body with one of these ends before its end: nothing of it is kept, for nobody knows what is missing.
ENDS_READING = frozenset(
    "import.bytes_unreadable import.line_too_long import.item_too_long import.too_many_open_quotes import.file_empty"
    " import.json_too_deep import.column_missing import.column_twice import.too_many_columns import.mapping_no_longer_fits"
    " import.nothing_fits import.no_issues import.no_tickets import.no_ticket_table".split()
)
LINES = ".jsonl"


@dataclass(frozen=True)
class Brought:
    """What came of a body. `is_whole` says whether it could be read as a whole; else nothing of it was kept and all counts are 0.

    Articles are the exception: what stood before the break is kept, and sending it again changes nothing twice.
    """

    is_whole: bool
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    errors: list[Row] = field(default_factory=list)
    import_id: int | None = None


def bring_in(mapping: str, path: Path, sender: str) -> Brought:
    """Brings the rows of a file in as an import of `sender`, or nothing of it where it breaks off. Raises Invalid."""
    if mapping == articles.NAME:
        return _articles(path, sender)
    base, columns = previewing.named(mapping)
    prepared = importing.prepare(base, path, read=previewing.reader(base, columns).read)
    try:
        if breaks_off(prepared.refused, path):
            return Brought(False, refused=prepared.refused_count, errors=prepared.refused)
        with transaction():
            into = importing.announce_import(SYSTEM, base, sender)
            importing.store_page(prepared, into)
            return finished(into, path)
    finally:
        prepared.rows.close()


def breaks_off(refused: list[Row], path: Path) -> bool:
    """Says whether a file ended before its end; one broken line of JSON Lines is a row like others."""
    reasons = {str(one["reason"]) for one in refused}
    return bool(reasons & ENDS_READING) or ("import.json_broken" in reasons and path.suffix != LINES)


def _articles(path: Path, sender: str) -> Brought:
    came = articles.bring_in(SYSTEM, path, sender)
    taken = came.created + came.updated + came.unchanged
    whole = not breaks_off(came.refused, path)
    return Brought(
        whole,
        taken + len(came.refused),
        came.created,
        came.updated,
        came.unchanged,
        len(came.refused),
        came.refused,
    )


def finished(into: TicketImport, path: Path) -> Brought:
    """Ends the import and returns what came of it."""
    into.sha256 = importing.digest(path)
    importing.finish_pages(SYSTEM, into)
    return Brought(
        True, into.read_count, into.created_count, into.updated_count, into.unchanged_count, into.refused_count,
        list(into.refused), into.id,
    )  # fmt: skip
