"""Owns the questions about reviews: which sign-offs count, what waits for whom, what is discussed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.core.once import asked_once
from app.people import queries as people
from app.people.models import Person
from app.reviews import claims, plans
from app.reviews.freshness import Field, Kind, Need, Signed, Step, fields
from app.reviews.models import (
    Decision,
    ReviewRound,
    ReviewTask,
    ReviewThread,
    SeenMark,
    SignOff,
    TaskState,
    ThreadNote,
)
from app.standards import queries as standards
from app.standards import texts
from app.standards.document import Document
from app.standards.frame_drafting import frame_authors
from app.standards.models import ClauseDraft, Revision, RevisionClause


@asked_once
def sign_offs(revision_id: int) -> list[SignOff]:
    """Returns all sign-offs of a revision, oldest first; the plan they follow comes with them."""
    rows = (
        db.session.execute(
            sa.select(SignOff, plans.kept_steps_beside(SignOff.revision_id))
            .where(SignOff.revision_id == revision_id)
            .options(joinedload(SignOff.lines))
            .order_by(SignOff.id)
        )
        .unique()
        .all()
    )
    if rows:
        plans.know(revision_id, rows[0][1])
    return [row[0] for row in rows]


def confirmed(signed: Sequence[SignOff]) -> dict[str, str]:
    """Returns {part: sha256} of all lines of agreeing sign-offs, oldest first; the newest line of a part counts."""
    agreed = [s for s in signed if s.decision is not Decision.RETURN]
    return {line.part: line.part_sha256 for s in agreed for line in s.lines}


def tags_of_clauses(
    revision: Revision,
    drafts: Sequence[ClauseDraft] | None = None,
    published: Mapping[str, Document] | None = None,
) -> dict[str, set[str]]:
    """Returns {clause id: tags it has in the draft or in the text in force}; what the caller has is not read again."""
    listed = standards.clause_drafts(revision.id) if drafts is None else drafts
    documents = standards.published_documents(revision.standard) if published is None else published
    made: dict[str, set[str]] = {d.clause_id: set(d.tags) for d in listed}
    for document in documents.values():
        for clause in document.clauses:
            made.setdefault(clause.id, set()).update(clause.tags)
    return made


def parts_now(revision: Revision) -> dict[str, str]:
    """Returns what may be signed now {part: sha256}: the parts of the text that change, and what is claimed of them."""
    return claims.with_claims(texts.current_parts(revision), standards.clause_drafts(revision.id))


def technical_clauses(tagged: Mapping[str, set[str]]) -> frozenset[str]:
    """Returns the ids of the clauses that are or were tagged technical."""
    return frozenset(clause_id for clause_id, tags in tagged.items() if "technical" in tags)


def standing(
    revision: Revision,
    parts: dict[str, str] | None = None,
    *,
    drafts: Sequence[ClauseDraft] | None = None,
    signed: Sequence[SignOff] | None = None,
    published: Mapping[str, Document] | None = None,
) -> dict[str, Field]:
    """Returns how each step of the revision's plan that has something to sign stands, by its key; see `freshness.py`.

    It stands against the working text, or the given parts. A caller that has drafts, signatures or the published
    texts at hand gives them, so that they are not read twice.
    """
    listed = standards.clause_drafts(revision.id) if drafts is None else drafts
    current = claims.with_claims(texts.current_parts(revision) if parts is None else parts, listed)
    rows = [
        Signed(
            s.step,
            s.signer_id,
            s.id,
            s.decision is not Decision.RETURN,
            {x.part: x.part_sha256 for x in s.lines},
        )
        for s in (sign_offs(revision.id) if signed is None else signed)
    ]
    authors = {"": frame_authors(revision), **{d.clause_id: d.author_ids for d in listed}}
    tagged = tags_of_clauses(revision, listed, published)
    steps = steps_now(revision.id)
    return fields(
        rows,
        current,
        technical_clauses(tagged),
        authors,
        steps=steps,
        tagged=tagged,
        asked=_asked(revision, steps, listed),
        musts={
            s.key: frozenset(t.assignee_id for t in added(revision.id, s.key) if t.assignee_id) for s in steps
        },
    )


def steps_now(revision_id: int) -> tuple[Step, ...]:
    """Returns the steps of the revision's plan as they run: where a reviewer was added, all who are asked sign."""
    return tuple(
        replace(s, need=Need.ALL) if s.need is Need.ANY and added(revision_id, s.key) else s
        for s in plans.steps_of(revision_id)
    )


def added(revision_id: int, key: str) -> list[ReviewTask]:
    """Returns the tasks of the reviewers who were added to a step in the newest round."""
    return [
        t
        for t in tasks(revision_id)
        if t.step == key and t.added_by_id is not None and t.state is not TaskState.CLOSED
    ]


def _asked(revision: Revision, steps: Sequence[Step], drafts: Sequence[ClauseDraft]) -> dict[str, int]:
    """Returns {step: how many people are asked} for the steps that need all: those asked now, else those who could be."""
    made = {}
    for step in steps:
        if step.need is Need.ALL:
            rows = [t for t in tasks(revision.id) if t.step == step.key and t.state is not TaskState.CLOSED]
            made[step.key] = len(rows) or len(able(revision, step, drafts))
    return made


def authors_of(revision: Revision, drafts: Sequence[ClauseDraft] | None = None) -> set[int]:
    """Returns the people who wrote in the revision's drafts; none of them may sign."""
    listed = standards.clause_drafts(revision.id) if drafts is None else drafts
    wrote = {*frame_authors(revision), *(i for d in listed for i in d.author_ids)}
    return wrote | ({revision.drafter_id} if revision.drafter_id else set())


def able(revision: Revision, step: Step, drafts: Sequence[ClauseDraft] | None = None) -> list[Person]:
    """Returns who may be asked in a step: its pool without those who wrote in the text."""
    authors = authors_of(revision, drafts)
    return [p for p in plans.pool(step) if p.id not in authors]


@asked_once
def newest_round(revision_id: int) -> ReviewRound | None:
    """Returns the newest review round, None before the first."""
    return db.session.scalar(
        sa.select(ReviewRound)
        .where(ReviewRound.revision_id == revision_id)
        .order_by(ReviewRound.number.desc())
        .limit(1)
    )


@asked_once
def tasks(revision_id: int) -> list[ReviewTask]:
    """Returns the tasks of the newest round, in the order legal, business, IT."""
    newest = (
        sa.select(ReviewRound.id)
        .where(ReviewRound.revision_id == revision_id)
        .order_by(ReviewRound.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(ReviewTask, Person, plans.kept_steps_beside(ReviewTask.revision_id))
        .outerjoin(Person, Person.id == ReviewTask.assignee_id)
        .where(ReviewTask.round_id == newest)
        .order_by(ReviewTask.id)
    ).all()
    people.know(*(row[1] for row in rows))
    if rows:
        plans.know(revision_id, rows[0][2])
    return sorted((row[0] for row in rows), key=lambda t: (list(Kind).index(t.kind), t.id))


@asked_once
def open_tasks_of(person_id: int) -> list[tuple[ReviewTask, Revision, int]]:
    """Returns what waits for a person's review, soonest first, with the revision and how many clauses it concerns."""
    clauses = (
        sa.select(sa.func.count(RevisionClause.clause_id))
        .where(RevisionClause.revision_id == Revision.id)
        .correlate(Revision)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(ReviewTask, Revision, clauses)
        .join(Revision, Revision.id == ReviewTask.revision_id)
        .where(
            ReviewTask.assignee_id == person_id,
            ReviewTask.state.in_([TaskState.WAITING, TaskState.RECHECK]),
        )
        .order_by(ReviewTask.due_at)
    )
    return [(task, revision, int(count)) for task, revision, count in rows]


@asked_once
def threads(revision_id: int, reader_id: int | None) -> list[ReviewThread]:
    """Returns the threads of a revision, oldest first, with the notes that this person may read.

    A note that is held is its author's alone; None reads what was sent.
    """
    is_read = sa.or_(sa.not_(ThreadNote.is_held), ThreadNote.author_id == reader_id)
    found = db.session.scalars(
        sa.select(ReviewThread)
        .where(ReviewThread.revision_id == revision_id)
        .options(joinedload(ReviewThread.notes.and_(is_read)).joinedload(ThreadNote.counsel))
        .order_by(ReviewThread.id)
        .execution_options(populate_existing=True)
    ).unique()
    return [thread for thread in found if thread.notes]


def marks(revision_id: int, person_id: int) -> dict[str, SeenMark]:
    """Returns a person's marks by clause id; compare `text_sha256` with the text now."""
    rows = db.session.scalars(
        sa.select(SeenMark).where(SeenMark.revision_id == revision_id, SeenMark.person_id == person_id)
    )
    return {row.clause_id: row for row in rows}


def step_of(revision: Revision, key: str) -> Step:
    """Returns a step of the revision's plan. Raises NotFound."""
    found = next((s for s in steps_now(revision.id) if s.key == key), None)
    if found is None:
        raise NotFound("review.unknown_task")
    return found


def task_of(revision_id: int, task_id: int) -> ReviewTask:
    """Returns a task of the revision. Raises NotFound."""
    found = db.session.get(ReviewTask, task_id)
    if found is None or found.revision_id != revision_id:
        raise NotFound("review.unknown_task")
    return found


def open_tasks() -> list[ReviewTask]:
    """Returns all tasks that wait for somebody, soonest first."""
    states = [TaskState.WAITING, TaskState.RECHECK]
    return list(
        db.session.scalars(
            sa.select(ReviewTask).where(ReviewTask.state.in_(states)).order_by(ReviewTask.due_at)
        )
    )
