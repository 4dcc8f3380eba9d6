"""Owns the questions about the archive: effects, dossiers, what is due."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.archive.models import Dossier, EffectEvaluation
from app.core import clock
from app.core.db import db
from app.core.once import asked_once
from app.publishing import queries as publishing
from app.standards import queries as standards
from app.standards.models import Publication, Revision
from app.standards.workflow import State

DAYS = (30, 60, 90)


@dataclass(frozen=True)
class DueEffect:
    """An evaluation that can be computed now."""

    revision_id: int
    days: int


@asked_once
def effects(revision_id: int) -> list[EffectEvaluation]:
    """Returns the effects computed so far, earliest first."""
    return list(
        db.session.scalars(
            sa.select(EffectEvaluation)
            .where(EffectEvaluation.revision_id == revision_id)
            .order_by(EffectEvaluation.days)
        )
    )


@asked_once
def dossier(revision_id: int) -> Dossier | None:
    """Returns the sealed dossier of a revision, None before it is sealed."""
    return db.session.scalar(sa.select(Dossier).where(Dossier.revision_id == revision_id))


def due_effects(today: dt.date) -> list[DueEffect]:
    """Returns the evaluations whose days are over and that were not computed, for revisions with an expected effect."""
    rows = db.session.execute(
        sa.select(Revision.id, Publication.effective_on)
        .join(Publication, Publication.revision_id == Revision.id)
        .where(Revision.state == State.IN_FORCE)
    ).all()
    done = set(db.session.execute(sa.select(EffectEvaluation.revision_id, EffectEvaluation.days)))
    return [
        DueEffect(revision_id, days)
        for revision_id, effective_on in rows
        for days in DAYS
        if (revision_id, days) not in done
        and effective_on + dt.timedelta(days=days) <= today
        and publishing.hypothesis(revision_id) is not None
    ]


def is_replaced(revision: Revision) -> bool:
    """Tells whether a later publication already replaced every clause the revision changed."""
    publication = publishing.publication_of(revision.id)
    if publication is None:
        return False
    clauses = {
        v.clause_id
        for v in standards.clause_versions(revision.standard_id)
        if v.publication_id == publication.id
    }
    later = {
        v.clause_id
        for v in standards.clause_versions(revision.standard_id)
        if v.publication_id > publication.id and v.effective_at <= clock.now()
    }
    return bool(clauses) and clauses <= later
