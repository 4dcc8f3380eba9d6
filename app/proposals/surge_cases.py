"""Owns what a surge of feedback leads to: a proposal on the fast track with its evidence, once a wave [mission row 5]."""

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import activity, clock, events, jobs
from app.core.access import SYSTEM
from app.evidence import feedback
from app.evidence import queries as evidence_queries
from app.evidence import service as evidence_service
from app.evidence.feedback import Watched
from app.evidence.link_words import figures_of, surge_words
from app.evidence.models import EvidenceKind
from app.evidence.surges import Wave
from app.proposals import service
from app.standards import queries as standards_queries
from app.standards.models import NeedSource, Revision
from app.standards.words import spoken_id
from app.standards.workflow import State

HOUR = 6
"""From this hour of the morning on the day before is looked at; the rule itself remembers nothing."""

MOST_SUGGESTIONS = 200
"""So many waiting suggestions are looked through for those of the wave."""

FRESH_DAYS = 14
"""A wave that alarmed longer ago without a case is history: it was there before anybody watched."""


def look_daily() -> None:
    """Queues the look of a day once it is six in the morning; asked by the clock each minute."""
    if clock.now() >= clock.at(clock.today(), HOUR):
        jobs.enqueue("look_for_surges", key=f"surges:{clock.today()}")


def look_for_surges() -> dict[str, Any]:
    """Opens the cases of a day; a second run finds them there."""
    return {"revisions": [revision.number for revision in open_cases()]}


def open_cases() -> list[Revision]:
    """Opens a fast-track proposal for each wave that has none; returns the revisions that got one.

    Where an open revision holds the clause already, it gets the surge as evidence instead of a second proposal.
    """
    made = []
    for one in feedback.watched():
        wave = one.wave
        if wave is None or one.case is not None or (clock.today() - wave.alarmed_on).days > FRESH_DAYS:
            continue
        revision = _holder(one) or _propose(one, wave)
        _attach(revision, one, wave)
        activity.record(
            SYSTEM, "surge.noticed", "revision", revision.number, clause=f"{one.standard.code}/{one.clause_id}",
            count=wave.count,
        )  # fmt: skip
        if revision.state is State.DRAFT:
            service.propose(SYSTEM, revision)
        events.announce(events.SurgeNoticed(revision.id, one.clause_id, wave.alarmed_on, wave.count))
        made.append(revision)
    return made


def _holder(one: Watched) -> Revision | None:
    return next(
        (
            revision
            for revision in standards_queries.open_revisions(one.standard.id)
            if one.clause_id in standards_queries.clause_ids(revision.id)
            and revision.state is not State.DRAFT
        ),
        None,
    )


def _propose(one: Watched, wave: Wave) -> Revision:
    spoken = spoken_id(one.standard.code, one.clause_id)
    words = {}
    for language in ("zh_Hans", "en"):  # nobody wrote it, so the house says it in each reader's language
        with force_locale(language):
            title = _("Surge of feedback on %(clause)s", clause=spoken)
            words[language] = (title, surge_words(figures_of(wave)))
    revision = service.start_proposal(
        SYSTEM,
        one.standard,
        title=words["zh_Hans"][0],
        title_en=words["en"][0],
        clauses=(one.clause_id,),
        source=NeedSource.COMPLAINTS,
        problem=words["zh_Hans"][1],
        problem_en=words["en"][1],
    )
    revision.is_fast_track = True
    return revision


def _attach(revision: Revision, one: Watched, wave: Wave) -> None:
    evidence_service.attach_evidence(
        SYSTEM, revision, EvidenceKind.SURGE, feedback.key_of(one, wave), figures_of(wave)
    )
    issue = evidence_queries.issues_by_clause(one.standard.id).get(one.clause_id)
    if issue is not None:
        evidence_service.attach_evidence(SYSTEM, revision, EvidenceKind.ISSUE, issue.number)
    for row in evidence_queries.suggestions(open_only=True, limit=MOST_SUGGESTIONS):
        is_part = (row.standard_id, row.clause_id) == (one.standard.id, one.clause_id)
        if is_part and row.revision_id is None and clock.local(row.at).date() >= wave.began_on:
            evidence_service.attach_evidence(SYSTEM, revision, EvidenceKind.SUGGESTION, row.ref)
