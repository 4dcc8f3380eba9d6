"""Owns the verb that seals a revision's dossier, and what the dossier is made of."""

from app.archive import queries
from app.archive.models import Dossier
from app.core import activity, clock, jobs
from app.core.access import Actor
from app.core.db import db
from app.core.text import clean_text
from app.publishing import queries as publishing
from app.standards import lifecycle
from app.standards import queries as standards
from app.standards.lifecycle import Attempt
from app.standards.models import Revision
from app.standards.workflow import Move, State
from app.training import queries as training

LIMIT_LESSON_BYTES = 8 * 1024


def seal(
    actor: Actor, revision: Revision, *, keep: str = "", change: str = "", seen: State | None = None
) -> Dossier:
    """Archives the revision and seals its dossier: what to keep and what to change are its two lessons.

    The files are made by a job; their hashes go to the store's records, names never do. Sealed twice it is one
    dossier. Raises Refused while the effect is not evaluated.
    """
    known = queries.dossier(revision.id)
    if known is not None and revision.state is State.ARCHIVED:
        return known
    lifecycle.perform(revision, Attempt(Move.ARCHIVE, actor), seen=seen)
    row = Dossier(
        revision_id=revision.id,
        sealed_at=clock.now(),
        sealed_by_id=actor.person_id,
        keep=clean_text(keep, LIMIT_LESSON_BYTES, field="keep").strip(),
        change=clean_text(change, LIMIT_LESSON_BYTES, field="change").strip(),
        gaps=gaps(revision),
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "dossier.sealed", "revision", revision.number, gaps=row.gaps)
    jobs.enqueue("build_dossier", key=f"dossier:{row.id}", dossier_id=row.id)
    return row


def gaps(revision: Revision) -> list[str]:
    """Returns what a reader would miss, as keys that the page puts in words: pilot_waived, fast_track, emergency,
    no_hypothesis, no_effect, notice_waived, language_waived, not_everybody_read."""
    steps = standards.steps(revision.id)
    plan = publishing.plan(revision.id)
    publication = publishing.publication_of(revision.id)
    coverage = training.coverage(publication.id) if publication else None
    found = {
        "pilot_waived": any(s.move is Move.WAIVE_PILOT for s in steps),
        "fast_track": revision.is_fast_track,
        "emergency": revision.is_emergency,
        "no_hypothesis": publishing.hypothesis(revision.id) is None,
        "no_effect": not queries.effects(revision.id),
        "notice_waived": bool(plan and plan.notice_waiver),
        "language_waived": bool(plan and plan.language_waiver),
        "not_everybody_read": bool(coverage and not coverage.is_complete),
    }
    return [key for key, is_so in found.items() if is_so]
