"""Owns who is responsible in each stage of the loop, read off the law of moves, the permissions, the review plan and the
news. Nothing of it is written down a second time, so it is never out of date. Moves nothing.

Source: requirement 10 (S3, responsibility of each step); the four parts are those of a RACI table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.core.access import GRANTS, STAFF, Permission, Role
from app.notices.reactions import NEWS, READER_ROLES
from app.people import queries as people
from app.people.models import Person
from app.reviews import plans
from app.reviews.freshness import Step as ReviewStep
from app.standards.workflow import (
    ENDS,
    OWNER_MOVES,
    RULES,
    STAGES,
    Fact,
    Move,
    Rule,
    State,
    stage_number,
)

# The work of a stage between its moves; that of the review is the review plan's.
WORK: dict[str, Permission | None] = {
    "propose": Permission.PROPOSE,
    "score": Permission.SCORE,
    "draft": Permission.DRAFT,
    "review": None,
    "pilot": Permission.RUN_PILOT,
    "publish": Permission.PUBLISH,
    "train": Permission.TRAIN,
    "monitor": Permission.AUDIT,
    "archive": Permission.ARCHIVE,
}
# Whose word a move waits for; the other facts are looked up, or given by the one who moves.
GIVEN_BY: dict[Fact, Permission] = {
    Fact.QUORUM_REACHED: Permission.SCORE,
    Fact.RANK_CONFIRMED: Permission.CONFIRM_RANK,
    Fact.SIGN_OFFS_FRESH: Permission.REVIEW,
    Fact.LEGAL_SIGN_OFF_FRESH: Permission.REVIEW_LEGAL,
    Fact.PILOT_SET_UP: Permission.RUN_PILOT,
    Fact.PILOT_DECIDED: Permission.DECIDE_PILOT,
    Fact.TRAINING_VERDICT: Permission.TRAIN,
}
# Ways round the loop, taken by a named authority when it cannot wait.
ROUND_THE_LOOP = frozenset({Move.FAST_TRACK, Move.EMERGENCY})


@dataclass(frozen=True)
class Part:
    """Who has one part in a stage: roles in the order of the permissions; `is_everybody` is everybody with an account."""

    roles: tuple[Role, ...] = ()
    is_everybody: bool = False


@dataclass(frozen=True)
class Responsible:
    """One stage: who carries it out, answers for its end, is consulted before, and is told of what happens in it.

    `ends_by_itself` states that no person moves it on, but a day that comes.
    """

    number: int
    carries_out: Part
    answers: Part
    consulted: Part
    informed: Part
    ends_by_itself: bool


def responsibilities(plan: Sequence[ReviewStep]) -> list[Responsible]:
    """Returns the nine stages with who has which part under a review plan.

    Answering is who may make the move to the next stage; where only the system may, who began what it ends. Consulted
    are those whose word that move waits for, whom the plan asks for advice, and who may send back, end or go round the
    stage. Nobody is named twice in a stage, but for answering what one carries out.
    """
    return [_responsible(number, name, plan) for number, name in enumerate(STAGES, 1)]


def held_by() -> dict[Role, list[Person]]:
    """Returns the people who hold each role today, by name; roles that nobody holds are absent. Two queries."""
    everybody = people.everybody()
    roles = people.roles_of([person.id for person in everybody])
    made: dict[Role, list[Person]] = {}
    for person in everybody:
        for role in roles.get(person.id, []):
            made.setdefault(role, []).append(person)
    return made


def is_unheld(part: Part, holders: Mapping[Role, Sequence[Person]]) -> bool:
    """Tells whether a part has roles and nobody holds any of them today."""
    return bool(part.roles) and not any(holders.get(role) for role in part.roles)


def for_the_newest_plan() -> list[Responsible]:
    """Returns the stages under the review plan that revisions begun today follow; one query."""
    return responsibilities(plans.newest_steps())


def _responsible(number: int, name: str, plan: Sequence[ReviewStep]) -> Responsible:
    leaving = [rule for rule in RULES if _stages(rule.sources) >= {number} and rule.move not in OWNER_MOVES]
    onward = _onward(leaving, number)
    deciding = [rule for rule in onward if rule.permission is not None] or _into(number)
    work = WORK[name]
    if work is None:
        carries_out = Part(_in_order(plans.ROLES[step.kind] for step in plan if step.is_required))
        advice = [plans.ROLES[step.kind] for step in plan if not step.is_required]
    else:
        carries_out, advice = _part([work]), []
    answers = _part(rule.permission for rule in deciding)
    hands = [GIVEN_BY[fact] for rule in onward for fact in rule.facts if fact in GIVEN_BY]
    others = [rule.permission for rule in leaving if rule not in onward and rule.move not in ROUND_THE_LOOP]
    taken = {*carries_out.roles, *answers.roles}
    if carries_out.is_everybody:
        taken.add(Role.PROPOSER)
    consulted = _in_order([*advice, *_part([*hands, *others]).roles], taken)
    told = [READER_ROLES[r] for rule in leaving if rule.move in NEWS for r in NEWS[rule.move].readers]
    return Responsible(
        number,
        carries_out,
        answers,
        Part(consulted),
        Part(_in_order(told, taken | set(consulted))),
        bool(onward) and all(rule.permission is None for rule in onward),
    )


def _onward(leaving: Iterable[Rule], number: int) -> list[Rule]:
    """The moves to the nearest later stage: the way of the loop."""
    later = [
        (target, rule)
        for rule in leaving
        if rule.move not in ROUND_THE_LOOP
        and (rule.target not in ENDS or rule.target is State.ARCHIVED)
        and (target := _stage(rule.target) or 0) > number
    ]
    nearest = min((target for target, _rule in later), default=None)
    return [rule for target, rule in later if target == nearest]


def _into(number: int) -> list[Rule]:
    """The moves of persons that bring a revision into a stage."""
    found = [rule for rule in RULES if _stage(rule.target) == number and rule.permission is not None]
    return [rule for rule in found if rule.move not in ROUND_THE_LOOP]


def _stages(states: Iterable[State]) -> set[int | None]:
    return {_stage(state) for state in states}


def _stage(state: State) -> int | None:
    # What can still be undone has not left the stage of publishing; this table asks where it leads.
    return stage_number(state, undo_window_over=True)


def _part(permissions: Iterable[Permission | None]) -> Part:
    asked = {permission for permission in permissions if permission is not None}
    if asked & STAFF:
        return Part(is_everybody=True)
    return Part(_in_order(role for role, held in GRANTS.items() if held & asked))


def _in_order(roles: Iterable[Role], without: Iterable[Role] = ()) -> tuple[Role, ...]:
    wanted = set(roles) - set(without)
    return tuple(role for role in Role if role in wanted)
