"""Owns which clause of an imported text is which clause of the text before: permanent ids, given once, never reused.

Pure; the text has been read already (`importing.py`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from app.core.errors import Invalid
from app.standards.document import Block, Chapter, Clause, Document
from app.standards.frontmatter import Front, Journey, Visibility
from app.standards.importing import ImportedText
from app.standards.matching import match
from app.standards.structure import Found, without_number

HIGHEST_NUMBER = 9999


def first_front(
    imported: ImportedText, code: str, *, owner: str = "service", category: str = "imported"
) -> Front:
    """Returns a head for a text that has none: internal, for agents, at every stage, reviewed every 12 months."""
    return Front(
        code=code,
        language=imported.language,
        title=imported.title,
        owner=owner,
        category=category,
        journey=Journey.ALL,
        audience=("agent",),
        visibility=Visibility.INTERNAL,
        review_months=12,
    )


def assign_ids(
    imported: ImportedText,
    previous: Document | None,
    *,
    front: Front | None = None,
    used_ids: Iterable[str] = (),
    retired: Sequence[Clause] = (),
) -> Document:
    """Returns the imported text as a document with ids.

    A clause keeps the id, tags and audience of the clause in `previous` that it was (`matching.py`); one that
    `previous` lacks gets back the id it had among `retired`, clauses of earlier texts, if its words are the
    same. All others get numbers above every id of `used_ids` (all ids ever given in the standard) and of
    `previous`: an id is never reused. The head is `front`, or that of `previous` with the new title; measures
    stay with the clauses that stay. The same file again gives the same bytes.

    Raises Invalid `import.no_head` when neither gives a head, `document.*` for what a document refuses.
    """
    head = front or (previous.front if previous else None)
    if head is None:
        raise Invalid.of("head", "import.no_head")
    found = [block for block in imported.blocks if block.is_clause]
    before = previous.clauses if previous else ()
    made = _placed(imported.blocks)
    kept = match(made, before)
    _take_back(made, kept, retired)
    numbers = _free_numbers([*used_ids, *(clause.id for clause in (*before, *retired))])
    blocks: list[Block] = []
    for block in imported.blocks:
        if not block.is_clause:
            blocks.append(Chapter(block.heading, block.level, block.body))
            continue
        old = kept.get(_index_of(found, block))
        blocks.append(_clause(block, old.id if old else next(numbers), old))
    ids = {block.id for block in blocks if isinstance(block, Clause)}
    measures = tuple(measure for measure in head.measures if measure.clause_id in ids)
    return Document(replace(head, title=imported.title, measures=measures), imported.preamble, tuple(blocks))


def _placed(blocks: Iterable[Found]) -> list[Clause]:
    """Returns the clauses of the text in canonical form, each told its chapter; their ids mean nothing yet."""
    made: list[Clause] = []
    above: list[Found] = []
    for block in blocks:
        above = [chapter for chapter in above if chapter.level < block.level]
        if not block.is_clause:
            above.append(block)
            continue
        chapter = Chapter(above[-1].heading, above[-1].level).heading if above else ""
        made.append(Clause("c01", block.heading, block.body, level=block.level, chapter=chapter))
    return made


def _take_back(made: Sequence[Clause], kept: dict[int, Clause], retired: Sequence[Clause]) -> None:
    """Adds to `kept` the clauses that come back with the words they had when they went."""
    left = {_words(clause): clause for clause in retired}
    for index, clause in enumerate(made):
        if index not in kept and _words(clause) in left:
            kept[index] = left.pop(_words(clause))


def _words(clause: Clause) -> tuple[str, str]:
    """Returns what must be the same for a clause to be back; an article's number may have moved on meanwhile."""
    return without_number(clause.heading) if clause.body else clause.heading, clause.body


def _clause(block: Found, clause_id: str, old: Clause | None) -> Clause:
    tags, audience = (old.tags, old.audience) if old else ((), ())
    return Clause(clause_id, block.heading, block.body, tags, audience, block.level)


def _index_of(found: Sequence[Found], block: Found) -> int:
    """Returns the place of this very block; two clauses may have equal texts."""
    return next(index for index, candidate in enumerate(found) if candidate is block)


def _free_numbers(used: Iterable[str]) -> Iterator[str]:
    """Yields ids above every used one: c01, c02, …"""
    number = max((int(clause_id[1:]) for clause_id in used), default=0)
    while number < HIGHEST_NUMBER:
        number += 1
        yield f"c{number:02d}"
    raise Invalid.of("clauses", "import.too_many_clauses", limit=HIGHEST_NUMBER)
