"""Owns the tables of pilots: the plan fixed before the start, the results computed, the conclusion."""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, EnumText, Instant


class PilotState(StrEnum):
    """Where a pilot stands."""

    PLANNED = "planned"  # may still be changed
    RUNNING = "running"
    ENDED = "ended"


class Pilot(Base):
    """A pilot of a revision. The plan is fixed when it starts and its hash stands in the store's records.

    Scopes are `{"region": [...], "channel": [...], "customer_group": [...]}`; an empty list is everywhere.
    `guards` are measures that must not get worse. `texts` is {clause id: {hash, heading_zh, body_zh, ...}}.
    """

    __tablename__ = "pilot"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    state: Mapped[PilotState] = mapped_column(EnumText(PilotState), default=PilotState.PLANNED)
    question: Mapped[str] = mapped_column(sa.Text)
    clause_id: Mapped[str] = mapped_column(sa.Text)
    measure: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    smallest_change_points: Mapped[int]
    guards: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    pilot_scope: Mapped[dict[str, list[str]]] = mapped_column(sa.JSON)
    comparison_scope: Mapped[dict[str, list[str]]] = mapped_column(sa.JSON)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    harm_points: Mapped[int] = mapped_column(
        default=10
    )  # a worsening of a guard by so much may stop it early
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    text_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("text_version.id"))
    texts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    plan_sha256: Mapped[str | None] = mapped_column(sa.Text)
    record_commit: Mapped[str | None] = mapped_column(sa.Text)
    started_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    recommendation: Mapped[str | None] = mapped_column(
        sa.Text
    )  # adopt, amend, stop: what the pilot lead proposes
    recommendation_note: Mapped[str] = mapped_column(sa.Text, default="")
    recommended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    conclusion: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)


class PilotResult(Base):
    """What was computed on one day; the last one before the end is the result. `numbers` opens to its rows."""

    __tablename__ = "pilot_result"

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot.id"), index=True)
    computed_at: Mapped[dt.datetime] = mapped_column(Instant)
    until: Mapped[dt.date]
    is_final: Mapped[bool]
    verdict: Mapped[str] = mapped_column(sa.Text)
    numbers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
