"""Owns a reader's own marks on changed clauses: seen, come back. They bind nobody."""

import re

from app.core import clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import NotAllowed, NotFound
from app.reviews import queries
from app.reviews.models import Mark, SeenMark
from app.standards.frame import FRAME_PARTS
from app.standards.models import Revision

_SHA256 = re.compile(r"[0-9a-f]{64}")


def mark_clause(actor: Actor, revision: Revision, clause_id: str, mark: Mark, text_sha256: str) -> SeenMark:
    """Keeps the reader's own mark on a clause, or a part of the frame, with the text it was made on.

    Raises NotFound for an unknown clause.
    """
    reader = _must_read(actor)
    known = (*FRAME_PARTS, *revision.standard.used_clause_ids)
    if clause_id not in known or not _SHA256.fullmatch(text_sha256):
        raise NotFound("document.unknown_clause", clause=clause_id[:40].upper())
    row = db.session.get(SeenMark, (revision.id, reader, clause_id)) or SeenMark(
        revision_id=revision.id, person_id=reader, clause_id=clause_id
    )
    row.mark, row.text_sha256, row.at = mark, text_sha256, clock.now()
    db.session.add(row)
    db.session.flush()
    return row


def mark_rest(actor: Actor, revision: Revision, shown: dict[str, str]) -> int:
    """Marks as seen what the reader has not marked yet, of `{clause id: text hash}` shown; returns how many."""
    known = queries.marks(revision.id, _must_read(actor))
    fresh = {c: h for c, h in shown.items() if c not in known or known[c].text_sha256 != h}
    for clause_id, text_sha256 in fresh.items():
        mark_clause(actor, revision, clause_id, Mark.SEEN, text_sha256)
    return len(fresh)


def clear_marks(actor: Actor, revision: Revision) -> None:
    """Takes all own marks of a revision back, to start over."""
    for row in queries.marks(revision.id, _must_read(actor)).values():
        db.session.delete(row)
    db.session.flush()


def _must_read(actor: Actor) -> int:
    if actor.person_id is None or not actor.may(Permission.READ_REVISIONS):
        raise NotAllowed("move.no_permission", permission=Permission.READ_REVISIONS.value)
    return actor.person_id
