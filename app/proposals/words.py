"""Owns the words of proposals in both languages: the anchored answers of the panel, and this room's refusals."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.proposals.models import CreditKind
from app.proposals.scoring import Quadrant, Question, Skip, Strength
from app.web.reasons import register_reasons

QUESTION_WORDS: dict[Question, Any] = {
    Question.IMPACT: _l("Impact: how many customers does it touch?"),
    Question.COST: _l("Cost: what does it take?"),
    Question.URGENCY: _l("Urgency: how soon does it hurt?"),
}
QUESTION_SHORT: dict[Question, Any] = {
    Question.IMPACT: _l("Impact"),
    Question.COST: _l("Cost"),
    Question.URGENCY: _l("Urgency"),
}
# Each answer is anchored by a sentence, so that two people who choose 4 mean the same.
ANCHORS: dict[Question, dict[int, tuple[Any, Any]]] = {
    Question.IMPACT: {
        5: (_l("More than 20 in 100 contacts"), _l("Or a promise on the public page is missed")),
        4: (_l("10 to 20 in 100 contacts"), _l("Or a whole region or channel")),
        3: (_l("3 to 10 in 100 contacts"), _l("One kind of request everywhere")),
        2: (_l("1 to 3 in 100 contacts"), _l("One kind of request in one place")),
        1: (_l("Fewer than 1 in 100 contacts"), _l("Single cases")),
    },
    Question.COST: {
        1: (_l("Words only"), _l("Nothing to build, reading it is enough")),
        2: (_l("Up to 5 person-days"), _l("A short training, no system is touched")),
        3: (_l("Up to 20 person-days"), _l("Or a small change in one system")),
        4: (_l("Up to 60 person-days"), _l("Or changes in several systems")),
        5: (_l("More than 60 person-days"), _l("New staff or a new system")),
    },
    Question.URGENCY: {
        5: (_l("Within 30 days"), _l("A law or somebody outside sets the date")),
        4: (_l("This quarter"), _l("Customers are hurt now and the numbers rise")),
        3: (_l("Next quarter"), _l("It hurts, the numbers are steady")),
        2: (_l("Within half a year"), _l("A nuisance with a way round it")),
        1: (_l("No date"), _l("It can wait for the periodic review")),
    },
}
SKIP_WORDS: dict[Skip, Any] = {
    Skip.NOT_MY_FIELD: _l("Not my field"),
    Skip.CONFLICT: _l("Conflict of interest"),
}
QUADRANT_WORDS: dict[Quadrant, Any] = {
    Quadrant.DO_NOW: _l("Do now"),
    Quadrant.PLAN: _l("Plan for later"),
    Quadrant.QUICK: _l("Settle quickly"),
    Quadrant.LATER: _l("Leave for now"),
}
STRENGTH_WORDS: dict[Strength, Any] = {
    Strength.NONE: _l("hardly any agreement, talk first"),
    Strength.WEAK: _l("weak agreement"),
    Strength.FAIR: _l("fair agreement"),
    Strength.STRONG: _l("strong agreement"),
}
CREDIT_WORDS: dict[CreditKind, Any] = {
    CreditKind.MERGED_PROPOSAL: _l("proposed the same"),
    CreditKind.EVIDENCE: _l("gave evidence"),
}

REASONS = {
    "proposal.title_too_long": _l("Shorten the sentence to %(limit)s characters; it has %(length)s."),
    "proposal.problem_missing": _l("Describe the problem: what happens to customers now."),
    "proposal.source_missing": _l("Say where the need comes from."),
    "proposal.clause_missing": _l("Choose the clauses it is about, or say that a new one is needed."),
    "proposal.similar_open": _l("Revision %(number)s looks similar. Look at it first."),
    "proposal.evidence_missing": _l("Without evidence it cannot be scored. Somebody has to attach some."),
    "proposal.benefit_missing": _l("Write in one sentence what the customer gains."),
    "proposal.cannot_merge": _l("It cannot be joined with %(number)s: another standard, or not open."),
    "proposal.merge_target_ended": _l("Revision %(number)s is not open any more."),
    "proposal.not_a_drafter": _l("Choose somebody who drafts."),
    "score.answer_missing": _l("Choose one of the five answers."),
    "score.reason_missing": _l("Write why it is a %(answer)s: both ends of the scale need a reason."),
    "score.own_proposal": _l("This is your own proposal, so you do not score it."),
    "score.already_sent": _l("You have sent your card on %(number)s. It cannot be changed."),
    "score.not_open": _l("The scoring of %(number)s is not open."),
    "score.no_cards": _l("Nobody has scored %(number)s yet."),
    "score.quorum_missing": _l("Cards still missing for a quorum: %(missing)s."),
    "score.departments_missing": _l("Departments still missing for a quorum: %(missing)s."),
    "score.quorum_note_missing": _l("Write why you go on without a quorum."),
    "score.rank_not_confirmed": _l("The chair has not confirmed the rank yet."),
    "score.rank_outside": _l("Enter a rank from 1 to %(most)s."),
    "score.override_reason": _l("Another rank than the cards give needs a reason. It is shown for ever."),
    "score.extension_day": _l("Choose a later day, at most %(days)s days from today."),
    "score.weights_make_one": _l("The three weights make 1 together, for example 0.4, 0.4 and 0.2."),
}


def question_words(question: Question) -> str:
    """Returns what the panel is asked."""
    return str(QUESTION_WORDS[question])


def question_short(question: Question) -> str:
    """Returns the question as the head of a column."""
    return str(QUESTION_SHORT[question])


def anchors(question: Question) -> list[tuple[int, str, str]]:
    """Returns the five answers of a question as (number, words, what it means), 5 first; cost from 1."""
    return [(number, str(words), str(means)) for number, (words, means) in ANCHORS[question].items()]


def skip_words(skip: Skip) -> str:
    """Returns why an assessor gave no score."""
    return str(SKIP_WORDS[skip])


def quadrant_words(quadrant: Quadrant) -> str:
    """Returns the name of one of the four quadrants."""
    return str(QUADRANT_WORDS[quadrant])


def strength_words(strength: Strength) -> str:
    """Returns how far the panel agrees."""
    return str(STRENGTH_WORDS[strength])


def credit_words(kind: CreditKind) -> str:
    """Returns what a revision owes somebody."""
    return str(CREDIT_WORDS[kind])


register_reasons(REASONS)
