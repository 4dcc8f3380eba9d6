"""Owns the page of webhooks: adding an address, trying it out, pausing, removing, what was delivered. The verbs stand in `notices`."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.admin.pages import admin
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, Refused
from app.notices import receivers
from app.notices import webhooks as service
from app.notices.receivers import WEBHOOKS
from app.people import sign_in
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.reasons import reason_words


@admin.get("/admin/webhooks")
@requires(Permission.MANAGE_SYSTEM)
def webhooks() -> ResponseReturnValue:
    """Shows the addresses of other systems, what they were told, and a form to add one."""
    return _page()


@admin.post("/admin/webhooks")
@requires(Permission.MANAGE_SYSTEM)
def add_webhook() -> ResponseReturnValue:
    """Adds an address and shows its signing secret, this once."""
    given = request.form
    try:
        with transaction():
            row, secret = service.add(
                sign_in.actor(),
                name=given.get("name", ""),
                address=given.get("address", ""),
                secret=given.get("secret", ""),
                topics=given.getlist("topics"),
            )
            name, host = row.name, row.host
    except Invalid as error:
        return _page(problems_from(error.errors)), 422
    except Refused as refused:
        return _page([("", reason_words(reason)) for reason in refused.reasons]), 409
    return render_template("admin/webhook_added.html", name=name, host=host, secret=secret)


@admin.post("/admin/webhooks/<int:webhook_id>/<any(on,off,test,remove):deed>")
@requires(Permission.MANAGE_SYSTEM)
def change_webhook(webhook_id: int, deed: str) -> ResponseReturnValue:
    """Pauses an address, goes on with it, tries it out or removes it."""
    actor = sign_in.actor()
    with transaction():
        if deed == "test":
            service.try_out(actor, webhook_id)
        elif deed == "remove":
            receivers.remove(actor, webhook_id, WEBHOOKS)
        else:
            receivers.switch(actor, webhook_id, WEBHOOKS, is_on=deed == "on")
    said: dict[str, Any] = {
        "on": _("The system is told news again, from now on."),
        "off": _("The webhook is paused: what happens meanwhile is not told later."),
        "test": _("A test is on its way; the list below says whether it arrived."),
        "remove": _("The webhook is removed, with its address and secret."),
    }
    flash_done(said[deed])
    return redirect(url_for(".webhooks"), 303)


@admin.post("/admin/webhooks/deliveries/<int:delivery_id>/again")
@requires(Permission.MANAGE_SYSTEM)
def deliver_again(delivery_id: int) -> ResponseReturnValue:
    """Sends again what failed, or of which nobody knows whether it arrived; it keeps its id."""
    with transaction():
        receivers.again(sign_in.actor(), delivery_id, WEBHOOKS)
    flash_done(_("The delivery is on its way again."))
    return redirect(url_for(".webhooks"), 303)


def _page(problems: list[tuple[str, str]] | None = None) -> str:
    rows = receivers.receivers(WEBHOOKS)
    return render_template(
        "admin/webhooks.html",
        rows=rows,
        names={row.id: row.name for row in rows},
        deliveries=receivers.newest_deliveries(WEBHOOKS),
        topics=service.TOPICS,
        typed=request.form,
        problems=problems,
        errors=dict(problems or []),
    )
