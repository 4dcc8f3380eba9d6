"""Owns what quality checks give to shared pages: contacts to check, appeals, stage 8, rates beside clauses, dossier."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.audits import queries, rate_queries
from app.audits.models import AuditPlan, Sample, SampleState
from app.audits.pages import month_words
from app.audits.rates import Rate
from app.audits.words import rate_words
from app.core import clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.publishing.queries import publication_of
from app.standards import queries as standards
from app.standards.models import Revision, Standard
from app.standards.workflow import State
from app.web.contributions import ClauseNote, DossierSection, StageBlock, Task

STAGE = 8
RANK_DOSSIER = 70
MINUTES_A_CONTACT, MINUTES_AN_APPEAL = 4, 5


def tasks(actor: Actor) -> Iterable[Task]:
    """Yields to auditors the contacts they have to check, by month, and the appeals they can decide."""
    if not actor.may(Permission.AUDIT) or actor.person_id is None:
        return
    rows = db.session.execute(
        sa.select(AuditPlan.month, sa.func.count())
        .join(Sample, Sample.plan_id == AuditPlan.id)
        .where(Sample.auditor_id == actor.person_id, Sample.state == SampleState.WAITING)
        .group_by(AuditPlan.month)
        .order_by(AuditPlan.month)
    )
    for month, count in rows:
        named = month_words(month)
        yield Task(
            words=ngettext(
                "Check %(num)s contact of %(month)s",
                "Check %(num)s contacts of %(month)s",
                count,
                month=named,
            ),
            url=url_for("audits.next_sample", month=month),
            minutes=MINUTES_A_CONTACT * count,
            why=_("They were drawn by lot and fell to you."),
            kind="audit",
        )
    yield from _appeals(actor.person_id)


def blocks(revision: Revision, actor: Actor) -> Iterable[StageBlock]:
    """Yields stage 8: how often the revision's clauses were kept in the checks since it applies."""
    if revision.state not in (State.IN_FORCE, State.ARCHIVED):
        return
    rows = _rows(revision)
    if not rows:
        yield StageBlock(STAGE, _("Not checked yet"))
        return
    checked = sum(rate.checked for _month, _clause, rate in rows)
    summary = ngettext("checked %(num)s time", "checked %(num)s times", checked)
    context = {"rows": rows, "code": revision.standard.code, "may_read": actor.may(Permission.READ_REPORTS)}
    yield StageBlock(STAGE, summary, "audits/_block.html", context)


def clause_notes(standard: Standard, actor: Actor) -> Iterable[ClauseNote]:
    """Yields beside each clause how often it was kept in the newest month that was checked."""
    if not actor.may(Permission.READ_STANDARDS):
        return
    newest = rate_queries.newest_clause_rates(standard.id)
    if newest is None:
        return
    month, rates = newest
    url = url_for("audits.report", month=month) if actor.may(Permission.READ_REPORTS) else None
    for clause_id, rate in rates.items():
        if not rate.is_hidden:
            words = _("Kept in %(month)s: %(rate)s", month=month_words(month), rate=rate_words(rate))
            yield ClauseNote(clause_id, words, url, "measure")


def dossier(revision: Revision) -> Iterable[DossierSection]:
    """Yields the chapter on checks: the revision's clauses by month; no names."""
    rows = _rows(revision)
    if not rows:
        return
    table = [[month, f"{revision.standard.code}-{c}".upper(), r.kept, r.checked] for month, c, r in rows]
    context = {"rows": rows, "code": revision.standard.code}
    yield DossierSection(
        "checks",
        RANK_DOSSIER,
        "audits/_dossier.html",
        context,
        {"checks": (["month", "clause", "kept", "checked"], table)},
    )


def _appeals(person_id: int) -> Iterable[Task]:
    found = [row for row in queries.appeals() if row.person_id != person_id]
    scorers = queries.scorers([row.line.sample_id for row in found])
    for row in found:
        if scorers[row.line.sample_id] != person_id:
            yield Task(
                words=_("Decide an appeal"),
                url=url_for("audits.one_appeal", appeal_id=row.id),
                minutes=MINUTES_AN_APPEAL,
                due=clock.at(row.due_on, 23, 59),
                why=_("You audit and did not check this contact."),
                kind="appeal",
            )


def _rows(revision: Revision) -> list[tuple[str, str, Rate]]:
    publication = publication_of(revision.id)
    if publication is None:
        return []
    first = f"{publication.effective_on:%Y-%m}"
    return rate_queries.rates_since(first, revision.standard_id, set(standards.clause_ids(revision.id)))
