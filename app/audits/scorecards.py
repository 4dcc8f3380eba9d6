"""Owns the verb that keeps a scorecard: what was answered, the result, the month's rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.audits import marks, queries, scoring
from app.audits.criteria import Criterion, criteria_for
from app.audits.models import AuditPlan, Sample, SampleState, ScoreLine
from app.audits.scoring import Answer
from app.core import activity, clock, events
from app.core.access import Actor
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, Reason, Refused, Stale


@dataclass(frozen=True)
class Scored:
    """What the auditor says about one clause; `key` is `cs-04/c07`, `clause_hash` the text the page showed."""

    key: str
    clause_hash: str
    answer: Answer
    note: str = ""
    root_cause: str = ""


def score(actor: Actor, sample: Sample, lines: Sequence[Scored]) -> Sample:
    """Keeps the scorecard of a contact and returns it; sent twice it is one.

    Raises Invalid naming each clause without an answer, and *not met* without a note; Stale when another text bound
    than the page showed; NotAllowed for contacts of the own team (`mission.md` row 42, experience P20).
    """
    marks.must_audit(actor)
    db.session.refresh(sample, with_for_update=True)
    if sample.state is SampleState.SCORED:
        if sample.scored_by_id == actor.person_id:
            return sample
        raise Refused("audit.scored_by_other")
    if sample.state is not SampleState.WAITING:
        raise Refused("audit.not_waiting")
    ticket = queries.ticket_of(sample)
    if marks.is_own_team(actor, ticket):
        raise NotAllowed("audit.own_team")
    plan = db.session.get_one(AuditPlan, sample.plan_id)
    criteria = {c.key: c for c in criteria_for(ticket, plan.standard_ids)}
    given = {line.key: line for line in lines}
    _must_fit(criteria, given)
    for key, criterion in criteria.items():
        sample.lines.append(_line(criterion, given[key]))
    sample.state, sample.scored_by_id, sample.scored_at = SampleState.SCORED, actor.person_id, clock.now()
    count(sample)
    db.session.flush()
    marks.roll_up(plan.month, ticket, sample.lines, 1)
    activity.record(
        actor, "audit.scored", "sample", sample.id, month=plan.month, met=sample.met, asked=sample.asked
    )
    events.announce(events.SampleScored(sample.id))
    return sample


def count(sample: Sample) -> None:
    """Sets what a scorecard comes to from its lines: clauses met, points by deduction, failed by a critical one."""
    result = scoring.result(
        [
            scoring.Line(
                f"{line.standard_id}/{line.clause_id}", line.answer, line.is_critical, None, line.note
            )
            for line in sample.lines
        ]
    )
    sample.met, sample.asked, sample.points = result.met, result.asked, result.points
    sample.is_failed = result.is_failed


def _line(criterion: Criterion, given: Scored) -> ScoreLine:
    return ScoreLine(
        standard_id=criterion.standard.id,
        clause_id=criterion.clause_id,
        clause_hash=criterion.clause_hash,
        is_critical=criterion.is_critical,
        answer=given.answer,
        note=marks.words(given.note, f"note-{criterion.key}"),
        root_cause=marks.words(given.root_cause, f"cause-{criterion.key}"),
    )


def _must_fit(criteria: Mapping[str, Criterion], given: Mapping[str, Scored]) -> None:
    moved = [k for k, c in criteria.items() if k in given and given[k].clause_hash != c.clause_hash]
    if moved or any(key not in criteria for key in given):
        raise Stale("audit.text_moved_on")
    errors = []
    for key in criteria:
        clause: dict[str, object] = {"clause": key.upper().replace("/", "-")}
        if key not in given:
            errors.append(FieldError(f"answer-{key}", Reason("audit.answer_missing", clause)))
        elif given[key].answer is Answer.NOT_MET and not given[key].note.strip():
            errors.append(FieldError(f"note-{key}", Reason("audit.note_missing", clause)))
    if errors:
        raise Invalid(errors)
