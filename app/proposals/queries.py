"""Owns the questions about proposals: cards a viewer may see, the ranking, who still owes a card."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import orm

from app.core import clock
from app.core.access import Actor, Permission, Role
from app.core.db import db
from app.core.once import asked_once
from app.evidence import queries as evidence_queries
from app.evidence.models import EvidenceLink
from app.people import queries as people_queries
from app.people.models import Person
from app.proposals import scoring
from app.proposals.models import Credit, RankDecision, ScoreCard, ScoreWeights, Scoring
from app.proposals.scoring import Weights
from app.standards import queries as standards_queries
from app.standards.models import Revision
from app.standards.workflow import OPEN_STATES, State


@dataclass(frozen=True)
class Panel:
    """The panel of one revision: who may score (without the proposer), who has, who has not."""

    members: tuple[Person, ...]
    cards: tuple[ScoreCard, ...]

    @property
    def missing(self) -> tuple[Person, ...]:
        """Returns the members without a card."""
        given = {card.assessor_id for card in self.cards}
        return tuple(person for person in self.members if person.id not in given)

    @property
    def scored(self) -> tuple[ScoreCard, ...]:
        """Returns the cards with answers."""
        return tuple(card for card in self.cards if card.skip is None)

    @property
    def quorum(self) -> scoring.Quorum:
        """Returns how far the panel is from a quorum."""
        skipped = len(self.cards) - len(self.scored)
        needed = current_app.config["SETTINGS"].quorum
        return scoring.quorum([c.as_card() for c in self.scored], len(self.members), skipped, needed)


@asked_once
def revision_by_id(revision_id: int) -> Revision | None:
    """Returns the revision with this row id, None when there is none."""
    return db.session.get(Revision, revision_id)


def drafts_of(actor: Actor) -> list[Revision]:
    """Returns the actor's own proposals that are still being written, newest first."""
    if actor.person_id is None:
        return []
    if actor.may(Permission.TRIAGE):  # asks for all of them anyway
        found = [r for r in standards_queries.unsettled() if r.state is State.DRAFT]
        return [r for r in reversed(found) if r.proposer_id == actor.person_id]
    return list(
        db.session.scalars(
            sa.select(Revision)
            .where(Revision.proposer_id == actor.person_id, Revision.state == State.DRAFT)
            .order_by(Revision.id.desc())
        )
    )


def in_triage() -> list[Revision]:
    """Returns the proposals that wait for the director, oldest first."""
    found = [r for r in standards_queries.unsettled() if r.state is State.PROPOSED]
    return sorted(found, key=lambda r: r.state_since)


@asked_once
def scoring_of(revision_id: int) -> Scoring | None:
    """Returns the scoring of a revision, None before it was opened."""
    return db.session.get(Scoring, revision_id)


@asked_once
def scorings(open_only: bool = True) -> list[tuple[Scoring, Revision]]:
    """Returns the scorings with their revisions, soonest due first; the open ones or all."""
    query = (
        sa.select(Scoring, Revision)
        .join(Revision, Revision.id == Scoring.revision_id)
        .order_by(Scoring.due_on, Revision.id)
        .options(orm.joinedload(Revision.standard))
    )
    if open_only:
        # A fast-tracked revision is scored afterwards, so its scoring may be open in a later state.
        query = query.where(Scoring.closed_at.is_(None), Revision.state.in_(OPEN_STATES))
    return [(row[0], row[1]) for row in db.session.execute(query)]


@dataclass(frozen=True)
class Scored:
    """A scoring with its revision, the newest confirmed rank, its pieces of evidence and the weights that count now."""

    scoring: Scoring
    revision: Revision
    decision: RankDecision | None
    evidence: int
    weights: Weights

    @property
    def is_open(self) -> bool:
        """Tells whether cards are still taken."""
        return self.scoring.closed_at is None and self.revision.state in OPEN_STATES


def scored(also: int | None = None) -> list[Scored]:
    """Returns the open scorings, soonest due first, and that of the revision `also`, open or not; one query."""
    of_revision = sa.select(sa.func.max(RankDecision.id)).where(RankDecision.revision_id == Revision.id)
    pieces = sa.select(sa.func.count(EvidenceLink.id)).where(EvidenceLink.revision_id == Revision.id)
    newest = sa.select(sa.func.max(ScoreWeights.id)).scalar_subquery()
    decision, weighed = orm.aliased(RankDecision), orm.aliased(ScoreWeights)
    is_open = sa.and_(Scoring.closed_at.is_(None), Revision.state.in_(OPEN_STATES))
    rows = db.session.execute(
        sa.select(Scoring, Revision, decision, pieces.correlate(Revision).scalar_subquery(), weighed)
        .join(Revision, Revision.id == Scoring.revision_id)
        .outerjoin(decision, decision.id == of_revision.correlate(Revision).scalar_subquery())
        .outerjoin(weighed, weighed.id == newest)
        .where(is_open if also is None else sa.or_(is_open, Revision.id == also))
        .order_by(Scoring.due_on, Revision.id)
        .options(orm.joinedload(Revision.standard))
    )
    return [Scored(row[0], row[1], row[2], int(row[3]), weights_of(row[4])) for row in rows]


@asked_once
def card_of(revision_id: int, assessor_id: int | None) -> ScoreCard | None:
    """Returns the assessor's own card, None while it was not sent."""
    return db.session.scalar(
        sa.select(ScoreCard).where(ScoreCard.revision_id == revision_id, ScoreCard.assessor_id == assessor_id)
    )


def cards_of(revision_ids: Sequence[int]) -> dict[int, list[ScoreCard]]:
    """Returns `{revision id: its cards}`, for deciding and for showing to whoever `may_see` allows."""
    made: dict[int, list[ScoreCard]] = {revision_id: [] for revision_id in revision_ids}
    if revision_ids:
        for card in db.session.scalars(
            sa.select(ScoreCard).where(ScoreCard.revision_id.in_(revision_ids)).order_by(ScoreCard.id)
        ):
            made[card.revision_id].append(card)
    return made


@asked_once
def assessors() -> list[Person]:
    """Returns the people of the panel today."""
    return people_queries.holders(Role.ASSESSOR)


def panel(
    revision: Revision, members: Sequence[Person] | None = None, cards: Sequence[ScoreCard] | None = None
) -> Panel:
    """Returns the panel of a revision; the proposer is no member of it. Lists already read may be given."""
    if members is None and cards is None:
        members, cards = _members_and_cards(revision.id)
    people = assessors() if members is None else members
    sent = cards_of([revision.id])[revision.id] if cards is None else cards
    return Panel(tuple(p for p in people if p.id != revision.proposer_id), tuple(sent))


@asked_once
def _members_and_cards(revision_id: int) -> tuple[list[Person], list[ScoreCard]]:
    """Returns the people of the panel today, by id, and the cards of one revision, oldest first, in one query."""
    is_member = people_queries.holds(Role.ASSESSOR)
    rows = db.session.execute(
        sa.select(Person, ScoreCard, is_member)
        .outerjoin(
            ScoreCard, sa.and_(ScoreCard.assessor_id == Person.id, ScoreCard.revision_id == revision_id)
        )
        .where(sa.or_(is_member, ScoreCard.id.is_not(None)))
        .order_by(Person.id)
    ).all()
    people_queries.know(*(row[0] for row in rows))
    cards = sorted((row[1] for row in rows if row[1] is not None), key=lambda card: card.id)
    return [row[0] for row in rows if row[2]], cards


def may_see(actor: Actor, own_card: ScoreCard | None, is_closed: bool) -> bool:
    """Tells whether the actor may see the others' cards: an assessor only after the own one was sent.

    The chair decides and sees them unless an assessor too; so does who steers the proposals.
    """
    if actor.may(Permission.SCORE):
        return scoring.may_see_scores(True, own_card is not None, is_closed)
    return is_closed or actor.may(Permission.CONFIRM_RANK)


@asked_once
def weights() -> scoring.Weights:
    """Returns the weights that count now."""
    return weights_of(db.session.scalar(sa.select(ScoreWeights).order_by(ScoreWeights.id.desc()).limit(1)))


def weights_of(row: ScoreWeights | None) -> scoring.Weights:
    """Returns the weights of a row, the first ones without a row."""
    return scoring.Weights(row.impact, row.urgency, row.cost) if row else scoring.Weights()


def ranking(
    cards: dict[int, list[ScoreCard]], weighed: scoring.Weights | None = None
) -> dict[int, scoring.Ranked]:
    """Returns `{revision id: its line of the ranking}`, best first; those without a card come last.

    `weighed` are the weights that count now, where the caller has them at hand.
    """
    lines = scoring.ranking(
        {str(i): [c.as_card() for c in some if c.skip is None] for i, some in cards.items()},
        weights() if weighed is None else weighed,
    )
    return {int(line.proposal): line for line in lines}


@asked_once
def rank_decision(revision_id: int) -> RankDecision | None:
    """Returns the newest confirmed rank of a revision, None while there is none."""
    return db.session.scalar(
        sa.select(RankDecision)
        .where(RankDecision.revision_id == revision_id)
        .order_by(RankDecision.id.desc())
        .limit(1)
    )


def rank_decisions(revision_id: int) -> list[tuple[RankDecision, Person | None]]:
    """Returns every rank that was ever confirmed for a revision with who did it, newest first: overrides stay."""
    rows = db.session.execute(
        sa.select(RankDecision, Person)
        .outerjoin(Person, Person.id == RankDecision.decided_by_id)
        .where(RankDecision.revision_id == revision_id)
        .order_by(RankDecision.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def weights_history() -> list[tuple[ScoreWeights, Person | None]]:
    """Returns every change of the weights with who made it, newest first; empty while the first ones count."""
    rows = db.session.execute(
        sa.select(ScoreWeights, Person)
        .outerjoin(Person, Person.id == ScoreWeights.changed_by_id)
        .order_by(ScoreWeights.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


@asked_once
def credited_people(revision_id: int) -> list[tuple[Credit, Person]]:
    """Returns whom a revision owes something, with the person, oldest first."""
    rows = db.session.execute(
        sa.select(Credit, Person)
        .join(Person, Person.id == Credit.person_id)
        .where(Credit.revision_id == revision_id)
        .order_by(Credit.id)
    ).all()
    people_queries.know(*(row[1] for row in rows))
    return [(row[0], row[1]) for row in rows]


def evidence_of(revision_id: int) -> list[EvidenceLink]:
    """Returns what a revision rests on, oldest first."""
    return evidence_queries.evidence_of(revision_id)


def next_to_score(actor: Actor, after: int | None = None) -> Revision | None:
    """Returns the next revision the assessor owes a card, soonest due first; None when there is none."""
    for _scoring, revision in owed(actor):
        if revision.id != after:
            return revision
    return None


@asked_once
def owed(actor: Actor) -> list[tuple[Scoring, Revision]]:
    """Returns the open scorings an assessor has not answered yet; never the own proposals."""
    if actor.person_id is None or not actor.may(Permission.SCORE):
        return []
    sent = sa.select(ScoreCard.revision_id).where(ScoreCard.assessor_id == actor.person_id)
    rows = db.session.execute(
        sa.select(Scoring, Revision)
        .join(Revision, Revision.id == Scoring.revision_id)
        .where(Scoring.closed_at.is_(None), Revision.state.in_(OPEN_STATES), Revision.id.not_in(sent))
        .where(sa.or_(Revision.proposer_id.is_(None), Revision.proposer_id != actor.person_id))
        .order_by(Scoring.due_on, Revision.id)
    )
    return [(row[0], row[1]) for row in rows]


def is_overdue(row: Scoring) -> bool:
    """Tells whether the last day for cards is over."""
    return row.due_on < clock.today()


def due_moment(day: dt.date) -> dt.datetime:
    """Returns the end of a working day, when a deadline of that day runs out."""
    return clock.at(day, 18)
