"""Owns the verbs of training: asking people to read, acknowledging what changed, questions, reminders."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.core import activity, clock, events
from app.core.access import SYSTEM, Actor, Permission
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, NotFound, Reason, Refused, Stale
from app.core.text import clean_text, one_line
from app.people import queries as people
from app.people.models import Person
from app.standards.models import ClauseChange, ClauseVersion, Publication, Standard
from app.training import queries
from app.training.deltas import pairs, to_read
from app.training.models import (
    AcknowledgedClause,
    Assignment,
    AssignmentState,
    Cause,
    Question,
    StaffQuestion,
    Try,
)

LIMIT_TEXT_BYTES = 8 * 1024
END_OF_DAY_HOUR = 18


def assign_readers(publication_id: int) -> dict[str, object]:
    """Job: asks everybody for whom a publication changed something; doing it again asks nobody twice.

    Editorial changes ask nobody. An older open assignment of the same standard is overtaken by the new one.
    """
    publication = db.session.get_one(Publication, publication_id)
    changed = db.session.scalars(
        sa.select(ClauseVersion).where(
            ClauseVersion.publication_id == publication_id,
            ClauseVersion.change != ClauseChange.UNCHANGED,
            ClauseVersion.is_editorial.is_(False),
        )
    ).all()
    audience = sorted({role for row in changed for role in (row.audience or publication.standard.audience)})
    if publication.revision_id is None:
        return {"assigned": 0}
    asked = 0
    texts = queries.versions(publication.standard_id)
    for person in people.followers(audience):
        if to_read(texts, queries.reader(person, people.actor_for(person), publication.standard_id)):
            asked += _assign(person, publication)
    activity.record(
        SYSTEM, "readers.assigned", "publication",
        f"{publication.standard.code} {publication.version}", people=asked,
    )  # fmt: skip
    return {"assigned": asked}


def acknowledge(
    actor: Actor,
    standard: Standard,
    *,
    shown: Sequence[tuple[str, str]],
    question_id: int | None,
    chosen: int | None,
) -> Assignment:
    """Keeps that the actor read and understood the (clause id, pair) texts the page showed, and returns the assignment.

    Sent twice it is one acknowledgement. Raises Invalid (`ack.wrong_answer`, field `clause`) for a wrong answer,
    which is kept as a try: the caller commits even then; Stale (`ack.changed_meanwhile`) when something newer has
    to be read as well: what was shown is kept as read. Refused without any assignment.
    """
    person = people.person(actor.person_id or 0)
    # Locked, so that of two requests at once the second one sees what the first one kept.
    assignment = queries.open_assignment(person.id, standard.id, is_locked=True)
    if assignment is None:
        done = queries.newest_done(person.id, standard.id)
        if done is None:
            raise Refused("ack.nothing_asked", standard=standard.code.upper())
        return done
    known = pairs(queries.versions(standard.id))
    if not shown or any(tuple(pair) not in known for pair in shown):
        raise Stale("ack.not_shown", standard=standard.code.upper())
    _check_answer(actor, assignment, standard, shown, question_id, chosen)
    for clause_id, pair in shown:
        if db.session.get(AcknowledgedClause, (person.id, standard.id, clause_id, pair)) is None:
            db.session.add(
                AcknowledgedClause(
                    person_id=person.id,
                    standard_id=standard.id,
                    clause_id=clause_id,
                    pair=pair,
                    assignment_id=assignment.id,
                    at=clock.now(),
                )
            )
    db.session.flush()
    activity.record(
        actor, "clauses.acknowledged", "standard", standard.code, clauses=[f"{c}@{p[:12]}" for c, p in shown]
    )
    left = queries.needed(person, actor, standard.id)
    if left:
        raise Stale("ack.changed_meanwhile", clauses=", ".join(d.clause_id.upper() for d in left))
    now = clock.now()
    for row in queries.open_assignments(person.id):
        if row.standard_id == standard.id:
            row.state, row.done_at, row.is_late = AssignmentState.DONE, now, now > row.due_at
    db.session.flush()
    events.announce(events.Acknowledged(assignment.id, person.id, standard.id))
    return assignment


def ask(actor: Actor, standard: Standard, clause_id: str, text: str) -> StaffQuestion:
    """Sends a question on a clause to team lead and drafter; the assignment stays open."""
    assignment = queries.open_assignment(actor.person_id or 0, standard.id)
    if assignment is None:
        raise Refused("ack.nothing_asked", standard=standard.code.upper())
    if clause_id not in standard.used_clause_ids:
        raise NotFound("document.unknown_clause", clause=clause_id[:40])
    words = clean_text(text, LIMIT_TEXT_BYTES, field="question").strip()
    if not words:
        raise Invalid.of("question", "ack.question_empty")
    row = StaffQuestion(assignment_id=assignment.id, clause_id=clause_id, text=words, asked_at=clock.now())
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "clause.question_asked", "standard", standard.code, clause=clause_id)
    events.announce(events.QuestionAsked(assignment.id, assignment.person_id, clause_id, row.id))
    return row


def answer(actor: Actor, question_id: int, text: str) -> StaffQuestion:
    """Answers a reader's question; the lead of the reader's team, a trainer or a drafter may.

    Raises NotFound for an unknown question and, in the same words, for one of a team the actor may not see.
    """
    if not (actor.may(Permission.READ_TEAM) or actor.may(Permission.DRAFT)):
        raise NotAllowed("move.no_permission", permission=Permission.READ_TEAM.value)
    row = db.session.get(StaffQuestion, question_id)
    if row is None or not may_answer(actor, row):
        raise NotFound("ack.unknown_question")
    words = clean_text(text, LIMIT_TEXT_BYTES, field="answer").strip()
    if not words:
        raise Invalid.of("answer", "ack.answer_empty")
    row.answer, row.answered_by_id, row.answered_at = words, actor.person_id, clock.now()
    activity.record(actor, "clause.question_answered", "staff_question", row.id)
    events.announce(events.QuestionAnswered(row.id))
    return row


def add_question(
    actor: Actor,
    standard: Standard,
    clause_id: str,
    clause_hash: str,
    *,
    zh: dict[str, Any],
    en: dict[str, Any],
    right: int,
) -> Question:
    """Adds a scenario question on one text of a clause: {question, options, why} in both languages.

    Raises Invalid when a language has another number of options, fewer than two, or `right` is none of them.
    """
    if not (actor.is_system or actor.may(Permission.TRAIN)):
        raise NotAllowed("move.no_permission", permission=Permission.TRAIN.value)
    if not any(
        v.clause_id == clause_id and v.clause_hash == clause_hash for v in queries.versions(standard.id)
    ):
        raise NotFound("document.unknown_clause", clause=clause_id[:40])
    zh, en = _clean_words(zh), _clean_words(en)
    sizes = {len(words["options"]) for words in (zh, en)}
    if len(sizes) != 1 or sizes.pop() < 2:
        raise Invalid.of("options", "question.options")
    if not 0 <= right < len(zh["options"]):
        raise Invalid.of("right", "question.right")
    if not zh["question"] or not en["question"]:
        raise Invalid.of("question", "question.words_missing")
    row = Question(
        standard_id=standard.id,
        clause_id=clause_id,
        clause_hash=clause_hash,
        zh=zh,
        en=en,
        right=right,
        made_by_id=actor.person_id,
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "question.added", "standard", standard.code, clause=clause_id)
    return row


def remind(actor: Actor, assignment_ids: Sequence[int]) -> list[Assignment]:
    """Reminds people of open assignments and returns those reminded; nobody on leave and nobody twice a day.

    A team lead reminds the own team only; others' assignments are silently left out.
    """
    if not actor.may(Permission.READ_TEAM):
        raise NotAllowed("move.no_permission", permission=Permission.READ_TEAM.value)
    reminded = []
    for row in db.session.scalars(
        sa.select(Assignment).where(
            Assignment.id.in_(list(assignment_ids)), Assignment.state == AssignmentState.OPEN
        )
    ):
        person = people.person(row.person_id)
        if row.reminded_on == clock.today() or people.is_absent(person) or not may_see(actor, person):
            continue
        row.reminded_on = clock.today()
        reminded.append(row)
    if reminded:
        activity.record(actor, "readers.reminded", "assignment", len(reminded))
    for row in reminded:
        events.announce(events.ReaderReminded(row.id, actor.person_id))
    return reminded


def may_answer(actor: Actor, question: StaffQuestion) -> bool:
    """Tells whether the actor may see and answer a reader's question: drafters all, leads those of their people."""
    asked = db.session.get_one(Assignment, question.assignment_id)
    return actor.may(Permission.DRAFT) or may_see(actor, people.person(asked.person_id))


def may_see(actor: Actor, person: Person) -> bool:
    """Tells whether the actor may see a person's training: the scope of READ_TEAM holds the person's team or region."""
    return any(
        (s.team_id is None or s.team_id == person.team_id)
        and (s.region_id is None or s.region_id == person.region_id)
        and (s.department_id is None or s.department_id == person.department_id)
        for s in actor.scopes(Permission.READ_TEAM)
    )


def _assign(person: Person, publication: Publication) -> int:
    there = db.session.scalar(
        sa.select(Assignment.id).where(
            Assignment.person_id == person.id, Assignment.publication_id == publication.id
        )
    )
    if there is not None:
        return 0
    today = clock.today()
    latest = today + dt.timedelta(days=current_app.config["SETTINGS"].acknowledge_days)
    due_day = max(today + dt.timedelta(days=1), min(publication.effective_on - dt.timedelta(days=1), latest))
    due_at = clock.at(due_day, END_OF_DAY_HOUR)
    for older in queries.open_assignments(person.id):
        if older.standard_id == publication.standard_id:
            older.state = AssignmentState.OVERTAKEN
            if older.cause is Cause.JOINED:  # who has all of it to read keeps the own deadline
                due_at = max(due_at, older.due_at)
    row = Assignment(
        person_id=person.id,
        standard_id=publication.standard_id,
        publication_id=publication.id,
        state=AssignmentState.OPEN,
        asked_at=clock.now(),
        due_at=due_at,
    )
    db.session.add(row)
    db.session.flush()
    events.announce(events.ReaderAsked(row.id))
    return 1


def _check_answer(
    actor: Actor,
    assignment: Assignment,
    standard: Standard,
    shown: Sequence[tuple[str, str]],
    question_id: int | None,
    chosen: int | None,
) -> None:
    question = queries.question_for(standard.id, [(c, p) for c, p in shown])
    if question is None:
        return
    if question_id != question.id or chosen is None:
        raise Invalid([FieldError("answer", Reason("ack.answer_missing"))])
    if not 0 <= chosen < len(question.zh["options"]):
        raise Invalid([FieldError("answer", Reason("web.not_a_choice"))])
    is_right = chosen == question.right
    db.session.add(
        Try(
            assignment_id=assignment.id,
            question_id=question.id,
            chosen=chosen,
            is_right=is_right,
            at=clock.now(),
        )
    )
    db.session.flush()
    if not is_right:
        raise Invalid(
            [FieldError("answer", Reason("ack.wrong_answer", {"clause": question.clause_id.upper()}))]
        )


def _clean_words(words: dict[str, Any]) -> dict[str, Any]:
    """Returns {question, options, why} on single lines; options left empty are dropped."""
    options = [one_line(str(o)) for o in words.get("options", ())]
    return {
        "question": one_line(str(words.get("question", ""))),
        "options": [o for o in options if o],
        "why": one_line(str(words.get("why", ""))),
    }
