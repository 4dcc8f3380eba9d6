"""Owns which clause of an imported text is which clause of the text before: permanent ids, given once, never reused.

Pure; the text has been read already (`importing.py`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from app.core.errors import Invalid
from app.standards.document import Block, Chapter, Clause, Document
from app.standards.frontmatter import Front, Journey, Visibility
from app.standards.importing import ImportedText
from app.standards.structure import Found, is_numbered

LEAST_SIMILAR = 0.6
"""Share of letter pairs in common from which two texts are versions of one clause."""
LEAST_SIMILAR_NUMBERED = 0.3
"""The same under one article number, which moves when an article is put in before it."""
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
) -> Document:
    """Returns the imported text as a document with ids.

    A clause keeps the id, tags and audience of the clause in `previous` with the same text, else with the same heading,
    else with the most similar text. All others get numbers above every id of `used_ids` (all ids ever given in
    the standard) and of `previous`: an id is never reused. The head is `front`, or that of `previous` with the
    new title; measures stay with the clauses that stay. The same file again gives the same bytes.

    Raises Invalid `import.no_head` when neither gives a head, `document.*` for what a document refuses.
    """
    head = front or (previous.front if previous else None)
    if head is None:
        raise Invalid.of("head", "import.no_head")
    found = [block for block in imported.blocks if block.is_clause]
    before = previous.clauses if previous else ()
    kept = _matches(found, before)
    numbers = _free_numbers([*used_ids, *(clause.id for clause in before)])
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


def similarity(first: str, second: str) -> float:
    """Returns the share of letter pairs two texts have in common, 0 to 1 (Dice); 1 for two empty texts."""
    pairs, others = _pairs(first), _pairs(second)
    total = pairs.total() + others.total()
    return 1.0 if not total else 2 * (pairs & others).total() / total


def _text(clause: Clause) -> tuple[str, str]:
    return clause.heading, clause.body


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


def _matches(found: Sequence[Found], before: Sequence[Clause]) -> dict[int, Clause]:
    """Returns {index in found: the clause it was}; each clause at most once, the surest matches first."""
    canonical = [Clause("c01", block.heading, block.body, level=block.level) for block in found]
    kept: dict[int, Clause] = {}
    left = list(before)

    def keep(index: int, clause: Clause) -> None:
        kept[index] = clause
        left.remove(clause)

    for same in (_same_text, _same_body, _same_heading):
        for index, new in enumerate(canonical):
            match = next((old for old in left if same(new, old)), None) if index not in kept else None
            if match:
                keep(index, match)
    for _, index, old in sorted(_similar(canonical, kept, left), key=lambda pair: (-pair[0], pair[1])):
        if index not in kept and old in left:
            keep(index, old)
    return kept


def _same_text(new: Clause, old: Clause) -> bool:
    return _text(new) == _text(old)


def _same_body(new: Clause, old: Clause) -> bool:
    return bool(new.body) and new.body == old.body


def _same_heading(new: Clause, old: Clause) -> bool:
    least = LEAST_SIMILAR_NUMBERED if is_numbered(new.heading) else 0.0
    return new.heading == old.heading and similarity(new.body, old.body) >= least


def _similar(
    new: Sequence[Clause], kept: dict[int, Clause], left: Sequence[Clause]
) -> Iterator[tuple[float, int, Clause]]:
    """Yields (similarity, index, old clause) of all pairs still free that are alike enough."""
    old_pairs = [(clause, _pairs(_telling(clause))) for clause in left]
    for index, clause in enumerate(new):
        if index in kept:
            continue
        pairs = _pairs(_telling(clause))
        for old, others in old_pairs:
            total = pairs.total() + others.total()
            share = 2 * (pairs & others).total() / total if total else 0.0
            if share >= LEAST_SIMILAR:
                yield share, index, old


def _telling(clause: Clause) -> str:
    """Returns what tells a clause from others; an article's number does not."""
    return clause.body if is_numbered(clause.heading) else clause.heading + clause.body


def _pairs(text: str) -> Counter[str]:
    """Counts the pairs of neighbouring letters, white space left out."""
    bare = "".join(text.split())
    return Counter(bare[index : index + 2] for index in range(len(bare) - 1)) or Counter(
        [bare] if bare else []
    )
