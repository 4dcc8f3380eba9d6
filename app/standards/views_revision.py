"""Owns the pages of revisions: the list, the workspace, its discussion, holding and withdrawing."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.people import sign_in
from app.standards import beside, lifecycle, queries, revision_list, revision_page, service
from app.standards.models import Revision
from app.standards.pages import standards
from app.standards.workflow import PHASES, STAGES, Move
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.paging import paginate


@standards.get("/r")
@requires(Permission.LIST_REVISIONS)
def revisions() -> ResponseReturnValue:
    """Shows the revisions that fit `?show=` (open, mine, ended, all) and `?stage=` (1 to 9)."""
    wish = revision_list.wish_of(request.args.get("show"), request.args.get("stage"))
    made = revision_list.rows(sign_in.actor(), wish)
    page = paginate(len(made.rows), lambda offset, limit: made.rows[offset : offset + limit])
    phases = {number: PHASES[key] for number, key in enumerate(STAGES, start=1)}
    return render_template("standards/revisions.html", made=made, page=page, wish=wish, phases=phases)


@standards.get("/r/<number>")
@requires(Permission.READ_REVISIONS)
def revision(number: str) -> ResponseReturnValue:
    """Shows a revision: where it stands, why, what changes, its stages, discussion and timeline."""
    return _show(beside.revision_with_all(number))


@standards.post("/r/<number>/notes")
@requires(Permission.READ_REVISIONS)
def add_note(number: str) -> ResponseReturnValue:
    """Adds a note to the discussion and comes back to it."""
    row = queries.revision(number)
    text = request.form.get("text", "")
    try:
        with transaction():
            service.add_note(sign_in.actor(), row, text)
    except Invalid as error:
        return _show(queries.revision(number), note_text=text, problems=problems_from(error.errors)), 422
    flash_done(_("Your note stands in the discussion."))
    return redirect(url_for(".revision", number=number, _anchor="discussion"), 303)


@standards.route("/r/<number>/withdraw", methods=["GET", "POST"])
@requires(Permission.PROPOSE)
def withdraw(number: str) -> ResponseReturnValue:
    """Asks for the reason and withdraws the revision; only its proposer may."""
    row, reason = queries.revision(number), _reason()
    if not reason:
        return _ask_reason(row, "withdraw")
    with transaction():
        lifecycle.perform(row, lifecycle.Attempt(Move.WITHDRAW, sign_in.actor(), reason))
    flash_done(_("Revision %(number)s is withdrawn.", number=number))
    return redirect(url_for(".revision", number=number), 303)


@standards.route("/r/<number>/hold", methods=["GET", "POST"])
@requires(Permission.READ_REVISIONS)
def hold(number: str) -> ResponseReturnValue:
    """Asks for the reason and puts the revision on hold."""
    row, reason = queries.revision(number), _reason()
    if not reason:
        return _ask_reason(row, "hold")
    with transaction():
        service.hold(sign_in.actor(), row, reason=reason)
    flash_done(_("Revision %(number)s is on hold.", number=number), url_for(".release", number=number))
    return redirect(url_for(".revision", number=number), 303)


@standards.post("/r/<number>/release")
@requires(Permission.READ_REVISIONS)
def release(number: str) -> ResponseReturnValue:
    """Ends the hold."""
    row = queries.revision(number)
    with transaction():
        service.release(sign_in.actor(), row)
    flash_done(_("Revision %(number)s goes on.", number=number))
    return redirect(url_for(".revision", number=number), 303)


def _show(row: Revision, **more: object) -> str:
    page = revision_page.page_of(row, sign_in.actor())
    return render_template(
        "standards/revision.html",
        page=page,
        revision=row,
        standard=row.standard,
        decisions_only=request.args.get("timeline") == "decisions",
        bodies={
            stage.number: [_block(b.template, row, b.context) for b in stage.blocks] for stage in page.stages
        },
        rail_steps=[_rail_step(stage) for stage in page.stages],
        name_of=revision_page.name_of,
        **more,
    )


def _rail_step(stage: revision_page.StageView) -> dict[str, object]:
    """Returns a stage as the rail draws it; a stage with something to see is a link to its place on the page."""
    has_place = stage.state != "next" or bool(stage.result)
    return {
        "name": stage.name,
        "phase": stage.phase,
        "state": stage.state,
        "meta": stage.meta,
        "url": f"#stage-{stage.number}" if has_place and (stage.blocks or stage.state != "now") else None,
    }


def _block(template: str | None, row: Revision, context: dict[str, object]) -> Markup:
    """Returns what a room shows for a stage; its template gets its own context and the revision."""
    return Markup(render_template(template or "", revision=row, **context))  # noqa: S704 - our own template


def _reason() -> str:
    """The reason that came with the request; empty on the first look at the form, and when none was written."""
    return request.form.get("reason", "").strip()


def _ask_reason(row: Revision, act: str) -> ResponseReturnValue:
    """The form that asks for it: as an answer to a form without a reason it says what is missing."""
    is_missing = request.method == "POST"
    problems = [("reason", _("Write the reason. It stays in the dossier."))] if is_missing else []
    page = render_template("standards/reason.html", revision=row, act=act, problems=problems)
    return page, 422 if is_missing else 200
