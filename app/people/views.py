"""Owns the pages of people: sign in, sign out, the own profile."""

from dataclasses import replace

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, open_to_all, requires
from app.core.db import transaction
from app.core.errors import DomainError, Invalid
from app.core.text import fold_name
from app.people import codes, queries, service, sign_in, sign_in_rows, views_codes
from app.people.forms import OwnLeaveForm, ProfileForm, SignInForm
from app.people.pages import people
from app.web.banner import flash_done
from app.web.places import safe_place

__all__ = ["people", "views_codes"]


@people.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@open_to_all
def sign_in_page() -> ResponseReturnValue:
    """Signs a person in and goes to the page they wanted; one message for a wrong name or password."""
    wanted = safe_place(request.values.get("next"), "/desk")
    form = SignInForm()
    if request.method == "GET":
        if sign_in.signed_in():
            return redirect(wanted, 303)
        return render_template("people/sign_in.html", form=form, next=wanted)
    try:
        account = fold_name(form.name.data or "")
    except DomainError:
        account = ""
    with transaction():
        person = sign_in_rows.check_password(
            account,
            form.password.data or "",
            sign_in.network(),
            current_app.config["SETTINGS"].sign_in_tries,
        )
        if person is not None:
            sign_in.begin(person, trust_phone=bool(form.trust.data))
    if person is None:
        form.take_errors(Invalid.of("password", "sign_in.wrong"))
        return render_template("people/sign_in.html", form=form, next=wanted), 422
    return redirect(wanted, 303)


@people.post("/sign-out")
@open_to_all
def sign_out() -> ResponseReturnValue:
    """Ends this sign-in."""
    with transaction():
        sign_in.finish()
    return redirect(url_for("people.sign_in"), 303)


@people.route("/profile", methods=["GET", "POST"])
@requires(Permission.USE_DESK)
def profile() -> ResponseReturnValue:
    """Shows and keeps the own language, and shows the own roles."""
    person = sign_in.viewer_person()
    form = ProfileForm(obj=person)
    if form.submitted:
        with transaction():
            service.set_preferences(sign_in.actor(), language=form.language.data)
        flash_done(_("Your choices are kept."))
        response = make_response(redirect(url_for("people.profile"), 303))
        # A language chosen earlier on this device would win over the choice just made.
        response.delete_cookie("lang")
        return response
    return _profile(form)


LEAVE_FIELDS = {"ends_on": "absent_until", "backup": "backup_id"}  # as the verb names them, as the form does


@people.post("/profile/leave")
@requires(Permission.USE_DESK)
def set_own_leave() -> ResponseReturnValue:
    """Notes the own leave and who stands in; empty days end it."""
    person, leave = sign_in.viewer_person(), OwnLeaveForm()
    leave.fill_choices(person.id)
    if leave.submitted:
        try:
            with transaction():
                service.set_absence(
                    sign_in.actor(),
                    person.id,
                    leave.absent_from.data,
                    leave.absent_until.data,
                    int(leave.backup_id.data) if leave.backup_id.data else None,
                )
        except Invalid as refusal:
            leave.take_errors(
                Invalid([replace(e, field=LEAVE_FIELDS.get(e.field, e.field)) for e in refusal.errors])
            )
        else:
            flash_done(_("The leave is noted."))
            return redirect(url_for("people.profile"), 303)
    return _profile(ProfileForm(formdata=None, obj=sign_in.viewer_person()), leave), 422


def _profile(form: ProfileForm, leave: OwnLeaveForm | None = None) -> str:
    person = sign_in.viewer_person()
    if leave is None:
        leave = OwnLeaveForm(formdata=None, obj=person)
        leave.fill_choices(person.id)
        leave.backup_id.data = str(person.backup_id or "")
    return render_template(
        "people/profile.html",
        form=leave if leave.errors else form,
        own=form,
        leave=leave,
        person=person,
        grants=queries.grants_of(person.id),
        has_codes=codes.has_codes(person.id),
    )
