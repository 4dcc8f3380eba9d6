"""Owns the pages about the past of a standard: its versions, the texts from before it came here, two of them compared."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.access import Permission, requires
from app.standards import earlier, queries, reading, shelf
from app.standards.comparison import compare
from app.standards.document import Clause
from app.standards.history_models import EarlierState, EarlierText
from app.standards.pages import standards
from app.standards.reading import LANGUAGES
from app.standards.rendering import rendered
from app.standards.words import reason_of_earlier
from app.web.language import current_language
from app.web.paging import paginate


@standards.get("/s/<code>/history")
@requires(Permission.READ_STANDARDS)
def history(code: str) -> ResponseReturnValue:
    """Shows all versions of a standard, newest first, with what each changed, and its texts from before it came here."""
    row = queries.standard(code)
    versions = shelf.history(row)
    newest = reading.in_force_of([p for p, _rows in versions], clock.now())
    texts = earlier.texts(row.id)
    before = {one.id: other for one, other in zip(texts, _readable_before(texts), strict=True)}
    return render_template(
        "standards/history.html",
        standard=row,
        versions=versions,
        now=clock.now(),
        in_force=newest,
        revisions=shelf.revisions_by_ids(p.revision_id for p, _rows in versions),
        texts=texts,
        page=paginate(len(texts), lambda offset, limit: texts[offset : offset + limit]),
        before=before,
        reason_of_earlier=reason_of_earlier,
    )


@standards.get("/s/<code>/earlier/<int:number>")
@requires(Permission.READ_STANDARDS)
def earlier_text(code: str, number: int) -> ResponseReturnValue:
    """Shows one text from before the standard came here, word for word, and says that it binds nobody."""
    row = queries.standard(code)
    found = earlier.text(row.id, number)
    document = earlier.document_of(found)
    bodies = [block.body for block in document.blocks] if document else []
    return render_template(
        "standards/earlier.html",
        standard=row,
        row=found,
        document=document,
        is_clause=lambda block: isinstance(block, Clause),
        html=rendered([*bodies, document.preamble] if document else []),
        reason_of_earlier=reason_of_earlier,
    )


@standards.get("/s/<code>/compare")
@requires(Permission.READ_STANDARDS)
def choose_comparison(code: str) -> ResponseReturnValue:
    """Leads from the two texts chosen on the history page to their comparison; back to it when one is missing."""
    row = queries.standard(code)
    old, new = request.args.get("old", "").strip(), request.args.get("new", "").strip()
    if not old or not new:
        return redirect(url_for(".history", code=row.code), 303)
    return redirect(url_for(".comparison", code=row.code, pair=f"{old[:20]}..{new[:20]}"), 303)


@standards.get("/s/<code>/compare/<pair>")
@requires(Permission.READ_STANDARDS)
def comparison(code: str, pair: str) -> ResponseReturnValue:
    """Shows what differs between two texts, such as `2.2..2.3` or `e4..1.0`, clause by clause."""
    row = queries.standard(code)
    old, new = (earlier.side(row, name) for name in shelf.pair_of(pair))
    text = request.args.get("text")
    language = text if text in LANGUAGES else current_language()
    return render_template(
        "standards/compare.html",
        standard=row,
        pair=pair,
        old=old,
        new=new,
        comparison=compare(old.whole, new.whole, language),
        view=request.args.get("view") if request.args.get("view") in ("inline", "side") else "inline",
        text=language,
    )


def _readable_before(texts: list[EarlierText]) -> list[EarlierText | None]:
    """Returns for each text, newest first, the nearest one before it that has words."""
    made: list[EarlierText | None] = []
    last = None
    for row in reversed(texts):
        made.append(last)
        last = row if row.state is EarlierState.TEXT else last
    return made[::-1]
