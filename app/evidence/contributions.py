"""Owns what this room gives to shared pages: tasks, the lines beside a clause, the dossier's data basis."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.core.access import Actor, Permission
from app.core.text import cut
from app.evidence import articles, counting, queries, register_queries
from app.evidence.issues import Trend
from app.evidence.link_words import evidence_note
from app.evidence.models import EvidenceKind, EvidenceLink, IssueState
from app.evidence.register_words import law_words
from app.evidence.words import change_words, issue_name, kind_words, suggestion_state_words
from app.standards import queries as standards_queries
from app.standards.measure_words import measure_sentence
from app.standards.measures import Measure
from app.standards.models import Revision, Standard
from app.standards.words import spoken_id
from app.web.contributions import ClauseNote, DossierSection, Task
from app.web.filters import iso_day

MOST_ISSUES = 3
BASIS_DAYS = 90
DOSSIER_RANK = 20


def tasks(actor: Actor) -> Iterable[Task]:
    """Yields the issues that clearly rise, suggestions to answer within five working days, articles to be amended."""
    if not actor.may(Permission.MANAGE_EVIDENCE):
        return
    rising = [issue for issue in queries.issues(IssueState.OPEN) if issue.trend is Trend.RISING]
    for issue in rising[:MOST_ISSUES]:
        yield Task(
            words=_("Decide: %(issue)s", issue=issue_name(issue)),
            url=url_for("evidence.issue", number=issue.number),
            minutes=5,
            why=_("Complaints rise clearly and you manage the evidence."),
            meta=_(
                "%(count)s this week, %(change)s",
                count=issue.last_count,
                change=change_words(issue.last_count, issue.previous_count),
            ),
            kind="issue",
        )
    for row in queries.suggestions(open_only=True, limit=10):
        yield Task(
            words=_("Answer a suggestion: %(text)s", text=_first(row.text)),
            url=url_for("evidence.suggestion", ref=row.ref),
            minutes=3,
            due=queries.suggestion_due(row),
            why=_("Suggestions get an answer within five working days."),
            meta=row.ref,
            kind="suggestion",
        )
    to_amend = articles.to_amend_count()
    if to_amend:
        yield Task(
            words=ngettext(
                "Have %(num)s article elsewhere amended", "Have %(num)s articles elsewhere amended", to_amend
            ),
            url=url_for("registers.articles", amend=1),
            minutes=5 * min(to_amend, 6),
            why=_("Clauses they cite were changed, and you manage the evidence."),
            kind="article",
        )


def clause_notes(standard: Standard, actor: Actor) -> Iterable[ClauseNote]:
    """Yields the complaints of the last 90 days, the open suggestions and the laws beside each clause."""
    reads = actor.may(Permission.READ_EVIDENCE)
    for clause_id, (count, number) in sorted(queries.complaint_counts(standard.id).items()):
        yield ClauseNote(
            clause_id,
            ngettext("%(num)s complaint in 90 days", "%(num)s complaints in 90 days", count),
            url_for("evidence.issue", number=number) if reads else None,
        )
    titles, suggested = articles.titles_and_suggestions(standard.id)
    for clause_id, count in sorted(suggested.items()):
        if clause_id:
            yield ClauseNote(
                clause_id,
                ngettext("%(num)s open suggestion", "%(num)s open suggestions", count),
                url_for("evidence.suggestions") if reads else None,
            )
    for clause_id, laws in register_queries.laws_by_clause(standard.id).items():
        for law in laws:
            yield ClauseNote(
                clause_id,
                law_words(law),
                url_for("registers.law", code=law.code) if reads else None,
                kind="law",
            )
    for clause_id, cited in sorted(titles.items()):
        yield ClauseNote(
            clause_id,
            cited_words(cited),
            url_for("registers.articles", clause=spoken_id(standard.code, clause_id)) if reads else None,
        )


def cited_words(titles: list[str]) -> str:
    """Returns which articles elsewhere cite a clause: two by title, the others by their number."""
    named = _(", ").join(titles[:2])
    if len(titles) <= 2:
        return str(_("Cited by %(titles)s", titles=named))
    more = ngettext("%(num)s more", "%(num)s more", len(titles) - 2)
    return str(_("Cited by %(titles)s and %(more)s", titles=named, more=more))


def dossier(revision: Revision) -> Iterable[DossierSection]:
    """Yields the data basis 数据依据: every piece of evidence, and how the clauses' measures were kept before."""
    links = queries.evidence_of(revision.id)
    rows = [_evidence_row(link) for link in links]
    basis = _basis(revision)
    header = [_("Kind"), _("Reference"), _("What it shows"), _("Added on")]
    kept = [_("Measure"), _("Contacts in time"), _("Contacts counted"), _("From"), _("To")]
    yield DossierSection(
        key="data_basis",
        rank=DOSSIER_RANK,
        template="evidence/_dossier.html",
        context={"evidence": rows, "basis": basis},
        tables={
            "evidence": (header, [list(row) for row in rows]),
            "before": (kept, [[b["words"], b["kept"], b["n"], b["starts"], b["ends"]] for b in basis]),
        },
    )


def _evidence_row(link: EvidenceLink) -> tuple[str, str, str, str]:
    shows = evidence_note(link)
    if link.kind is EvidenceKind.ISSUE:
        issue = queries.issue(link.key)
        shows = f"{issue_name(issue)}. {shows}" if shows else issue_name(issue)
    elif link.kind is EvidenceKind.SUGGESTION:
        row = queries.suggestion(link.key)
        shows = f"{row.text} ({suggestion_state_words(row.state)})"
    return kind_words(link.kind), link.key, shows, iso_day(link.at)


def _basis(revision: Revision) -> list[dict[str, Any]]:
    """Returns how each measure of the revision's clauses was kept in the 90 days before it was proposed."""
    ends = clock.local(revision.created_at).date()
    starts = ends - dt.timedelta(days=BASIS_DAYS)
    wanted = set(standards_queries.clause_ids(revision.id))
    publication = standards_queries.newest_publication(revision.standard_id)
    if publication is None or not wanted:
        return []
    made = []
    for measure in _measures(publication.id, wanted):
        found = counting.backtest(measure, starts, ends)
        if isinstance(found, counting.Kept):
            made.append(
                {
                    "words": measure_sentence(measure),
                    "kept": found.kept,
                    "n": found.n,
                    "counted": found,
                    "starts": starts.isoformat(),
                    "ends": ends.isoformat(),
                }
            )
    return made


def _measures(publication_id: int, clause_ids: set[str]) -> list[Measure]:
    return [
        Measure.from_data(data)
        for row in queries.clause_versions_of(publication_id, clause_ids)
        for data in row.measures
    ]


def _first(text: str) -> str:
    return cut(text.replace("\n", " "), 40)
