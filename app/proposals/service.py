"""Owns the verbs on proposals: writing one, submitting, triage, merging, fast track. Scoring stands in `panel.py`."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from flask import current_app

from app.core import activity, calendar, clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused, Stale
from app.core.text import clean_text, one_line
from app.evidence import service as evidence_service
from app.evidence.models import EvidenceKind
from app.proposals import queries
from app.proposals.models import Credit, CreditKind, Scoring
from app.proposals.panel import accept, change_weights, confirm_rank, extend_scoring, score, skip
from app.standards import draft_rows, lifecycle
from app.standards import queries as standards_queries
from app.standards import service as standards_service
from app.standards.models import NeedSource, Revision, RevisionStep, Standard
from app.standards.workflow import ENDS, Move, State

LIMIT_TITLE_CHARACTERS = 60
LIMIT_TEXT_BYTES = 16 * 1024
TEXTS = ("problem", "benefit", "wanted_change", "affected", "urgency_note")
IN_ENGLISH = ("problem_en", "benefit_en")  # the same said in English as well; empty is said once only

__all__ = [
    "accept",
    "change_weights",
    "confirm_rank",
    "decline",
    "extend_scoring",
    "fast_track",
    "give_evidence",
    "merge_into",
    "open_scoring",
    "propose",
    "score",
    "skip",
    "start_proposal",
    "update_proposal",
    "withdraw",
]


def start_proposal(
    actor: Actor,
    standard: Standard,
    *,
    title: str,
    title_en: str = "",
    clauses: Sequence[str] = (),
    source: NeedSource | None = None,
    wants_new_clause: bool = False,
    evidence: Sequence[tuple[EvidenceKind, str]] = (),
    evidence_note: str = "",
    **texts: str,
) -> Revision:
    """Opens a proposal as a draft revision with its number for life and returns it.

    `texts` are problem, benefit, wanted_change, affected and urgency_note, and problem_en and benefit_en for
    readers of English; what is not given may follow with `update_proposal`. The same title again within ten minutes is a form sent twice: the first draft is returned.
    Raises Invalid for a missing or long title and an unknown clause, NotAllowed.
    """
    again = _just_started(actor, standard, _title(title))
    if again is not None:
        return again
    revision = standards_service.make_revision(
        actor, standard, title=_title(title), title_en=_title(title_en) or None, source=source
    )
    standards_service.set_clauses(actor, revision, list(clauses))
    revision.wants_new_clause = wants_new_clause
    _write_texts(revision, texts)
    for kind, key in evidence:
        evidence_service.attach_evidence(actor, revision, kind, key, evidence_note)
    db.session.flush()
    return revision


def update_proposal(
    actor: Actor,
    revision: Revision,
    *,
    title: str | None = None,
    title_en: str | None = None,
    clauses: Sequence[str] | None = None,
    standard: Standard | None = None,
    source: NeedSource | None = None,
    wants_new_clause: bool | None = None,
    duplicates_seen: bool | None = None,
    **texts: str,
) -> None:
    """Changes a proposal that is still being written, by its proposer; what is not given stays as it is.

    A proposal moved to another standard loses its clauses. Raises Stale when it was submitted meanwhile.
    """
    _must_write(actor, revision)
    if title is not None:
        if not _title(title):
            raise Invalid.of("title", "proposal.title_missing")
        revision.title = _title(title)
    if title_en is not None:
        revision.title_en = _title(title_en) or None
    if standard is not None and standard.id != revision.standard_id:
        standards_service.set_clauses(actor, revision, [])
        newest = standards_queries.newest_publication(standard.id)
        revision.standard = standard
        revision.base_publication_id = newest.id if newest else None
        revision.duplicates_seen = False
    if clauses is not None:
        if set(clauses) != set(standards_queries.clause_ids(revision.id)):
            revision.duplicates_seen = False
        standards_service.set_clauses(actor, revision, list(clauses))
    if source is not None:
        revision.source = source
    if wants_new_clause is not None:
        revision.wants_new_clause = wants_new_clause
    if duplicates_seen is not None:
        revision.duplicates_seen = duplicates_seen
    _write_texts(revision, texts)
    db.session.flush()


def propose(actor: Actor, revision: Revision, *, seen: State | None = None) -> RevisionStep:
    """Submits the proposal; from now on it holds its clauses. Raises Refused with everything that is missing."""
    step = lifecycle.perform(revision, lifecycle.Attempt(Move.PROPOSE, actor), seen=seen)
    for clause_id in standards_queries.clause_ids(revision.id):
        draft_rows.claim_clause(revision, clause_id)
    evidence_service.mark_taken_care_of(revision)
    return step


def open_scoring(actor: Actor, revision: Revision, *, seen: State | None = None) -> Scoring:
    """Brings the proposal before the panel and returns its scoring with the last day for cards (working days)."""
    lifecycle.perform(revision, lifecycle.Attempt(Move.OPEN_SCORING, actor), seen=seen)
    return _open(actor, revision)


def decline(actor: Actor, revision: Revision, *, reason: str, seen: State | None = None) -> RevisionStep:
    """Does not take the proposal up, with a reason for its proposer. Raises Refused without one."""
    words = clean_text(reason, LIMIT_TEXT_BYTES, field="reason").strip()
    step = lifecycle.perform(revision, lifecycle.Attempt(Move.DECLINE, actor, words), seen=seen)
    _close(revision)
    return step


def merge_into(
    actor: Actor, revision: Revision, other: Revision, *, reason: str, seen: State | None = None
) -> RevisionStep:
    """Ends the proposal in favour of another open one, which gets its evidence and owes its proposer the credit."""
    if other.id == revision.id or other.standard_id != revision.standard_id:
        raise Refused("proposal.cannot_merge", number=other.number)
    if other.state in ENDS or other.state is State.DRAFT:
        raise Refused("proposal.merge_target_ended", number=other.number)
    step = decline(actor, revision, reason=reason, seen=seen)
    revision.merged_into_id = other.id
    evidence_service.move_evidence(actor, revision, other)
    _owe(other, revision.proposer_id, CreditKind.MERGED_PROPOSAL, revision.id)
    activity.record(actor, "proposal.merged", "revision", revision.number, into=other.number)
    return step


def give_evidence(actor: Actor, revision: Revision, other: Revision) -> int:
    """Gives the evidence of an own draft to an open revision instead of proposing the same again.

    The draft is withdrawn, the other revision owes the giver the credit. Returns how many pieces are new there.
    """
    _must_write(actor, revision)
    if other.standard_id != revision.standard_id or other.state in ENDS or other.state is State.DRAFT:
        raise Refused("proposal.cannot_merge", number=other.number)
    words = f"{revision.title}\n{revision.problem}".strip()
    evidence_service.attach_evidence(actor, revision, EvidenceKind.NOTE, revision.number, words)
    count = evidence_service.move_evidence(actor, revision, other)
    _owe(other, actor.person_id, CreditKind.EVIDENCE, revision.id)
    revision.merged_into_id = other.id
    lifecycle.perform(revision, lifecycle.Attempt(Move.WITHDRAW, actor, f"→ {other.number}"))
    return count


def withdraw(actor: Actor, revision: Revision, *, reason: str, seen: State | None = None) -> RevisionStep:
    """Takes the own proposal back, with a reason."""
    words = clean_text(reason, LIMIT_TEXT_BYTES, field="reason").strip()
    step = lifecycle.perform(revision, lifecycle.Attempt(Move.WITHDRAW, actor, words), seen=seen)
    _close(revision)
    return step


def fast_track(actor: Actor, revision: Revision, *, reason: str, seen: State | None = None) -> RevisionStep:
    """Sends a proposal straight to drafting on a named authority's word; its scoring is recorded afterwards."""
    words = clean_text(reason, LIMIT_TEXT_BYTES, field="reason").strip()
    step = lifecycle.perform(revision, lifecycle.Attempt(Move.FAST_TRACK, actor, words), seen=seen)
    revision.is_fast_track = True
    _open(actor, revision)
    return step


def _just_started(actor: Actor, standard: Standard, title: str) -> Revision | None:
    return db.session.scalar(
        sa.select(Revision).where(
            Revision.proposer_id == actor.person_id,
            Revision.proposer_id.is_not(None),
            Revision.standard_id == standard.id,
            Revision.state == State.DRAFT,
            Revision.title == title,
            Revision.created_at > clock.now() - dt.timedelta(minutes=10),
        )
    )


def _open(actor: Actor, revision: Revision) -> Scoring:
    days = current_app.config["SETTINGS"].scoring_working_days
    row = Scoring(
        revision_id=revision.id,
        opened_at=clock.now(),
        opened_by_id=actor.person_id,
        due_on=calendar.add_working_days(clock.today(), days),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _close(revision: Revision) -> None:
    row = queries.scoring_of(revision.id)
    if row is not None and row.closed_at is None:
        row.closed_at = clock.now()
        db.session.flush()


def _owe(revision: Revision, person_id: int | None, kind: CreditKind, from_id: int) -> None:
    if person_id is None:
        return
    known = sa.select(Credit.id).where(
        Credit.revision_id == revision.id, Credit.person_id == person_id, Credit.kind == kind
    )
    if db.session.scalar(known) is None:
        db.session.add(
            Credit(
                revision_id=revision.id,
                person_id=person_id,
                kind=kind,
                from_revision_id=from_id,
                at=clock.now(),
            )
        )
        db.session.flush()


def _title(value: str) -> str:
    title = one_line(value, field="title")
    if len(title) > LIMIT_TITLE_CHARACTERS:
        raise Invalid.of("title", "proposal.title_too_long", limit=LIMIT_TITLE_CHARACTERS, length=len(title))
    return title


def _write_texts(revision: Revision, texts: dict[str, str]) -> None:
    unknown = set(texts) - {*TEXTS, *IN_ENGLISH}
    if unknown:
        raise TypeError(f"a proposal has no {sorted(unknown)}")
    for name, value in texts.items():
        words = clean_text(value, LIMIT_TEXT_BYTES, field=name).strip()
        setattr(revision, name, words or None if name in IN_ENGLISH else words)


def _must_write(actor: Actor, revision: Revision) -> None:
    if not actor.may(Permission.PROPOSE):
        raise NotAllowed("move.no_permission", permission=Permission.PROPOSE.value)
    if actor.person_id is None or actor.person_id != revision.proposer_id:
        raise NotAllowed("move.owner_only")
    if revision.state is not State.DRAFT:
        raise Stale("revision.moved_on", number=revision.number, state=revision.state.value)
