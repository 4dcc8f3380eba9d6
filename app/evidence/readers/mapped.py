"""Owns reading a file by a mapping that is kept as data: columns or paths become fields, codes become words.

Tables and JSON alike, row by row. What a source needs beyond that (joins, comments in a cell) stands in `shapes.py`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from app.evidence.readers import day_order
from app.evidence.readers.documents import Item, read_items
from app.evidence.readers.files import LARGEST_STREAMED_BYTES, Part, list_parts
from app.evidence.readers.mapped_values import (
    at_path,
    parse_coded_yes_no,
    parse_dated,
    parse_minutes,
    parse_tags,
    take_turns,
)
from app.evidence.readers.mapping_files import REPEATED, MappingFile, Shape
from app.evidence.readers.shapes import Shaper, shaper_of
from app.evidence.readers.tables import Row, read_table
from app.evidence.readers.values import (
    Unreadable,
    check_order,
    facet,
    names_complaint,
    parse_channel,
    parse_complexity,
    parse_id,
    parse_priority,
    parse_satisfaction,
    parse_text,
    parse_whole,
    parse_word,
    parse_yes_no,
    take,
)
from app.evidence.tickets import (
    Channel,
    Priority,
    RefusedRow,
    TicketKind,
    TicketRecord,
    Turn,
    first_public_reply,
)

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".json", ".jsonl", ".ndjson")
JSON = (".json", ".jsonl", ".ndjson")
Values = dict[str, Any]


class MappedReader:
    """Reads files by one mapping; calling it is `readers.Read`."""

    def __init__(self, mapping: MappingFile) -> None:
        self.mapping = mapping
        self._columns = {
            " ".join(word.split()).casefold(): name
            for name, words in mapping.fields.items()
            for word in words
        }

    def __call__(
        self, path: Path, zone: tzinfo = UTC, unused: Counter[str] | None = None
    ) -> Iterator[TicketRecord | RefusedRow]:
        """Yields tickets and refused rows as they are read; see `readers.Read`."""
        unused = Counter() if unused is None else unused
        parts: list[Part] = []
        for part in list_parts(path, *SUFFIXES, largest=LARGEST_STREAMED_BYTES):
            if isinstance(part, RefusedRow):
                yield part
            else:
                parts.append(part)
        shaper = shaper_of(self.mapping)
        if shaper.joins:
            for part in parts:
                for item in read_items(part, *shaper.lists) if is_json(part) else ():
                    if isinstance(item, Item):
                        shaper.join(item)
        local, found, refused = self.mapping.zone_of(zone), False, False

        def instant(value: object) -> datetime | None:
            return self._instant(value, local)

        for part in parts:
            for line, values in self._rows(part, shaper, unused):
                if isinstance(values, RefusedRow):
                    refused = True
                    yield values
                    continue
                found = True
                try:
                    flat = self._picked(shaper.flat(values, instant)) if is_json(part) else values
                    yield self.record(shaper.finish(flat, instant), local)
                except Unreadable as error:
                    yield error.refuse(line, part.name)
        if parts and not found and not refused:
            yield RefusedRow(0, "", "import.nothing_fits", {"mapping": self.mapping.name})
        shaper.count_unused(unused)

    def _rows(
        self, part: Part, shaper: Shaper, unused: Counter[str]
    ) -> Iterator[tuple[int, Values | RefusedRow]]:
        """Yields each item of a file as fields of ours, with its line."""
        if not is_json(part):
            yield from self._table_rows(part, shaper, unused)
            return
        for item in read_items(part, *shaper.lists):
            if isinstance(item, RefusedRow):
                yield item.line, item
            elif shaper.is_ticket(item):
                yield item.line, item.value

    def _table_rows(
        self, part: Part, shaper: Shaper, unused: Counter[str]
    ) -> Iterator[tuple[int, Values | RefusedRow]]:
        seen: Counter[str] = Counter()

        def name_column(title: str) -> str | None:
            name = self._columns.get(title.casefold())
            if name is None:
                if title:
                    unused[f"column {title[:60]}"] += 1
                return None
            seen[name] += 1
            # A field may have several columns in one file: the first in the mapping's order that is not empty counts.
            place = self._place(name, title)
            return f"{name} {place:03d} {seen[name]:03d}"

        def field_of(title: str) -> str | None:
            return self._columns.get(title.casefold())

        short = any("%y" in form for form in self.mapping.dates)
        order = day_order.order_of(part, field_of, short_years=short)
        for row in read_table(part, name_column, fits=field_of):
            if isinstance(row, RefusedRow):
                yield row.line, row
                continue
            missing = next((name for name in shaper.needed if name not in seen), None)
            if missing:
                words = " / ".join(self.mapping.fields[missing])
                yield 1, RefusedRow(1, missing, "import.mapping_no_longer_fits", {"column": words}, part.name)
                return
            yield row.line, day_order.settle(self._gathered(row), order, short_years=short)

    def _place(self, name: str, title: str) -> int:
        words = [" ".join(word.split()).casefold() for word in self.mapping.fields[name]]
        return words.index(title.casefold())

    def _gathered(self, row: Row) -> Values:
        """Joins the columns of each field: all of a repeated one, else the first that holds something."""
        values: Values = {}
        for column in sorted(row.cells):
            name, cell = column.partition(" ")[0], row.cells[column]
            if not cell:
                continue
            if name in REPEATED:
                values.setdefault(name, []).append(cell)
            else:
                values.setdefault(name, cell)
        return values

    def _picked(self, value: Mapping[str, Any]) -> Values:
        picked: Values = {}
        for name, words in self.mapping.fields.items():
            for word in words:
                found = at_path(value, word)
                if found is not None and found != "":
                    picked[name] = found
                    break
        return picked

    def record(self, values: Values, zone: tzinfo) -> TicketRecord:
        """Returns the ticket that the fields say. Raises Unreadable, naming the field."""
        created_at = take(values, "created_at", self._instant, zone)
        if created_at is None:
            error = Unreadable("import.date_missing")
            error.field = "created_at"
            raise error
        conversation: tuple[Turn, ...] = take(values, "conversation", take_turns)
        first_reply_at = self._end(values, "first_reply", "first_reply_at", created_at, zone)
        if first_reply_at is None:
            first_reply_at = first_public_reply(conversation, created_at)
        status = str(self._coded(values, "status") or "").strip()
        reopened_at = take(values, "reopened_at", self._instant, zone)
        resolved_at = self._end(values, "resolution", "resolved_at", created_at, zone)
        if resolved_at is None:
            resolved_at = take(values, "closed_at", self._instant, zone)
        if self.mapping.solved and status and status.casefold() not in self.mapping.solved:
            resolved_at = None
        if resolved_at is not None and reopened_at is not None and reopened_at > resolved_at:
            resolved_at = None
        check_order(created_at, first_reply_at, resolved_at)
        tags = parse_tags(values.get("tags"), self.mapping.tag_marks)
        kind = take(values, "category", parse_word)
        satisfaction = self._satisfaction(values)
        complaint = take(values, "is_complaint", parse_coded_yes_no(self._coded(values, "is_complaint")))
        return TicketRecord(
            source=self.mapping.name,
            external_id=take(values, "external_id", parse_id),
            created_at=created_at,
            first_reply_at=first_reply_at,
            resolved_at=resolved_at,
            channel=self._channel(values),
            region=take(values, "region", parse_word) or facet(tags, "region"),
            customer_group=take(values, "customer_group", parse_word) or facet(tags, "group"),
            product=take(values, "product", parse_word) or facet(tags, "product"),
            category=facet(tags, "category") or kind,
            priority=self._priority(values),
            complexity=take({"tags": facet(tags, "complexity")}, "tags", parse_complexity)
            or take(values, "complexity", parse_complexity),
            status=status.casefold() if status.isascii() else status,
            subject=take(values, "subject", parse_text),
            text=take(values, "text", parse_text),
            conversation=conversation,
            tags=tags,
            agent=take(values, "agent", parse_word),
            team=take(values, "team", parse_word),
            reopened=self._reopened(values, reopened_at),
            satisfaction=satisfaction,
            is_complaint=self._is_complaint(values, complaint, tags, kind),
            deleted=status.casefold() in self.mapping.deleted or bool(take(values, "deleted", parse_yes_no)),
            updated_at=take(values, "updated_at", self._instant, zone),
            kind=self._kind(),
            first_reply_working_minutes=take(values, "first_reply_working_minutes", parse_minutes),
            resolution_working_minutes=take(values, "resolution_working_minutes", parse_minutes),
        )

    def _kind(self) -> TicketKind:
        kinds = {Shape.SCORE: TicketKind.ANSWER, Shape.LISTENING: TicketKind.POST}
        return kinds.get(self.mapping.shape, TicketKind.CONTACT)

    def _instant(self, value: object, zone: tzinfo) -> datetime | None:
        return parse_dated(value, zone, self.mapping.dates)

    def _end(
        self, values: Values, name: str, moment: str, created_at: datetime, zone: tzinfo
    ) -> datetime | None:
        """Returns when something happened: its own time, or so many minutes after the beginning."""
        at = take(values, moment, self._instant, zone)
        minutes = take(values, f"{name}_minutes", parse_minutes)
        if at is not None or minutes is None:
            return at
        return created_at + timedelta(minutes=minutes)

    def _coded(self, values: Values, name: str) -> Any:
        """Returns the value in our words where the mapping knows its code, else as it stands."""
        value = values.get(name)
        code = str(value).strip().casefold()
        return self.mapping.codes.get(name, {}).get(code, value)

    def _channel(self, values: Values) -> Channel:
        return parse_channel(self._coded(values, "channel") or self.mapping.channel)

    def _priority(self, values: Values) -> Priority | None:
        """Reads the response class; a name of the customer's own making says nothing about our two classes."""
        try:
            return parse_priority(self._coded(values, "priority"))
        except Unreadable:
            return None

    def _satisfaction(self, values: Values) -> int | None:
        value = self._coded(values, "satisfaction")
        return take({"satisfaction": value}, "satisfaction", parse_satisfaction)

    def _reopened(self, values: Values, reopened_at: datetime | None) -> int:
        return take(values, "reopened", parse_whole, 0, 1_000) or int(reopened_at is not None)

    def _is_complaint(
        self, values: Values, said: bool | None, tags: tuple[str, ...], kind: str | None
    ) -> bool | None:
        limit, score = self.mapping.complaint_at_most, self._satisfaction(values)
        if said is None and limit is not None and score is not None and values.get("text"):
            return True if score <= limit else None
        return said if said is not None else names_complaint((*tags, kind or ""))


def is_json(part: Part) -> bool:
    """Says whether a file holds objects rather than a table."""
    return part.name.casefold().endswith(JSON)
