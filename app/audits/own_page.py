"""Owns what agents and second auditors see: own results, one line, appeals with their contacts."""

from dataclasses import dataclass

from app.audits import appeals, marks, queries
from app.audits.card_page import LineRow, line_rows, lines_of
from app.audits.models import Appeal, Sample, ScoreLine
from app.core.access import Actor
from app.core.errors import NotFound
from app.evidence.models import Ticket
from app.people import queries as people


@dataclass(frozen=True)
class OwnResult:
    """One checked contact of an agent."""

    sample: Sample
    ticket: Ticket
    rows: list[LineRow]


@dataclass(frozen=True)
class OwnPage:
    """An agent's results. `can_appeal` holds the lines an appeal is still possible against."""

    results: list[OwnResult]
    can_appeal: set[int]
    met: int
    asked: int


@dataclass(frozen=True)
class LinePage:
    """One line with its contact."""

    row: LineRow
    sample: Sample
    ticket: Ticket


@dataclass(frozen=True)
class AppealRow:
    """One appeal of a list; `may_decide` is whether the viewer is a second auditor."""

    appeal: Appeal
    row: LineRow
    may_decide: bool


@dataclass(frozen=True)
class AppealsPage:
    """Open appeals, soonest due first, and decided ones, newest first."""

    open: list[AppealRow]
    decided: list[AppealRow]


@dataclass(frozen=True)
class DecisionPage:
    """An appeal with its line and contact."""

    appeal: Appeal
    row: LineRow
    sample: Sample
    ticket: Ticket
    may_decide: bool


def own_page(person_id: int) -> OwnPage:
    """Returns a person's own results; without an agent code there are none."""
    code = people.person(person_id).agent_code
    pairs = queries.results_of(code) if code else []
    rows = {row.line.id: row for row in line_rows([line for sample, _t in pairs for line in sample.lines])}
    results = [OwnResult(s, t, [rows[line.id] for line in s.lines]) for s, t in pairs]
    can = {
        line.id
        for sample, _ticket in pairs
        for line in sample.lines
        if rows[line.id].appeal is None and appeals.may_appeal(line, sample)
    }
    return OwnPage(results, can, sum(s.met for s, _t in pairs), sum(s.asked for s, _t in pairs))


def line_page(line: ScoreLine, person_id: int) -> LinePage:
    """Returns a line of the own contact. Raises NotFound for those of others: agents see their own only."""
    sample = queries.sample(line.sample_id)
    ticket = queries.ticket_of(sample)
    code = people.person(person_id).agent_code
    if code is None or ticket.agent != code:
        raise NotFound("audit.unknown_line")
    return LinePage(line_rows([line])[0], sample, ticket)


def appeals_page(actor: Actor) -> AppealsPage:
    """Returns all appeals as the actor may decide them."""
    found = queries.appeals(open_only=False)
    rows = {row.line.id: row for row in line_rows([a.line for a in found])}
    scorers = queries.scorers([a.line.sample_id for a in found])
    made = [
        AppealRow(a, rows[a.line_id], actor.person_id not in (scorers[a.line.sample_id], a.person_id))
        for a in found
    ]
    decided = sorted(
        (r for r in made if r.appeal.decided_at is not None),
        key=lambda r: r.appeal.decided_at or r.appeal.asked_at,
        reverse=True,
    )
    return AppealsPage([r for r in made if r.appeal.decided_at is None], decided)


def decision_page(row: Appeal, actor: Actor) -> DecisionPage:
    """Returns an appeal with everything needed to decide it."""
    sample = queries.sample(row.line.sample_id)
    ticket = queries.ticket_of(sample)
    is_second = actor.person_id not in (sample.scored_by_id, row.person_id)
    may = row.decided_at is None and is_second and not marks.is_own_team(actor, ticket)
    return DecisionPage(row, lines_of([row.line], ticket)[0], sample, ticket, may)
