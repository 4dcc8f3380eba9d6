"""Owns discussions on clauses over HTTP: opening one, answering, suggesting and taking over wording, resolving."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import db
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, Stale
from app.people import sign_in
from app.reviews import threads
from app.reviews.pages import reviews
from app.reviews.views_review import show
from app.standards import drafting
from app.standards import queries as standards
from app.standards.drafted_documents import draft_documents
from app.standards.models import Revision
from app.standards.scripts import taken
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.places import safe_place


@reviews.post("/r/<number>/threads")
@requires(Permission.READ_REVISIONS)
def open_thread(number: str) -> ResponseReturnValue:
    """Opens a discussion on a clause, with suggested wording when the form's text differs from the clause."""
    revision = standards.revision(number)
    clause_id = request.form.get("clause", "")
    zh, en = _suggested(revision, clause_id)
    try:
        with transaction():
            threads.open_thread(
                sign_in.actor(),
                revision,
                clause_id,
                request.form.get("text", ""),
                suggested_zh=zh,
                suggested_en=en,
                is_held=_is_held(),
            )
    except Invalid as error:
        return _again(number, clause_id, error)
    if not _is_held():
        flash_done(_("Your note is sent; the drafter sees it at once."))
    return redirect(_back(number, clause_id), 303)


@reviews.post("/r/<number>/threads/<int:thread_id>/notes")
@requires(Permission.READ_REVISIONS)
def reply(number: str, thread_id: int) -> ResponseReturnValue:
    """Adds an answer to a discussion."""
    revision = standards.revision(number)
    clause_id = request.form.get("clause", "")
    try:
        with transaction():
            threads.add_note(
                sign_in.actor(), revision, thread_id, request.form.get("text", ""), is_held=_is_held()
            )
    except Invalid as error:
        return _again(number, clause_id, error)
    return redirect(_back(number, clause_id), 303)


@reviews.post("/r/<number>/threads/<int:thread_id>/resolve")
@requires(Permission.READ_REVISIONS)
def resolve(number: str, thread_id: int) -> ResponseReturnValue:
    """Resolves a discussion."""
    revision = standards.revision(number)
    with transaction():
        thread = threads.resolve(sign_in.actor(), revision, thread_id)
        clause_id = thread.clause_id
    return redirect(_back(number, clause_id), 303)


@reviews.post("/r/<number>/suggestions/<int:note_id>/apply")
@requires(Permission.DRAFT)
def apply_suggestion(number: str, note_id: int) -> ResponseReturnValue:
    """Puts suggested wording into the draft; when the clause moved on, the editor shows it beside the text of now."""
    revision = standards.revision(number)
    try:
        with transaction():
            draft, is_joined = threads.apply_suggestion(sign_in.actor(), revision, note_id)
            clause_id = draft.clause_id
    except Stale:
        return _keep_beside(number, note_id)
    words = _("The suggested wording of %(clause)s stands in the draft.", clause=clause_id.upper())
    if is_joined:
        words = f"{words} {_('The clause had changed since it was suggested; both changes fit together.')}"
    flash_done(words)
    return redirect(_back(number, clause_id), 303)


def _is_held() -> bool:
    return request.form.get("held") == "yes"


def _keep_beside(number: str, note_id: int) -> ResponseReturnValue:
    """Keeps the suggestion as a copy of the clause and opens the editor with it in the boxes."""
    revision = standards.revision(number)
    with transaction():
        clause_id, text = threads.suggestion_of(sign_in.actor(), revision, note_id)
        copy = drafting.keep_copy(sign_in.actor(), revision, clause_id, text, why="suggestion")
        copy_id = copy.id
    flash_done(
        _("The clause changed since the suggestion. Here it stands in the boxes beside the text of now.")
    )
    return redirect(url_for("standards.edit", number=number, clause_id=clause_id, copy=copy_id), 303)


def _suggested(revision: Revision, clause_id: str) -> tuple[str | None, str | None]:
    """Returns the suggested texts, None where the form holds the clause as it stands."""
    made = []
    documents = draft_documents(revision)
    for language in ("zh", "en"):
        document = documents.get(language)
        now = document.clause(clause_id).body.strip() if document and document.has(clause_id) else ""
        typed = taken(request.form.get(f"suggested_{language}", ""), now).strip()
        made.append(typed if typed and typed != now else None)
    return made[0], made[1]


def _again(number: str, clause_id: str, error: Invalid) -> ResponseReturnValue:
    db.rollback()
    revision = standards.revision(number)
    problems = [(f"note-{clause_id}", words) for _field, words in problems_from(error.errors)]
    return show(revision, problems), 422


def _back(number: str, clause_id: str) -> str:
    place = safe_place(request.form.get("next"), url_for(".review", number=number))
    return f"{place}#{clause_id}"
