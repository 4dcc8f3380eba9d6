"""Owns the panel's arithmetic: score, rank with its range, disagreement, agreement, quadrants, quorum. Stores no cards.

Three questions from 1 to 5 (S3 打分排序; experience P08): impact 影响范围, cost 实施成本, urgency 紧急程度. Skipped cards
("not my field", "conflict of interest") are no cards here: they are never passed in, only counted for the quorum.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from statistics import fmean

LOWEST, HIGHEST = 1, 5
TALK_FIRST_SPREAD = 3
"""Answers of one question that lie this far apart are talked about before anybody ranks (experience P08)."""

HIGH = 3.0
"""A mean answer from here on is "high" in the four quadrants: the middle of the scale."""

MIN_DEPARTMENTS = 2
"""A panel is cross-department (S3 跨部门评估小组): one department alone is no quorum."""


class Question(StrEnum):
    """What an assessor answers."""

    IMPACT = "impact"
    """How many customers and contacts it touches; 5 is most."""
    COST = "cost"
    """What it takes to do; 5 is dearest and lowers the score."""
    URGENCY = "urgency"
    """How soon it hurts; 5 is soonest."""


class Skip(StrEnum):
    """Why an assessor gives no score; both are recorded and excluded."""

    NOT_MY_FIELD = "not_my_field"
    """Cannot judge it."""
    CONFLICT = "conflict"
    """Has an interest in the outcome 利益相关（回避）."""


class Quadrant(StrEnum):
    """The four quadrants of urgency and impact (S2 紧急重要四象限法)."""

    DO_NOW = "do_now"
    """Urgent and of impact 马上做."""
    PLAN = "plan"
    """Of impact, not urgent 排期做."""
    QUICK = "quick"
    """Urgent, of little impact 快速处理."""
    LATER = "later"
    """Neither 先放着."""


class Strength(StrEnum):
    """How far the panel agrees, in words."""

    NONE = "none"
    """Below 0.3: the order is little more than chance."""
    WEAK = "weak"
    """From 0.3."""
    FAIR = "fair"
    """From 0.5."""
    STRONG = "strong"
    """From 0.7."""


class Size(StrEnum):
    """The cost as the marker's size on the plot."""

    SMALL = "S"
    """Mean cost below 2.5."""
    MEDIUM = "M"
    """Mean cost from 2.5 to below 3.5."""
    LARGE = "L"
    """Mean cost from 3.5."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each question counts; the three make 1. The chair may change them, with a record."""

    impact: float = 0.4
    urgency: float = 0.4
    cost: float = 0.2

    def __post_init__(self) -> None:
        if (
            min(self.impact, self.urgency, self.cost) < 0
            or abs(self.impact + self.urgency + self.cost - 1) > 1e-9
        ):
            raise ValueError("weights must not be negative and make 1 together")


@dataclass(frozen=True, slots=True)
class Card:
    """One assessor's answers on one proposal. `reasons` holds the reason of each question that has one."""

    assessor: str
    department: str
    impact: int
    cost: int
    urgency: int
    reasons: Mapping[Question, str] = field(default_factory=dict)

    def answer(self, question: Question) -> int:
        """Returns the answer to one question."""
        return {Question.IMPACT: self.impact, Question.COST: self.cost, Question.URGENCY: self.urgency}[
            question
        ]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of the ranking. `best` and `worst` are the ranks it takes when each assessor in turn is left out.

    `rank`, `best`, `worst` and `score` are None without a card. `means` is {question: mean}, `talk_first` the
    questions with disagreement; they are shown before the average (D11).
    """

    proposal: str
    score: float | None
    rank: int | None
    best: int | None
    worst: int | None
    means: dict[Question, float]
    talk_first: tuple[Question, ...]
    cards: int


@dataclass(frozen=True, slots=True)
class Quorum:
    """How far the panel is: `missing` scores and `departments_missing` until it is reached.

    `eligible` is the panel without those who skipped; when it is smaller than `needed` the chair must name others.
    """

    needed: int
    given: int
    eligible: int
    missing: int
    departments_missing: int

    @property
    def is_reached(self) -> bool:
        """True when enough assessors of enough departments have scored."""
        return self.missing == 0 and self.departments_missing == 0

    @property
    def is_out_of_reach(self) -> bool:
        """True when even all who may score could not reach it."""
        return self.eligible < self.needed


def questions_without_reason(
    answers: Mapping[Question, int], reasons: Mapping[Question, str]
) -> list[Question]:
    """Lists the questions answered with 1 or 5 that lack a reason (experience P08); empty means the card may be sent.

    Raises ValueError for an answer that is missing or outside 1 to 5.
    """
    for question in Question:
        if answers.get(question) not in range(LOWEST, HIGHEST + 1):
            raise ValueError(f"no answer from {LOWEST} to {HIGHEST} for {question}")
    return [q for q in Question if answers[q] in {LOWEST, HIGHEST} and not reasons.get(q, "").strip()]


def card_score(card: Card, weights: Weights = Weights()) -> float:
    """Returns impact x 0.4 + urgency x 0.4 + (6 - cost) x 0.2, between 1 and 5, for the given weights."""
    return card.impact * weights.impact + card.urgency * weights.urgency + (6 - card.cost) * weights.cost


def proposal_score(cards: Sequence[Card], weights: Weights = Weights()) -> float | None:
    """Returns the mean of the cards' scores; None without a card."""
    return fmean(card_score(card, weights) for card in cards) if cards else None


def means(cards: Sequence[Card]) -> dict[Question, float]:
    """Returns {question: mean answer}; empty without a card."""
    return (
        {question: fmean(card.answer(question) for card in cards) for question in Question} if cards else {}
    )


def talk_first(cards: Sequence[Card]) -> tuple[Question, ...]:
    """Returns the questions whose answers lie 3 or more apart: talked about first 先讨论."""
    answers = {question: [card.answer(question) for card in cards] for question in Question}
    return tuple(q for q, given in answers.items() if given and max(given) - min(given) >= TALK_FIRST_SPREAD)


def ranking(proposals: Mapping[str, Sequence[Card]], weights: Weights = Weights()) -> list[Ranked]:
    """Ranks proposals by score, best first; equal scores share a rank (1, 1, 3); those without a card come last.

    The range shows how much one person decides: every assessor is left out of all proposals in turn.
    """
    ranks = _ranks(proposals, weights)
    spans = {proposal: [rank] for proposal, rank in ranks.items()}
    for assessor in sorted({card.assessor for cards in proposals.values() for card in cards}):
        others = {
            proposal: [c for c in cards if c.assessor != assessor] for proposal, cards in proposals.items()
        }
        for proposal, rank in _ranks(others, weights).items():
            spans[proposal].append(rank)
    lines = [
        Ranked(
            proposal=proposal,
            score=proposal_score(cards, weights),
            rank=ranks.get(proposal),
            best=min(spans[proposal]) if proposal in spans else None,
            worst=max(spans[proposal]) if proposal in spans else None,
            means=means(cards),
            talk_first=talk_first(cards),
            cards=len(cards),
        )
        for proposal, cards in proposals.items()
    ]
    return sorted(lines, key=lambda line: (line.rank is None, line.rank or 0, line.proposal))


def agreement(proposals: Mapping[str, Sequence[Card]], weights: Weights = Weights()) -> float | None:
    """Returns Kendall's W of the assessors' rankings, corrected for ties: 0 no agreement, 1 the same ranking.

    Counts the assessors who scored every proposal that has a card. None with fewer than two of them, fewer than two
    proposals, or when everybody scored all the same. Source: Kendall and Smith (1939), with the usual tie correction.
    """
    scored = {proposal: cards for proposal, cards in proposals.items() if cards}
    by_assessor: dict[str, dict[str, float]] = {}
    for proposal, cards in scored.items():
        for card in cards:
            by_assessor.setdefault(card.assessor, {})[proposal] = round(card_score(card, weights), 9)
    return kendall_w([scores for scores in by_assessor.values() if len(scores) == len(scored)])


def kendall_w(rows: Sequence[Mapping[str, float]]) -> float | None:
    """Returns Kendall's W of judges who scored the same items, corrected for ties. `rows` is {item: score} a judge.

    None with fewer than two judges or items, or when every judge gave all items the same. Source: as for `agreement`.
    """
    judges, items = len(rows), len(rows[0]) if rows else 0
    if judges < 2 or items < 2:
        return None
    totals: dict[str, Fraction] = dict.fromkeys(rows[0], Fraction(0))
    ties = 0
    for scores in rows:
        for item, rank in _mid_ranks(scores).items():
            totals[item] += rank
        ties += sum(count**3 - count for count in _counts(scores.values()))
    mean = Fraction(judges * (items + 1), 2)
    spread = sum((total - mean) ** 2 for total in totals.values())
    most = judges * judges * (items**3 - items) - judges * ties
    return float(12 * spread / most) if most else None


def strength(w: float) -> Strength:
    """Puts an agreement into words by the limits of Schmidt (1997): 0.3 is weak, 0.5 moderate, 0.7 strong."""
    return (
        Strength.NONE
        if w < 0.3
        else Strength.WEAK
        if w < 0.5
        else Strength.FAIR
        if w < 0.7
        else Strength.STRONG
    )


def quadrant(answers: Mapping[Question, float]) -> Quadrant:
    """Places mean answers on the plot of urgency (x) and impact (y); 3 and more is high."""
    urgent, important = answers[Question.URGENCY] >= HIGH, answers[Question.IMPACT] >= HIGH
    if important:
        return Quadrant.DO_NOW if urgent else Quadrant.PLAN
    return Quadrant.QUICK if urgent else Quadrant.LATER


def size(answers: Mapping[Question, float]) -> Size:
    """Returns the cost as S, M or L."""
    cost = answers[Question.COST]
    return Size.SMALL if cost < 2.5 else Size.MEDIUM if cost < 3.5 else Size.LARGE


def quorum(cards: Sequence[Card], panel: int, skipped: int, needed: int) -> Quorum:
    """Says how many scores and departments are missing. `panel` counts all invited, `skipped` those who may not score."""
    departments = len({card.department for card in cards})
    return Quorum(
        needed=needed,
        given=len(cards),
        eligible=max(0, panel - skipped),
        missing=max(0, needed - len(cards)),
        departments_missing=max(0, MIN_DEPARTMENTS - departments),
    )


def may_see_scores(is_assessor: bool, has_answered: bool, is_closed: bool) -> bool:
    """True when a viewer may see others' scores: an assessor only after the own card (D11), others when closed."""
    return is_closed or (is_assessor and has_answered)


def _ranks(proposals: Mapping[str, Sequence[Card]], weights: Weights) -> dict[str, int]:
    scores = {
        proposal: round(score, 9)
        for proposal, cards in proposals.items()
        if (score := proposal_score(cards, weights)) is not None
    }
    return {
        proposal: 1 + sum(other > score for other in scores.values()) for proposal, score in scores.items()
    }


def _mid_ranks(scores: Mapping[str, float]) -> dict[str, Fraction]:
    """Ranks from 1 (lowest); equal scores share the mean of their ranks."""
    values = sorted(scores.values())
    first: dict[float, int] = {}
    for place, value in enumerate(values, 1):
        first.setdefault(value, place)
    count = {value: values.count(value) for value in first}
    return {proposal: first[value] + Fraction(count[value] - 1, 2) for proposal, value in scores.items()}


def _counts(values: Iterable[float]) -> list[int]:
    listed = list(values)
    return [listed.count(value) for value in set(listed)]
