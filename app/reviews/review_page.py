"""Owns what the review page shows to this viewer: tasks, own field, checklist, what would be signed. Writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.access import Actor, Permission
from app.core.errors import Reason
from app.people import queries as people_queries
from app.people.models import Person
from app.reviews import changes_page, claims, held, plans, queries, questions
from app.reviews.changes_page import ChangedClause, ChangesPage
from app.reviews.claims import ClaimChange
from app.reviews.freshness import Field, Kind, Need, Step, is_claim
from app.reviews.handing import waits_for
from app.reviews.models import Answer, ChecklistAnswer, ReviewTask, SignOff, TaskState
from app.reviews.service import PERMISSIONS
from app.reviews.task_rows import TaskView, row_of
from app.reviews.to_sign import PartsToSign
from app.standards import queries as standards
from app.standards.models import Revision, TextVersion
from app.standards.revision_page import name_of
from app.standards.workflow import WRITABLE_STATES, State
from app.web.language import pick


@dataclass(frozen=True)
class Item:
    """One question of a checklist with the answer given so far."""

    key: str
    question: str
    why: str
    laws: tuple[str, ...]
    retention: str
    is_optional: bool
    answer: ChecklistAnswer | None


@dataclass(frozen=True)
class OwnField(PartsToSign):
    """The viewer's step: what is asked, what would be signed. `parts` are the open ones {part: sha256}."""

    step: Step
    task: ReviewTask | None
    field: Field | None
    items: tuple[Item, ...]
    parts: Mapping[str, str]
    reasons: tuple[Reason, ...]
    signed: SignOff | None
    claim_changes: tuple[ClaimChange, ...]

    @property
    def kind(self) -> Kind:
        """Returns the field of the step."""
        return self.step.kind

    @property
    def is_recheck(self) -> bool:
        """States that only parts signed before are open again."""
        return bool(self.field and self.field.is_recheck)

    @property
    def is_only_claim(self) -> bool:
        """States that no words are open, only what is claimed of their change."""
        return bool(self.parts) and all(map(is_claim, self.parts))

    @property
    def must_answer(self) -> list[Item]:
        """Returns the questions without which nobody signs."""
        return [item for item in self.items if not item.is_optional]

    @property
    def may_answer(self) -> list[Item]:
        """Returns the questions that are answered where they matter."""
        return [item for item in self.items if item.is_optional]

    @property
    def answered(self) -> int:
        """Returns how many of the questions that must be answered are."""
        return sum(item.answer is not None for item in self.must_answer)

    @property
    def has_not_met(self) -> bool:
        """States that an answer speaks against the text."""
        return any(i.answer and i.answer.answer is Answer.NOT_MET for i in self.items)


@dataclass(frozen=True)
class ReviewPage:
    """The page of a review. `own` is None for people of no field."""

    revision: Revision
    changes: ChangesPage
    tasks: tuple[TaskView, ...]
    own: OwnField | None
    other_steps: tuple[Step, ...]
    steps: tuple[Step, ...]
    version: TextVersion | None
    clauses: tuple[ChangedClause, ...]
    rest: tuple[ChangedClause, ...]
    people: Mapping[int, Person]
    may_discuss: bool
    may_apply: bool
    holds: bool  # the viewer holds notes, and goes on doing so unless told otherwise

    def name(self, person_id: int | None) -> str:
        """Returns a person's name in the reader's script; an unknown one is the system."""
        return name_of(self.people.get(person_id or 0))

    @property
    def added(self) -> dict[str, list[str]]:
        """Returns the names of the reviewers who were added, by step."""
        made: dict[str, list[str]] = {}
        for view in self.tasks:
            if view.added_by and view.person and view.task.state is not TaskState.CLOSED:
                made.setdefault(view.step.key, []).append(name_of(view.person))
        return made

    @property
    def is_open(self) -> bool:
        """States that the review goes on."""
        return self.revision.state is State.IN_REVIEW

    @property
    def is_ready(self) -> bool:
        """States that the newest text stands in the store and can be signed."""
        return self.version is not None and self.version.is_pinned


def page_of(revision: Revision, actor: Actor, wanted: str | None = None) -> ReviewPage:
    """Returns the review as the actor sees it; `wanted` names one of several own steps of the plan."""
    changes = changes_page.changes_of(revision, actor)
    drafts = standards.clause_drafts(revision.id)
    signed, tasks = queries.sign_offs(revision.id), queries.tasks(revision.id)
    is_open = revision.state is State.IN_REVIEW
    standing = (
        queries.standing(
            revision, dict(changes.parts), drafts=drafts, signed=signed, published=changes.before
        )
        if is_open
        else {}
    )
    steps = queries.steps_now(revision.id)
    mine = own_steps(revision, steps, tasks, actor)
    step = _chosen(mine, tasks, actor, wanted)
    is_author = actor.person_id in queries.authors_of(revision, drafts)
    own = (
        _own(
            step,
            standing.get(step.key),
            tasks,
            changes,
            _why_not_sign(revision, step, standing.get(step.key), tasks, actor, is_author=is_author),
            [s for s in signed if s.step == step.key],
            actor,
        )
        if step
        else None
    )
    open_ids = set(own.clause_ids) if own else set()
    people = _people(revision, tasks, changes)
    shown = (
        [c for c in changes.clauses if c.clause_id in open_ids]
        if own and own.parts
        else list(changes.clauses)
    )
    return ReviewPage(
        revision=revision,
        changes=changes,
        tasks=tuple(
            row_of(t, steps, mine, tasks, people, revision, actor, is_author=is_author) for t in tasks
        ),
        own=own,
        other_steps=tuple(s for s in mine if s is not step),
        steps=steps,
        version=standards.newest_text_version(revision.id),
        clauses=tuple(shown),
        rest=tuple(c for c in changes.clauses if c not in shown),
        people=people,
        may_discuss=any(actor.may(p) for p in (Permission.REVIEW, Permission.DRAFT, Permission.TRIAGE)),
        may_apply=actor.may(Permission.DRAFT) and revision.state in WRITABLE_STATES,
        holds=actor.person_id is not None and held.count(actor.person_id) > 0,
    )


def own_steps(
    revision: Revision, steps: Sequence[Step], tasks: Sequence[ReviewTask], actor: Actor
) -> list[Step]:
    """Returns the steps in which the actor may review: those of the own fields and departments, and those asked."""
    asked = {t.step for t in tasks if t.assignee_id == actor.person_id}
    return [
        s
        for s in steps
        if actor.may(PERMISSIONS[s.kind])
        and (s.key in asked or not s.department or any(p.id == actor.person_id for p in plans.pool(s)))
    ]


def _chosen(mine: list[Step], tasks: list[ReviewTask], actor: Actor, wanted: str | None) -> Step | None:
    """Returns the step to show: the wanted one, one that waits for the actor, the first."""
    waits = [t.step for t in tasks if t.assignee_id == actor.person_id and t.done_at is None]
    keys = [wanted, *waits]
    return next((s for key in keys for s in mine if s.key == key), mine[0] if mine else None)


def _own(
    step: Step,
    field: Field | None,
    tasks: list[ReviewTask],
    changes: ChangesPage,
    reasons: tuple[Reason, ...],
    signed: list[SignOff],
    actor: Actor,
) -> OwnField:
    given = questions.answers(changes.revision.id, step.key)
    tags = {tag for d in (changes.before, changes.after) for tag in _tags(d, changes, step)}
    rows = [t for t in tasks if t.step == step.key and t.state is not TaskState.CLOSED]
    own_rows = [t for t in rows if t.assignee_id == actor.person_id]
    return OwnField(
        step=step,
        task=next(iter(own_rows or rows), None),
        field=field,
        items=tuple(_item(i, given) for i in questions.checklist(step.kind, tags)) if field else (),
        parts={s.part: s.current_hash for s in field.open_for(actor.person_id)} if field else {},
        reasons=reasons,
        signed=signed[-1] if signed else None,
        claim_changes=_claim_changes(signed, field, actor),
    )


def _claim_changes(signed: Sequence[SignOff], field: Field | None, actor: Actor) -> tuple[ClaimChange, ...]:
    """Returns which claims are other ones than the actor confirmed, or a colleague of the step where the actor did not."""
    if field is None:
        return ()
    own = [s for s in signed if s.signer_id == actor.person_id]
    confirmed = queries.confirmed(signed) | queries.confirmed(own)
    return claims.changes(confirmed, field.open_for(actor.person_id))


def _why_not_sign(
    revision: Revision,
    step: Step,
    field: Field | None,
    tasks: list[ReviewTask],
    actor: Actor,
    *,
    is_author: bool,
) -> tuple[Reason, ...]:
    if revision.state is not State.IN_REVIEW:
        return (Reason("review.not_in_review", {"number": revision.number}),)
    if revision.is_on_hold:
        return (Reason("move.on_hold", {"reason": revision.hold_reason}),)
    if field is None:
        return (Reason("review.nothing_to_sign"),)
    if is_author:
        return (Reason("review.own_text"),)
    asked = [t for t in tasks if t.step == step.key and t.state is not TaskState.CLOSED]
    if not asked:
        return (Reason("review.not_yet_turn"),)
    mine = [t for t in asked if t.assignee_id in (actor.person_id, None)]
    if waits_for(mine, tasks):
        return (Reason("review.added_first"),)
    return () if mine or step.need is Need.ANY else (Reason("review.not_your_task"),)


def _tags(documents: Mapping[str, Any], changes: ChangesPage, step: Step) -> set[str]:
    ids = {c.clause_id for c in changes.clauses}
    found = [c.tags for d in documents.values() for c in d.clauses if c.id in ids and step.looks_at(c.tags)]
    return {tag for tags in found for tag in tags}


def _item(data: Mapping[str, Any], given: Mapping[str, ChecklistAnswer]) -> Item:
    return Item(
        key=str(data["key"]),
        question=pick(data["zh"], data["en"]),
        why=pick(data.get("why_zh", ""), data.get("why_en", "")),
        laws=tuple(pick(law["zh"], law["en"]) for law in data.get("law", [])),
        retention=data["retention"].words if data.get("retention") else "",
        is_optional=bool(data.get("is_optional")),
        answer=given.get(str(data["key"])),
    )


def _people(revision: Revision, tasks: list[ReviewTask], changes: ChangesPage) -> dict[int, Person]:
    wanted = {i for t in tasks for i in (t.assignee_id, t.for_id, t.added_by_id) if i}
    for thread in (*(t for one in changes.all for t in one.threads), *changes.other_threads):
        wanted |= {i for i in (thread.opened_by_id, thread.resolved_by_id) if i}
        wanted |= {note.author_id for note in thread.notes if note.author_id}
    return people_queries.by_ids(wanted)
