"""Owns the facts that pilots prove for the workflow."""

from app.core import clock
from app.core.errors import Reason
from app.pilots import queries
from app.pilots.models import PilotState
from app.standards import queries as standards
from app.standards.lifecycle import Attempt
from app.standards.models import Revision
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


def is_left_open(revision: Revision) -> bool:
    """Tells whether a revision is ready although nobody decided about a pilot: an emergency was taken back."""
    return revision.state is State.READY and not is_decided(revision)


def prove_pilot_decided(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """The pilot was adopted or waived in this round: what was decided before a review is not about its text."""
    return () if is_decided(revision) else (Reason("pilot.undecided", {"number": revision.number}),)


def prove_pilot_undecided(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """Nothing was decided about a pilot yet; a form that is sent twice waives it once."""
    return (Reason("pilot.decided", {"number": revision.number}),) if is_decided(revision) else ()
