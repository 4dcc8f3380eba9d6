"""Owns the secret tokens of connectors: a file of the data folder that only its owner reads (ADR 12). Never in the database.

A token belongs to one connector and one address: whoever changes the address of a connector cannot have it
sent elsewhere.
"""

from pathlib import Path

from app.core.secret_files import SecretTable

FILE = "connector-tokens.json"


def token_of(folder: Path, name: str, base_url: str) -> str | None:
    """Returns the token kept for a connector and this address; None when there is none. Raises Refused as `SecretTable`."""
    kept = _table(folder).row(name)
    if kept is None or kept["base_url"] != base_url:
        return None
    return kept["token"] or None


def keep(folder: Path, name: str, base_url: str, token: str) -> None:
    """Keeps the token of a connector for this address in place of the one before. Raises Refused as `SecretTable`."""
    _table(folder).keep(name, {"base_url": base_url, "token": token})


def _table(folder: Path) -> SecretTable:
    return SecretTable(folder / FILE, frozenset({"base_url", "token"}))
