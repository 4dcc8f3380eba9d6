"""Owns what pilots give to shared pages: tasks, the pilot stage, acts, whom it waits for, the dossier's chapter."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.once import remember
from app.people import queries as people
from app.pilots import checks, page, queries, result, service
from app.pilots.models import Pilot, PilotState
from app.pilots.words import CONCLUSION_WORDS, VERDICT_WORDS
from app.standards import lifecycle, measure_words
from app.standards.lifecycle import Attempt
from app.standards.measures import Measure
from app.standards.models import Revision
from app.standards.revision_page import name_of
from app.standards.workflow import Move, State
from app.web.contributions import Act, DossierSection, StageBlock, Task, Waiting
from app.web.filters import day
from app.web.language import pick

STAGE = 5
DECIDE = (Permission.DECIDE_PILOT, Permission.CONFIRM_RANK)
RANK_START, RANK_SET_UP, RANK_LOOK = 15, 30, 25
MINUTES_SET_UP, MINUTES_START, MINUTES_DECIDE = 20, 5, 15


def tasks(actor: Actor) -> Iterable[Task]:
    """Yields pilots to set up and to recommend for a pilot lead, to start and to conclude for the director.

    A ready revision whose pilot nobody decided on waits for the director and for the chair: pilot or waiver.
    """
    if not any(actor.may(one) for one in (Permission.RUN_PILOT, *DECIDE)):
        return
    newest = sa.select(sa.func.max(Pilot.id)).group_by(Pilot.revision_id)
    rows = db.session.execute(
        sa.select(Revision, Pilot, checks.decided_beside(Revision.id))
        .outerjoin(Pilot, sa.and_(Pilot.revision_id == Revision.id, Pilot.id.in_(newest)))
        .where(
            Revision.state.in_([State.IN_REVIEW, State.PILOTING, State.READY]), Revision.is_on_hold.is_(False)
        )
        .order_by(Revision.state_since)
    ).all()
    ready = [
        (revision.id, is_decided) for revision, _pilot, is_decided in rows if revision.state is State.READY
    ]
    undecided = frozenset(revision_id for revision_id, is_decided in ready if not is_decided)
    remember(checks.left_open, undecided, frozenset(revision_id for revision_id, _decided in ready))
    for revision, pilot, is_decided in rows:
        if revision.state is State.READY:
            if not is_decided and any(actor.may(one) for one in DECIDE):
                yield _undecided_task(revision)
            continue
        if not (actor.may(Permission.RUN_PILOT) or actor.may(Permission.DECIDE_PILOT)):
            continue
        task = _task(revision, pilot, actor)
        if task is not None:
            yield task


def waiting(revision: Revision) -> Iterable[Waiting]:
    """Yields the running pilot until its last day, then the director; who decides where nothing was decided."""
    if checks.is_left_open(revision):
        yield Waiting(_("the service director or the chair, to decide on a pilot"))
        return
    pilot = queries.pilot_of(revision.id)
    if revision.state is not State.PILOTING or pilot is None:
        return
    due = clock.at(pilot.ends_on, 18)
    if clock.today() > pilot.ends_on:
        yield Waiting(_("the service director, to conclude the pilot"), due)
        return
    contact = people.by_ids([pilot.contact_id or 0]).get(pilot.contact_id or 0)
    until = day(pilot.ends_on)
    if contact is None:
        yield Waiting(_("the pilot until %(day)s", day=until), due)
    else:
        yield Waiting(_("%(name)s (pilot), until %(day)s", day=until, name=name_of(contact)), due)


def blocks(revision: Revision, actor: Actor) -> Iterable[StageBlock]:
    """Yields the pilot stage: where it runs and until when, or what it led to."""
    pilot = queries.pilot_of(revision.id)
    if pilot is None:
        return
    newest = queries.newest_result(pilot.id)
    context = {
        "pilot": pilot,
        "pilot_place": page.place_words(pilot.pilot_scope),
        "comparison_place": page.place_words(pilot.comparison_scope),
        "sentences": result.sentences(newest) if newest and pilot.state is PilotState.ENDED else [],
        "measure_words": measure_words.measure_sentence(Measure.from_data(pilot.measure)),
    }
    yield StageBlock(STAGE, _summary(pilot), "pilots/_block.html", context)


def acts(revision: Revision, actor: Actor) -> Iterable[Act]:
    """Yields setting up, starting, looking at and concluding the pilot, as links to its page."""
    url = url_for("pilots.pilot", number=revision.number)
    pilot = queries.pilot_of(revision.id)
    is_planned = pilot is not None and pilot.state is PilotState.PLANNED
    may_begin = revision.state is State.IN_REVIEW or checks.is_left_open(revision)
    if may_begin and actor.may(Permission.DECIDE_PILOT) and is_planned:
        missing = page.start_missing(revision, actor)
        yield Act(_("Start the pilot"), url, RANK_START, reasons=missing)
    elif may_begin and _leads(actor):
        yield Act(_("Change the pilot") if is_planned else _("Set up the pilot"), url, RANK_SET_UP)
    elif revision.state is State.PILOTING and pilot is not None:
        is_over = clock.today() > pilot.ends_on and actor.may(Permission.DECIDE_PILOT)
        yield Act(_("Conclude the pilot") if is_over else _("Look at the pilot"), url, RANK_LOOK)
    if page.may_waive(revision, actor):
        yield Act(_("Go on without a pilot"), url, RANK_SET_UP)


def dossier(revision: Revision) -> Iterable[DossierSection]:
    """Yields the chapter on the pilot: the fixed plan, the result, the conclusion."""
    pilot = queries.pilot_of(revision.id)
    if pilot is None or pilot.started_at is None:
        return
    newest = queries.newest_result(pilot.id)
    context = {
        "pilot": pilot,
        "plan": service.plan_data(revision, pilot),
        "pilot_place": page.place_words(pilot.pilot_scope),
        "comparison_place": page.place_words(pilot.comparison_scope),
        "measure_words": measure_words.measure_sentence(Measure.from_data(pilot.measure)),
        "summary": _summary(pilot),
        "sentences": result.sentences(newest) if newest else [],
        "rows": result.rows_of(newest) if newest else [],
        "verdict": VERDICT_WORDS[result.verdict_of(newest)] if newest else "",
    }
    tables = {"pilot": result.table_of(pilot, newest)} if newest else {}
    yield DossierSection("pilot", 50, "pilots/_dossier.html", context, tables)


def _undecided_task(revision: Revision) -> Task:
    about = {"title": pick(revision.title, revision.title_en), "number": revision.number}
    words = _("Pilot or waiver: %(title)s (%(number)s)", **about)
    why = _("It is ready, but nobody decided about a pilot; until then it cannot be published.")
    url = url_for("pilots.pilot", number=revision.number)
    return Task(words, url, MINUTES_START, None, why, kind="pilot")


def _task(revision: Revision, pilot: Pilot | None, actor: Actor) -> Task | None:
    url = url_for("pilots.pilot", number=revision.number)
    about = {"title": pick(revision.title, revision.title_en), "number": revision.number}
    if revision.state is State.PILOTING:
        if pilot is None or clock.today() <= pilot.ends_on:
            return None
        if actor.may(Permission.DECIDE_PILOT):
            words, why = _("Conclude the pilot: %(title)s (%(number)s)", **about), _("You decide on pilots.")
        elif pilot.recommendation is None:
            words, why = _("Recommend a conclusion: %(title)s (%(number)s)", **about), _("You lead pilots.")
        else:
            return None
        return Task(words, url, MINUTES_DECIDE, clock.at(pilot.ends_on, 18), why, kind="pilot")
    if pilot is None or pilot.state is PilotState.ENDED:
        if not actor.may(Permission.RUN_PILOT):
            return None
        words = _("Set up the pilot: %(title)s (%(number)s)", **about)
        return Task(words, url, MINUTES_SET_UP, None, _("You lead pilots."), kind="pilot")
    if not actor.may(Permission.DECIDE_PILOT) or lifecycle.why_not(
        revision, Attempt(Move.START_PILOT, actor)
    ):
        return None
    words = _("Start the pilot: %(title)s (%(number)s)", **about)
    return Task(
        words, url, MINUTES_START, clock.at(pilot.starts_on, 18), _("You decide on pilots."), kind="pilot"
    )


def _leads(actor: Actor) -> bool:
    return actor.may(Permission.RUN_PILOT) or actor.may(Permission.DECIDE_PILOT)


def _summary(pilot: Pilot) -> str:
    place = page.place_words(pilot.pilot_scope)
    match pilot.state:
        case PilotState.PLANNED:
            words = _("Planned in %(place)s from %(day)s", place=place, day=day(pilot.starts_on))
        case PilotState.RUNNING:
            words = _("Runs in %(place)s until %(day)s", place=place, day=day(pilot.ends_on))
        case PilotState.ENDED:
            words = _("Ended: %(words)s", words=CONCLUSION_WORDS[pilot.conclusion or "stop"])
    return str(words)
