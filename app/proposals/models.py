"""Owns the tables of proposals: the scoring of a revision, its cards, the rank, whom it owes, and the weights."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, EnumText, Instant
from app.proposals.scoring import Card, Question, Skip


class Scoring(Base):
    """The scoring of one revision by the panel. `due_on` is the last day for cards; closed when the rank is confirmed."""

    __tablename__ = "scoring"

    revision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("revision.id"), primary_key=True, autoincrement=False
    )
    opened_at: Mapped[dt.datetime] = mapped_column(Instant)
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    due_on: Mapped[dt.date]
    closed_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class ScoreCard(Base):
    """One assessor's card on one revision, sent once. `skip` says why there are no answers.

    `department` is the assessor's at the time; `is_own_department` flags a card on a proposal out of it.
    """

    __tablename__ = "score_card"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    assessor_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    department: Mapped[str] = mapped_column(sa.Text)
    skip: Mapped[Skip | None] = mapped_column(EnumText(Skip))
    impact: Mapped[int | None]
    cost: Mapped[int | None]
    urgency: Mapped[int | None]
    reasons: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    is_own_department: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[dt.datetime] = mapped_column(Instant)

    __table_args__ = (sa.UniqueConstraint("revision_id", "assessor_id"),)

    def as_card(self) -> Card:
        """Returns the card as the arithmetic reads it. Raises ValueError for a skipped one."""
        if self.impact is None or self.cost is None or self.urgency is None:
            raise ValueError("a skipped card has no answers")
        reasons = {Question(key): words for key, words in self.reasons.items()}
        return Card(str(self.assessor_id), self.department, self.impact, self.cost, self.urgency, reasons)


class RankDecision(Base):
    """The rank the chair confirmed, beside the computed one. An override keeps its reason for ever; the newest counts."""

    __tablename__ = "rank_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    rank: Mapped[int]
    computed_rank: Mapped[int | None]
    best: Mapped[int | None]
    worst: Mapped[int | None]
    of_count: Mapped[int]  # how many proposals were ranked together
    score: Mapped[float | None]
    weights: Mapped[dict[str, float]] = mapped_column(sa.JSON)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    quorum_note: Mapped[str] = mapped_column(sa.Text, default="")  # why the chair went on without a quorum
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)

    @property
    def is_override(self) -> bool:
        """Tells whether the chair set another rank than the cards gave."""
        return self.rank != self.computed_rank


class ScoreWeights(Base):
    """How much each question counts, from `at` on; the newest row counts, 0.4, 0.4, 0.2 before the first."""

    __tablename__ = "score_weights"

    id: Mapped[int] = mapped_column(primary_key=True)
    impact: Mapped[float]
    urgency: Mapped[float]
    cost: Mapped[float]
    reason: Mapped[str] = mapped_column(sa.Text)
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)


class CreditKind(StrEnum):
    """What a revision owes somebody."""

    MERGED_PROPOSAL = "merged_proposal"  # an own proposal went into this one
    EVIDENCE = "evidence"  # gave evidence to it instead of opening a duplicate


class Credit(Base):
    """A person a revision owes something to; shown in the dossier and counted for the award."""

    __tablename__ = "credit"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[CreditKind] = mapped_column(EnumText(CreditKind))
    from_revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revision.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)

    __table_args__ = (sa.UniqueConstraint("revision_id", "person_id", "kind"),)
