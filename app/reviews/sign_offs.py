"""Owns the verb of signing: what is open, as it was read, by whoever is asked and wrote nothing in it."""

import datetime as dt

from app.core import activity, clock, events
from app.core.access import Actor
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused, Stale
from app.core.text import clean_text
from app.reviews import claims, handing, held, queries, rounds
from app.reviews.freshness import Kind, Need, Step, clause_of, is_claim
from app.reviews.models import Decision, SignOff, SignOffLine, TaskState
from app.reviews.service import LIMIT_NOTE_BYTES, finish_tasks, lock, must_review, tasks_of
from app.reviews.words import part_words
from app.standards import queries as standards
from app.standards.frame_drafting import frame_authors
from app.standards.manifest import fingerprint_of
from app.standards.models import Materiality, Revision, TextVersion


def sign_off(
    actor: Actor,
    revision: Revision,
    key: str,
    *,
    text_version: TextVersion,
    comment: str = "",
    conditions: bool = False,
    effort: str | None = None,
    earliest_on: dt.date | None = None,
    process: str = "",
    sign_in_age_seconds: int,
    confirmed_by: str = "password",
    parts: dict[str, str] | None = None,
) -> SignOff:
    """Signs what is open for the actor in a step of the plan, as it stands in the pinned text version that was read.

    What is claimed of each change, wording only or more, is among them (see `claims.py`).

    `parts` are the (part, hash) pairs shown on the page; None takes those open now. `confirmed_by` is how the
    signer last said who they are: password, code or recovery. `process` names a process of the business that
    the text collides with; who names one agrees with conditions. Raises Stale (naming the clauses) when the
    text moved on since, NotAllowed for an author of a clause or a person whom the step does not ask, Refused
    when nothing is open or it is not the step's turn. Sent twice it is one signature.
    """
    lock(revision)
    step = must_review(actor, revision, key)
    if not text_version.is_pinned:
        raise Stale("review.text_not_pinned", number=revision.number)
    current = queries.parts_now(revision)
    standing = queries.standing(revision, current).get(key)
    if standing is None:
        raise Refused("review.nothing_to_sign", kind=key)
    wanted = standing.open_for(actor.person_id)
    if not wanted:
        mine = [s for s in queries.sign_offs(revision.id) if s.step == key and s.signer_id == actor.person_id]
        if mine:
            return mine[-1]
        raise Refused("review.signed_already", kind=key)
    _must_be_asked(actor, revision, step)
    shown = {s.part: s.current_hash for s in wanted} if parts is None else parts
    must_be_current(revision, text_version, shown, current, {s.part for s in wanted})
    _must_not_be_author(actor, revision, shown)
    if step.kind is Kind.IT and effort not in ("S", "M", "L"):
        raise Invalid.of("effort", "review.effort_missing")
    collides = clean_text(process, LIMIT_NOTE_BYTES, field="process").strip()
    decision = Decision.APPROVE_WITH_CONDITIONS if conditions or collides else Decision.APPROVE
    row = _write(
        actor, revision, step, text_version, decision, comment, shown, sign_in_age_seconds,
        effort=effort, earliest_on=earliest_on, process=collides, confirmed_by=confirmed_by,
    )  # fmt: skip
    _finish_signed(actor, revision, step)
    held.send(actor, revision)
    events.announce(events.SignedOff(revision.id, row.id))
    return row


def _must_be_asked(actor: Actor, revision: Revision, step: Step) -> None:
    """Where any reviewer suffices whoever may review may sign; else only who is asked, or a place nobody holds yet."""
    asked = [t for t in queries.tasks(revision.id) if t.step == step.key and t.state is not TaskState.CLOSED]
    if not asked:
        raise Refused("review.not_yet_turn")
    mine = [t for t in asked if t.assignee_id in (actor.person_id, None)]
    if step.need is not Need.ANY and not mine:
        raise NotAllowed("review.not_your_task")
    if handing.waits_for(mine, queries.tasks(revision.id)):
        raise Refused("review.added_first")


def must_be_current(
    revision: Revision,
    version: TextVersion,
    shown: dict[str, str],
    current: dict[str, str],
    wanted: set[str],
) -> None:
    """Raises Stale, naming the clauses, where what was shown is not the working text, the frozen one and all that is wanted."""
    moved = {part for part, digest in shown.items() if current.get(part) != digest} | (wanted - set(shown))
    # The frozen text must be the one that was read, else a later text would be signed under an earlier number.
    # What is claimed of a change is no text and stands in no text version.
    moved |= {p for p, digest in shown.items() if not is_claim(p) and version.parts.get(p) != digest}
    if moved:
        clauses = sorted({(clause_of(part) or "").upper() or part_words(part) for part in moved})
        key = "review.claim_moved_on" if all(map(is_claim, moved)) else "review.text_moved_on"
        raise Stale(key, number=revision.number, clauses=", ".join(clauses))


def _must_not_be_author(actor: Actor, revision: Revision, parts: dict[str, str]) -> None:
    signed = {clause_of(part) for part in parts}
    for draft in standards.clause_drafts(revision.id):
        if draft.clause_id in signed and actor.person_id in draft.author_ids:
            raise NotAllowed("review.own_text", clause=draft.clause_id)
    if None in signed and actor.person_id in frame_authors(revision):
        raise NotAllowed("review.own_text", clause="")
    if actor.person_id == revision.drafter_id:
        raise NotAllowed("review.own_text", clause="")


def _write(
    actor: Actor,
    revision: Revision,
    step: Step,
    version: TextVersion,
    decision: Decision,
    comment: str,
    parts: dict[str, str],
    age: int,
    *,
    effort: str | None,
    earliest_on: dt.date | None,
    process: str,
    confirmed_by: str,
) -> SignOff:
    newest = queries.newest_round(revision.id)
    if newest is None or actor.person_id is None:
        raise Refused("review.not_in_review", number=revision.number, state=revision.state.value)
    mine = tasks_of(revision, step.key, actor.person_id)
    row = SignOff(
        revision_id=revision.id,
        round_id=newest.id,
        text_version_id=version.id,
        kind=step.kind,
        step=step.key,
        signer_id=actor.person_id,
        for_id=mine[0].for_id if mine else None,
        decision=decision,
        comment=clean_text(comment, LIMIT_NOTE_BYTES, field="comment").strip(),
        effort=effort,
        earliest_on=earliest_on,
        process=process,
        fingerprint=fingerprint_of(parts),
        signed_at=clock.now(),
        zone=str(clock.zone()),
        sign_in_age_seconds=age,
        confirmed_by=confirmed_by,
    )
    row.lines = [SignOffLine(part=part, part_sha256=digest) for part, digest in sorted(parts.items())]
    db.session.add(row)
    db.session.flush()
    activity.record(
        actor,
        "review.signed",
        "revision",
        revision.number,
        kind=step.kind.value,
        decision=decision.value,
        text_version=version.number,
        fingerprint=row.fingerprint,
        wording_only=list(claims.claimed(parts, Materiality.EDITORIAL)),
    )
    return row


def _finish_signed(actor: Actor, revision: Revision, step: Step) -> None:
    """Ends what the signature ends: the step's tasks where one suffices, else the own one; then asks who is next."""
    if step.need is Need.ANY:
        finish_tasks(actor, revision, step, TaskState.SIGNED)
    else:
        _finish_own(actor, revision, step)
    handing.tell_next(queries.tasks(revision.id))
    newest, standing = queries.newest_round(revision.id), queries.standing(revision)
    if step.key in standing and standing[step.key].is_fresh:
        finish_tasks(actor, revision, step, TaskState.CLOSED)  # as many signed as it takes
    if newest is not None:
        rounds.ask_next(revision, newest)


def _finish_own(actor: Actor, revision: Revision, step: Step) -> None:
    free = tasks_of(revision, step.key, actor.person_id) or tasks_of(revision, step.key, None)
    for task in free[:1]:
        task.state, task.done_at, task.assignee_id = TaskState.SIGNED, clock.now(), actor.person_id
    db.session.flush()
