"""Owns the facts that pilots prove for the workflow."""

from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.core.errors import Reason
from app.core.once import asked_once
from app.pilots import queries
from app.pilots.models import PilotState
from app.standards import queries as standards
from app.standards.lifecycle import Attempt
from app.standards.models import Revision, RevisionStep
from app.standards.workflow import Move, State


def prove_pilot_set_up(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """A pilot is planned and its first day has not passed."""
    pilot = queries.pilot_of(revision.id)
    if pilot is None or pilot.state is not PilotState.PLANNED:
        return (Reason("pilot.not_set_up", {"number": revision.number}),)
    if pilot.starts_on < clock.today():
        return (Reason("pilot.start_past"),)
    return ()


def prove_pilot_may_end(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """The planned end is reached, the stop rule is met, or a reason is given."""
    pilot = queries.pilot_of(revision.id)
    if pilot is None or pilot.state is not PilotState.RUNNING:
        return (Reason("pilot.not_running", {"number": revision.number}),)
    if clock.today() > pilot.ends_on or attempt.reason.strip():
        return ()
    result = queries.newest_result(pilot.id)
    if result is not None and result.numbers.get("harm"):
        return ()
    return (Reason("pilot.not_ended", {"day": pilot.ends_on.isoformat()}),)


def is_decided(revision: Revision) -> bool:
    """Tells whether a pilot was adopted or waived since the revision last came into review."""
    for step in reversed(standards.steps(revision.id)):
        if step.move in (Move.ADOPT, Move.WAIVE_PILOT):
            return True
        if step.to_state is State.IN_REVIEW:
            return False
    return False


def decided_beside(revision_id: Any) -> sa.ColumnElement[bool]:
    """Returns the condition that `is_decided` holds for a revision, to stand beside it in a wider question."""
    steps = sa.select(sa.func.max(RevisionStep.id)).where(RevisionStep.revision_id == revision_id)
    decision = steps.where(RevisionStep.move.in_([Move.ADOPT, Move.WAIVE_PILOT])).scalar_subquery()
    review = steps.where(RevisionStep.to_state == State.IN_REVIEW).scalar_subquery()
    return sa.func.coalesce(decision, 0) >= sa.func.coalesce(review, 1)


@asked_once
def left_open(revision_ids: frozenset[int]) -> frozenset[int]:
    """Returns which of some ready revisions have nothing decided about a pilot; one query, none without revisions."""
    if not revision_ids:
        return frozenset()
    undecided = sa.select(Revision.id).where(
        Revision.id.in_(revision_ids), sa.not_(decided_beside(Revision.id))
    )
    return frozenset(db.session.scalars(undecided))


def is_left_open(revision: Revision) -> bool:
    """Tells whether a revision is ready although nobody decided about a pilot: an emergency was taken back."""
    return revision.state is State.READY and not is_decided(revision)


def prove_pilot_decided(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """The pilot was adopted or waived in this round: what was decided before a review is not about its text."""
    return () if is_decided(revision) else (Reason("pilot.undecided", {"number": revision.number}),)


def prove_pilot_undecided(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """Nothing was decided about a pilot yet; a form that is sent twice waives it once."""
    return (Reason("pilot.decided", {"number": revision.number}),) if is_decided(revision) else ()
