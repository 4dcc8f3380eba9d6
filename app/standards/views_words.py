"""Owns the page of the words that no text may use, and the page on which a drafter says why one is used all the same."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, NotFound
from app.people import sign_in
from app.standards import editor_texts, queries, word_list
from app.standards.house_words import WordScope
from app.standards.pages import standards
from app.web.banner import flash_done
from app.web.forms import problems_from

FIELDS = ("word", "language", "scope", "reason", "better")


@standards.get("/s/words")
@requires(Permission.READ_STANDARDS)
def words() -> ResponseReturnValue:
    """Shows the list with the reason and the better word of each, and where it is used now; `?word=` fills the form."""
    return _page(word_id=request.args.get("word", type=int))


@standards.post("/s/words")
@requires(Permission.KEEP_WORDS)
def list_word() -> ResponseReturnValue:
    """Puts a word on the list, or changes what the list says of it."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        with transaction():
            row = word_list.add(sign_in.actor(), **typed)
            name = row.word
    except Invalid as error:
        return _page(typed, problems_from(error.errors)), 422
    flash_done(_("“%(word)s” is on the list. Drafts that use it are stopped before review.", word=name))
    return redirect(url_for(".words"), 303)


@standards.post("/s/words/<int:word_id>/remove")
@requires(Permission.KEEP_WORDS)
def unlist_word(word_id: int) -> ResponseReturnValue:
    """Takes a word off the list."""
    with transaction():
        name = word_list.remove(sign_in.actor(), word_id).word
    flash_done(_("“%(word)s” is off the list.", word=name))
    return redirect(url_for(".words"), 303)


@standards.route("/r/<number>/edit/<clause_id>/words/<int:word_id>", methods=["GET", "POST"])
@requires(Permission.DRAFT)
def use_word(number: str, clause_id: str, word_id: int) -> ResponseReturnValue:
    """Asks why a clause uses a forbidden word all the same, and records it."""
    row = queries.revision(number)
    texts = editor_texts.texts_of(row)
    if editor_texts.state_of(texts.after, clause_id) is None and texts.draft(clause_id) is None:
        raise NotFound("document.unknown_clause", clause=clause_id[:40].upper())
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            with transaction():
                word_list.allow_use(sign_in.actor(), row, clause_id, word_id, request.form.get("reason", ""))
            flash_done(_("The reason is recorded. Reviewers see it."))
            return redirect(url_for(".edit", number=number, clause_id=clause_id), 303)
        except Invalid as error:
            problems = problems_from(error.errors)
    page = render_template(
        "standards/edit_word.html",
        revision=queries.revision(number),
        clause_id=clause_id,
        word=word_list.word(word_id),
        errors=dict(problems),
        problems=problems,
    )
    return (page, 422) if problems else page


def _page(
    typed: dict[str, str] | None = None,
    problems: list[tuple[str, str]] | None = None,
    word_id: int | None = None,
) -> str:
    rows = word_list.listed()
    chosen = next((one.row for one in rows if one.row.id == word_id), None)
    if typed is None and chosen is not None:
        typed = {name: str(getattr(chosen, name)) for name in FIELDS}
    return render_template(
        "standards/words.html",
        rows=rows,
        typed=typed or {"language": "zh", "scope": WordScope.ALL.value},
        scopes=[(WordScope.ALL.value, _("Every text")), (WordScope.SCRIPTS.value, _("Only what people say"))],
        problems=problems,
        errors=dict(problems or []),
    )
