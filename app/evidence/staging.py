"""Owns where masked rows wait between being read and being stored: on disk, so that a long file needs little memory.

Holds masked rows, with their originals sealed where these are kept, in a temporary database that vanishes
with the import. Decides which of several rows of one ticket is the newest, so the order of pages does not
matter.
"""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
CACHE_KIB = 8 * 1024
_BATCH = 1_000
_MOMENTS = ("created_at", "first_reply_at", "resolved_at", "updated_at", "at")
_DAYS = ("created_on", "starts_on", "ends_on")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row that waits: what identifies it, its hash, when it last changed (None: not known), and its masked text."""

    external_id: str
    row_hash: str
    updated_at: dt.datetime | None
    written: str
    sealed: str | None = None  # the unmasked original, sealed; None where none is kept

    def row(self) -> Row:
        """Returns the row as the table takes it."""
        made: Row = json.loads(self.written)
        for name in _MOMENTS:
            if made.get(name):
                made[name] = dt.datetime.fromisoformat(made[name])
        for name in _DAYS:
            if made.get(name):
                made[name] = dt.date.fromisoformat(made[name])
        made["row_hash"] = self.row_hash
        return made


class Staging:
    """Rows of one import, `put` one by one and given back once each, the newest of every id."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        for setting in (f"cache_size=-{CACHE_KIB}", "journal_mode=OFF", "synchronous=OFF", "temp_store=FILE"):
            self._database.execute(f"PRAGMA {setting}")
        self._database.execute(
            "CREATE TABLE row (id TEXT, age TEXT, hash TEXT, updated_at TEXT, written TEXT, sealed TEXT, PRIMARY KEY (id))"
            " WITHOUT ROWID"
        )
        self._database.execute("BEGIN")
        self._batch: list[tuple[str, str, str, str | None, str, str | None]] = []
        self.put_count = 0

    def put(
        self,
        external_id: str,
        age: dt.datetime,
        updated_at: dt.datetime | None,
        row_hash: str,
        written: str,
        sealed: str | None = None,
    ) -> None:
        """Keeps a row unless a newer one of the same id is there; of two equally new the larger hash wins."""
        order = f"{age.timestamp():020.6f}{row_hash}"
        moment = None if updated_at is None else updated_at.isoformat()
        self._batch.append((external_id, order, row_hash, moment, written, sealed))
        self.put_count += 1
        if len(self._batch) >= _BATCH:
            self._write()

    def __len__(self) -> int:
        self._write()
        return int(self._database.execute("SELECT count(*) FROM row").fetchone()[0])

    def chunks(self, size: int) -> Iterator[list[Waiting]]:
        """Yields the rows in the order of their ids, `size` at a time."""
        self._write()
        cursor = self._database.execute("SELECT id, hash, updated_at, written, sealed FROM row ORDER BY id")
        while rows := cursor.fetchmany(size):
            yield [
                Waiting(
                    name,
                    digest,
                    None if moment is None else dt.datetime.fromisoformat(moment),
                    written,
                    sealed,
                )
                for name, digest, moment, written, sealed in rows
            ]

    def close(self) -> None:
        """Lets go of everything."""
        self._database.close()

    def _write(self) -> None:
        self._database.executemany(
            "INSERT INTO row VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET age = excluded.age, hash = excluded.hash,"
            " updated_at = excluded.updated_at, written = excluded.written, sealed = excluded.sealed WHERE excluded.age > row.age",
            self._batch,
        )
        self._batch.clear()
