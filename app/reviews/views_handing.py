"""Owns whose a review is over HTTP: handing over, adding a reviewer, claiming, urging."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.people import queries as people
from app.people import sign_in
from app.people.models import Person
from app.reviews import handing, queries, rounds
from app.reviews.pages import reviews
from app.standards import queries as standards
from app.standards.models import Revision
from app.standards.revision_page import name_of
from app.web.banner import flash_done
from app.web.forms import problems_from

Problems = list[tuple[str, str]]


@reviews.route("/r/<number>/review/hand-over/<int:task_id>", methods=["GET", "POST"])
@requires(Permission.READ_REVISIONS)
def hand_over(number: str, task_id: int) -> ResponseReturnValue:
    """Asks who takes the review over and hands it there."""
    revision = standards.revision(number)
    task = queries.task_of(revision.id, task_id)
    if request.method == "GET":
        return _ask_hand_over(revision, task_id)
    try:
        with transaction():
            handing.hand_over(sign_in.actor(), task.id, request.form.get("person", 0, type=int))
    except Invalid as error:
        return _ask_hand_over(standards.revision(number), task_id, problems_from(error.errors)), 422
    flash_done(_("The review is handed over."))
    return redirect(url_for(".review", number=number), 303)


@reviews.route("/r/<number>/review/add/<int:task_id>", methods=["GET", "POST"])
@requires(Permission.READ_REVISIONS)
def add_reviewer(number: str, task_id: int) -> ResponseReturnValue:
    """Asks who reviews too, before or after the task, and why; the person is told at once."""
    revision = standards.revision(number)
    task = queries.task_of(revision.id, task_id)
    if request.method == "GET":
        return _ask_to_add(revision, task_id)
    form = request.form
    try:
        with transaction():
            handing.add_reviewer(
                sign_in.actor(),
                task.id,
                form.get("person", 0, type=int),
                reason=form.get("reason", ""),
                is_before=form.get("place") == "before",
            )
    except Invalid as error:
        problems = problems_from(error.errors)
        return _ask_to_add(standards.revision(number), task_id, problems), 422
    flash_done(_("The reviewer is added and told."))
    return redirect(url_for(".review", number=number), 303)


@reviews.post("/r/<number>/review/claim/<int:task_id>")
@requires(Permission.REVIEW)
def claim(number: str, task_id: int) -> ResponseReturnValue:
    """Takes on a review that nobody has, or somebody on leave."""
    revision = standards.revision(number)
    task = queries.task_of(revision.id, task_id)
    with transaction():
        handing.claim(sign_in.actor(), task.id)
    flash_done(_("The review is yours now."))
    return redirect(url_for(".review", number=number, field=task.step), 303)


@reviews.post("/r/<number>/review/urge/<int:task_id>")
@requires(Permission.READ_REVISIONS)
def urge(number: str, task_id: int) -> ResponseReturnValue:
    """Asks the reviewer politely, at most once a day."""
    revision = standards.revision(number)
    with transaction():
        task = handing.urge(sign_in.actor(), queries.task_of(revision.id, task_id).id)
        name = name_of(people.person(task.assignee_id or 0))
    flash_done(_("%(name)s is told that you wait, once a day at most. It stands in the timeline.", name=name))
    return redirect(url_for(".review", number=number), 303)


def _offered(person: Person) -> str:
    """Returns a person's name for a list to choose from, saying so where the person is on leave today."""
    name = name_of(person)
    return str(_("%(name)s (on leave)", name=name)) if people.is_absent(person) else name


def _ask_hand_over(
    revision: Revision,
    task_id: int,
    problems: Problems | None = None,
) -> str:
    task = queries.task_of(revision.id, task_id)
    return render_template(
        "reviews/hand_over.html",
        revision=revision,
        task=task,
        step=queries.step_of(revision, task.step),
        people=rounds.possible_reviewers(revision, task),
        offered=_offered,
        problems=problems,
    )


def _ask_to_add(revision: Revision, task_id: int, problems: Problems | None = None) -> str:
    task = queries.task_of(revision.id, task_id)
    return render_template(
        "reviews/add_reviewer.html",
        revision=revision,
        step=queries.step_of(revision, task.step),
        people=rounds.people_to_add(revision, task),
        offered=_offered,
        problems=problems,
        errors=dict(problems or []),
    )
