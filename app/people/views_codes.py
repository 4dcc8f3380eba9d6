"""Owns the page on which somebody sets up one-time codes: the picture to scan, the confirming code, recovery codes."""

import segno
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.people import codes, one_time, sign_in
from app.people.pages import people
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.shell import organisation

Problems = list[tuple[str, str]]


@people.get("/profile/codes", endpoint="codes")
@requires(Permission.USE_DESK)
def codes_page() -> ResponseReturnValue:
    """Shows whether codes are set up, and the picture to scan while they are being set up."""
    return _page()


@people.post("/profile/codes/begin", endpoint="begin_codes")
@requires(Permission.USE_DESK)
def begin_codes() -> ResponseReturnValue:
    """Makes a new secret; the password is asked, for whoever sits at an open desk must not get a way to sign."""
    return _with_password(lambda: codes.begin(sign_in.actor()), "")


@people.post("/profile/codes/confirm", endpoint="confirm_codes")
@requires(Permission.USE_DESK)
def confirm_codes() -> ResponseReturnValue:
    """Takes the first code of the device; from now on codes count. Shows the recovery codes, this once."""
    try:
        with transaction():
            made = codes.confirm(sign_in.actor(), request.form.get("code", ""))
    except Invalid as error:
        return _page(problems_from(error.errors)), 422
    return render_template("people/recovery_codes.html", codes=made)


@people.post("/profile/codes/recovery", endpoint="renew_recovery_codes")
@requires(Permission.USE_DESK)
def renew_recovery_codes() -> ResponseReturnValue:
    """Makes new recovery codes in place of the old ones and shows them, this once."""
    if not _password_fits():
        return _page(_wrong_password()), 422
    with transaction():
        made = codes.renew_recovery(sign_in.actor())
    return render_template("people/recovery_codes.html", codes=made)


@people.post("/profile/codes/off", endpoint="switch_codes_off")
@requires(Permission.USE_DESK)
def switch_codes_off() -> ResponseReturnValue:
    """Takes the own codes away; signing asks for the password again."""
    person_id = sign_in.viewer_person().id
    return _with_password(
        lambda: codes.switch_off(sign_in.actor(), person_id), _("One-time codes are switched off.")
    )


def _with_password(verb: object, done: str) -> ResponseReturnValue:
    if not _password_fits():
        return _page(_wrong_password()), 422
    assert callable(verb)
    with transaction():
        verb()
    if done:
        flash_done(done)
    return redirect(url_for("people.codes"), 303)


def _password_fits() -> bool:
    with transaction():
        return sign_in.confirm_password(request.form.get("password", ""))


def _wrong_password() -> Problems:
    return [("password", _("The password is not right"))]


def _page(problems: Problems | None = None) -> str:
    person = sign_in.viewer_person()
    secret = codes.waiting_secret(person)
    row = codes.of_person(person.id)
    return render_template(
        "people/codes.html",
        row=row,
        secret=secret if row is not None and row.begun_at else None,
        picture=_picture(secret, person.sign_in_name) if secret else None,
        left=codes.recovery_left(person.id) if row is not None and row.confirmed_at else 0,
        problems=problems,
        errors=dict(problems or []),
    )


def _picture(secret: str, account: str) -> Markup:
    address = one_time.address(secret, organisation() or "Touchstone", account)
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff", dark="#000")
    return Markup(drawn)  # noqa: S704 - made here
