"""Owns the pages of one contact: the card to fill in, the kept card, the swap."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audits import card_page, marks, queries, scorecards, service
from app.audits.forms import SwapForm
from app.audits.models import AuditPlan, Sample, SampleState
from app.audits.pages import audits
from app.core.access import Permission, requires
from app.core.db import db, transaction
from app.core.errors import Invalid, Refused, Stale
from app.people import queries as people
from app.people import sign_in
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.reasons import reason_words


@audits.get("/a/<month>/next")
@requires(Permission.AUDIT)
def next_sample(month: str) -> ResponseReturnValue:
    """Leads to the next contact the auditor has to check, or says that the month is finished."""
    plan = queries.plan(month)
    found = queries.next_for(plan.id, sign_in.actor().person_id or 0)
    if found is not None:
        return redirect(url_for(".sample", sample_id=found.id))
    return render_template(
        "audits/finished.html", plan=plan, left=queries.counts(plan.id).get(SampleState.WAITING, 0)
    )


@audits.get("/a/x/<int:sample_id>")
@requires(Permission.AUDIT)
def sample(sample_id: int) -> ResponseReturnValue:
    """Shows the card of a contact: to be filled in, or as it was kept."""
    row = queries.sample(sample_id)
    return _card(card_page.card_page(row)) if row.state is SampleState.WAITING else _kept(row)


@audits.post("/a/x/<int:sample_id>")
@requires(Permission.AUDIT)
def score(sample_id: int) -> ResponseReturnValue:
    """Keeps the card and goes on to the next contact; sent twice it is one."""
    row = queries.sample(sample_id)
    page = card_page.card_page(row)
    typed = request.form.to_dict()
    try:
        with transaction():
            scorecards.score(sign_in.actor(), row, card_page.read_answers(page, typed))
    except Invalid as error:
        problems = problems_from(error.errors)
        places = [(f"{name}-0" if name.startswith("answer-") else name, words) for name, words in problems]
        return _card(card_page.with_typed(page, typed, problems), places), 422
    except (Stale, Refused) as error:
        return _card(
            card_page.card_page(queries.sample(sample_id)), [("", reason_words(r)) for r in error.reasons]
        ), error.status
    month = db.session.get_one(AuditPlan, row.plan_id).month
    flash_done(_("Kept: %(met)s of %(asked)s clauses met.", met=row.met, asked=row.asked))
    return redirect(url_for(".next_sample", month=month), 303)


@audits.get("/a/x/<int:sample_id>/swap")
@requires(Permission.AUDIT)
def swap(sample_id: int) -> ResponseReturnValue:
    """Asks why a contact cannot be checked."""
    return _swap(queries.sample(sample_id), SwapForm(formdata=None))


@audits.post("/a/x/<int:sample_id>/swap")
@requires(Permission.AUDIT)
def keep_swap(sample_id: int) -> ResponseReturnValue:
    """Leaves the contact out; the next of the drawn order takes its place."""
    row, form = queries.sample(sample_id), SwapForm()
    if not form.submitted:
        return _swap(row, form), 422
    try:
        with transaction():
            fresh_id = service.swap(sign_in.actor(), row, reason=form.reason.data or "").id
    except Invalid as error:
        form.take_errors(error)
        return _swap(row, form), 422
    flash_done(_("The next contact of the drawn order took its place."))
    return redirect(url_for(".sample", sample_id=fresh_id), 303)


def _card(page: card_page.CardPage, problems: list[tuple[str, str]] | None = None) -> str:
    own = marks.is_own_team(sign_in.actor(), page.ticket)
    return render_template(
        "audits/card.html", page=page, ticket=page.ticket, problems=problems or [], is_own=own
    )


def _kept(row: Sample) -> str:
    ticket = queries.ticket_of(row)
    return render_template(
        "audits/kept.html",
        sample=row,
        plan=db.session.get_one(AuditPlan, row.plan_id),
        ticket=ticket,
        rows=card_page.lines_of(row.lines, ticket),
        by=people.by_ids({row.scored_by_id or 0}).get(row.scored_by_id or 0),
    )


def _swap(row: Sample, form: SwapForm) -> str:
    return render_template("audits/swap.html", sample=row, ticket=queries.ticket_of(row), form=form)
