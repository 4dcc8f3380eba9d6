"""Owns which review plan counts for a revision, who is in a step's pool, and the verb that writes a new plan."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.core import activity, clock, once
from app.core.access import Actor, Permission, Role
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, Reason
from app.core.once import asked_once
from app.core.text import clean_text
from app.people import queries as people
from app.people.models import Person
from app.reviews.freshness import DEFAULT_STEPS, Kind, Need, Step
from app.reviews.models import ReviewPlan
from app.reviews.plan import arranged, faults, from_data, to_data
from app.standards.models import Revision

LIMIT_NOTE_BYTES = 2 * 1024
ROLES = {
    Kind.LEGAL: Role.LEGAL_REVIEWER,
    Kind.BUSINESS: Role.BUSINESS_REVIEWER,
    Kind.IT: Role.IT_REVIEWER,
}


@asked_once
def kept_steps(revision_id: int) -> str | None:
    """Returns the steps of the plan a revision began with as they are kept, in JSON; None is the default plan."""
    kept: str | None = db.session.scalar(_newest_before(sa.literal(revision_id)))
    return kept


def kept_steps_beside(revision_id: Any) -> sa.ScalarSelect[Any]:
    """Returns the same as a part of a wider question; `revision_id` is a column of it (see `know`)."""
    return _newest_before(revision_id).correlate_except(ReviewPlan).scalar_subquery()


def know(revision_id: int, kept: str | None) -> None:
    """Puts down what a wider question brought along, so that `kept_steps` need not ask; outside a GET nothing."""
    if once.is_remembering():
        once.remember(kept_steps, kept, revision_id)


def _newest_before(revision_id: Any) -> sa.Select[Any]:
    return (
        sa.select(sa.cast(ReviewPlan.steps, sa.Text))
        .where(ReviewPlan.after_revision_id < revision_id)
        .order_by(ReviewPlan.id.desc())
        .limit(1)
    )


def steps_of(revision_id: int) -> tuple[Step, ...]:
    """Returns the steps of the plan a revision began with, in their order."""
    kept = kept_steps(revision_id)
    return DEFAULT_STEPS if kept is None else from_data(json.loads(kept))


def all_plans() -> list[ReviewPlan]:
    """Returns every plan that was written, newest first; empty while the default plan counts."""
    return list(db.session.scalars(sa.select(ReviewPlan).order_by(ReviewPlan.id.desc())))


def newest_steps() -> tuple[Step, ...]:
    """Returns the steps that revisions begun from now on follow."""
    kept = all_plans()
    return from_data(kept[0].steps) if kept else DEFAULT_STEPS


def pool(step: Step) -> list[Person]:
    """Returns who may be asked in a step today: the people of its field, of its department where it names one."""
    return people.holders(ROLES[step.kind], department_code=step.department or None)


def write_plan(
    actor: Actor, steps: Sequence[Step], *, note: str, places: Sequence[int] = ()
) -> ReviewPlan | None:
    """Writes a plan for the revisions begun from now on and returns it; None when it is the one that counts.

    `note` says why; `places` are the rows of the form the steps stood in. Raises Invalid for what `plan.faults` names,
    for a step that names nobody or fewer people than it needs, and for a missing note; NotAllowed without the right.
    """
    if not actor.may(Permission.PLAN_REVIEWS):
        raise NotAllowed("move.no_permission", permission=Permission.PLAN_REVIEWS.value)
    words = clean_text(note, LIMIT_NOTE_BYTES, field="note").strip()
    rows = list(places) or list(range(len(steps)))
    errors = faults(steps, rows)
    for place, step in zip(rows, steps, strict=True):
        errors += _names_too_few(place, step)
    if not words:
        errors.append(FieldError("note", Reason("review_plan.note_missing")))
    if errors:
        raise Invalid(errors)
    made = arranged(steps)
    if made == newest_steps():
        return None
    row = ReviewPlan(
        steps=to_data(made),
        after_revision_id=db.session.scalar(sa.select(sa.func.max(Revision.id))) or 0,
        note=words,
        made_by_id=actor.person_id,
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "review_plan.written", "review_plan", row.id, steps=len(made))
    return row


def _names_too_few(place: int, step: Step) -> list[FieldError]:
    codes = {d.code for d in people.departments()}
    if step.department and step.department not in codes:
        return [FieldError(f"department-{place}", Reason("review_plan.department"))]
    count, wanted = len(pool(step)), step.count if step.need is Need.COUNT else 1
    if count == 0:
        return [FieldError(f"department-{place}", Reason("review_plan.nobody", {"field": step.kind.value}))]
    if count < wanted:
        return [FieldError(f"count-{place}", Reason("review_plan.too_few", {"count": count}))]
    return []
