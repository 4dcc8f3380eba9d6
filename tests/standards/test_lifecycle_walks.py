"""The one function that moves a revision, walked at random on a real database beside the table it must obey.

Facts are drawn here instead of proved, so that every cell is met: what `perform` does with them is what is tested.
"""

from collections.abc import Iterator
from random import Random

import pytest
import sqlalchemy as sa

from app.core import events
from app.core.access import SYSTEM, VISITOR, Actor
from app.core.db import db
from app.core.errors import NotAllowed, Reason, Refused, Stale
from app.standards import library, lifecycle, service
from app.standards import queries as standards_queries
from app.standards.models import Revision, RevisionStep
from app.standards.workflow import OWNER_MOVES, RULES, Fact, Move, State
from tests.house_fixtures import CAST, House
from tests.proposal_cases import starter

SIDE_EXITS = {Move.WITHDRAW, Move.DECLINE, Move.DECLINE_LATE, Move.STOP}  # drawn seldom: they end a walk


@pytest.fixture
def drawn_facts() -> Iterator[set[Fact]]:
    """The facts that hold; the law's own functions and reactions are put back afterwards."""
    true: set[Fact] = set()
    provers, reactions = dict(lifecycle._provers), dict(events._handlers)
    lifecycle.wire(
        {f: lambda revision, attempt, f=f: () if f in true else (Reason(f"missing.{f}"),) for f in Fact}
    )
    events.wire({})
    yield true
    lifecycle._provers.clear()
    lifecycle._provers.update(provers)
    events.wire(reactions)


def allowed(revision: Revision, move: Move, actor: Actor, true: set[Fact]) -> bool:
    """What the table says, read afresh: state, permission, ownership, hold and facts."""
    if revision.is_on_hold and move is not Move.WITHDRAW:
        return False
    for rule in RULES:
        if rule.move is not move or revision.state not in rule.sources or not set(rule.facts) <= true:
            continue
        if rule.permission is None:
            if actor.is_system:
                return True
        elif not actor.is_system and actor.may(rule.permission):
            return move not in OWNER_MOVES or actor.person_id == revision.proposer_id
    return False


def attempt(revision: Revision, move: Move, actor: Actor) -> RevisionStep | None:
    """The step, or None when the move was refused; a refusal always says why."""
    try:
        return lifecycle.perform(revision, lifecycle.Attempt(move, actor, "试"))
    except (NotAllowed, Refused) as error:
        if not error.reasons:
            raise
        return None


def test_perform_does_what_the_law_allows_and_nothing_else(
    sqlite_house: House, drawn_facts: set[Fact]
) -> None:
    library.import_standard(SYSTEM, starter("cs-04"))
    actors = [SYSTEM, VISITOR, *(sqlite_house.actor(name) for name in CAST)]
    draw, done, refused, seen = Random(26), 0, 0, set()
    for number in range(40):
        owner = sqlite_house.actor(draw.choice(["director", "agent", "chair"]))
        revision = service.make_revision(owner, standards_queries.standard("cs-04"), title=f"试 {number}")
        for _ in range(120):
            drawn_facts.clear()
            drawn_facts.update(f for f in Fact if draw.random() < 0.97)
            revision.is_on_hold = draw.random() < 0.05
            here = [
                rule.move for rule in RULES if revision.state in rule.sources and rule.move not in SIDE_EXITS
            ]
            move = draw.choice(here if here and draw.random() < 0.9 else list(Move))
            actor, before = draw.choice(actors), revision.state
            expected = allowed(revision, move, actor, drawn_facts)
            step = attempt(revision, move, actor)
            assert (step is not None) is expected, f"{move.value} from {before.value} by {actor.subject}"
            if step is None:
                assert revision.state is before
                refused += 1
            else:
                assert (step.from_state, step.to_state) == (before, revision.state)
                done += 1
                seen.add(move)
        steps = db.session.scalars(
            sa.select(RevisionStep).where(RevisionStep.revision_id == revision.id).order_by(RevisionStep.id)
        ).all()
        arrived = State.DRAFT
        for step in steps:
            assert step.from_state is arrived
            arrived = step.to_state
        assert arrived is revision.state
    assert done > 100
    assert refused > 2000
    assert len(seen) >= 15, sorted(seen)


def test_who_saw_another_state_is_told_so(sqlite_house: House, drawn_facts: set[Fact]) -> None:
    library.import_standard(SYSTEM, starter("cs-04"))
    drawn_facts.update(Fact)
    owner = sqlite_house.actor("director")
    revision = service.make_revision(owner, standards_queries.standard("cs-04"), title="试")
    lifecycle.perform(revision, lifecycle.Attempt(Move.PROPOSE, owner), seen=State.DRAFT)
    with pytest.raises(Stale):
        lifecycle.perform(revision, lifecycle.Attempt(Move.WITHDRAW, owner), seen=State.DRAFT)
    assert revision.state is State.PROPOSED
