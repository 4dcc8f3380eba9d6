"""Owns the facts that pilots prove for the workflow."""

from app.core import clock
from app.core.errors import Reason
from app.pilots import queries
from app.pilots.models import PilotState
from app.standards.lifecycle import Attempt
from app.standards.models import Revision


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
