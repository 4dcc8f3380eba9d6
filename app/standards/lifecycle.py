"""Owns `Revision.state`: the one function that moves a revision, and `why_not`, which explains a refusal."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.core import activity, clock, events
from app.core.access import Actor
from app.core.db import db
from app.core.errors import NotAllowed, Reason, Refused, Stale
from app.standards.models import ClauseLock, Revision, RevisionStep, TextVersion
from app.standards.workflow import ENDS, OWNER_MOVES, Fact, Move, Rule, State, rules_for

PERMISSION_KEYS = frozenset({"move.no_permission", "move.system_only", "move.owner_only"})
"""Reasons that say only that it is somebody else's to do."""


@dataclass(frozen=True)
class Attempt:
    """Everything a fact may look at: who tries which move, the reason given, and the verb's own values."""

    move: Move
    actor: Actor
    reason: str = ""
    clause_id: str | None = None
    data: dict[str, object] = field(default_factory=dict)


Prover = Callable[[Revision, Attempt], tuple[Reason, ...]]
_provers: dict[Fact, Prover] = {}


def wire(table: dict[Fact, Prover]) -> None:
    """Sets which function proves which fact; called once by the wiring page. Each fact needs one."""
    missing = set(Fact) - set(table)
    if missing:
        raise LookupError(f"no function proves {sorted(missing)}")
    _provers.clear()
    _provers.update(table)


def why_not(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """Returns every reason against the move, in the order of the law; empty means it may be done.

    The same list greys the button, explains it and refuses the POST.
    """
    rules = rules_for(attempt.move, revision.state)
    if not rules:
        return (Reason("move.wrong_state", {"state": revision.state.value, "move": attempt.move.value}),)
    reasons: list[Reason] = []
    if revision.is_on_hold and attempt.move is not Move.WITHDRAW:
        reasons.append(Reason("move.on_hold", {"reason": revision.hold_reason}))
    allowed = [rule for rule in rules if _may(revision, rule, attempt)]
    if not allowed:
        reasons.append(_missing_permission(rules[0], attempt))
    for fact in (allowed or rules)[0].facts:
        reasons.extend(_provers[fact](revision, attempt))
    return tuple(reasons)


def fact_reasons(revision: Revision, attempt: Attempt, facts: Sequence[str]) -> tuple[Reason, ...]:
    """Returns what is missing of the named facts, whoever asks; empty means all are true."""
    return tuple(reason for fact in facts for reason in _provers[Fact(fact)](revision, attempt))


def perform(
    revision: Revision,
    attempt: Attempt,
    *,
    text_version: TextVersion | None = None,
    seen: State | None = None,
) -> RevisionStep:
    """Moves the revision and returns the step; the caller commits.

    `seen` is the state the actor saw. Raises Stale when it is not the state any more, NotAllowed when only the
    permission is missing, Refused with all reasons otherwise. The revision's row is held until the commit, so the
    facts are proved on what no other transaction can change any more: of two callers one wins.
    """
    _lock(revision)
    _must_be_allowed(revision, attempt, seen)
    source, at = revision.state, clock.now()
    target = rules_for(attempt.move, source)[0].target
    _enter(revision, source, target, at)
    step = RevisionStep(
        revision_id=revision.id,
        move=attempt.move,
        from_state=source,
        to_state=target,
        actor_id=attempt.actor.person_id,
        at=at,
        text_version_id=text_version.id if text_version else None,
        reason=attempt.reason,
    )
    db.session.add(step)
    db.session.flush()
    _tell(revision, step, attempt, text_version)
    return step


def _lock(revision: Revision) -> None:
    """Takes the revision's row, as every verb that drafts or signs does, and forgets what was read before waiting."""
    db.session.flush()
    revision_id = revision.id  # read before it is forgotten, else its row is asked twice
    db.session.expire_all()
    db.session.get(Revision, revision_id, with_for_update=True, populate_existing=True)


def _must_be_allowed(revision: Revision, attempt: Attempt, seen: State | None) -> None:
    if seen is not None and revision.state is not seen:
        raise Stale("revision.moved_on", number=revision.number, state=revision.state.value)
    reasons = why_not(revision, attempt)
    if reasons:
        raise (NotAllowed if all(r.key in PERMISSION_KEYS for r in reasons) else Refused)(*reasons)


def _enter(revision: Revision, source: State, target: State, at: dt.datetime) -> None:
    """Writes the new state over the one it was proved on, and sets the clauses of what has ended free."""
    moved = db.session.execute(
        sa.update(Revision)
        .where(Revision.id == revision.id, Revision.state == source)
        .values(state=target, state_since=at if target is not source else revision.state_since)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale("revision.moved_on", number=revision.number, state=revision.state.value)
    db.session.refresh(revision)
    if target in ENDS or target is State.IN_FORCE:
        db.session.execute(sa.delete(ClauseLock).where(ClauseLock.revision_id == revision.id))


def _tell(revision: Revision, step: RevisionStep, attempt: Attempt, text_version: TextVersion | None) -> None:
    source, target = step.from_state.value, step.to_state.value
    activity.record(
        attempt.actor,
        f"revision.{attempt.move.value}",
        "revision",
        revision.number,
        source=source,
        target=target,
        text_version=text_version.number if text_version else None,
    )
    events.announce(
        events.RevisionMoved(revision.id, attempt.move.value, source, target, attempt.actor.person_id)
    )


def _may(revision: Revision, rule: Rule, attempt: Attempt) -> bool:
    if rule.permission is None:
        return attempt.actor.is_system
    if attempt.actor.is_system:
        return False
    if not attempt.actor.may(rule.permission):
        return False
    return rule.move not in OWNER_MOVES or attempt.actor.person_id == revision.proposer_id


def _missing_permission(rule: Rule, attempt: Attempt) -> Reason:
    if rule.permission is None:
        return Reason("move.system_only")
    if rule.move in OWNER_MOVES and attempt.actor.may(rule.permission):
        return Reason("move.owner_only")
    return Reason("move.no_permission", {"permission": rule.permission.value})
