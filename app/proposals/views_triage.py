"""Owns the steps of triage: bringing before the panel, declining, joining, the fast track. They stand on the revision's page."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, Refused
from app.evidence import service as evidence_service
from app.evidence.models import EvidenceKind
from app.people import sign_in
from app.proposals import duplicates, service
from app.proposals.pages import proposals
from app.standards import queries as standards_queries
from app.standards.models import Revision
from app.standards.workflow import State
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.reasons import reason_words
from app.web.typed import one_of


@proposals.post("/r/<number>/scoring")
@requires(Permission.TRIAGE)
def open_scoring(number: str) -> ResponseReturnValue:
    """Brings the proposal before the panel."""
    revision = standards_queries.revision(number)
    with transaction():
        service.open_scoring(sign_in.actor(), revision, seen=State.PROPOSED)
    flash_done(_("%(number)s is before the panel.", number=number))
    return redirect(url_for("standards.revision", number=number), 303)


@proposals.route("/r/<number>/refusal", methods=["GET", "POST"])
@requires(Permission.READ_REVISIONS)
def decline(number: str) -> ResponseReturnValue:
    """Asks for the reason and does not take the proposal up; the law says who may."""
    revision, reason = standards_queries.revision(number), _reason()
    if not reason:
        return _ask_reason(revision, "decline")
    with transaction():
        service.decline(sign_in.actor(), revision, reason=reason)
    flash_done(_("%(number)s is not taken up. Its proposer reads the reason.", number=number))
    return redirect(url_for("standards.revision", number=number), 303)


@proposals.route("/r/<number>/fast-track", methods=["GET", "POST"])
@requires(Permission.EMERGENCY)
def fast_track(number: str) -> ResponseReturnValue:
    """Asks for the reason and sends the proposal straight to drafting."""
    revision, reason = standards_queries.revision(number), _reason()
    if not reason:
        return _ask_reason(revision, "fast_track")
    with transaction():
        service.fast_track(sign_in.actor(), revision, reason=reason, seen=State.PROPOSED)
    flash_done(_("%(number)s is on the fast track. The panel scores it afterwards.", number=number))
    return redirect(url_for("standards.revision", number=number), 303)


@proposals.route("/r/<number>/joining", methods=["GET", "POST"])
@requires(Permission.TRIAGE)
def merge(number: str) -> ResponseReturnValue:
    """Asks which revision it goes into and why; evidence and credit go along."""
    revision, reason = standards_queries.revision(number), _reason()
    if not reason:
        return _ask_reason(revision, "merge")
    other = standards_queries.revision(request.form.get("other", "").strip())
    try:
        with transaction():
            service.merge_into(sign_in.actor(), revision, other, reason=reason)
    except Refused as error:
        problems = [("other", reason_words(one)) for one in error.reasons]
        return _ask(standards_queries.revision(number), "merge", problems=problems), 409
    flash_done(_("%(number)s goes into %(other)s.", number=number, other=other.number))
    return redirect(url_for("standards.revision", number=other.number), 303)


@proposals.route("/r/<number>/evidence", methods=["GET", "POST"])
@requires(Permission.READ_EVIDENCE)
def add_evidence(number: str) -> ResponseReturnValue:
    """Attaches evidence to a revision: an issue, a suggestion, or a note."""
    revision = standards_queries.revision(number)
    if request.method == "GET":
        return _ask(revision, "evidence")
    kind = request.form.get("kind", "note")
    try:
        with transaction():
            evidence_service.attach_evidence(
                sign_in.actor(),
                revision,
                one_of(EvidenceKind, kind) or EvidenceKind.NOTE,
                request.form.get("key", "").strip().upper()
                if kind in ("issue", "suggestion")
                else request.form.get("key", ""),
                request.form.get("note", ""),
            )
    except Invalid as error:
        return _ask(standards_queries.revision(number), "evidence", problems=problems_from(error.errors)), 422
    flash_done(_("The evidence stands with %(number)s.", number=number))
    return redirect(url_for("standards.revision", number=number), 303)


def _reason() -> str:
    """The reason that came with the request; empty on the first look at the form, and when none was written."""
    return request.form.get("reason", "").strip()


def _ask_reason(revision: Revision, act: str) -> ResponseReturnValue:
    """The form that asks for it: as an answer to a form without a reason it says what is missing."""
    if request.method != "POST":
        return _ask(revision, act)
    return _ask(revision, act, problems=[("reason", _("Write the reason. It stays in the dossier."))]), 422


def _ask(revision: Revision, act: str, **more: object) -> str:
    others = [
        one
        for one in standards_queries.open_revisions(revision.standard_id)
        if one.id != revision.id and act == "merge"
    ]
    alike = {one.revision.id for one in duplicates.similar(revision)} if act == "merge" else set()
    return render_template(
        "proposals/reason.html",
        revision=revision,
        act=act,
        others=sorted(others, key=lambda one: one.id not in alike),
        typed=request.form,
        **more,
    )
