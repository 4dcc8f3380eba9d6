"""Owns the tables of what brings tickets in without a person: scheduled connectors, and tokens of systems that push."""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, EnumText, Instant
from app.evidence.models import TicketImport


class ConnectorKind(StrEnum):
    """Whose interface a connector asks."""

    ZENDESK = "zendesk"  # incremental export of tickets by cursor
    JIRA_CLOUD = "jira_cloud"  # search of Jira Cloud, pages by token
    JIRA_SERVER = "jira_server"  # search of Jira Data Center, pages by number


class ConnectorState(StrEnum):
    """Whether a connector asks by itself."""

    ON = "on"
    PAUSED = "paused"  # a person wants it so
    STOPPED = "stopped"  # it gave up and said why; a person has to look


class Connector(Base):
    """One system that is asked for its tickets by schedule. Its token is never here, see `connector_tokens`.

    `position` is where it goes on, in the words of its source, kept with the rows of the page before it; `page_count`
    counts the pages ever kept, so that of two pulls at once only one goes on. `result` is `{reason, params}`
    of the last pull. `only` narrows the search of a Jira. `failures` counts the tries in a row that brought
    no page.
    """

    __tablename__ = "connector"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.Text, unique=True)
    kind: Mapped[ConnectorKind] = mapped_column(EnumText(ConnectorKind))
    base_url: Mapped[str] = mapped_column(sa.Text)
    account: Mapped[str] = mapped_column(sa.Text, default="")
    only: Mapped[str] = mapped_column(sa.Text, default="")
    mapping: Mapped[str] = mapped_column(sa.Text)
    starts_on: Mapped[dt.date]
    every_minutes: Mapped[int]
    state: Mapped[ConnectorState] = mapped_column(EnumText(ConnectorState), default=ConnectorState.ON)
    position: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    page_count: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    last_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    result: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ticket_import.id"))
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)

    # the newest import that brought something, or the one that goes on
    newest: Mapped[TicketImport | None] = relationship(lazy="joined")


class PushToken(Base):
    """What lets another system send rows of one mapping. Kept as a hash only; whoever made it saw it once.

    `window_count` counts what was sent since `window_at`, for the limit of a minute.
    """

    __tablename__ = "push_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.Text)
    mapping: Mapped[str] = mapped_column(sa.Text)
    token_sha256: Mapped[str] = mapped_column(sa.Text, unique=True)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    last_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    window_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    window_count: Mapped[int] = mapped_column(default=0)
