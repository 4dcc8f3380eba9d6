"""Owns the learning home: what I have to read, what I have read, and where leads and trainers go on."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.people import queries as people
from app.people import sign_in
from app.training import queries, service
from app.training.pages import training
from app.web.banner import flash_done
from app.web.forms import problems_from


@training.get("/t")
@requires(Permission.ACKNOWLEDGE)
def learning() -> ResponseReturnValue:
    """Shows the own assignments and what was acknowledged."""
    person = sign_in.viewer_person()
    return render_template(
        "training/learning.html", rows=queries.own_open(person.id), done=queries.own_done(person.id)
    )


@training.get("/t/questions")
@requires(Permission.READ_STANDARDS)
def questions() -> ResponseReturnValue:
    """Shows what readers asked, to whoever may answer; the open ones first."""
    return _questions()


@training.post("/t/questions/<int:question_id>")
@requires(Permission.READ_STANDARDS)
def answer_question(question_id: int) -> ResponseReturnValue:
    """Answers a reader's question."""
    text = request.form.get("answer", "")
    try:
        with transaction():
            service.answer(sign_in.actor(), question_id, text)
    except Invalid as error:
        problems = [(f"answer-{question_id}", words) for _field, words in problems_from(error.errors)]
        return _questions(problems=problems, typed={question_id: text}), 422
    flash_done(_("Your answer was sent."))
    return redirect(url_for(".questions"), 303)


def _questions(problems: list[tuple[str, str]] | None = None, typed: dict[int, str] | None = None) -> str:
    rows = queries.questions_for(sign_in.actor())
    names = people.by_ids(
        {row.person_id for row in rows} | {row.question.answered_by_id or 0 for row in rows}
    )
    return render_template(
        "training/questions.html", rows=rows, names=names, problems=problems or [], typed=typed or {}
    )
