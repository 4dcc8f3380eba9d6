"""Owns the page on which a standard's whole text is drafted at once. How it is read stands in `whole_reading.py`."""

from dataclasses import dataclass

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import DomainError, Invalid, NotFound, Refused, Stale
from app.people import sign_in
from app.standards import queries, whole_text
from app.standards.drafted_documents import draft_documents
from app.standards.models import Revision
from app.standards.pages import standards
from app.standards.pasting import clean_words
from app.standards.redline import Segment
from app.standards.whole_reading import write_text
from app.standards.workflow import WRITABLE_STATES
from app.web.banner import flash_done
from app.web.reasons import reason_words

Problems = list[tuple[str, str]]


@dataclass(frozen=True)
class Meanwhile:
    """What others saved while somebody typed: by heading; `is_joined` says that the box holds both changes."""

    sections: tuple[tuple[str, tuple[Segment, ...]], ...]
    is_joined: bool


@standards.route("/r/<number>/edit/all", methods=["GET", "POST"])
@requires(Permission.DRAFT)
def edit_all(number: str) -> ResponseReturnValue:
    """Shows the whole text of one language (`?text=`) in one box and keeps it clause by clause.

    `?kept=1` fills the box with what the person typed before and did not save.
    """
    row = queries.revision(number)
    if row.state not in WRITABLE_STATES:
        raise Refused("draft.not_writable", number=row.number, state=row.state.value)
    language = request.values.get("text", row.standard.primary_language)
    if request.method == "GET":
        return _page(row, language)
    typed = clean_words(request.form.get("whole", ""))
    try:
        with transaction():
            done = whole_text.save_all(
                sign_in.actor(),
                row,
                language,
                typed,
                seen=request.form.get("version", ""),
                reason=request.form.get("reason", ""),
            )
    except Stale as stale:
        return _moved_on(queries.revision(number), language, typed, stale)
    except (Invalid, Refused) as error:
        return _page(queries.revision(number), language, typed, _problems(error)), error.status
    if done.is_empty:
        flash_done(_("Nothing was changed."))
    else:
        flash_done(_done_words(done))
    return redirect(url_for(".edit_list", number=row.number), 303)


@standards.post("/r/<number>/edit/all/autosave")
@requires(Permission.DRAFT)
def autosave_all(number: str) -> ResponseReturnValue:
    """Keeps what is typed as the person's own copy and answers {saved}; the drafts change only by saving."""
    row = queries.revision(number)
    try:
        with transaction():
            whole_text.keep_typed(
                sign_in.actor(),
                row,
                request.form.get("text", row.standard.primary_language),
                request.form.get("whole", ""),
                seen=request.form.get("version", ""),
                reason=request.form.get("reason", ""),
                base=request.form.get("base", ""),
            )
    except DomainError as error:
        return jsonify(error=reason_words(error.reasons[0])), error.status
    return jsonify(saved=f"{clock.local(clock.now()):%H:%M:%S}", saved_at=clock.now().isoformat())


def _done_words(done: whole_text.Done) -> str:
    words = _(
        "Saved: %(changed)s changed, %(new)s new, %(moved)s moved, %(retired)s retired.",
        changed=len(done.changed), new=len(done.new), moved=len(done.moved), retired=len(done.retired),
    )  # fmt: skip
    return (
        f"{words} {_('Chapters or the words before the first clause are changed.')}" if done.frame else words
    )


def _moved_on(row: Revision, language: str, typed: str, stale: Stale) -> ResponseReturnValue:
    """Shows the form again with what others changed; where both changes fit together the box holds both."""
    document = draft_documents(row).get(language)
    if document is None:
        raise NotFound("document.no_text")
    now, base = write_text(document), request.form.get("base", "")
    both = whole_text.joined(base, request.form.get("version", ""), typed, now)
    sections = tuple(whole_text.changed_meanwhile(base, now)) if base else ()
    words = _(
        "Somebody saved this text while you were writing. Both changes are in the box: look, then save."
    )
    problems = [("whole", words)] if both is not None else _problems(stale)
    page = _page(
        row, language, both if both is not None else typed, problems, Meanwhile(sections, both is not None)
    )
    return page, stale.status


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


def _page(
    row: Revision,
    language: str,
    typed: str | None = None,
    problems: Problems | None = None,
    meanwhile: Meanwhile | None = None,
) -> str:
    documents = draft_documents(row)
    if language not in documents:
        raise NotFound("document.no_text")
    now = write_text(documents[language])
    errors: dict[str, str] = {}
    for name, words in problems or []:
        errors[name] = f"{errors[name]} {words}" if name in errors else words
    kept = whole_text.typed_before(sign_in.actor(), row, language) if typed is None else None
    if kept is not None and (kept.fields.get("whole", "") == now):
        kept = None
    is_put_back = kept is not None and request.args.get("kept") == "1"
    # A copy that was typed on an older text carries that text's mark, so that saving it tells what came between.
    put = kept.fields if kept is not None and is_put_back else {}
    return render_template(
        "standards/edit_all.html",
        revision=row,
        language=language,
        languages=[name for name in ("zh", "en") if name in documents],
        whole=typed if typed is not None else put.get("whole", now),
        reason=request.form.get("reason", put.get("reason", "")),
        version=put.get("seen", whole_text.mark_of_text(now)),
        # The text the typing begins with: should somebody save meanwhile, both changes can be put together.
        base=put.get("base", now),
        kept=kept if not is_put_back else None,
        meanwhile=meanwhile,
        problems=problems,
        errors=errors,
    )
