"""Owns the facts that reviews prove for the workflow."""

from flask_babel import gettext as _

from app.core.errors import Reason
from app.people import queries as people
from app.reviews import queries
from app.reviews.freshness import Field, Kind, Stale
from app.reviews.words import part_words, step_words
from app.standards.lifecycle import Attempt
from app.standards.models import Revision
from app.standards.words import spoken_id
from app.web.language import pick


def prove_sign_offs_fresh(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """Every required step has signed every part as it stands now; else names field, clauses and whom it waits for."""
    if not queries.sign_offs(revision.id):  # signatures bring the plan along; before the first the tasks do
        queries.tasks(revision.id)
    return tuple(
        _open(revision, field)
        for field in queries.standing(revision).values()
        if field.step.is_required and not field.is_fresh
    )


def prove_legal_sign_off_fresh(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """Every required step of the legal field has signed every part as it stands now; a plan has at least one."""
    legal = [f for f in queries.standing(revision).values() if f.kind is Kind.LEGAL and f.step.is_required]
    return () if legal and all(f.is_fresh for f in legal) else (Reason("review.legal_missing"),)


def prove_sign_off_stale(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """A required sign-off is no longer fresh: the reason why the system reopens a revision."""
    if any(f.step.is_required and not f.is_fresh for f in queries.standing(revision).values()):
        return ()
    return (Reason("review.all_fresh"),)


def _open(revision: Revision, field: Field) -> Reason:
    named = [_named(revision, s) for s in field.open_parts]
    waiting = [t for t in queries.tasks(revision.id) if t.step == field.step.key and t.assignee_id]
    task = next((t for t in waiting if t.done_at is None), waiting[0] if waiting else None)
    person = people.by_ids({task.assignee_id or 0}).get(task.assignee_id or 0) if task else None
    key = "review.recheck_open" if field.is_recheck else "review.sign_off_open"
    if field.is_recheck and all(part.is_claim for part in field.open_parts):
        key = "review.claim_open"
    params = {
        "field": step_words(field.step),
        "clauses": _(", ").join(dict.fromkeys(named)),
        "name": pick(person.name, person.name_latin) if person else _("somebody of this field"),
    }
    return Reason(key, params)


def _named(revision: Revision, open_part: Stale) -> str:
    if open_part.clause_id is None:
        return part_words(open_part.part)
    return spoken_id(revision.standard.code, open_part.clause_id)
