"""Owns the saved states of a draft and the way back to them. What is typed between two saves is kept by autosave alone."""

import sqlalchemy as sa

from app.core import activity, events
from app.core.access import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.standards import queries
from app.standards.draft_rows import must_draft, own_measures, touch
from app.standards.drafting import check_claim, check_parses, fields_of, keep_copy, text_of
from app.standards.measures import Measure
from app.standards.models import ClauseDraft, DraftCopy, Revision

SAVED = "saved"
UNDONE = "undone"


def note_saved(actor: Actor, revision: Revision, clause_id: str) -> None:
    """Keeps the draft as it is now as a state to go back to; the same state is kept once in a row."""
    draft = queries.clause_draft(revision.id, clause_id)
    if draft is None:
        return
    newest = next(iter(_saved(revision.id, clause_id)), None)
    if newest is None or newest.fields != fields_of(text_of(draft)):
        keep_copy(actor, revision, clause_id, text_of(draft), why=SAVED)


def undo_save(actor: Actor, revision: Revision, clause_id: str) -> ClauseDraft:
    """Takes a draft back to the newest saved state that differs from it and returns it; the newer words stay kept.

    Doing it again goes one state further back. Raises NotFound where there is none; what was there before the
    first save is the text in force, see `drafting.discard_draft`.
    """
    must_draft(actor, revision)
    draft = queries.clause_draft(revision.id, clause_id)
    target = earlier_state(revision.id, clause_id, draft)
    if draft is None or target is None:
        raise NotFound("draft.nothing_to_undo", clause=clause_id[:40].upper())
    for copy in _saved(revision.id, clause_id):
        if copy.id > target.id:
            copy.why = UNDONE
    now = fields_of(text_of(draft))
    if not any(copy.fields == now for copy in _saved(revision.id, clause_id, UNDONE)):
        keep_copy(actor, revision, clause_id, text_of(draft), why=UNDONE)
    for name, value in target.fields.items():
        if name == "measures":
            value = own_measures(revision, clause_id, [Measure.from_data(data) for data in value])
        setattr(draft, name, value)
    touch(draft, actor)
    check_parses(revision)
    check_claim(revision, draft)
    activity.record(actor, "clause.save_undone", "revision", revision.number, clause=clause_id)
    events.announce(events.ClauseDrafted(revision.id, clause_id, actor.person_id))
    return draft


def earlier_state(revision_id: int, clause_id: str, draft: ClauseDraft | None) -> DraftCopy | None:
    """Returns the newest saved state that differs from the draft, None where there is none."""
    if draft is None:
        return None
    now = fields_of(text_of(draft))
    return next((copy for copy in _saved(revision_id, clause_id) if copy.fields != now), None)


def _saved(revision_id: int, clause_id: str, why: str = SAVED) -> list[DraftCopy]:
    """Returns the kept states of a clause, newest first."""
    return list(
        db.session.scalars(
            sa.select(DraftCopy)
            .where(
                DraftCopy.revision_id == revision_id, DraftCopy.clause_id == clause_id, DraftCopy.why == why
            )
            .order_by(DraftCopy.id.desc())
        )
    )
