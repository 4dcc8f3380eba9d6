"""Owns the facts that reviews prove for the workflow."""

from app.core.errors import Reason
from app.people import queries as people
from app.reviews import queries
from app.reviews.freshness import Field, Kind
from app.standards.lifecycle import Attempt
from app.standards.models import Revision


def prove_sign_offs_fresh(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """Every required field has signed every part as it stands now; else names field, clauses and whom it waits for."""
    return tuple(
        _open(revision, field) for field in queries.standing(revision).values() if not field.is_fresh
    )


def prove_legal_sign_off_fresh(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """The legal field has signed every part as it stands now."""
    field = queries.standing(revision).get(Kind.LEGAL)
    return () if field is not None and field.is_fresh else (Reason("review.legal_missing"),)


def prove_sign_off_stale(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """A required sign-off is no longer fresh: the reason why the system reopens a revision."""
    if any(not field.is_fresh for field in queries.standing(revision).values()):
        return ()
    return (Reason("review.all_fresh"),)


def _open(revision: Revision, field: Field) -> Reason:
    clauses = sorted({s.clause_id or s.part for s in field.open_parts})
    task = next((t for t in queries.tasks(revision.id) if t.kind is field.kind and t.assignee_id), None)
    who = people.by_ids({task.assignee_id or 0}) if task else {}
    name = next(iter(who.values())).name if who else ""
    key = "review.recheck_open" if field.is_recheck else "review.sign_off_open"
    return Reason(
        key,
        {
            "kind": field.kind.value,
            "clauses": ", ".join(f"{standards_code(revision)}-{c.upper()}" for c in clauses),
            "name": name,
        },
    )


def standards_code(revision: Revision) -> str:
    """Returns the code of the revision's standard as it is spoken: CS-04."""
    return revision.standard.code.upper()
