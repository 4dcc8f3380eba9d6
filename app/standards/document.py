"""Owns the format of a standard's text: one file a language, its clauses with permanent ids, and their hashes.

Pure: it reads and writes strings, knows no store, no database and no HTML (`core/markup.py` renders a body).

    ---
    (head, see `frontmatter.py`)
    ---

    # 投诉处理标准

    (preamble)

    ## 受理                                                          a chapter: a heading without an id

    ### 首次答复 {#c03 .public .technical audience="agent team_lead"}    a clause: level 2 to 6, id, tags, audience

    (body)
    > 这样说：……        what to say; in English `> Say: …`
    > 不要说：……        what never to say; `> Do not say: …`
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from app.core.errors import FieldError, Invalid, NotFound, Reason, TooLarge
from app.core.text import clean_text, one_line
from app.standards import grammar
from app.standards.clause import Block, Chapter, Clause, write_block
from app.standards.frontmatter import Front, read_front, write_front
from app.standards.measures import LIMIT_SLUG, Measure

__all__ = [
    "Block",
    "Chapter",
    "Clause",
    "Document",
    "Front",
    "Measure",
    "between_hash",
    "clause_hash",
    "front_hash",
    "measures_hash",
    "order_hash",
    "parse_document",
    "parts",
    "primary_of",
    "write_block",
    "write_document",
]

LIMIT_TEXT_BYTES = grammar.LIMIT_TEXT_BYTES
FENCE = "---"


@dataclass(frozen=True)
class Document:
    """The text of a standard in one language: head, preamble, then chapters and clauses in reading order.

    Making one raises Invalid for a doubled clause id and for a measure of a clause that is not there.
    """

    front: Front
    preamble: str = ""
    blocks: tuple[Block, ...] = ()
    _by_id: dict[str, Clause] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "preamble", grammar.canonical_body(self.preamble, "preamble"))
        object.__setattr__(self, "blocks", tuple(_with_chapters(self.blocks)))
        errors = []
        for clause in self.clauses:
            if clause.id in self._by_id:
                errors.append(FieldError("id", Reason("document.double_id", {"id": clause.id})))
            self._by_id[clause.id] = clause
        for measure in self.front.measures:
            if measure.clause_id not in self._by_id:
                params: dict[str, object] = {"id": measure.id, "clause": measure.clause_id}
                errors.append(FieldError("measures.clause", Reason("document.unknown_clause", params)))
        if errors:
            raise Invalid(errors)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses in reading order."""
        return tuple(block for block in self.blocks if isinstance(block, Clause))

    def has(self, clause_id: str) -> bool:
        """States that the document has the clause."""
        return clause_id in self._by_id

    def clause(self, clause_id: str) -> Clause:
        """Returns the clause, or raises NotFound."""
        if clause_id not in self._by_id:
            raise NotFound("document.unknown_clause", clause=clause_id[:LIMIT_SLUG])
        return self._by_id[clause_id]

    def measures_of(self, clause_id: str) -> tuple[Measure, ...]:
        """The measures of one clause by id; empty when it has none or the file is not the primary language's."""
        return tuple(measure for measure in self.front.measures if measure.clause_id == clause_id)

    def with_clause(self, clause: Clause, after: str | None = None, before: str | None = None) -> "Document":
        """Returns the document with the clause put in: in the place of the one with its id, or new at the end.

        With `after` or `before` it stands behind or in front of that clause (NotFound if there is none), moved there if
        it was elsewhere.
        """
        blocks = list(self.blocks)
        beside = after or before
        if beside is not None and beside != clause.id:
            blocks = [block for block in blocks if not (isinstance(block, Clause) and block.id == clause.id)]
            blocks.insert(blocks.index(self.clause(beside)) + (1 if after else 0), clause)
        elif self.has(clause.id):
            blocks[blocks.index(self.clause(clause.id))] = clause
        else:
            blocks.append(clause)
        return replace(self, blocks=tuple(blocks))

    def without(self, clause_id: str) -> "Document":
        """Returns the document without the clause and its measures; NotFound if it is not there."""
        gone = self.clause(clause_id)
        measures = tuple(measure for measure in self.front.measures if measure.clause_id != clause_id)
        blocks = tuple(block for block in self.blocks if block is not gone)
        return replace(self, front=replace(self.front, measures=measures), blocks=blocks)

    def with_measures(self, clause_id: str, measures: tuple[Measure, ...]) -> "Document":
        """Returns the document with exactly these measures for the clause."""
        others = tuple(measure for measure in self.front.measures if measure.clause_id != clause_id)
        return replace(self, front=replace(self.front, measures=others + measures))


def parse_document(text: str) -> Document:
    """Returns the document that stands in the text of a file.

    Raises Invalid with every fault as field, reason and physical line; TooLarge beyond 512 KB.
    """
    if len(text) > LIMIT_TEXT_BYTES or len(text.encode(errors="surrogatepass")) > LIMIT_TEXT_BYTES:
        raise TooLarge("document.too_large", limit_bytes=LIMIT_TEXT_BYTES)
    lines = clean_text(text).split("\n")
    end = _end_of_head(lines)
    errors: list[FieldError] = []
    front: Front | None = None
    try:
        front = read_front("\n".join(lines[1:end]) + "\n", first_line=2)
    except Invalid as error:
        errors.extend(error.errors)
    first, *rest = grammar.sections(lines, end + 1)
    preamble = _read_preamble(first, front, errors)
    blocks = tuple(_read_blocks(rest, errors))
    if front is None or errors:
        raise Invalid(sorted(errors, key=lambda error: error.line or 0))
    try:
        return Document(front, preamble, blocks)
    except Invalid as error:
        raise Invalid(
            replace(fault, line=fault.line or _line_of(fault, lines)) for fault in error.errors
        ) from error


def _end_of_head(lines: list[str]) -> int:
    """Returns the index of the line that closes the head; a later `---` is body text."""
    if lines[0].rstrip() != FENCE:
        raise Invalid([FieldError("head", Reason("document.no_head"), 1)])
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            return index
    raise Invalid([FieldError("head", Reason("document.open_head"), 1)])


def _read_preamble(section: grammar.Section, front: Front | None, errors: list[FieldError]) -> str:
    """Returns the text before the first heading, without the title line, which must be the head's title."""
    lines = list(section.lines)
    for index, line in enumerate(lines):
        title = grammar.heading_of(line)
        if title and title[0] == 1:
            lines[index] = ""
            if front and one_line(title[1]) != front.title:
                errors.append(FieldError("title", Reason("document.other_title"), section.line + index))
        if line.strip():
            break
    try:
        return grammar.canonical_body("\n".join(lines), "preamble")
    except Invalid as error:
        errors.extend(replace(fault, line=section.line - 1 + (fault.line or 1)) for fault in error.errors)
        return ""


def _read_blocks(sections: list[grammar.Section], errors: list[FieldError]) -> Iterator[Block]:
    """Yields the chapters and clauses of the sections; faults go to `errors` with their line."""
    first_lines: dict[str, int] = {}
    for section in sections:
        try:
            block = _block(section)
        except Invalid as error:
            for fault in error.errors:
                offset = fault.line if fault.field == "body" and fault.line else 0
                errors.append(replace(fault, line=section.line + offset))
            continue
        if isinstance(block, Clause) and block.id in first_lines:
            params = {"id": block.id, "first_line": first_lines[block.id]}
            errors.append(FieldError("id", Reason("document.double_id", params), section.line))
            continue
        if isinstance(block, Clause):
            first_lines[block.id] = section.line
        yield block


def _block(section: grammar.Section) -> Block:
    heading, attributes = grammar.attributes_of(section.heading)
    body = "\n".join(section.lines)
    if attributes is None:
        return Chapter(heading, section.level, body)
    if len(attributes.ids) != 1:
        raise Invalid.of("id", "document.bad_attributes", value=section.heading[-60:])
    return Clause(attributes.ids[0], heading, body, attributes.tags, attributes.audience, section.level)


def _line_of(fault: FieldError, lines: list[str]) -> int:
    """Finds the line of a measure that a fault names, so that a reader of the file is sent to the right place."""
    name = str(fault.reason.params.get("id", ""))
    return next(
        (index + 1 for index, line in enumerate(lines) if name and line.rstrip().endswith(f"id: {name}")), 1
    )


def write_document(document: Document) -> str:
    """Returns the one canonical text of a document: LF, NFC, one blank line between blocks, keys in fixed order.

    `parse_document` of it gives an equal document, and writing that again gives the same bytes.
    """
    parts = [f"{FENCE}\n{write_front(document.front)}{FENCE}", f"# {document.front.title}"]
    if document.preamble:
        parts.append(document.preamble)
    parts += [write_block(block) for block in document.blocks]
    return "\n\n".join(parts) + "\n"


def clause_hash(clause: Clause, language: str) -> str:
    """Returns the sha256 of a clause in one language: of the language, LF, the clause's lines in the file, LF.

    So it can be checked without this program: `{ echo zh; sed -n '12,18p' zh.md; } | sha256sum`.
    """
    return _sha256(f"{language}\n{write_block(clause)}\n")


def measures_hash(document: Document, clause_id: str) -> str:
    """Returns the sha256 of the clause's measures as JSON with sorted keys; no measures have a hash too."""
    return _sha256(_json([measure.to_data() for measure in document.measures_of(clause_id)]))


def front_hash(document: Document) -> str:
    """Returns the sha256 of the head without its measures, as its canonical lines."""
    return _sha256(write_front(replace(document.front, measures=())))


def order_hash(document: Document) -> str:
    """Returns the sha256 of the sequence of chapters and clauses, as JSON `[[kind, id or heading], …]`."""
    order = [["clause", b.id] if isinstance(b, Clause) else ["chapter", b.heading] for b in document.blocks]
    return _sha256(_json(order))


def between_hash(document: Document) -> str:
    """Returns the sha256 of the text that belongs to no clause: preamble and the text under chapter headings."""
    texts = [block.body for block in document.blocks if isinstance(block, Chapter)]
    return _sha256(_json([document.preamble, *texts]))


def parts(documents: Mapping[str, Document]) -> dict[str, str]:
    """Returns the hash of every part of a standard that can change on its own; `documents` is {language: text}.

    `c07/zh`, `c07/en` the clause; `c07/measures` its measures (absent when it has none); `front/zh` the head;
    `order/zh` the sequence; `between/zh` the text that belongs to no clause. Equal dictionaries mean equal texts.
    """
    made: dict[str, str] = {}
    for language, document in sorted(documents.items()):
        for clause in document.clauses:
            made[f"{clause.id}/{language}"] = clause_hash(clause, language)
            if document.measures_of(clause.id):
                made[f"{clause.id}/measures"] = measures_hash(document, clause.id)
        made[f"front/{language}"] = front_hash(document)
        made[f"order/{language}"] = order_hash(document)
        made[f"between/{language}"] = between_hash(document)
    return made


def primary_of(documents: Mapping[str, Document]) -> Document:
    """Returns the text that holds the facts of the standard (measures, audience, tags): zh where it exists."""
    ordered = [documents[language] for language in ("zh", "en") if language in documents]
    holders = [document for document in ordered if document.front.is_primary] or ordered
    if not holders:
        raise NotFound("document.no_text")
    return holders[0]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _with_chapters(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yields the blocks with each clause told the nearest heading of a higher level before it."""
    above: list[Chapter] = []
    for block in blocks:
        above = [chapter for chapter in above if chapter.level < block.level]
        if isinstance(block, Chapter):
            above.append(block)
            yield block
        else:
            chapter = above[-1].heading if above else ""
            yield block if block.chapter == chapter else replace(block, chapter=chapter)
