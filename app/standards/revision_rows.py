"""Owns what this room keeps beside a revision and brings along with it."""

import sqlalchemy as sa
from sqlalchemy.orm import defer

from app.standards import queries
from app.standards.beside import Beside, count_of, newest_of, none_if_zero
from app.standards.models import ClauseDraft, Revision, RevisionClause, RevisionNote, TextVersion

_clause_ids = (
    sa.select(sa.func.aggregate_strings(RevisionClause.clause_id, ","))
    .where(RevisionClause.revision_id == Revision.id)
    .correlate(Revision)
    .scalar_subquery()
)

BESIDE = (
    Beside(queries.clause_ids, _clause_ids, answer=lambda ids: sorted(ids.split(",")) if ids else []),
    Beside(queries.notes, count_of(RevisionNote.id, RevisionNote.revision_id), answer=none_if_zero),
    Beside(queries.draft_count, count_of(ClauseDraft.id, ClauseDraft.revision_id)),
    Beside(queries.clause_drafts, count_of(ClauseDraft.id, ClauseDraft.revision_id), answer=none_if_zero),
    Beside(
        queries.newest_text_version,
        TextVersion,
        newest_of(TextVersion.id, TextVersion.revision_id),
        options=(defer(TextVersion.content),),  # the whole text; a page that says its number does not read it
    ),
)
