"""Owns the mapping `jira-rest`: issues as Jira's REST interface answers them, versions 2 and 3, Service Management included.

Reads search results (`issues`), single issues and comment pages (`comments` or `values`, joined by the issue number in
their address), one file or a folder of pages. Other answers in the folder, such as priorities, are counted as unused.
"""

import re
from collections import Counter, defaultdict
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
    parse_channel,
    parse_complexity,
    parse_id,
    parse_instant,
    parse_priority,
    parse_text,
    parse_word,
    require_instant,
    take,
)
from app.evidence.tickets import Author, RefusedRow, TicketRecord, Turn, first_public_reply

NAME = "jira-rest"
DEEPEST_DOCUMENT = 40
_COMMENT_ADDRESS = re.compile(r"/issue/([^/]+)/comment/")
_BLOCKS = frozenset(
    ("paragraph", "heading", "codeBlock", "listItem", "blockquote", "tableRow", "rule", "panel")
)
_Comments = dict[str, dict[str, dict[str, Any]]]


def read(
    path: Path, zone: tzinfo = UTC, unused: Counter[str] | None = None
) -> Iterator[TicketRecord | RefusedRow]:
    """Yields the refused items, then the issues by key; an issue found on several pages counts once, as updated last.

    Comments count wherever they stand. `unused` receives `duplicates`, comments of issues that are not there, and the
    items of other answers by file. Without any issue there is one refusal, `import.no_issues`.
    """
    unused = Counter() if unused is None else unused
    issues, comments, refused = list[tuple[str, Item]](), _Comments(), list[RefusedRow]()
    for part in list_parts(path, ".json", ".jsonl"):
        if isinstance(part, RefusedRow):
            refused.append(part)
            continue
        for item in read_items(part, "issues", "comments", "values"):
            if isinstance(item, RefusedRow):
                refused.append(item)
            elif item.within == "issues" or isinstance(item.value.get("fields"), dict):
                issues.append((part.name, item))
            elif (owner := _COMMENT_ADDRESS.search(str(item.value.get("self")))) and "body" in item.value:
                _keep_comment(comments.setdefault(owner[1], {}), item.value)
            else:
                unused[Path(part.name).stem] += 1
    for _, item in issues:
        _keep_embedded(item.value, comments)
    if not issues and not refused:
        refused.append(RefusedRow(0, "", "import.no_issues"))
    yield from refused
    yield from _issues(issues, comments, unused)


def _issues(
    issues: list[tuple[str, Item]], comments: _Comments, unused: Counter[str]
) -> Iterator[TicketRecord | RefusedRow]:
    records: dict[str, TicketRecord] = {}
    joined = defaultdict[str, int](int)
    for file, item in issues:
        try:
            record = _record(item.value, comments)
        except Unreadable as error:
            yield error.refuse(item.line, file)
            continue
        unused["duplicates"] += record.external_id in records
        if record.external_id not in records or _age(record) > _age(records[record.external_id]):
            records[record.external_id] = record
        joined[str(item.value.get("id"))] += 1
        joined[record.external_id] += 1
    unused["comments"] += sum(len(some) for owner, some in comments.items() if owner not in joined)
    for name in [name for name, count in unused.items() if not count]:
        del unused[name]
    yield from sorted(records.values(), key=lambda record: (len(record.external_id), record.external_id))


def _record(issue: dict[str, Any], comments: _Comments) -> TicketRecord:
    key = take(issue, "key", parse_id)
    fields: dict[str, Any] = _mapping(issue.get("fields"))
    created_at = take(fields, "created", require_instant, UTC)
    labels = tuple(
        sorted({take({"labels": one}, "labels", parse_text) for one in _list(fields.get("labels"))})
    )
    found = {**comments.get(str(issue.get("id")), {}), **comments.get(key, {})}
    conversation = tuple(sorted((_turn(one, fields) for one in found.values()), key=_turn_order))
    changed_at, reopened = _solution(issue)
    resolved_at = take(fields, "resolutiondate", parse_instant, UTC) or changed_at
    first_reply_at = first_public_reply(conversation, created_at)
    check_order(created_at, first_reply_at, resolved_at)
    kind = _named(fields, "issuetype")
    components = sorted(
        filter(None, (_named({"component": one}, "component") for one in _list(fields.get("components"))))
    )
    return TicketRecord(
        source=NAME,
        external_id=key,
        created_at=created_at,
        first_reply_at=first_reply_at,
        resolved_at=resolved_at,
        channel=parse_channel(facet(labels, "channel")),
        region=facet(labels, "region"),
        customer_group=facet(labels, "group"),
        product=facet(labels, "product") or next(iter(components), None),
        category=facet(labels, "category") or kind,
        priority=_priority(fields),
        complexity=take({"labels": facet(labels, "complexity")}, "labels", parse_complexity),
        status=(_named(fields, "status") or "").casefold(),
        subject=take(fields, "summary", parse_text),
        text=take(fields, "description", _parse_prose),
        conversation=conversation,
        tags=labels,
        agent=_person(fields.get("assignee")) or None,
        team=_named(fields, "project"),
        reopened=reopened,
        is_complaint=names_complaint((*labels, kind or "")),
        updated_at=take(fields, "updated", parse_instant, UTC),
    )


def _keep_comment(known: dict[str, dict[str, Any]], comment: dict[str, Any]) -> None:
    name = str(comment.get("id"))
    if name not in known or _comment_age(comment) > _comment_age(known[name]):
        known[name] = comment


def _keep_embedded(issue: dict[str, Any], comments: _Comments) -> None:
    embedded = _mapping(_mapping(issue.get("fields")).get("comment"))
    for comment in _list(embedded.get("comments")):
        if isinstance(comment, dict):
            _keep_comment(comments.setdefault(str(issue.get("id")), {}), comment)


def _turn(comment: dict[str, Any], fields: dict[str, Any]) -> Turn:
    try:
        at = take(comment, "created", require_instant, UTC)
        text = take(comment, "body", _parse_prose)
    except Unreadable as error:
        error.field = f"comment.{error.field}"
        raise
    return Turn(at, _author(comment, fields), text, comment.get("jsdPublic") is not False)


def _author(comment: dict[str, Any], fields: dict[str, Any]) -> Author:
    """Says who wrote a comment: by the account's type where Jira gives it, else the reporter is the customer.

    So an issue an agent opened for a customer has no first reply before somebody else writes: too late rather than
    too early, which would flatter us.
    """
    account = _mapping(comment.get("author"))
    if account.get("accountType") == "app":
        return Author.SYSTEM
    if account.get("accountType") == "customer":
        return Author.CUSTOMER
    person = _person(account)
    return Author.CUSTOMER if person and person == _person(fields.get("reporter")) else Author.AGENT


def _solution(issue: dict[str, Any]) -> tuple[datetime | None, int]:
    """Returns when the change log, where the issue carries one, last set a resolution that stood, and how often it fell."""
    changes: list[tuple[datetime, bool]] = []
    for history in _list(_mapping(issue.get("changelog")).get("histories")):
        for change in _list(_mapping(history).get("items")):
            if _mapping(change).get("field") == "resolution":
                changes.append(
                    (take(_mapping(history), "created", require_instant, UTC), bool(change.get("to")))
                )
    solved_at, reopened = None, 0
    for at, solved in sorted(changes):
        reopened += not solved and solved_at is not None
        solved_at = (solved_at or at) if solved else None
    return solved_at, reopened


def _priority(fields: dict[str, Any]) -> Any:
    """Reads the priority; a name of the customer's own making says nothing about our two classes."""
    try:
        return take({"priority": _named(fields, "priority")}, "priority", parse_priority)
    except Unreadable:
        return None


def _parse_prose(value: object) -> str:
    """Reads a description or comment: plain or wiki text as it stands, an Atlassian document by its text, a block a line."""
    if not isinstance(value, dict):
        return parse_text(value)
    pieces: list[str] = []
    _gather(value, pieces, 0)
    return parse_text("".join(pieces)).strip()


def _gather(node: dict[str, Any], pieces: list[str], depth: int) -> None:
    if depth > DEEPEST_DOCUMENT:
        raise Unreadable("import.json_too_deep")
    kind, attributes = node.get("type"), _mapping(node.get("attrs"))
    if kind == "hardBreak":
        pieces.append("\n")
    elif kind in ("mention", "emoji", "inlineCard", "date"):
        pieces.append(str(attributes.get("text") or attributes.get("url") or ""))
    elif isinstance(node.get("text"), str):
        pieces.append(node["text"])
    for child in _list(node.get("content")):
        _gather(_mapping(child), pieces, depth + 1)
    if kind in _BLOCKS and pieces and not pieces[-1].endswith("\n"):
        pieces.append("\n")


def _named(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return take({name: value.get("name") if isinstance(value, dict) else value}, name, parse_word)


def _person(value: object) -> str:
    account = _mapping(value)
    return str(account.get("accountId") or account.get("key") or account.get("name") or "")


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _age(record: TicketRecord) -> tuple[datetime, str]:
    return record.updated_at or record.created_at, record.row_hash()


def _comment_age(comment: dict[str, Any]) -> tuple[str, str]:
    return str(comment.get("updated")), str(comment.get("body"))


def _turn_order(turn: Turn) -> tuple[datetime, str, str]:
    return turn.at, turn.author, turn.text
