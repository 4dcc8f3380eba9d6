"""Owns how notices are read together: several unread ones of one kind on one thing are one line with their count."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.notices.models import Notice
from app.notices.words import notice_words

SUGGESTIONS = "/e/suggestions"
# kind -> (params that name the thing, kind that says how many, where the line leads; empty: where the newest one does)
COLLECTED = {
    "suggestion": (("clause",), "suggestions", SUGGESTIONS),
    "thread_note": (("number", "clause"), "thread_notes", ""),
}


@dataclass(frozen=True)
class Line:
    """One line of news: the newest of its `notices` stands first."""

    notices: tuple[Notice, ...]
    words: str
    url: str

    @property
    def newest(self) -> Notice:
        """Returns the newest notice of the line."""
        return self.notices[0]


def collected(rows: Iterable[Notice]) -> list[Line]:
    """Returns the lines for these notices, each where its first notice stood; read ones stay lines of their own.

    Words are in the reader's language. Raises KeyError for a kind without words.
    """
    together: dict[object, list[Notice]] = {}
    for row in rows:
        names, _many, _url = COLLECTED.get(row.kind, ((), "", ""))
        is_alone = row.read_at is not None or not names
        key = row.id if is_alone else (row.kind, *(row.params.get(name) for name in names))
        together.setdefault(key, []).append(row)
    return [_line(found) for found in together.values()]


def _line(found: list[Notice]) -> Line:
    newest = max(found, key=lambda row: row.id)
    rows = (newest, *(row for row in found if row is not newest))
    if len(rows) == 1:
        return Line(rows, notice_words(newest.kind, newest.params), newest.url)
    _names, many, url = COLLECTED[newest.kind]
    words = notice_words(many, {**newest.params, "count": len(rows)})
    return Line(rows, words, url or newest.url)
