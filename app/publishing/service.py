"""Owns the verbs of publishing: the plan, the expected effect, scheduling and undoing it, taking effect."""

import datetime as dt
import hashlib
from collections.abc import Mapping

import sqlalchemy as sa
from flask import current_app

from app.core import activity, clock, events, jobs
from app.core.access import SYSTEM, Actor, Permission
from app.core.calendar import add_working_days
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused, Stale
from app.core.text import clean_text
from app.publishing import customer_notices, queries
from app.publishing.models import Direction, Hypothesis, PublicationPlan, TrainingVerdict
from app.standards import lifecycle, texts
from app.standards.lifecycle import Attempt
from app.standards.measures import Measure
from app.standards.models import Revision, TextVersion
from app.standards.workflow import ENDS, Move, State

FARTHEST_DAYS = queries.FARTHEST_DAYS
CLOSED = frozenset({State.SCHEDULED, State.IN_FORCE, *ENDS})
LIMIT_TEXT_BYTES = 8 * 1024
LONGEST_TRANSITION_DAYS = 365
TEXT_FIELDS = (
    "training_note", "notice_waiver", "language_waiver", "hypothesis_waiver",
    "customer_notice_zh", "customer_notice_en", "staff_notice_zh", "staff_notice_en",
)  # fmt: skip


def set_plan(
    actor: Actor,
    revision: Revision,
    *,
    effective_on: dt.date,
    is_major: bool = False,
    transition_days: int = 0,
    training_verdict: TrainingVerdict | None = None,
    words: Mapping[str, str] | None = None,
    not_needed: Mapping[str, str] | None = None,
) -> PublicationPlan:
    """Keeps how the revision is to be published and returns the plan; it can be kept while facts are missing.

    `words` holds any of TEXT_FIELDS; `not_needed` is {output: reason}. Refused once the revision is scheduled or
    ended. Raises Invalid for a date that has come or lies too far ahead.
    """
    if not actor.may(Permission.PUBLISH):
        raise NotAllowed("move.no_permission", permission=Permission.PUBLISH.value)
    if revision.state in CLOSED:
        raise Refused("publishing.already_scheduled", number=revision.number)
    _must_lie_ahead(effective_on, least_days=1)
    if not 0 <= transition_days <= LONGEST_TRANSITION_DAYS:
        raise Invalid.of("transition_days", "publishing.transition_range", most=LONGEST_TRANSITION_DAYS)
    plan = queries.plan(revision.id) or PublicationPlan(revision_id=revision.id, outputs={})
    plan.effective_on, plan.is_major, plan.transition_days = effective_on, is_major, transition_days
    plan.training_verdict = training_verdict
    told = plan.customer_notice_zh, plan.customer_notice_en
    for name, value in (words or {}).items():
        if name not in TEXT_FIELDS:
            raise Invalid.of(name, "publishing.unknown_field")
        setattr(plan, name, clean_text(value, LIMIT_TEXT_BYTES, field=name).strip())
    if (plan.customer_notice_zh, plan.customer_notice_en) != told:
        customer_notices.edited(actor, plan)
    if not_needed is not None:
        plan.outputs = {k: clean_text(v, LIMIT_TEXT_BYTES, field=k).strip() for k, v in not_needed.items()}
    db.session.add(plan)
    db.session.flush()
    activity.record(actor, "publication.planned", "revision", revision.number, effective_on=effective_on)
    return plan


def register_hypothesis(
    actor: Actor,
    revision: Revision,
    *,
    clause_id: str,
    measure: Measure,
    direction: Direction,
    smallest_change_points: int,
    statement: str,
) -> Hypothesis:
    """Registers the effect expected of a revision, once, before it is published; it is never changed afterwards.

    It is also written to the store's records, so that nobody can fit it to the result (mission.md, row 50).
    """
    if not (actor.may(Permission.PUBLISH) or actor.may(Permission.DRAFT) or actor.may(Permission.RUN_PILOT)):
        raise NotAllowed("move.no_permission", permission=Permission.PUBLISH.value)
    if revision.state in CLOSED:
        raise Refused("publishing.hypothesis_late", number=revision.number)
    if queries.hypothesis(revision.id) is not None:
        raise Refused("publishing.hypothesis_there", number=revision.number)
    if not 1 <= smallest_change_points <= 100:
        raise Invalid.of("smallest_change_points", "publishing.points_range")
    words = clean_text(statement, LIMIT_TEXT_BYTES, field="statement").strip()
    if not words:
        raise Invalid.of("statement", "publishing.statement_missing")
    row = Hypothesis(
        revision_id=revision.id,
        clause_id=clause_id,
        measure=measure.to_data(),
        direction=direction,
        smallest_change_points=smallest_change_points,
        statement=words,
        registered_at=clock.now(),
        registered_by_id=actor.person_id,
    )
    db.session.add(row)
    db.session.flush()
    activity.record(
        actor,
        "hypothesis.registered",
        "revision",
        revision.number,
        clause=clause_id,
        direction=direction.value,
        points=smallest_change_points,
        statement_sha256=hashlib.sha256(words.encode()).hexdigest(),
    )
    jobs.enqueue("record_hypothesis", key=f"hypothesis:{row.id}", hypothesis_id=row.id)
    return row


def schedule(
    actor: Actor, revision: Revision, *, op_key: str, seen: State | None = None, reason: str = ""
) -> PublicationPlan:
    """Freezes the text and opens the undo window; the job publishes when it ends. The same `op_key` is one act.

    Raises Refused with every missing fact, Stale when the revision moved on or the text is not pinned yet.
    """
    return _schedule(actor, revision, Attempt(Move.SCHEDULE, actor, reason=reason), op_key, seen)


def publish_in_emergency(
    actor: Actor, revision: Revision, *, op_key: str, reason: str, effective_on: dt.date
) -> PublicationPlan:
    """Publishes without pilot and full review, loudly: a second person must approve within the set working days.

    `effective_on` may be today: the text then binds from the midnight before. Refused as `schedule` is.
    """
    _must_lie_ahead(effective_on, least_days=0)
    plan = queries.plan(revision.id) or PublicationPlan(revision_id=revision.id, outputs={})
    plan.effective_on = effective_on
    days = current_app.config["SETTINGS"].emergency_working_days
    plan.approval_due = add_working_days(clock.today(), days)
    db.session.add(plan)
    revision.is_emergency = True
    return _schedule(actor, revision, Attempt(Move.EMERGENCY, actor, reason=reason), op_key, None)


def approve_emergency(actor: Actor, revision: Revision) -> PublicationPlan:
    """Approves an emergency publication afterwards; only a second person with the authority may."""
    if not (actor.may(Permission.EMERGENCY) or actor.may(Permission.CONFIRM_RANK)):
        raise NotAllowed("move.no_permission", permission=Permission.EMERGENCY.value)
    plan = queries.plan(revision.id)
    if plan is None or plan.approval_due is None:
        raise Refused("publishing.no_emergency", number=revision.number)
    if plan.scheduled_by_id == actor.person_id:
        raise Refused("publishing.second_person", number=revision.number)
    if revision.state not in (State.SCHEDULED, State.IN_FORCE, State.ARCHIVED):
        raise Refused("publishing.no_emergency", number=revision.number)
    if plan.approved_at is None:
        plan.approved_by_id, plan.approved_at = actor.person_id, clock.now()
        activity.record(actor, "emergency.approved", "revision", revision.number)
    return plan


def undo(actor: Actor, revision: Revision, *, reason: str = "") -> None:
    """Takes the schedule back inside the undo window: a change of state that touches no published text."""
    lifecycle.perform(revision, Attempt(Move.UNDO_SCHEDULE, actor, reason=reason))
    plan = queries.plan(revision.id)
    if plan is not None:
        plan.op_key, plan.scheduled_at, plan.scheduled_by_id, plan.text_version_id = None, None, None, None
        plan.approval_due = None
    revision.undo_until, revision.is_emergency = None, False
    db.session.flush()
    _back_to_review(revision)


def pin_text(actor: Actor, revision: Revision) -> bool:
    """Freezes the text of a revision and tells whether it stands in the store; the caller commits either way.

    Another revision of the same standard published meanwhile makes a new text, whose pin is a job of a second.
    """
    if not (actor.may(Permission.PUBLISH) or actor.may(Permission.EMERGENCY)):
        raise NotAllowed("move.no_permission", permission=Permission.PUBLISH.value)
    return texts.freeze(actor, revision, why="schedule").is_pinned


def take_effect() -> None:
    """Notes each publication whose instant has come, in the order of their instants, each dated with its own.

    A clock that is set back later changes nothing: taking effect is an event written once. Commits by itself.
    """
    for publication in queries.due(clock.now()):
        publication.took_effect_at = publication.effective_at
        if publication.revision_id is not None:
            revision = db.session.get_one(Revision, publication.revision_id)
            if revision.state is State.SCHEDULED:
                lifecycle.perform(revision, Attempt(Move.TAKE_EFFECT, SYSTEM))
        activity.record(
            SYSTEM,
            "publication.took_effect",
            "publication",
            f"{publication.standard.code} {publication.version}",
            at=publication.effective_at,
        )
        events.announce(
            events.TookEffect(
                publication.id, publication.standard_id, publication.revision_id, publication.effective_at
            )
        )
        db.session.commit()


def _schedule(
    actor: Actor, revision: Revision, attempt: Attempt, op_key: str, seen: State | None
) -> PublicationPlan:
    plan = queries.plan(revision.id)
    if plan is not None and plan.op_key == op_key and revision.state is State.SCHEDULED:
        return plan
    version = _frozen_text(actor, revision)
    step = lifecycle.perform(revision, attempt, text_version=version, seen=seen)
    plan = queries.plan(revision.id)
    if plan is None:
        raise Refused("publishing.no_plan")
    now = clock.now()
    plan.op_key, plan.scheduled_at, plan.scheduled_by_id = op_key, now, actor.person_id
    plan.text_version_id, plan.failure = version.id, ""
    window = dt.timedelta(minutes=current_app.config["SETTINGS"].undo_window_minutes)
    db.session.execute(sa.update(Revision).where(Revision.id == revision.id).values(undo_until=now + window))
    db.session.refresh(revision)
    jobs.enqueue(
        "publish_revision",
        # The step, not the caller's key: a form sent again after an undo must not meet the job of the undone attempt.
        key=f"publish:{step.id}",
        run_after=now + window,
        revision_id=revision.id,
        op_key=op_key,
    )
    return plan


def _must_lie_ahead(day: dt.date, *, least_days: int) -> None:
    today = clock.today()
    if day < today + dt.timedelta(days=least_days):
        raise Invalid.of("effective_on", "publishing.date_past", day=day.isoformat())
    if day > today + dt.timedelta(days=FARTHEST_DAYS):
        raise Invalid.of("effective_on", "publishing.date_far", days=FARTHEST_DAYS)


def _back_to_review(revision: Revision) -> None:
    """An emergency taken back before review was over must not leave the revision further than it was."""
    attempt = Attempt(Move.REOPEN, SYSTEM, reason="publishing.emergency_undone")
    if not lifecycle.why_not(revision, attempt):
        lifecycle.perform(revision, attempt)


def _frozen_text(actor: Actor, revision: Revision) -> TextVersion:
    version = texts.freeze(actor, revision, why="schedule")
    if not version.is_pinned:
        # Its pin is a job of a second; signing and scheduling wait for it rather than trust an unpinned text.
        raise Stale("publishing.text_not_pinned", number=revision.number)
    return version
