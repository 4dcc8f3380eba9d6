"""Owns the HTML of texts: made once for each text hash, kept at publication. Reading a page writes nothing."""

import hashlib
from collections.abc import Iterable

import sqlalchemy as sa
from markupsafe import Markup

from app.core import markup
from app.core.db import db
from app.core.errors import FieldError, Invalid
from app.standards.models import RenderedText

# Part of the key: a change of what `core/markup.py` makes of a text raises it, and all rows are made anew.
RENDERER = "1"


def text_hash(text: str) -> str:
    """Returns the key of a text: the sha256 of its UTF-8 bytes, as hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def must_render(text: str, field: str) -> None:
    """Returns when a page can show the text; asked before a text is kept, because every later page would fail.

    Raises TooLarge, and Invalid on the field, as `core/markup.py` does: too deeply nested, too complex.
    """
    try:
        markup.render(text)
    except Invalid as refused:
        raise Invalid([FieldError(field, e.reason, e.line) for e in refused.errors]) from refused


def rendered(texts: Iterable[str]) -> dict[str, Markup]:
    """Returns `{text: HTML}`, ready for a page, in one query; a text that is not kept yet is rendered on the spot.

    Writes nothing, so a page may ask while it is read. An empty text gives an empty string.
    """
    wanted = {text_hash(text): text for text in texts if text}
    kept: dict[str, str] = {}
    if wanted:
        rows = db.session.execute(
            sa.select(RenderedText.text_sha256, RenderedText.html).where(
                RenderedText.text_sha256.in_(wanted), RenderedText.renderer == RENDERER
            )
        )
        kept = dict(rows.all())
    # What is kept went through the allow-list of `core/markup.py` before it was stored.
    made = {text: Markup(kept.get(key) or markup.render(text)) for key, text in wanted.items()}  # noqa: S704
    return {"": Markup(""), **made}


def store_rendered(texts: Iterable[str]) -> int:
    """Keeps the HTML of the texts and returns how many were new; called where a text is published.

    The caller commits. Doing it again changes nothing.
    """
    wanted = {text_hash(text): text for text in texts if text}
    known = set(
        db.session.scalars(
            sa.select(RenderedText.text_sha256).where(
                RenderedText.text_sha256.in_(wanted), RenderedText.renderer == RENDERER
            )
        )
    )
    fresh = {key: text for key, text in wanted.items() if key not in known}
    for key, text in fresh.items():
        db.session.add(RenderedText(text_sha256=key, renderer=RENDERER, html=markup.render(text)))
    db.session.flush()
    return len(fresh)
