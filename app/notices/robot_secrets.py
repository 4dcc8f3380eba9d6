"""Owns where the addresses and secrets of group robots stand: a file of the data folder that only its owner reads.

A robot's address holds its key, so it is a secret as the signing secret is (ADR 12 says the same of tokens).
"""

from pathlib import Path

from app.core.secret_files import SecretTable

FILE = "chat-robots.json"


def table(folder: Path) -> SecretTable:
    """Returns the table of a data folder: by a robot's id its `address` and its `secret`, empty where it has none."""
    return SecretTable(folder / FILE, frozenset({"address", "secret"}))
