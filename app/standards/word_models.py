"""Owns the tables of forbidden words: the list of the house, and the reasons for using one all the same."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, EnumText, Instant
from app.standards.house_words import WordScope


class HouseWord(Base):
    """A word that no text may use without a reason. One that is taken off the list stays as a row."""

    __tablename__ = "house_word"

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.Text)
    scope: Mapped[WordScope] = mapped_column(EnumText(WordScope))
    reason: Mapped[str] = mapped_column(sa.Text)
    better: Mapped[str] = mapped_column(sa.Text, default="")
    added_at: Mapped[dt.datetime] = mapped_column(Instant)
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    removed_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class WordUse(Base):
    """Why one clause uses a forbidden word all the same; it holds for the clause's later texts too."""

    __tablename__ = "word_use"

    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"))
    clause_id: Mapped[str] = mapped_column(sa.Text)
    word_id: Mapped[int] = mapped_column(sa.ForeignKey("house_word.id"))
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    reason: Mapped[str] = mapped_column(sa.Text)
    given_at: Mapped[dt.datetime] = mapped_column(Instant)
    given_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    word: Mapped[HouseWord] = relationship()

    __table_args__ = (sa.UniqueConstraint("standard_id", "clause_id", "word_id"),)
