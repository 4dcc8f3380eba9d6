"""Owns the questions what a revision rests on, and is where other rooms ask about evidence: tickets, issues, suggestions.

The questions about each stand in `ticket_queries.py`, `issue_queries.py` and `suggestion_queries.py`.
"""

import sqlalchemy as sa

from app.core.db import db
from app.core.once import asked_once
from app.evidence.issue_queries import (
    RECENT_DAYS,
    complaint_counts,
    issue,
    issue_counts,
    issue_places,
    issues,
    issues_by_clause,
)
from app.evidence.models import EvidenceKind, EvidenceLink
from app.evidence.suggestion_queries import (
    OPEN_SUGGESTIONS,
    average_first_answer_days,
    count_suggestions,
    echo_count,
    echo_counts,
    recently_answered,
    revision_of,
    similar_answered,
    similar_known,
    suggestion,
    suggestion_due,
    suggestions,
)
from app.evidence.ticket_queries import (
    Outcome,
    TicketFilter,
    categories,
    count_tickets,
    count_tickets_of,
    import_failed,
    imports,
    ticket,
    ticket_import,
    ticket_span,
    tickets,
    tickets_by_ids,
)
from app.standards.models import ClauseVersion, Revision
from app.standards.workflow import ENDS

# The other rooms ask one place about evidence.
__all__ = [
    "OPEN_SUGGESTIONS",
    "RECENT_DAYS",
    "Outcome",
    "TicketFilter",
    "average_first_answer_days",
    "categories",
    "clause_versions_of",
    "complaint_counts",
    "count_suggestions",
    "count_tickets",
    "count_tickets_of",
    "echo_count",
    "echo_counts",
    "evidence_of",
    "import_failed",
    "imports",
    "issue",
    "issue_counts",
    "issue_places",
    "issues",
    "issues_by_clause",
    "recently_answered",
    "revision_of",
    "revisions_resting_on",
    "similar_answered",
    "similar_known",
    "suggestion",
    "suggestion_due",
    "suggestions",
    "ticket",
    "ticket_import",
    "ticket_span",
    "tickets",
    "tickets_by_ids",
]


@asked_once
def evidence_of(revision_id: int) -> list[EvidenceLink]:
    """Returns what a revision rests on, oldest first."""
    return list(
        db.session.scalars(
            sa.select(EvidenceLink).where(EvidenceLink.revision_id == revision_id).order_by(EvidenceLink.id)
        )
    )


def revisions_resting_on(kind: EvidenceKind, key: str) -> list[Revision]:
    """Returns the revisions that rest on this piece of evidence and have not ended, newest first."""
    return list(
        db.session.scalars(
            sa.select(Revision)
            .join(EvidenceLink, EvidenceLink.revision_id == Revision.id)
            .where(EvidenceLink.kind == kind, EvidenceLink.key == key, Revision.state.not_in(ENDS))
            .order_by(Revision.id.desc())
        )
    )


def clause_versions_of(publication_id: int, clause_ids: set[str]) -> list[ClauseVersion]:
    """Returns the texts of some clauses in one publication, in their order."""
    return list(
        db.session.scalars(
            sa.select(ClauseVersion)
            .where(ClauseVersion.publication_id == publication_id, ClauseVersion.clause_id.in_(clause_ids))
            .order_by(ClauseVersion.position)
        )
    )
