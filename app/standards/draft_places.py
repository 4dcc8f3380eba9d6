"""Owns where drafts stand when a publication of another revision takes away the clause beside them. Changes no word."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.core.db import db
from app.standards.models import ClauseDraft, ClauseLock


def keep_places(standard_id: int, before: Sequence[str], after: Sequence[str]) -> None:
    """Puts drafts of open revisions that stand beside a clause that is gone beside its nearest neighbour that stayed.

    `before` and `after` are the clause ids of two publications in their order. Without this a new clause would stand at
    the end of the text, where nobody put it.
    """
    stayed = set(after)
    gone = [clause_id for clause_id in before if clause_id not in stayed]
    if not gone:
        return
    drafts = db.session.scalars(
        sa.select(ClauseDraft)
        .join(
            ClauseLock,
            sa.and_(
                ClauseLock.revision_id == ClauseDraft.revision_id,
                ClauseLock.clause_id == ClauseDraft.clause_id,
                ClauseLock.standard_id == standard_id,
            ),
        )
        .where(sa.or_(ClauseDraft.after_clause_id.in_(gone), ClauseDraft.before_clause_id.in_(gone)))
    )
    for draft in drafts:
        at = before.index(next(c for c in (draft.after_clause_id, draft.before_clause_id) if c in gone))
        earlier = next((one for one in reversed(before[:at]) if one in stayed), None)
        later = next((one for one in before[at + 1 :] if one in stayed), None)
        if earlier and (draft.after_clause_id or not later):
            draft.after_clause_id, draft.before_clause_id = earlier, None
        else:
            draft.after_clause_id, draft.before_clause_id = None, later
