"""Owns the pages of drafting: the list of clauses, the editor of one, adding, retiring, sending to review."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, Refused
from app.people import sign_in
from app.standards import drafting, editing, editor_texts, queries, submitting
from app.standards.models import Revision
from app.standards.pages import standards
from app.standards.workflow import WRITABLE_STATES, State
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.reasons import reason_words


@standards.get("/r/<number>/edit")
@requires(Permission.DRAFT)
def edit_list(number: str) -> ResponseReturnValue:
    """Shows all clauses: those of this revision with their drafts, the others to take in, new and retired ones."""
    return _list(queries.revision(number))


@standards.post("/r/<number>/submit")
@requires(Permission.DRAFT)
def submit(number: str) -> ResponseReturnValue:
    """Freezes the text and sends the draft to review; a refusal shows the list with every reason."""
    row = queries.revision(number)
    try:
        with transaction():
            submitting.submit(sign_in.actor(), row, seen=State.DRAFTING)
    except Refused as refused:
        reasons = [("", reason_words(reason)) for reason in refused.reasons]
        return _list(queries.revision(number), problems=reasons), 409
    flash_done(_("The draft is sent to review. The reviewers have it on their desks."))
    return redirect(url_for(".revision", number=number), 303)


@standards.route("/r/<number>/edit/new", methods=["GET", "POST"])
@requires(Permission.DRAFT)
def add_clause(number: str) -> ResponseReturnValue:
    """Asks where a new clause stands and what it is called, opens it and goes on to its editor."""
    row = queries.revision(number)
    _must_be_writable(row)
    if request.method == "GET":
        return _ask_new(row)
    try:
        with transaction():
            draft = drafting.add_clause(
                sign_in.actor(),
                row,
                after_clause_id=request.form.get("after") or None,
                heading_zh=request.form.get("heading_zh", ""),
                heading_en=request.form.get("heading_en", ""),
            )
            clause_id = draft.clause_id
    except Invalid as error:
        return _ask_new(queries.revision(number), problems=problems_from(error.errors)), 422
    return redirect(url_for(".edit", number=number, clause_id=clause_id), 303)


@standards.route("/r/<number>/edit/<clause_id>/retire", methods=["GET", "POST"])
@requires(Permission.DRAFT)
def retire_clause(number: str, clause_id: str) -> ResponseReturnValue:
    """Asks why a clause goes and what takes its place, and marks it as going."""
    row = queries.revision(number)
    _must_be_writable(row)
    if request.method == "GET":
        return _ask_retire(row, clause_id)
    reason = request.form.get("reason", "")
    successor = request.form.get("successor", "").strip().lower()
    try:
        with transaction():
            drafting.retire_clause(sign_in.actor(), row, clause_id, reason=reason, successor=successor)
    except Invalid as error:
        problems = problems_from(error.errors)
        return _ask_retire(queries.revision(number), clause_id, problems=problems), 422
    flash_done(
        _("%(clause)s goes with this revision.", clause=clause_id.upper()),
        url_for(".discard", number=number, clause_id=clause_id),
    )
    return redirect(url_for(".edit_list", number=number), 303)


@standards.post("/r/<number>/edit/<clause_id>/discard")
@requires(Permission.DRAFT)
def discard(number: str, clause_id: str) -> ResponseReturnValue:
    """Takes a clause back to the text in force; the words are kept as a copy."""
    row = queries.revision(number)
    with transaction():
        drafting.discard_draft(sign_in.actor(), row, clause_id)
    flash_done(_("%(clause)s is again as it is in force. Your words are kept.", clause=clause_id.upper()))
    return redirect(url_for(".edit_list", number=number), 303)


def _list(row: Revision, problems: list[tuple[str, str]] | None = None) -> str:
    texts = editor_texts.texts_of(row)
    rows = editing.clause_rows(row, texts, queries.held_clauses(row))
    reasons = submitting.why_not_submit(row, sign_in.actor()) if row.state is State.DRAFTING else ()
    return render_template(
        "standards/edit_list.html",
        revision=row,
        standard=row.standard,
        rows=rows,
        retired=[d for d in texts.drafts if d.kind == "retired"],
        is_writable=row.state in WRITABLE_STATES and not row.is_on_hold,
        is_drafting=row.state is State.DRAFTING,
        reasons=[reason_words(reason) for reason in reasons],
        problems=problems,
    )


def _ask_new(row: Revision, problems: list[tuple[str, str]] | None = None) -> str:
    rows = editing.clause_rows(row, editor_texts.texts_of(row))
    return render_template(
        "standards/edit_new.html", revision=row, standard=row.standard, rows=rows, problems=problems
    )


def _ask_retire(row: Revision, clause_id: str, problems: list[tuple[str, str]] | None = None) -> str:
    editor = editing.editor_of(row, clause_id, sign_in.actor())
    rows = editing.clause_rows(row, editor_texts.texts_of(row))
    return render_template(
        "standards/edit_retire.html", revision=row, editor=editor, rows=rows, problems=problems
    )


def _must_be_writable(row: Revision) -> None:
    if row.state not in WRITABLE_STATES:
        raise Refused("draft.not_writable", number=row.number, state=row.state.value)
