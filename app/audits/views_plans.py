"""Owns the pages of plans: all months, one month with its draw."""

import secrets

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audits import plan_page, queries, service
from app.audits.forms import MonthPlanForm
from app.audits.pages import audits
from app.audits.plan_page import EXPECTED_SHARE
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.people import sign_in
from app.standards import queries as standards
from app.web.banner import flash_done
from app.web.filters import interval
from app.web.language import current_language


@audits.get("/a")
@requires(Permission.READ_REPORTS)
def plans() -> ResponseReturnValue:
    """Shows all months; auditors find the form of a new plan."""
    return _plans(plan_page.plan_form())


@audits.post("/a")
@requires(Permission.AUDIT)
def make_plan() -> ResponseReturnValue:
    """Plans a month; the seed comes from the machine, so that nobody chooses it."""
    form = plan_page.plan_form()
    if not form.submitted:
        return _plans(form), 422
    month = form.month.data
    try:
        with transaction():
            service.make_plan(
                sign_in.actor(),
                month=month,
                standard_ids=[standards.standard(code).id for code in form.standards.data or ()],
                sample_size=form.sample_size.data or 0,
                seed=secrets.token_hex(8),
                channels=form.channels.data or (),
                regions=form.regions.data or (),
            )
    except Invalid as refusal:
        form.take_errors(refusal)
        return _plans(form), 422
    flash_done(_("The plan is kept. Now the contacts can be drawn."))
    return redirect(url_for(".plan", month=month), 303)


@audits.get("/a/plan/<month>")
@requires(Permission.AUDIT)
def plan(month: str) -> ResponseReturnValue:
    """Shows what is planned, what the sample can say, and after the draw who was drawn."""
    made = plan_page.plan_page(queries.plan(month))
    return render_template("audits/plan.html", page=made, plan=made.plan, expected=EXPECTED_SHARE)


@audits.post("/a/plan/<month>/draw")
@requires(Permission.AUDIT)
def draw(month: str) -> ResponseReturnValue:
    """Draws once; sent twice it is one draw."""
    with transaction():
        drawn = service.draw(sign_in.actor(), queries.plan(month))
        count = len(drawn)
    flash_done(_("%(count)s contacts are drawn.", count=count))
    return redirect(url_for(".plan", month=month), 303)


def _plans(form: MonthPlanForm) -> str:
    said = [
        _("%(size)s contacts %(range)s", size=size, range=interval(EXPECTED_SHARE, says.low, says.high))
        for size, says in plan_page.sizes()
    ]
    return render_template(
        "audits/plans.html",
        months=plan_page.month_rows(),
        form=form if sign_in.actor().may(Permission.AUDIT) else None,
        sizes="、".join(said) if current_language() == "zh" else "; ".join(said),
        expected=EXPECTED_SHARE,
    )
