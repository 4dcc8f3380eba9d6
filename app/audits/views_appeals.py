"""Owns the pages of an agent's own results and of appeals."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audits import appeals as service
from app.audits import own_page, queries
from app.audits.forms import AppealForm, DecisionForm
from app.audits.models import Appeal, AppealState, ScoreLine
from app.audits.pages import audits
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.people import sign_in
from app.web.banner import flash_done
from app.web.filters import day


@audits.get("/a/mine")
@requires(Permission.READ_OWN_RESULTS)
def own_results() -> ResponseReturnValue:
    """Shows an agent the own checked contacts, newest first, with what can be appealed."""
    return render_template("audits/mine.html", page=own_page.own_page(sign_in.actor().person_id or 0))


@audits.get("/a/mine/<int:line_id>/appeal")
@requires(Permission.READ_OWN_RESULTS)
def appeal(line_id: int) -> ResponseReturnValue:
    """Asks why the agent does not agree with one result."""
    return _appeal(queries.line(line_id), AppealForm(formdata=None))


@audits.post("/a/mine/<int:line_id>/appeal")
@requires(Permission.READ_OWN_RESULTS)
def keep_appeal(line_id: int) -> ResponseReturnValue:
    """Sends the appeal to a second auditor; sent twice it is one."""
    line, form = queries.line(line_id), AppealForm()
    if not form.submitted:
        return _appeal(line, form), 422
    try:
        with transaction():
            due_on = service.appeal(sign_in.actor(), line, reason=form.reason.data or "").due_on
    except Invalid as error:
        form.take_errors(error)
        return _appeal(line, form), 422
    flash_done(_("Sent. A second auditor answers by %(day)s.", day=day(due_on)))
    return redirect(url_for(".own_results"), 303)


@audits.get("/a/appeals")
@requires(Permission.AUDIT)
def appeals() -> ResponseReturnValue:
    """Shows the open appeals, soonest due first, and what became of the last ones."""
    return render_template("audits/appeals.html", page=own_page.appeals_page(sign_in.actor()))


@audits.get("/a/appeals/<int:appeal_id>")
@requires(Permission.AUDIT)
def one_appeal(appeal_id: int) -> ResponseReturnValue:
    """Shows an appeal with its contact and, to a second auditor, the decision."""
    return _decide(queries.appeal(appeal_id), DecisionForm(formdata=None))


@audits.post("/a/appeals/<int:appeal_id>")
@requires(Permission.AUDIT)
def decide(appeal_id: int) -> ResponseReturnValue:
    """Decides an appeal with a reason."""
    row, form = queries.appeal(appeal_id), DecisionForm()
    if not form.submitted:
        return _decide(row, form), 422
    try:
        with transaction():
            service.decide_appeal(
                sign_in.actor(), row, state=AppealState(form.state.data), decision=form.decision.data or ""
            )
    except Invalid as error:
        form.take_errors(error)
        return _decide(row, form), 422
    flash_done(_("Decided. The agent sees your reason, and the rates are counted anew."))
    return redirect(url_for(".appeals"), 303)


def _appeal(line: ScoreLine, form: AppealForm) -> str:
    return render_template(
        "audits/appeal.html", page=own_page.line_page(line, sign_in.actor().person_id or 0), form=form
    )


def _decide(row: Appeal, form: DecisionForm) -> str:
    return render_template("audits/decide.html", page=own_page.decision_page(row, sign_in.actor()), form=form)
