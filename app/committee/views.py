"""Owns the pages of the committee: meetings, the agenda with its briefs, decisions and minutes, the budget of a year.

The award stands in `views_award.py`; both are on the one blueprint.
"""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.committee import briefs, queries, service, views_award, words
from app.committee import budget as budgets
from app.committee.models import BudgetKind, EntryKind, ItemKind, Verdict
from app.committee.pages import committee
from app.core import clock
from app.core.access import Permission, Role, requires
from app.core.db import transaction
from app.core.errors import Invalid, NotFound
from app.people import queries as people_queries
from app.people import sign_in
from app.standards.revision_page import name_of
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.typed import day_of, id_of, one_of

__all__ = ["committee", "views_award"]


@committee.get("/committee")
@requires(Permission.READ_COMMITTEE)
def meetings() -> ResponseReturnValue:
    """Shows the meetings, and calls the next one."""
    return _meetings()


@committee.post("/committee")
@requires(Permission.LEAD_COMMITTEE)
def call_meeting() -> ResponseReturnValue:
    """Calls a meeting."""
    try:
        with transaction():
            row = service.call_meeting(
                sign_in.actor(), day=day_of(request.form.get("day")), place=request.form.get("place", "")
            )
            day = row.day.isoformat()
    except Invalid as error:
        return _meetings(typed=request.form, problems=problems_from(error.errors)), 422
    flash_done(_("The meeting is called, its agenda gathered, the members told."))
    return redirect(url_for(".meeting", day=day), 303)


@committee.get("/committee/<day>")
@requires(Permission.READ_COMMITTEE)
def meeting(day: str) -> ResponseReturnValue:
    """Shows the agenda of a meeting with its briefs; afterwards its minutes. A day it was moved from leads on to it."""
    try:
        return _meeting(day)
    except NotFound:
        now = queries.moved_to(day)
        if now is None:
            raise
        return redirect(url_for(".meeting", day=now.isoformat()), 302)


@committee.post("/committee/<day>/day")
@requires(Permission.LEAD_COMMITTEE)
def move(day: str) -> ResponseReturnValue:
    """Puts a meeting on another day."""
    row, form = queries.meeting(day), request.form
    try:
        with transaction():
            moved = service.move_meeting(
                sign_in.actor(),
                row,
                day=day_of(form.get("day")),
                place=form.get("place", ""),
                reason=form.get("reason", ""),
            )
            now = moved.day.isoformat()
    except Invalid as error:
        return _meeting(day, typed=form, problems=problems_from(error.errors)), 422
    flash_done(_("The meeting is moved; the members are told."))
    return redirect(url_for(".meeting", day=now), 303)


@committee.post("/committee/<day>/agenda")
@requires(Permission.LEAD_COMMITTEE)
def gather(day: str) -> ResponseReturnValue:
    """Gathers the agenda anew at once; otherwise the clock does."""
    return _do(day, service.look, _("The agenda is up to date."))


@committee.post("/committee/<day>/items/<int:item_id>/consent")
@requires(Permission.LEAD_COMMITTEE)
def ask_consent(day: str, item_id: int) -> ResponseReturnValue:
    """Asks the members to agree before the meeting."""
    return _do(
        day,
        lambda: service.ask_consent(sign_in.actor(), queries.item(item_id)),
        _("The members are asked; without an objection it is agreed."),
        item_id,
    )


@committee.post("/committee/<day>/items/<int:item_id>/voice")
@requires(Permission.SIT_ON_COMMITTEE)
def speak(day: str, item_id: int) -> ResponseReturnValue:
    """Keeps what a member says to an item."""
    agrees = request.form.get("voice") != "object"
    return _do(
        day,
        lambda: service.speak(
            sign_in.actor(), queries.item(item_id), agrees=agrees, note=request.form.get("note", "")
        ),
        _("Your word is kept.") if agrees else _("Your objection is kept; the meeting decides."),
        item_id,
    )


@committee.post("/committee/<day>/items/<int:item_id>/decision")
@requires(Permission.LEAD_COMMITTEE)
def decide(day: str, item_id: int) -> ResponseReturnValue:
    """Writes down what the meeting decides; agreeing moves the revision where the chair may."""
    verdict = one_of(Verdict, request.form.get("verdict"))

    def decided() -> None:
        service.decide(
            sign_in.actor(),
            queries.item(item_id),
            verdict=verdict,
            note=request.form.get("note", ""),
            drafter_id=id_of(request.form.get("drafter")),
        )

    return _do(day, decided, _("The decision is written down."), item_id)


@committee.post("/committee/<day>/attendance")
@requires(Permission.LEAD_COMMITTEE)
def attendance(day: str) -> ResponseReturnValue:
    """Notes who is there."""
    people = [one for one in map(id_of, request.form.getlist("present")) if one is not None]
    return _do(
        day,
        lambda: service.mark_present(sign_in.actor(), queries.meeting(day), people),
        _("It is noted who is there."),
    )


@committee.post("/committee/<day>/minutes")
@requires(Permission.LEAD_COMMITTEE)
def confirm_minutes(day: str) -> ResponseReturnValue:
    """Confirms the minutes, which closes the meeting."""
    return _do(
        day,
        lambda: service.confirm_minutes(
            sign_in.actor(), queries.meeting(day), note=request.form.get("note", "")
        ),
        _("The minutes are confirmed."),
    )


@committee.post("/committee/<day>/cancellation")
@requires(Permission.LEAD_COMMITTEE)
def cancel(day: str) -> ResponseReturnValue:
    """Cancels a meeting with a reason."""
    return _do(
        day,
        lambda: service.cancel(sign_in.actor(), queries.meeting(day), note=request.form.get("note", "")),
        _("The meeting is cancelled and the members told; its items come to the next one."),
    )


@committee.get("/committee/budget/<int:year>")
@requires(Permission.READ_COMMITTEE)
def budget(year: int) -> ResponseReturnValue:
    """Shows what is allocated, committed, spent and left, each figure with its entries."""
    return _budget(year)


@committee.post("/committee/budget/<int:year>/lines")
@requires(Permission.LEAD_COMMITTEE)
def allocate(year: int) -> ResponseReturnValue:
    """Sets money aside."""
    try:
        with transaction():
            budgets.allocate(
                sign_in.actor(),
                year=year,
                kind=one_of(BudgetKind, request.form.get("kind")),
                amount=request.form.get("allocated", ""),
            )
    except Invalid as error:
        return _budget(year, typed=request.form, problems=problems_from(error.errors)), 422
    flash_done(_("The money is set aside."))
    return redirect(url_for(".budget", year=year), 303)


@committee.post("/committee/budget/<int:year>/entries")
@requires(Permission.KEEP_BUDGET)
def enter(year: int) -> ResponseReturnValue:
    """Enters what is committed or spent."""
    form = request.form
    try:
        with transaction():
            budgets.enter(
                sign_in.actor(),
                year=year,
                kind=one_of(BudgetKind, request.form.get("line")),
                what=one_of(EntryKind, request.form.get("what")),
                amount=form.get("amount", ""),
                words=form.get("words", ""),
                revision=form.get("revision", ""),
                day=day_of(request.form.get("day")),
            )
    except Invalid as error:
        return _budget(year, typed=form, problems=problems_from(error.errors)), 422
    flash_done(_("The entry is kept."))
    return redirect(url_for(".budget", year=year), 303)


def _do(day: str, verb: Callable[[], object], said: str, item_id: int | None = None) -> ResponseReturnValue:
    queries.meeting(day)
    try:
        with transaction():
            verb()
    except Invalid as error:
        return _meeting(day, typed=request.form, problems=problems_from(error.errors)), 422
    flash_done(said)
    anchor = f"item-{item_id}" if item_id else None
    return redirect(url_for(".meeting", day=day, _anchor=anchor), 303)


def _meetings(**more: object) -> str:
    today = clock.today()
    return render_template(
        "committee/meetings.html",
        meetings=queries.meetings(),
        counts=queries.item_counts(),
        today=today,
        year=today.year,
        **more,
    )


def _meeting(day: str, **more: object) -> str:
    row = queries.meeting(day)
    found, members, quorum = queries.items(row.id), queries.members(), queries.quorum_of(row)
    spoke = {voice.person_id for one in found for voice in one.voices}
    decided = {one.row.decided_by_id or 0 for one in found}
    made = briefs.briefs(found)
    named = {one.drafter_id for one in made}
    people = people_queries.by_ids(spoke | decided | named | set(quorum.present) | {row.closed_by_id or 0})
    waits_for_drafter = quorum.is_reached and any(
        one.row.kind is ItemKind.RANK and one.row.verdict is None for one in found
    )
    drafters = people_queries.holders(Role.DRAFTER) if waits_for_drafter else []
    return render_template(
        "committee/meeting.html",
        meeting=row,
        briefs=made,
        drafters=[(person.id, name_of(person)) for person in drafters],
        members=members,
        quorum=quorum,
        people=people,
        name_of=name_of,
        today=clock.today(),
        verdicts=[(one.value, words.verdict_of_words(one)) for one in Verdict],
        **more,
    )


def _budget(year: int, **more: object) -> str:
    if not budgets.FIRST_YEAR <= year <= budgets.LAST_YEAR:
        raise NotFound("committee.no_meeting", day=str(year))
    return render_template(
        "committee/budget.html",
        year=year,
        lines=queries.budget(year),
        kinds=[(kind.value, words.budget_kind_words(kind)) for kind in BudgetKind],
        whats=[(kind.value, words.entry_kind_words(kind)) for kind in EntryKind],
        **more,
    )
