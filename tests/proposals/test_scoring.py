"""Scoring: the panel's arithmetic with boundary values and against scipy."""

import random

import pytest
from scipy.stats import friedmanchisquare

from app.proposals.scoring import (
    Card,
    Quadrant,
    Question,
    Size,
    Strength,
    Weights,
    agreement,
    card_score,
    kendall_w,
    may_see_scores,
    means,
    proposal_score,
    quadrant,
    questions_without_reason,
    quorum,
    ranking,
    size,
    strength,
    talk_first,
)


def card(assessor: str, impact: int, cost: int, urgency: int, department: str = "service") -> Card:
    return Card(assessor, department, impact, cost, urgency)


def answers(impact: float = 3, cost: float = 3, urgency: float = 3) -> dict[Question, float]:
    return {Question.IMPACT: impact, Question.COST: cost, Question.URGENCY: urgency}


@pytest.mark.parametrize(
    ("impact", "cost", "urgency", "score"),
    [(1, 5, 1, 1.0), (5, 1, 5, 5.0), (3, 3, 3, 3.0), (5, 5, 5, 4.2), (4, 2, 5, 4.4), (1, 1, 1, 1.8)],
)
def test_score_of_a_card(impact: int, cost: int, urgency: int, score: float) -> None:
    assert card_score(card("a", impact, cost, urgency)) == pytest.approx(score)


def test_other_weights_change_the_score() -> None:
    assert card_score(card("a", 5, 1, 1), Weights(impact=1, urgency=0, cost=0)) == 5


@pytest.mark.parametrize("weights", [(0.5, 0.5, 0.5), (1.2, -0.2, 0.0), (0.3, 0.3, 0.3)])
def test_weights_make_one(weights: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Weights(*weights)


@pytest.mark.parametrize(
    ("given", "reasons", "missing"),
    [
        (answers(3, 3, 3), {}, []),
        (answers(1, 3, 5), {}, [Question.IMPACT, Question.URGENCY]),
        (answers(1, 3, 5), {Question.IMPACT: "affects few", Question.URGENCY: " "}, [Question.URGENCY]),
        (answers(2, 5, 4), {Question.COST: "new system"}, []),
        (answers(2, 1, 4), {}, [Question.COST]),
    ],
)
def test_ends_of_the_scale_need_a_reason(given: dict, reasons: dict, missing: list) -> None:
    assert questions_without_reason(given, reasons) == missing


@pytest.mark.parametrize("given", [answers(0), answers(6), {Question.IMPACT: 3}, {}])
def test_answers_outside_the_scale_are_refused(given: dict) -> None:
    with pytest.raises(ValueError, match="no answer"):
        questions_without_reason(given, {})


def test_no_cards_have_no_score() -> None:
    assert proposal_score([]) is None
    assert means([]) == {}
    assert talk_first([]) == ()


@pytest.mark.parametrize(
    ("urgencies", "talked"),
    [([1, 3], ()), ([1, 4], (Question.URGENCY,)), ([2, 5], (Question.URGENCY,)), ([3], ()), ([2, 3, 4], ())],
)
def test_answers_three_apart_are_talked_about_first(urgencies: list[int], talked: tuple) -> None:
    assert talk_first([card(str(i), 3, 3, urgency) for i, urgency in enumerate(urgencies)]) == talked


def test_ranking_shows_how_much_one_person_decides() -> None:
    proposals = {
        "26-001": [card("a", 5, 1, 5), card("b", 1, 5, 1), card("c", 3, 3, 3)],
        "26-002": [card("a", 4, 3, 3), card("b", 3, 3, 3), card("c", 3, 3, 3)],
        "26-003": [card("a", 1, 3, 1), card("b", 2, 3, 2), card("c", 2, 3, 2)],
    }
    first, second, third = ranking(proposals)
    assert (first.proposal, first.rank, first.best, first.worst) == ("26-002", 1, 1, 2)
    assert (second.proposal, second.rank, second.best, second.worst) == ("26-001", 2, 1, 3)
    assert (third.proposal, third.rank, third.best, third.worst) == ("26-003", 3, 2, 3)
    assert second.talk_first == (Question.IMPACT, Question.COST, Question.URGENCY)


def test_leaving_out_the_only_assessor_of_a_proposal_leaves_its_range() -> None:
    lines = ranking({"26-001": [card("a", 5, 1, 5)], "26-002": [card("b", 1, 5, 1)]})
    assert [(line.proposal, line.rank, line.best, line.worst) for line in lines] == [
        ("26-001", 1, 1, 1),
        ("26-002", 2, 1, 2),
    ]


def test_equal_scores_share_a_rank_and_unscored_come_last() -> None:
    lines = ranking(
        {"c": [], "b": [card("a", 3, 3, 3)], "a": [card("a", 3, 3, 3)], "d": [card("a", 1, 3, 1)]}
    )
    assert [(line.proposal, line.rank) for line in lines] == [("a", 1), ("b", 1), ("d", 3), ("c", None)]
    assert (lines[-1].score, lines[-1].best, lines[-1].worst, lines[-1].cards) == (None, None, None, 0)


def test_agreement_of_one_mind_is_one_and_of_opposites_none() -> None:
    same = {p: [card("a", n, 3, n), card("b", n, 3, n)] for p, n in (("x", 1), ("y", 3), ("z", 5))}
    opposite = {
        p: [card("a", n, 3, n), card("b", 6 - n, 3, 6 - n)] for p, n in (("x", 1), ("y", 3), ("z", 5))
    }
    assert agreement(same) == 1.0
    assert agreement(opposite) == 0.0


@pytest.mark.parametrize(
    "proposals",
    [
        {},
        {"x": [card("a", 3, 3, 3), card("b", 3, 3, 3)]},
        {"x": [card("a", 3, 3, 3)], "y": [card("a", 2, 3, 3)]},
        {"x": [card("a", 3, 3, 3)], "y": [card("b", 2, 3, 3)]},
        {"x": [card("a", 3, 3, 3), card("b", 3, 3, 3)], "y": [card("a", 3, 3, 3), card("b", 3, 3, 3)]},
    ],
)
def test_agreement_needs_two_assessors_two_proposals_and_a_difference(proposals: dict) -> None:
    assert agreement(proposals) is None


def test_who_left_a_proposal_out_does_not_count_for_agreement() -> None:
    proposals = {"x": [card("a", 1, 3, 1), card("b", 2, 3, 2), card("c", 5, 3, 5)]}
    proposals["y"] = [card("a", 5, 3, 5), card("b", 4, 3, 4)]
    assert agreement(proposals) == 1.0


@pytest.mark.parametrize("seed", range(20))
def test_agreement_equals_the_statistic_of_friedman(seed: int) -> None:
    """W = chi-square / (m (n - 1)); scipy corrects for ties the same way."""
    draw = random.Random(seed)
    judges, items = draw.randint(3, 8), draw.randint(3, 9)
    grid = [[draw.randint(1, 5) for _ in range(judges)] for _ in range(items)]
    proposals = {
        f"p{i}": [card(f"a{j}", row[j], 3, row[j]) for j in range(judges)] for i, row in enumerate(grid)
    }
    statistic = friedmanchisquare(*grid).statistic
    assert agreement(proposals) == pytest.approx(statistic / (judges * (items - 1)))


SIX_APPLICANTS = ([1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1])
TEN_ITEMS_WITH_TIES = (
    [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
    [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
    [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
)


@pytest.mark.parametrize(
    ("rankings", "published"),
    [(SIX_APPLICANTS, 0.16), (TEN_ITEMS_WITH_TIES, 0.828), ([[1, 2, 3]] * 4, 1), ([[1, 2], [2, 1]], 0)],
)
def test_agreement_equals_published_examples(rankings: tuple[list[float], ...], published: float) -> None:
    """Siegel (1956), chapter 9: three executives and six applicants, 0.16; three rankings with ties, 0.828."""
    rows = [{str(item): rank for item, rank in enumerate(ranks)} for ranks in rankings]
    assert kendall_w(rows) == pytest.approx(published, abs=0.0051 if published == 0.16 else 0.00051)


@pytest.mark.parametrize(
    ("w", "words"),
    [
        (0, Strength.NONE),
        (0.299, Strength.NONE),
        (0.3, Strength.WEAK),
        (0.5, Strength.FAIR),
        (0.699, Strength.FAIR),
        (0.7, Strength.STRONG),
        (1, Strength.STRONG),
    ],
)
def test_agreement_in_words(w: float, words: Strength) -> None:
    assert strength(w) is words


@pytest.mark.parametrize(
    ("urgency", "impact", "place"),
    [
        (3, 3, Quadrant.DO_NOW),
        (2.99, 3, Quadrant.PLAN),
        (3, 2.99, Quadrant.QUICK),
        (2.99, 2.99, Quadrant.LATER),
        (5, 5, Quadrant.DO_NOW),
        (1, 1, Quadrant.LATER),
    ],
)
def test_quadrants(urgency: float, impact: float, place: Quadrant) -> None:
    assert quadrant(answers(impact=impact, urgency=urgency)) == place


@pytest.mark.parametrize(
    ("cost", "expected"),
    [(1, Size.SMALL), (2.49, Size.SMALL), (2.5, Size.MEDIUM), (3.49, Size.MEDIUM), (3.5, Size.LARGE)],
)
def test_sizes(cost: float, expected: Size) -> None:
    assert size(answers(cost=cost)) == expected


def test_quorum_needs_scores_and_departments() -> None:
    cards = [card("a", 3, 3, 3, "service"), card("b", 3, 3, 3, "service")]
    state = quorum(cards, panel=7, skipped=2, needed=3)
    assert (state.missing, state.departments_missing, state.eligible) == (1, 1, 5)
    assert not state.is_reached
    assert not state.is_out_of_reach
    assert quorum([*cards, card("c", 3, 3, 3, "legal")], panel=7, skipped=2, needed=3).is_reached
    assert not quorum([*cards, card("c", 3, 3, 3)], panel=7, skipped=2, needed=3).is_reached


def test_too_many_skips_put_the_quorum_out_of_reach() -> None:
    assert quorum([], panel=4, skipped=2, needed=3).is_out_of_reach


@pytest.mark.parametrize(
    ("is_assessor", "has_answered", "is_closed", "sees"),
    [
        (True, False, False, False),
        (True, True, False, True),
        (False, False, False, False),
        (False, True, False, False),
        (True, False, True, True),
        (False, False, True, True),
    ],
)
def test_scores_are_blind_until_the_own_is_sent(
    is_assessor: bool, has_answered: bool, is_closed: bool, sees: bool
) -> None:
    assert may_see_scores(is_assessor, has_answered, is_closed) is sees
