"""The law walked at random: no step can be skipped, whatever happens in whatever order (trust G10).

A walk keeps its own small world (a text, signatures on it, scores, a pilot, a clock) and its own memory of what
happened. It knows the law only by asking the table; what must never happen is written from the mission, not from it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

import pytest

from app.standards.workflow import ENDS, RULES, WRITABLE_STATES, Fact, Move, Rule, State

FIELDS = ("legal", "business", "it")
SIDE_EXITS = {Move.WITHDRAW, Move.DECLINE, Move.DECLINE_LATE, Move.STOP}
SYSTEM_MOVES = {Move.REOPEN, Move.TAKE_EFFECT}
PUBLISHED = {State.IN_FORCE, State.ARCHIVED}
DECISIONS = {Move.ADOPT, Move.WAIVE_PILOT}
# The straight way; a walk starts somewhere on it, so that the late stages are seen as often as the early ones.
STRAIGHT: tuple[tuple[Move, tuple[str, ...]], ...] = (
    (Move.PROPOSE, ()),
    (Move.OPEN_SCORING, ("panel_scores", "panel_scores", "panel_scores", "chair_confirms")),
    (Move.ACCEPT, ("edit",)),
    (Move.SUBMIT, ("all_sign",)),
    (Move.START_PILOT, ("time_passes",)),
    (Move.ADOPT, ()),
    (Move.SCHEDULE, ("time_passes", "time_passes")),
    (Move.TAKE_EFFECT, ("time_passes",)),
    (Move.ARCHIVE, ()),
)


@dataclass
class Walk:
    """One revision, walked by everybody at once."""

    law: tuple[Rule, ...]
    draw: Random
    state: State = State.DRAFT
    text: int = 0
    signed: dict[str, int] = field(default_factory=dict)
    scores: int = 0
    rank_confirmed: bool = False
    pilot_over: bool = False
    pilot_decided: bool = False
    window_open: bool = False
    date_come: bool = False
    evaluated: bool = False
    prepared: set[Fact] = field(default_factory=set)
    path: list[tuple[Move, State, State]] = field(default_factory=list)
    frozen_text: int = -1
    frozen_signed: dict[str, int] = field(default_factory=dict)

    def is_true(self, fact: Fact) -> bool:
        """What the functions on the wiring page would find."""
        fresh = all(self.signed.get(name) == self.text for name in FIELDS)
        world = {
            Fact.SOMETHING_CHANGED: self.text > 0,
            Fact.SIGN_OFFS_FRESH: fresh,
            Fact.SIGN_OFF_STALE: not fresh,
            Fact.LEGAL_SIGN_OFF_FRESH: self.signed.get("legal") == self.text,
            Fact.QUORUM_REACHED: self.scores >= 3,
            Fact.RANK_CONFIRMED: self.rank_confirmed,
            Fact.PILOT_MAY_END: self.pilot_over,
            Fact.PILOT_DECIDED: self.pilot_decided,
            Fact.PILOT_UNDECIDED: not self.pilot_decided,
            Fact.INSIDE_UNDO_WINDOW: self.window_open,
            Fact.EFFECTIVE_DATE_COME: self.date_come,
            Fact.EFFECT_EVALUATED: self.evaluated,
        }
        return world.get(fact, fact in self.prepared)

    def try_move(self, move: Move, by_system: bool) -> None:
        """Does the move if the law allows it to a person with every permission, or to the system."""
        for law in self.law:
            if (
                law.move is not move
                or self.state not in law.sources
                or (law.permission is None) is not by_system
            ):
                continue
            if all(self.is_true(fact) for fact in law.facts):
                self.path.append((move, self.state, law.target))
                self.state = law.target
                if law.target is State.SCHEDULED:
                    self.frozen_text, self.frozen_signed = self.text, dict(self.signed)
                    self.window_open, self.date_come = True, False
                if move is Move.START_PILOT:
                    self.pilot_over = False
                if law.target is State.IN_REVIEW:
                    self.pilot_decided = False
                if move in DECISIONS:
                    self.pilot_decided = True
                return

    def any_move(self) -> None:
        self.try_move(self.draw.choice(list(Move)), self.draw.random() < 0.3)

    def a_move_of_this_state(self) -> None:
        moves = [law.move for law in self.law if self.state in law.sources and law.move not in SIDE_EXITS]
        if moves:
            move = self.draw.choice(moves)
            self.try_move(move, move in SYSTEM_MOVES)

    def edit(self) -> None:
        self.text += self.state in WRITABLE_STATES

    def one_signs(self) -> None:
        if self.state is State.IN_REVIEW:
            self.signed[self.draw.choice(FIELDS)] = self.text

    def all_sign(self) -> None:
        if self.state is State.IN_REVIEW:
            self.signed = dict.fromkeys(FIELDS, self.text)

    def one_takes_back(self) -> None:
        self.signed.pop(self.draw.choice(FIELDS), None)

    def prepare_all(self) -> None:
        self.prepared = set(Fact)

    def one_is_missing(self) -> None:
        self.prepared.discard(self.draw.choice(list(Fact)))

    def panel_scores(self) -> None:
        self.scores += self.state is State.SCORING

    def chair_confirms(self) -> None:
        self.rank_confirmed = self.rank_confirmed or self.state is State.SCORING

    def time_passes(self) -> None:
        self.pilot_over = self.pilot_over or self.state is State.PILOTING
        self.evaluated = self.evaluated or self.state is State.IN_FORCE
        if self.state is State.SCHEDULED:
            self.window_open, self.date_come = False, not self.window_open

    def went(self, *moves: Move) -> bool:
        return any(move in moves for move, _, _ in self.path)

    def was_decided(self) -> bool:
        """Whether the last thing that happened to the question of a pilot was its answer."""
        asked = [move for move, _, target in self.path if move in DECISIONS or target is State.IN_REVIEW]
        return bool(asked) and asked[-1] in DECISIONS

    def way_to(self, state: State) -> Move | None:
        """The move by which the revision last came into the state."""
        return next((move for move, _, target in reversed(self.path) if target is state), None)


DEEDS: tuple[str, ...] = (
    *["a_move_of_this_state"] * 6,
    *["any_move", "prepare_all", "time_passes", "all_sign"] * 2,
    *["edit", "one_signs", "one_takes_back", "one_is_missing", "panel_scores", "chair_confirms"],
)

# What must never happen, in the words of the mission; each is asked after every deed.
NEVER: dict[str, Callable[[Walk], bool]] = {
    "a move starts where the last one did not end": lambda w: any(
        before[2] is not after[1] for before, after in zip(w.path, w.path[1:], strict=False)
    ),
    "an end is left": lambda w: any(source in ENDS for _, source, _ in w.path),
    "drafting starts without panel and chair, or a named authority": lambda w: (
        w.state not in {State.DRAFT, State.PROPOSED, State.SCORING, *ENDS}
        and not w.went(Move.FAST_TRACK)
        and not (w.went(Move.ACCEPT) and w.scores >= 3 and w.rank_confirmed)
    ),
    "a pilot ends before it is over": lambda w: (
        w.path[-1][0] in {Move.ADOPT, Move.AMEND} and not w.pilot_over
    ),
    "a text is scheduled without pilot or waiver": lambda w: (
        w.state in {State.SCHEDULED, *PUBLISHED}
        and w.way_to(State.SCHEDULED) is Move.SCHEDULE
        and not w.was_decided()
    ),
    "a text is published that legal did not sign word for word": lambda w: (
        w.state in PUBLISHED and w.frozen_signed.get("legal") != w.frozen_text
    ),
    "a text is published in the normal way that a field did not sign": lambda w: (
        w.state in PUBLISHED
        and w.way_to(State.SCHEDULED) is Move.SCHEDULE
        and w.frozen_signed != dict.fromkeys(FIELDS, w.frozen_text)
    ),
    "another text is in force than the one scheduled": lambda w: (
        w.state in {State.SCHEDULED, *PUBLISHED} and w.text != w.frozen_text
    ),
    "a text is in force before its date or inside the undo window": lambda w: (
        w.path[-1][0] is Move.TAKE_EFFECT and (w.window_open or not w.date_come)
    ),
    "a person decides when a text takes effect": lambda w: any(
        law.permission is not None for law in w.law if law.move is Move.TAKE_EFFECT
    ),
    "something is archived that was never in force or never evaluated": lambda w: (
        w.state is State.ARCHIVED and not (w.went(Move.TAKE_EFFECT) and w.evaluated)
    ),
}


def faults(law: tuple[Rule, ...], walks: int, steps: int = 50) -> list[str]:
    """Walks so many revisions; returns what should never have happened with the walk that did it, at most one."""
    for seed in range(walks):
        walk = Walk(law, Random(seed))
        walk.prepare_all()
        for move, deeds in STRAIGHT[: walk.draw.randrange(len(STRAIGHT))]:
            walk.try_move(move, move in SYSTEM_MOVES)
            for deed in deeds:
                getattr(walk, deed)()
        for _ in range(steps):
            getattr(walk, walk.draw.choice(DEEDS))()
            for name, happened in NEVER.items():
                if walk.path and happened(walk):
                    return [f"{name}: seed {seed}, " + " > ".join(move.value for move, _, _ in walk.path)]
    return []


def test_no_step_can_be_skipped() -> None:
    assert faults(RULES, 2000) == []


@pytest.mark.long
def test_no_step_can_be_skipped_in_fifty_thousand_walks() -> None:
    assert faults(RULES, 50_000, 80) == []


PLANTED: tuple[tuple[Move, Fact | None, State | None, str], ...] = (
    (Move.SCHEDULE, Fact.SIGN_OFFS_FRESH, None, "did not sign"),
    (Move.EMERGENCY, Fact.LEGAL_SIGN_OFF_FRESH, None, "legal did not sign"),
    (Move.TAKE_EFFECT, Fact.EFFECTIVE_DATE_COME, None, "before its date"),
    (Move.ACCEPT, Fact.QUORUM_REACHED, None, "without panel and chair"),
    (Move.ACCEPT, Fact.RANK_CONFIRMED, None, "without panel and chair"),
    (Move.ADOPT, Fact.PILOT_MAY_END, None, "before it is over"),
    (Move.ARCHIVE, Fact.EFFECT_EVALUATED, None, "never evaluated"),
    (Move.SCHEDULE, Fact.PILOT_DECIDED, None, "without pilot or waiver"),
    (Move.SCHEDULE, Fact.PILOT_DECIDED, State.IN_REVIEW, "without pilot or waiver"),
    (Move.WAIVE_PILOT, None, State.DECLINED, "an end is left"),
)


@pytest.mark.parametrize(("move", "without", "also_from", "name"), PLANTED)
def test_a_planted_fault_in_the_law_is_found(
    move: Move, without: Fact | None, also_from: State | None, name: str
) -> None:
    sources = (also_from,) if also_from else ()
    law = tuple(
        replace(
            rule, facts=tuple(f for f in rule.facts if f is not without), sources=(*rule.sources, *sources)
        )
        if rule.move is move
        else rule
        for rule in RULES
    )
    found = faults(law, 4000)
    assert found, f"a law in which {move.value} lost {without or also_from} was walked without a fault"
    assert name in found[0]


def test_an_emergency_taken_back_is_no_way_round_the_pilot() -> None:
    walk = Walk(RULES, Random(0), state=State.IN_REVIEW)
    walk.prepare_all()
    walk.all_sign()
    for move, arrives in (
        (Move.EMERGENCY, State.SCHEDULED),
        (Move.UNDO_SCHEDULE, State.READY),
        (Move.SCHEDULE, State.READY),  # refused
        (Move.WAIVE_PILOT, State.READY),
        (Move.SCHEDULE, State.SCHEDULED),
    ):
        walk.try_move(move, by_system=False)
        assert walk.state is arrives, move
    assert [move for move, _, _ in walk.path].count(Move.SCHEDULE) == 1


def test_the_straight_way_leads_to_the_archive() -> None:
    walk = Walk(RULES, Random(0))
    walk.prepare_all()
    for move, deeds in STRAIGHT:
        walk.try_move(move, move in SYSTEM_MOVES)
        assert walk.path[-1][0] is move
        for deed in deeds:
            getattr(walk, deed)()
    assert walk.state is State.ARCHIVED
