"""Owns addresses of this site: the same page in the other language, and where a form may send the reader back."""

from urllib.parse import urlencode, urlsplit

from flask import request


def same_page(**changes: str) -> str:
    """Returns the address of the page shown with some query values changed; the rest is kept in order."""
    pairs = [(key, value) for key, value in request.args.items(multi=True) if key not in changes]
    return f"{request.path}?{urlencode([*pairs, *changes.items()])}"


def here() -> str:
    """Returns the path and query of the page shown, for a form that comes back to it."""
    query = request.query_string.decode("ascii", "replace")
    return f"{request.path}?{query}" if query else request.path


def safe_place(wished: str | None, otherwise: str) -> str:
    """Returns the wished place when it is a path of this site, else `otherwise`.

    Refuses what a browser may read as another host: `//host`, a backslash, a control character, a scheme.
    """
    if not wished or not wished.startswith("/") or wished.startswith("//"):
        return otherwise
    if "\\" in wished or any(ord(character) < 33 or ord(character) == 127 for character in wished):
        return otherwise
    parts = urlsplit(wished)
    return otherwise if parts.scheme or parts.netloc else wished
