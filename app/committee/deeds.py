"""Owns what an agreed item brings about: the move of its revision, by the right of whoever decides. Records no decision."""

from dataclasses import dataclass

from app.committee.models import AgendaItem, ItemKind
from app.core.access import Actor
from app.core.errors import Invalid, Reason
from app.proposals import panel
from app.proposals import queries as proposals
from app.proposals import service as proposal_verbs
from app.standards import lifecycle
from app.standards.models import Revision
from app.standards.workflow import Move, State

# The moves that need no more than a yes. Publishing and concluding a pilot need a plan or a reading of figures; they
# stay on their own pages, with whoever holds their right.
MOVES: dict[ItemKind, tuple[State, Move]] = {
    ItemKind.RANK: (State.SCORING, Move.ACCEPT),
    ItemKind.SURGE: (State.PROPOSED, Move.FAST_TRACK),
}
# What deciding proves by itself: the rank is confirmed with the decision.
PROVED = ("score.rank_not_confirmed",)
SHORT_OF_CARDS = ("score.quorum_missing", "score.departments_missing")


@dataclass(frozen=True)
class Deed:
    """A move that follows from agreeing, and everything against it; nothing against it means it is done at once."""

    move: Move
    against: tuple[Reason, ...]


def deed_of(actor: Actor, item: AgendaItem, revision: Revision | None, note: str = "") -> Deed | None:
    """Returns what agreeing on the item would move in the name of the actor; None where nothing moves.

    Too few cards after the panel's last day do not stand against it where a note says why it goes on all the same.
    """
    state, move = MOVES.get(item.kind, (None, None))
    if revision is None or move is None or revision.state is not state:
        return None
    attempt = lifecycle.Attempt(move, actor, reason=note or item.key)
    known = PROVED + (SHORT_OF_CARDS if note and _is_late(revision) else ())
    return Deed(move, tuple(r for r in lifecycle.why_not(revision, attempt) if r.key not in known))


def needs_note(item: AgendaItem, revision: Revision | None) -> bool:
    """Tells whether agreeing needs a note: the panel's last day is over and cards are missing."""
    return (
        item.kind is ItemKind.RANK
        and revision is not None
        and revision.state is State.SCORING
        and _is_late(revision)
        and not proposals.panel(revision).quorum.is_reached
    )


def carry_out(
    actor: Actor, item: AgendaItem, revision: Revision | None, note: str, drafter_id: int | None = None
) -> bool:
    """Does what an agreed item brings about, in the name of the actor, and returns whether anything moved.

    What the law or the actor's rights do not allow stays undone; the decision stands all the same. Raises Invalid for
    a rank without enough cards and without a note, and for a drafter who is none.
    """
    if needs_note(item, revision) and not note:
        raise Invalid.of(f"note-{item.id}", "score.quorum_note_missing")
    deed = deed_of(actor, item, revision, note)
    if deed is None or deed.against or revision is None:
        return False
    if deed.move is Move.FAST_TRACK:
        proposal_verbs.fast_track(actor, revision, reason=note or item.key)
        return True
    if proposals.rank_decision(revision.id) is None:
        panel.confirm_rank(actor, revision, quorum_note=note if needs_note(item, revision) else "")
    panel.accept(actor, revision, drafter_id=drafter_id)
    return True


def _is_late(revision: Revision) -> bool:
    scoring = proposals.scoring_of(revision.id)
    return scoring is not None and proposals.is_overdue(scoring)
