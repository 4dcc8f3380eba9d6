"""Owns the questions about outside counsel: which link is whose and still open, what it opens, what was signed."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.once import asked_once
from app.reviews import queries
from app.reviews.freshness import clause_of, scope_of
from app.reviews.models import CounselInvitation, CounselSignOff, Decision, ThreadNote
from app.standards import texts
from app.standards.models import Revision


@dataclass(frozen=True)
class CounselRow:
    """An invitation as the people of the revision see it. `is_fresh` None: not signed, or nobody asks any more."""

    invitation: CounselInvitation
    is_fresh: bool | None

    @property
    def state(self) -> str:
        """Returns the key of what became of it: a decision, `taken_back`, `expired` or `waiting`."""
        signed = self.invitation.sign_off
        if signed is not None:
            return signed.decision.value
        if self.invitation.taken_back_at is not None:
            return "taken_back"
        return "expired" if self.invitation.expires_at <= clock.now() else "waiting"

    @property
    def clause_ids(self) -> tuple[str, ...]:
        """Returns the clauses that are signed, each once; empty before."""
        signed = self.invitation.sign_off
        return tuple(dict.fromkeys(c for c in map(clause_of, sorted(signed.lines if signed else ())) if c))


@asked_once
def invitations(revision_id: int) -> list[CounselInvitation]:
    """Returns whom the people of a revision invited, oldest first, with what they signed."""
    return list(
        db.session.scalars(
            sa.select(CounselInvitation)
            .where(CounselInvitation.revision_id == revision_id)
            .order_by(CounselInvitation.id)
        )
    )


def rows_of(revision: Revision, current: Mapping[str, str] | None) -> list[CounselRow]:
    """Returns the invitations of a revision; `current` are the changed parts of now, None when the review is over."""
    made = []
    for row in invitations(revision.id):
        signed, is_fresh = row.sign_off, None
        if signed is not None and current is not None:
            is_fresh = stands(signed, current)
        made.append(CounselRow(row, is_fresh))
    return made


def stands(signed: CounselSignOff, current: Mapping[str, str]) -> bool:
    """Tells whether the text of now is the one that was signed; what is no longer changed needs no signature."""
    return all(current.get(part, digest) == digest for part, digest in signed.lines.items())


def invitation(revision: Revision, invitation_id: int) -> CounselInvitation:
    """Returns an invitation of the revision. Raises NotFound."""
    row = db.session.get(CounselInvitation, invitation_id)
    if row is None or row.revision_id != revision.id:
        raise NotFound("counsel.unknown")
    return row


def by_secret_hash(secret_hash: str) -> CounselInvitation | None:
    """Returns the invitation of a link, whatever became of it; None for a link that never was."""
    return db.session.scalar(sa.select(CounselInvitation).where(CounselInvitation.secret_hash == secret_hash))


def is_open(row: CounselInvitation) -> bool:
    """Tells whether a link still opens the review: not signed, not taken back, not expired."""
    return row.sign_off is None and row.taken_back_at is None and row.expires_at > clock.now()


def has_open_link(revision_id: int, step: str, email: str) -> bool:
    """Tells whether a link to a step is open for this address, however it is written."""
    named = (row for row in invitations(revision_id) if row.step == step and is_open(row))
    return any(row.email.casefold() == email.casefold() for row in named)


def is_only_expired(row: CounselInvitation) -> bool:
    """Tells whether nothing but the time closed a link."""
    return row.sign_off is None and row.taken_back_at is None and row.expires_at <= clock.now()


def parts_of_step(revision: Revision, key: str, current: Mapping[str, str] | None = None) -> dict[str, str]:
    """Returns the changed parts {part: sha256} that a step looks at, whoever signed them."""
    parts = texts.current_parts(revision) if current is None else dict(current)
    tagged = queries.tags_of_clauses(revision)
    step = queries.step_of(revision, key)
    return {p: parts[p] for p in scope_of(step, parts, queries.technical_clauses(tagged), tagged)}


def open_parts(
    revision: Revision, row: CounselInvitation, current: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Returns what an invitation asks to read and sign: the step's parts, of the named clauses where some are named.

    What the same person (by e-mail) accepted before, and what has not changed since, is left out.
    """
    parts = parts_of_step(revision, row.step, current)
    if row.clause_ids:
        parts = {p: digest for p, digest in parts.items() if clause_of(p) in row.clause_ids}
    for other in invitations(revision.id):
        signed = other.sign_off
        if signed is None or other.email.casefold() != row.email.casefold() or other.step != row.step:
            continue
        if signed.decision is not Decision.RETURN and other.id != row.id:
            parts = {p: digest for p, digest in parts.items() if signed.lines.get(p) != digest}
    return parts


def clauses_open_to(revision: Revision, row: CounselInvitation) -> list[str]:
    """Returns the clauses that an invitation lets somebody read, each once, in order."""
    return list(dict.fromkeys(c for c in map(clause_of, sorted(open_parts(revision, row))) if c))


def count_notes(row: CounselInvitation) -> int:
    """Returns how many notes were written through a link."""
    count = sa.select(sa.func.count(ThreadNote.id)).where(ThreadNote.counsel_id == row.id)
    return int(db.session.scalar(count) or 0)
