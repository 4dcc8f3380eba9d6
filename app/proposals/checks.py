"""Owns the facts this room proves for the workflow: a complete proposal, duplicates, evidence, benefit, quorum, rank."""

from app.core.errors import Reason
from app.evidence import queries as evidence_queries
from app.proposals import duplicates, queries
from app.standards import lifecycle
from app.standards import queries as standards_queries
from app.standards.models import Revision


def prove_complete(revision: Revision, attempt: lifecycle.Attempt) -> tuple[Reason, ...]:
    """Holds when title, problem, source and a clause (or the wish for a new one) are given."""
    reasons = []
    if not revision.title.strip():
        reasons.append(Reason("proposal.title_missing"))
    if not revision.problem.strip():
        reasons.append(Reason("proposal.problem_missing"))
    if revision.source is None:
        reasons.append(Reason("proposal.source_missing"))
    if not revision.wants_new_clause and not standards_queries.clause_ids(revision.id):
        reasons.append(Reason("proposal.clause_missing"))
    return tuple(reasons)


def prove_duplicates_seen(revision: Revision, attempt: lifecycle.Attempt) -> tuple[Reason, ...]:
    """Holds when no open revision is like this one, or the proposer saw them and goes on all the same."""
    if revision.duplicates_seen:
        return ()
    found = duplicates.similar(revision)
    return tuple(Reason("proposal.similar_open", {"number": one.revision.number}) for one in found)


def prove_evidence_attached(revision: Revision, attempt: lifecycle.Attempt) -> tuple[Reason, ...]:
    """Holds when the revision rests on at least one piece of evidence (S3, principle of science)."""
    return () if evidence_queries.evidence_of(revision.id) else (Reason("proposal.evidence_missing"),)


def prove_benefit_stated(revision: Revision, attempt: lifecycle.Attempt) -> tuple[Reason, ...]:
    """Holds when the benefit to the customer is written down (S3, customer orientation)."""
    return () if revision.benefit.strip() else (Reason("proposal.benefit_missing"),)


def prove_quorum_reached(revision: Revision, attempt: lifecycle.Attempt) -> tuple[Reason, ...]:
    """Holds when enough assessors of enough departments scored, or the chair went on with a note after the last day."""
    panel = queries.panel(revision)
    quorum = panel.quorum
    decision = queries.rank_decision(revision.id)
    if quorum.is_reached or (decision is not None and decision.quorum_note and panel.scored):
        return ()
    if quorum.missing:
        return (Reason("score.quorum_missing", {"missing": quorum.missing}),)
    return (Reason("score.departments_missing", {"missing": quorum.departments_missing}),)


def prove_rank_confirmed(revision: Revision, attempt: lifecycle.Attempt) -> tuple[Reason, ...]:
    """Holds when the chair confirmed the rank."""
    return () if queries.rank_decision(revision.id) else (Reason("score.rank_not_confirmed"),)
