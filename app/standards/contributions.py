"""Owns what this room gives to shared pages: the drafter's tasks, the drafting stage, drafting, hold and withdrawal."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.access import Actor, Permission
from app.core.db import db
from app.people import queries as people_queries
from app.standards import queries
from app.standards.lifecycle import Attempt, why_not
from app.standards.models import Revision, RevisionClause
from app.standards.revision_page import days_since, name_of
from app.standards.workflow import ENDS, WRITABLE_STATES, Move, State, moves_from
from app.web.contributions import Act, StageBlock, Task, Waiting
from app.web.language import pick
from app.web.navigation import exists
from app.web.reasons import reason_words

RANK_DRAFT, RANK_STEER, RANK_WITHDRAW = 20, 85, 95
MINUTES_A_CLAUSE = 10


def tasks(actor: Actor) -> Iterable[Task]:
    """Yields the revisions this drafter has to draft: named ones, and those nobody was named for."""
    if not actor.may(Permission.DRAFT):
        return
    mine = sa.or_(Revision.drafter_id == actor.person_id, Revision.drafter_id.is_(None))
    rows = db.session.execute(
        sa.select(Revision, sa.func.count(RevisionClause.clause_id))
        .outerjoin(RevisionClause, RevisionClause.revision_id == Revision.id)
        .where(Revision.state == State.DRAFTING, mine, Revision.is_on_hold.is_(False))
        .group_by(Revision.id)
        .order_by(Revision.state_since)
    )
    for revision, clauses in rows:
        yield Task(
            words=_(
                "Draft: %(title)s (%(number)s)",
                title=pick(revision.title, revision.title_en),
                number=revision.number,
            ),
            url=url_for("standards.revision", number=revision.number),
            minutes=max(1, clauses) * MINUTES_A_CLAUSE,
            why=_("You are named as drafter.")
            if revision.drafter_id
            else _("You draft and nobody is named yet."),
            meta=ngettext("%(num)s clause", "%(num)s clauses", clauses),
            kind="draft",
        )


def waiting(revision: Revision) -> Iterable[Waiting]:
    """Yields the drafter while the text is being drafted."""
    if revision.state is not State.DRAFTING:
        return
    person = people_queries.by_ids([revision.drafter_id or 0]).get(revision.drafter_id or 0)
    day = days_since(revision.state_since)
    if person is None:
        yield Waiting(_("a drafter, day %(day)s", day=day))
    else:
        yield Waiting(_("%(name)s (drafter), day %(day)s", name=name_of(person), day=day))


def blocks(revision: Revision, actor: Actor) -> Iterable[StageBlock]:
    """Yields the drafting stage: how many clauses are changed, and by whom."""
    count = queries.draft_count(revision.id)
    if not count and revision.state is not State.DRAFTING:
        return
    summary = ngettext("%(num)s clause drafted", "%(num)s clauses drafted", count)
    if revision.state is not State.DRAFTING:
        yield StageBlock(3, summary)
        return
    drafts = queries.clause_drafts(revision.id)
    drafted = {draft.clause_id for draft in drafts}
    open_clauses = [c for c in queries.clause_ids(revision.id) if c not in drafted]
    context = {"drafts": drafts, "open_clauses": open_clauses, "may_draft": actor.may(Permission.DRAFT)}
    yield StageBlock(3, summary, "standards/_block_draft.html", context)


def acts(revision: Revision, actor: Actor) -> Iterable[Act]:
    """Yields drafting as a link, and holding, releasing and withdrawing as pages that ask for the reason."""
    if revision.state in WRITABLE_STATES and actor.may(Permission.DRAFT) and exists("standards.edit"):
        yield from _drafting(revision, actor)
    if revision.state not in ENDS and _may_steer(actor):
        yield _steering(revision)
    if Move.WITHDRAW in moves_from(revision.state) and actor.person_id == revision.proposer_id:
        reasons = why_not(revision, Attempt(Move.WITHDRAW, actor, reason="-"))
        yield Act(
            _("Withdraw"),
            url_for("standards.withdraw", number=revision.number),
            RANK_WITHDRAW,
            reasons=tuple(reason_words(reason) for reason in reasons),
            is_danger=True,
        )


def _drafting(revision: Revision, actor: Actor) -> Iterable[Act]:
    clause_ids = queries.clause_ids(revision.id)
    if not clause_ids:
        yield Act(_("Start drafting"), url_for("standards.edit_list", number=revision.number), RANK_DRAFT)
        return
    begun = {draft.clause_id for draft in queries.clause_drafts(revision.id)}
    first = next((c for c in clause_ids if c not in begun), clause_ids[0])
    words = _("Go on drafting") if begun else _("Start drafting")
    rank = RANK_DRAFT if revision.state is State.DRAFTING else RANK_STEER - 5
    reasons = (_("The revision is on hold."),) if revision.is_on_hold else ()
    url = url_for("standards.edit", number=revision.number, clause_id=first)
    yield Act(words, url, rank, reasons=reasons)
    if revision.state is State.DRAFTING and begun:
        against = tuple(reason_words(r) for r in why_not(revision, Attempt(Move.SUBMIT, actor)))
        is_done = not against and begun >= set(clause_ids)
        send = url_for("standards.submit", number=revision.number)
        place = RANK_DRAFT - 1 if is_done else RANK_DRAFT + 1
        yield Act(_("Finish drafting, send to review"), send, place, "POST", reasons=against)


def _steering(revision: Revision) -> Act:
    if revision.is_on_hold:
        return Act(_("Release"), url_for("standards.release", number=revision.number), 10, "POST")
    return Act(_("Put on hold"), url_for("standards.hold", number=revision.number), RANK_STEER)


def _may_steer(actor: Actor) -> bool:
    return actor.may(Permission.TRIAGE) or actor.may(Permission.CONFIRM_RANK)
