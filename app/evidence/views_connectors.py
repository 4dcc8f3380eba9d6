"""Owns the pages of connected systems: which are asked, how the last pull went, adding, changing, pausing."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import db, transaction
from app.core.errors import Invalid, NotFound
from app.evidence import articles, connector_words, connectors, push_tokens
from app.evidence.connector_models import Connector, ConnectorKind
from app.evidence.forms import GUESS, mapping_choices
from app.evidence.pages import evidence
from app.people import sign_in
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.typed import day_of, one_of


@evidence.get("/e/connectors")
@requires(Permission.MANAGE_EVIDENCE)
def connectors_page() -> ResponseReturnValue:
    """Shows the connected systems with what the last pull brought, and the form for one more."""
    return list_page()


@evidence.post("/e/connectors")
@requires(Permission.MANAGE_EVIDENCE)
def add_connector() -> ResponseReturnValue:
    """Connects a system."""
    form = request.form
    try:
        with transaction():
            row = connectors.add(
                sign_in.actor(),
                name=form.get("name", ""),
                kind=one_of(ConnectorKind, form.get("kind")) or ConnectorKind.ZENDESK,
                starts_on=day_of(form.get("starts_on")),
                **_fields(),
            )
            name = row.name
    except Invalid as error:
        return list_page(typed=form, problems=problems_from(error.errors)), 422
    flash_done(_("%(name)s is connected.", name=name))
    return redirect(url_for(".connectors_page"), 303)


@evidence.get("/e/connectors/<int:connector_id>")
@requires(Permission.MANAGE_EVIDENCE)
def connector_page(connector_id: int) -> ResponseReturnValue:
    """Shows one connected system to be changed."""
    return _one(_row(connector_id))


@evidence.post("/e/connectors/<int:connector_id>")
@requires(Permission.MANAGE_EVIDENCE)
def change_connector(connector_id: int) -> ResponseReturnValue:
    """Changes a connected system."""
    row = _row(connector_id)
    try:
        with transaction():
            from_start = request.form.get("from_start") == "y"
            connectors.change(sign_in.actor(), row, from_start=from_start, **_fields())
            name = row.name
    except Invalid as error:
        return _one(_row(connector_id), typed=request.form, problems=problems_from(error.errors)), 422
    flash_done(_("%(name)s was changed.", name=name))
    return redirect(url_for(".connectors_page"), 303)


@evidence.post("/e/connectors/<int:connector_id>/<any(pause,resume,now):act>")
@requires(Permission.MANAGE_EVIDENCE)
def act_on_connector(connector_id: int, act: str) -> ResponseReturnValue:
    """Pauses a connected system, lets it go on, or lets it ask at once."""
    row = _row(connector_id)
    with transaction():
        {"pause": connectors.pause, "resume": connectors.resume, "now": connectors.ask_now}[act](
            sign_in.actor(), row
        )
        said = {
            "pause": _("%(name)s rests.", name=row.name),
            "resume": _("%(name)s goes on.", name=row.name),
            "now": _("%(name)s is asked as soon as the worker is free.", name=row.name),
        }[act]
    flash_done(said)
    return redirect(url_for(".connectors_page"), 303)


def list_page(**more: object) -> str:
    """Returns the page of connected systems: those that are asked, and those that send."""
    return render_template(
        "evidence/connectors.html",
        rows=connectors.all_connectors(),
        tokens=push_tokens.all_tokens(),
        mappings=[
            *((one.value, one.label) for one in mapping_choices() if one.value != GUESS),
            (articles.NAME, _("Articles of a knowledge base; reads the feed of all clauses")),
        ],
        **_choices(),
        **more,
    )


def _one(row: Connector, **more: object) -> str:
    return render_template("evidence/connector.html", row=row, **_choices(), **more)


def _choices() -> dict[str, Any]:
    return {
        "kinds": [(kind.value, connector_words.connector_kind_words(kind)) for kind in ConnectorKind],
        "schedules": [(str(m), connector_words.schedule_words(m)) for m in connectors.SCHEDULES],
    }


def _row(connector_id: int) -> Connector:
    row = db.session.get(Connector, connector_id)
    if row is None:
        raise NotFound("connector.unknown", name=str(connector_id))
    return row


def _fields() -> dict[str, Any]:
    form, minutes = request.form, request.form.get("every_minutes", "")
    return {
        "base_url": form.get("base_url", ""),
        "account": form.get("account", ""),
        "only": form.get("only", ""),
        "every_minutes": int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 6 else 0,
    }
