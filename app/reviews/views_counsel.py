"""Owns outside counsel over HTTP for the people inside: inviting, the link mailed and shown once, taking it back."""

from urllib.parse import quote

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.people import sign_in
from app.reviews import changes_page, counsel, counsel_letter, counsel_queries, plans
from app.reviews.freshness import Kind, Step, clause_of
from app.reviews.pages import reviews
from app.standards import queries as standards
from app.standards.models import Revision
from app.standards.workflow import State
from app.web.banner import flash_done
from app.web.forms import problems_from

Problems = list[tuple[str, str]]


@reviews.get("/r/<number>/review/counsel")
@requires(Permission.READ_REVISIONS)
def counsel_invitations(number: str) -> ResponseReturnValue:
    """Shows whom outside the house the people of a revision asked, and the form to ask somebody."""
    return _page(standards.revision(number))


@reviews.post("/r/<number>/review/counsel")
@requires(Permission.READ_REVISIONS)
def invite_counsel(number: str) -> ResponseReturnValue:
    """Invites outside counsel, mails the letter where that is asked, and shows the link, this once; it is kept nowhere."""
    revision, form = standards.revision(number), request.form
    try:
        with transaction():
            row, secret = counsel.invite(
                sign_in.actor(),
                revision,
                form.get("step", ""),
                name=form.get("name", ""),
                firm=form.get("firm", ""),
                email=form.get("email", ""),
                language=form.get("language", ""),
                working_days=form.get("days", 0, type=int),
                clause_ids=form.getlist("clauses"),
                question=form.get("question", ""),
            )
            row_id = row.id
    except Invalid as error:
        return _page(standards.revision(number), problems_from(error.errors)), 422
    return _link_page(number, row_id, secret, is_mailed=bool(form.get("mail")))


@reviews.post("/r/<number>/review/counsel/<int:invitation_id>/take-back")
@requires(Permission.READ_REVISIONS)
def take_counsel_back(number: str, invitation_id: int) -> ResponseReturnValue:
    """Takes a link back: it opens nothing from now on."""
    revision = standards.revision(number)
    with transaction():
        counsel.take_back(sign_in.actor(), revision, invitation_id)
    flash_done(_("The link is taken back: it opens nothing any more."))
    return redirect(url_for(".counsel_invitations", number=number), 303)


def _link_page(number: str, row_id: int, secret: str, *, is_mailed: bool) -> str:
    revision = standards.revision(number)
    base = current_app.config["SETTINGS"].base_url or request.host_url
    link = base.rstrip("/") + url_for(".outside", secret=secret)
    letter = counsel_letter.letter_of(revision, counsel_queries.invitation(revision, row_id), link)
    db.session.rollback()  # nothing is open in the database while the mail server takes its time
    failure = counsel_letter.send(letter) if is_mailed else None
    if is_mailed:
        with transaction():
            row = counsel_queries.invitation(revision, row_id)
            counsel_letter.note_sent(sign_in.actor(), revision, row, failure)
    return render_template(
        "reviews/counsel_link.html",
        revision=standards.revision(number),
        row=counsel_queries.invitation(revision, row_id),
        link=link,
        is_mailed=is_mailed,
        failure=failure,
        letter=f"mailto:{quote(letter.to, safe='@')}?subject={quote(letter.subject)}&body={quote(letter.text)}",
    )


def _page(revision: Revision, problems: Problems | None = None) -> str:
    actor = sign_in.actor()
    changes = changes_page.changes_of(revision, actor)
    steps = [s for s in plans.steps_of(revision.id) if s.kind is Kind.LEGAL]
    open_to = [s for s in steps if counsel.why_not_invite(actor, revision, s) is None]
    is_in_review = revision.state is State.IN_REVIEW
    return render_template(
        "reviews/counsel.html",
        revision=revision,
        rows=counsel_queries.rows_of(revision, changes.parts if is_in_review else None),
        may_take_back=actor.may(Permission.TRIAGE),
        steps=open_to,
        clauses=_clauses(revision, open_to, changes),
        usual_days=counsel.USUAL_DAYS,
        can_mail=counsel_letter.can_mail(),
        problems=problems,
        errors=dict(problems or []),
    )


def _clauses(
    revision: Revision, steps: list[Step], changes: changes_page.ChangesPage
) -> list[tuple[str, str]]:
    """Returns the clauses that may be named: those that a step open to the actor looks at."""
    parts = {p for s in steps for p in counsel_queries.parts_of_step(revision, s.key, changes.parts)}
    wanted = {clause_of(part) for part in parts}
    return [
        (c.clause_id, f"{c.clause_id.upper()} {c.title}") for c in changes.clauses if c.clause_id in wanted
    ]
