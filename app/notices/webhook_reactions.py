"""Owns which news other systems are told, and with which values. Handlers write rows only; requests leave by jobs."""

import sqlalchemy as sa

from app.core import events
from app.core.db import db
from app.notices.webhooks import tell_systems
from app.publishing import customer_notices
from app.publishing import queries as publishing
from app.standards import queries as standards
from app.standards.models import ClauseChange, ClauseVersion, Publication, Revision
from app.standards.words import spoken_id
from app.standards.workflow import Move

DECIDED = {
    Move.ACCEPT: "proposal.accepted",
    Move.DECLINE: "proposal.declined",
    Move.DECLINE_LATE: "proposal.declined",
}


def on_revision_moved(event: events.RevisionMoved) -> None:
    """Tells that a proposal was accepted or declined, with the reason."""
    topic = DECIDED.get(Move(event.move))
    if topic is None:
        return
    revision = db.session.get_one(Revision, event.revision_id)
    step = standards.steps(revision.id)[-1]
    tell_systems(
        topic, f"/r/{revision.number}", _revision(revision) | {"reason": step.reason}, key=f"move:{step.id}"
    )


def on_published(event: events.Published) -> None:
    """Tells which version of a standard was published, what it changes and from which day it binds."""
    _tell_of_publication("standard.published", event.publication_id)
    if event.revision_id is not None:
        _tell_customers(event.revision_id, event.publication_id)


def on_customer_notice_approved(event: events.CustomerNoticeApproved) -> None:
    """Tells the notice to customers where its version is published already; else it waits for that."""
    plan = publishing.plan(event.revision_id)
    if plan is not None and plan.publication_id is not None:
        _tell_customers(event.revision_id, plan.publication_id)


def on_took_effect(event: events.TookEffect) -> None:
    """Tells that a version binds now."""
    _tell_of_publication("standard.in_force", event.publication_id)


def on_issue_handed_on(event: events.IssueHandedOn) -> None:
    """Tells what another department has to solve, such as the makers of the product."""
    # A later hand-over of the same issue says something else, and says it once.
    tell_systems(
        "issue.handed_on",
        f"/e/{event.number}",
        {"issue": event.number, "department": event.department_code, "words": event.words},
        key=f"{event.number}:{event.department_code}:{event.words}",
    )


def on_surge_noticed(event: events.SurgeNoticed) -> None:
    """Tells that feedback on a clause rises, and which revision takes care of it."""
    revision = db.session.get_one(Revision, event.revision_id)
    tell_systems(
        "surge.opened",
        f"/r/{revision.number}",
        _revision(revision)
        | {
            "clause": spoken_id(revision.standard.code, event.clause_id),
            "count": event.count,
            "alarmed_on": event.alarmed_on.isoformat(),
        },
        key=f"{revision.number}:{event.clause_id}:{event.alarmed_on.isoformat()}",
    )


def on_effect_evaluated(event: events.EffectEvaluated) -> None:
    """Tells that the effect of a revision was computed."""
    revision = db.session.get_one(Revision, event.revision_id)
    tell_systems(
        "effect.evaluated",
        f"/r/{revision.number}/effect",
        _revision(revision) | {"days": event.days},
        key=f"{revision.number}:{event.days}",
    )


def _tell_customers(revision_id: int, publication_id: int) -> None:
    """Tells an approved notice once; a gateway for mail, messages or an app carries it to the customers."""
    plan = publishing.plan(revision_id)
    if plan is None or plan.notice_approved_at is None:
        return
    revision = db.session.get_one(Revision, revision_id)
    code = revision.standard.code
    tell_systems(
        "customer_notice",
        f"/commitments/{code}",
        {
            "revision": revision.number,
            "standard": code.upper(),
            "effective_on": plan.effective_on.isoformat(),
        },
        key=f"{publication_id}:{customer_notices.mark_of(plan)}",
        approved_texts={"text_zh": plan.customer_notice_zh, "text_en": plan.customer_notice_en},
    )


def _revision(revision: Revision) -> dict[str, object]:
    return {
        "revision": revision.number,
        "standard": revision.standard.code.upper(),
        "title_zh": revision.title,
        "title_en": revision.title_en,
    }


def _tell_of_publication(topic: str, publication_id: int) -> None:
    publication = db.session.get_one(Publication, publication_id)
    standard = publication.standard
    changed = db.session.execute(
        sa.select(ClauseVersion.clause_id, ClauseVersion.change)
        .where(ClauseVersion.publication_id == publication.id, ClauseVersion.change != ClauseChange.UNCHANGED)
        .order_by(ClauseVersion.position)
    )
    tell_systems(
        topic,
        f"/s/{standard.code}/v/{publication.version}",
        {
            "standard": standard.code.upper(),
            "title_zh": standard.title_zh,
            "title_en": standard.title_en,
            "version": publication.version,
            "effective_on": publication.effective_on.isoformat(),
            "clauses": [
                {"clause": spoken_id(standard.code, c), "change": change.value} for c, change in changed
            ],
        },
        key=str(publication.id),
    )
