"""Owns the pages of suggestions for us: the list and the answer. The customer's form stands in the public room."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.evidence import queries, service
from app.evidence.forms import AnswerForm
from app.evidence.models import Suggestion, SuggestionState
from app.evidence.pages import evidence
from app.people import queries as people_queries
from app.people import sign_in
from app.standards import queries as standards_queries
from app.standards.models import Revision
from app.web.banner import flash_done
from app.web.paging import paginate
from app.web.typed import one_of


@evidence.get("/e/suggestions")
@requires(Permission.READ_EVIDENCE)
def suggestions() -> ResponseReturnValue:
    """Shows the suggestions that wait for an answer, or all of them."""
    open_only = request.args.get("show") != "all"
    total = queries.count_suggestions(open_only)
    page = paginate(total, lambda offset, limit: queries.suggestions(open_only, offset, limit))
    return render_template(
        "evidence/suggestions.html",
        page=page,
        echoes=queries.echo_counts([row.id for row in page.items]),
        open_only=open_only,
        due=queries.suggestion_due,
        average=queries.average_first_answer_days(),
    )


@evidence.route("/e/suggestions/<ref>", methods=["GET", "POST"])
@requires(Permission.READ_EVIDENCE)
def suggestion(ref: str) -> ResponseReturnValue:
    """Shows one suggestion and keeps its answer."""
    row, form = queries.suggestion(ref), AnswerForm()
    if request.method == "GET":
        return _show(row, form)
    if not form.validate():
        return _show(row, form), 422
    try:
        with transaction():
            service.answer_suggestion(
                sign_in.actor(),
                row,
                adopted=form.adopted.data == "yes",
                answer=form.answer.data or "",
                seen=one_of(SuggestionState, request.form.get("seen")),
            )
    except Invalid as error:
        form.take_errors(error)
        return _show(queries.suggestion(ref), form), 422
    flash_done(_("The answer to %(ref)s stands on the writer's page.", ref=row.ref))
    return redirect(url_for(".suggestions"), 303)


@evidence.post("/e/suggestions/<ref>/revision")
@requires(Permission.MANAGE_EVIDENCE)
def link_suggestion(ref: str) -> ResponseReturnValue:
    """Gives the suggestion to a running revision."""
    row = queries.suggestion(ref)
    revision = standards_queries.revision(request.form.get("revision", "").strip())
    with transaction():
        service.link_suggestion(sign_in.actor(), row, revision)
    flash_done(_("%(ref)s is evidence of %(revision)s now.", ref=row.ref, revision=revision.number))
    return redirect(url_for(".suggestion", ref=row.ref), 303)


def _show(row: Suggestion, form: AnswerForm) -> str:
    on_standard: list[Revision] = standards_queries.open_revisions(row.standard_id) if row.standard_id else []
    ids = [row.person_id or 0, row.answered_by_id or 0]
    return render_template(
        "evidence/suggestion.html",
        suggestion=row,
        form=form,
        due=queries.suggestion_due(row),
        revision=queries.revision_of(row),
        on_standard=on_standard,
        people=people_queries.by_ids(ids),
        similar=[one for one in queries.similar_answered(row.text) if one.id != row.id],
        is_open=row.state in queries.OPEN_SUGGESTIONS,
    )
