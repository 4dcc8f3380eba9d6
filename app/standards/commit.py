"""Owns what a commit of the store says: who, when, what it builds on, its trailers. Pure."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

_TRAILER = re.compile(r"([A-Z][A-Za-z0-9]*(?:-[A-Z0-9][A-Za-z0-9]*)+): ([0-9A-Za-z./-]*)")
_AUTHOR = re.compile(r"author (\S+) <[^>]*> (\d+) [+-]\d{4}")


@dataclass(frozen=True)
class Commit:
    """One commit as read back: `at` in UTC, `trailers` by name, an unknown author as it stands there."""

    id: str
    parents: tuple[str, ...]
    author_subject: str
    at: dt.datetime
    message: str
    trailers: Mapping[str, str]


def parse_commit(commit: str, text: str) -> Commit:
    """Returns the commit that Git's text of it describes."""
    head, _, message = text.partition("\n\n")
    lines = head.split("\n")
    author = next((found for line in lines if (found := _AUTHOR.fullmatch(line))), None)
    return Commit(
        id=commit,
        parents=tuple(line.removeprefix("parent ") for line in lines if line.startswith("parent ")),
        author_subject=author[1] if author else "",
        at=dt.datetime.fromtimestamp(int(author[2]) if author else 0, dt.UTC),
        message=message,
        trailers={found[1]: found[2] for line in message.split("\n") if (found := _TRAILER.fullmatch(line))},
    )
