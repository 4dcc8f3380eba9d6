"""Owns the tables of publishing: the plan of a publication and the effect expected of it."""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, EnumText, Instant


class TrainingVerdict(StrEnum):
    """What a change asks of the people who must follow it; decided before publishing."""

    READING = "reading"  # read and acknowledge what changed
    COURSE = "course"  # reading and a course with a test
    NONE = "none"  # nothing, with a reason


class PublicationPlan(Base):
    """How a revision is to be published. `op_key` names one attempt: undoing and scheduling again makes another."""

    __tablename__ = "publication_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), unique=True)
    is_major: Mapped[bool] = mapped_column(default=False)
    effective_on: Mapped[dt.date]
    transition_days: Mapped[int] = mapped_column(default=0)
    training_verdict: Mapped[TrainingVerdict | None] = mapped_column(EnumText(TrainingVerdict))
    training_note: Mapped[str] = mapped_column(sa.Text, default="")
    notice_waiver: Mapped[str] = mapped_column(sa.Text, default="")  # why fewer notice days
    language_waiver: Mapped[str] = mapped_column(sa.Text, default="")  # why one language lags
    hypothesis_waiver: Mapped[str] = mapped_column(sa.Text, default="")  # why no effect can be expected
    customer_notice_zh: Mapped[str] = mapped_column(sa.Text, default="")
    customer_notice_en: Mapped[str] = mapped_column(sa.Text, default="")
    notice_edited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    notice_edited_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    notice_approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    notice_approved_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # of the texts as they are
    staff_notice_zh: Mapped[str] = mapped_column(sa.Text, default="")
    staff_notice_en: Mapped[str] = mapped_column(sa.Text, default="")
    outputs: Mapped[dict[str, Any]] = mapped_column(
        sa.JSON, default=dict
    )  # {output: reason it is not needed}
    op_key: Mapped[str | None] = mapped_column(sa.Text)
    text_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("text_version.id"))
    scheduled_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    scheduled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    publication_id: Mapped[int | None] = mapped_column(sa.ForeignKey("publication.id"))
    approval_due: Mapped[dt.date | None]  # an emergency's later approval by a second person
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    approved_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    failure: Mapped[str] = mapped_column(
        sa.Text, default=""
    )  # why the job could not publish, as a reason key


class Direction(StrEnum):
    """Which way the kept share is expected to go."""

    UP = "up"
    DOWN = "down"


class Hypothesis(Base):
    """The effect expected of a revision, registered before it is published and never changed afterwards."""

    __tablename__ = "hypothesis"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), unique=True)
    clause_id: Mapped[str] = mapped_column(sa.Text)
    measure: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    direction: Mapped[Direction] = mapped_column(EnumText(Direction))
    smallest_change_points: Mapped[int]  # percentage points of the kept share that are worth having
    statement: Mapped[str] = mapped_column(sa.Text)
    registered_at: Mapped[dt.datetime] = mapped_column(Instant)
    registered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    record_commit: Mapped[str | None] = mapped_column(sa.Text)
