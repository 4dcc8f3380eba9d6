"""Owns the tables of the registers: benchmarks, laws and obligations with their clauses, periodic reviews. Counts nothing."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, EnumText, Instant
from app.standards.measures import Comparison, Unit
from app.standards.models import Standard


class BenchmarkKind(StrEnum):
    """Whom we compare ourselves with (S3 竞争对手的服务标准差异, ISO9001 服务认证)."""

    COMPETITOR = "competitor"
    NORM = "norm"  # ISO and other norms
    INDUSTRY = "industry"  # an average or award of the trade


class Benchmark(Base):
    """What somebody else promises or reaches, beside one measure of ours. `value` is a decimal number as text.

    `dated_on` is the day the source says so; a newer row for the same `who` and measure does not replace an older one.
    """

    __tablename__ = "benchmark"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BenchmarkKind] = mapped_column(EnumText(BenchmarkKind))
    who: Mapped[str] = mapped_column(sa.Text)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    clause_id: Mapped[str] = mapped_column(sa.Text)
    metric: Mapped[str] = mapped_column(sa.Text)
    comparison: Mapped[Comparison] = mapped_column(EnumText(Comparison))
    value: Mapped[str] = mapped_column(sa.Text)
    unit: Mapped[Unit] = mapped_column(EnumText(Unit))
    source: Mapped[str] = mapped_column(sa.Text)
    dated_on: Mapped[dt.date]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    # The same in English as well, for whoever reads English; empty is said once only.
    who_en: Mapped[str | None] = mapped_column(sa.Text)
    source_en: Mapped[str | None] = mapped_column(sa.Text)
    note_en: Mapped[str | None] = mapped_column(sa.Text)
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)

    standard: Mapped[Standard] = relationship(lazy="joined")

    @property
    def number(self) -> Decimal:
        """Returns the value as a number."""
        return Decimal(self.value)

    @property
    def key(self) -> str:
        """Returns how a revision names it as evidence."""
        return f"B-{self.id}"


class Obligation(Base):
    """A law, regulation or norm article that binds clauses. `code` is our own short name, for example `pipl-17`."""

    __tablename__ = "obligation"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.Text, unique=True)
    title_zh: Mapped[str] = mapped_column(sa.Text, default="")
    title_en: Mapped[str] = mapped_column(sa.Text, default="")
    duty: Mapped[str] = mapped_column(sa.Text)  # what it asks of us, in our own words
    source: Mapped[str] = mapped_column(sa.Text)
    duty_en: Mapped[str | None] = mapped_column(sa.Text)  # both in English as well; empty is said once only
    source_en: Mapped[str | None] = mapped_column(sa.Text)
    in_force_on: Mapped[dt.date | None]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)

    clauses: Mapped[list["ObligationClause"]] = relationship(
        lazy="selectin", order_by="ObligationClause.id", cascade="all, delete-orphan"
    )
    changes: Mapped[list["ObligationChange"]] = relationship(
        lazy="selectin", order_by="ObligationChange.id.desc()"
    )


class ObligationClause(Base):
    """A clause that an obligation binds."""

    __tablename__ = "obligation_clause"

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(sa.ForeignKey("obligation.id"), index=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"))
    clause_id: Mapped[str] = mapped_column(sa.Text)

    standard: Mapped[Standard] = relationship(lazy="joined")

    __table_args__ = (
        sa.UniqueConstraint("obligation_id", "standard_id", "clause_id"),
        sa.Index("ix_obligation_clause_clause", "standard_id", "clause_id"),
    )


class ObligationChange(Base):
    """A change of the law: from when on, and what is different. Every clause it touches must be looked at."""

    __tablename__ = "obligation_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(sa.ForeignKey("obligation.id"), index=True)
    applies_on: Mapped[dt.date]
    words: Mapped[str] = mapped_column(sa.Text)
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)


class ReviewOutcome(StrEnum):
    """How a periodic review of a standard must end (mission.md 49)."""

    KEEP = "keep"
    REVISE = "revise"
    RETIRE = "retire"


class StandardReview(Base):
    """One periodic review of a standard; the next begins when it is decided. An outcome always has a reason."""

    __tablename__ = "standard_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    due_on: Mapped[dt.date]
    opened_at: Mapped[dt.datetime] = mapped_column(Instant)
    outcome: Mapped[ReviewOutcome | None] = mapped_column(EnumText(ReviewOutcome))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    standard: Mapped[Standard] = relationship(lazy="joined")

    __table_args__ = (
        # one open review a standard: two workers cannot begin the same one
        sa.Index(
            "uq_standard_review_open",
            "standard_id",
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        ),
    )
