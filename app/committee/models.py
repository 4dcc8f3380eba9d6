"""Owns the tables of the committee: meeting, agenda item, voice, attendance, budget line and entry."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, EnumText, Instant


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    HELD = "held"  # the chair confirmed the minutes
    CANCELLED = "cancelled"


class Meeting(Base):
    """A meeting of the standards committee. Its minutes are its items with their decisions; confirming closes it."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(unique=True)
    place: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[MeetingState] = mapped_column(EnumText(MeetingState), default=MeetingState.PLANNED)
    members: Mapped[int] = mapped_column(default=0)  # how many sat on the committee when it was closed
    note: Mapped[str] = mapped_column(sa.Text, default="")  # what the chair adds, or why it was cancelled
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    called_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    called_at: Mapped[dt.datetime] = mapped_column(Instant)

    moves: Mapped[list["MeetingMove"]] = relationship(order_by="MeetingMove.id")


class MeetingMove(Base):
    """A meeting was put on another day, and why. Links to the day before go on leading to it."""

    __tablename__ = "meeting_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    day_before: Mapped[dt.date] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    moved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)


class Attendance(Base):
    """Who was at a meeting; counted for its quorum."""

    __tablename__ = "attendance"

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(Instant)


class ItemKind(StrEnum):
    """Why something is on the agenda."""

    RANK = "rank"  # the panel has scored, the rank waits
    PILOT = "pilot"  # a pilot came to its planned end
    PUBLISH = "publish"  # a revision is ready to be published
    SURGE = "surge"  # feedback on a clause rose, a fast track is proposed or runs
    STUCK = "stuck"  # nothing moved for more than ten days
    REVIEW = "review"  # the periodic review of a standard is overdue
    BUDGET = "budget"  # a budget line is over its limit


class Verdict(StrEnum):
    """What the committee decides on an item."""

    AGREED = "agreed"  # 同意
    RETURNED = "returned"  # 退回
    HELD = "held"  # 暂缓


class AgendaItem(Base):
    """One item of an agenda. `key` names its object: a revision, a standard, a budget line.

    `consent_until` is set when it may be agreed before the meeting; the verdict then comes with that moment unless a
    member objects, and what follows is done by the right of `consent_by`, who asked. `carried_out_at` says that the
    decision moved the revision. `gone` says that the matter was settled elsewhere before anybody decided.
    """

    __tablename__ = "agenda_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    kind: Mapped[ItemKind] = mapped_column(EnumText(ItemKind))
    key: Mapped[str] = mapped_column(sa.Text)
    title_zh: Mapped[str] = mapped_column(sa.Text, default="")
    title_en: Mapped[str] = mapped_column(sa.Text, default="")
    added_at: Mapped[dt.datetime] = mapped_column(Instant)
    consent_until: Mapped[dt.datetime | None] = mapped_column(Instant, index=True)
    consent_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    verdict: Mapped[Verdict | None] = mapped_column(EnumText(Verdict))
    is_by_consent: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    carried_out_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    gone: Mapped[bool] = mapped_column(default=False)

    meeting: Mapped[Meeting] = relationship(lazy="joined")

    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "kind", "key"),
        sa.Index("ix_agenda_item_object", "kind", "key"),
    )


class Voice(Base):
    """What one member says to an item; said again it replaces the first. An objection needs words."""

    __tablename__ = "voice"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    agrees: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[dt.datetime] = mapped_column(Instant)

    __table_args__ = (sa.UniqueConstraint("item_id", "person_id"),)


class BudgetKind(StrEnum):
    """What money is set aside for (S3 预算分配)."""

    RESEARCH = "research"  # 调研
    TRAINING = "training"  # 培训
    TECHNOLOGY = "technology"  # 技术支持


class BudgetLine(Base):
    """What one year gives to one purpose, in minor units. Entries commit and spend it."""

    __tablename__ = "budget_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    kind: Mapped[BudgetKind] = mapped_column(EnumText(BudgetKind))
    allocated: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)

    __table_args__ = (sa.UniqueConstraint("year", "kind"),)


class EntryKind(StrEnum):
    """What an entry does to its line."""

    COMMITTED = "committed"  # promised, not paid; a later "spent" of the same revision takes it down
    SPENT = "spent"


class BudgetEntry(Base):
    """Money committed or spent, most often for one revision. Entries are added, never changed; a mistake gets a negative one."""

    __tablename__ = "budget_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("budget_line.id"), index=True)
    revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    kind: Mapped[EntryKind] = mapped_column(EnumText(EntryKind))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    words: Mapped[str] = mapped_column(sa.Text)
    day: Mapped[dt.date]
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)
