"""Owns outside counsel over HTTP for the people inside: inviting, the link shown once, taking it back."""

from urllib.parse import quote

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.people import sign_in
from app.reviews import changes_page, counsel, counsel_queries, plans
from app.reviews.freshness import Kind, Step, clause_of
from app.reviews.models import CounselInvitation
from app.reviews.pages import reviews
from app.standards import queries as standards
from app.standards.models import Revision
from app.standards.workflow import State
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.language import LOCALES, pick

Problems = list[tuple[str, str]]


@reviews.get("/r/<number>/review/counsel")
@requires(Permission.READ_REVISIONS)
def counsel_invitations(number: str) -> ResponseReturnValue:
    """Shows whom outside the house the people of a revision asked, and the form to ask somebody."""
    return _page(standards.revision(number))


@reviews.post("/r/<number>/review/counsel")
@requires(Permission.READ_REVISIONS)
def invite_counsel(number: str) -> ResponseReturnValue:
    """Invites outside counsel and shows the link, this once; it is kept nowhere."""
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
    revision = standards.revision(number)
    row = counsel_queries.invitation(revision, row_id)
    base = current_app.config["SETTINGS"].base_url or request.host_url
    link = base.rstrip("/") + url_for(".outside", secret=secret)
    return render_template(
        "reviews/counsel_link.html",
        revision=revision,
        row=row,
        link=link,
        letter=_letter(revision, row, link),
    )


@reviews.post("/r/<number>/review/counsel/<int:invitation_id>/take-back")
@requires(Permission.READ_REVISIONS)
def take_counsel_back(number: str, invitation_id: int) -> ResponseReturnValue:
    """Takes a link back: it opens nothing from now on."""
    revision = standards.revision(number)
    with transaction():
        counsel.take_back(sign_in.actor(), revision, invitation_id)
    flash_done(_("The link is taken back: it opens nothing any more."))
    return redirect(url_for(".counsel_invitations", number=number), 303)


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


def _letter(revision: Revision, row: CounselInvitation, link: str) -> str:
    """Returns a `mailto:` address that opens the own mail program with the letter written, in counsel's language."""
    with force_locale(LOCALES[row.language]):
        subject = _("Your review of %(title)s", title=pick(revision.title, revision.title_en))
        words = _(
            "Dear %(name)s,\n\nthis link opens the clauses we ask you to review. It is for you alone, and works until you have signed.\n\n%(link)s\n",
            name=row.name,
            link=link,
        )
    return f"mailto:{quote(row.email, safe='@')}?subject={quote(subject)}&body={quote(words)}"
