"""Owns the hand-over of a draft to review: freezing its text, then the move. Proves nothing itself."""

from app.core.access import Actor
from app.core.errors import Reason
from app.standards import lifecycle, texts
from app.standards.lifecycle import Attempt
from app.standards.models import Revision, RevisionStep
from app.standards.workflow import Move, State


def why_not_submit(revision: Revision, actor: Actor) -> tuple[Reason, ...]:
    """Returns what still keeps the draft from review; empty means it may be sent."""
    return lifecycle.why_not(revision, Attempt(Move.SUBMIT, actor))


def submit(actor: Actor, revision: Revision, *, seen: State | None = None) -> RevisionStep:
    """Freezes the text and sends it to review. Raises what `lifecycle.perform` raises; then nothing was frozen.

    The caller commits, or rolls back after a refusal.
    """
    version = texts.freeze(actor, revision, why="submit")
    return lifecycle.perform(revision, Attempt(Move.SUBMIT, actor), text_version=version, seen=seen)
