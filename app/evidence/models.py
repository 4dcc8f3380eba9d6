"""Owns the tables of evidence: masked tickets, imports, issues, suggestions, and what a revision rests on."""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, EnumText, Instant
from app.evidence.issues import Trend
from app.evidence.likely_clauses import Confidence
from app.evidence.tickets import Channel, Complexity, Priority, TicketKind
from app.people.models import Department
from app.standards.models import Standard


class SealedOriginal(Base):
    """What a ticket said before masking, sealed with a key outside the database; absent with the default settings."""

    __tablename__ = "sealed_original"

    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(sa.Text)
    delete_on: Mapped[dt.date] = mapped_column(index=True)


class TicketImport(Base):
    """One import of tickets. `refused` lists `{line, file, field, reason, params}` of each row left out.

    `file_name` is what the file was called, kept as data only; nothing is ever opened under it.
    """

    __tablename__ = "ticket_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    mapping: Mapped[str] = mapped_column(sa.Text)
    file_name: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.Text)
    read_count: Mapped[int] = mapped_column(default=0)
    created_count: Mapped[int] = mapped_column(default=0)
    updated_count: Mapped[int] = mapped_column(default=0)
    unchanged_count: Mapped[int] = mapped_column(default=0)
    refused_count: Mapped[int] = mapped_column(default=0)
    refused: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    unused: Mapped[dict[str, int]] = mapped_column(
        sa.JSON, default=dict
    )  # rows that belong to no ticket, by kind
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    started_at: Mapped[dt.datetime] = mapped_column(Instant)
    finished_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class SavedMapping(Base):
    """A mapping of columns that somebody gave a name: `columns` is `{header: field}`, on top of the mapping `base`."""

    __tablename__ = "saved_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.Text, unique=True)
    base: Mapped[str] = mapped_column(sa.Text)
    columns: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    saved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)


class Ticket(Base):
    """One contact of a customer. Every text is masked before it gets here; `row_hash` is of the masked row.

    `created_on` is the local date in the organisation's zone. Minutes are calendar minutes, `_working_minutes`
    count the organisation's working time, `_working_days` its working days; None while it has not happened.
    """

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(sa.Text)
    external_id: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    created_on: Mapped[dt.date]
    first_reply_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    resolved_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    first_reply_minutes: Mapped[float | None]
    resolution_minutes: Mapped[float | None]
    first_reply_working_minutes: Mapped[float | None]
    resolution_working_minutes: Mapped[float | None]
    first_reply_working_days: Mapped[int | None]
    resolution_working_days: Mapped[int | None]
    channel: Mapped[Channel] = mapped_column(EnumText(Channel))
    region: Mapped[str | None] = mapped_column(sa.Text)
    customer_group: Mapped[str | None] = mapped_column(sa.Text)
    product: Mapped[str | None] = mapped_column(sa.Text)
    category: Mapped[str | None] = mapped_column(sa.Text)
    priority: Mapped[Priority | None] = mapped_column(EnumText(Priority))
    complexity: Mapped[Complexity | None] = mapped_column(EnumText(Complexity))
    status: Mapped[str] = mapped_column(sa.Text)
    subject: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)
    conversation: Mapped[list[list[Any]]] = mapped_column(sa.JSON)  # [time, author, text, public]
    tags: Mapped[list[str]] = mapped_column(sa.JSON)
    agent: Mapped[str | None] = mapped_column(sa.Text, index=True)
    team: Mapped[str | None] = mapped_column(sa.Text)
    reopened: Mapped[int] = mapped_column(default=0)
    satisfaction: Mapped[int | None]
    is_complaint: Mapped[bool | None]
    deleted: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    row_hash: Mapped[str] = mapped_column(sa.Text)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket_import.id"), index=True)
    kind: Mapped[TicketKind] = mapped_column(
        EnumText(TicketKind), default=TicketKind.CONTACT, server_default=TicketKind.CONTACT.value
    )

    __table_args__ = (
        sa.UniqueConstraint("source", "external_id"),
        # Everything a back-test reads stands in this index, so counting never touches a row's texts.
        sa.Index(
            "ix_ticket_counts",
            *("created_on", "category", "priority", "complexity", "channel", "region", "customer_group"),
            *("deleted", "is_complaint", "created_at", "first_reply_minutes", "resolution_minutes"),
            *("first_reply_working_minutes", "resolution_working_minutes"),
            *("first_reply_working_days", "resolution_working_days", "satisfaction", "kind"),
        ),
        sa.Index("ix_ticket_created_at", "created_at"),
    )


class IssueState(StrEnum):
    """Where an issue stands."""

    OPEN = "open"
    LINKED = "linked"  # a revision or a clause takes care of it
    SET_ASIDE = "set_aside"  # somebody said why it needs nothing
    SNOOZED = "snoozed"  # comes back on a day
    HANDED_ON = "handed_on"  # another department has to do something, the standards need nothing


class Issue(Base):
    """Complaints about one thing, found by the texts' own words. It keeps its number from run to run.

    `terms` say why these complaints stand together; `last_count` and `previous_count` are of the two weeks before
    `counted_until`; `confidence` is that of the likely clause; `example_ids` are three typical tickets.
    """

    __tablename__ = "issue"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.Text, unique=True)  # E-1042
    name_zh: Mapped[str | None] = mapped_column(sa.Text)
    name_en: Mapped[str | None] = mapped_column(sa.Text)
    category: Mapped[str] = mapped_column(sa.Text)
    terms: Mapped[list[str]] = mapped_column(sa.JSON)
    last_count: Mapped[int] = mapped_column(default=0)
    previous_count: Mapped[int] = mapped_column(default=0)
    weekly: Mapped[list[int]] = mapped_column(sa.JSON)  # complaints a week, oldest first
    trend: Mapped[Trend] = mapped_column(EnumText(Trend), default=Trend.UNCLEAR)
    counted_until: Mapped[dt.datetime] = mapped_column(Instant)
    state: Mapped[IssueState] = mapped_column(EnumText(IssueState), default=IssueState.OPEN, index=True)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    snoozed_until: Mapped[dt.date | None]
    handed_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    standard_id: Mapped[int | None] = mapped_column(sa.ForeignKey("standard.id"))
    clause_id: Mapped[str | None] = mapped_column(sa.Text)
    confidence: Mapped[Confidence | None] = mapped_column(EnumText(Confidence))
    clause_choices: Mapped[list[dict[str, Any]]] = mapped_column(
        sa.JSON
    )  # {standard, clause, confidence, score}
    clause_by_person: Mapped[bool] = mapped_column(
        default=False
    )  # a person chose the clause: no run changes it
    example_ids: Mapped[list[int]] = mapped_column(sa.JSON)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(
        Instant
    )  # since when a person stands by its members
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("issue.id"))
    first_seen_at: Mapped[dt.datetime] = mapped_column(Instant)
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)

    standard: Mapped[Standard | None] = relationship(lazy="joined")
    handed_to: Mapped[Department | None] = relationship(lazy="joined")

    __table_args__ = (sa.Index("ix_issue_clause", "standard_id", "clause_id"),)


class IssueTicket(Base):
    """Which complaint belongs to which issue. `is_out`: a person said it does not, and no run puts it back.

    `by_person`: a person put it there by merging or splitting, and no run takes it away.
    """

    __tablename__ = "issue_ticket"

    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"), primary_key=True, index=True)
    at: Mapped[dt.datetime] = mapped_column(Instant)  # when the complaint came in
    is_out: Mapped[bool] = mapped_column(default=False)
    by_person: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class EvidenceKind(StrEnum):
    """What a revision may rest on."""

    ISSUE = "issue"  # key: E-1042
    SUGGESTION = "suggestion"  # key: S-7F3K-9Q2M
    FINDING = "finding"  # key: number of the quality finding
    TICKETS = "tickets"  # key: the filter of the ticket table
    NOTE = "note"  # words only
    INTERVIEW = "interview"  # key: whom and how many, 26-014/2/customers/34
    BENCHMARK = "benchmark"  # key: who, with date and value in the note
    LAW = "law"  # key: the article
    SURGE = "surge"  # key: clause and day of the alarm, cs-04/c07/2026-11-03


class EvidenceLink(Base):
    """One thing a revision rests on, with who said so and when. `came_from_id` names the proposal it was merged from."""

    __tablename__ = "evidence_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(EnumText(EvidenceKind))
    key: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)
    came_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revision.id"))

    __table_args__ = (
        sa.UniqueConstraint("revision_id", "kind", "key"),
        sa.Index("ix_evidence_key", "kind", "key"),
    )


class SuggestionState(StrEnum):
    """Where a suggestion stands; its writer sees the same word on the tracking page."""

    RECEIVED = "received"
    LINKED = "linked"  # a revision takes it along
    ANSWERED_ADOPTED = "answered_adopted"
    ANSWERED_NOT = "answered_not"


class Suggestion(Base):
    """What a customer or a colleague suggests about a clause. `ref` cannot be guessed: whoever has it may follow it.

    `contact` is optional and goes on `delete_contact_on`; `network_hash` counts tries and goes with it.
    """

    __tablename__ = "suggestion"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.Text, unique=True)
    standard_id: Mapped[int | None] = mapped_column(sa.ForeignKey("standard.id"))
    clause_id: Mapped[str | None] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.Text)
    contact: Mapped[str | None] = mapped_column(sa.Text)
    delete_contact_on: Mapped[dt.date | None]
    is_staff: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    state: Mapped[SuggestionState] = mapped_column(
        EnumText(SuggestionState), default=SuggestionState.RECEIVED, index=True
    )
    revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    first_answer_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    network_hash: Mapped[str | None] = mapped_column(sa.Text)
    is_nominated: Mapped[bool] = mapped_column(default=False)  # put up for the innovation award
    at: Mapped[dt.datetime] = mapped_column(Instant)

    standard: Mapped[Standard | None] = relationship(lazy="joined")

    __table_args__ = (
        sa.Index("ix_suggestion_network", "network_hash", "at"),
        sa.Index("ix_suggestion_clause", "standard_id", "clause_id"),
    )


class SuggestionEcho(Base):
    """Somebody says "me too" to a suggestion. `network_hash` keeps one network from saying it twice, and goes after a day."""

    __tablename__ = "suggestion_echo"

    id: Mapped[int] = mapped_column(primary_key=True)
    suggestion_id: Mapped[int] = mapped_column(sa.ForeignKey("suggestion.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    network_hash: Mapped[str | None] = mapped_column(sa.Text, index=True)
    at: Mapped[dt.datetime] = mapped_column(Instant)

    __table_args__ = (sa.UniqueConstraint("suggestion_id", "person_id"),)
