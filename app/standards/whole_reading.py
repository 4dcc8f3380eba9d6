"""Owns what the rows of a whole text say: the words before the first clause, chapters, clauses. Stores nothing.

What cannot be kept is named with its box: `heading-c07`, `body-h1`, `preamble`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.errors import FieldError, Invalid, Reason
from app.standards import grammar
from app.standards.clause import Chapter, Clause
from app.standards.document import Document
from app.standards.frame import FrameChapter, frame_of, groups_of
from app.standards.whole_rows import Row, Rows

NOBODY = "c01"  # stands for an id while a new clause has none


@dataclass(frozen=True)
class Typed:
    """A typed text taken apart. `groups` says for each section the place of its chapter, -1 for none.

    `ids` names the clause of each section, None for a new one; `keys` the row it was typed in.
    """

    preamble: str
    chapters: tuple[Chapter, ...]
    sections: tuple[Clause, ...]
    groups: tuple[int, ...]
    ids: tuple[str | None, ...]
    keys: tuple[str, ...]


def read_rows(rows: Rows, document: Document) -> Typed:
    """Returns what rows typed in place of the document's say; rows left out and empty added ones say nothing.

    A clause the document does not have is a new one: somebody took it away meanwhile. Raises Invalid with every box that
    cannot be kept: a heading in a body, an open code block, new words under a chapter's heading, a chapter without clauses.
    """
    reader = _Reader(document)
    standing = [row for row in rows.rows if not row.is_out and not row.is_blank]
    preamble = reader.body_of(rows.preamble, "preamble")
    for place, row in enumerate(standing):
        try:
            reader.take(row, standing[place + 1 :])
        except Invalid as refused:
            reader.errors += [_on_row(error, row) for error in refused.errors]
    if not reader.errors and not reader.sections:
        raise Invalid.of("preamble", "draft.no_clause_left")
    if reader.errors:
        raise Invalid(reader.errors)
    ids = tuple(key if document.has(key) else None for key in reader.keys)
    chapters, sections, groups = tuple(reader.chapters), tuple(reader.sections), tuple(reader.groups)
    return Typed(preamble, chapters, sections, groups, ids, tuple(reader.keys))


class _Reader:
    def __init__(self, document: Document) -> None:
        self.known = {(c.heading, c.level): c for c in document.blocks if isinstance(c, Chapter)}
        self.errors: list[FieldError] = []
        self.chapters: list[Chapter] = []
        self.sections: list[Clause] = []
        self.groups: list[int] = []
        self.keys: list[str] = []

    def take(self, row: Row, following: Sequence[Row]) -> None:
        if row.is_chapter:
            self._take_chapter(row, following)
            return
        if not row.heading.strip():
            raise Invalid.of("heading", "draft.heading_missing")
        if grammar.attributes_of(row.heading)[1] is not None:  # ids and tags are not given by hand
            raise Invalid.of("heading", "document.bad_attributes", value=row.heading[-60:])
        above = self.chapters[-1].heading if self.chapters else ""
        self.sections.append(Clause(NOBODY, row.heading, row.body, level=row.level, chapter=above))
        self.groups.append(len(self.chapters) - 1)
        self.keys.append(row.key)

    def _take_chapter(self, row: Row, following: Sequence[Row]) -> None:
        chapter = Chapter(row.heading, row.level, row.body)
        old = self.known.get((chapter.heading, chapter.level))
        if chapter.body and chapter.body not in {c.body for c in self.known.values()}:
            raise Invalid.of("body", "draft.chapter_text", heading=chapter.heading[:60])
        holds = bool(following) and (not following[0].is_chapter or following[0].level > row.level)
        if old is None and not holds:
            raise Invalid.of("heading", "draft.chapter_empty", heading=chapter.heading[:60])
        self.chapters.append(chapter)

    def body_of(self, text: str, name: str) -> str:
        try:
            return grammar.canonical_body(text, name)
        except Invalid as refused:
            self.errors += refused.errors
            return ""


def is_clean(rows: Rows) -> bool:
    """States that every box holds words only: none would become a clause of its own or swallow the next one."""
    try:
        for text in (rows.preamble, *(row.body for row in rows.rows)):
            grammar.canonical_body(text, "text")
    except Invalid:
        return False
    return True


def frame_chapters(
    typed: Typed, document: Document, current: Sequence[FrameChapter], ids: Sequence[str | None]
) -> list[FrameChapter]:
    """Returns the typed chapters, each told which published one it was: by its heading, else by the clauses it holds.

    `current` are the chapters of the document as drafted now; `ids` name the clause of each section, None for
    a new one.
    """
    left = dict(enumerate(current))
    made: dict[int, FrameChapter] = {}
    for at, chapter in enumerate(typed.chapters):
        own = next(
            (i for i, c in left.items() if (c.heading, c.level) == (chapter.heading, chapter.level)), None
        )
        if own is not None:
            made[at] = FrameChapter(chapter.heading, chapter.level, chapter.body, left.pop(own).was)
    where = groups_of(document)
    for at, chapter in enumerate(typed.chapters):
        if at in made:
            continue
        held = [where.get(i or "", -1) for i, group in zip(ids, typed.groups, strict=True) if group == at]
        own = max((i for i in left if i in held), key=held.count, default=None)
        made[at] = FrameChapter(
            chapter.heading, chapter.level, chapter.body, left.pop(own).was if own is not None else None
        )
    return [made[at] for at in range(len(typed.chapters))]


def current_chapters(document: Document, drafted: Sequence[FrameChapter] | None) -> Sequence[FrameChapter]:
    """Returns the chapters a drafted frame has, else those of the text."""
    return frame_of(document).chapters if drafted is None else drafted


def _on_row(error: FieldError, row: Row) -> FieldError:
    """Returns a fault of a row as one of its box."""
    box = "body" if error.field == "body" else "heading"
    reason = error.reason
    if reason.key == "document.missing":
        reason = Reason("draft.heading_missing")
    return replace(error, field=f"{box}-{row.key}", reason=reason)
