"""Owns the tables of training: assignments, what was acknowledged, questions and the tries at them."""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, EnumText, Instant
from app.training.reminding import Reminder


class AssignmentState(StrEnum):
    """Where an assignment stands."""

    OPEN = "open"
    DONE = "done"
    OVERTAKEN = "overtaken"  # a newer assignment of the same standard asks for it
    LAPSED = "lapsed"  # the person left, or no role of theirs follows the standard any more


class Cause(StrEnum):
    """Why somebody was asked."""

    PUBLISHED = "published"  # a publication changed something for them: counts in its coverage
    JOINED = "joined"  # they joined or got a new role: nobody's coverage, their own deadline


class Assignment(Base):
    """A person is asked to read and acknowledge what a publication changed for them. Done is never taken back.

    For somebody who joined, `publication_id` is the newest one of the standard and all of its text is asked.
    """

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"))
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publication.id"), index=True)
    state: Mapped[AssignmentState] = mapped_column(EnumText(AssignmentState), default=AssignmentState.OPEN)
    asked_at: Mapped[dt.datetime] = mapped_column(Instant)
    due_at: Mapped[dt.datetime] = mapped_column(Instant)
    done_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    is_late: Mapped[bool] = mapped_column(default=False)
    reminded_on: Mapped[dt.date | None]  # by a lead or by the clock, whoever was last
    cause: Mapped[Cause] = mapped_column(EnumText(Cause), default=Cause.PUBLISHED)
    last_reminder: Mapped[Reminder | None] = mapped_column(EnumText(Reminder))

    # One open assignment at a time: whoever gets a further role may be asked again for a publication they have read.
    __table_args__ = (
        sa.Index(
            "ix_assignment_one_open",
            "person_id",
            "publication_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index("ix_assignment_open", "person_id", "state"),
        sa.Index("ix_assignment_due", "state", "due_at"),
    )


class AcknowledgedClause(Base):
    """A person read and understood one text of one clause. `pair` is the text's name, see `deltas.names`."""

    __tablename__ = "acknowledged_clause"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), primary_key=True)
    clause_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    pair: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    assignment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("assignment.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)


class Question(Base):
    """A scenario question on one text of one clause; it goes stale when the clause changes."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"))
    clause_id: Mapped[str] = mapped_column(sa.Text)
    clause_hash: Mapped[str] = mapped_column(sa.Text)
    zh: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # {question, options, why}
    en: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    right: Mapped[int]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(Instant)

    __table_args__ = (sa.Index("ix_question_clause", "standard_id", "clause_id", "clause_hash"),)


class Try(Base):
    """An answer to a question; wrong ones are kept without shaming anybody."""

    __tablename__ = "question_try"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"), index=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    chosen: Mapped[int]
    is_right: Mapped[bool]
    at: Mapped[dt.datetime] = mapped_column(Instant)


class StaffQuestion(Base):
    """Something a reader does not understand; the assignment stays open until it is acknowledged."""

    __tablename__ = "staff_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"), index=True)
    clause_id: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)
    asked_at: Mapped[dt.datetime] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[dt.datetime | None] = mapped_column(Instant)
