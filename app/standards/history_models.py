"""Owns the tables of histories brought in from elsewhere: the history, and the texts a standard had in it.

Nothing here was ever published by this house: no rule of what binds, is signed or sealed reads these rows (ADR 15).
"""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, EnumText, Instant
from app.standards.models import Standard

UNLISTED = 0
"""The position of a text whose commit a longer history lists for its document no more."""


class ImportedHistory(Base):
    """One history, named by its first commit whatever its file is called. `salt` makes its authors' pseudonyms."""

    __tablename__ = "imported_history"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.Text, unique=True)
    source_name: Mapped[str] = mapped_column(sa.Text)  # the newest file's name
    tip: Mapped[str] = mapped_column(sa.Text)  # the newest commit read, as it is called there
    commit_count: Mapped[int]
    salt: Mapped[str] = mapped_column(sa.Text)
    imported_at: Mapped[dt.datetime] = mapped_column(Instant)


class EarlierState(StrEnum):
    """What a commit left of a document."""

    TEXT = "text"
    GONE = "gone"  # it took the document away; a later one brought it back
    UNREADABLE = "unreadable"  # bytes that are no text, or a text without a clause


class EarlierText(Base):
    """The text of a standard after one commit elsewhere. `number` never changes; `position` is the reading order from 1, or UNLISTED.

    `text` is in the house's own format with clause ids, empty unless `state` is text. `changes` lists
    `[clause id, new | changed | retired, the clause it was split from or merged into or nothing]` against the
    text before.
    """

    __tablename__ = "earlier_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    history_id: Mapped[int] = mapped_column(sa.ForeignKey("imported_history.id"), index=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"))
    number: Mapped[int]
    position: Mapped[int]
    source_commit: Mapped[str] = mapped_column(sa.Text)
    path: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(Instant)
    author_subject: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[EarlierState] = mapped_column(EnumText(EarlierState))
    why: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)  # key and values of an unreadable one
    text: Mapped[str] = mapped_column(sa.Text, default="")
    changes: Mapped[list[list[str]]] = mapped_column(sa.JSON, default=list)

    standard: Mapped[Standard] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("standard_id", "number"),
        sa.UniqueConstraint("standard_id", "source_commit"),
    )
