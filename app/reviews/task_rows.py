"""Owns a review task as a line of a page: who, in which step, until when, how it stands, what the viewer may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core import clock
from app.core.access import Actor, Permission
from app.people import queries as people_queries
from app.people.models import Person
from app.reviews.freshness import Step
from app.reviews.handing import urged_today
from app.reviews.models import ReviewTask, TaskState
from app.standards.models import Revision
from app.standards.workflow import State

BADGES = {
    TaskState.WAITING: "waiting_others",
    TaskState.RECHECK: "recheck",
    TaskState.SIGNED: "signed",
    TaskState.RETURNED: "returned",
}


@dataclass(frozen=True)
class TaskView:
    """One reviewer's task as a line: who, in which step, until when, how it stands."""

    task: ReviewTask
    step: Step
    person: Person | None
    stands_in_for: Person | None
    added_by: Person | None
    after: Person | None
    day: int
    is_mine: bool
    may_urge: bool
    may_hand_over: bool
    may_claim: bool
    is_away: bool

    @property
    def badge(self) -> str:
        """Returns the key of the badge."""
        if self.task.state is TaskState.WAITING:
            return "waiting_you" if self.is_mine else "waiting_others"
        return BADGES.get(self.task.state, "recheck")


def step_states(tasks: Sequence[ReviewTask]) -> dict[str, str]:
    """Returns {step: key of its badge} of the steps that are asked in a round; the others wait for their turn."""
    made: dict[str, str] = {}
    for task in tasks:
        if task.state in (TaskState.WAITING, TaskState.RECHECK, TaskState.RETURNED):
            made[task.step] = BADGES[task.state]
        elif task.state is TaskState.SIGNED:
            made.setdefault(task.step, BADGES[task.state])
    return made


def row_of(
    task: ReviewTask,
    steps: Sequence[Step],
    mine: Sequence[Step],
    tasks: Sequence[ReviewTask],
    people: Mapping[int, Person],
    revision: Revision,
    actor: Actor,
    *,
    is_author: bool,
) -> TaskView:
    """Returns a task of a round as the actor sees it; `mine` are the steps in which the actor may review."""
    is_open = task.state in (TaskState.WAITING, TaskState.RECHECK)
    is_mine = actor.person_id is not None and actor.person_id == task.assignee_id
    may_steer = actor.may(Permission.TRIAGE)
    holder = people.get(task.assignee_id or 0)
    is_free = task.assignee_id is None or (holder is not None and people_queries.is_absent(holder))
    is_of_step = any(s.key == task.step for s in mine) and not is_author
    has_one = any(t.step == task.step and t.assignee_id == actor.person_id for t in tasks)
    may_ask = may_steer or actor.person_id in (revision.proposer_id, revision.drafter_id)
    return TaskView(
        task=task,
        step=next(s for s in steps if s.key == task.step),
        person=people.get(task.assignee_id or 0),
        stands_in_for=people.get(task.for_id or 0),
        added_by=people.get(task.added_by_id or 0),
        after=people.get(next((t.assignee_id for t in tasks if t.id == task.after_id), None) or 0),
        day=(clock.today() - clock.local(task.asked_at).date()).days + 1,
        is_mine=is_mine,
        may_urge=is_open
        and may_ask
        and not is_mine
        and task.assignee_id is not None
        and not urged_today(tasks, task),
        may_hand_over=is_open and (is_mine or may_steer),
        may_claim=is_open and is_free and is_of_step and not has_one and revision.state is State.IN_REVIEW,
        is_away=is_open and holder is not None and people_queries.is_absent(holder),
    )
