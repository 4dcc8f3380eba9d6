"""Owns the pages for customers: commitments, one standard, the change log and its feed, suggestions. No staff page."""

import re

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.access import VISITOR, open_to_all
from app.core.db import transaction
from app.core.errors import Invalid, TooMany
from app.evidence import queries as evidence
from app.evidence import suggestions
from app.evidence.models import Suggestion
from app.people import sign_in
from app.public import page as pages
from app.public.clauses import PublicClause, public_clause
from app.public.forms import SuggestionForm
from app.public.promises import heading_of
from app.web.language import current_language
from app.web.reasons import reason_words

public = Blueprint("public", __name__, template_folder="templates")

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
    body = render_template("public/feed.xml", changes=pages.changes(), now=clock.now())
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
        clause=clause,
        clause_heading=heading_of(clause) if clause else None,
        revision=revision,
        due=evidence.suggestion_due(row),
        similar=[s for s in evidence.similar_answered(row.text) if s.id != row.id],
    )


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
    )


def _asked_clause() -> PublicClause | None:
    found = PATTERN_CLAUSE.fullmatch(request.values.get("clause", "").lower())
    return public_clause(found[1], found[2]) if found else None


def _show_form(form: SuggestionForm, clause: PublicClause | None) -> str:
    asked = form.text.data or ""
    return render_template(
        "public/suggest.html",
        form=form,
        clause=clause,
        clause_heading=heading_of(clause) if clause else None,
        similar=evidence.similar_answered(asked) if asked else [],
        days=evidence.average_first_answer_days(),
        contact_days=suggestions.CONTACT_DAYS,
    )
