"""Owns the tables of notices: a stored record first, an e-mail or a message to a group second."""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, EnumText, Instant
from app.notices.chat import ChatKind


class Notice(Base):
    """Something a person was told. `kind` and `params` make the words in the reader's language.

    `key` makes telling twice the same as telling once. `is_urgent` ones are mailed at once, others in the digest.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(sa.Text)
    params: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    url: Mapped[str] = mapped_column(sa.Text)
    key: Mapped[str] = mapped_column(sa.Text, unique=True)
    is_urgent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    read_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    __table_args__ = (sa.Index("ix_notice_person", "person_id", "created_at"),)


class MailState(StrEnum):
    """How far a mail is."""

    WAITING = "waiting"
    SENDING = "sending"  # handed to the server; after a crash nobody knows, a person decides
    SENT = "sent"
    FAILED = "failed"


class OutgoingMail(Base):
    """A mail to be sent, made in the transaction of its cause; claimed one at a time so that none is doubled."""

    __tablename__ = "outgoing_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(sa.Text)
    subject: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)
    key: Mapped[str] = mapped_column(sa.Text, unique=True)
    state: Mapped[MailState] = mapped_column(EnumText(MailState), default=MailState.WAITING)
    failure: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    sent_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class GroupRobot(Base):
    """A robot that speaks in a group of a chat service. Its address and secret are never here, see `robot_secrets`.

    `host` is what of the address may be shown. `topics` are the kinds of news the group is told.
    """

    __tablename__ = "group_robot"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ChatKind] = mapped_column(EnumText(ChatKind))
    name: Mapped[str] = mapped_column(sa.Text)
    host: Mapped[str] = mapped_column(sa.Text)
    topics: Mapped[list[str]] = mapped_column(sa.JSON)
    language: Mapped[str] = mapped_column(sa.Text)
    is_on: Mapped[bool] = mapped_column(default=True)
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)


class RobotMessage(Base):
    """A message to a group, made in the transaction of its cause; `kind` and `params` make the words when it is sent.

    `key` makes telling twice the same as telling once; `code` is what the service answered, None without an answer.
    """

    __tablename__ = "robot_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    robot_id: Mapped[int] = mapped_column(sa.ForeignKey("group_robot.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.Text)
    params: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    url: Mapped[str] = mapped_column(sa.Text)
    key: Mapped[str] = mapped_column(sa.Text, unique=True)
    state: Mapped[MailState] = mapped_column(EnumText(MailState), default=MailState.WAITING)
    failure: Mapped[str] = mapped_column(sa.Text, default="")
    code: Mapped[int | None]
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    sent_at: Mapped[dt.datetime | None] = mapped_column(Instant)
