"""Owns the verbs of audits: plan, draw once, swap, score, appeal."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.audits import queries, sampling, scoring
from app.audits.criteria import Criterion, criteria_for, month_bounds
from app.audits.models import (
    Appeal,
    AppealState,
    AuditPlan,
    MonthlyRate,
    Sample,
    SampleState,
    ScoreLine,
)
from app.audits.scoring import Answer
from app.core import activity, clock, events, jobs
from app.core.access import Actor, Permission, Role
from app.core.calendar import add_working_days
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, Reason, Refused, Stale
from app.core.text import clean_text
from app.evidence.models import Ticket
from app.people import queries as people

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
LARGEST_SAMPLE = 2000
RESERVE_SHARE = 4  # one reserve contact for each four drawn, at least ten
LEAST_RESERVE = 10
LIMIT_NOTE_BYTES = 8 * 1024
APPEAL_WORKING_DAYS = 5
NO_REGION = "-"


@dataclass(frozen=True)
class Scored:
    """What the auditor says about one clause; `key` is `cs-04/c07`, `clause_hash` the text the page showed."""

    key: str
    clause_hash: str
    answer: Answer
    note: str = ""
    root_cause: str = ""


def make_plan(
    actor: Actor,
    *,
    month: str,
    standard_ids: Sequence[int],
    sample_size: int,
    seed: str,
    channels: Sequence[str] = (),
    regions: Sequence[str] = (),
) -> AuditPlan:
    """Plans a month's checks and returns the plan; the seed is fixed here, before anybody sees who is drawn."""
    _must_audit(actor)
    errors = []
    if not MONTH.fullmatch(month):
        errors.append(FieldError("month", Reason("audit.month_unreadable")))
    if not standard_ids:
        errors.append(FieldError("standards", Reason("audit.standards_missing")))
    if not 1 <= sample_size <= LARGEST_SAMPLE:
        errors.append(FieldError("sample_size", Reason("audit.size_range", {"most": LARGEST_SAMPLE})))
    if not seed.strip():
        errors.append(FieldError("seed", Reason("audit.seed_missing")))
    if errors:
        raise Invalid(errors)
    if db.session.scalar(sa.select(AuditPlan.id).where(AuditPlan.month == month)) is not None:
        raise Refused("audit.month_planned", month=month)
    row = AuditPlan(
        month=month,
        standard_ids=list(standard_ids),
        channels=sorted(channels),
        regions=sorted(regions),
        sample_size=sample_size,
        seed=seed.strip()[:100],
        strata=[],
        made_by_id=actor.person_id,
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "audit.planned", "audit", month, size=sample_size, seed=row.seed)
    return row


def draw(actor: Actor, plan: AuditPlan) -> list[Sample]:
    """Draws the samples, once, in proportion to the regions, and returns them; again it returns the same ones.

    A population smaller than the sample is taken whole. The order of every stratum is fixed by seed and id, so
    anybody can draw it again; its digest goes to the records. Raises Refused for a month without contacts.
    """
    _must_audit(actor)
    if plan.drawn_at is not None:
        return queries.samples(plan.id)
    starts, ends = month_bounds(plan.month)
    population: dict[str, list[str]] = {}
    for ticket_id, region in queries.contacts(starts, ends, plan.channels, plan.regions):
        population.setdefault(region or NO_REGION, []).append(str(ticket_id))
    if not population:
        raise Refused("audit.no_contacts", month=plan.month)
    drawn = sampling.draw(plan.seed, population, plan.sample_size)
    auditors = [p.id for p in people.holders(Role.QA_AUDITOR)] or [actor.person_id or 0]
    place = 0
    for stratum in drawn.strata:
        reserve = max(LEAST_RESERVE, stratum.size // RESERVE_SHARE)
        for index, one in enumerate(stratum.order[: stratum.size + reserve]):
            is_drawn = index < stratum.size
            db.session.add(
                Sample(
                    plan_id=plan.id,
                    ticket_id=int(one),
                    place=place,
                    stratum=stratum.name,
                    state=SampleState.WAITING if is_drawn else SampleState.RESERVE,
                    auditor_id=auditors[place % len(auditors)] if is_drawn else None,
                )
            )
            place += 1
    plan.population = sum(len(ids) for ids in population.values())
    plan.strata = [[s.name, len(s.order), s.size] for s in drawn.strata]
    plan.order_sha256, plan.drawn_at = drawn.digest, clock.now()
    db.session.flush()
    activity.record(
        actor, "audit.drawn", "audit", plan.month, order_sha256=drawn.digest, population=plan.population
    )
    jobs.enqueue("record_draw", key=f"draw:{plan.id}", plan_id=plan.id)
    return queries.samples(plan.id)


def swap(actor: Actor, sample: Sample, *, reason: str) -> Sample:
    """Leaves a contact out with a reason and returns the next of the drawn order, which takes its place."""
    _must_audit(actor)
    words = clean_text(reason, LIMIT_NOTE_BYTES, field="reason").strip()
    if not words:
        raise Invalid.of("reason", "audit.swap_reason")
    if sample.state is not SampleState.WAITING:
        raise Refused("audit.not_waiting")
    fresh = db.session.scalar(
        sa.select(Sample)
        .where(
            Sample.plan_id == sample.plan_id,
            Sample.stratum == sample.stratum,
            Sample.state == SampleState.RESERVE,
        )
        .order_by(Sample.place)
        .limit(1)
    )
    if fresh is None:
        raise Refused("audit.reserve_empty")
    sample.state, sample.reason = SampleState.SWAPPED, words
    fresh.state, fresh.auditor_id = SampleState.WAITING, sample.auditor_id
    db.session.flush()
    activity.record(actor, "audit.swapped", "sample", sample.id, by=fresh.id)
    return fresh


def score(actor: Actor, sample: Sample, lines: Sequence[Scored]) -> Sample:
    """Keeps the scorecard of a contact and returns it; sent twice it is one.

    Raises Invalid naming each clause without an answer, and *not met* without a note; Stale when another text bound
    than the page showed; NotAllowed for contacts of the own team (`mission.md` row 42, experience P20).
    """
    _must_audit(actor)
    if sample.state is SampleState.SCORED:
        if sample.scored_by_id == actor.person_id:
            return sample
        raise Refused("audit.scored_by_other")
    if sample.state is not SampleState.WAITING:
        raise Refused("audit.not_waiting")
    ticket = queries.ticket_of(sample)
    _must_not_be_own_team(actor, ticket)
    plan = db.session.get_one(AuditPlan, sample.plan_id)
    criteria = {c.key: c for c in criteria_for(ticket, plan.standard_ids)}
    given = {line.key: line for line in lines}
    _must_fit(criteria, given)
    result = scoring.result(
        [
            scoring.Line(key, given[key].answer, c.is_critical, None, given[key].note)
            for key, c in criteria.items()
        ]
    )
    for key, criterion in criteria.items():
        line = given[key]
        sample.lines.append(
            ScoreLine(
                standard_id=criterion.standard.id,
                clause_id=criterion.clause_id,
                clause_hash=criterion.clause_hash,
                is_critical=criterion.is_critical,
                answer=line.answer,
                note=clean_text(line.note, LIMIT_NOTE_BYTES, field="note").strip(),
                root_cause=clean_text(line.root_cause, LIMIT_NOTE_BYTES, field="root_cause").strip(),
            )
        )
    sample.state, sample.scored_by_id, sample.scored_at = SampleState.SCORED, actor.person_id, clock.now()
    sample.met, sample.asked, sample.points = result.met, result.asked, result.points
    sample.is_failed = bool(result.vetoed_by)
    db.session.flush()
    _roll_up(plan.month, ticket, sample.lines, 1)
    activity.record(
        actor, "audit.scored", "sample", sample.id, month=plan.month, met=result.met, asked=result.asked
    )
    events.announce(events.SampleScored(sample.id))
    return sample


def appeal(actor: Actor, line: ScoreLine, *, reason: str) -> Appeal:
    """Appeals against a line about the own contact, with a reason; once a line."""
    sample = db.session.get_one(Sample, line.sample_id)
    person = people.person(actor.person_id or 0)
    if person.agent_code is None or queries.ticket_of(sample).agent != person.agent_code:
        raise NotAllowed("audit.not_your_contact")
    words = clean_text(reason, LIMIT_NOTE_BYTES, field="reason").strip()
    if not words:
        raise Invalid.of("reason", "audit.appeal_reason")
    known = queries.appeal_of(line.id)
    if known is not None:
        return known
    row = Appeal(
        line_id=line.id,
        person_id=person.id,
        reason=words,
        asked_at=clock.now(),
        due_on=add_working_days(clock.today(), APPEAL_WORKING_DAYS),
        state=AppealState.OPEN,
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "audit.appealed", "score_line", line.id)
    return row


def decide_appeal(actor: Actor, row: Appeal, *, state: AppealState, decision: str) -> Appeal:
    """Decides an appeal with a reason; only a second auditor may. An accepted one turns the line to met."""
    _must_audit(actor)
    if row.state is not AppealState.OPEN:
        raise Refused("audit.appeal_decided")
    line = row.line
    sample = db.session.get_one(Sample, line.sample_id)
    if sample.scored_by_id == actor.person_id:
        raise NotAllowed("audit.second_auditor")
    words = clean_text(decision, LIMIT_NOTE_BYTES, field="decision").strip()
    if not words or state is AppealState.OPEN:
        raise Invalid.of("decision", "audit.decision_missing")
    row.state, row.decision, row.decided_by_id, row.decided_at = state, words, actor.person_id, clock.now()
    if state is AppealState.ACCEPTED and line.answer is Answer.NOT_MET:
        plan = db.session.get_one(AuditPlan, sample.plan_id)
        ticket = queries.ticket_of(sample)
        _roll_up(plan.month, ticket, [line], -1)
        line.answer = Answer.MET
        _roll_up(plan.month, ticket, [line], 1)
        sample.met += 1
        sample.is_failed = any(x.is_critical and x.answer is Answer.NOT_MET for x in sample.lines)
    db.session.flush()
    activity.record(actor, "audit.appeal_decided", "score_line", line.id, state=state.value)
    return row


def _must_audit(actor: Actor) -> None:
    if not actor.may(Permission.AUDIT):
        raise NotAllowed("move.no_permission", permission=Permission.AUDIT.value)


def _must_not_be_own_team(actor: Actor, ticket: Ticket) -> None:
    if actor.team_id is None:
        return
    team = next((t for t in people.teams() if t.id == actor.team_id), None)
    if team is not None and team.code == ticket.team:
        raise NotAllowed("audit.own_team")


def _must_fit(criteria: Mapping[str, Criterion], given: Mapping[str, Scored]) -> None:
    moved = [k for k, c in criteria.items() if k in given and given[k].clause_hash != c.clause_hash]
    if moved or any(key not in criteria for key in given):
        raise Stale("audit.text_moved_on")
    errors = [
        FieldError(f"answer-{key}", Reason("audit.answer_missing", {"clause": key.upper().replace("/", "-")}))
        for key in criteria
        if key not in given
    ]
    errors += [
        FieldError(f"note-{key}", Reason("audit.note_missing", {"clause": key.upper().replace("/", "-")}))
        for key, line in given.items()
        if line.answer is Answer.NOT_MET and not line.note.strip()
    ]
    if errors:
        raise Invalid(errors)


def _roll_up(month: str, ticket: Ticket, lines: Sequence[ScoreLine], sign: int) -> None:
    for line in lines:
        if line.answer is Answer.NOT_APPLICABLE:
            continue
        key = (month, line.standard_id, line.clause_id, ticket.team or NO_REGION, ticket.channel.value)
        row = db.session.get(MonthlyRate, key)
        if row is None:
            row = MonthlyRate(
                month=month,
                standard_id=key[1],
                clause_id=key[2],
                team=key[3],
                channel=key[4],
                kept=0,
                checked=0,
            )
            db.session.add(row)
        row.checked += sign
        row.kept += sign if line.answer is Answer.MET else 0
    db.session.flush()


def report_month(today: dt.date) -> str:
    """Returns the month before the one of the day, as `2026-10`: the one a report is about."""
    return f"{today.replace(day=1) - dt.timedelta(days=1):%Y-%m}"
