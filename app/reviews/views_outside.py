"""Owns the pages behind counsel's link: who is there, what changed, notes, the signature. Open to all who have the link.

Opening changes nothing. Whoever has no open link gets one answer, whatever became of it; only the holder of a link
that ended by time is told so.
"""

import datetime as dt

from flask import Response, current_app, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import open_to_all
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, NotFound, Refused, Stale, TooMany
from app.core.pace import Pace
from app.people import sign_in, sign_in_rows
from app.reviews import counsel, counsel_page, counsel_queries
from app.reviews.counsel import Identity
from app.reviews.forms import parts_of, version_of
from app.reviews.models import CounselInvitation, Decision
from app.reviews.pages import reviews
from app.standards import queries as standards
from app.standards.models import Revision
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.language import prefer_language
from app.web.reasons import reason_words

ACCOUNT = "counsel-link"  # under which wrong links of a network are counted
MARKS = "counsel"  # in the session: {invitation id: mark of the browser}
GUESSES = "reviews.guesses"  # of the app: how many wrong links a network opened lately
Problems = list[tuple[str, str]]


@reviews.get("/counsel/<secret>")
@open_to_all
def outside(secret: str) -> ResponseReturnValue:
    """Asks who is there; who stated it in this browser reads what changed and signs, and sees there what was signed."""
    row = _row(secret)
    if row is not None and row.sign_off is not None and _is_stated(row):
        return redirect(url_for(".signed_from_outside", secret=secret), 303)
    if row is None or not counsel_queries.is_open(row):
        return _closed(row, secret)
    return _private(_review(row, secret) if _is_stated(row) else _ask_identity(row, secret))


@reviews.post("/counsel/<secret>")
@open_to_all
def state_identity(secret: str) -> ResponseReturnValue:
    """Keeps who states to be there and opens the clauses in this browser."""
    row = _open_row(secret)
    form = request.form
    identity = Identity(
        form.get("name", ""), form.get("firm", ""), form.get("role", ""), form.get("number", "")
    )
    try:
        with transaction():
            mark = counsel.state_identity(row, identity, is_said=bool(form.get("said")))
    except Invalid as error:
        return _private(_ask_identity(_open_row(secret), secret, problems_from(error.errors)), 422)
    session[MARKS] = {**session.get(MARKS, {}), str(_open_row(secret).id): mark}
    return redirect(url_for(".outside", secret=secret), 303)


@reviews.post("/counsel/<secret>/notes")
@open_to_all
def note_from_outside(secret: str) -> ResponseReturnValue:
    """Sends a note on a clause to the drafter."""
    row = _stated_row(secret)
    clause_id = request.form.get("clause", "")
    try:
        with transaction():
            counsel.write_note(row, clause_id, request.form.get("text", ""))
    except Invalid as error:
        problems = [(f"note-{clause_id}", words) for _field, words in problems_from(error.errors)]
        return _private(_review(_open_row(secret), secret, problems), 422)
    flash_done(_("Your note is sent; the drafter sees it at once."))
    return redirect(url_for(".outside", secret=secret, _anchor=clause_id), 303)


@reviews.post("/counsel/<secret>/sign")
@open_to_all
def sign_from_outside(secret: str) -> ResponseReturnValue:
    """Signs what the page showed and uses the link up."""
    row = _row(secret)
    if row is not None and row.sign_off is not None and _is_stated(row):
        return redirect(url_for(".signed_from_outside", secret=secret), 303)  # the form was sent twice
    row = _stated_row(secret)
    revision, number = db.session.get_one(Revision, row.revision_id), version_of(request.form)
    try:
        decision = _decision()
        with transaction():
            counsel.sign(
                row,
                decision,
                text_version=standards.text_version(revision.id, number),
                parts=parts_of(request.form),
                comment=request.form.get("comment", ""),
                clause_id=request.form.get("clause", ""),
            )
    except Invalid as error:
        return _private(_review(_open_row(secret), secret, problems_from(error.errors)), 422)
    except (Stale, Refused) as refusal:
        problems = [("", reason_words(r)) for r in refusal.reasons]
        return _private(_review(_open_row(secret), secret, problems), refusal.status)
    return redirect(url_for(".signed_from_outside", secret=secret), 303)


@reviews.get("/counsel/<secret>/signed")
@open_to_all
def signed_from_outside(secret: str) -> ResponseReturnValue:
    """Confirms what was signed, for printing, in the browser in which it was signed."""
    row = _row(secret)
    if row is None or row.sign_off is None or not _is_stated(row):
        return _closed(None, secret)
    prefer_language(row.language)
    revision = db.session.get_one(Revision, row.revision_id)
    shown = counsel_queries.CounselRow(row, None)
    return _private(render_template("reviews/outside_signed.html", revision=revision, row=shown))


def _row(secret: str) -> CounselInvitation | None:
    return counsel_queries.by_secret_hash(counsel.hash_of(secret))


def _open_row(secret: str) -> CounselInvitation:
    """Returns the invitation of an open link. Raises NotFound, TooMany, NotAllowed where staff is signed in."""
    row = _row(secret)
    if row is None or not counsel_queries.is_open(row):
        if row is None:
            _count_guess()
        raise NotFound("counsel.no_link")
    if sign_in.signed_in() is not None:
        raise NotAllowed("counsel.staff")
    prefer_language(row.language)
    return row


def _stated_row(secret: str) -> CounselInvitation:
    row = _open_row(secret)
    if not _is_stated(row):
        raise Refused("counsel.state_first")
    return row


def _is_stated(row: CounselInvitation) -> bool:
    return counsel.is_stated(row, session.get(MARKS, {}).get(str(row.id)))


def _count_guess() -> None:
    """Counts a wrong link of this network as wrong passwords are counted."""
    tries = current_app.config["SETTINGS"].sign_in_tries
    with transaction():
        sign_in_rows.must_not_flood(ACCOUNT, sign_in.network(), tries)
        sign_in_rows.note_try(ACCOUNT, sign_in.network())


def _decision() -> Decision:
    given = request.form.get("decision", "")
    if given not in set(Decision):
        raise Invalid.of("decision", "counsel.decision_missing")
    return Decision(given)


def _ask_identity(row: CounselInvitation, secret: str, problems: Problems | None = None) -> str:
    prefer_language(row.language)
    return render_template(
        "reviews/outside_identity.html",
        row=row,
        revision=db.session.get_one(Revision, row.revision_id),
        secret=secret,
        is_staff=sign_in.signed_in() is not None,
        problems=problems,
        errors=dict(problems or []),
        given=request.form,
    )


def _review(row: CounselInvitation, secret: str, problems: Problems | None = None) -> str:
    prefer_language(row.language)
    revision = db.session.get_one(Revision, row.revision_id)
    return render_template(
        "reviews/outside_review.html",
        page=counsel_page.page_of(revision, row),
        row=row,
        revision=revision,
        standard=revision.standard,
        statement=counsel.statement_of(row),
        secret=secret,
        problems=problems,
        errors=dict(problems or []),
        given=request.form,
    )


def _closed(row: CounselInvitation | None, secret: str) -> Response:
    """Answers whoever has no open link: always the same, but for the holder of one that ended by time."""
    if row is None:
        pace: Pace = current_app.extensions.setdefault(GUESSES, Pace(60, dt.timedelta(minutes=15)))
        until = pace.too_many_until(sign_in.network())
        if until is not None:
            raise TooMany("sign_in.locked", until=until)
    expired = row if row is not None and counsel_queries.is_only_expired(row) else None
    if expired is not None:
        prefer_language(expired.language)
    return _private(render_template("reviews/outside_closed.html", expired=expired), 404)


def _private(page: str, status: int = 200) -> Response:
    """Returns a page that no cache keeps and no search engine lists."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
