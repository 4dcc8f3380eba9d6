"""Owns the mapping `freshdesk`: tickets and conversations as Freshdesk's REST interface, version 2, answers them.

Reads lists of tickets, search results (`results`), single tickets and lists of conversations, one file or a folder of
pages; what a file is, its objects say, not its name. Status, priority and source are numbers there; their meaning is
in the tables below, from the interface's documentation (developers.freshdesk.com/api, read in 2026).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from app.evidence.readers.documents import Item, read_items
from app.evidence.readers.files import list_parts
from app.evidence.readers.values import (
    Unreadable,
    check_order,
    facet,
    names_complaint,
    parse_complexity,
    parse_id,
    parse_instant,
    parse_text,
    parse_whole,
    parse_word,
    parse_yes_no,
    require_instant,
    take,
)
from app.evidence.tickets import Author, Channel, Priority, RefusedRow, TicketRecord, Turn, first_public_reply

NAME = "freshdesk"
STATUSES = {
    2: "open",
    3: "pending",
    4: "resolved",
    5: "closed",
    6: "waiting on customer",
    7: "waiting on third party",
}
PRIORITIES = {1: Priority.ORDINARY, 2: Priority.ORDINARY, 3: Priority.ORDINARY, 4: Priority.URGENT}
CHANNELS = {
    1: Channel.EMAIL,
    2: Channel.WEB,  # portal
    3: Channel.PHONE,
    4: Channel.WEB,  # forum, until 2016
    5: Channel.SOCIAL,  # Twitter
    6: Channel.SOCIAL,  # Facebook
    7: Channel.CHAT,
    8: Channel.APP,  # Mobihelp, until 2018
    9: Channel.WEB,  # feedback widget
    10: Channel.EMAIL,  # outbound
    11: Channel.OTHER,  # e-commerce
    12: Channel.CHAT,  # bot
    13: Channel.SOCIAL,  # WhatsApp
}
_HIGHEST_CODE = 1_000_000


def read(
    path: Path, zone: tzinfo = UTC, unused: Counter[str] | None = None
) -> Iterator[TicketRecord | RefusedRow]:
    """Yields the refused items, then the tickets by id, whatever the order of files and items.

    A ticket that stands in several answers counts once: each value as the newest answer that has it gives it, since a
    list knows less of a ticket than its own page. `unused` receives `duplicates`, conversations of tickets that are not
    there, and the items of other answers by file. Without any ticket there is one refusal, `import.no_tickets`.
    """
    unused = Counter() if unused is None else unused
    versions = dict[str, list[tuple[datetime, str, Item, str]]]()
    turns, groups, refused = dict[str, dict[str, Turn]](), dict[str, str](), list[RefusedRow]()
    for part in list_parts(path, ".json", ".jsonl"):
        if isinstance(part, RefusedRow):
            refused.append(part)
            continue
        for item in read_items(part, "results", "tickets"):
            if isinstance(item, RefusedRow):
                refused.append(item)
                continue
            try:
                if not _sort(item, part.name, versions, turns, groups):
                    unused[Path(part.name).stem] += 1
            except Unreadable as error:
                refused.append(error.refuse(item.line, part.name))
    if not versions and not refused:
        refused.append(RefusedRow(0, "", "import.no_tickets"))
    yield from refused
    for ticket_id in sorted(versions, key=lambda one: (len(one), one)):
        known = sorted(versions[ticket_id], key=lambda one: one[:2])
        unused["duplicates"] += len(known) - 1
        _, _, item, file = known[-1]
        try:
            yield _record(
                ticket_id, _merge([one[2].value for one in known]), turns.get(ticket_id, {}), groups
            )
        except Unreadable as error:
            yield error.refuse(item.line, file)
    unused["conversations"] += sum(
        len(some) for ticket_id, some in turns.items() if ticket_id not in versions
    )
    for name in [name for name, count in unused.items() if not count]:
        del unused[name]


def _sort(
    item: Item,
    file: str,
    versions: dict[str, list[tuple[datetime, str, Item, str]]],
    turns: dict[str, dict[str, Turn]],
    groups: dict[str, str],
) -> bool:
    """Puts an object where it belongs and says whether it belongs anywhere. Raises Unreadable."""
    value: dict[str, Any] = item.value
    if "ticket_id" in value and ("body" in value or "body_text" in value):
        turns.setdefault(take(value, "ticket_id", parse_id), {})[take(value, "id", parse_id)] = _turn(value)
    elif "subject" in value or ("status" in value and "priority" in value):
        created_at = take(value, "created_at", require_instant, UTC)
        updated_at = take(value, "updated_at", parse_instant, UTC) or created_at
        versions.setdefault(take(value, "id", parse_id), []).append((updated_at, repr(value), item, file))
    elif "escalate_to" in value and "name" in value:
        groups[take(value, "id", parse_id)] = take(value, "name", parse_text)
    else:
        return False
    return True


def _turn(value: dict[str, Any]) -> Turn:
    """Reads one message. `incoming` marks the customer's; an automatic one has no author."""
    author = (
        Author.CUSTOMER
        if value.get("incoming") is True
        else Author.AGENT
        if value.get("user_id")
        else Author.SYSTEM
    )
    return Turn(
        take(value, "created_at", require_instant, UTC),
        author,
        take(value, "body_text", parse_text) or take(value, "body", parse_text),
        value.get("private") is not True,
    )


def _merge(versions: list[dict[str, Any]]) -> dict[str, Any]:
    """Returns one ticket from its answers, oldest first: the newest wins wherever it says something.

    Names that differ between lists and pages are made one first, so that an old text does not outlive a new one.
    """
    merged: dict[str, Any] = {}
    for version in versions:
        stats = version.get("stats")
        named = {
            **version,
            "text": version.get("description_text") or version.get("description"),
            "type": version.get("type") or version.get("ticket_type"),
            **(stats if isinstance(stats, dict) else {}),
        }
        merged.update({name: value for name, value in named.items() if value is not None})
    return merged


def _record(
    ticket_id: str, ticket: dict[str, Any], turns: dict[str, Turn], groups: dict[str, str]
) -> TicketRecord:
    created_at = take(ticket, "created_at", require_instant, UTC)
    status = take(ticket, "status", parse_whole, 0, _HIGHEST_CODE)
    tags = tuple(sorted({take({"tags": one}, "tags", parse_text) for one in ticket.get("tags") or ()}))
    kind = take(ticket, "type", parse_word)
    group = take(ticket, "group_id", parse_word)
    conversation = tuple(sorted(turns.values(), key=lambda turn: (turn.at, turn.author, turn.text)))
    reopened_at = take(ticket, "reopened_at", parse_instant, UTC)
    resolved_at = take(ticket, "resolved_at", parse_instant, UTC) or take(
        ticket, "closed_at", parse_instant, UTC
    )
    if resolved_at is not None and reopened_at is not None and reopened_at > resolved_at:
        resolved_at = None
    replied_at = take(ticket, "first_responded_at", parse_instant, UTC)
    first_reply_at = replied_at or first_public_reply(conversation, created_at)
    check_order(created_at, first_reply_at, resolved_at)
    return TicketRecord(
        source=NAME,
        external_id=ticket_id,
        created_at=created_at,
        first_reply_at=first_reply_at,
        resolved_at=resolved_at,
        channel=CHANNELS.get(take(ticket, "source", parse_whole, 0, _HIGHEST_CODE) or 0, Channel.OTHER),
        region=facet(tags, "region"),
        customer_group=facet(tags, "group"),
        product=facet(tags, "product") or take(ticket, "product_id", parse_word),
        category=facet(tags, "category") or kind,
        priority=PRIORITIES.get(take(ticket, "priority", parse_whole, 0, _HIGHEST_CODE) or 0),
        complexity=take({"tags": facet(tags, "complexity")}, "tags", parse_complexity),
        status=STATUSES.get(status or 0) or str(ticket.get("status_name") or status or ""),
        subject=take(ticket, "subject", parse_text),
        text=take(ticket, "text", parse_text),
        conversation=conversation,
        tags=tags,
        agent=take(ticket, "responder_id", parse_word),
        team=groups.get(group, group) if group else None,
        reopened=int(reopened_at is not None),
        is_complaint=names_complaint((*tags, kind or "")),
        deleted=bool(take(ticket, "deleted", parse_yes_no) or take(ticket, "spam", parse_yes_no)),
        updated_at=take(ticket, "updated_at", parse_instant, UTC),
    )
