"""Owns the tables of notices: a stored record first, an e-mail or a message to a group second."""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, EnumText, Instant
from app.notices.posting import ReceiverKind


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


class Receiver(Base):
    """Something outside that is told news: the robot of a group, or an address of another system.

    Its address and secret are never here, see `receivers.secrets_table`; `host` is what of the address may be
    shown. `topics` are the kinds of news it is told; `language` is the group's, empty for a system.
    """

    __tablename__ = "receiver"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReceiverKind] = mapped_column(EnumText(ReceiverKind))
    name: Mapped[str] = mapped_column(sa.Text)
    host: Mapped[str] = mapped_column(sa.Text)
    topics: Mapped[list[str]] = mapped_column(sa.JSON)
    language: Mapped[str] = mapped_column(sa.Text, default="")
    is_on: Mapped[bool] = mapped_column(default=True)
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)


class Delivery(Base):
    """News for a receiver, made in the transaction of its cause. `kind` is the topic, `params` its values, masked.

    `key` makes telling twice the same as telling once; `code` is what the other side answered, None without an answer.
    """

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    receiver_id: Mapped[int] = mapped_column(sa.ForeignKey("receiver.id"), index=True)
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
