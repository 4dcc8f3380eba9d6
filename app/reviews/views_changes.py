"""Owns the page of changes and the reader's marks on it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.access import Permission, requires
from app.core.db import transaction
from app.evidence import register_queries
from app.people import sign_in
from app.reviews import changes_page, marks
from app.reviews.models import Mark
from app.reviews.pages import reviews
from app.standards import queries as standards
from app.standards import word_list
from app.web.places import safe_place


@reviews.get("/r/<number>/changes")
@requires(Permission.READ_REVISIONS)
def changes(number: str) -> ResponseReturnValue:
    """Shows what a revision changes. `?view=` inline, side, new, old; `?editorial=hide`; `?only=new` not yet seen."""
    revision = standards.revision(number)
    view, uses = request.args.get("view", "inline"), word_list.uses_in(revision)
    return render_template(
        "reviews/changes.html",
        revision=revision,
        standard=revision.standard,
        page=changes_page.changes_of(revision, sign_in.actor()),
        uses=uses,
        laws=register_queries.laws_by_clause(revision.standard_id),
        view=view if view in changes_page.VIEWS else "inline",
        hides_editorial=request.args.get("editorial") == "hide",
        only_new=request.args.get("only") == "new",
    )


@reviews.post("/r/<number>/changes/marks")
@requires(Permission.READ_REVISIONS)
def mark(number: str) -> ResponseReturnValue:
    """Keeps the reader's own mark on one clause, on all not seen yet (`clause` rest), or takes all back (clear)."""
    revision = standards.revision(number)
    actor = sign_in.actor()
    clause_id = request.form.get("clause", "")
    with transaction():
        if request.form.get("mark") == "clear":
            marks.clear_marks(actor, revision)
        elif clause_id == "rest":
            shown = {c: h for c, _, h in (pair.partition(":") for pair in request.form.getlist("shown"))}
            marks.mark_rest(actor, revision, shown)
        else:
            wish = Mark.COME_BACK if request.form.get("mark") == Mark.COME_BACK else Mark.SEEN
            marks.mark_clause(actor, revision, clause_id, wish, request.form.get("text", ""))
    back = safe_place(request.form.get("next"), url_for(".changes", number=number))
    return redirect(f"{back}#{clause_id}" if clause_id not in ("", "rest") else back, 303)
