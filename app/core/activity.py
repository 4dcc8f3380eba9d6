"""Owns the append-only activity log: one chained line for each thing done. Holds no name, mail address or phone."""

import datetime as dt
import hashlib
import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy import DDL, event
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.access import Actor
from app.core.db import Base, Instant, db

FIRST_HASH = "0" * 64

TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER activity_line_no_update BEFORE UPDATE ON activity_line "
        "BEGIN SELECT RAISE(ABORT, 'the activity log is append-only'); END",
        "CREATE TRIGGER activity_line_no_delete BEFORE DELETE ON activity_line "
        "BEGIN SELECT RAISE(ABORT, 'the activity log is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION activity_line_append_only() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION 'the activity log is append-only'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER activity_line_append_only BEFORE UPDATE OR DELETE ON activity_line "
        "FOR EACH ROW EXECUTE FUNCTION activity_line_append_only()",
    ),
}


class ActivityLine(Base):
    """One line of the log. `line` is canonical JSON that names the hash of the line before it."""

    __tablename__ = "activity_line"

    seq: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(Instant, index=True)
    subject: Mapped[str] = mapped_column(sa.Text, index=True)
    verb: Mapped[str] = mapped_column(sa.Text, index=True)
    object_kind: Mapped[str] = mapped_column(sa.Text)
    object_key: Mapped[str] = mapped_column(sa.Text)
    line: Mapped[str] = mapped_column(sa.Text)
    hash: Mapped[str] = mapped_column(sa.Text)

    __table_args__ = (sa.Index("ix_activity_line_object", "object_kind", "object_key"),)

    @property
    def data(self) -> dict[str, Any]:
        """Returns the details of the line; an empty dict when there are none."""
        return dict(json.loads(self.line).get("data", {}))


class ActivityHead(Base):
    """The one row that says where the log ends; locking it gives writers their order."""

    __tablename__ = "activity_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[str] = mapped_column(sa.Text)


for _dialect, _statements in TRIGGERS.items():
    for _statement in _statements:
        event.listen(
            ActivityLine.__table__,
            "after_create",
            DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
        )


def record(actor: Actor, verb: str, object_kind: str, object_key: str | int, **data: object) -> ActivityLine:
    """Appends one line in the caller's transaction and returns it.

    `verb` is a past action such as `clause.saved`; `data` holds plain values without personal data.
    """
    head = db.session.get(ActivityHead, 1, with_for_update=True, populate_existing=True)
    if head is None:
        head = ActivityHead(id=1, seq=0, hash=FIRST_HASH)
        db.session.add(head)
        db.session.flush()
    at = clock.now()
    seq = head.seq + 1
    line = canonical(
        {
            "seq": seq,
            "prev": head.hash,
            "at": at.isoformat(timespec="microseconds"),
            "subject": actor.subject,
            "verb": verb,
            "object": [object_kind, str(object_key)],
            "data": {key: _plain(value) for key, value in data.items()},
        }
    )
    row = ActivityLine(
        seq=seq,
        at=at,
        subject=actor.subject,
        verb=verb,
        object_kind=object_kind,
        object_key=str(object_key),
        line=line,
        hash=hashlib.sha256(line.encode()).hexdigest(),
    )
    db.session.add(row)
    head.seq, head.hash = seq, row.hash
    return row


def canonical(value: object) -> str:
    """Returns the one JSON text of a value: sorted keys, no spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def head() -> tuple[int, str]:
    """Returns the number and hash of the newest line; (0, zeros) for an empty log."""
    row = db.session.get(ActivityHead, 1)
    return (row.seq, row.hash) if row else (0, FIRST_HASH)


def verify_chain() -> list[int]:
    """Returns the numbers of all lines that do not follow from the line before; empty means the log is whole."""
    wrong: list[int] = []
    previous, expected = FIRST_HASH, 1
    for seq, line, digest in db.session.execute(
        sa.select(ActivityLine.seq, ActivityLine.line, ActivityLine.hash).order_by(ActivityLine.seq)
    ):
        content = json.loads(line)
        if (
            seq != expected
            or content["seq"] != seq
            or content["prev"] != previous
            or hashlib.sha256(line.encode()).hexdigest() != digest
        ):
            wrong.append(seq)
        previous, expected = digest, seq + 1
    seq, digest = head()
    if (seq, digest) != (expected - 1, previous):
        wrong.append(seq)
    return wrong


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)
