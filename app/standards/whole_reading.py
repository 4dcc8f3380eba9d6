"""Owns how a whole text typed into one box is read: words before the first heading, chapters, clauses. Stores nothing.

Which heading is a chapter is told by its level, or by being a chapter's heading already. What does not fit is
named with its line.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.errors import FieldError, Invalid
from app.standards import grammar
from app.standards.clause import Block, Chapter, Clause
from app.standards.document import Document
from app.standards.frame import FrameChapter, frame_of, groups_of

NOBODY = "c01"  # stands for an id while sections are compared


@dataclass(frozen=True)
class Typed:
    """A typed text taken apart. `groups` says for each section the place of its chapter, -1 for none."""

    preamble: str
    chapters: tuple[Chapter, ...]
    sections: tuple[Clause, ...]
    groups: tuple[int, ...]


def write_text(document: Document) -> str:
    """Returns the words before the first clause, chapters and clauses as headed sections, without ids, tags and measures."""
    parts = [document.preamble] if document.preamble else []
    return "\n\n".join([*parts, *(_written(block) for block in document.blocks)])


def read_typed(text: str, document: Document) -> Typed:
    """Returns what a text typed in place of the document's says.

    Raises Invalid on `text` with the line for what cannot be kept: a clause written as a chapter or the other way
    round, a chapter without clauses, new words under a chapter's heading, ids and tags by hand.
    """
    first, *rest = grammar.sections(text.split("\n"), 0)
    reader = _Reader(document, rest)
    preamble = _kept("\n".join(first.lines), 1)
    for index in range(len(rest)):
        reader.take(index)
    if not reader.sections:
        raise Invalid.of("text", "draft.no_clause_left")
    return Typed(preamble, tuple(reader.chapters), tuple(reader.sections), tuple(reader.groups))


class _Reader:
    def __init__(self, document: Document, rest: Sequence[grammar.Section]) -> None:
        self.rest = rest
        self.known = {(c.heading, c.level): c for c in document.blocks if isinstance(c, Chapter)}
        self.clauses = {clause.heading for clause in document.clauses}
        self.least = min((clause.level for clause in document.clauses), default=3)
        self.chapters: list[Chapter] = []
        self.sections: list[Clause] = []
        self.groups: list[int] = []

    def take(self, index: int) -> None:
        section = self.rest[index]
        try:
            if self._is_chapter(index):
                self._take_chapter(index)
            else:
                self._take_clause(section)
        except Invalid as refused:
            faults = [FieldError("text", e.reason, section.line) for e in refused.errors]
            raise Invalid(faults) from refused

    def _is_chapter(self, index: int) -> bool:
        section = self.rest[index]
        if (section.heading, section.level) in self.known or section.level < self.least:
            return True
        following = self.rest[index + 1].level if index + 1 < len(self.rest) else 0
        return not any(line.strip() for line in section.lines) and following > section.level

    def _take_chapter(self, index: int) -> None:
        section = self.rest[index]
        old = self.known.get((section.heading, section.level))
        chapter = Chapter(section.heading, section.level, "\n".join(section.lines))
        if old is None and section.heading in self.clauses:
            raise Invalid.of("text", "draft.clause_as_chapter", heading=section.heading[:60])
        if chapter.body and (old is None or chapter.body != old.body):
            raise Invalid.of("text", "draft.chapter_text", heading=section.heading[:60])
        following = self.rest[index + 1] if index + 1 < len(self.rest) else None
        holds = following is not None and (not self._is_chapter(index + 1) or following.level > section.level)
        if old is None and not holds:
            raise Invalid.of("text", "draft.chapter_empty", heading=section.heading[:60])
        self.chapters.append(chapter)

    def _take_clause(self, section: grammar.Section) -> None:
        if any(heading == section.heading for heading, _level in self.known):
            raise Invalid.of("text", "draft.chapter_as_clause", heading=section.heading[:60])
        if grammar.attributes_of(section.heading)[1] is not None:  # ids and tags are not given by hand
            raise Invalid.of("text", "document.bad_attributes", value=section.heading[-60:])
        above = self.chapters[-1].heading if self.chapters else ""
        body = "\n".join(section.lines).strip("\n")
        self.sections.append(Clause(NOBODY, section.heading, body, level=section.level, chapter=above))
        self.groups.append(len(self.chapters) - 1)


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


def _kept(text: str, line: int) -> str:
    try:
        return grammar.canonical_body(text, "text")
    except Invalid as refused:
        raise Invalid(
            [FieldError("text", e.reason, line - 1 + (e.line or 1)) for e in refused.errors]
        ) from refused


def _written(block: Block) -> str:
    heading = f"{'#' * block.level} {block.heading}"
    return f"{heading}\n\n{block.body}" if block.body else heading
