"""Owns what the archive gives to shared pages: dossiers to seal, stage 9 of a revision, chapters of the dossier."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.archive import queries
from app.archive.dossier_page import effect_page
from app.archive.models import EffectEvaluation
from app.archive.words import verdict_words
from app.core.access import Actor, Permission
from app.core.db import db
from app.people import queries as people
from app.publishing import queries as publishing
from app.standards import queries as standards
from app.standards.comparison import shown
from app.standards.models import ClauseChange, ClauseVersion, Publication, Revision
from app.standards.redline import redline
from app.standards.revision_page import name_of
from app.standards.words import move_words, source_words
from app.standards.workflow import State
from app.web.contributions import Act, DossierSection, StageBlock, Task
from app.web.language import current_language, pick

STAGE = 9
RANK_SEAL, RANK_EFFECT = 30, 70
MINUTES_TO_SEAL = 5


def tasks(actor: Actor) -> Iterable[Task]:
    """Yields to whoever seals the dossiers whose 90-day effect is known."""
    if not actor.may(Permission.ARCHIVE):
        return
    rows = db.session.scalars(
        sa.select(Revision)
        .join(EffectEvaluation, EffectEvaluation.revision_id == Revision.id)
        .where(Revision.state == State.IN_FORCE, EffectEvaluation.days == queries.DAYS[-1])
        .order_by(Revision.number)
    )
    for revision in rows:
        title = pick(revision.title, revision.title_en)
        yield Task(
            words=_("Seal the dossier: %(title)s (%(number)s)", title=title, number=revision.number),
            url=url_for("archive.dossier", number=revision.number),
            minutes=MINUTES_TO_SEAL,
            why=_("The effect after 90 days is known."),
            kind="seal",
        )


def blocks(revision: Revision, actor: Actor) -> Iterable[StageBlock]:
    """Yields stage 9: what the revision changed so far, and its dossier."""
    if revision.state not in (State.IN_FORCE, State.ARCHIVED):
        return
    found = effect_page(revision)
    computed = [row.row for row in found.rows if row.row is not None]
    summary = verdict_words(computed[-1].verdict) if computed else _("No effect computed yet")
    context = {"page": found, "dossier": queries.dossier(revision.id)}
    yield StageBlock(STAGE, summary, "archive/_block.html", context)


def acts(revision: Revision, actor: Actor) -> Iterable[Act]:
    """Yields sealing to whoever may, and the effect to everybody once the revision is in force."""
    if revision.state is State.IN_FORCE and actor.may(Permission.ARCHIVE):
        yield Act(_("Seal the dossier"), url_for("archive.dossier", number=revision.number), RANK_SEAL)
    if revision.state in (State.IN_FORCE, State.ARCHIVED):
        yield Act(_("Effect"), url_for("archive.effect", number=revision.number), RANK_EFFECT)


def dossier(revision: Revision) -> Iterable[DossierSection]:
    """Yields the background, the changed texts, the effect and the timeline."""
    source = source_words(revision.source)
    yield DossierSection(
        "background", 10, "archive/_background.html", {"revision": revision, "source": source}
    )
    publication = publishing.publication_of(revision.id)
    if publication is not None:
        context = {"changes": _changes(publication), "language": current_language()}
        yield DossierSection("changes", 35, "archive/_changes.html", context)
    found = effect_page(revision)
    header = ["days", "before_kept", "before_count", "after_kept", "after_count", "verdict"]
    rows = [
        [e.days, e.before_kept, e.before_count, e.after_kept, e.after_count, e.verdict]
        for e in (row.row for row in found.rows)
        if e is not None
    ]
    yield DossierSection("effect", 80, "archive/_effect.html", {"page": found}, {"effect": (header, rows)})
    yield _timeline(revision)


def _timeline(revision: Revision) -> DossierSection:
    steps = standards.steps(revision.id)
    named = people.by_ids({step.actor_id for step in steps if step.actor_id})
    lines = [
        (step.at, f"{name_of(named.get(step.actor_id or 0))}{_(': ')}{move_words(step.move)}", step.reason)
        for step in steps
    ]
    header = ["at", "who", "move", "from", "to", "reason"]
    subjects = {i: person.subject for i, person in named.items()}
    rows = [
        [
            step.at.isoformat(),
            subjects.get(step.actor_id or 0, "system"),
            step.move.value,
            step.from_state.value,
            step.to_state.value,
            step.reason,
        ]
        for step in steps
    ]
    return DossierSection(
        "timeline", 90, "archive/_timeline.html", {"lines": lines}, {"timeline": (header, rows)}
    )


def _changes(publication: Publication) -> list[dict[str, object]]:
    """Returns the clauses a publication changed in the reader's language, each with its redline."""
    rows = standards.clause_versions(publication.standard_id)
    language = current_language()
    made: list[dict[str, object]] = []
    for row in rows:
        if row.publication_id != publication.id or row.change is ClauseChange.UNCHANGED:
            continue
        older = [v for v in rows if v.clause_id == row.clause_id and v.publication_id < publication.id]
        old = max(older, key=lambda v: v.publication_id) if older else None
        is_retired = row.change is ClauseChange.RETIRED
        segments = redline(_body(old, language), "" if is_retired else _body(row, language))
        name = f"{publication.standard.code}-{row.clause_id}".upper()
        heading = pick(row.heading_zh, row.heading_en)
        made.append({"name": name, "heading": heading, "segments": shown(segments)})
    return made


def _body(version: ClauseVersion | None, language: str) -> str:
    if version is None:
        return ""
    return (
        (version.body_zh if language == "zh" else version.body_en) or version.body_zh or version.body_en or ""
    )
