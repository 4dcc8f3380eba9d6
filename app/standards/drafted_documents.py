"""Owns what a standard reads like with a revision's drafts in it. Changes no draft (`drafting.py`)."""

from collections.abc import Sequence
from dataclasses import replace

from app.standards import queries
from app.standards.document import Clause, Document
from app.standards.measures import Measure
from app.standards.models import ClauseDraft, DraftKind, Revision


def draft_documents(revision: Revision) -> dict[str, Document]:
    """Returns the standard's text in each language as it would be with this revision's drafts.

    The drafts stand on the newest published text, so revisions of other clauses come in by themselves.
    """
    return apply_drafts(queries.published_documents(revision.standard), queries.clause_drafts(revision.id))


def apply_drafts(base: dict[str, Document], drafts: Sequence[ClauseDraft]) -> dict[str, Document]:
    """Returns the base texts with the drafts applied, clause by clause."""
    documents = dict(base)
    for draft in drafts:
        for language, document in documents.items():
            documents[language] = _apply(document, draft, language)
    return documents


def _apply(document: Document, draft: ClauseDraft, language: str) -> Document:
    if draft.kind is DraftKind.RETIRED:
        return document.without(draft.clause_id) if document.has(draft.clause_id) else document
    heading = draft.heading_zh if language == "zh" else draft.heading_en
    body = draft.body_zh if language == "zh" else draft.body_en
    if not heading and not body:
        return document  # this language lags behind; publishing asks for it or for a reason
    is_primary = document.front.is_primary
    tags = tuple(draft.tags) if is_primary else ()
    audience = tuple(draft.audience) if is_primary else ()
    heading = heading or draft.heading_zh or draft.heading_en
    if document.has(draft.clause_id):
        old = document.clause(draft.clause_id)
        changed = document.with_clause(
            replace(old, heading=heading, body=body, tags=tags or old.tags, audience=audience)
            if is_primary
            else replace(old, heading=heading, body=body)
        )
    else:
        after = (
            draft.after_clause_id if draft.after_clause_id and document.has(draft.after_clause_id) else None
        )
        clause = Clause(draft.clause_id, heading, body, tags, audience)
        changed = document.with_clause(clause, after=after)
    if is_primary:
        changed = changed.with_measures(draft.clause_id, tuple(Measure.from_data(m) for m in draft.measures))
    return changed
