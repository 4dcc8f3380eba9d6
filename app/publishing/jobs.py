"""Owns the jobs of publishing: the publication itself when the undo window ends, records of expected effects."""

import datetime as dt
import json
from functools import partial

from app.core import activity, clock
from app.core.access import SYSTEM
from app.core.db import db
from app.core.errors import DomainError, Refused, Stale
from app.people import queries as people
from app.publishing import queries
from app.publishing.models import Hypothesis, PublicationPlan
from app.standards import library, lifecycle, projection
from app.standards import queries as standards
from app.standards.drafted_documents import draft_documents
from app.standards.lifecycle import Attempt
from app.standards.models import Materiality, Publication, Revision
from app.standards.publication import PublicationRequest, publish
from app.standards.store_access import store
from app.standards.workflow import Move, State


def publish_revision(revision_id: int, op_key: str) -> dict[str, object]:
    """Job: publishes a scheduled revision. An attempt that was undone does nothing; a stale sign-off reopens it."""
    revision = db.session.get_one(Revision, revision_id)
    done = queries.publication_of(revision_id)
    plan = queries.plan(revision_id)
    if done is not None:
        if plan is not None:  # a recovery finished what this job had begun
            plan.publication_id = done.id
        return {"version": done.version}
    if revision.state is not State.SCHEDULED or plan is None or plan.op_key != op_key:
        return {"undone": True}
    if revision.undo_until is not None and clock.now() < revision.undo_until:
        return {"undone": True}  # undone and scheduled again under the same key: the later job publishes
    _postpone_past_date(revision, plan)
    base = standards.newest_publication(revision.standard_id)
    request = _request(revision, plan, base.version if base else None)
    check = partial(_must_still_hold, revision_id, base.id if base else None)
    try:
        publication_id = publish(store(), request, check=check, finish=projection.finish)
    except Refused as refusal:
        return _give_back(revision_id, refusal)
    plan = queries.plan(revision_id)
    if plan is not None:
        plan.publication_id = publication_id
    return {"version": db.session.get_one(Publication, publication_id).version}


def _request(revision: Revision, plan: PublicationPlan, base_version: str | None) -> PublicationRequest:
    """What is asked of the store: the texts as drafted over the newest publication, and why rules were set aside."""
    person = people.person(plan.scheduled_by_id) if plan.scheduled_by_id else None
    drafts = standards.clause_drafts(revision.id)
    return library.request_for(
        revision.standard,
        draft_documents(revision),
        version=library.next_version(base_version, is_major=plan.is_major),
        op_key=f"revision:{revision.number}:{plan.op_key}",
        author_subject=person.subject if person else SYSTEM.subject,
        effective_on=plan.effective_on,
        transition_days=plan.transition_days,
        revision_id=revision.id,
        revision_number=revision.number,
        sign_offs=tuple(_sign_offs(revision)),
        reasons={
            projection.EDITORIAL: [d.clause_id for d in drafts if d.materiality is Materiality.EDITORIAL],
            projection.LINEAGE: projection.lineage_of(drafts),
            "notice": plan.notice_waiver,
            "language": plan.language_waiver,
            "hypothesis": plan.hypothesis_waiver,
            "emergency": revision.is_emergency,
        },
        change_note=revision.change_note or revision.title,
    )


def _must_still_hold(revision_id: int, base_id: int | None) -> None:
    """Asked while the standard is held, just before the texts are written."""
    fresh = db.session.get_one(Revision, revision_id, with_for_update=True, populate_existing=True)
    if fresh.state is not State.SCHEDULED:
        raise Refused("move.wrong_state", state=fresh.state.value, move="publish")
    newest = standards.newest_publication(fresh.standard_id)
    if (newest.id if newest else None) != base_id:
        # Another revision came in between: its words are not in these texts. The job is tried again on top of it.
        raise Stale("publishing.base_moved", number=fresh.number)
    if not fresh.is_emergency:
        stale = lifecycle.fact_reasons(fresh, Attempt(Move.SCHEDULE, SYSTEM), ("sign_offs_fresh",))
        if stale:
            raise Refused(*stale)


def _postpone_past_date(revision: Revision, plan: PublicationPlan) -> None:
    """Nobody is bound by a text before it could be read: a job that comes too late moves the date to the next midnight."""
    soonest = clock.today() + dt.timedelta(days=0 if revision.is_emergency else 1)
    if plan.effective_on >= soonest:
        return
    activity.record(
        SYSTEM, "publication.postponed", "revision", revision.number, planned=plan.effective_on, to=soonest
    )
    plan.effective_on = soonest


def _give_back(revision_id: int, refusal: DomainError) -> dict[str, object]:
    db.session.rollback()
    revision = db.session.get_one(Revision, revision_id)
    plan = queries.plan(revision_id)
    if plan is not None:
        plan.failure = refusal.reasons[0].key
    if revision.state is State.SCHEDULED:
        lifecycle.perform(revision, Attempt(Move.REOPEN, SYSTEM, reason=refusal.reasons[0].key))
    return {"refused": [r.key for r in refusal.reasons]}


_sign_off_sources: list[object] = []


def provide_sign_offs(source: object) -> None:
    """Names the function that tells the sign-offs of a revision as manifest values; called by the wiring page."""
    _sign_off_sources[:] = [source]


def _sign_offs(revision: Revision) -> list[dict[str, object]]:
    return [line for source in _sign_off_sources for line in source(revision)]  # type: ignore[operator]


def record_hypothesis(hypothesis_id: int) -> dict[str, object]:
    """Job: writes the expected effect to the store's records; doing it again changes nothing."""
    row = db.session.get_one(Hypothesis, hypothesis_id)
    if row.record_commit is not None:
        return {"commit": row.record_commit}
    revision = db.session.get_one(Revision, row.revision_id)
    subject = people.person(row.registered_by_id).subject if row.registered_by_id else SYSTEM.subject
    value = {
        "revision": revision.number,
        "clause": row.clause_id,
        "measure": row.measure,
        "direction": row.direction.value,
        "smallest_change_points": row.smallest_change_points,
        "statement": row.statement,
        "registered_at": row.registered_at.isoformat(),
        "registered_by": subject,
    }
    data = (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
    path, at = f"hypotheses/{revision.number}.json", row.registered_at
    db.session.commit()
    commit = store().append_records({path: data}, subject, at)
    row = db.session.get_one(Hypothesis, hypothesis_id)
    row.record_commit = commit
    return {"commit": commit, "at": clock.now().isoformat()}
