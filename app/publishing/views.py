"""Owns the pages of publishing: the plan, its check, the undo, the emergency. Each view makes one call."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.core import clock
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, Reason
from app.people import sign_in
from app.publishing import page as pages
from app.publishing import queries, service, views_notice
from app.publishing.forms import EmergencyForm, HypothesisForm, PlanForm
from app.publishing.models import Direction
from app.publishing.pages import publishing
from app.publishing.words import DIRECTION_WORDS, TRAINING_HINTS, TRAINING_WORDS
from app.standards import beside, measure_words
from app.standards import queries as standards
from app.standards.measures import Measure
from app.standards.models import Revision
from app.standards.workflow import State
from app.web.banner import flash_done
from app.web.forms import HouseForm
from app.web.reasons import reason_words

__all__ = ["publishing", "views_notice"]


@publishing.get("/r/<number>/publish")
@requires(Permission.READ_REVISIONS)
def publish(number: str) -> ResponseReturnValue:
    """Shows how a revision is to be published, what is missing, and what became of it."""
    return _show(beside.revision_with_all(number))


@publishing.post("/r/<number>/publish")
@requires(Permission.PUBLISH)
def save_plan(number: str) -> ResponseReturnValue:
    """Keeps the plan, complete or not."""
    revision = standards.revision(number)
    form = _plan_form(revision)
    if not form.submitted:
        return _show(revision, plan_form=form), 422
    try:
        with transaction():
            _keep_plan(revision, form)
    except Invalid as refusal:
        form.take_errors(refusal)
        return _show(standards.revision(number), plan_form=form), 422
    flash_done(_("The plan is kept."))
    return redirect(url_for(".publish", number=number), 303)


@publishing.post("/r/<number>/publish/effect")
@requires(Permission.READ_REVISIONS)
def register_effect(number: str) -> ResponseReturnValue:
    """Registers the expected effect, once."""
    revision = standards.revision(number)
    form = HypothesisForm(pages.measure_choices(revision))
    if not form.submitted:
        return _show(revision, effect_form=form), 422
    measure = dict(pages.measures_of(revision))[form.measure.data]
    try:
        with transaction():
            service.register_hypothesis(
                sign_in.actor(),
                revision,
                clause_id=measure.clause_id,
                measure=measure,
                direction=Direction(form.direction.data),
                smallest_change_points=form.smallest_change_points.data,
                statement=form.statement.data,
            )
    except Invalid as refusal:
        form.take_errors(refusal)
        return _show(standards.revision(number), effect_form=form), 422
    flash_done(_("The expected effect is registered and archived."))
    return redirect(url_for(".publish", number=number, _anchor="effect"), 303)


@publishing.get("/r/<number>/publish/check")
@requires(Permission.PUBLISH)
def check(number: str) -> ResponseReturnValue:
    """Shows everything once more before the button that publishes; without a plan it leads back to it."""
    made = pages.page_of(beside.revision_with_all(number), sign_in.actor())
    if made.plan is None or made.is_closed:
        return redirect(url_for(".publish", number=number))
    return render_template(
        "publishing/check.html",
        page=made,
        revision=made.revision,
        button=pages.button_words(made),
        training_words=TRAINING_WORDS,
        today=clock.today(),
    )


@publishing.post("/r/<number>/publish/schedule")
@requires(Permission.PUBLISH)
def schedule(number: str) -> ResponseReturnValue:
    """Publishes when the undo window ends; sent twice it is one publication."""
    revision, actor = standards.revision(number), sign_in.actor()
    if revision.state is State.SCHEDULED:
        return redirect(url_for(".publish", number=number), 303)
    with transaction():
        is_pinned = service.pin_text(actor, revision)
    if not is_pinned:
        flash_done(_("The text is just being archived. Publish again in a moment."))
        return redirect(url_for(".check", number=number), 303)
    op_key = pages.page_of(revision, actor).op_key
    with transaction():
        service.schedule(actor, revision, op_key=op_key, seen=State.READY)
    return _scheduled(revision)


@publishing.post("/r/<number>/publish/undo")
@requires(Permission.PUBLISH)
def undo(number: str) -> ResponseReturnValue:
    """Takes the publication back inside the undo window; sent twice it is one undo."""
    revision = standards.revision(number)
    if revision.state in (State.READY, State.IN_REVIEW):
        return redirect(url_for(".publish", number=number), 303)
    with transaction():
        service.undo(sign_in.actor(), revision)
    flash_done(_("Undone. Nothing was published; the plan is kept."))
    return redirect(url_for(".publish", number=number), 303)


@publishing.get("/r/<number>/publish/emergency")
@requires(Permission.EMERGENCY)
def emergency(number: str) -> ResponseReturnValue:
    """Asks for date and reason of an emergency publication."""
    form = EmergencyForm(formdata=None, effective_on=clock.today())
    return _show_emergency(beside.revision_with_all(number), form)


@publishing.post("/r/<number>/publish/emergency")
@requires(Permission.EMERGENCY)
def declare_emergency(number: str) -> ResponseReturnValue:
    """Publishes as an emergency; a second person has to approve it afterwards."""
    revision, actor = standards.revision(number), sign_in.actor()
    form = EmergencyForm()
    if not form.submitted:
        return _show_emergency(revision, form), 422
    if revision.state is State.SCHEDULED:
        return redirect(url_for(".publish", number=number), 303)
    with transaction():
        is_pinned = service.pin_text(actor, revision)
    if not is_pinned:
        flash_done(_("The text is just being archived. Publish again in a moment."))
        return redirect(url_for(".emergency", number=number), 303)
    op_key = pages.page_of(revision, actor).op_key
    try:
        with transaction():
            service.publish_in_emergency(
                actor, revision, op_key=op_key, reason=form.reason.data, effective_on=form.effective_on.data
            )
    except Invalid as refusal:
        form.take_errors(refusal)
        return _show_emergency(standards.revision(number), form), 422
    return _scheduled(revision)


@publishing.post("/r/<number>/publish/approve")
@requires(Permission.READ_REVISIONS)
def approve(number: str) -> ResponseReturnValue:
    """Approves an emergency publication afterwards, as the second person."""
    revision = standards.revision(number)
    with transaction():
        service.approve_emergency(sign_in.actor(), revision)
    flash_done(_("You approved the emergency publication of %(number)s.", number=number))
    return redirect(url_for(".publish", number=number), 303)


def _scheduled(revision: Revision) -> ResponseReturnValue:
    flash_done(
        _("%(number)s will be published.", number=revision.number),
        url_for(".undo", number=revision.number),
        revision.undo_until,
    )
    return redirect(url_for(".publish", number=revision.number), 303)


def _keep_plan(revision: Revision, form: PlanForm) -> None:
    reason = form.no_customer_notice.data or ""
    service.set_plan(
        sign_in.actor(),
        revision,
        effective_on=form.effective_on.data,
        is_major=form.version.data == "major",
        transition_days=form.transition_days.data,
        training_verdict=form.verdict(),
        words={name: form[name].data or "" for name in service.TEXT_FIELDS if name in form},
        not_needed={"customer_notice": reason} if reason.strip() else {},
    )


def _plan_form(revision: Revision, made: pages.PublishPage | None = None) -> PlanForm:
    plan = queries.plan(revision.id)
    form = PlanForm(obj=plan) if plan else PlanForm()
    made = made or pages.page_of(revision, sign_in.actor())
    form.version.choices = [SelectChoice(key, version) for key, version, _hint in made.versions]
    if form.is_submitted():
        return form
    if plan is None:
        form.version.data = "major" if made.suggests_major else "minor"
    else:
        form.version.data = "major" if plan.is_major else "minor"
        form.training_verdict.data = plan.training_verdict.value if plan.training_verdict else None
        form.no_customer_notice.data = plan.outputs.get("customer_notice", "")
    return form


def _show(
    revision: Revision, *, plan_form: PlanForm | None = None, effect_form: HypothesisForm | None = None
) -> str:
    made = pages.page_of(revision, sign_in.actor())
    shown: HouseForm | None = plan_form or effect_form
    hypothesis = made.hypothesis
    return render_template(
        "publishing/publish.html",
        page=made,
        revision=revision,
        form=shown if shown is not None and shown.errors else None,
        plan_form=plan_form or (_plan_form(revision, made) if made.may_plan and not made.is_closed else None),
        effect_form=effect_form or HypothesisForm(pages.measure_choices(revision), formdata=None),
        effect_measure=measure_words.measure_sentence(Measure.from_data(hypothesis.measure))
        if hypothesis
        else "",
        training_words=TRAINING_WORDS,
        training_hints=TRAINING_HINTS,
        direction_words=DIRECTION_WORDS,
        today=clock.today(),
        failure_words=reason_words(Reason(made.plan.failure)) if made.plan and made.plan.failure else "",
    )


def _show_emergency(revision: Revision, form: EmergencyForm) -> str:
    made = pages.page_of(revision, sign_in.actor())
    days = current_app.config["SETTINGS"].emergency_working_days
    return render_template(
        "publishing/emergency.html", page=made, revision=revision, form=form, emergency_days=days
    )
