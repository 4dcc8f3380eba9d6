"""What the tests of readers share: a file read as tickets and refusals."""

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from app.evidence.readers import MAPPINGS
from app.evidence.tickets import RefusedRow, TicketRecord
from tests.samples import OWN

TICKETS = OWN / "tickets"
CHINA = timezone(timedelta(hours=8))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read(mapping: str, path: Path) -> tuple[dict[str, TicketRecord], list[tuple], Counter[str]]:
    """Returns tickets by id, refusals as (file, line, field, key), and what belonged to no ticket."""
    unused: Counter[str] = Counter()
    rows = list(MAPPINGS[mapping].read(path, CHINA, unused))
    refused = [(row.file, row.line, row.field, row.reason_key) for row in rows if isinstance(row, RefusedRow)]
    tickets = [row for row in rows if isinstance(row, TicketRecord)]
    oldest_first = sorted(tickets, key=lambda row: (row.updated_at or row.created_at, row.row_hash()))
    newest = {row.external_id: row for row in oldest_first}
    return {row.external_id: newest[row.external_id] for row in tickets}, refused, unused
