"""Owns the editor of one clause over HTTP: saving, autosave, live preview, one-click fixes, conflicts."""

from collections.abc import Mapping
from dataclasses import replace

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock, db
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import DomainError, Invalid, NotFound, Refused, Stale
from app.people import sign_in
from app.standards import (
    conflicts,
    drafting,
    editing,
    editor_texts,
    queries,
    saved_states,
    submitting,
    word_list,
)
from app.standards.agreement import read_fix
from app.standards.forms import ClauseInput, read_clause
from app.standards.house_words import read_word_fix, with_better
from app.standards.models import Revision
from app.standards.pages import standards
from app.standards.pasting import clean_html, clean_words
from app.standards.punctuation import full_width_punctuation
from app.standards.rendering import rendered
from app.standards.scripts import boxed, taken
from app.standards.workflow import WRITABLE_STATES, State
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.reasons import reason_words


@standards.get("/r/<number>/edit/<clause_id>")
@requires(Permission.DRAFT)
def edit(number: str, clause_id: str) -> ResponseReturnValue:
    """Shows one clause: the text in force, the boxes, how it is measured, what the checks say.

    `?copy=` fills the boxes with a kept text of this clause.
    """
    return _page(queries.revision(number), clause_id, copy_id=request.args.get("copy", type=int))


@standards.post("/r/<number>/edit/<clause_id>")
@requires(Permission.DRAFT)
def save(number: str, clause_id: str) -> ResponseReturnValue:
    """Saves the clause and goes on: to the next clause, to the list, to review, or back with the punctuation mended."""
    row = queries.revision(number)
    typed = _typed(row, clause_id)
    wish = request.form.get("then", "next")
    if wish == "fix":
        typed = _fixed(typed)
    word = read_word_fix(wish, word_list.words())
    if word is not None:
        names = (f"heading_{word.language}", f"body_{word.language}")
        better = {name: with_better(typed.texts[name], word) for name in names}
        typed = replace(typed, texts={**typed.texts, **better})
    fix = read_fix(wish)
    if fix is not None:
        typed = typed.with_fix(fix, clause_id, editor_texts.texts_of(row).free_measure_ids())
    try:
        _save(row, clause_id, typed)
        saved_states.note_saved(sign_in.actor(), queries.revision(number), clause_id)
        db.commit()
    except Invalid as error:
        db.rollback()
        return _page(queries.revision(number), clause_id, typed, problems_from(error.errors)), 422
    except Stale as stale:
        return _conflict(number, clause_id, typed, stale)
    return _next_page(queries.revision(number), clause_id, wish, typed)


@standards.post("/r/<number>/edit/<clause_id>/preview")
@requires(Permission.DRAFT)
def preview(number: str, clause_id: str) -> ResponseReturnValue:
    """Answers with the part of the page that shows what the typed words change. Writes nothing."""
    row = queries.revision(number)
    try:
        typed = _typed(row, clause_id)
        shown = editing.preview_of(row, clause_id, typed)
    except DomainError as error:
        return render_template("standards/_edit_problem.html", words=reason_words(error.reasons[0]))
    return render_template("standards/_edit_preview.html", preview=shown, revision=row, clause_id=clause_id)


@standards.post("/r/<number>/edit/<clause_id>/autosave")
@requires(Permission.DRAFT)
def autosave(number: str, clause_id: str) -> ResponseReturnValue:
    """Keeps what is typed and answers {saved, version}; 409 when somebody saved meanwhile, the words being kept.

    While reviewers read, half a sentence must not reopen their signatures: then the words are kept as the writer's
    own copy until they save.
    """
    row = queries.revision(number)
    typed = _typed(row, clause_id)
    version = typed.version
    try:
        if row.state is State.IN_REVIEW:
            drafting.keep_autosave(sign_in.actor(), row, clause_id, typed.without_measures())
        else:
            version = _save(row, clause_id, typed, measures_may_wait=True)
        db.commit()
    except Stale as stale:
        db.commit()  # the words are kept although they did not become the draft
        return jsonify(error=reason_words(stale.reasons[0])), 409
    except DomainError as error:
        db.rollback()
        return jsonify(error=reason_words(error.reasons[0])), error.status
    saved = f"{clock.local(clock.now()):%H:%M:%S}"
    return jsonify(saved=saved, saved_at=clock.now().isoformat(), version=version if version else "")


@standards.post("/r/<number>/edit/<clause_id>/paste")
@requires(Permission.DRAFT)
def paste(number: str, clause_id: str) -> ResponseReturnValue:
    """Answers what was pasted, the HTML that is the request's body, as {text} in the form of a clause. Keeps nothing.

    With `?headings=1` headings stay such, for a whole text.
    """
    queries.revision(number)
    pasted = request.get_data().decode("utf-8", "replace")
    try:
        return jsonify(text=clean_html(pasted, keeps_headings="headings" in request.args))
    except DomainError as error:
        return jsonify(error=reason_words(error.reasons[0])), error.status


@standards.post("/r/<number>/edit/<clause_id>/undo")
@requires(Permission.DRAFT)
def undo(number: str, clause_id: str) -> ResponseReturnValue:
    """Takes the clause back to the saved state before; the newer words are kept."""
    row = queries.revision(number)
    with transaction():
        saved_states.undo_save(sign_in.actor(), row, clause_id)
    flash_done(_("%(clause)s is as it was before. The newer words are kept below.", clause=clause_id.upper()))
    return redirect(url_for(".edit", number=number, clause_id=clause_id), 303)


@standards.post("/r/<number>/edit/<clause_id>/resolve")
@requires(Permission.DRAFT)
def resolve_conflict(number: str, clause_id: str) -> ResponseReturnValue:
    """Ends a conflict as the drafter chose: mine, theirs or the combined text. All texts stay kept."""
    row = queries.revision(number)
    typed = _typed(row, clause_id)
    wish = request.form.get("use", "")
    if wish == "theirs":
        flash_done(_("The other text stays. Yours is kept below the editor."))
        return redirect(url_for(".edit", number=number, clause_id=clause_id), 303)
    try:
        text = conflicts.resolved(
            row,
            clause_id,
            typed,
            request.form.get("copy", type=int),
            wish,
            request.form.get("measured", "mine"),
        )
        drafting.save_clause(sign_in.actor(), row, clause_id, text, seen_version=typed.version)
        db.commit()
    except Invalid as error:
        db.rollback()
        return _page(queries.revision(number), clause_id, typed, problems_from(error.errors)), 422
    except Stale as stale:
        return _conflict(number, clause_id, typed, stale)
    flash_done(_("%(clause)s is saved.", clause=clause_id.upper()))
    return redirect(url_for(".edit", number=number, clause_id=clause_id), 303)


def _typed(row: Revision, clause_id: str) -> ClauseInput:
    """Returns what was typed; a text that differs from the kept one is freed from what a paste leaves in it."""
    texts = editor_texts.texts_of(row)
    typed = read_clause(request.form, texts.own_measure_ids(clause_id))
    try:
        kept = editor_texts.input_of(texts, clause_id).texts
    except NotFound:
        return typed
    return replace(typed, texts={name: _words(name, text, kept) for name, text in typed.texts.items()})


def _words(name: str, text: str, kept: Mapping[str, str]) -> str:
    before = kept[name]
    if not name.startswith("body"):
        return text if text == before else clean_words(text)
    shown = text.replace("\r\n", "\n")
    return taken(shown if shown == boxed(before) else clean_words(shown), before)


def _fixed(typed: ClauseInput) -> ClauseInput:
    """Returns the input with full-width punctuation in its Chinese words."""
    texts: Mapping[str, str] = {
        name: full_width_punctuation(text) if name.endswith("_zh") else text
        for name, text in typed.texts.items()
    }
    return replace(typed, texts=texts)


def _save(row: Revision, clause_id: str, typed: ClauseInput, measures_may_wait: bool = False) -> int | None:
    """Saves and commits; returns the new version, None when nothing differs from the text in force."""
    texts = editor_texts.texts_of(row)
    if texts.draft(clause_id) is None and editor_texts.preview_unchanged(texts, clause_id, typed):
        return None
    free = texts.free_measure_ids()
    _measures, errors = typed.read_measures(clause_id, free)
    text = typed.without_measures() if errors and measures_may_wait else typed.clause_text(clause_id, free)
    draft = drafting.save_clause(sign_in.actor(), row, clause_id, text, seen_version=typed.version)
    db.commit()
    return draft.lock_version


def _conflict(number: str, clause_id: str, typed: ClauseInput, stale: Stale) -> ResponseReturnValue:
    """Keeps the copy that the refused save made and shows all texts beside each other."""
    reason = stale.reasons[0]
    if reason.key != "draft.conflict":
        db.rollback()
        again = replace(typed, version=None)  # there is no draft any more; saving again makes a new one
        return _page(queries.revision(number), clause_id, again, [("", reason_words(reason))]), 409
    db.commit()
    row = queries.revision(number)
    page = conflicts.conflict_of(row, clause_id, typed, int(str(reason.params["copy"])))
    return render_template("standards/conflict.html", revision=row, page=page, clause_id=clause_id), 409


def _next_page(row: Revision, clause_id: str, wish: str, typed: ClauseInput) -> ResponseReturnValue:
    editor = editing.editor_of(row, clause_id, sign_in.actor())
    if wish == "submit":
        return _send(row)
    undo_url = url_for(".undo", number=row.number, clause_id=clause_id) if editor.can_undo else None
    if typed.materiality == "editorial" and editor.draft is not None and editor.draft.materiality is None:
        flash_done(
            _("%(clause)s is saved, but the change is not editorial; see below.", clause=clause_id.upper()),
            undo_url,
        )
        return redirect(url_for(".edit", number=row.number, clause_id=clause_id), 303)
    if read_fix(wish) is not None:
        flash_done(_("%(clause)s is saved with the number you chose.", clause=clause_id.upper()), undo_url)
        return redirect(url_for(".edit", number=row.number, clause_id=clause_id), 303)
    if wish.startswith("fix-word:"):
        flash_done(_("%(clause)s is saved with the better word.", clause=clause_id.upper()), undo_url)
        return redirect(url_for(".edit", number=row.number, clause_id=clause_id), 303)
    if wish == "fix":
        flash_done(_("%(clause)s is saved with full-width punctuation.", clause=clause_id.upper()), undo_url)
        return redirect(url_for(".edit", number=row.number, clause_id=clause_id), 303)
    flash_done(_("%(clause)s is saved.", clause=clause_id.upper()), undo_url)
    if wish == "next" and editor.next_id:
        return redirect(url_for(".edit", number=row.number, clause_id=editor.next_id), 303)
    return redirect(url_for(".edit_list", number=row.number), 303)


def _send(row: Revision) -> ResponseReturnValue:
    try:
        submitting.submit(sign_in.actor(), row, seen=State.DRAFTING)
        db.commit()
    except Refused:
        db.rollback()
        flash_done(_("Saved. Some things are missing before review."))
        return redirect(url_for(".edit_list", number=row.number, _anchor="send"), 303)
    flash_done(_("The draft is sent to review. The reviewers have it on their desks."))
    return redirect(url_for(".revision", number=row.number), 303)


def _page(
    row: Revision,
    clause_id: str,
    typed: ClauseInput | None = None,
    problems: list[tuple[str, str]] | None = None,
    copy_id: int | None = None,
) -> str:
    if row.state not in WRITABLE_STATES:
        raise Refused("draft.not_writable", number=row.number, state=row.state.value)
    editor = editing.editor_of(row, clause_id, sign_in.actor(), typed, copy_id)
    return render_template(
        "standards/edit.html",
        revision=row,
        standard=row.standard,
        editor=editor,
        in_force=rendered(editor.base.bodies.values() if editor.base else ()),
        typed=typed or editor.typed,
        problems=problems,
        errors=dict(problems or []),
        copy_id=copy_id,
    )
