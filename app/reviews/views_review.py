"""Owns the review page over HTTP: checklist, signing, sending back, signatures."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock, db
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import DomainError, FieldError, Invalid, NotAllowed, NotFound, Reason, Refused, Stale
from app.evidence import register_queries
from app.people import codes, sign_in
from app.reviews import (
    checklists,
    counsel,
    counsel_queries,
    forms,
    plans,
    queries,
    questions,
    review_page,
    service,
    sign_offs,
    signatures,
    task_rows,
)
from app.reviews.forms import Signing
from app.reviews.pages import reviews
from app.reviews.plan import picture
from app.standards import beside, texts, word_list
from app.standards import queries as standards
from app.standards.models import Revision
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.reasons import reason_words

Problems = list[tuple[str, str]]


@reviews.get("/r/<number>/review")
@requires(Permission.READ_REVISIONS)
def review(number: str) -> ResponseReturnValue:
    """Shows the review to reviewers (with what they sign), drafters and readers. `?field=` chooses an own field."""
    return _page(beside.revision_with_all(number))


@reviews.post("/r/<number>/review/answers")
@requires(Permission.REVIEW)
def save_answers(number: str) -> ResponseReturnValue:
    """Keeps the answers without signing; a script sends them while they are given."""
    revision = standards.revision(number)
    key = forms.read_signing(request.form).step
    with transaction():
        errors = _keep_answers(revision, key)
    if request.headers.get("X-Autosave"):
        return "", 204
    broken = [e for e in errors if e.reason.key == "review.not_met_needs_note"]
    if broken:
        asked = questions.asked_items(revision, key)
        return _page(standards.revision(number), _on_items(broken, asked)), 422
    flash_done(_("Your answers are saved. Nothing is signed yet."))
    return redirect(url_for(".review", number=number, field=key), 303)


@reviews.post("/r/<number>/review/sign")
@requires(Permission.REVIEW)
def sign(number: str) -> ResponseReturnValue:
    """Signs what the page showed. Answers are kept even when the signature is refused."""
    revision = standards.revision(number)
    signing = forms.read_signing(request.form)
    if signing.feasible == "no" and forms.is_it(signing.step):
        return redirect(url_for(".send_back", number=number, field=signing.step), 303)
    problems = _before_signing(revision, signing)
    if problems:
        return _page(standards.revision(number), problems), 422
    try:
        with transaction():
            _sign(standards.revision(number), signing)
    except Invalid as error:
        return _page(standards.revision(number), problems_from(error.errors)), 422
    except Stale as stale:
        _freeze_again(number)
        return _page(standards.revision(number), [("", reason_words(stale.reasons[0]))]), 409
    except (Refused, NotAllowed) as error:
        return _page(standards.revision(number), [("", reason_words(r)) for r in error.reasons]), error.status
    return redirect(url_for(".signed", number=number, kind=signing.step), 303)


@reviews.get("/r/<number>/review/signed/<kind>")
@requires(Permission.REVIEW)
def signed(number: str, kind: str) -> ResponseReturnValue:
    """Confirms the viewer's newest signature in a step of the plan and says what comes next."""
    revision = standards.revision(number)
    mine = [
        s
        for s in queries.sign_offs(revision.id)
        if s.step == kind and s.signer_id == sign_in.actor().person_id
    ]
    if not mine:
        raise NotFound("review.nothing_to_sign")
    return render_template(
        "reviews/signed.html",
        revision=revision,
        row=signatures.row_of(mine[-1]),
        step=queries.step_of(revision, kind),
        steps=signatures.what_next(revision),
    )


@reviews.route("/r/<number>/review/return", methods=["GET", "POST"])
@requires(Permission.REVIEW)
def send_back(number: str) -> ResponseReturnValue:
    """Asks which clause has to change and why, and returns the draft to its drafter."""
    revision = standards.revision(number)
    if request.method == "GET":
        return _ask_return(revision)
    given = request.form.get("kind", "")
    try:
        if given not in {step.key for step in plans.steps_of(revision.id)}:
            raise Invalid.of("kind", "web.not_a_choice")
        with transaction():
            service.send_back(
                sign_in.actor(),
                revision,
                given,
                clause_id=request.form.get("clause", ""),
                reason=request.form.get("reason", ""),
            )
    except Invalid as error:
        return _ask_return(standards.revision(number), problems_from(error.errors)), 422
    except Refused as refused:
        problems = [_return_problem(reason) for reason in refused.reasons]
        return _ask_return(standards.revision(number), problems), 422
    flash_done(_("The draft went back with your reason. What is signed and does not change stays signed."))
    return redirect(url_for("standards.revision", number=number), 303)


@reviews.get("/r/<number>/signatures")
@requires(Permission.READ_REVISIONS)
def signature_page(number: str) -> ResponseReturnValue:
    """Shows all signatures for reading and printing: name, field, meaning, moment with zone, fingerprint."""
    revision = standards.revision(number)
    return render_template(
        "reviews/signatures.html",
        revision=revision,
        rows=signatures.signatures_of(revision),
        outside=signatures.outside_of(revision),
    )


def _before_signing(revision: Revision, signing: Signing) -> Problems:
    """Keeps the answers and returns what stands in the way: the form, the checklist, the password."""
    if not signing.step or signing.version is None or not signing.parts:
        raise Stale("review.nothing_shown")
    with transaction():
        errors = _keep_answers(revision, signing.step)
    problems = _on_items(errors, questions.asked_items(revision, signing.step)) + problems_from(
        signing.errors
    )
    if problems or sign_in.is_fresh():
        return problems
    return _say_again_who(signing)


def _say_again_who(signing: Signing) -> Problems:
    """Checks the one-time code where one is given, else the password; a wrong one is kept as a try."""
    field = "code" if signing.code else "password"
    if not (signing.code or signing.password):
        return [(field, reason_words(Reason("review.say_who")))]  # an empty field is no wrong try
    try:
        if signing.code:
            fits = sign_in.confirm_code(signing.code)
        else:
            fits = sign_in.confirm_password(signing.password)
    except Invalid as refusal:
        return problems_from(refusal.errors)
    finally:
        db.commit()
    return [] if fits else [(field, reason_words(Reason(f"review.wrong_{field}")))]


def _sign(revision: Revision, signing: Signing) -> None:
    user = sign_in.signed_in()
    age = int((clock.now() - user.confirmed_at).total_seconds()) if user else 0
    sign_offs.sign_off(
        sign_in.actor(),
        revision,
        signing.step,
        text_version=standards.text_version(revision.id, signing.version or 0),
        comment=signing.comment,
        conditions=signing.feasible == "conditions",
        effort=signing.effort,
        earliest_on=signing.earliest_on,
        process=signing.process,
        sign_in_age_seconds=max(age, 0),
        confirmed_by=user.confirmed_by if user else "password",
        parts=signing.parts,
    )


def _keep_answers(revision: Revision, key: str) -> list[FieldError]:
    if key not in {step.key for step in plans.steps_of(revision.id)}:
        raise Stale("review.nothing_shown")
    asked = questions.asked_items(revision, key)
    given = forms.read_answers(request.form, asked)
    return checklists.answer_all(sign_in.actor(), revision, key, given, asked)


def _freeze_again(number: str) -> None:
    """Freezes the text as it stands when it moved on without a new text version, so that it can be signed."""
    try:
        with transaction():
            texts.freeze(sign_in.actor(), standards.revision(number), why="sign_off")
    except DomainError:
        return


def _on_items(errors: list[FieldError], asked: list[str]) -> Problems:
    """Returns the problems of a checklist, each naming the place of its question, as the page numbers them."""
    problems = []
    for error in errors:
        words = reason_words(error.reason)
        if error.field in asked:
            words = _("Question %(number)s: %(problem)s", number=asked.index(error.field) + 1, problem=words)
        problems.append((f"a-{error.field}-0", words))
    return problems


def _return_problem(reason: Reason) -> tuple[str, str]:
    return ("clause" if reason.key.startswith("move.clause") else "reason", reason_words(reason))


def show(revision: Revision, problems: Problems | None = None, wanted: str | None = None) -> str:
    """Returns the review page as this viewer sees it, with what was typed and what is wrong with it."""
    uses = word_list.uses_in(revision)  # before the page: it brings the drafts along
    page = review_page.page_of(revision, sign_in.actor(), wanted)
    return render_template(
        "reviews/review.html",
        uses=uses,
        revision=revision,
        picture=picture(page.steps),
        step_states=task_rows.step_states([view.task for view in page.tasks]),
        standard=revision.standard,
        page=page,
        outside=counsel_queries.rows_of(revision, page.changes.parts if page.is_open else None),
        may_invite=any(counsel.why_not_invite(sign_in.actor(), revision, s) is None for s in page.steps),
        laws=register_queries.laws_by_clause(revision.standard_id),
        problems=problems,
        errors=dict(problems or []),
        form_values=request.form,
        asks_password=not sign_in.is_fresh(),
        asks_code=not sign_in.is_fresh() and codes.has_codes(sign_in.viewer_person().id),
    )


def _page(revision: Revision, problems: Problems | None = None) -> str:
    return show(revision, problems, request.form.get("kind") or request.args.get("field"))


def _ask_return(revision: Revision, problems: Problems | None = None) -> str:
    page = review_page.page_of(
        revision, sign_in.actor(), request.form.get("kind") or request.args.get("field")
    )
    return render_template(
        "reviews/send_back.html", revision=revision, page=page, problems=problems, errors=dict(problems or [])
    )
