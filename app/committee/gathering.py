"""Owns what belongs on the committee's agenda now: it looks at the other rooms and writes nothing."""

import datetime as dt
from dataclasses import dataclass

from app.committee import queries
from app.committee.models import ItemKind
from app.core import clock
from app.evidence import register_queries
from app.pilots import queries as pilots
from app.proposals import queries as proposals
from app.standards import queries as standards
from app.standards.models import Revision
from app.standards.workflow import State

STUCK_DAYS = 10
STUCK_STATES = (State.PROPOSED, State.SCORING, State.DRAFTING, State.IN_REVIEW)


@dataclass(frozen=True)
class Found:
    """One thing the committee has to look at."""

    kind: ItemKind
    key: str
    title_zh: str
    title_en: str


def found_now() -> list[Found]:
    """Returns what belongs on the agenda, in the order of the agenda: ranks, pilots, surges, reviews, publishing, the rest."""
    revisions = [r for r in standards.unsettled() if r.state is not State.DRAFT and not r.is_on_hold]
    made = [
        *_ranks(),
        *_pilots(revisions),
        *[_of(ItemKind.SURGE, r) for r in revisions if r.is_fast_track],
        *[
            Found(
                ItemKind.REVIEW, row.standard.code, row.standard.title_zh or "", row.standard.title_en or ""
            )
            for row in register_queries.overdue_reviews()
        ],
        *[_of(ItemKind.PUBLISH, r) for r in revisions if r.state is State.READY],
        *_budget(),
    ]
    named = {found.key for found in made}
    before = clock.now() - dt.timedelta(days=STUCK_DAYS)
    stuck = [r for r in revisions if r.state in STUCK_STATES and r.state_since < before]
    return made + [_of(ItemKind.STUCK, r) for r in stuck if r.number not in named]


def _ranks() -> list[Found]:
    scored = [
        one for one in proposals.scored() if one.revision.state is State.SCORING and one.decision is None
    ]
    if not scored:
        return []
    cards, people = proposals.cards_of([one.revision.id for one in scored]), proposals.assessors()
    ready = [
        one
        for one in scored
        if proposals.panel(one.revision, people, cards[one.revision.id]).quorum.is_reached
        or proposals.is_overdue(one.scoring)
    ]
    return [_of(ItemKind.RANK, one.revision) for one in ready]


def _pilots(revisions: list[Revision]) -> list[Found]:
    piloting = {r.id: r for r in revisions if r.state is State.PILOTING}
    ended = [p for p in pilots.running() if p.revision_id in piloting and p.ends_on < clock.today()]
    return [_of(ItemKind.PILOT, piloting[p.revision_id]) for p in ended]


def _budget() -> list[Found]:
    year = clock.today().year
    return [
        Found(ItemKind.BUDGET, f"{year}/{line.line.kind.value}", "", "")
        for line in queries.budget(year)
        if line.totals.is_over
    ]


def _of(kind: ItemKind, revision: Revision) -> Found:
    return Found(kind, revision.number, revision.title, revision.title_en or "")
