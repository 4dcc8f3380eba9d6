"""Owns the page of held notes, and the line above every page that counts them."""

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.access import Permission, requires
from app.core.db import transaction
from app.people import sign_in, sign_in_rows
from app.reviews import held
from app.reviews.pages import reviews
from app.web.banner import flash_done
from app.web.places import safe_place
from app.web.standing import Standing, provide_standing
from app.web.viewer import current_viewer


def provide(app: Flask) -> None:
    """Lets the frame of each page count the viewer's held notes; called once by the wiring page."""
    provide_standing(app, _line)
    sign_in_rows.bring_along(held.count, held.count_of_person())


@reviews.get("/held-notes")
@requires(Permission.READ_REVISIONS)
def held_notes() -> ResponseReturnValue:
    """Shows the notes that the reader holds, with the clause each is about."""
    actor = sign_in.actor()
    return render_template("reviews/held.html", rows=held.notes_of(actor.person_id or 0))


@reviews.post("/held-notes")
@requires(Permission.READ_REVISIONS)
def send_held() -> ResponseReturnValue:
    """Sends all notes that the reader holds; sent twice it says that none was held."""
    with transaction():
        sent = held.send(sign_in.actor())
    flash_done(
        ngettext("%(num)s note is sent.", "%(num)s notes are sent.", sent) if sent else _("You hold no note.")
    )
    return redirect(safe_place(request.form.get("next"), url_for(".held_notes")), 303)


@reviews.post("/held-notes/<int:note_id>/deletion")
@requires(Permission.READ_REVISIONS)
def delete_held(note_id: int) -> ResponseReturnValue:
    """Deletes a held note; nobody else has read it."""
    with transaction():
        held.delete(sign_in.actor(), note_id)
    flash_done(_("The note is deleted. Nobody else had read it."))
    return redirect(url_for(".held_notes"), 303)


def _line() -> Standing | None:
    viewer = current_viewer()
    count = held.count(viewer.actor.person_id) if viewer.actor.person_id else 0
    if not count:
        return None
    return Standing(
        words=ngettext(
            "You hold %(num)s note that nobody else reads yet.",
            "You hold %(num)s notes that nobody else reads yet.",
            count,
        ),
        url=url_for("reviews.held_notes"),
        url_words=_("Read them"),
        act_url=url_for("reviews.send_held"),
        act_words=_("Send all"),
    )
