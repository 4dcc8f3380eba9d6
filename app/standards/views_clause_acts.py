"""Owns moving, splitting and joining clauses over HTTP. What they do stands in `clause_acts.py`."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, NotFound, Refused, Stale
from app.people import sign_in
from app.standards import clause_acts, editing, editor_texts, queries
from app.standards.clause_acts import Split
from app.standards.drafting import ClauseText
from app.standards.editing import ClauseRow
from app.standards.editor_texts import LANGUAGES, Texts
from app.standards.forms import ClauseInput
from app.standards.measures import Measure
from app.standards.models import DraftKind, Revision
from app.standards.pages import standards
from app.standards.pieces import pieces
from app.standards.scripts import taken
from app.standards.workflow import WRITABLE_STATES
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.reasons import reason_words

Problems = list[tuple[str, str]]


@standards.route("/r/<number>/edit/<clause_id>/move", methods=["GET", "POST"])
@requires(Permission.DRAFT)
def move_clause(number: str, clause_id: str) -> ResponseReturnValue:
    """Asks where in the standard a clause is to stand, and puts it there."""
    row = _writable(number)
    if request.method == "GET":
        return _ask_move(row, clause_id)
    side, _colon, beside = request.form.get("place", "").partition(":")
    after, before = (beside, "") if side == "after" else ("", beside)
    try:
        with transaction():
            clause_acts.move_clause(sign_in.actor(), row, clause_id, after=after, before=before)
    except Invalid as error:
        return _ask_move(queries.revision(number), clause_id, problems_from(error.errors)), 422
    flash_done(_("%(clause)s stands elsewhere from the next version on.", clause=clause_id.upper()))
    return redirect(url_for(".edit_list", number=row.number), 303)


@standards.route("/r/<number>/edit/<clause_id>/split", methods=["GET", "POST"])
@requires(Permission.DRAFT)
def split_clause(number: str, clause_id: str) -> ResponseReturnValue:
    """Asks where a clause is to be cut in two, cuts it and opens the new clause."""
    row = _writable(number)
    if request.method == "GET":
        return _ask_split(row, clause_id)
    at = {language: request.form.get(f"at_{language}", type=int) for language in LANGUAGES}
    split = Split(
        at={language: place for language, place in at.items() if place is not None},
        heading_zh=request.form.get("heading_zh", ""),
        heading_en=request.form.get("heading_en", ""),
        measure_ids=tuple(request.form.getlist("measure")),
    )
    try:
        with transaction():
            new = clause_acts.split_clause(
                sign_in.actor(), row, clause_id, split, seen=request.form.get("seen", "")
            ).clause_id
    except Invalid as error:
        return _ask_split(queries.revision(number), clause_id, problems_from(error.errors)), 422
    except Stale as stale:
        return _ask_split(queries.revision(number), clause_id, _stale(stale)), 409
    flash_done(
        _("%(new)s is split off from %(clause)s. Read both.", new=new.upper(), clause=clause_id.upper())
    )
    return redirect(url_for(".edit", number=row.number, clause_id=new), 303)


@standards.route("/r/<number>/edit/<clause_id>/join", methods=["GET", "POST"])
@requires(Permission.DRAFT)
def join_clauses(number: str, clause_id: str) -> ResponseReturnValue:
    """Asks which clause is to be joined into this one (`?with=`), shows both texts as one and joins them."""
    row = _writable(number)
    other = request.values.get("with", "").strip().lower()
    if request.method == "GET":
        return _ask_join(row, clause_id, other)
    form = request.form
    texts = editor_texts.texts_of(row)
    chosen = [m for m in _measures_of(texts, clause_id, other) if m.id in form.getlist("measure")]
    body_zh, body_en = (_joined_body(texts, clause_id, other, language) for language in LANGUAGES)
    words = ClauseText(
        form.get("heading_zh", ""), body_zh, form.get("heading_en", ""), body_en, measures=chosen
    )
    seen = (form.get("seen", ""), form.get("seen_other", ""))
    try:
        with transaction():
            clause_acts.join_clauses(sign_in.actor(), row, clause_id, other, words, seen=seen)
    except Invalid as error:
        return _ask_join(queries.revision(number), clause_id, other, problems_from(error.errors)), 422
    except Stale as stale:
        return _ask_join(queries.revision(number), clause_id, other, _stale(stale)), 409
    flash_done(_("%(other)s is joined into %(clause)s.", other=other.upper(), clause=clause_id.upper()))
    return redirect(url_for(".edit", number=row.number, clause_id=clause_id), 303)


def _ask_move(row: Revision, clause_id: str, problems: Problems | None = None) -> str:
    texts = editor_texts.texts_of(row)
    rows = _standing_rows(row, texts)
    here = _row_of(rows, clause_id)
    at = rows.index(here)
    return render_template(
        "standards/edit_move.html",
        revision=row,
        clause=here,
        places=_places([r for r in rows if r is not here]),
        before=rows[at - 1] if at else None,
        chosen=request.form.get("place") or (f"after:{rows[at + 1].clause_id}" if at + 1 < len(rows) else ""),
        problems=problems,
    )


def _places(rows: list[ClauseRow]) -> list[tuple[str, ClauseRow, str]]:
    """Returns (value, clause, chapter) of every place; a chapter's name marks the place before its first clause."""
    made: list[tuple[str, ClauseRow, str]] = []
    for place, row in enumerate(rows):
        if place == 0 or row.chapter != rows[place - 1].chapter:
            made.append((f"before:{row.clause_id}", row, row.chapter or " "))
        made.append((f"after:{row.clause_id}", row, ""))
    return made


def _ask_split(row: Revision, clause_id: str, problems: Problems | None = None) -> str:
    texts = editor_texts.texts_of(row)
    _row_of(_standing_rows(row, texts), clause_id)
    now = editor_texts.input_of(texts, clause_id)
    return render_template(
        "standards/edit_split.html",
        revision=row,
        clause_id=clause_id,
        now=now,
        pieces={language: pieces(_body(now, language), language) for language in LANGUAGES},
        measures=_measures_of(texts, clause_id),
        seen=clause_acts.seen_of(row, clause_id),
        problems=problems,
        errors=dict(problems or []),
    )


def _ask_join(row: Revision, clause_id: str, other: str, problems: Problems | None = None) -> str:
    texts = editor_texts.texts_of(row)
    rows = _standing_rows(row, texts)
    at = rows.index(_row_of(rows, clause_id))
    free = [r.clause_id for r in [*rows[at + 1 :], *reversed(rows[:at])] if not r.held_by]
    joined = _joined(texts, clause_id, other) if other in {r.clause_id for r in rows} - {clause_id} else None
    return render_template(
        "standards/edit_join.html",
        revision=row,
        clause_id=clause_id,
        other=other if joined else next(iter(free), ""),
        others=[r for r in rows if r.clause_id != clause_id and not r.held_by],
        joined=_as_typed(joined) if joined else None,
        measures=_measures_of(texts, clause_id, other) if joined else [],
        seen=clause_acts.seen_of(row, clause_id),
        seen_other=clause_acts.seen_of(row, other) if joined else "",
        problems=problems,
        errors=dict(problems or []),
    )


def _joined(texts: Texts, clause_id: str, other: str) -> dict[str, str]:
    """Returns the words of both as the page proposes them: the first heading, one body behind the other."""
    first, second = editor_texts.input_of(texts, clause_id), editor_texts.input_of(texts, other)
    made: dict[str, str] = {}
    for language in LANGUAGES:
        made[f"heading_{language}"] = (
            first.texts[f"heading_{language}"] or second.texts[f"heading_{language}"]
        )
        bodies = [_body(first, language).strip("\n"), _body(second, language).strip("\n")]
        made[f"body_{language}"] = "\n\n".join(body for body in bodies if body)
    return made


def _joined_body(texts: Texts, clause_id: str, other: str, language: str) -> str:
    """Returns the body that was typed into the box which showed both bodies; scripts get their sign back."""
    name = f"body_{language}"
    try:
        before = _joined(texts, clause_id, other)[name]
    except NotFound:
        before = ""
    return taken(request.form.get(name, ""), before)


def _as_typed(words: Mapping[str, str]) -> dict[str, str]:
    """Returns the proposed words, or those that were typed when the page is shown again with a problem."""
    if request.method == "GET":
        return dict(words)
    return {name: request.form.get(name, text) for name, text in words.items()}


def _measures_of(texts: Texts, *clause_ids: str) -> list[Measure]:
    """Returns the measures that the clauses have in the working text."""
    known = {m.id: m for m in editor_texts.measures_after(texts)}
    return [m for m in known.values() if m.clause_id in clause_ids]


def _body(words: ClauseInput, language: str) -> str:
    return words.texts[f"body_{language}"].replace("\r\n", "\n")


def _standing_rows(row: Revision, texts: Texts) -> list[ClauseRow]:
    """Returns the clauses that do not go with this revision."""
    rows = editing.clause_rows(row, texts, queries.held_clauses(row))
    return [r for r in rows if r.draft is None or r.draft.kind is not DraftKind.RETIRED]


def _row_of(rows: list[ClauseRow], clause_id: str) -> ClauseRow:
    found = next((r for r in rows if r.clause_id == clause_id), None)
    if found is None:
        raise Refused("draft.not_in_text", clause=clause_id[:40].upper())
    return found


def _stale(stale: Stale) -> Problems:
    return [("", reason_words(stale.reasons[0]))]


def _writable(number: str) -> Revision:
    row = queries.revision(number)
    if row.state not in WRITABLE_STATES:
        raise Refused("draft.not_writable", number=row.number, state=row.state.value)
    return row
