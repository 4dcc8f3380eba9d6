"""Owns the references of one clause to another in the HTML of a text: each becomes a link that leads to the clause.

It does not ask whether the clause is there: a draft that names none is stopped by the text checks (`wording.py`).
"""

import re
from collections.abc import Callable, Iterator

from flask import url_for
from markupsafe import Markup, escape

REFERENCE = re.compile(r"(?<![A-Za-z0-9/-])[A-Z]{1,8}-\d{2,4}-C\d{2,4}(?![A-Za-z0-9-])")
_TAG = re.compile(r"(<[^>]*>)")
_CLOSED = re.compile(r"<(/?)(a|code|pre)\b")


def linked(html: Markup) -> Markup:
    """Returns the HTML of a text with each spoken id (`CS-04-C07`) as a link through the jump page.

    Words inside a link or a code block stay as they are. `html` comes from the allow-list of `core/markup.py`.
    """
    return link_with(html, lambda code: url_for("standards.jump", code=code))


def link_with(html: Markup, address: Callable[[str], str]) -> Markup:
    """Returns the HTML with each spoken id as a link to `address(id)`."""
    if not REFERENCE.search(html):
        return html
    return Markup("".join(_pieces(str(html), address)))  # noqa: S704 - tags pass unchanged, ids are letters and digits


def _pieces(html: str, address: Callable[[str], str]) -> Iterator[str]:
    """Yields the tags as they are, and the words between them with their links."""
    depth = 0
    for piece in _TAG.split(html):
        if piece.startswith("<"):
            closed = _CLOSED.match(piece)
            depth += 0 if closed is None else -1 if closed[1] else 1
            yield piece
        elif depth:
            yield piece
        else:
            yield REFERENCE.sub(lambda m: f'<a class="ref" href="{escape(address(m[0]))}">{m[0]}</a>', piece)
