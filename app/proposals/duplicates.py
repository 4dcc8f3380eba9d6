"""Owns which open revisions look like a proposal. What follows from it is decided elsewhere (`checks.py`)."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.core.db import db
from app.core.once import asked_once
from app.evidence.terms import tokens
from app.standards.models import Revision, RevisionClause
from app.standards.workflow import OPEN_STATES

MOST_SIMILAR = 3
SIMILAR_SHARE = 0.34  # of the fewer words of two titles


@dataclass(frozen=True)
class Similar:
    """An open revision that looks like a proposal: `clauses` are those both concern, `words` says titles are alike."""

    revision: Revision
    clauses: tuple[str, ...]
    words: bool


@asked_once
def similar(revision: Revision) -> list[Similar]:
    """Returns the open revisions that may be about the same, those that share a clause first; empty when none do."""
    own = set(
        db.session.scalars(
            sa.select(RevisionClause.clause_id).where(RevisionClause.revision_id == revision.id)
        )
    )
    return similar_to(revision.standard_id, own, f"{revision.title} {revision.problem}", but=revision.id)


def similar_to(
    standard_id: int, clause_ids: Iterable[str], words: str, *, but: int | None = None
) -> list[Similar]:
    """Returns the open revisions of a standard that share a clause with these, or most words of their title."""
    own, wanted = set(clause_ids), set(tokens(words))
    rows = list(
        db.session.scalars(
            sa.select(Revision)
            .where(
                Revision.standard_id == standard_id,
                Revision.state.in_(OPEN_STATES),
                Revision.id != (but or 0),
            )
            .order_by(Revision.id.desc())
        )
    )
    clauses: dict[int, set[str]] = {}
    if rows:
        pairs = db.session.execute(
            sa.select(RevisionClause.revision_id, RevisionClause.clause_id).where(
                RevisionClause.revision_id.in_([row.id for row in rows])
            )
        )
        for revision_id, clause_id in pairs:
            clauses.setdefault(revision_id, set()).add(clause_id)
    found = []
    for row in rows:
        shared = tuple(sorted(own & clauses.get(row.id, set())))
        theirs = set(tokens(f"{row.title} {row.title_en or ''}"))
        alike = bool(theirs) and len(wanted & theirs) >= max(2, SIMILAR_SHARE * min(len(wanted), len(theirs)))
        if shared or alike:
            found.append(Similar(row, shared, alike))
    return sorted(found, key=lambda one: (-len(one.clauses), not one.words, -one.revision.id))[:MOST_SIMILAR]
