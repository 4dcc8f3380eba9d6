"""Owns secrets that stand in a file of their own, readable by their owner only. Knows none of them."""

import contextlib
import fcntl
import json
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import Refused


def kept_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """Returns the secret of a file, without the white space around it; one that is not there is made once, mode 0600.

    Of several processes that begin at once, all return the one secret that is kept.
    """
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes().strip()
    handle, made = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.name}-"
    )  # for its owner from its first byte on
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(make())
        with contextlib.suppress(FileExistsError):
            os.link(made, path)  # whole or not at all: nobody reads half a secret
    finally:
        os.unlink(made)
    return path.read_bytes().strip()


@dataclass(frozen=True)
class SecretTable:
    """A file of several secrets, mode 0600: a row of texts by name, each row with the same `fields`.

    A secret stands here and never in the database, so that neither a backup of tables nor a query shows it (ADR 12).
    """

    path: Path
    fields: frozenset[str]

    def row(self, name: str) -> dict[str, str] | None:
        """Returns what is kept under a name; None when nothing is. A file that is not there keeps nothing.

        Raises Refused: `secrets.open` for a file that others may read, `secrets.broken` for one that is none of ours.
        """
        return self._read().get(name)

    def keep(self, name: str, row: dict[str, str]) -> None:
        """Keeps a row under a name in place of the one before. Raises Refused as `row`, ValueError for other fields."""
        if row.keys() != self.fields:
            raise ValueError("other fields")
        with self._locked():
            self._write(self._read() | {name: row})

    def forget(self, name: str) -> None:
        """Forgets what is kept under a name; nothing kept is nothing forgotten. Raises Refused as `row`."""
        with self._locked():
            rows = self._read()
            if rows.pop(name, None) is not None:
                self._write(rows)

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            with self.path.open(encoding="utf-8") as stream:
                if stat.S_IMODE(os.fstat(stream.fileno()).st_mode) & 0o077:
                    raise Refused("secrets.open", file=self.path.name)
                found = json.load(stream)
        except FileNotFoundError:
            return {}
        except ValueError:
            raise Refused("secrets.broken", file=self.path.name) from None
        if not isinstance(found, dict) or not all(map(self._is_row, found.values())):
            raise Refused("secrets.broken", file=self.path.name)
        return found

    def _is_row(self, row: object) -> bool:
        return (
            isinstance(row, dict)
            and row.keys() == self.fields
            and all(isinstance(text, str) for text in row.values())
        )

    def _write(self, rows: dict[str, dict[str, str]]) -> None:
        # made by mkstemp: for its owner from its first byte on
        handle, made = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(rows, stream, indent=1)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(made, self.path)
        except BaseException:
            os.unlink(made)
            raise

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        # The folder is locked, not the file: the file is replaced, and a lock on what is replaced locks nobody out.
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
