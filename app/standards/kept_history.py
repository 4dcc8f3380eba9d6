"""Owns the form in which imported texts are handed to the store: one stream for a whole chain. Pure; writes nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.standards.git import SERVICE_EMAIL, SERVICE_NAME
from app.standards.store_names import checked_foreign_id, checked_path, checked_subject


@dataclass(frozen=True)
class KeptText:
    """One text of a chain: `text` None where the document was not there. `source_commit` is its name elsewhere."""

    source_commit: str
    at: dt.datetime
    author_subject: str
    path: str
    text: str | None


def as_stream(ref: str, texts: Sequence[KeptText]) -> bytes:
    """Returns the stream of the chain; the same texts give the same bytes, and so the same commits.

    No word of a user stands in a message: only the commit's name elsewhere. Moments before 1970 become 1970.
    """
    lines = [b"feature done\nreset %s\n\n" % ref.encode()]
    for text in texts:
        moment = f"{max(0, int(text.at.timestamp()))} +0000"
        author = checked_subject(text.author_subject)
        message = f"Earlier text\n\nSource-Commit: {checked_foreign_id(text.source_commit)}\n"
        lines.append(
            f"commit {ref}\nauthor {author} <{author}@people.invalid> {moment}\n"
            f"committer {SERVICE_NAME} <{SERVICE_EMAIL}> {moment}\n".encode()
        )
        lines.append(_data(message))
        path = checked_path(text.path)
        if text.text is None:
            lines.append(f"D {path}\n\n".encode())
        else:
            lines += [f"M 100644 inline {path}\n".encode(), _data(text.text), b"\n"]
    return b"".join([*lines, b"done\n"])


def _data(text: str) -> bytes:
    data = text.encode()
    return b"data %d\n%s\n" % (len(data), data)
