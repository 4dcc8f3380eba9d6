"""Owns the addresses and secrets of group robots: a file of the data folder that only its owner reads. Never in the database.

A robot's address holds its key, so it is a secret as the signing secret is (ADR 12 says the same of tokens).
"""

import json
import os
import stat
import tempfile
from pathlib import Path

from app.core.errors import Refused

FILE = "chat-robots.json"


def kept(folder: Path, robot_id: int) -> tuple[str, str] | None:
    """Returns the address and the secret of a robot; None when none is kept.

    Raises Refused for a file that others may read, or that is none of ours.
    """
    row = _read(folder / FILE).get(str(robot_id))
    return (row["address"], row["secret"]) if row else None


def keep(folder: Path, robot_id: int, address: str, secret: str) -> None:
    """Keeps the address and the secret of a robot in place of those before. Raises Refused as `kept`."""
    rows = _read(folder / FILE)
    rows[str(robot_id)] = {"address": address, "secret": secret}
    _write(folder, rows)


def forget(folder: Path, robot_id: int) -> None:
    """Forgets what is kept of a robot; nothing kept is nothing forgotten. Raises Refused as `kept`."""
    rows = _read(folder / FILE)
    if rows.pop(str(robot_id), None) is not None:
        _write(folder, rows)


def _write(folder: Path, rows: dict[str, dict[str, str]]) -> None:
    # made by mkstemp: readable by its owner from its first byte on
    handle, made = tempfile.mkstemp(dir=folder, prefix=".chat-robots-")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(rows, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(made, folder / FILE)


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        with path.open(encoding="utf-8") as stream:
            if stat.S_IMODE(os.fstat(stream.fileno()).st_mode) & 0o077:
                raise Refused("robot.file_open", file=FILE)
            found = json.load(stream)
    except FileNotFoundError:
        return {}
    except ValueError:
        raise Refused("robot.file_broken", file=FILE) from None
    if not isinstance(found, dict) or not all(
        isinstance(row, dict) and {"address", "secret"} <= row.keys() for row in found.values()
    ):
        raise Refused("robot.file_broken", file=FILE)
    return found
