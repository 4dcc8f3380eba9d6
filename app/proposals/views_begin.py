"""Owns how a proposal begins: on page 1, or on the check page where an issue, suggestion or clause says the rest."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import DomainError, Invalid
from app.people import sign_in
from app.proposals import duplicates, prefill, prefill_registers, queries, service
from app.proposals.forms import CheckForm, ProblemForm
from app.proposals.pages import proposals
from app.proposals.views_new import STEPS, page_of
from app.standards import queries as standards_queries
from app.web.banner import flash_done

STARTS: dict[str, Callable[[str], prefill.Prefill | None]] = {
    "issue": prefill.from_issue,
    "suggestion": prefill.from_suggestion,
    "clause": prefill.from_clause,
    "finding": prefill_registers.from_finding,
    "benchmark": prefill_registers.from_benchmark,
    "law": prefill_registers.from_law,
    "review": prefill_registers.from_review,
}
# Whoever may not read where it comes from begins with an empty page.
READERS = {
    "issue": Permission.READ_EVIDENCE,
    "benchmark": Permission.READ_EVIDENCE,
    "law": Permission.READ_EVIDENCE,
    "review": Permission.READ_EVIDENCE,
    "finding": Permission.READ_REPORTS,
}


@proposals.route("/new", methods=["GET", "POST"])
@requires(Permission.PROPOSE)
def new() -> ResponseReturnValue:
    """Begins a proposal: page 1, or the check page where an issue, suggestion or clause says the rest."""
    known = _known()
    if known is not None and known.title:
        return _begin_known(known)
    form = ProblemForm(standards_queries.standards())
    if request.method == "GET":
        if known is not None:
            form.standard.data, form.problem.data = known.standard.code, known.problem
        return page_of("problem", form, known=known, drafts=queries.drafts_of(sign_in.actor()))
    if not form.validate():
        return page_of("problem", form, known=known), 422
    try:
        with transaction():
            revision = service.start_proposal(
                sign_in.actor(),
                standards_queries.standard(form.standard.data),
                title=form.title.data or "",
                title_en=form.title_en.data or "",
                problem=form.problem.data or "",
                problem_en=form.problem_en.data or "",
                clauses=known.clauses if known and known.standard.code == form.standard.data else (),
                source=known.source if known else None,
                evidence=known.evidence if known else (),
            )
            number, has_clauses = revision.number, bool(standards_queries.clause_ids(revision.id))
    except Invalid as error:
        form.take_errors(error)
        return page_of("problem", form, known=known), 422
    if has_clauses:
        return redirect(url_for(".check", number=number), 303)
    return redirect(url_for(".step", number=number, page="clauses"), 303)


def _begin_known(known: prefill.Prefill) -> ResponseReturnValue:
    """The check page before anything is kept: everything is known but one sentence."""
    form = CheckForm()
    if request.method == "GET":
        return _known_page(known, form)
    then = request.form.get("then", "check")
    if then == "check" and not form.validate():
        return _known_page(known, form), 422
    actor = sign_in.actor()
    with transaction():
        revision = service.start_proposal(
            actor,
            known.standard,
            title=known.title,
            title_en=known.title_en,
            clauses=known.clauses,
            source=known.source,
            evidence=known.evidence,
            evidence_note=known.note,
            problem=known.problem,
            problem_en=known.problem_en,
            affected=known.affected,
            benefit=form.benefit.data or "",
        )
        number = revision.number
        if then.startswith("give:"):
            service.give_evidence(actor, revision, standards_queries.revision(then.removeprefix("give:")))
    if then.startswith("give:"):
        return redirect(url_for(".sent", number=number), 303)
    if then in STEPS:
        return redirect(url_for(".step", number=number, page=then, back="check"), 303)
    if not known.clauses:  # a review says which standard, not which clauses
        return redirect(url_for(".step", number=number, page="clauses", back="check"), 303)
    return redirect(url_for(".check", number=number), 303)


def _known_page(known: prefill.Prefill, form: CheckForm) -> str:
    similar = duplicates.similar_to(known.standard.id, known.clauses, f"{known.title} {known.problem}")
    return render_template("proposals/check_known.html", known=known, form=form, similar=similar)


def _known() -> prefill.Prefill | None:
    for name, find in STARTS.items():
        value = request.values.get(name, "").strip()
        if value and (name not in READERS or sign_in.actor().may(READERS[name])):
            try:
                return prefill.in_both(find, value)
            except DomainError:
                flash_done(_("%(value)s was not found; the proposal starts empty.", value=value[:40]))
                return None
    return None
