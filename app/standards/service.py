"""Owns the verbs on a revision as a whole: making one, holding it, its discussion. Its text is in `drafting.py`."""

import sqlalchemy as sa

from app.core import activity, clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused
from app.core.text import clean_text, one_line
from app.standards import queries
from app.standards.models import NeedSource, Revision, RevisionClause, RevisionNote, Standard
from app.standards.workflow import ENDS, State

LIMIT_NOTE_BYTES = 16 * 1024


def make_revision(
    actor: Actor,
    standard: Standard,
    *,
    title: str,
    title_en: str | None = None,
    source: NeedSource | None = None,
) -> Revision:
    """Makes a revision as a proposal being written (state draft) and returns it with its number for life.

    The system may, too: a surge of feedback proposes by itself. Raises Invalid for an empty title, NotAllowed without
    the permission to propose.
    """
    if not (actor.is_system or actor.may(Permission.PROPOSE)):
        raise NotAllowed("move.no_permission", permission=Permission.PROPOSE.value)
    clean = one_line(title, 300, field="title")
    if not clean:
        raise Invalid.of("title", "proposal.title_missing")
    newest = queries.newest_publication(standard.id)
    now = clock.now()
    row = Revision(
        number=_next_number(),
        standard_id=standard.id,
        state=State.DRAFT,
        state_since=now,
        title=clean,
        title_en=one_line(title_en, 300, field="title_en") if title_en else None,
        source=source,
        proposer_id=actor.person_id,
        base_publication_id=newest.id if newest else None,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "revision.made", "revision", row.number, standard=standard.code)
    return row


def set_clauses(actor: Actor, revision: Revision, clause_ids: list[str]) -> None:
    """Sets which clauses a proposal concerns. Raises Invalid for an id the standard does not have."""
    known = set(revision.standard.used_clause_ids)
    unknown = [c for c in clause_ids if c not in known]
    if unknown:
        raise Invalid.of("clauses", "proposal.unknown_clause", clause=unknown[0][:40])
    db.session.execute(sa.delete(RevisionClause).where(RevisionClause.revision_id == revision.id))
    for clause_id in sorted(set(clause_ids)):
        db.session.add(RevisionClause(revision_id=revision.id, clause_id=clause_id))
    db.session.flush()


def hold(actor: Actor, revision: Revision, *, reason: str) -> None:
    """Puts the revision on hold: every move but withdrawing is refused until it is released."""
    _must_steer(actor)
    why = clean_text(reason, LIMIT_NOTE_BYTES, field="reason").strip()
    if not why:
        raise Invalid.of("reason", "move.reason_missing")
    if revision.state in ENDS:
        raise Refused("move.wrong_state", state=revision.state.value, move="hold")
    revision.is_on_hold, revision.hold_reason = True, why
    activity.record(actor, "revision.held", "revision", revision.number)


def release(actor: Actor, revision: Revision) -> None:
    """Ends the hold."""
    _must_steer(actor)
    revision.is_on_hold, revision.hold_reason = False, ""
    activity.record(actor, "revision.released", "revision", revision.number)


def add_note(actor: Actor, revision: Revision, text: str) -> RevisionNote:
    """Adds a note to the revision's discussion. Raises Invalid for an empty one."""
    if not actor.may(Permission.READ_REVISIONS):
        raise NotAllowed("move.no_permission", permission=Permission.READ_REVISIONS.value)
    words = clean_text(text, LIMIT_NOTE_BYTES, field="text").strip()
    if not words:
        raise Invalid.of("text", "note.empty")
    row = RevisionNote(revision_id=revision.id, author_id=actor.person_id, text=words, at=clock.now())
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "note.written", "revision", revision.number, note=row.id)
    return row


def _next_number() -> str:
    year = f"{clock.today():%y}"
    # The highest number is read under the writer's lock of the transaction; on PostgreSQL the unique
    # constraint refuses the second of two equal numbers and the request is repeated by its sender.
    numbers = db.session.scalars(sa.select(Revision.number).where(Revision.number.like(f"{year}-%")))
    highest = max((int(n.split("-")[1]) for n in numbers), default=0)
    return f"{year}-{highest + 1:03d}"


def _must_steer(actor: Actor) -> None:
    if not (actor.may(Permission.TRIAGE) or actor.may(Permission.CONFIRM_RANK)):
        raise NotAllowed("move.no_permission", permission=Permission.TRIAGE.value)
