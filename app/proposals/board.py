"""Owns what the scoring board and the card page show to one viewer: blind until the own card is sent. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.access import Actor, Permission
from app.people.models import Person
from app.proposals import queries
from app.proposals.models import RankDecision, ScoreCard, ScoreWeights, Scoring
from app.proposals.queries import Scored
from app.proposals.scoring import Quadrant as Place
from app.proposals.scoring import (
    Question,
    Quorum,
    Ranked,
    Size,
    Strength,
    Weights,
    agreement,
    quadrant,
    size,
    strength,
)
from app.standards.models import Revision
from app.standards.workflow import State
from app.web import shapes
from app.web.shapes import Dot

MINI_STEP, MINI_TOP, MINI_DOT = 24, 10, 7


@dataclass(frozen=True)
class MiniDot:
    """One assessor's answer on the small scale from 1 to 5; `x` and `y` are its place, equal answers stack up."""

    x: float
    y: float
    department: str
    answer: int


@dataclass(frozen=True)
class Mini:
    """The answers to one question: dots, their mean and the drawing's height."""

    question: Question
    mean: float
    mean_x: float
    dots: tuple[MiniDot, ...]
    height: int
    is_talk_first: bool


@dataclass(frozen=True)
class Row:
    """One proposal on the board. `line` and `minis` are absent where the viewer may not see the scores yet."""

    revision: Revision
    scoring: Scoring
    quorum: Quorum
    given: int
    members: int
    own_card: ScoreCard | None
    owes_card: bool
    line: Ranked | None
    minis: tuple[Mini, ...]
    cards: tuple[ScoreCard, ...]
    missing: tuple[Person, ...]
    decision: RankDecision | None
    evidence: int
    is_overdue: bool

    @property
    def place(self) -> Place | None:
        """Returns the quadrant of the visible mean answers."""
        return quadrant(self.line.means) if self.line and self.line.means else None

    @property
    def size(self) -> Size | None:
        """Returns the cost as S, M or L."""
        return size(self.line.means) if self.line and self.line.means else None


@dataclass(frozen=True)
class Board:
    """Everything the board shows: the rows in the order of their rank, the plot and how the score is made."""

    rows: tuple[Row, ...]
    plot: shapes.Quadrant | None
    weights: Weights
    agreement: float | None
    hidden: int
    history: tuple[tuple[ScoreWeights, Person | None], ...]

    @property
    def strength(self) -> Strength | None:
        """Returns how far the panel agrees; None while it cannot be said."""
        return None if self.agreement is None else strength(self.agreement)


def board_for(actor: Actor) -> Board:
    """Returns the board as the actor may see it; about eight queries whatever the number of proposals."""
    rows = _rows(actor)
    seen = [row for row in rows if row.line is not None and row.line.means]
    dots = [
        Dot(
            row.revision.number,
            row.line.means[Question.URGENCY],
            row.line.means[Question.IMPACT],
            row.size.value if row.size else "M",
        )
        for row in seen
        if row.line is not None
    ]
    history = queries.weights_history()
    weights = queries.weights_of(history[0][0] if history else None)
    cards = {row.revision.number: [c.as_card() for c in row.cards if c.skip is None] for row in seen}
    return Board(
        rows=tuple(sorted(rows, key=_order)),
        plot=shapes.quadrant(dots) if dots else None,
        weights=weights,
        agreement=agreement(cards, weights) if len(seen) > 1 else None,
        hidden=sum(1 for row in rows if row.line is None),
        history=tuple(history),
    )


def row_for(actor: Actor, revision: Revision) -> Row | None:
    """Returns the row of one proposal, open or closed; None when its scoring was never opened."""
    return next((row for row in _rows(actor, revision.id) if row.revision.id == revision.id), None)


def _rows(actor: Actor, also: int | None = None) -> list[Row]:
    """Returns the rows of what is being scored, and of the revision `also` even when its scoring is over."""
    all_scored = queries.scored(also)
    if not all_scored:
        return []
    cards, people = queries.cards_of([s.revision.id for s in all_scored]), queries.assessors()
    weights = all_scored[0].weights
    is_open = {s.revision.id for s in all_scored if s.is_open}
    ranked = queries.ranking({i: some for i, some in cards.items() if i in is_open}, weights)
    alone = queries.ranking({i: some for i, some in cards.items() if i not in is_open}, weights)
    return [_row(actor, s, people, cards[s.revision.id], ranked | alone) for s in all_scored]


def _row(
    actor: Actor,
    scored: Scored,
    people: Sequence[Person],
    cards: Sequence[ScoreCard],
    ranked: dict[int, Ranked],
) -> Row:
    one, revision = scored.scoring, scored.revision
    own = next((card for card in cards if card.assessor_id == actor.person_id), None)
    panel = queries.panel(revision, people, cards)
    is_closed = one.closed_at is not None
    sees = queries.may_see(actor, own, is_closed)
    line = ranked.get(revision.id) if sees else None
    shown = panel.scored if sees else ()
    return Row(
        revision=revision,
        scoring=one,
        quorum=panel.quorum,
        given=len(panel.cards),
        members=len(panel.members),
        own_card=own,
        owes_card=(
            actor.may(Permission.SCORE)
            and own is None
            and not is_closed
            and revision.proposer_id != actor.person_id
        ),
        line=line,
        minis=tuple(_mini(question, shown, line) for question in Question) if shown and line else (),
        cards=tuple(panel.cards) if sees else (),
        missing=panel.missing,
        decision=scored.decision,
        evidence=scored.evidence,
        is_overdue=not is_closed and queries.is_overdue(one) and revision.state is State.SCORING,
    )


def _mini(question: Question, cards: Sequence[ScoreCard], line: Ranked) -> Mini:
    stacked: dict[int, int] = {}
    dots = []
    for card in cards:
        answer = card.as_card().answer(question)
        level = stacked[answer] = stacked.get(answer, 0) + 1
        dots.append(MiniDot(_x(answer), MINI_TOP + (level - 1) * (MINI_DOT + 1), card.department, answer))
    height = MINI_TOP + max(stacked.values()) * (MINI_DOT + 1) + 12
    return Mini(
        question,
        line.means[question],
        _x(line.means[question]),
        tuple(dots),
        height,
        question in line.talk_first,
    )


def _x(answer: float) -> float:
    return round(12 + (answer - 1) * MINI_STEP, 1)


def _order(row: Row) -> tuple[bool, int, str]:
    rank = row.line.rank if row.line and row.line.rank else None
    return (rank is None, rank or 0, row.revision.number)
