"""Owns what the pages of effects and dossiers show. Writes nothing."""

import datetime as dt
from dataclasses import dataclass

from markupsafe import Markup

from app.archive import bundle, queries, service
from app.archive.models import Dossier, EffectEvaluation
from app.core.access import Actor, Permission
from app.core.errors import NotFound
from app.people import queries as people
from app.people.models import Person
from app.publishing import queries as publishing
from app.publishing.models import Hypothesis, PublicationPlan
from app.standards.lifecycle import Attempt, why_not
from app.standards.measure_words import measure_sentence
from app.standards.measures import Measure
from app.standards.models import Publication, Revision
from app.standards.workflow import Move, State
from app.web import contributions
from app.web.language import current_language
from app.web.reasons import reason_words


@dataclass(frozen=True)
class EffectRow:
    """One evaluation: computed, or the day from which it can be."""

    days: int
    due_on: dt.date
    row: EffectEvaluation | None


@dataclass(frozen=True)
class EffectPage:
    """The expected effect of a revision beside what became of it. `final` is the row whose verdict stands."""

    revision: Revision
    publication: Publication | None
    plan: PublicationPlan | None
    hypothesis: Hypothesis | None
    measure: str
    rows: list[EffectRow]
    final: EffectEvaluation | None


@dataclass(frozen=True)
class DossierPage:
    """A dossier as it grows, or as it was sealed. `is_intact` tells whether the file still is the sealed one."""

    revision: Revision
    dossier: Dossier | None
    sealed_by: Person | None
    chapters: Markup
    gaps: list[str]
    is_built: bool
    is_intact: bool
    has_pdf: bool
    may_seal: bool
    missing: list[str]


def effect_page(revision: Revision) -> EffectPage:
    """Returns the effect of a revision; before publication there are no rows."""
    publication = publishing.publication_of(revision.id)
    hypothesis = publishing.hypothesis(revision.id)
    known = {e.days: e for e in queries.effects(revision.id)}
    rows = []
    if publication is not None and hypothesis is not None:
        rows = [
            EffectRow(days, publication.effective_on + dt.timedelta(days=days), known.get(days))
            for days in queries.DAYS
        ]
    return EffectPage(
        revision=revision,
        publication=publication,
        plan=publishing.plan(revision.id),
        hypothesis=hypothesis,
        measure=measure_sentence(Measure.from_data(hypothesis.measure)) if hypothesis else "",
        rows=rows,
        final=known.get(queries.DAYS[-1]),
    )


def dossier_page(revision: Revision, actor: Actor) -> DossierPage:
    """Returns the dossier of a revision: the sealed words once they are there, else what the rooms say now.

    Raises NotFound before the publication: there is nothing to keep yet.
    """
    if revision.state not in (State.SCHEDULED, State.IN_FORCE, State.ARCHIVED):
        raise NotFound("archive.no_dossier", number=revision.number)
    dossier = queries.dossier(revision.id)
    is_intact = dossier is not None and bundle.is_intact(dossier, revision.number)
    sealed = bundle.sealed_words(revision.number, current_language()) if is_intact else None
    may_seal = actor.may(Permission.ARCHIVE) and revision.state is State.IN_FORCE
    return DossierPage(
        revision=revision,
        dossier=dossier,
        sealed_by=people.by_ids({dossier.sealed_by_id or 0}).get(dossier.sealed_by_id or 0)
        if dossier
        else None,
        chapters=sealed
        or Markup("\n").join(
            chapter for _key, chapter in bundle.chapters(revision, contributions.dossier_of(revision))
        ),
        gaps=dossier.gaps if dossier else service.gaps(revision),
        is_built=dossier is not None and dossier.sha256 is not None,
        is_intact=is_intact,
        has_pdf=is_intact and bundle.pdf_path(revision.number, current_language()).exists(),
        may_seal=may_seal,
        missing=[reason_words(r) for r in why_not(revision, Attempt(Move.ARCHIVE, actor))]
        if may_seal
        else [],
    )
