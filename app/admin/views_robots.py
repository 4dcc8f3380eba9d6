"""Owns the page of group robots: adding one, trying it out, pausing, removing, what failed. The verbs stand in `notices`."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.admin.pages import admin
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, Refused
from app.notices import receivers
from app.notices import robots as service
from app.notices.chat import ChatKind
from app.notices.receivers import ROBOTS
from app.people import sign_in
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.reasons import reason_words


@admin.get("/admin/notices")
@requires(Permission.MANAGE_SYSTEM)
def robots() -> ResponseReturnValue:
    """Shows the robots of groups, what they were told, and a form to add one."""
    return _page()


@admin.post("/admin/notices")
@requires(Permission.MANAGE_SYSTEM)
def add_robot() -> ResponseReturnValue:
    """Adds a robot. The address and the secret are never shown again."""
    kind = request.form.get("kind", "")
    try:
        if kind not in set(ChatKind):
            raise Invalid.of("kind", "web.not_a_choice")
        with transaction():
            service.add(
                sign_in.actor(),
                kind=ChatKind(kind),
                name=request.form.get("name", ""),
                address=request.form.get("address", ""),
                secret=request.form.get("secret", ""),
                topics=request.form.getlist("topics"),
                language=request.form.get("language", ""),
            )
    except Invalid as error:
        return _page(problems_from(error.errors)), 422
    except Refused as refused:
        return _page([("", reason_words(reason)) for reason in refused.reasons]), 409
    flash_done(_("The robot is added. Send it a test message."))
    return redirect(url_for(".robots"), 303)


@admin.post("/admin/notices/<int:robot_id>/<any(on,off,test,remove):deed>")
@requires(Permission.MANAGE_SYSTEM)
def change_robot(robot_id: int, deed: str) -> ResponseReturnValue:
    """Lets a robot speak, keeps it silent, tries it out or removes it."""
    actor = sign_in.actor()
    with transaction():
        if deed == "test":
            service.try_out(actor, robot_id)
        elif deed == "remove":
            receivers.remove(actor, robot_id, ROBOTS)
        else:
            receivers.switch(actor, robot_id, ROBOTS, is_on=deed == "on")
    said: dict[str, Any] = {
        "on": _("The robot speaks again."),
        "off": _("The robot is silent now."),
        "test": _("A test message is on its way; the list below says whether it arrived."),
        "remove": _("The robot is removed, with its address and secret."),
    }
    flash_done(said[deed])
    return redirect(url_for(".robots"), 303)


@admin.post("/admin/notices/messages/<int:message_id>/again")
@requires(Permission.MANAGE_SYSTEM)
def send_again(message_id: int) -> ResponseReturnValue:
    """Sends a message again that failed, or of which nobody knows whether it arrived."""
    with transaction():
        receivers.again(sign_in.actor(), message_id, ROBOTS)
    flash_done(_("The message is on its way again."))
    return redirect(url_for(".robots"), 303)


def _page(problems: list[tuple[str, str]] | None = None) -> str:
    rows = receivers.receivers(ROBOTS)
    return render_template(
        "admin/robots.html",
        rows=rows,
        names={row.id: row.name for row in rows},
        languages={row.id: row.language for row in rows},
        messages=receivers.newest_deliveries(ROBOTS),
        text_of=service.text_of,
        topics=service.TOPICS,
        kinds=list(ChatKind),
        typed=request.form,
        problems=problems,
        errors=dict(problems or []),
    )
