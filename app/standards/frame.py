"""Owns what stands around the clauses of a text: the words before the first one, and the chapters. Pure.

A frame is drafted as a whole, beside the drafts of clauses (`frame_drafting.py`), and laid over the text at last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.standards.document import Block, Chapter, Clause, Document

FRAME = "frame"
"""What the frame is called where else a clause's id stands: in the lock that one open revision holds."""
PREAMBLE, CHAPTERS = "preamble", "chapters"
FRAME_PARTS = (PREAMBLE, CHAPTERS)
"""What the two parts of the frame are called where else a clause's id stands: in comparisons, marks and threads."""


@dataclass(frozen=True)
class FrameChapter:
    """A chapter of a drafted frame. `was` is its place among the published chapters, from 0; None for a new one."""

    heading: str
    level: int
    body: str = ""
    was: int | None = None


@dataclass(frozen=True)
class Frame:
    """The drafted frame of one language.

    `places` says in which chapter a clause stands, from 0, -1 for before the first one, where that is not the
    chapter it was published in; so a clause that another revision brings stands where that revision put it.
    """

    preamble: str = ""
    chapters: tuple[FrameChapter, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> "Frame":
        """Returns the frame kept as plain data by `to_data`."""
        chapters = data.get("chapters")
        places = data.get("places")
        return cls(
            str(data.get("preamble", "")),
            tuple(FrameChapter(**row) for row in chapters) if isinstance(chapters, list) else (),
            {str(k): int(v) for k, v in places.items()} if isinstance(places, dict) else {},
        )

    def to_data(self) -> dict[str, object]:
        """Returns plain data, as it is kept in the database."""
        chapters = [
            {"heading": c.heading, "level": c.level, "body": c.body, "was": c.was} for c in self.chapters
        ]
        return {"preamble": self.preamble, "chapters": chapters, "places": dict(self.places)}


def frame_of(document: Document) -> Frame:
    """Returns the frame a text has now; every clause stands where it is."""
    chapters = [block for block in document.blocks if isinstance(block, Chapter)]
    return Frame(
        document.preamble,
        tuple(FrameChapter(c.heading, c.level, c.body, at) for at, c in enumerate(chapters)),
    )


def groups_of(document: Document) -> dict[str, int]:
    """Returns {clause id: place of the chapter above it, from 0}; -1 for one before the first chapter."""
    made: dict[str, int] = {}
    at = -1
    for block in document.blocks:
        if isinstance(block, Clause):
            made[block.id] = at
        else:
            at += 1
    return made


def defaults_of(document: Document, chapters: Sequence[FrameChapter]) -> dict[str, int]:
    """Returns where each clause stands in these chapters if nobody says otherwise: where its own chapter is now.

    A clause whose chapter is gone stands with the one before it.
    """
    where = {chapter.was: at for at, chapter in enumerate(chapters) if chapter.was is not None} | {-1: -1}
    made: dict[str, int] = {}
    last = -1
    for clause_id, own in groups_of(document).items():
        last = where.get(own, last)
        made[clause_id] = last
    return made


def framed(document: Document, frame: Frame) -> Document:
    """Returns the text with the frame around its clauses, which keep their order within a chapter."""
    groups: list[list[Block]] = [[] for _ in range(len(frame.chapters) + 1)]
    defaults = defaults_of(document, frame.chapters)
    for clause in document.clauses:
        at = frame.places.get(clause.id, defaults[clause.id])
        groups[min(at, len(frame.chapters) - 1) + 1].append(clause)
    blocks = list(groups[0])
    for chapter, clauses in zip(frame.chapters, groups[1:], strict=True):
        blocks += [Chapter(chapter.heading, chapter.level, chapter.body), *clauses]
    return replace(document, preamble=frame.preamble, blocks=tuple(blocks))


def words_of(document: Document, part: str) -> str:
    """Returns the words of a clause, of `preamble` or of `chapters` as listed; empty for a clause that is not there."""
    if part == PREAMBLE:
        return document.preamble
    if part == CHAPTERS:
        return outline(document)
    return document.clause(part).body if document.has(part) else ""


def outline(document: Document) -> str:
    """Returns the chapters as readers would list them: a heading a line, deeper ones indented, with their text."""
    lines = []
    for block in document.blocks:
        if isinstance(block, Chapter):
            lines.append(f"{'  ' * (block.level - 2)}{block.heading}")
            lines += [block.body] if block.body else []
    return "\n\n".join(lines)
