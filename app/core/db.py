"""Owns the database handle, its settings and column types. Knows no table of any room."""

import contextvars
import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

# A GET must not take SQLite's single writer lock; everything else must take it at its beginning, because
# a deferred read-then-write fails at once with SQLITE_BUSY_SNAPSHOT instead of waiting.
_reading_only: contextvars.ContextVar[bool] = contextvars.ContextVar("reading_only", default=False)


class Base(DeclarativeBase):
    """The plain declarative base of every model."""

    metadata = sa.MetaData(naming_convention=NAMING)


db: SQLAlchemy = SQLAlchemy(model_class=Base)


class Instant(TypeDecorator[dt.datetime]):
    """A moment, kept as UTC microseconds since 1970 so that no database can drop its zone."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return round(value.timestamp() * 1_000_000)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=int(value))


class EnumText(TypeDecorator[StrEnum]):
    """A string enum, kept as its text value without a length limit."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: StrEnum | str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else str(self.enum(value))

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> StrEnum | None:
        return None if value is None else self.enum(value)


@event.listens_for(Engine, "connect")
def _settings_of_a_connection(connection: Any, record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if _reading_only.get() else "BEGIN IMMEDIATE")


@contextmanager
def reading_only() -> Iterator[None]:
    """Marks the code inside as reading: its transactions do not take SQLite's writer lock."""
    token = _reading_only.set(True)
    try:
        yield
    finally:
        _reading_only.reset(token)


def set_reading_only(value: bool) -> None:
    """Sets the mark of `reading_only` for the rest of this context (one request)."""
    _reading_only.set(value)


def commit() -> None:
    """Ends the caller's transaction and keeps it."""
    db.session.commit()


def rollback() -> None:
    """Ends the caller's transaction and drops it."""
    db.session.rollback()


@contextmanager
def transaction() -> Iterator[None]:
    """Keeps everything done inside, or nothing: commits at the end, rolls back and re-raises on any error."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
