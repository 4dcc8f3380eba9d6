"""Owns the pages for customers: commitments, one standard, the change log and its feed, suggestions. No staff page."""

import datetime as dt
import re
from collections.abc import Sequence

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.access import VISITOR, open_to_all
from app.core.db import transaction
from app.core.errors import Invalid, TooMany
from app.evidence import queries as evidence
from app.evidence import suggestions
from app.evidence.models import Suggestion
from app.evidence.suggestion_queries import ANSWER_WORKING_DAYS
from app.people import sign_in
from app.public import page as pages
from app.public import views_feed
from app.public.clauses import PublicClause, public_clause
from app.public.forms import SuggestionForm
from app.public.pages import public
from app.public.promises import heading_of
from app.standards import queries as standards_queries
from app.standards.models import Revision
from app.standards.workflow import State
from app.web.language import current_language
from app.web.reasons import reason_words

__all__ = ["public", "views_feed"]

PATTERN_CLAUSE = re.compile(r"([a-z]{2,8}-\d{2,4})-(c\d{2,4})")


@public.get("/commitments")
@open_to_all
def commitments() -> ResponseReturnValue:
    """Shows what customers can expect, and how it was kept."""
    return render_template("public/commitments.html", page=pages.commitments(), today=clock.today())


@public.get("/commitments/changes")
@open_to_all
def changes() -> ResponseReturnValue:
    """Shows what changed for customers, newest first."""
    return render_template("public/changes.html", changes=pages.changes())


@public.get("/commitments.atom")
@open_to_all
def feed() -> ResponseReturnValue:
    """Gives the change log as an Atom feed in the reader's language."""
    body = render_template(
        "public/feed.xml",
        changes=pages.changes(),
        now=clock.now(),
        address=url_for(".feed", _external=True),
        home=url_for(".commitments", _external=True),
        address_of=lambda standard: url_for(".standard", code=standard.code, _external=True),
    )
    return Response(body, mimetype="application/atom+xml")


@public.get("/commitments/<code>")
@open_to_all
def standard(code: str) -> ResponseReturnValue:
    """Shows the public clauses of one standard."""
    return render_template("public/standard.html", page=pages.standard_page(code))


@public.route("/suggest", methods=["GET", "POST"])
@open_to_all
def suggest() -> ResponseReturnValue:
    """Takes a suggestion from anybody; `?clause=cs-04-c07` says on which clause."""
    form, clause = SuggestionForm(), _asked_clause()
    if request.method == "GET":
        return _show_form(form, clause)
    if form.website.data:
        form.website.errors = [_("Leave this field empty")]
        return _show_form(form, clause), 422
    if not form.submitted:
        return _show_form(form, clause), 422
    similar = [] if request.form.get("seen") == "y" else evidence.similar_known(form.text.data or "")
    if similar:
        return _show_form(form, clause, similar)  # nothing is kept yet: joining one of these is one click
    try:
        with transaction():
            ref = _receive(form, clause).ref
    except Invalid as refusal:
        form.take_errors(refusal)
        return _show_form(form, clause), 422
    except TooMany as refusal:
        form.text.errors = [reason_words(refusal.reasons[0])]
        response = make_response(_show_form(form, clause), 429)
        response.headers["Retry-After"] = "3600"
        return response
    return redirect(url_for(".suggestion", ref=ref, sent=1), 303)


@public.get("/suggest/<ref>")
@open_to_all
def suggestion(ref: str) -> ResponseReturnValue:
    """Shows where a suggestion stands to whoever knows its number."""
    row = evidence.suggestion(ref)
    revision = evidence.revision_of(row)
    clause = public_clause(row.standard.code, row.clause_id) if row.standard and row.clause_id else None
    return render_template(
        "public/suggestion.html",
        suggestion=row,
        is_new=bool(request.args.get("sent")),
        joined=bool(request.args.get("joined")),
        echoes=evidence.echo_count(row.id),
        clause=clause,
        clause_heading=heading_of(clause) if clause else None,
        revision=revision,
        due=evidence.suggestion_due(row),
        steps=_steps(revision),
        similar=[one for one in evidence.similar_known(row.text) if one[0].id != row.id],
    )


@public.post("/suggest/<ref>/echo")
@open_to_all
def echo(ref: str) -> ResponseReturnValue:
    """Says "me too" to a suggestion and goes to the page where it can be followed."""
    if request.form.get("website"):
        return redirect(url_for(".suggest"), 303)
    sender = sign_in.signed_in()
    with transaction():
        row = evidence.suggestion(ref)
        suggestions.say_me_too(
            sender.actor if sender else VISITOR, row, network=request.remote_addr or "unknown"
        )
        found = row.ref
    return redirect(url_for(".suggestion", ref=found, joined=1), 303)


def _receive(form: SuggestionForm, clause: PublicClause | None) -> Suggestion:
    sender = sign_in.signed_in()
    return suggestions.receive_suggestion(
        sender.actor if sender and not form.anonymous.data else VISITOR,
        text=form.text.data,
        language=current_language(),
        standard_code=clause.standard.code if clause else None,
        clause_id=clause.row.clause_id if clause else None,
        contact=form.contact.data or "",
        # A signed-in person without a name is still one network's sender to the limit of tries.
        network=request.remote_addr or "unknown",
        nominated=bool(form.nominated.data),
    )


def _steps(revision: Revision | None) -> list[tuple[State, dt.datetime]]:
    """Returns how far the revision that takes a suggestion along has come: (state, when), oldest first."""
    if revision is None:
        return []
    shown = (State.DRAFTING, State.IN_REVIEW, State.PILOTING, State.SCHEDULED, State.IN_FORCE, State.DECLINED)
    found: dict[State, dt.datetime] = {}
    for step in standards_queries.steps(revision.id):
        if step.to_state in shown:
            found[step.to_state] = step.at
    return sorted(found.items(), key=lambda one: one[1])


def _asked_clause() -> PublicClause | None:
    found = PATTERN_CLAUSE.fullmatch(request.values.get("clause", "").lower())
    return public_clause(found[1], found[2]) if found else None


def _show_form(
    form: SuggestionForm,
    clause: PublicClause | None,
    similar: Sequence[tuple[Suggestion, int]] = (),
) -> str:
    return render_template(
        "public/suggest.html",
        form=form,
        clause=clause,
        clause_heading=heading_of(clause) if clause else None,
        similar=similar,
        recent=() if similar else evidence.recently_answered(),
        promised_days=ANSWER_WORKING_DAYS,
        days=evidence.average_first_answer_days(),
        contact_days=suggestions.CONTACT_DAYS,
    )
