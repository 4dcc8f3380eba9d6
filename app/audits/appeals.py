"""Owns the verbs of appeals: an agent does not agree with a line, a second auditor decides with a reason."""

from app.audits import marks, queries
from app.audits.models import Appeal, AppealState, AuditPlan, Sample, ScoreLine
from app.audits.scorecards import count
from app.audits.scoring import Answer
from app.core import activity, clock
from app.core.access import Actor
from app.core.calendar import add_working_days
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, Reason, Refused
from app.people import queries as people

WORKING_DAYS_TO_ASK = 5
WORKING_DAYS_TO_DECIDE = 5

# What becomes of a finding: an accepted appeal makes it met, a partly accepted one leaves it out of every count.
ANSWER_AFTER = {
    AppealState.ACCEPTED: Answer.MET,
    AppealState.PARTLY: Answer.NOT_APPLICABLE,
    AppealState.REJECTED: Answer.NOT_MET,
}


def may_appeal(line: ScoreLine, sample: Sample) -> bool:
    """Tells whether a line can still be appealed against: not met, and scored at most five working days ago."""
    if line.answer is not Answer.NOT_MET or sample.scored_at is None:
        return False
    return clock.today() <= add_working_days(clock.local(sample.scored_at).date(), WORKING_DAYS_TO_ASK)


def appeal(actor: Actor, line: ScoreLine, *, reason: str) -> Appeal:
    """Appeals against a finding about the own contact, with a reason; once a line, sent twice it is one.

    Raises NotAllowed for the contacts of others, Refused for a line that was met or after five working days.
    """
    sample = db.session.get_one(Sample, line.sample_id)
    person = people.person(actor.person_id or 0)
    if person.agent_code is None or queries.ticket_of(sample).agent != person.agent_code:
        raise NotAllowed("audit.not_your_contact")
    known = queries.appeal_of(line.id)
    if known is not None:
        return known
    if not may_appeal(line, sample):
        raise Refused("audit.appeal_over", days=WORKING_DAYS_TO_ASK)
    reason = marks.words(reason, "reason")
    if not reason:
        raise Invalid.of("reason", "audit.appeal_reason")
    row = Appeal(
        line_id=line.id,
        person_id=person.id,
        reason=reason,
        asked_at=clock.now(),
        due_on=add_working_days(clock.today(), WORKING_DAYS_TO_DECIDE),
        state=AppealState.OPEN,
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "audit.appealed", "score_line", line.id)
    return row


def decide_appeal(actor: Actor, row: Appeal, *, state: AppealState, decision: str) -> Appeal:
    """Decides an appeal with a reason and counts the contact and the month's rates anew.

    Only a second auditor may, never whoever scored the contact nor the own team; sent twice it is refused.
    """
    marks.must_audit(actor)
    db.session.refresh(row, with_for_update=True)
    if row.state is not AppealState.OPEN:
        raise Refused("audit.appeal_decided")
    line = row.line
    sample = db.session.get_one(Sample, line.sample_id)
    ticket = queries.ticket_of(sample)
    if actor.person_id in (sample.scored_by_id, row.person_id):
        raise NotAllowed("audit.second_auditor")
    if marks.is_own_team(actor, ticket):
        raise NotAllowed("audit.own_team")
    decision = marks.words(decision, "decision")
    errors = []
    if state is AppealState.OPEN:
        errors.append(FieldError("state", Reason("audit.verdict_missing")))
    if not decision:
        errors.append(FieldError("decision", Reason("audit.decision_missing")))
    if errors:
        raise Invalid(errors)
    row.state, row.decision, row.decided_by_id, row.decided_at = state, decision, actor.person_id, clock.now()
    plan = db.session.get_one(AuditPlan, sample.plan_id)
    marks.roll_up(plan.month, ticket, [line], -1)
    line.answer = ANSWER_AFTER[state]
    marks.roll_up(plan.month, ticket, [line], 1)
    count(sample)
    db.session.flush()
    activity.record(actor, "audit.appeal_decided", "score_line", line.id, state=state.value)
    return row
