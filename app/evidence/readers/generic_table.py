"""Owns the mapping `csv`: one ticket a row under our own names or their Chinese ones, and writing the same table.

Reads CSV (comma, semicolon or tab; UTF-8, UTF-16 or GB18030), XLSX, JSON lists and JSON Lines. Needs an id
and a creation time; all other columns may be missing. Times without an offset are local to the organisation's
zone.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from app.evidence.readers import day_order
from app.evidence.readers.documents import Item, read_items
from app.evidence.readers.files import LARGEST_STREAMED_BYTES, Part, list_parts
from app.evidence.readers.mapping_files import TAG_MARKS
from app.evidence.readers.tables import LONGEST_CELL, Row, read_table
from app.evidence.readers.values import (
    Unreadable,
    check_order,
    parse_channel,
    parse_complexity,
    parse_id,
    parse_instant,
    parse_priority,
    parse_satisfaction,
    parse_text,
    parse_whole,
    parse_word,
    parse_yes_no,
    require_instant,
    take,
)
from app.evidence.tickets import Author, RefusedRow, TicketRecord, Turn, first_public_reply

NAME = "csv"
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".json", ".jsonl", ".ndjson")
REQUIRED = ("external_id", "created_at")
MOST_REOPENED = 1_000
MOST_TURNS = 2_000
HEADERS: dict[str, tuple[str, ...]] = {
    "external_id": (
        "id",
        "ticket_id",
        "ticket id",
        "ticket number",
        "ticket no",
        "case number",
        "工单编号",
        "工单号",
        "工单ID",
        "编号",
    ),
    "created_at": (
        "created",
        "created at",
        "date created",
        "creation date",
        "创建时间",
        "创建日期",
        "提交时间",
        "受理时间",
    ),
    "first_reply_at": (
        "first_reply",
        "first reply at",
        "first response at",
        "首次答复时间",
        "首次响应时间",
        "首次回复时间",
        "首响时间",
    ),
    "resolved_at": ("resolved", "resolved at", "解决时间", "完成时间", "完结时间", "结案时间"),
    "channel": ("渠道", "来源渠道"),
    "region": ("区域", "地区", "大区"),
    "customer_group": ("customer group", "客户群", "客户类型", "客户分组"),
    "product": ("产品", "商品"),
    "category": ("分类", "问题分类", "类别", "问题类型"),
    "priority": ("优先级", "紧急程度"),
    "complexity": ("复杂程度", "难度"),
    "status": ("状态", "工单状态"),
    "subject": ("title", "标题", "主题"),
    "text": ("content", "description", "内容", "问题描述", "描述"),
    "conversation": ("对话", "会话记录"),
    "tags": ("标签",),
    "agent": ("客服", "客服编号", "处理人", "受理人"),
    "team": ("班组", "小组", "团队", "客服组", "处理组"),
    "reopened": ("重开次数", "重新打开次数"),
    "satisfaction": ("csat", "满意度", "满意度评分", "满意度评价"),
    "is_complaint": ("complaint", "是否投诉"),
    "deleted": ("已删除", "是否删除"),
    "updated_at": ("updated", "updated at", "更新时间"),
}
_AUTHORS = {author.value: author for author in Author}
_BETWEEN = re.compile(r"[\s_-]+")
_FIELDS = {
    _BETWEEN.sub(" ", word.casefold()): name for name, words in HEADERS.items() for word in (name, *words)
}
_FORMULA = re.compile(r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def read(
    path: Path, zone: tzinfo = UTC, unused: Counter[str] | None = None
) -> Iterator[TicketRecord | RefusedRow]:
    """Yields tickets and refused rows in the order of the files, as they are read; nothing is kept of them.

    A ticket that comes again is yielded again: whoever stores them keeps the newest. `unused` receives the columns
    not used as `column <name>`.
    """
    for part in list_parts(path, *SUFFIXES, largest=LARGEST_STREAMED_BYTES):
        if isinstance(part, RefusedRow):
            yield part
            continue
        for line, values in _rows(part, unused):
            if isinstance(values, RefusedRow):
                yield values
                continue
            try:
                yield _record(values, zone)
            except Unreadable as error:
                yield error.refuse(line, part.name)


def write_csv(tickets: Iterable[TicketRecord], path: Path) -> int:
    """Writes tickets as the table this module reads, in UTF-8 with a mark so that Excel shows Chinese; returns the rows.

    Times are ISO 8601 in UTC. A cell that a spreadsheet would run as a formula begins with an apostrophe, which
    reading takes away again. `source` is not written: whoever reads the table is told it is `csv`.
    """
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADERS)
        for ticket in tickets:
            writer.writerow([_written(getattr(ticket, name)) for name in HEADERS])
            count += 1
    return count


def _rows(part: Part, unused: Counter[str] | None) -> Iterator[tuple[int, dict[str, Any] | RefusedRow]]:
    if part.name.casefold().endswith((".json", ".jsonl", ".ndjson")):
        for item in read_items(part, "tickets"):
            yield item.line, _renamed(item, part, unused) if isinstance(item, Item) else item
        return

    def name_column(title: str) -> str | None:
        name = _field(title)
        if name is None and title and unused is not None:
            unused[f"column {title[:60]}"] += 1
        return name

    order = day_order.order_of(part, _field)
    for row in read_table(part, name_column, *REQUIRED, fits=_field):
        if isinstance(row, Row):
            cells = {name: _bare(cell) for name, cell in row.cells.items()}
            yield row.line, day_order.settle(cells, order)
        else:
            yield 0, row


def _renamed(item: Item, part: Part, unused: Counter[str] | None) -> dict[str, Any] | RefusedRow:
    values: dict[str, Any] = {}
    for title, value in item.value.items():
        name = _field(title)
        if name in values:
            return RefusedRow(item.line, name or "", "import.column_twice", {}, part.name)
        if name is not None:
            values[name] = value
        elif unused is not None:
            unused[f"column {title[:60]}"] += 1
    return values


def _record(values: dict[str, Any], zone: tzinfo) -> TicketRecord:
    external_id = take(values, "external_id", parse_id)
    created_at = take(values, "created_at", require_instant, zone)
    conversation = take(values, "conversation", _parse_conversation, zone)
    first_reply_at = take(values, "first_reply_at", parse_instant, zone) or first_public_reply(
        conversation, created_at
    )
    resolved_at = take(values, "resolved_at", parse_instant, zone)
    check_order(created_at, first_reply_at, resolved_at)
    return TicketRecord(
        source=NAME,
        external_id=external_id,
        created_at=created_at,
        first_reply_at=first_reply_at,
        resolved_at=resolved_at,
        channel=parse_channel(take(values, "channel", parse_text)),
        region=take(values, "region", parse_word),
        customer_group=take(values, "customer_group", parse_word),
        product=take(values, "product", parse_word),
        category=take(values, "category", parse_word),
        priority=take(values, "priority", parse_priority),
        complexity=take(values, "complexity", parse_complexity),
        status=take(values, "status", parse_text).strip(),
        subject=take(values, "subject", parse_text),
        text=take(values, "text", parse_text),
        conversation=conversation,
        tags=take(values, "tags", _parse_tags),
        agent=take(values, "agent", parse_word),
        team=take(values, "team", parse_word),
        reopened=take(values, "reopened", parse_whole, 0, MOST_REOPENED) or 0,
        satisfaction=take(values, "satisfaction", parse_satisfaction),
        is_complaint=take(values, "is_complaint", parse_yes_no),
        deleted=take(values, "deleted", parse_yes_no) or False,
        updated_at=take(values, "updated_at", parse_instant, zone),
    )


def _parse_conversation(value: object, zone: tzinfo) -> tuple[Turn, ...]:
    """Reads `[[time, author, text, public], …]`, a list or its JSON text. Raises Unreadable."""
    try:
        turns = json.loads(value) if isinstance(value, str) and value.strip() else value or []
    except (ValueError, RecursionError) as error:
        raise Unreadable("import.conversation_unreadable") from error
    if not isinstance(turns, list) or len(turns) > MOST_TURNS:
        raise Unreadable("import.conversation_unreadable")
    return tuple(_parse_turn(turn, zone) for turn in turns)


def _parse_turn(turn: object, zone: tzinfo) -> Turn:
    author = _AUTHORS.get(str(turn[1])) if isinstance(turn, list) and len(turn) in (3, 4) else None
    if author is None or not isinstance(turn, list):
        raise Unreadable("import.conversation_unreadable")
    public = parse_yes_no(turn[3]) if len(turn) == 4 else True
    return Turn(require_instant(turn[0], zone), author, parse_text(turn[2]), public is not False)


def _parse_tags(value: object) -> tuple[str, ...]:
    """Reads tags from a list, or from text with bars, else other marks between them; each once, in order."""
    text = "" if isinstance(value, list) else parse_text(value)
    tags = (
        value if isinstance(value, list) else re.split("[|\uff5c]" if "|" in text else f"[{TAG_MARKS}]", text)
    )
    return tuple(sorted({tag for one in tags if (tag := parse_word(one))}))


def _field(title: str) -> str | None:
    return _FIELDS.get(_BETWEEN.sub(" ", title.strip(" *：:").casefold()))


def _bare(cell: str) -> str:
    """Takes away the apostrophe by which a spreadsheet marks a cell as text, ours or another program's."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple) and value and isinstance(value[0], Turn):
        return _written_conversation(value)
    text = (
        "|".join((*value, "")) if isinstance(value, tuple) else str(value)
    )  # its bars say that a comma is part of a tag
    return f"'{text}" if _FORMULA.match(text) else text


def _written_conversation(turns: tuple[Turn, ...]) -> str:
    """Writes the turns as JSON; the later half is left out as often as it takes to stay readable as one cell."""
    rows = [[turn.at.isoformat(), turn.author, turn.text, turn.public] for turn in turns]
    text = json.dumps(rows, ensure_ascii=False)
    return text if len(text) < LONGEST_CELL else _written_conversation(turns[: len(turns) // 2])
