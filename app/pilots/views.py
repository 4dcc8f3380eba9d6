"""Owns the page of a pilot and its forms: setting up, starting, looking, recommending, concluding. No arithmetic."""

import datetime as dt

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.access import Permission, requires
from app.core.csv_text import csv_bytes
from app.core.db import transaction
from app.core.errors import FieldError, Invalid, NotFound
from app.people import sign_in
from app.pilots import page as pages
from app.pilots import queries, result, service
from app.pilots.forms import ConclusionForm, ExtendForm, SetUpForm, WaiveForm
from app.pilots.models import Pilot, PilotState
from app.pilots.words import ALIKE_WORDS, CONCLUSION_HINTS, CONCLUSION_WORDS, VERDICT_KINDS, VERDICT_WORDS
from app.standards import lifecycle, measure_words
from app.standards import queries as standards
from app.standards.lifecycle import Attempt
from app.standards.measures import Measure
from app.standards.models import Revision
from app.standards.workflow import Move, State
from app.web.banner import flash_done
from app.web.forms import HouseForm

pilots = Blueprint("pilots", __name__, template_folder="templates")

FIRST_WEEKS = 4
FORM_FIELDS = {"pilot_scope": "pilot_region", "comparison_scope": "comparison_region", "clause_id": "measure"}


@pilots.get("/r/<number>/pilot")
@requires(Permission.READ_REVISIONS)
def pilot(number: str) -> ResponseReturnValue:
    """Shows the pilot of a revision: its plan before, the readings during, the result after."""
    return _show(standards.revision(number))


@pilots.post("/r/<number>/pilot")
@requires(Permission.READ_REVISIONS)
def set_up(number: str) -> ResponseReturnValue:
    """Keeps the plan; it may be changed until the pilot starts."""
    revision = standards.revision(number)
    form = _set_up_form(revision)
    if not form.submitted:
        return _show(revision, set_up=form), 422
    try:
        with transaction():
            _keep(revision, form)
    except Invalid as refusal:
        form.take_errors(_on_form(refusal))
        return _show(standards.revision(number), set_up=form), 422
    flash_done(_("The plan is kept. It is fixed when the pilot starts."))
    return redirect(url_for(".pilot", number=number), 303)


@pilots.post("/r/<number>/pilot/start")
@requires(Permission.DECIDE_PILOT)
def start(number: str) -> ResponseReturnValue:
    """Starts the pilot; sent twice it is one start."""
    revision = standards.revision(number)
    if revision.state is not State.PILOTING:
        with transaction():
            seen = State.READY if revision.state is State.READY else State.IN_REVIEW
            service.start(sign_in.actor(), revision, seen=seen)
        flash_done(_("The pilot has started. Its plan is fixed and archived."))
    return redirect(url_for(".pilot", number=number), 303)


@pilots.post("/r/<number>/pilot/recommend")
@requires(Permission.RUN_PILOT)
def recommend(number: str) -> ResponseReturnValue:
    """Keeps what the pilot lead recommends; the director decides."""
    revision, form = standards.revision(number), ConclusionForm()
    if not form.submitted:
        return _show(revision, conclusion=form), 422
    with transaction():
        service.recommend(sign_in.actor(), revision, form.conclusion.data, note=form.reason.data or "")
    flash_done(_("Your recommendation is with the director."))
    return redirect(url_for(".pilot", number=number), 303)


@pilots.post("/r/<number>/pilot/conclude")
@requires(Permission.DECIDE_PILOT)
def conclude(number: str) -> ResponseReturnValue:
    """Concludes the pilot; nobody follows its text any more."""
    revision, form = standards.revision(number), ConclusionForm()
    if not form.submitted:
        return _show(revision, conclusion=form), 422
    reason = form.reason.data or ""
    with transaction():
        service.conclude(sign_in.actor(), revision, form.conclusion.data, reason=reason, seen=State.PILOTING)
    flash_done(_("Concluded: %(words)s.", words=CONCLUSION_WORDS[form.conclusion.data]))
    return redirect(url_for("standards.revision", number=number), 303)


@pilots.post("/r/<number>/pilot/extend")
@requires(Permission.READ_REVISIONS)
def extend(number: str) -> ResponseReturnValue:
    """Moves the last day of the pilot, with a reason."""
    revision, form = standards.revision(number), ExtendForm()
    if not form.submitted:
        return _show(revision, extend=form), 422
    try:
        with transaction():
            service.extend(sign_in.actor(), revision, ends_on=form.ends_on.data, reason=form.reason.data)
    except Invalid as refusal:
        form.take_errors(refusal)
        return _show(standards.revision(number), extend=form), 422
    flash_done(_("The pilot runs longer."))
    return redirect(url_for(".pilot", number=number), 303)


@pilots.post("/r/<number>/pilot/waive")
@requires(Permission.CONFIRM_RANK)
def waive(number: str) -> ResponseReturnValue:
    """Lets a revision go on without a pilot, with a reason; sent twice it is refused, for it is decided then."""
    revision, form = standards.revision(number), WaiveForm()
    if not form.submitted:
        return _show(revision, waive=form), 422
    with transaction():
        attempt = Attempt(Move.WAIVE_PILOT, sign_in.actor(), reason=form.reason.data.strip())
        seen = State.READY if revision.state is State.READY else State.IN_REVIEW
        lifecycle.perform(revision, attempt, seen=seen)
    flash_done(_("Revision %(number)s goes on without a pilot.", number=number))
    return redirect(url_for("standards.revision", number=number), 303)


@pilots.get("/r/<number>/pilot.csv")
@requires(Permission.READ_REVISIONS)
def download(number: str) -> ResponseReturnValue:
    """Gives the newest result as a table."""
    found = queries.pilot_of(standards.revision(number).id)
    newest = queries.newest_result(found.id) if found else None
    if found is None or newest is None:
        raise NotFound("pilot.no_result")
    head, rows = result.table_of(found, newest)
    name = f"pilot-{number}.csv"
    return Response(
        csv_bytes(head, rows),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _keep(revision: Revision, form: SetUpForm) -> Pilot:
    measure = pages.measures_of(revision)[form.measure.data]
    guards = pages.guards_of(revision)
    return service.set_up(
        sign_in.actor(),
        revision,
        question=form.question.data,
        clause_id=measure.clause_id,
        measure=measure,
        smallest_change_points=form.smallest_change_points.data,
        guards=[guards[key] for key in form.guards.data or []],
        harm_points=form.harm_points.data,
        pilot_scope=form.scope("pilot"),
        comparison_scope=form.scope("comparison"),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        contact_id=int(form.contact_id.data) if form.contact_id.data else None,
    )


def _on_form(refusal: Invalid) -> Invalid:
    """Returns the same errors on the fields of the form."""
    return Invalid([FieldError(FORM_FIELDS.get(e.field, e.field), e.reason) for e in refusal.errors])


def _set_up_form(revision: Revision) -> SetUpForm:
    measures = pages.measures_of(revision)
    found = queries.pilot_of(revision.id)
    planned = found if found is not None and found.state is PilotState.PLANNED else None
    values = _planned_values(planned) if planned else _first_values(measures)
    return SetUpForm(
        pages.choices(measures), pages.choices(pages.guards_of(revision)), pages.contacts(), **values
    )


def _first_values(measures: dict[str, Measure]) -> dict[str, object]:
    first = next(iter(measures.values()), None)
    words = measure_words.measure_sentence(first) if first else ""
    return {
        "question": _("Does this work: %(target)s?", target=words) if words else "",
        "smallest_change_points": 5,
        "harm_points": 10,
        "starts_on": clock.today(),
        "ends_on": clock.today() + dt.timedelta(weeks=FIRST_WEEKS, days=-1),
    }


def _planned_values(planned: Pilot) -> dict[str, object]:
    return {
        "question": planned.question,
        "measure": _key(planned.measure),
        "smallest_change_points": planned.smallest_change_points,
        "guards": [_key(g) for g in planned.guards],
        "harm_points": planned.harm_points,
        "pilot_region": planned.pilot_scope.get("region", []),
        "pilot_channel": planned.pilot_scope.get("channel", []),
        "comparison_region": planned.comparison_scope.get("region", []),
        "comparison_channel": planned.comparison_scope.get("channel", []),
        "starts_on": planned.starts_on,
        "ends_on": planned.ends_on,
        "contact_id": str(planned.contact_id or ""),
    }


def _key(measure: dict[str, object]) -> str:
    return f"{measure['clause']}/{measure['id']}"


def _show(revision: Revision, **forms: HouseForm) -> str:
    made = pages.page_of(revision, sign_in.actor())
    shown = next((form for form in forms.values() if form.errors), None)
    newest = made.result
    set_up_form = forms.get("set_up") or (_set_up_form(revision) if made.may_plan else None)
    return render_template(
        "pilots/pilot.html",
        page=made,
        revision=revision,
        form=shown,
        set_up_form=set_up_form,
        conclusion_form=forms.get("conclusion") or ConclusionForm(formdata=None),
        extend_form=forms.get("extend") or ExtendForm(formdata=None),
        waive_form=forms.get("waive") or WaiveForm(formdata=None),
        measure_words=measure_words.measure_sentence(made.measure) if made.measure else "",
        rows=result.rows_of(newest) if newest else [],
        sentences=result.sentences(newest) if newest else [],
        verdict=result.verdict_of(newest) if newest else None,
        verdict_words=VERDICT_WORDS,
        verdict_kinds=VERDICT_KINDS,
        alike_words=ALIKE_WORDS,
        conclusion_words=CONCLUSION_WORDS,
        conclusion_hints=CONCLUSION_HINTS,
    )
