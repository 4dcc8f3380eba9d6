"""Owns the page of the innovation award: who is put up, the members' votes, the result that thanks everybody."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.committee import award, queries
from app.committee.budget import FIRST_YEAR, LAST_YEAR
from app.committee.consent import quorum_needed
from app.committee.pages import committee
from app.core import clock
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, NotFound
from app.people import queries as people_queries
from app.people import sign_in
from app.standards.revision_page import name_of
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.typed import day_of, id_of


@committee.get("/committee/award/<int:year>")
@requires(Permission.READ_REVISIONS)
def award_page(year: int) -> ResponseReturnValue:
    """Shows the award of a year to all staff; members vote here, and nobody sees the votes before it is given."""
    return _show(year)


@committee.post("/committee/award/<int:year>")
@requires(Permission.LEAD_COMMITTEE)
def open_award(year: int) -> ResponseReturnValue:
    """Opens the vote, or gives it another last day; whoever is not put up yet is put up."""
    _known(year)
    try:
        with transaction():
            award.open_round(sign_in.actor(), year=year, closes_on=day_of(request.form.get("closes_on")))
    except Invalid as error:
        return _show(year, typed=request.form, problems=problems_from(error.errors)), 422
    flash_done(_("The members can vote now."))
    return redirect(url_for(".award_page", year=year), 303)


@committee.post("/committee/award/<int:year>/vote")
@requires(Permission.SIT_ON_COMMITTEE)
def vote(year: int) -> ResponseReturnValue:
    """Keeps a member's vote."""
    try:
        with transaction():
            award.vote(sign_in.actor(), award.found_round(year), id_of(request.form.get("nominee")))
    except Invalid as error:
        return _show(year, typed=request.form, problems=problems_from(error.errors)), 422
    flash_done(_("Your vote is kept. You can change it until the award is given."))
    return redirect(url_for(".award_page", year=year), 303)


@committee.post("/committee/award/<int:year>/result")
@requires(Permission.LEAD_COMMITTEE)
def give(year: int) -> ResponseReturnValue:
    """Counts the votes and gives the award."""
    try:
        with transaction():
            award.give(sign_in.actor(), award.found_round(year), note=request.form.get("note", ""))
    except Invalid as error:
        return _show(year, typed=request.form, problems=problems_from(error.errors)), 422
    flash_done(_("The award is given, and everybody who had a part in it is thanked."))
    return redirect(url_for(".award_page", year=year), 303)


def _known(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound("award.none", year=str(year))


def _show(year: int, **more: object) -> str:
    _known(year)
    row, me = award.round_of(year), sign_in.viewer_person().id
    nominees = row.nominees if row else []
    votes = award.voted(row.id) if row else {}
    members = [person.id for person in queries.members()]
    wanted = {i for one in nominees for i in one.people} | {row.given_by_id or 0 if row else 0}
    return render_template(
        "committee/award.html",
        year=year,
        round=row,
        nominees=nominees,
        winners=award.winners(row) if row and row.is_given else [],
        mine=votes.get(me),
        is_own={one.id for one in nominees if me in one.people},
        given_votes=len([person for person in votes if person in members]),
        member_count=len(members),
        needed=quorum_needed(len(members)),
        people=people_queries.by_ids(wanted),
        name_of=name_of,
        today=clock.today(),
        **more,
    )
