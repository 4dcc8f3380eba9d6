"""Owns the page on which a standard's whole text is drafted at once. How it is read stands in `whole_text.py`."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import DomainError, Invalid, NotFound, Refused, Stale
from app.people import sign_in
from app.standards import queries, whole_text
from app.standards.drafted_documents import draft_documents
from app.standards.models import Revision
from app.standards.pages import standards
from app.standards.pasting import clean_words
from app.standards.workflow import WRITABLE_STATES
from app.web.banner import flash_done
from app.web.reasons import reason_words

Problems = list[tuple[str, str]]


@standards.route("/r/<number>/edit/all", methods=["GET", "POST"])
@requires(Permission.DRAFT)
def edit_all(number: str) -> ResponseReturnValue:
    """Shows the whole text of one language (`?text=`) in one box and keeps it clause by clause."""
    row = queries.revision(number)
    if row.state not in WRITABLE_STATES:
        raise Refused("draft.not_writable", number=row.number, state=row.state.value)
    language = request.values.get("text", row.standard.primary_language)
    if request.method == "GET":
        return _page(row, language)
    typed = request.form.get("whole", "")
    try:
        with transaction():
            done = whole_text.save_all(
                sign_in.actor(),
                row,
                language,
                clean_words(typed),
                seen=request.form.get("seen", ""),
                reason=request.form.get("reason", ""),
            )
    except (Invalid, Stale, Refused) as error:
        return _page(queries.revision(number), language, typed, _problems(error)), error.status
    if done.is_empty:
        flash_done(_("Nothing was changed."))
    else:
        words = _(
            "Saved: %(changed)s changed, %(new)s new, %(moved)s moved, %(retired)s retired.",
            changed=len(done.changed), new=len(done.new), moved=len(done.moved), retired=len(done.retired),
        )  # fmt: skip
        flash_done(words)
    return redirect(url_for(".edit_list", number=row.number), 303)


def _problems(error: DomainError) -> Problems:
    """Returns the problems by field; a line of the text is named in front."""
    if not isinstance(error, Invalid):
        return [("whole", reason_words(reason)) for reason in error.reasons]
    made = []
    for fault in error.errors:
        words = reason_words(fault.reason)
        if fault.line:
            words = _("Line %(line)s: %(words)s", line=fault.line, words=words)
        made.append(("reason" if fault.field == "reason" else "whole", words))
    return made


def _page(row: Revision, language: str, typed: str | None = None, problems: Problems | None = None) -> str:
    documents = draft_documents(row)
    if language not in documents:
        raise NotFound("document.no_text")
    document = documents[language]
    errors: dict[str, str] = {}
    for name, words in problems or []:
        errors[name] = f"{errors[name]} {words}" if name in errors else words
    return render_template(
        "standards/edit_all.html",
        revision=row,
        language=language,
        languages=[name for name in ("zh", "en") if name in documents],
        whole=whole_text.write_text(document) if typed is None else typed,
        # A stale form keeps its words; sent again it is compared with the text as it is now.
        seen=whole_text.mark_of(document),
        problems=problems,
        errors=errors,
    )
