"""Owns the facts that reviews prove for the workflow."""

from flask_babel import gettext as _

from app.core.errors import Reason
from app.people import queries as people
from app.reviews import queries
from app.reviews.freshness import Field, Kind, Stale
from app.reviews.words import field_words, part_words
from app.standards.lifecycle import Attempt
from app.standards.models import Revision
from app.standards.words import spoken_id
from app.web.language import pick


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
    named = [_named(revision, s) for s in field.open_parts]
    task = next((t for t in queries.tasks(revision.id) if t.kind is field.kind and t.assignee_id), None)
    person = people.by_ids({task.assignee_id or 0}).get(task.assignee_id or 0) if task else None
    key = "review.recheck_open" if field.is_recheck else "review.sign_off_open"
    params = {
        "field": field_words(field.kind),
        "clauses": _(", ").join(dict.fromkeys(named)),
        "name": pick(person.name, person.name_latin) if person else _("somebody of this field"),
    }
    return Reason(key, params)


def _named(revision: Revision, open_part: Stale) -> str:
    if open_part.clause_id is None:
        return part_words(open_part.part)
    return spoken_id(revision.standard.code, open_part.clause_id)
