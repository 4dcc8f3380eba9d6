"""Owns the tables of the archive: effects computed, dossiers sealed, anchors of the activity log."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Instant


class EffectEvaluation(Base):
    """What a revision changed, computed so many days after it took effect; rates as counts, never as floats."""

    __tablename__ = "effect_evaluation"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    days: Mapped[int]
    computed_at: Mapped[dt.datetime] = mapped_column(Instant)
    before_starts: Mapped[dt.date]
    before_ends: Mapped[dt.date]
    after_starts: Mapped[dt.date]
    after_ends: Mapped[dt.date]
    before_kept: Mapped[int]
    before_count: Mapped[int]
    after_kept: Mapped[int]
    after_count: Mapped[int]
    verdict: Mapped[str] = mapped_column(sa.Text)

    __table_args__ = (sa.UniqueConstraint("revision_id", "days"),)


class Dossier(Base):
    """The sealed dossier of a revision. The file lies in the data folder; its hashes stand in the store's records."""

    __tablename__ = "dossier"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), unique=True)
    sealed_at: Mapped[dt.datetime] = mapped_column(Instant)
    sealed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    keep: Mapped[str] = mapped_column(sa.Text, default="")  # lessons: what to keep
    change: Mapped[str] = mapped_column(sa.Text, default="")  # lessons: what to do otherwise
    gaps: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    files: Mapped[dict[str, str] | None] = mapped_column(sa.JSON)  # {name in the archive: sha256}
    sha256: Mapped[str | None] = mapped_column(sa.Text)  # of the archive
    record_commit: Mapped[str | None] = mapped_column(sa.Text)
    content: Mapped[dict[str, Any] | None] = mapped_column(
        sa.JSON
    )  # the summary as it was when it was sealed


class Anchor(Base):
    """A stretch of the activity log that stands in the store's records, so that nobody can rewrite it unseen."""

    __tablename__ = "anchor"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_seq: Mapped[int] = mapped_column(sa.BigInteger)
    last_seq: Mapped[int] = mapped_column(sa.BigInteger, unique=True)
    head_hash: Mapped[str] = mapped_column(sa.Text)
    segment_sha256: Mapped[str] = mapped_column(sa.Text)
    commit_id: Mapped[str | None] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(Instant)
