"""Owns the facts that publishing proves for the workflow."""

import datetime as dt

from flask import current_app

from app.core import clock
from app.core.errors import Reason
from app.publishing import queries
from app.reviews import questions as reviews
from app.standards import queries as standards
from app.standards.frame_drafting import frame_authors
from app.standards.lifecycle import Attempt
from app.standards.models import Revision


def prove_four_eyes(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """Nobody publishes a text that they wrote themselves (mission.md, row 20)."""
    for draft in standards.clause_drafts(revision.id):
        if attempt.actor.person_id in draft.author_ids:
            return (Reason("publishing.own_text", {"clause": draft.clause_id}),)
    if attempt.actor.person_id in frame_authors(revision):
        return (Reason("publishing.own_frame"),)
    return ()


def prove_outputs_ready(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """Each output is ready or not needed with a reason; customers are told what changes for them in both languages."""
    plan = queries.plan(revision.id)
    if plan is None:
        return (Reason("publishing.no_plan"),)
    reasons: list[Reason] = []
    told = plan.customer_notice_zh.strip() and plan.customer_notice_en.strip()
    if queries.touches_customers(revision) and not told and not plan.outputs.get("customer_notice"):
        reasons.append(Reason("publishing.customer_notice_missing"))
    return tuple(reasons)


def prove_notice_days(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """The effective date lies ahead, not too far, and keeps the notice days, or a reason is given.

    Public clauses keep the days of the house, clauses that a rule pack concerns those of the law, whichever is more.
    """
    plan = queries.plan(revision.id)
    if plan is None:
        return (Reason("publishing.no_plan"),)
    today = clock.today()
    if plan.effective_on <= today:
        return (Reason("publishing.date_past", {"day": plan.effective_on.isoformat()}),)
    if plan.effective_on > today + dt.timedelta(days=queries.FARTHEST_DAYS):
        return (Reason("publishing.date_far", {"days": queries.FARTHEST_DAYS}),)
    days = current_app.config["SETTINGS"].notice_days if queries.touches_customers(revision) else 0
    law = reviews.longest_notice(revision)
    key, params = "publishing.notice_days", {}
    if law is not None and (law.notice_days or 0) >= days:
        days, key = law.notice_days or 0, "publishing.notice_law"
        params = {"law": law.law, "articles": law.articles}
    soonest = today + dt.timedelta(days=days)
    if plan.effective_on < soonest and not plan.notice_waiver.strip():
        return (Reason(key, {"days": days, "soonest": soonest.isoformat(), **params}),)
    return ()


def prove_training_verdict(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """It is decided what the change asks of the people who must follow it; nothing costs a reason."""
    plan = queries.plan(revision.id)
    if plan is None or plan.training_verdict is None:
        return (Reason("publishing.training_verdict_missing"),)
    if plan.training_verdict == "none" and not plan.training_note.strip():
        return (Reason("publishing.training_reason_missing"),)
    return ()


def prove_hypothesis(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """The expected effect is registered before publication, or the reason why none can be expected."""
    plan = queries.plan(revision.id)
    if queries.hypothesis(revision.id) is None and not (plan and plan.hypothesis_waiver.strip()):
        return (Reason("publishing.hypothesis_missing"),)
    return ()


def prove_inside_undo_window(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """Publishing can be undone until the window ends; afterwards withdrawing is a new publication."""
    if revision.undo_until is None or clock.now() >= revision.undo_until:
        return (Reason("publishing.undo_over"),)
    return ()


def prove_effective_date_come(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """The publication stands in the store and its instant has come."""
    publication = queries.publication_of(revision.id)
    if publication is None or publication.effective_at > clock.now():
        return (Reason("publishing.not_yet"),)
    return ()


def prove_languages_in_step(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """Each changed clause has both languages where the standard has both, or a reason is given."""
    plan = queries.plan(revision.id)
    if plan is not None and plan.language_waiver.strip():
        return ()
    languages = set(standards.published_documents(revision.standard))
    if languages != {"zh", "en"}:
        return ()
    lagging = []
    for draft in standards.clause_drafts(revision.id):
        if draft.kind.value == "retired":
            continue
        base = next(
            (v for v in reversed(standards.clause_versions(revision.standard_id, draft.clause_id))), None
        )
        zh_changed = base is None or draft.body_zh != (base.body_zh or "")
        en_changed = base is None or draft.body_en != (base.body_en or "")
        if not draft.body_zh or not draft.body_en or zh_changed != en_changed:
            lagging.append(draft.clause_id)
    return (Reason("publishing.language_lags", {"clauses": ", ".join(lagging)}),) if lagging else ()
