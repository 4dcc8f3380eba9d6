"""Owns the checks that the committee's verbs share: who may, what is still open, how long a remark may be."""

from app.committee.models import AgendaItem, Meeting, MeetingState
from app.core.access import Actor, Permission
from app.core.errors import NotAllowed, Refused

LIMIT_NOTE_BYTES = 8 * 1024


def must(actor: Actor, permission: Permission) -> None:
    """Raises NotAllowed for whoever lacks the permission, and for anybody who is no person."""
    if not actor.may(permission) or actor.person_id is None:
        raise NotAllowed("move.no_permission", permission=permission.value)


def must_be_planned(meeting: Meeting) -> None:
    """Raises Refused for a meeting that was held or cancelled."""
    if meeting.state is not MeetingState.PLANNED:
        raise Refused("committee.closed", day=meeting.day.isoformat())


def must_be_open(item: AgendaItem) -> None:
    """Raises Refused for an item that is decided or settled elsewhere."""
    must_be_planned(item.meeting)
    if item.verdict is not None or item.gone:
        raise Refused("committee.decided")
