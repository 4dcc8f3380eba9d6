"""Owns the verbs of the panel: a blind card, the chair's rank, acceptance, the weights. The arithmetic is in `scoring.py`."""

import datetime as dt
import math
from collections.abc import Mapping

import sqlalchemy as sa

from app.core import activity, clock, events
from app.core.access import Actor, Permission, Role
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, Reason, Refused
from app.core.text import clean_text
from app.people import queries as people_queries
from app.proposals import queries
from app.proposals.models import RankDecision, ScoreCard, ScoreWeights, Scoring
from app.proposals.scoring import HIGHEST, LOWEST, Question, Skip, Weights, questions_without_reason
from app.standards import lifecycle
from app.standards.models import Revision, RevisionStep
from app.standards.workflow import OPEN_STATES, Move, State

LIMIT_REASON_BYTES = 4 * 1024
LONGEST_EXTENSION_DAYS = 31


def score(
    actor: Actor,
    revision: Revision,
    *,
    impact: int | None,
    cost: int | None,
    urgency: int | None,
    reasons: Mapping[str, str] | None = None,
) -> ScoreCard:
    """Sends the assessor's card, once and blind, and returns it.

    Raises Invalid for a question without an answer and for a 1 or 5 without a reason (fields `impact`,
    `reason_impact` …), NotAllowed for whoever is not on the panel, Refused for the own proposal, a second card and
    a scoring that is not open.
    """
    _may_answer(actor, revision)
    answers = {Question.IMPACT: impact, Question.COST: cost, Question.URGENCY: urgency}
    errors = [
        FieldError(q.value, Reason("score.answer_missing"))
        for q, answer in answers.items()
        if answer not in range(LOWEST, HIGHEST + 1)
    ]
    words = {
        question: clean_text(
            (reasons or {}).get(question.value, ""), LIMIT_REASON_BYTES, field=f"reason_{question}"
        ).strip()
        for question in Question
    }
    if not errors:
        given = {q: int(answer or 0) for q, answer in answers.items()}
        missing = questions_without_reason(given, words)
        errors = [
            FieldError(f"reason_{q.value}", Reason("score.reason_missing", {"answer": given[q]}))
            for q in missing
        ]
    if errors:
        raise Invalid(errors)
    kept = {question.value: text for question, text in words.items() if text}
    return _send(actor, revision, None, impact, cost, urgency, kept)


def skip(actor: Actor, revision: Revision, why: Skip) -> ScoreCard:
    """Records that an assessor does not score this one: not the own field, or a conflict of interest."""
    _may_answer(actor, revision, skipping=True)
    return _send(actor, revision, why, None, None, None, {})


def confirm_rank(
    actor: Actor, revision: Revision, *, rank: int | None = None, reason: str = "", quorum_note: str = ""
) -> RankDecision:
    """Writes down the rank the chair confirms: the computed one, or another with a reason that is shown for ever.

    Without a quorum only after the last day, with a note and at least one card. Raises Invalid, Refused, NotAllowed.
    """
    if not actor.may(Permission.CONFIRM_RANK):
        raise NotAllowed("move.no_permission", permission=Permission.CONFIRM_RANK.value)
    row = _open_scoring(revision)
    panel = queries.panel(revision)
    if not panel.scored:
        raise Refused("score.no_cards", number=revision.number)
    why = clean_text(reason, LIMIT_REASON_BYTES, field="reason").strip()
    note = clean_text(quorum_note, LIMIT_REASON_BYTES, field="quorum_note").strip()
    if not panel.quorum.is_reached:
        if not queries.is_overdue(row):
            raise Refused("score.quorum_missing", missing=_missing(panel))
        if not note:
            raise Invalid.of("quorum_note", "score.quorum_note_missing")
    ranked = queries.ranking(queries.cards_of([r.id for _, r in queries.scorings()]))
    line = ranked[revision.id]
    wanted = line.rank if rank is None else rank
    if wanted is None or not 1 <= wanted <= len(ranked):
        raise Invalid.of("rank", "score.rank_outside", most=len(ranked))
    if wanted != line.rank and not why:
        raise Invalid.of("reason", "score.override_reason")
    weights = queries.weights()
    decision = RankDecision(
        revision_id=revision.id,
        rank=wanted,
        computed_rank=line.rank,
        best=line.best,
        worst=line.worst,
        of_count=len(ranked),
        score=line.score,
        weights={"impact": weights.impact, "urgency": weights.urgency, "cost": weights.cost},
        reason=why,
        quorum_note=note,
        decided_by_id=actor.person_id,
        at=clock.now(),
    )
    db.session.add(decision)
    db.session.flush()
    activity.record(
        actor, "rank.confirmed", "revision", revision.number, rank=wanted, computed=line.rank, cards=len(panel.scored)
    )  # fmt: skip
    if revision.state is not State.SCORING:
        row.closed_at = clock.now()  # scored after a fast track: nothing is left to accept
    return decision


def accept(
    actor: Actor, revision: Revision, *, drafter_id: int | None = None, seen: State | None = None
) -> RevisionStep:
    """Accepts the proposal for drafting and names the drafter: the given one, else the one with least to draft."""
    drafters = people_queries.holders(Role.DRAFTER)
    if drafter_id is not None and drafter_id not in {person.id for person in drafters}:
        raise Invalid.of("drafter", "proposal.not_a_drafter")
    # Named before the move, so that only the named one is told that drafting begins.
    revision.drafter_id = drafter_id or _least_busy([person.id for person in drafters])
    step = lifecycle.perform(revision, lifecycle.Attempt(Move.ACCEPT, actor), seen=seen)
    row = queries.scoring_of(revision.id)
    if row is not None:
        row.closed_at = clock.now()
    db.session.flush()
    return step


def extend_scoring(actor: Actor, revision: Revision, *, until: dt.date) -> None:
    """Gives the panel more time, at most a month from today."""
    if not actor.may(Permission.CONFIRM_RANK):
        raise NotAllowed("move.no_permission", permission=Permission.CONFIRM_RANK.value)
    row = _open_scoring(revision)
    today = clock.today()
    if not max(today, row.due_on) < until <= today + dt.timedelta(days=LONGEST_EXTENSION_DAYS):
        raise Invalid.of("until", "score.extension_day", days=LONGEST_EXTENSION_DAYS)
    row.due_on = until
    db.session.flush()
    activity.record(actor, "scoring.extended", "revision", revision.number, until=until)


def change_weights(actor: Actor, *, impact: float, urgency: float, cost: float, reason: str) -> None:
    """Changes how much each question counts from now on; ranks already confirmed keep theirs. Only the chair."""
    if not actor.may(Permission.CONFIRM_RANK):
        raise NotAllowed("move.no_permission", permission=Permission.CONFIRM_RANK.value)
    why = clean_text(reason, LIMIT_REASON_BYTES, field="reason").strip()
    if not why:
        raise Invalid.of("reason", "move.reason_missing")
    try:
        made = Weights(impact, urgency, cost)
    except ValueError:
        raise Invalid.of("impact", "score.weights_make_one") from None
    if not all(math.isfinite(value) for value in (impact, urgency, cost)):
        raise Invalid.of("impact", "score.weights_make_one")  # "not a number" passes every comparison
    db.session.add(
        ScoreWeights(
            impact=made.impact, urgency=made.urgency, cost=made.cost, reason=why,
            changed_by_id=actor.person_id, at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()
    activity.record(
        actor, "weights.changed", "weights", "panel", impact=str(impact), urgency=str(urgency), cost=str(cost)
    )


def _send(
    actor: Actor,
    revision: Revision,
    why: Skip | None,
    impact: int | None,
    cost: int | None,
    urgency: int | None,
    reasons: dict[str, str],
) -> ScoreCard:
    assessor = people_queries.person(actor.person_id or 0)
    proposer = people_queries.by_ids([revision.proposer_id or 0]).get(revision.proposer_id or 0)
    card = ScoreCard(
        revision_id=revision.id,
        assessor_id=assessor.id,
        department=assessor.department.code,
        skip=why,
        impact=impact,
        cost=cost,
        urgency=urgency,
        reasons=reasons,
        is_own_department=proposer is not None and proposer.department_id == assessor.department_id,
        sent_at=clock.now(),
    )
    db.session.add(card)
    db.session.flush()
    # The log says that a card came, never what stood on it: scoring is blind.
    activity.record(actor, "card.sent", "revision", revision.number, skipped=why.value if why else None)
    events.announce(events.ScoreSent(revision.id, assessor.id))
    return card


def _may_answer(actor: Actor, revision: Revision, *, skipping: bool = False) -> None:
    if not actor.may(Permission.SCORE) or actor.person_id is None:
        raise NotAllowed("move.no_permission", permission=Permission.SCORE.value)
    _open_scoring(revision)
    if revision.proposer_id == actor.person_id and not skipping:
        raise Refused("score.own_proposal")
    if queries.card_of(revision.id, actor.person_id) is not None:
        raise Refused("score.already_sent", number=revision.number)


def _open_scoring(revision: Revision) -> Scoring:
    row = queries.scoring_of(revision.id)
    if row is None or row.closed_at is not None or revision.state not in OPEN_STATES:
        raise Refused("score.not_open", number=revision.number)
    return row


def _missing(panel: queries.Panel) -> int:
    return max(panel.quorum.missing, panel.quorum.departments_missing)


def _least_busy(people: list[int]) -> int | None:
    if not people:
        return None
    rows = db.session.execute(
        sa.select(Revision.drafter_id, sa.func.count(Revision.id))
        .where(Revision.drafter_id.in_(people), Revision.state.in_((State.DRAFTING, State.IN_REVIEW)))
        .group_by(Revision.drafter_id)
    )
    busy = {row[0]: row[1] for row in rows}
    return min(people, key=lambda person: (busy.get(person, 0), person))
