"""Owns what publishing gives to shared pages: tasks, the publishing stage, acts, whom it waits for, the dossier's chapter."""

from collections.abc import Iterable
from dataclasses import replace

from flask import url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.access import Actor, Permission
from app.pilots import checks as pilots_checks
from app.publishing import customer_notices, page, queries
from app.publishing.models import PublicationPlan
from app.publishing.words import DIRECTION_WORDS, TRAINING_WORDS
from app.standards import measure_words
from app.standards import queries as standards
from app.standards.measures import Measure
from app.standards.models import Publication, Revision, Standard
from app.standards.revision_page import days_since
from app.standards.workflow import State
from app.web.contributions import Act, DossierSection, OtherText, StageBlock, Task, Waiting
from app.web.filters import clock_time, day
from app.web.language import pick

STAGE = 6
RANK_PUBLISH, RANK_UNDO, RANK_PREPARE, RANK_APPROVE = 10, 12, 70, 11
MINUTES_PUBLISH, MINUTES_APPROVE, MINUTES_NOTICE = 15, 10, 5


def tasks(actor: Actor) -> Iterable[Task]:
    """Yields revisions that are ready to be published, and emergencies that wait for a second person."""
    if actor.may(Permission.PUBLISH):
        ready = [r for r in standards.unsettled() if r.state is State.READY and not r.is_on_hold]
        undecided = pilots_checks.left_open(frozenset(r.id for r in ready))
        for revision in sorted(ready, key=lambda r: r.state_since):
            if revision.id in undecided:
                continue  # the room of pilots asks for a decision first
            yield Task(
                words=_(
                    "Publish: %(title)s (%(number)s)",
                    title=pick(revision.title, revision.title_en),
                    number=revision.number,
                ),
                url=url_for("publishing.publish", number=revision.number),
                minutes=MINUTES_PUBLISH,
                why=_("You publish standards."),
                kind="publish",
            )
    if actor.may(Permission.EMERGENCY) or customer_notices.may_approve_at_all(actor):
        yield from _approvals(actor)


def waiting(revision: Revision) -> Iterable[Waiting]:
    """Yields the director before publishing, then the undo window, then the effective date."""
    if revision.state is State.READY and not pilots_checks.is_left_open(revision):
        since = days_since(revision.state_since)
        yield Waiting(_("the service director, to publish, day %(day)s", day=since))
    if revision.state is not State.SCHEDULED:
        return
    publication = queries.publication_of(revision.id)
    if publication is not None:
        yield Waiting(
            _("its effective date, %(day)s", day=day(publication.effective_on)), publication.effective_at
        )
    elif revision.undo_until is not None:
        until = clock_time(revision.undo_until)
        yield Waiting(_("the time to undo, until %(time)s", time=until), revision.undo_until)


def blocks(revision: Revision, actor: Actor) -> Iterable[StageBlock]:
    """Yields the publishing stage: version and date, as planned or as published."""
    plan, publication = queries.plan(revision.id), queries.publication_of(revision.id)
    if plan is None and publication is None:
        return
    context = {"plan": plan, "publication": publication, "hypothesis": queries.hypothesis(revision.id)}
    yield StageBlock(STAGE, _summary(plan, publication), "publishing/_block.html", context)


def acts(revision: Revision, actor: Actor) -> Iterable[Act]:
    """Yields publishing as a page, its undo, and the later approval of an emergency."""
    url = url_for("publishing.publish", number=revision.number)
    if actor.may(Permission.PUBLISH):
        if revision.state is State.READY:
            yield Act(_("Publish"), url, RANK_PUBLISH)
        elif revision.state in (State.IN_REVIEW, State.PILOTING):
            yield Act(_("Prepare publishing"), url, RANK_PREPARE)
        elif page.inside_window(revision):
            until = clock_time(revision.undo_until) if revision.undo_until else ""
            words = _("Undo (until %(time)s)", time=until)
            yield Act(words, url_for("publishing.undo", number=revision.number), RANK_UNDO, "POST")
    if page.may_approve(queries.plan(revision.id), actor):
        yield Act(_("Approve the emergency"), url, RANK_APPROVE)


def dossier(revision: Revision) -> Iterable[DossierSection]:
    """Yields the chapter on the publication: plan, expected effect, notices, fingerprints."""
    plan, publication = queries.plan(revision.id), queries.publication_of(revision.id)
    hypothesis = queries.hypothesis(revision.id)
    if plan is None and publication is None and hypothesis is None:
        return
    context = {
        "plan": plan,
        "publication": publication,
        "hypothesis": hypothesis,
        "measure": measure_words.measure_sentence(Measure.from_data(hypothesis.measure))
        if hypothesis
        else "",
        "direction": DIRECTION_WORDS[hypothesis.direction] if hypothesis else "",
        "training": TRAINING_WORDS[plan.training_verdict] if plan and plan.training_verdict else "",
    }
    yield DossierSection("publication", 60, "publishing/_dossier.html", context)


def other_texts(standard: Standard) -> Iterable[OtherText]:
    """Yields the notices of a standard's coming changes: customers read them on the public page, staff by mail.

    A notice of a change may name the former number beside the new one.
    """
    for revision, plan in queries.coming_plans(standard.id):
        url = url_for("standards.revision", number=revision.number)
        for words, zh, en in (
            (
                _("the notice to customers of %(number)s", number=revision.number),
                plan.customer_notice_zh,
                plan.customer_notice_en,
            ),
            (
                _("the notice to staff of %(number)s", number=revision.number),
                plan.staff_notice_zh,
                plan.staff_notice_en,
            ),
        ):
            if zh or en:
                yield OtherText(words, url, {"zh": zh, "en": en}, names_the_old=True)


def _approvals(actor: Actor) -> Iterable[Task]:
    """The approvals this person may give; and once overdue, those they wait for since they published themselves."""
    for revision, plan in queries.open_approvals():
        named = {"title": pick(revision.title, revision.title_en), "number": revision.number}
        if customer_notices.waits_for(plan, actor):
            yield Task(
                words=_("Approve the notice to customers: %(title)s (%(number)s)", **named),
                url=url_for("publishing.notice", number=revision.number),
                minutes=MINUTES_NOTICE,
                why=_("A second person approves what customers are told."),
                kind="approve",
            )
        if plan.approval_due is None or plan.approved_at is not None:
            continue
        task = Task(
            words=_("Approve the emergency: %(title)s (%(number)s)", **named),
            url=url_for("publishing.publish", number=revision.number, _anchor="approval"),
            minutes=MINUTES_APPROVE,
            due=clock.at(plan.approval_due, 18),
            why=_("An emergency needs a second person with the authority."),
            kind="approve",
        )
        if page.may_approve(plan, actor):
            yield task
        elif plan.approval_due < clock.today() and plan.scheduled_by_id == actor.person_id:
            yield replace(
                task,
                words=_("Approval of your emergency is overdue: %(title)s (%(number)s)", **named),
                waiting_for=_("a second person with the authority"),
            )


def _summary(plan: PublicationPlan | None, publication: Publication | None) -> str:
    if publication is not None:
        on = day(publication.effective_on)
        return str(_("v%(version)s, in force from %(day)s", version=publication.version, day=on))
    if plan is None:
        return ""
    return str(_("Planned to be in force from %(day)s", day=day(plan.effective_on)))
