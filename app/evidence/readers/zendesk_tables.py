"""Owns the mapping `zendesk-tables`: Zendesk as a warehouse connector writes it, one CSV table a resource, joined by ticket id.

Tables read: ticket_data, ticket_comment_data, ticket_tag_data, ticket_field_history_data, group_data and, where it is
there, user_data. A table may come in numbered pages (`ticket_data_2.csv`). What no ticket claims is counted,
not refused: an export of one week holds comments of older tickets. Times carry no zone and are UTC.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from app.evidence.readers.files import Part, list_parts
from app.evidence.readers.tables import Row, read_table
from app.evidence.readers.values import (
    Unreadable,
    check_order,
    facet,
    names_complaint,
    parse_channel,
    parse_complexity,
    parse_id,
    parse_instant,
    parse_priority,
    parse_text,
    parse_word,
    parse_yes_no,
    require_instant,
    take,
)
from app.evidence.tickets import Author, RefusedRow, TicketRecord, Turn, first_public_reply

NAME = "zendesk-tables"
SOLVED = frozenset(("solved", "closed"))
_TABLE = re.compile(
    r"(?P<table>(?:ticket(?:_comment|_tag|_field_history)?|group|user)_data|.*)(?:[-_. ]?\(?\d+\)?)?\.csv",
    re.I | re.S,
)
_NEEDED = {
    "ticket_data": ("id", "created_at"),
    "ticket_comment_data": ("id", "ticket_id", "created"),
    "ticket_tag_data": ("ticket_id", "tag"),
    "ticket_field_history_data": ("ticket_id", "field_name", "updated", "value"),
    "group_data": ("id", "name"),
    "user_data": ("id", "role"),
}


@dataclass(frozen=True, slots=True, order=True)
class _Comment:
    at: datetime
    user_id: str
    text: str
    public: bool


@dataclass
class _Tables:
    """The rows of all tables, by the id they are joined on."""

    tickets: list[tuple[str, Row]] = field(default_factory=list)
    comments: dict[str, dict[str, _Comment]] = field(default_factory=lambda: defaultdict(dict))
    tags: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    statuses: dict[str, set[tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(set))
    groups: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    rows_by_ticket: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def read(
    path: Path, zone: tzinfo = UTC, unused: Counter[str] | None = None
) -> Iterator[TicketRecord | RefusedRow]:
    """Yields the refused rows of all tables, then the tickets by id; the order of files and rows changes nothing.

    A ticket that stands twice counts once, as it was updated last. `unused` receives the number of rows by table that
    belong to no ticket of `ticket_data`. Without a ticket table there is one refusal, `import.no_ticket_table`.
    """
    tables, refused, seen = _Tables(), list[RefusedRow](), False
    for part in list_parts(path, ".csv"):
        if isinstance(part, RefusedRow):
            refused.append(part)
            continue
        found = _TABLE.fullmatch(Path(part.name).name)
        table = found["table"].casefold() if found else ""
        if table in _NEEDED:
            seen = seen or table == "ticket_data"
            refused += _read_table(part, table, tables)
        elif unused is not None:
            unused[Path(part.name).stem] += sum(
                isinstance(row, Row) for row in read_table(part, str.casefold)
            )
    if not seen and not refused:
        refused.append(RefusedRow(0, "", "import.no_ticket_table", {"name": "ticket_data.csv"}))
    yield from refused
    records: dict[str, TicketRecord] = {}
    for file, row in tables.tickets:
        record = _make(row, file, tables)
        if isinstance(record, RefusedRow):
            yield record
        elif record.external_id not in records or _age(record) > _age(records[record.external_id]):
            records[record.external_id] = record
    for ticket_id, rows in tables.rows_by_ticket.items():
        if ticket_id not in records and unused is not None:
            unused.update(rows)
    yield from sorted(records.values(), key=lambda record: (len(record.external_id), record.external_id))


def _read_table(part: Part, table: str, tables: _Tables) -> Iterator[RefusedRow]:
    for row in read_table(part, lambda title: title.casefold() or None, *_NEEDED[table]):
        if isinstance(row, RefusedRow):
            yield row
        elif table == "ticket_data":
            tables.tickets.append((part.name, row))
        else:
            try:
                _join(row.cells, table, tables)
            except Unreadable as error:
                yield error.refuse(row.line, part.name)


def _join(cells: dict[str, str], table: str, tables: _Tables) -> None:
    """Puts a row of a table beside the tickets under the id it is joined on. Raises Unreadable."""
    if table in ("group_data", "user_data"):
        names = tables.groups if table == "group_data" else tables.roles
        names[take(cells, "id", parse_id)] = take(
            cells, "name" if table == "group_data" else "role", parse_text
        ).strip()
        return
    ticket_id = take(cells, "ticket_id", parse_id)
    if table == "ticket_comment_data":
        public = take(cells, "public", parse_yes_no)
        comment = _Comment(
            take(cells, "created", require_instant, UTC),
            take(cells, "user_id", parse_text).strip(),
            take(cells, "body", parse_text),
            public is not False,
        )
        known = tables.comments[ticket_id]
        comment_id = take(cells, "id", parse_id)
        known[comment_id] = max(comment, known.get(comment_id, comment))
    elif table == "ticket_tag_data":
        if tag := take(cells, "tag", parse_word):
            tables.tags[ticket_id].add(tag)
    elif cells["field_name"].strip() == "status" and cells["value"].strip():
        at = take(cells, "updated", require_instant, UTC)
        tables.statuses[ticket_id].add((at, take(cells, "value", parse_text).strip().casefold()))
    tables.rows_by_ticket[ticket_id][table] += 1


def _make(row: Row, file: str, tables: _Tables) -> TicketRecord | RefusedRow:
    try:
        return _record(row.cells, tables)
    except Unreadable as error:
        return error.refuse(row.line, file)


def _record(cells: dict[str, str], tables: _Tables) -> TicketRecord:
    ticket_id = take(cells, "id", parse_id)
    created_at = take(cells, "created_at", require_instant, UTC)
    status = take(cells, "status", parse_text).strip().casefold()
    tags = tuple(sorted(tables.tags.get(ticket_id, ())))
    kind = take(cells, "type", parse_word)
    group = take(cells, "group_id", parse_word)
    conversation = _conversation(ticket_id, take(cells, "requester_id", parse_word), tables)
    resolved_at, reopened = _solution(tables.statuses.get(ticket_id, set()), status)
    first_reply_at = first_public_reply(conversation, created_at)
    check_order(created_at, first_reply_at, resolved_at)
    return TicketRecord(
        source=NAME,
        external_id=ticket_id,
        created_at=created_at,
        first_reply_at=first_reply_at,
        resolved_at=resolved_at,
        channel=parse_channel(cells.get("via_channel")),
        region=facet(tags, "region"),
        customer_group=facet(tags, "group"),
        product=facet(tags, "product"),
        category=facet(tags, "category") or kind,
        priority=take(cells, "priority", parse_priority),
        complexity=take({"tags": facet(tags, "complexity")}, "tags", parse_complexity),
        status=status,
        subject=take(cells, "subject", parse_text),
        text=take(cells, "description", parse_text),
        conversation=conversation,
        tags=tags,
        agent=take(cells, "assignee_id", parse_word),
        team=tables.groups.get(group, group) if group else None,
        reopened=reopened,
        is_complaint=names_complaint((*tags, kind or "")),
        deleted=status == "deleted" or take(cells, "_fivetran_deleted", parse_yes_no) is True,
        updated_at=take(cells, "updated_at", parse_instant, UTC),
    )


def _conversation(ticket_id: str, requester: str | None, tables: _Tables) -> tuple[Turn, ...]:
    comments = sorted(tables.comments.get(ticket_id, {}).values())
    return tuple(
        Turn(one.at, _author(one.user_id, requester, tables), one.text, one.public) for one in comments
    )


def _author(user_id: str, requester: str | None, tables: _Tables) -> Author:
    """Says who wrote a comment: by the users table where it is there, else the requester is the customer, all others agents."""
    role = tables.roles.get(user_id, "")
    if not user_id or user_id.startswith("-"):  # Zendesk writes as user -1 what no person wrote
        return Author.SYSTEM
    if role == "end-user" or (not role and user_id == requester):
        return Author.CUSTOMER
    return Author.AGENT


def _solution(changes: set[tuple[datetime, str]], status: str) -> tuple[datetime | None, int]:
    """Returns when the ticket became solved for good, and how often it left a solved state before."""
    solved_at, reopened = None, 0
    for at, value in sorted(changes):
        if value in SOLVED:
            solved_at = solved_at or at
        elif solved_at is not None:
            solved_at, reopened = None, reopened + 1
    return (solved_at if status in SOLVED or status == "deleted" else None), reopened


def _age(record: TicketRecord) -> tuple[datetime, str]:
    return record.updated_at or record.created_at, record.row_hash()
