"""Owns the questions about publishing: the plan, the expected effect, what is due to take effect."""

import datetime as dt

import sqlalchemy as sa

from app.core.db import db
from app.core.once import asked_once
from app.publishing.models import Hypothesis, PublicationPlan
from app.standards import queries as standards
from app.standards.models import Publication, PublicationState, Revision
from app.standards.texts import current_parts
from app.standards.workflow import ENDS, State

FARTHEST_DAYS = 730


@asked_once
def plan(revision_id: int) -> PublicationPlan | None:
    """Returns the plan of a revision's publication, None before it is made."""
    return db.session.scalar(sa.select(PublicationPlan).where(PublicationPlan.revision_id == revision_id))


@asked_once
def coming_plans(standard_id: int) -> list[tuple[Revision, PublicationPlan]]:
    """Returns the plans of a standard's revisions that do not bind yet, with their revisions, oldest first."""
    ended = (State.ARCHIVED, State.IN_FORCE, *ENDS)
    rows = db.session.execute(
        sa.select(Revision, PublicationPlan)
        .join(PublicationPlan, PublicationPlan.revision_id == Revision.id)
        .where(Revision.standard_id == standard_id, Revision.state.not_in(ended))
        .order_by(Revision.id)
    )
    return [(row[0], row[1]) for row in rows]


@asked_once
def hypothesis(revision_id: int) -> Hypothesis | None:
    """Returns the effect expected of a revision, None when none is registered."""
    return db.session.scalar(sa.select(Hypothesis).where(Hypothesis.revision_id == revision_id))


def due(now: dt.datetime) -> list[Publication]:
    """Returns the publications whose instant has come and that were not yet noted, in the order of their effect."""
    return list(
        db.session.scalars(
            sa.select(Publication)
            .where(
                Publication.state == PublicationState.PUBLISHED,
                Publication.took_effect_at.is_(None),
                Publication.effective_at <= now,
            )
            .order_by(Publication.effective_at, Publication.id)
        )
    )


@asked_once
def publication_of(revision_id: int) -> Publication | None:
    """Returns the publication a revision led to, None before it."""
    return db.session.scalar(
        sa.select(Publication).where(
            Publication.revision_id == revision_id, Publication.state == PublicationState.PUBLISHED
        )
    )


def changed_clause_ids(revision: Revision) -> list[str]:
    """Returns the ids of the clauses the working text changes, sorted; front matter and order are left out."""
    return sorted(
        {part.split("/")[0] for part in current_parts(revision) if part[0] == "c" and part[1].isdigit()}
    )


def touches_customers(revision: Revision) -> bool:
    """Tells whether a changed clause is one that customers read."""
    if revision.standard.visibility != "public":
        return False
    drafts = {d.clause_id: d for d in standards.clause_drafts(revision.id)}
    return any("public" in drafts[c].tags for c in changed_clause_ids(revision) if c in drafts)


def open_approvals() -> list[tuple[Revision, PublicationPlan]]:
    """Returns what waits for a second person: emergency publications, the soonest due first, and notices to customers.

    A notice waits from the day its revision is ready; while the text is still written, so may the notice be.
    """
    emergency = sa.and_(PublicationPlan.approval_due.is_not(None), PublicationPlan.approved_at.is_(None))
    notice = sa.and_(
        PublicationPlan.notice_edited_at.is_not(None),
        PublicationPlan.notice_approved_at.is_(None),
        PublicationPlan.customer_notice_zh != "",
        PublicationPlan.customer_notice_en != "",
        Revision.state.in_((State.READY, State.SCHEDULED, State.IN_FORCE)),
    )
    rows = db.session.execute(
        sa.select(Revision, PublicationPlan)
        .join(PublicationPlan, PublicationPlan.revision_id == Revision.id)
        .where(sa.or_(emergency, notice))
        .order_by(PublicationPlan.approval_due.nulls_last(), Revision.id)
    )
    return [(row[0], row[1]) for row in rows]
