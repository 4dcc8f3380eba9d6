"""Owns the shape of one ticket, whatever system it came from, and of a row that was refused. Reads no file, stores nothing."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """How the customer reached us."""

    CHAT = "chat"  # a person in a chat window, on the web site or in a messenger of ours
    PHONE = "phone"
    EMAIL = "email"
    WEB = "web"  # a form or portal
    APP = "app"  # a form inside the mobile application
    SOCIAL = "social"  # public networks and official accounts
    OTHER = "other"  # anything a source names that we have no word for


class TicketKind(StrEnum):
    """What a row of the ticket table is. Only contacts have an answer and a solution that can be measured."""

    CONTACT = "contact"
    ANSWER = "answer"  # to a survey
    POST = "post"  # somebody wrote about us in public


class Priority(StrEnum):
    """The two response classes of the standards (S2: ordinary 10 minutes, urgent 5)."""

    URGENT = "urgent"
    ORDINARY = "ordinary"


class Complexity(StrEnum):
    """The two solution classes of the standards (S2: simple 2 hours, complex 24)."""

    SIMPLE = "simple"
    COMPLEX = "complex"


class Author(StrEnum):
    """Who wrote a turn of the conversation."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"  # a bot or an automatic message: never counts as a reply


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation. `at` is aware UTC; a note that only staff can see has `public=False`."""

    at: datetime
    author: Author
    text: str
    public: bool = True


@dataclass(frozen=True, slots=True)
class TicketRecord:
    """One ticket as read, before masking. All times are aware UTC; None means the source does not say.

    `source` is the name of the mapping, `external_id` the id the source gives it; together they identify the ticket.
    `reopened` counts how often it left a solved state; `satisfaction` is a whole number from 1 to 5. Working
    minutes are the source's own where it counts them by its own hours; None lets the house count by its
    calendar.
    """

    source: str
    external_id: str
    created_at: datetime
    first_reply_at: datetime | None = None
    resolved_at: datetime | None = None
    channel: Channel = Channel.OTHER
    region: str | None = None
    customer_group: str | None = None
    product: str | None = None
    category: str | None = None
    priority: Priority | None = None
    complexity: Complexity | None = None
    status: str = ""
    subject: str = ""
    text: str = ""
    conversation: tuple[Turn, ...] = ()
    tags: tuple[str, ...] = ()
    agent: str | None = None
    team: str | None = None
    reopened: int = 0
    satisfaction: int | None = None
    is_complaint: bool | None = None
    deleted: bool = False
    updated_at: datetime | None = None
    kind: TicketKind = TicketKind.CONTACT
    first_reply_working_minutes: float | None = None
    resolution_working_minutes: float | None = None

    @property
    def first_reply_minutes(self) -> float | None:
        """Calendar minutes from creation to the first public reply of a person; None while there is none."""
        return _minutes(self.created_at, self.first_reply_at)

    @property
    def resolution_minutes(self) -> float | None:
        """Calendar minutes from creation to the solution that stood; None while there is none."""
        return _minutes(self.created_at, self.resolved_at)

    def row_hash(self) -> str:
        """Returns the sha256 (64 hex digits) of everything in the record: equal hashes mean nothing changed."""
        values = [_plain(getattr(self, one.name)) for one in dataclasses.fields(self)]
        return hashlib.sha256(
            json.dumps(values, ensure_ascii=True, separators=(",", ":")).encode()
        ).hexdigest()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that was not imported, and why.

    `line` is the physical line where the row begins, counted from 1; 0 concerns the file or folder as a whole. `field`
    is the column or JSON key, empty for the whole row. `params` may quote a garbled value of the source: mask before
    showing. `file` is the name of the file inside a folder or an archive.
    """

    line: int
    field: str
    reason_key: str
    params: dict[str, object] = dataclasses.field(default_factory=dict)
    file: str = ""


def first_public_reply(conversation: Iterable[Turn], created_at: datetime) -> datetime | None:
    """Returns when a person of ours first answered the customer; notes, bots and older messages do not count."""
    times = (
        turn.at
        for turn in conversation
        if turn.public and turn.author is Author.AGENT and turn.at >= created_at
    )
    return min(times, default=None)


def _minutes(start: datetime, end: datetime | None) -> float | None:
    return None if end is None else (end - start).total_seconds() / 60


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Turn):
        return [value.at.isoformat(), value.author, value.text, value.public]
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value
