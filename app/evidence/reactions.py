"""Owns what this room does when others report news: grouping after an import, evidence after a revision's move."""

import sqlalchemy as sa

from app.core import clock, events, jobs, working_time
from app.core.access import SYSTEM
from app.core.db import db
from app.evidence import queries, service
from app.evidence.issue_states import put
from app.evidence.models import EvidenceKind, Issue, IssueState, Suggestion, SuggestionState
from app.standards.models import Revision
from app.standards.workflow import State


def group_after_import(event: events.TicketsImported) -> None:
    """Queues a grouping run after tickets came in, once for each import."""
    jobs.enqueue("group_complaints", key=f"group-complaints:{event.import_id}")


def recount_after_change(event: events.WorkingTimeChanged) -> None:
    """Queues the recount of contacts whose working time a change concerns; peak seasons and days to come concern none."""
    if event.kind != working_time.Kind.PEAKS.value and event.holds_from <= clock.today():
        jobs.enqueue(
            "recount_working_time", key=f"recount:{event.change_id}", since=event.holds_from.isoformat()
        )


def follow_revision(event: events.RevisionMoved) -> None:
    """Frees the evidence of a revision that ended without a change; answers its suggestions when it came into force."""
    if event.to_state in (State.DECLINED.value, State.WITHDRAWN.value):
        _free(db.session.get_one(Revision, event.revision_id))
    elif event.to_state == State.IN_FORCE.value:
        _answer(db.session.get_one(Revision, event.revision_id))


def _free(revision: Revision) -> None:
    for link in queries.evidence_of(revision.id):
        if queries.revisions_resting_on(link.kind, link.key):
            continue  # another revision still takes care of it
        if link.kind is EvidenceKind.ISSUE:
            issue = db.session.scalar(sa.select(Issue).where(Issue.number == link.key))
            if issue is not None and issue.state is IssueState.LINKED:
                put(issue, IssueState.OPEN)
        elif link.kind is EvidenceKind.SUGGESTION:
            row = db.session.scalar(sa.select(Suggestion).where(Suggestion.ref == link.key))
            if row is not None and row.state is SuggestionState.LINKED:
                row.state, row.revision_id = SuggestionState.RECEIVED, None
    db.session.flush()


def _answer(revision: Revision) -> None:
    words = revision.change_note.strip() or revision.title
    for row in db.session.scalars(
        sa.select(Suggestion).where(
            Suggestion.revision_id == revision.id, Suggestion.state == SuggestionState.LINKED
        )
    ):
        service.close(SYSTEM, row, adopted=True, answer=words)
