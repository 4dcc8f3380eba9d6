"""Owns the pages on which a standard's whole text is drafted at once: as boxes in order, and taken from elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import DomainError, Invalid, NotFound, Refused, Stale
from app.core.text import clean_text
from app.people import sign_in
from app.standards import queries, whole_rows, whole_text, whole_typing
from app.standards.document import LIMIT_TEXT_BYTES, Document
from app.standards.drafted_documents import draft_documents
from app.standards.models import DraftCopy, Revision
from app.standards.pages import standards
from app.standards.redline import Segment
from app.standards.whole_form import bodies_of, order_of, read_act, read_form
from app.standards.whole_rows import Rows, read_written, rows_of, written
from app.standards.workflow import WRITABLE_STATES
from app.web.banner import flash_done
from app.web.reasons import reason_words

Problems = list[tuple[str, str]]


@dataclass(frozen=True)
class Meanwhile:
    """What others saved while somebody typed: by heading; `is_joined` says that the boxes hold both changes."""

    changes: tuple[tuple[str, tuple[Segment, ...]], ...]
    is_joined: bool


@standards.route("/r/<number>/edit/all", methods=["GET", "POST"])
@requires(Permission.DRAFT)
def edit_all(number: str) -> ResponseReturnValue:
    """Shows the whole text of one language (`?text=`) as boxes in order and keeps it clause by clause.

    What the person typed before and did not save stands in the boxes; `?kept=0` shows the text as it is saved.
    """
    row = _writable(number)
    language = request.values.get("text", row.standard.primary_language)
    if request.method == "GET":
        return _page(row, language)
    typed = Rows("", ())
    try:
        typed = _typed()
        if read_act(request.form) is not None:
            return _acted(row, language, typed)
        with transaction():
            done = whole_text.save_all(
                sign_in.actor(), row, language, typed, seen=_field("version"), reason=_field("reason")
            )
    except Stale as stale:
        return _moved_on(queries.revision(number), language, typed, stale)
    except (Invalid, Refused) as error:
        return _page(queries.revision(number), language, typed, _problems(error)), error.status
    flash_done(_("Nothing was changed.") if done.is_empty else _done_words(done))
    return redirect(url_for(".edit_list", number=row.number), 303)


@standards.post("/r/<number>/edit/all/autosave")
@requires(Permission.DRAFT)
def autosave_all(number: str) -> ResponseReturnValue:
    """Keeps what is typed as the person's own copy and answers {saved}; the drafts change only by saving."""
    row = queries.revision(number)
    try:
        _keep(row, request.form.get("text", row.standard.primary_language), _typed())
    except DomainError as error:
        return jsonify(error=reason_words(error.reasons[0])), error.status
    return jsonify(saved=f"{clock.local(clock.now()):%H:%M:%S}", saved_at=clock.now().isoformat())


@standards.route("/r/<number>/edit/all/from-text", methods=["GET", "POST"])
@requires(Permission.DRAFT)
def edit_from_text(number: str) -> ResponseReturnValue:
    """Asks for a whole text that was written elsewhere and shows it in the boxes, each clause under its id. Saves nothing."""
    row = _writable(number)
    language = request.values.get("text", row.standard.primary_language)
    document = _document(row, language)
    if request.method == "GET":
        return _ask_text(row, language)
    pasted = _field("whole")
    try:
        text = clean_text(pasted, LIMIT_TEXT_BYTES, field="whole")
        if not text.strip():
            raise Invalid.of("whole", "draft.no_text_pasted")
        now = written(rows_of(document))
        with transaction():
            whole_typing.keep_typed(
                sign_in.actor(),
                row,
                language,
                whole_rows.from_text(text, document),
                seen=whole_typing.mark_of_text(now),
                base=now,
            )
    except Invalid as error:
        problems = _problems(error, "whole")
        return _ask_text(queries.revision(number), language, pasted, problems), error.status
    flash_done(_("The text stands in the boxes. Read it, then save it."))
    return redirect(url_for(".edit_all", number=number, text=language), 303)


def _acted(row: Revision, language: str, typed: Rows) -> ResponseReturnValue:
    """Puts a row elsewhere or adds one, keeps all that was typed and shows the boxes again at that row."""
    act = read_act(request.form)
    what, key = act if act else ("", "")
    if what in ("up", "down"):
        typed = whole_rows.moved(typed, key, -1 if what == "up" else 1)
    else:
        typed, key = whole_rows.added(typed, key, is_chapter=what == "chapter")
    _keep(row, language, typed)
    return redirect(url_for(".edit_all", number=row.number, text=language, _anchor=f"row-{key}"), 303)


def _keep(row: Revision, language: str, typed: Rows) -> None:
    with transaction():
        whole_typing.keep_typed(
            sign_in.actor(), row, language, typed,
            seen=_field("version"), reason=_field("reason"), base=_field("base"),
        )  # fmt: skip


def _typed() -> Rows:
    """Returns the rows that were sent; scripts are told from what the boxes showed at first."""
    try:
        before: Mapping[str, str] = bodies_of(read_written(_field("base")))
    except Invalid:
        before = {}
    return read_form(request.form, before)


def _done_words(done: whole_text.Done) -> str:
    words = _(
        "Saved: %(changed)s changed, %(new)s new, %(moved)s moved, %(retired)s retired.",
        changed=len(done.changed), new=len(done.new), moved=len(done.moved), retired=len(done.retired),
    )  # fmt: skip
    return (
        f"{words} {_('Chapters or the words before the first clause are changed.')}" if done.frame else words
    )


def _moved_on(row: Revision, language: str, typed: Rows, stale: Stale) -> ResponseReturnValue:
    """Shows the form again with what others changed; where both changes fit together the boxes hold both."""
    now, base = rows_of(_document(row, language)), _field("base")
    both, is_joined = whole_typing.joined(base, _field("version"), typed, now)
    try:
        changes = tuple(whole_typing.changed_meanwhile(base, now)) if base else ()
    except Invalid:
        changes = ()
    words = _(
        "Somebody saved this text while you were writing. Both changes are in the boxes: look, then save."
    )
    problems = [("preamble", words)] if is_joined else _problems(stale)
    return _page(row, language, both, problems, Meanwhile(changes, is_joined)), stale.status


def _problems(error: DomainError, other: str = "preamble") -> Problems:
    """Returns the problems by box, those of no box on the `other`; a line is named in front."""
    if not isinstance(error, Invalid):
        return [(other, reason_words(reason)) for reason in error.reasons]
    made = []
    for fault in error.errors:
        words = reason_words(fault.reason)
        if fault.line:
            words = _("Line %(line)s: %(words)s", line=fault.line, words=words)
        made.append((other if fault.field in ("", "rows", "text") else fault.field, words))
    return made


def _page(
    row: Revision,
    language: str,
    typed: Rows | None = None,
    problems: Problems | None = None,
    meanwhile: Meanwhile | None = None,
) -> str:
    documents = draft_documents(row)
    document = _document(row, language, documents)
    now = rows_of(document)
    kept = _kept(row, language, now) if typed is None else None
    is_put_back = kept is not None and request.args.get("kept") != "0"
    # A copy that was typed on an older text carries that text's mark, so that saving it tells what came between.
    put = kept.fields if kept is not None and is_put_back else {}
    shown = typed or (Rows.from_data(put) if put else now)
    if typed is not None and meanwhile is None:  # what the typing began with stays, whoever saved meanwhile
        put = {"seen": _field("version"), "base": _field("base")}
    return render_template(
        "standards/edit_all.html",
        revision=row,
        language=language,
        languages=[name for name in ("zh", "en") if name in documents],
        whole=shown,
        order=order_of(shown),
        reason=request.form.get("reason", put.get("reason", "")),
        version=put.get("seen", whole_typing.mark_of(document)),
        # The text the typing begins with: should somebody save meanwhile, both changes can be put together.
        base=put.get("base", written(now)),
        is_first=language == row.standard.primary_language,
        held=queries.held_clauses(row),
        known={row.key for row in now.rows},
        kept=kept,
        is_put_back=is_put_back,
        meanwhile=meanwhile,
        problems=problems,
        errors=_by_box(problems or []),
    )


def _kept(row: Revision, language: str, now: Rows) -> DraftCopy | None:
    """Returns what the person typed and did not save; None where it says what the text says already."""
    copy = whole_typing.typed_before(sign_in.actor(), row, language)
    return None if copy is None or Rows.from_data(copy.fields) in (now, Rows("", ())) else copy


def _by_box(problems: Problems) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name, words in problems:
        errors[name] = f"{errors[name]} {words}" if name in errors else words
    return errors


def _ask_text(row: Revision, language: str, pasted: str = "", problems: Problems | None = None) -> str:
    return render_template(
        "standards/edit_from_text.html",
        revision=row,
        language=language,
        whole=pasted,
        kept=whole_typing.typed_before(sign_in.actor(), row, language),
        problems=problems,
        errors=_by_box(problems or []),
    )


def _document(row: Revision, language: str, documents: Mapping[str, Document] | None = None) -> Document:
    found = (draft_documents(row) if documents is None else documents).get(language)
    if found is None:
        raise NotFound("document.no_text")
    return found


def _writable(number: str) -> Revision:
    row = queries.revision(number)
    if row.state not in WRITABLE_STATES:
        raise Refused("draft.not_writable", number=row.number, state=row.state.value)
    return row


def _field(name: str) -> str:
    return request.form.get(name, "")
