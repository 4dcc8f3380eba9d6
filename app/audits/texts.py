"""Owns the questions about the texts that contacts are checked against: headings, publications, who had read them."""

import sqlalchemy as sa
from sqlalchemy import orm

from app.audits.models import ScoreLine
from app.core.db import db
from app.evidence.models import Issue, Ticket
from app.people.models import Person
from app.standards.models import ClauseChange, ClauseVersion, Publication
from app.training.models import AcknowledgedClause


def headings(standard_ids: set[int]) -> dict[tuple[int, str], tuple[str, str]]:
    """Returns the newest published headings as {(standard, clause): (zh, en)}."""
    rows = db.session.execute(
        sa.select(
            ClauseVersion.standard_id,
            ClauseVersion.clause_id,
            ClauseVersion.heading_zh,
            ClauseVersion.heading_en,
        )
        .where(ClauseVersion.standard_id.in_(standard_ids))
        .order_by(ClauseVersion.id)
    )
    return {(row.standard_id, row.clause_id): (row.heading_zh, row.heading_en) for row in rows}


def publications_by_id(publication_ids: set[int]) -> dict[int, Publication]:
    """Returns publications without their texts."""
    rows = db.session.scalars(
        sa.select(Publication)
        .where(Publication.id.in_(publication_ids))
        .options(orm.defer(Publication.content), orm.defer(Publication.manifest))
    )
    return {row.id: row for row in rows}


def texts_read(ticket: Ticket) -> set[tuple[int, str, str]] | None:
    """Returns which texts, as (standard, clause, hash), the contact's agent had acknowledged before; None: unknown agent."""
    if not ticket.agent:
        return None
    rows = db.session.execute(
        sa.select(AcknowledgedClause.standard_id, AcknowledgedClause.clause_id, AcknowledgedClause.pair)
        .select_from(Person)
        .outerjoin(
            AcknowledgedClause,
            sa.and_(AcknowledgedClause.person_id == Person.id, AcknowledgedClause.at <= ticket.created_at),
        )
        .where(Person.agent_code == ticket.agent)
    ).all()
    if not rows:
        return None
    return {
        (standard_id, clause_id, pair.partition("@")[0])
        for standard_id, clause_id, pair in rows
        if standard_id is not None
    }


def texts_to_read(standard_ids: set[int]) -> set[tuple[int, str, str]]:
    """Returns the texts, as (standard, clause, hash), that a revision brought and that had to be read: no first version.

    Editorial changes had to be read by nobody, and a clause that a later publication repeats is no new text.
    """
    rows = db.session.execute(
        sa.select(ClauseVersion.standard_id, ClauseVersion.clause_id, ClauseVersion.clause_hash)
        .join(Publication, Publication.id == ClauseVersion.publication_id)
        .where(
            ClauseVersion.standard_id.in_(standard_ids),
            ClauseVersion.change.in_((ClauseChange.NEW, ClauseChange.CHANGED)),
            ClauseVersion.is_editorial.is_(False),
            Publication.revision_id.is_not(None),
        )
    )
    return {(standard_id, clause_id, digest) for standard_id, clause_id, digest in rows}


def texts_of(lines: list[ScoreLine]) -> dict[tuple[int, str, str], ClauseVersion]:
    """Returns the published clause each line was checked against, by (standard, clause, hash); pilots' texts miss."""
    rows = db.session.scalars(
        sa.select(ClauseVersion).where(
            ClauseVersion.standard_id.in_({x.standard_id for x in lines}),
            ClauseVersion.clause_id.in_({x.clause_id for x in lines}),
        )
    )
    return {(row.standard_id, row.clause_id, row.clause_hash): row for row in rows}


def complaints(standard_ids: set[int]) -> dict[tuple[int, str], int]:
    """Returns the complaints of the last two weeks that point at each clause: {(standard, clause): count}."""
    rows = db.session.execute(
        sa.select(Issue.standard_id, Issue.clause_id, sa.func.max(Issue.last_count).label("complaints"))
        .where(Issue.standard_id.in_(standard_ids), Issue.clause_id.is_not(None))
        .group_by(Issue.standard_id, Issue.clause_id)
    )
    return {(row.standard_id, row.clause_id): int(row.complaints) for row in rows}
