"""Owns what a standard reads like with a revision's drafts in it. Changes no draft (`drafting.py`)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from app.standards import queries
from app.standards.document import Clause, Document, primary_of
from app.standards.frame import Frame, framed
from app.standards.measures import Measure
from app.standards.models import ClauseDraft, DraftKind, Revision

LANGUAGES = ("zh", "en")
NO_FRAMES: Mapping[str, Frame] = MappingProxyType({})


def draft_documents(revision: Revision) -> dict[str, Document]:
    """Returns the standard's text in each language as it would be with this revision's drafts.

    The drafts stand on the newest published text, so revisions of other clauses come in by themselves.
    """
    base = queries.published_documents(revision.standard)
    return apply_drafts(base, queries.clause_drafts(revision.id), frames_of(revision))


def frames_of(revision: Revision) -> dict[str, Frame]:
    """Returns the drafted frames of a revision by language; empty where nobody touched them."""
    return {name: Frame.from_data(data) for name, data in (revision.frame or {}).items() if name in LANGUAGES}


def apply_drafts(
    base: Mapping[str, Document],
    drafts: Sequence[ClauseDraft],
    frames: Mapping[str, Frame] = NO_FRAMES,
) -> dict[str, Document]:
    """Returns the base texts with the drafts applied: words, places, what goes, the measures, and the frame at last.

    A clause stands where its draft says, whatever moves before it; a place that is gone leaves a clause where it
    was, a new one at the end. A language other than the primary one follows the primary one's order.
    """
    if not base or not (drafts or frames):
        return dict(base)
    kept = [draft for draft in drafts if draft.kind is not DraftKind.RETIRED]
    gone = [draft.clause_id for draft in drafts if draft.kind is DraftKind.RETIRED]
    first = primary_of(base).front.language
    primary = _drafted(base[first], kept, first, ())
    made = {}
    for language, document in base.items():
        order = [clause.id for clause in primary.clauses]
        new = primary if language == first else _drafted(document, kept, language, order)
        new = _without(new, [clause_id for clause_id in gone if new.has(clause_id)])
        new = _measured(new, kept) if document.front.is_primary else new
        made[language] = framed(new, frames[language]) if language in frames else new
    return made


def _drafted(
    document: Document, drafts: Sequence[ClauseDraft], language: str, order: Sequence[str]
) -> Document:
    """Returns the document with words and places of the drafts; `order` is that of the primary text, if another."""
    blocks = _Blocks(document)
    for draft in _anchors_first(drafts):
        clause = _clause(document, draft, language)
        if document.has(draft.clause_id):
            if clause is not None:
                blocks.put(clause)
            if draft.after_clause_id or draft.before_clause_id:
                blocks.put(clause or document.clause(draft.clause_id), *_place(blocks, draft, order))
        elif clause is not None:
            blocks.put(clause, *_place(blocks, draft, order))
    made = replace(document, blocks=tuple(blocks.blocks))
    return made if made.blocks != document.blocks else document


def _without(document: Document, gone: Sequence[str]) -> Document:
    """Returns the document without these clauses and their measures."""
    if not gone:
        return document
    measures = tuple(m for m in document.front.measures if m.clause_id not in gone)
    blocks = tuple(b for b in document.blocks if not (isinstance(b, Clause) and b.id in gone))
    return replace(document, front=replace(document.front, measures=measures), blocks=blocks)


class _Blocks:
    """The blocks of a text while drafts are laid over it; a document is made of them once, at the end."""

    def __init__(self, document: Document) -> None:
        self.blocks = list(document.blocks)
        self.ids = [block.id if isinstance(block, Clause) else "" for block in document.blocks]

    def has(self, clause_id: str) -> bool:
        return clause_id in self.ids

    def put(self, clause: Clause, after: str | None = None, before: str | None = None) -> None:
        """Puts the clause behind or in front of another, else in its own place, a new one at the end."""
        beside = None if clause.id in (after, before) else after or before
        if clause.id in self.ids:
            at = self.ids.index(clause.id)
            if beside is None:
                self.blocks[at] = clause
                return
            del self.blocks[at], self.ids[at]
        at = len(self.ids) if beside is None else self.ids.index(beside) + (1 if after else 0)
        self.blocks.insert(at, clause)
        self.ids.insert(at, clause.id)


def _clause(document: Document, draft: ClauseDraft, language: str) -> Clause | None:
    """Returns the clause in one language; None where that lags behind: publishing asks for it or for a reason."""
    heading = draft.heading_zh if language == "zh" else draft.heading_en
    body = draft.body_zh if language == "zh" else draft.body_en
    if not heading and not body:
        return None
    if not heading and not document.has(draft.clause_id):
        return None  # without a heading of its own language it is not there yet; the other language's would be a lie
    heading = heading or document.clause(draft.clause_id).heading
    tags = tuple(draft.tags) if document.front.is_primary else ()
    audience = tuple(draft.audience) if document.front.is_primary else ()
    if not document.has(draft.clause_id):
        return Clause(draft.clause_id, heading, body, tags, audience)
    old = document.clause(draft.clause_id)
    if not document.front.is_primary:
        return replace(old, heading=heading, body=body)
    return replace(old, heading=heading, body=body, tags=tags or old.tags, audience=audience)


def _place(blocks: _Blocks, draft: ClauseDraft, order: Sequence[str]) -> tuple[str | None, str | None]:
    """Returns the clauses behind or before which the drafted one stands; both None where nobody said so."""
    if draft.after_clause_id and blocks.has(draft.after_clause_id):
        return draft.after_clause_id, None
    if draft.before_clause_id and blocks.has(draft.before_clause_id):
        return None, draft.before_clause_id
    if draft.clause_id not in order:
        return None, None
    at = order.index(draft.clause_id)
    after = next((c for c in reversed(order[:at]) if blocks.has(c)), None)
    before = next((c for c in order[at + 1 :] if blocks.has(c)), None)
    return (after, None) if after else (None, before)


def _anchors_first(drafts: Sequence[ClauseDraft]) -> Iterator[ClauseDraft]:
    """Yields the drafts so that a clause comes after the one it stands beside; a ring is cut at its first member."""
    waiting = {draft.clause_id: draft for draft in drafts}
    for draft in drafts:
        chain: list[ClauseDraft] = []
        current: ClauseDraft | None = draft
        while current is not None and current.clause_id in waiting:
            chain.append(waiting.pop(current.clause_id))
            current = waiting.get(current.after_clause_id or current.before_clause_id or "")
        yield from reversed(chain)


def _measured(document: Document, drafts: Sequence[ClauseDraft]) -> Document:
    """Returns the document with the measures of the drafts; one that went to another clause leaves the old one."""
    drafted = {draft.clause_id for draft in drafts if document.has(draft.clause_id) and _has_words(draft)}
    new = [Measure.from_data(data) for d in drafts if d.clause_id in drafted for data in d.measures]
    taken = {measure.id for measure in new}
    others = [m for m in document.front.measures if m.clause_id not in drafted and m.id not in taken]
    return replace(document, front=replace(document.front, measures=(*others, *new)))


def _has_words(draft: ClauseDraft) -> bool:
    return bool(draft.heading_zh or draft.body_zh or draft.heading_en or draft.body_en)
