"""Owns the pages of reading and acknowledging: one page a standard, made for a phone. One POST changes something."""

import re

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.access import Actor, Permission, requires
from app.core.db import commit, rollback, transaction
from app.core.errors import DomainError, Invalid, NotFound, Stale
from app.people import sign_in
from app.standards import queries as standards
from app.standards.models import Publication, Standard
from app.training import cards, queries, service, shown
from app.training.models import Cause
from app.training.pages import training
from app.web.forms import problems_from
from app.web.reasons import reason_words

_REVISION_NUMBER = re.compile(r"\d\d-\d{3,}")


@training.get("/ack")
@requires(Permission.ACKNOWLEDGE)
def acknowledge_list() -> ResponseReturnValue:
    """Shows what waits to be acknowledged; with one thing only, that thing."""
    rows = queries.own_open(sign_in.viewer_person().id)
    if len(rows) == 1:
        return redirect(url_for(".acknowledge", code=rows[0].standard.code), 303)
    return render_template("training/acknowledge_list.html", rows=rows)


@training.get("/ack/<code>")
@requires(Permission.ACKNOWLEDGE)
def acknowledge(code: str) -> ResponseReturnValue:
    """Shows what changed in a standard for this person since they last knew it; a revision's number leads there."""
    if _REVISION_NUMBER.fullmatch(code):
        standard = standards.revision(code).standard
        return redirect(url_for(".acknowledge", code=standard.code), 303)
    return _page(standards.standard(code))


@training.post("/ack/<code>")
@requires(Permission.ACKNOWLEDGE)
def send_acknowledgement(code: str) -> ResponseReturnValue:
    """Keeps that the texts shown were read; a wrong answer and what is newer are asked again."""
    standard, person = standards.standard(code), sign_in.viewer_person()
    pairs = shown.opened(request.form.get("shown", ""), person.id, standard.id)
    try:
        service.acknowledge(
            sign_in.actor(),
            standard,
            shown=pairs,
            question_id=request.form.get("question", type=int),
            chosen=request.form.get("answer", type=int),
        )
        commit()
    except Invalid as error:
        commit()  # the try is kept
        wrong = next((r for r in error.reasons if r.key == "ack.wrong_answer"), None)
        return _page(
            standard,
            problems=[("answer-0", words) for _field, words in problems_from(error.errors)],
            wrong_clause=str(wrong.params["clause"]).lower() if wrong else None,
        ), 422
    except Stale as error:
        commit()  # what was shown is kept as read
        return _page(standard, meanwhile=[reason_words(reason) for reason in error.reasons]), 409
    except DomainError:
        rollback()
        raise
    return redirect(url_for(".acknowledged", code=standard.code), 303)


@training.get("/ack/<code>/done")
@requires(Permission.ACKNOWLEDGE)
def acknowledged(code: str) -> ResponseReturnValue:
    """Confirms the acknowledgement: reference, time, from when it applies, and what is unread next."""
    standard, person = standards.standard(code), sign_in.viewer_person()
    done = queries.newest_done(person.id, standard.id)
    if done is None:
        raise NotFound("ack.nothing_asked", standard=standard.code.upper())
    return render_template(
        "training/acknowledged.html",
        standard=standard,
        done=done,
        publication=queries.publication(done.publication_id),
        following=queries.own_open(person.id)[:1],
    )


@training.route("/ack/<code>/question", methods=["GET", "POST"])
@requires(Permission.ACKNOWLEDGE)
def ask(code: str) -> ResponseReturnValue:
    """Asks the team lead and the drafter about a clause; the task stays open."""
    standard, person, actor = standards.standard(code), sign_in.viewer_person(), sign_in.actor()
    values = {"clause": request.values.get("clause", ""), "text": request.form.get("question", "")}
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            with transaction():
                service.ask(actor, standard, values["clause"], values["text"])
            return redirect(url_for(".asked", code=standard.code), 303)
        except Invalid as error:
            problems = problems_from(error.errors)
    shown_cards = cards.cards_of(standard.id, queries.needed(person, actor, standard.id))
    page = render_template(
        "training/ask.html", standard=standard, cards=shown_cards, values=values, problems=problems
    )
    return page, 422 if problems else 200


@training.get("/ack/<code>/asked")
@requires(Permission.ACKNOWLEDGE)
def asked(code: str) -> ResponseReturnValue:
    """Confirms that the question is on its way, and shows the answers so far."""
    standard, person = standards.standard(code), sign_in.viewer_person()
    questions = queries.questions_by(person.id, standard.id)
    return render_template("training/asked.html", standard=standard, questions=questions)


def _page(
    standard: Standard,
    problems: list[tuple[str, str]] | None = None,
    wrong_clause: str | None = None,
    meanwhile: list[str] | None = None,
) -> str:
    person, actor = sign_in.viewer_person(), sign_in.actor()
    assignment = queries.open_assignment(person.id, standard.id)
    if assignment is None:
        return _nothing(standard, actor, person.id)
    deltas = queries.needed(person, actor, standard.id)
    made = cards.cards_of(standard.id, deltas)
    pairs = [delta.pair for delta in deltas]
    publication: Publication = queries.publication(assignment.publication_id)
    return render_template(
        "training/acknowledge.html",
        standard=standard,
        assignment=assignment,
        publication=publication,
        cards=made,
        minutes=cards.card_minutes(made),
        question=queries.question_for(standard.id, pairs),
        answers=queries.answers_to(assignment.id),
        token=shown.seal(person.id, standard.id, pairs),
        problems=problems or [],
        wrong_clause=wrong_clause,
        meanwhile=meanwhile or [],
        is_late=assignment.due_at < clock.now(),
        has_joined=assignment.cause is Cause.JOINED,
        roles=sorted({role.value for role in actor.roles} & set(standard.audience)),
    )


def _nothing(standard: Standard, actor: Actor, person_id: int) -> str:
    done = queries.newest_done(person_id, standard.id)
    return render_template("training/acknowledge_nothing.html", standard=standard, done=done)
