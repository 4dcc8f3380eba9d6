"""Owns the whole text as rows of a page: one for each chapter and clause, in order. Pure; reads no form, stores nothing.

What a row says is read in `whole_reading.py`; here rows are made, moved, put together with another's and written down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.core.errors import Invalid
from app.standards import grammar
from app.standards.clause import Chapter, Clause
from app.standards.document import Document
from app.standards.matching import match
from app.standards.measures import PATTERN_CLAUSE_ID
from app.standards.structure import find_structure

OUT = "out"
HEADING_SIGN = "§"
"""Stands for a heading in the box for a text from elsewhere: one for a chapter, one more for what is below it."""


@dataclass(frozen=True)
class Row:
    """A chapter's heading or a clause. `key` is the clause's id, `n1` … for a new clause, `h1` … for a chapter.

    `is_out` says that it is left out when the text is saved.
    """

    key: str
    level: int
    heading: str = ""
    body: str = ""
    is_out: bool = False

    @property
    def is_chapter(self) -> bool:
        """States that the row is the heading of a chapter."""
        return self.key.startswith("h")

    @property
    def clause_id(self) -> str | None:
        """Returns the id of the clause, None for a new one and for a chapter."""
        return self.key if PATTERN_CLAUSE_ID.fullmatch(self.key) else None

    @property
    def is_blank(self) -> bool:
        """States that nothing stands in a row that was added."""
        return self.clause_id is None and not (self.heading.strip() or self.body.strip())


@dataclass(frozen=True)
class Rows:
    """A whole text of one language: the words before the first clause, then the rows in order."""

    preamble: str
    rows: tuple[Row, ...]

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> "Rows":
        """Returns what `to_data` keeps."""
        rows = data.get("rows")
        return cls(
            str(data.get("preamble", "")), tuple(Row(**row) for row in rows) if isinstance(rows, list) else ()
        )

    def to_data(self) -> dict[str, object]:
        """Returns plain data, as a copy keeps it."""
        return {"preamble": self.preamble, "rows": [vars(row) for row in self.rows]}

    def row(self, key: str) -> Row | None:
        """Returns the row of a key, None when there is none."""
        return next((row for row in self.rows if row.key == key), None)


def rows_of(document: Document) -> Rows:
    """Returns the rows of a text."""
    made: list[Row] = []
    chapters = 0
    for block in document.blocks:
        if isinstance(block, Chapter):
            chapters += 1
        key = f"h{chapters}" if isinstance(block, Chapter) else block.id
        made.append(Row(key, block.level, block.heading, block.body))
    return Rows(document.preamble, tuple(made))


def written(rows: Rows) -> str:
    """Returns the rows as one text, line by line, for telling two of them apart and putting them together."""
    parts = [rows.preamble] if rows.preamble else []
    for row in rows.rows:
        marks = f"{{#{row.key if not row.is_chapter else 'h'}{f' .{OUT}' if row.is_out else ''}}}"
        heading = f"{'#' * row.level} {row.heading} {marks}"
        parts.append(f"{heading}\n\n{row.body}" if row.body else heading)
    return "\n\n".join(parts)


def read_written(text: str) -> Rows:
    """Returns the rows that `written` wrote. Raises Invalid for lines that are none of its own."""
    first, *rest = grammar.sections(text.replace("\r\n", "\n").split("\n"), 0)
    made: list[Row] = []
    chapters = 0
    for section in rest:
        heading, marks = grammar.attributes_of(section.heading)
        if marks is None or len(marks.ids) != 1:
            raise Invalid.of("text", "document.bad_attributes", value=section.heading[-60:])
        key = marks.ids[0]
        if key == "h":
            chapters += 1
            key = f"h{chapters}"
        body = "\n".join(section.lines).strip("\n")
        made.append(Row(key, section.level, heading, body, OUT in marks.tags))
    return Rows("\n".join(first.lines).strip("\n"), tuple(made))


def added(rows: Rows, beside: str, *, is_chapter: bool) -> tuple[Rows, str]:
    """Returns the rows with an empty one, and its key: a clause behind the row `beside`, a chapter in front of it.

    Without such a row it stands at the beginning.
    """
    keys = [row.key for row in rows.rows]
    at = keys.index(beside) if beside in keys else -1
    place = max(at, 0) if is_chapter else at + 1
    kind = "h" if is_chapter else "n"
    numbers = (key[1:] for key in keys if key.startswith(kind))
    key = f"{kind}{max((int(n) for n in numbers if n.isdecimal()), default=0) + 1}"
    made = list(rows.rows)
    made.insert(place, Row(key, _level(rows, place, is_chapter=is_chapter)))
    return replace(rows, rows=tuple(made)), key


def moved(rows: Rows, key: str, step: int) -> Rows:
    """Returns the rows with one of them so many places further on, -1 for one back; at an end it stays."""
    made = list(rows.rows)
    at = next((i for i, row in enumerate(made) if row.key == key), None)
    if at is None or not 0 <= at + step < len(made):
        return rows
    made.insert(at + step, made.pop(at))
    return replace(rows, rows=tuple(made))


def from_text(text: str, document: Document) -> Rows:
    """Returns the rows of a text that was written elsewhere, with the ids of the clauses they are.

    Clauses of the document that the text does not have stand where they were, marked to be left out.
    """
    lines = (_heading(line) for line in text.replace("\r\n", "\n").split("\n"))
    structure = find_structure("\n".join(lines))
    chapters = {block.heading for block in document.blocks if isinstance(block, Chapter)}
    clauses = {clause.heading for clause in document.clauses} - chapters
    least = min((clause.level for clause in document.clauses), default=3)
    made: list[Row] = []
    for number, block in enumerate(structure.blocks, start=1):
        is_clause = block.heading in clauses or (block.is_clause and block.heading not in chapters)
        level = least if is_clause else max(2, min(block.level, least - 1))
        made.append(Row(f"{'n' if is_clause else 'h'}{number}", level, block.heading, block.body))
    return Rows(structure.preamble, tuple(_with_ids(made, document)))


def joined(base: Rows, mine: Rows, theirs: Rows) -> Rows:
    """Returns mine with what others did where I did nothing: their words, their new rows; what they took away goes.

    Where both changed one row mine stays.
    """
    before, now = ({row.key: row for row in side.rows if row.clause_id} for side in (base, theirs))
    made: list[Row] = []
    for row in mine.rows:
        other, old = now.get(row.key), before.get(row.key)
        if old is None or row != old:
            made.append(row)
        elif other is not None:
            made.append(other)
    known = {row.key for row in made}
    previous = ""
    for row in theirs.rows:
        if row.clause_id and row.key not in known and row.key not in before:
            at = next((i + 1 for i, own in enumerate(made) if own.key == previous), len(made) if made else 0)
            made.insert(at, row)
        previous = row.key if row.clause_id else previous
    preamble = theirs.preamble if mine.preamble == base.preamble else mine.preamble
    return Rows(preamble, tuple(made))


def _level(rows: Rows, place: int, *, is_chapter: bool) -> int:
    """Returns the level of a row put at a place: that of its kind nearest before it, else behind it."""
    same = [(i < place, i, row.level) for i, row in enumerate(rows.rows) if row.is_chapter == is_chapter]
    before = [level for is_before, _at, level in same if is_before]
    behind = [level for is_before, _at, level in same if not is_before]
    if before or behind:
        return before[-1] if before else behind[0]
    least = min((row.level for row in rows.rows), default=3)
    return max(2, least - 1) if is_chapter else 3


def _heading(line: str) -> str:
    words = line.strip().lstrip(HEADING_SIGN)
    depth = len(line.strip()) - len(words)
    return f"{'#' * min(6, depth + 1)} {words.strip()}" if depth and words.strip() else line


def _with_ids(rows: Sequence[Row], document: Document) -> list[Row]:
    """Returns the rows, those that are a clause of the document under its id, those it lost marked as left out."""
    sections = [(i, row) for i, row in enumerate(rows) if not row.is_chapter]
    nobody = "c01"  # stands for an id while the words are compared
    kept = match([_as_clause(nobody, row) for _i, row in sections], document.clauses)
    made = list(rows)
    for place, clause in kept.items():
        at, row = sections[place]
        made[at] = replace(row, key=clause.id, level=clause.level)
    previous = ""
    for clause in document.clauses:
        if clause.id not in {row.key for row in made}:
            at = next((i + 1 for i, row in enumerate(made) if row.key == previous), 0)
            made.insert(at, Row(clause.id, clause.level, clause.heading, clause.body, is_out=True))
        previous = clause.id
    return made


def _as_clause(clause_id: str, row: Row) -> Clause:
    return Clause(clause_id, row.heading, row.body, level=row.level)
