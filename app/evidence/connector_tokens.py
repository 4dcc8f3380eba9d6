"""Owns the secret tokens of connectors: a file of the data folder that only its owner reads (ADR 12). Never in the database.

A token belongs to one connector and one address: whoever changes the address of a connector cannot have it sent elsewhere.
"""

import json
import os
import stat
import tempfile
from pathlib import Path

from app.core.errors import Refused

FILE = "connector-tokens.json"


def token_of(folder: Path, name: str, base_url: str) -> str | None:
    """Returns the token kept for a connector and this address; None when there is none.

    Raises Refused for a file that others may read, or that is none of ours.
    """
    kept = _read(folder / FILE).get(name)
    if kept is None or kept.get("base_url") != base_url:
        return None
    return kept.get("token") or None


def keep(folder: Path, name: str, base_url: str, token: str) -> None:
    """Keeps the token of a connector for this address in place of the one before. Raises Refused as `token_of`."""
    path = folder / FILE
    kept = _read(path)
    kept[name] = {"base_url": base_url, "token": token}
    # made by mkstemp: readable by its owner from its first byte on
    handle, made = tempfile.mkstemp(dir=folder, prefix=".connector-tokens-")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(kept, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(made, path)


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        with path.open(encoding="utf-8") as stream:
            if stat.S_IMODE(os.fstat(stream.fileno()).st_mode) & 0o077:
                raise Refused("connector.tokens_open", file=FILE)
            found = json.load(stream)
    except FileNotFoundError:
        return {}
    except ValueError:
        raise Refused("connector.tokens_broken", file=FILE) from None
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise Refused("connector.tokens_broken", file=FILE)
    return found
