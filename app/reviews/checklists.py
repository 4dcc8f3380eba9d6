"""Owns the verbs of checklists: keeping answers, saying which are missing. What is asked stands in `questions.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core import activity, clock
from app.core.access import Actor
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotFound, Reason
from app.core.text import clean_text
from app.reviews import questions
from app.reviews.models import Answer, ChecklistAnswer
from app.reviews.service import LIMIT_NOTE_BYTES, must_review
from app.standards import queries as standards
from app.standards.models import Revision


@dataclass(frozen=True)
class Answered:
    """What a reviewer answers to one checklist item."""

    answer: Answer
    clause_id: str | None = None
    note: str = ""


def answer_checklist(
    actor: Actor,
    revision: Revision,
    key: str,
    item: str,
    answer: Answer,
    *,
    clause_id: str | None = None,
    note: str = "",
) -> ChecklistAnswer:
    """Keeps the answer to one checklist item in a step of the plan. *Not met* needs a clause and a note."""
    step = must_review(actor, revision, key)
    if item not in questions.checklist_keys(step.kind):
        raise NotFound("review.unknown_item")
    words = clean_text(note, LIMIT_NOTE_BYTES, field="note").strip()
    if answer is Answer.NOT_MET and (not clause_id or not words):
        raise Invalid.of(item, "review.not_met_needs_note")
    if clause_id and clause_id not in standards.clause_ids(revision.id):
        raise Invalid.of(item, "move.clause_unknown", clause=clause_id[:40].upper())
    row = questions.answers(revision.id, step.key).get(item) or ChecklistAnswer(
        revision_id=revision.id, kind=step.kind, step=step.key, item=item
    )
    if row.id and (row.answer, row.clause_id, row.note) == (answer, clause_id or None, words):
        return row
    row.answer, row.clause_id, row.note = answer, clause_id or None, words
    row.person_id, row.at = actor.person_id, clock.now()
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "checklist.answered", "revision", revision.number, item=item, answer=answer.value)
    return row


def answer_all(
    actor: Actor, revision: Revision, key: str, given: Mapping[str, Answered], asked: Sequence[str]
) -> list[FieldError]:
    """Keeps every complete answer and returns an error for each one that is missing, incomplete or *not met*.

    `asked` are the keys of the items that the tags call for; optional ones are never missing. The errors stand in
    the way of a signature only.
    """
    optional = questions.optional_keys(must_review(actor, revision, key).kind)
    known = questions.answers(revision.id, key)
    errors: list[FieldError] = []
    for item in asked:
        answer = given.get(item)
        try:
            if answer is not None:
                known[item] = answer_checklist(
                    actor, revision, key, item, answer.answer, clause_id=answer.clause_id, note=answer.note
                )
        except Invalid as refused:
            errors += refused.errors
            continue
        if item not in known and item in optional:
            continue
        if item not in known:
            errors.append(FieldError(item, Reason("review.answer_missing")))
        elif known[item].answer is Answer.NOT_MET:
            errors.append(FieldError(item, Reason("review.not_met_open")))
    return errors
