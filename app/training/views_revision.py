"""Owns the training page of a revision: who has read it, and the trainer's questions on the changed clauses."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.people import sign_in
from app.publishing.queries import publication_of
from app.standards import queries as standards
from app.training import coverage_page, service
from app.training.pages import training
from app.web.banner import flash_done
from app.web.forms import problems_from

MOST_OPTIONS = 4


@training.get("/r/<number>/training")
@requires(Permission.READ_REVISIONS)
def revision(number: str) -> ResponseReturnValue:
    """Shows the coverage of a revision's publication and its questions; trainers find drafts of new ones."""
    return _page(number)


@training.post("/r/<number>/training/questions")
@requires(Permission.TRAIN)
def add_question(number: str) -> ResponseReturnValue:
    """Keeps a question on one text of a changed clause, in both languages."""
    row = standards.revision(number)
    clause_id = request.form.get("clause", "")
    typed = {language: _typed(language) for language in ("zh", "en")}
    try:
        with transaction():
            service.add_question(
                sign_in.actor(),
                row.standard,
                clause_id,
                request.form.get("hash", ""),
                zh=typed["zh"],
                en=typed["en"],
                right=request.form.get("right", default=-1, type=int),
            )
    except Invalid as error:
        places = {"options": "option-zh-0", "right": "right-0", "question": "question-zh"}
        problems = [
            (f"{clause_id}-{places.get(field, field)}", words) for field, words in problems_from(error.errors)
        ]
        return _page(number, problems=problems, typed=(clause_id, typed, request.form.get("right"))), 422
    flash_done(_("The question is asked from now on."))
    return redirect(url_for(".revision", number=number), 303)


def _typed(language: str) -> dict[str, object]:
    return {
        "question": request.form.get(f"question_{language}", ""),
        "options": [request.form.get(f"option_{language}_{i}", "") for i in range(MOST_OPTIONS)],
        "why": request.form.get(f"why_{language}", ""),
    }


def _page(
    number: str,
    problems: list[tuple[str, str]] | None = None,
    typed: tuple[str, dict[str, dict[str, object]], str | None] | None = None,
) -> str:
    row = standards.revision(number)
    publication = publication_of(row.id)
    page = coverage_page.page_of(publication) if publication else None
    return render_template(
        "training/revision.html",
        revision=row,
        standard=row.standard,
        page=page,
        problems=problems or [],
        typed=typed,
        most_options=MOST_OPTIONS,
        may_train=sign_in.actor().may(Permission.TRAIN),
    )
