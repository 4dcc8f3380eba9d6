"""Owns what is typed into a whole text until it is saved: the writer's own copy, and what others saved meanwhile.

Saving stands in `whole_text.py`.
"""

import hashlib

import sqlalchemy as sa

from app.core import clock
from app.core.access import Actor
from app.core.db import db
from app.core.errors import Invalid
from app.core.text import clean_text
from app.standards import whole_rows
from app.standards.comparison import redline_of
from app.standards.conflicts import fitted
from app.standards.document import LIMIT_TEXT_BYTES, Document
from app.standards.draft_rows import must_draft
from app.standards.models import DraftCopy, Revision
from app.standards.redline import Segment
from app.standards.whole_reading import is_clean
from app.standards.whole_rows import Rows, read_written, rows_of, written

AUTOSAVE = "autosave"


def mark_of(document: Document) -> str:
    """Returns a mark of the text as it is now; a form carries it to tell that it is stale."""
    return mark_of_text(written(rows_of(document)))


def mark_of_text(text: str) -> str:
    """Returns the mark of a text as `written` makes it."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def keep_typed(
    actor: Actor,
    revision: Revision,
    language: str,
    rows: Rows,
    *,
    seen: str,
    reason: str = "",
    base: str = "",
) -> None:
    """Keeps what somebody is typing as their own copy, one for each person and language; the drafts stay as they are.

    `base` is the text the typing began with, as `written` makes it. Raises what `must_draft` raises and
    Invalid for words that could not be stored.
    """
    must_draft(actor, revision)
    must_fit(rows)
    began = base.replace("\r\n", "\n")
    fields = {
        **rows.to_data(),
        "seen": seen[:16],
        "reason": reason[:2000],
        "base": began if mark_of_text(began) == seen else "",
    }
    copy = typed_before(actor, revision, language)
    if copy is None:
        copy = DraftCopy(
            revision_id=revision.id, clause_id=_name(language), fields=fields, why=AUTOSAVE, kept_at=clock.now(),
            kept_by_id=actor.person_id,
        )  # fmt: skip
        db.session.add(copy)
    copy.fields, copy.kept_at = fields, clock.now()
    db.session.flush()


def typed_before(actor: Actor, revision: Revision, language: str) -> DraftCopy | None:
    """Returns what the person typed and did not save yet, None when there is nothing."""
    return db.session.scalar(
        sa.select(DraftCopy)
        .where(
            DraftCopy.revision_id == revision.id,
            DraftCopy.clause_id == _name(language),
            DraftCopy.kept_by_id == actor.person_id,
            DraftCopy.why == AUTOSAVE,
        )
        .order_by(DraftCopy.id.desc())
        .limit(1)
    )


def joined(base: str, seen: str, mine: Rows, now: Rows) -> tuple[Rows, bool]:
    """Returns the rows that hold what was typed and what others saved meanwhile, and whether both fit together.

    Where they collide what was typed stays. `base` is the text the typing began with; one that is not the text of the
    mark `seen` is not trusted, then all that was typed stays.
    """
    began = base.replace("\r\n", "\n")
    if mark_of_text(began) != seen:
        return mine, False
    text = fitted(began, written(mine), written(now)) if is_clean(mine) else None
    if text is not None:
        rows = read_written(text)
        keys = [row.key for row in rows.rows]
        if len(keys) == len(set(keys)):
            return rows, True
    return whole_rows.joined(read_written(began), mine, now), False


def changed_meanwhile(base: str, now: Rows) -> list[tuple[str, tuple[Segment, ...]]]:
    """Returns (heading, redline) of the rows that differ from the text `base`; the first one has no heading."""
    began = read_written(base)
    old = {row.key if row.clause_id else row.heading: row for row in began.rows}
    new = {row.key if row.clause_id else row.heading: row for row in now.rows}
    made = [("", redline_of(began.preamble, now.preamble))] if began.preamble != now.preamble else []
    for key in dict.fromkeys([*new, *old]):
        before, after = old.get(key), new.get(key)
        if _words(before) != _words(after):
            named = before is None or after is None or before.heading != after.heading
            sides = (_lines(before, named=named), _lines(after, named=named))
            made.append(((after or old[key]).heading, redline_of(*sides)))
    return made


def _words(row: whole_rows.Row | None) -> tuple[str, str] | None:
    return (row.heading, row.body) if row else None


def _lines(row: whole_rows.Row | None, *, named: bool) -> str:
    """Returns the words of a row, with its heading where that differs too."""
    if row is None:
        return ""
    return f"{row.heading}\n\n{row.body}" if named else row.body


def must_fit(rows: Rows) -> None:
    """Raises Invalid on `rows` for a text beyond a document's limit, on its box for words no text may hold."""
    boxes = {"preamble": rows.preamble}
    for row in rows.rows:
        boxes |= {f"heading-{row.key}": row.heading, f"body-{row.key}": row.body}
    if sum(len(text.encode(errors="surrogatepass")) for text in boxes.values()) > LIMIT_TEXT_BYTES:
        raise Invalid.of("rows", "text.too_long", limit_bytes=LIMIT_TEXT_BYTES)
    for name, text in boxes.items():
        clean_text(text, LIMIT_TEXT_BYTES, field=name)


def forget(actor: Actor, revision: Revision, language: str) -> None:
    """Takes the typed copy away: its words are the draft now. Nothing happens where there is none."""
    copy = typed_before(actor, revision, language)
    if copy is not None:
        db.session.delete(copy)
        db.session.flush()


def _name(language: str) -> str:
    return f"all-{language}"
