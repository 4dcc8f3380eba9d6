"""Owns the pages of accounts: the list, adding one, roles, leave, password and closing. The verbs stand in `people.service`."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.admin.forms import AbsenceForm, GrantForm, PasswordForm, PersonForm, TeamForm, number_of
from app.admin.pages import admin
from app.core.access import Permission, Role, requires
from app.core.clock import today
from app.core.db import transaction
from app.core.errors import Invalid, NotFound
from app.people import codes, queries, service, sign_in
from app.people.models import Person
from app.web.banner import flash_done
from app.web.filters import day
from app.web.forms import HouseForm
from app.web.language import pick
from app.web.paging import paginate


@admin.get("/admin/people")
@requires(Permission.MANAGE_PEOPLE)
def people() -> ResponseReturnValue:
    """Shows the accounts; `?q=` searches names, `?closed=1` adds the closed ones."""
    wanted = request.args.get("q", "").strip().casefold()
    with_closed = request.args.get("closed") == "1"
    rows = [p for p in queries.everybody(active_only=not with_closed) if _fits(p, wanted)]
    page = paginate(len(rows), lambda offset, limit: rows[offset : offset + limit])
    roles = queries.roles_of([p.id for p in page.items])
    return render_template(
        "admin/people.html",
        page=page,
        roles=roles,
        q=wanted,
        with_closed=with_closed,
        is_absent=queries.is_absent,
    )


@admin.route("/admin/people/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def add_person() -> ResponseReturnValue:
    """Adds an account; roles are granted on its page."""
    form = PersonForm()
    form.fill_choices()
    if form.submitted:
        team = next((t for t in queries.teams() if t.id == number_of(form.team_id.data)), None)
        try:
            with transaction():
                person = service.add_person(
                    sign_in.actor(),
                    sign_in_name=form.sign_in_name.data,
                    name=form.name.data,
                    name_latin=form.name_latin.data or "",
                    email=(form.email.data or "").strip() or None,
                    password=form.password.data,
                    department_id=form.department_id.data,
                    team_id=team.id if team else None,
                    region_id=team.region_id if team else None,
                    agent_code=(form.agent_code.data or "").strip() or None,
                    language=form.language.data,
                    joined_on=form.joined_on.data,
                )
                person_id = person.id
        except Invalid as error:
            form.take_errors(error)
        else:
            flash_done(_("The account is there. Grant the roles it needs."))
            return redirect(url_for(".person", person_id=person_id), 303)
    status = 422 if request.method == "POST" else 200
    return render_template("admin/person_new.html", form=form), status


@admin.get("/admin/people/<int:person_id>")
@requires(Permission.MANAGE_PEOPLE)
def person(person_id: int) -> ResponseReturnValue:
    """Shows an account: roles, leave, password, closing."""
    return _show(queries.person(person_id))


@admin.post("/admin/people/<int:person_id>/roles")
@requires(Permission.MANAGE_PEOPLE)
def grant_role(person_id: int) -> ResponseReturnValue:
    """Grants a role; it counts from the person's next page."""
    row, form = queries.person(person_id), GrantForm()
    form.fill_choices()

    def grant() -> None:
        service.grant_role(
            sign_in.actor(),
            row.id,
            Role(form.role.data),
            team_id=number_of(form.team_id.data),
            starts_on=form.starts_on.data or today(),
            ends_on=form.ends_on.data,
        )

    if _done(form, grant):
        begins = form.starts_on.data
        flash_done(
            _("The role counts from %(day)s.", day=day(begins))
            if begins and begins > today()
            else _("The role counts from now on.")
        )
        return redirect(url_for(".person", person_id=person_id), 303)
    return _show(queries.person(person_id), grant_form=form), 422


@admin.post("/admin/people/<int:person_id>/roles/<int:grant_id>/end")
@requires(Permission.MANAGE_PEOPLE)
def end_role(person_id: int, grant_id: int) -> ResponseReturnValue:
    """Ends a role; the person is signed out everywhere, so that it acts at once."""
    if grant_id not in {grant.id for grant in queries.grants_of(person_id)}:
        raise NotFound("person.unknown")
    with transaction():
        service.end_grant(sign_in.actor(), grant_id)
    flash_done(_("The role has ended, and all sign-ins of the person with it."))
    return redirect(url_for(".person", person_id=person_id), 303)


@admin.post("/admin/people/<int:person_id>/leave")
@requires(Permission.MANAGE_PEOPLE)
def set_leave(person_id: int) -> ResponseReturnValue:
    """Notes leave and the backup; empty days end the leave."""
    row, form = queries.person(person_id), AbsenceForm()
    form.fill_choices(row.id)

    def note() -> None:
        service.set_absence(
            sign_in.actor(),
            row.id,
            form.absent_from.data,
            form.absent_until.data,
            number_of(form.backup_id.data),
        )

    if _done(form, note):
        flash_done(_("The leave is noted."))
        return redirect(url_for(".person", person_id=person_id), 303)
    return _show(queries.person(person_id), absence_form=form), 422


@admin.post("/admin/people/<int:person_id>/team")
@requires(Permission.MANAGE_PEOPLE)
def move_to_team(person_id: int) -> ResponseReturnValue:
    """Moves somebody to another team, with the roles held only for the old one."""
    row, form = queries.person(person_id), TeamForm()
    form.fill_choices()

    def move() -> None:
        service.move_to_team(
            sign_in.actor(),
            row.id,
            number_of(form.moves_to.data),
            agent_code=(form.agent_code.data or "").strip() or None,
        )

    if _done(form, move):
        flash_done(_("The new team counts from now on."))
        return redirect(url_for(".person", person_id=person_id), 303)
    return _show(queries.person(person_id), team_form=form), 422


@admin.post("/admin/people/<int:person_id>/password")
@requires(Permission.MANAGE_PEOPLE)
def set_password(person_id: int) -> ResponseReturnValue:
    """Gives somebody who lost the password a new one; the person is signed out everywhere."""
    row, form = queries.person(person_id), PasswordForm()
    if _done(form, lambda: service.set_password(sign_in.actor(), row.id, form.password.data)):
        flash_done(_("The new password counts from now on. Tell it to the person only."))
        return redirect(url_for(".person", person_id=person_id), 303)
    return _show(queries.person(person_id), password_form=form), 422


@admin.post("/admin/people/<int:person_id>/codes/reset")
@requires(Permission.MANAGE_PEOPLE)
def reset_codes(person_id: int) -> ResponseReturnValue:
    """Takes one-time codes away from somebody who lost the device; it stands in the log."""
    row = queries.person(person_id)
    with transaction():
        codes.switch_off(sign_in.actor(), row.id)
    flash_done(
        _("The one-time codes are taken away. The password counts; new codes are set up in the profile.")
    )
    return redirect(url_for(".person", person_id=person_id), 303)


@admin.post("/admin/people/<int:person_id>/close")
@requires(Permission.MANAGE_PEOPLE)
def close(person_id: int) -> ResponseReturnValue:
    """Closes an account; what the person did stays."""
    row = queries.person(person_id)
    name = pick(row.name, row.name_latin)
    with transaction():
        service.deactivate(sign_in.actor(), row.id)
    flash_done(_("The account of %(name)s is closed.", name=name))
    return redirect(url_for(".people"), 303)


def _done(form: HouseForm, verb: Callable[[], object]) -> bool:
    """Does what a form asks for; False where the form or the verb says what is wrong, which then stands on the form."""
    if not form.submitted:
        return False
    try:
        with transaction():
            verb()
    except Invalid as error:
        form.take_errors(error)
        return False
    return True


def _show(row: Person, **given: HouseForm) -> str:
    forms = _forms(row) | given
    grants = queries.grants_of(row.id)
    return render_template(
        "admin/person.html",
        person=row,
        form=next((form for form in forms.values() if form.errors or form.form_errors), forms["grant_form"]),
        current=[g for g in grants if g.ends_on is None or g.ends_on >= today()],
        teams={team.id: team for team in queries.teams()},
        regions={region.id: region for region in queries.regions()},
        has_codes=codes.has_codes(row.id),
        is_self=row.id == sign_in.viewer_person().id,
        **forms,
    )


def _forms(row: Person) -> dict[str, HouseForm]:
    """The forms of an account as they stand before anybody types."""
    grant_form, absence_form = GrantForm(formdata=None), AbsenceForm(formdata=None, obj=row)
    grant_form.fill_choices()
    absence_form.fill_choices(row.id)
    absence_form.backup_id.data = str(row.backup_id or "")
    team_form = TeamForm(formdata=None, obj=row)
    team_form.fill_choices()
    team_form.moves_to.data = str(row.team_id or "")
    return {
        "grant_form": grant_form,
        "absence_form": absence_form,
        "team_form": team_form,
        "password_form": PasswordForm(formdata=None),
    }


def _fits(person: Person, wanted: str) -> bool:
    texts = (person.name, person.name_latin, person.sign_in_name, person.email or "")
    return not wanted or any(wanted in text.casefold() for text in texts)
