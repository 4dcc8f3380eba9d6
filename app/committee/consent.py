"""Owns when the committee may decide: its quorum, and agreeing before the meeting. Pure; knows no table."""

from dataclasses import dataclass
from enum import StrEnum

CONSENT_WORKING_DAYS = 3
"""How long members have to object before a meeting."""


class Consent(StrEnum):
    """Where agreeing before the meeting stands."""

    NOT_ASKED = "not_asked"
    RUNNING = "running"
    OBJECTED = "objected"
    """Somebody objects: the meeting decides."""
    AGREED = "agreed"
    """The time ran out and nobody objected."""


@dataclass(frozen=True)
class Voices:
    """What members said to one item."""

    agree: int = 0
    object: int = 0


def quorum_needed(members: int) -> int:
    """Returns how many must be there: more than half; one at least."""
    return members // 2 + 1


def has_quorum(present: int, members: int) -> bool:
    """Tells whether enough of the committee are there to decide."""
    return members > 0 and present >= quorum_needed(members)


def standing(is_asked: bool, is_over: bool, voices: Voices) -> Consent:
    """Returns where agreeing before the meeting stands. Silence is agreement; one objection is enough against it."""
    if not is_asked:
        return Consent.NOT_ASKED
    if voices.object:
        return Consent.OBJECTED
    return Consent.AGREED if is_over else Consent.RUNNING
