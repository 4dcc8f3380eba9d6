"""Owns the tables of audits: the plan, the draw, the scorecard's lines, appeals, rates kept by the writer."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.audits.scoring import Answer
from app.core.db import Base, EnumText, Instant


class AuditPlan(Base):
    """What is checked in one month. The seed is fixed before the draw, and the draw happens once."""

    __tablename__ = "audit_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(sa.Text, unique=True)  # 2026-11
    standard_ids: Mapped[list[int]] = mapped_column(sa.JSON)
    channels: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # empty is all
    regions: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    sample_size: Mapped[int]
    seed: Mapped[str] = mapped_column(sa.Text)
    population: Mapped[int | None]
    strata: Mapped[list[list[object]]] = mapped_column(sa.JSON, default=list)  # [name, population, drawn]
    order_sha256: Mapped[str | None] = mapped_column(sa.Text)
    record_commit: Mapped[str | None] = mapped_column(sa.Text)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(Instant)
    drawn_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class SampleState(StrEnum):
    """Where a sampled contact stands."""

    RESERVE = "reserve"  # in the drawn order, used when one is swapped
    WAITING = "waiting"
    SCORED = "scored"
    SWAPPED = "swapped"  # left out with a reason; the next of the drawn order took its place


class Sample(Base):
    """One drawn contact. `met` of `asked` clauses were kept; a critical one not kept fails the whole contact."""

    __tablename__ = "sample"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_plan.id"))
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"))
    place: Mapped[int]  # in the drawn order
    stratum: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[SampleState] = mapped_column(EnumText(SampleState))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    auditor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    scored_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    scored_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    met: Mapped[int] = mapped_column(default=0)
    asked: Mapped[int] = mapped_column(default=0)
    points: Mapped[int | None]  # from 100 by deduction
    is_failed: Mapped[bool] = mapped_column(default=False)  # a critical clause was not kept

    lines: Mapped[list["ScoreLine"]] = relationship(lazy="selectin", order_by="ScoreLine.id")

    __table_args__ = (
        sa.UniqueConstraint("plan_id", "ticket_id"),
        sa.Index("ix_sample_state", "plan_id", "state", "place"),
    )


class ScoreLine(Base):
    """One clause of a scorecard, with the text that bound on the contact's date and in its place."""

    __tablename__ = "score_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"), index=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"))
    clause_id: Mapped[str] = mapped_column(sa.Text)
    clause_hash: Mapped[str] = mapped_column(sa.Text)
    is_critical: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[Answer] = mapped_column(EnumText(Answer))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    root_cause: Mapped[str] = mapped_column(sa.Text, default="")

    __table_args__ = (sa.Index("ix_score_line_clause", "standard_id", "clause_id"),)


class AppealState(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"


class Appeal(Base):
    """An agent does not agree with a line; a second auditor decides with a reason."""

    __tablename__ = "appeal"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("score_line.id"), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(sa.Text)
    asked_at: Mapped[dt.datetime] = mapped_column(Instant)
    due_on: Mapped[dt.date]
    state: Mapped[AppealState] = mapped_column(EnumText(AppealState), default=AppealState.OPEN)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(sa.Text, default="")
    decided_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    line: Mapped[ScoreLine] = relationship(lazy="selectin")


class MonthlyRate(Base):
    """How often a clause was kept in a month's checks, by team and channel: kept by the writer, equal to a recount."""

    __tablename__ = "monthly_rate"

    month: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), primary_key=True)
    clause_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    team: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    channel: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    kept: Mapped[int] = mapped_column(default=0)
    checked: Mapped[int] = mapped_column(default=0)
