"""Owns the pages of a proposal that is being written: five short ones, the check page, and what happens next."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, NotFound, Refused
from app.evidence import queries as evidence_queries
from app.evidence import service as evidence_service
from app.evidence.interviews import attach_interviews
from app.evidence.models import EvidenceKind
from app.people import sign_in
from app.proposals import duplicates, prefill, service, trial
from app.proposals.forms import AffectedForm, ChangeForm, CheckForm, ProblemForm, SourceForm
from app.proposals.next_steps import next_steps
from app.proposals.pages import proposals
from app.standards import queries as standards_queries
from app.standards.models import NeedSource, Revision
from app.standards.workflow import State
from app.web.forms import HouseForm, problems_from
from app.web.language import pick
from app.web.reasons import reason_words

STEPS = ("problem", "clauses", "source", "change", "affected")


@proposals.route(
    "/new/<number>/<any(problem, clauses, source, change, affected):page>", methods=["GET", "POST"]
)
@requires(Permission.PROPOSE)
def step(number: str, page: str) -> ResponseReturnValue:
    """Shows and keeps one of the five pages of an own draft."""
    revision = _own(number)
    if revision.state is not State.DRAFT:
        return redirect(url_for(".sent", number=number), 303)
    if page == "clauses":
        return _clauses(revision)
    form = _form(page, revision)
    if request.method == "GET":
        return page_of(page, form, revision)
    if not form.validate():
        return page_of(page, form, revision), 422
    try:
        with transaction():
            _keep(page, form, revision)
    except (Invalid, NotFound) as error:
        if isinstance(error, Invalid):
            form.take_errors(error)
        else:
            form.issue.errors = [reason_words(error.reasons[0])]
        return page_of(page, form, _own(number)), 422
    return redirect(_after(number, page), 303)


@proposals.get("/new/<number>/check")
@requires(Permission.PROPOSE)
def check(number: str) -> ResponseReturnValue:
    """Shows all answers with what is still missing, and what looks the same."""
    revision = _own(number)
    if revision.state is not State.DRAFT:
        return redirect(url_for(".sent", number=number), 303)
    return _check(revision, CheckForm(data={"benefit": revision.benefit}))


@proposals.post("/new/<number>/submission")
@requires(Permission.PROPOSE)
def submit(number: str) -> ResponseReturnValue:
    """Submits the proposal; a second click leads to the same confirmation."""
    revision = _own(number)
    if revision.state is not State.DRAFT:
        return redirect(url_for(".sent", number=number), 303)
    form = CheckForm()
    if "benefit" not in request.form:
        form.benefit.data = revision.benefit
    if not form.validate():
        return _check(revision, form), 422
    actor = sign_in.actor()
    try:
        with transaction():
            service.update_proposal(
                actor, revision, benefit=form.benefit.data or "", duplicates_seen=bool(form.seen.data) or None
            )
            service.propose(actor, revision, seen=State.DRAFT)
    except Invalid as error:
        form.take_errors(error)
        return _check(_own(number), form), 422
    except Refused as error:
        return _check(_own(number), form, reasons=[reason_words(r) for r in error.reasons]), 422
    return redirect(url_for(".sent", number=number), 303)


@proposals.post("/new/<number>/gift")
@requires(Permission.PROPOSE)
def give(number: str) -> ResponseReturnValue:
    """Gives the draft's evidence to the revision that is already open instead of proposing the same again."""
    revision = _own(number)
    other = standards_queries.revision(request.form.get("other", "").strip())
    with transaction():
        service.give_evidence(sign_in.actor(), revision, other)
    return redirect(url_for(".sent", number=number), 303)


@proposals.get("/new/<number>/sent")
@requires(Permission.PROPOSE)
def sent(number: str) -> ResponseReturnValue:
    """Shows the number, the next step, who does it and by when."""
    revision = _own(number)
    if revision.state is State.DRAFT:
        return redirect(url_for(".check", number=number), 303)
    return render_template("proposals/sent.html", revision=revision, **next_steps(revision))


def _check(revision: Revision, form: CheckForm, reasons: list[str] | None = None) -> str:
    similar = duplicates.similar(revision)
    return render_template(
        "proposals/check.html",
        revision=revision,
        form=form,
        similar=similar,
        clauses=_clause_words(revision),
        evidence=evidence_queries.evidence_of(revision.id),
        reasons=reasons or [],
    )


def _clauses(revision: Revision) -> ResponseReturnValue:
    if request.method == "GET":
        return _clauses_page(revision, standards_queries.clause_ids(revision.id))
    chosen, wants_new = request.form.getlist("clauses"), request.form.get("wants_new_clause") == "y"
    if not chosen and not wants_new:
        errors = Invalid.of("clauses", "proposal.clause_missing").errors
        return _clauses_page(revision, chosen, problems=problems_from(errors)), 422
    number = revision.number
    try:
        with transaction():
            service.update_proposal(sign_in.actor(), revision, clauses=chosen, wants_new_clause=wants_new)
    except Invalid as error:
        return _clauses_page(_own(number), [], problems=problems_from(error.errors)), 422
    return redirect(_after(number, "clauses"), 303)


def _clauses_page(revision: Revision, chosen: list[str], **more: object) -> str:
    wish = request.args.get("q", "").strip()[:60]
    rows = prefill.clause_rows(revision.standard)
    texts = {r.clause_id: f"{r.heading_zh} {r.body_zh} {r.heading_en} {r.body_en}".casefold() for r in rows}
    shown = [r for r in rows if not wish or wish.casefold() in texts[r.clause_id] or r.clause_id in chosen]
    return _render("clauses", revision, rows=shown, chosen=chosen, wish=wish, **more)


def _form(page: str, revision: Revision) -> Any:
    if page == "problem":
        form = ProblemForm(standards_queries.standards(), obj=revision)
        if request.method == "GET":
            form.standard.data = revision.standard.code
        return form
    if page == "source":
        return SourceForm(data={"source": revision.source.value if revision.source else None})
    return {"change": ChangeForm, "affected": AffectedForm}[page](obj=revision)


def _keep(page: str, form: Any, revision: Revision) -> None:
    actor = sign_in.actor()
    if page == "problem":
        standard = standards_queries.standard(form.standard.data)
        service.update_proposal(
            actor,
            revision,
            title=form.title.data,
            title_en=form.title_en.data or "",
            problem=form.problem.data or "",
            problem_en=form.problem_en.data or "",
            standard=standard,
        )
    elif page == "source":
        service.update_proposal(actor, revision, source=NeedSource(form.source.data))
        _attach(form, revision)
    elif page == "change":
        service.update_proposal(
            actor,
            revision,
            wanted_change=form.wanted_change.data or "",
            benefit=form.benefit.data or "",
            benefit_en=form.benefit_en.data or "",
        )
    else:
        service.update_proposal(
            actor, revision, affected=form.affected.data or "", urgency_note=form.urgency_note.data or ""
        )


def _attach(form: SourceForm, revision: Revision) -> None:
    key, note = (form.issue.data or "").strip().upper(), (form.note.data or "").strip()
    if key:
        kind = EvidenceKind.SUGGESTION if key.startswith("S-") else EvidenceKind.ISSUE
        evidence_service.attach_evidence(sign_in.actor(), revision, kind, key)
    if note:
        evidence_service.attach_evidence(sign_in.actor(), revision, EvidenceKind.NOTE, "", note)
    if form.interviewed.data:
        people, heard = (form.people.data or "").strip(), (form.heard.data or "").strip()
        attach_interviews(sign_in.actor(), revision, form.interviewed.data, people, heard)


def page_of(page: str, form: HouseForm, revision: Revision | None = None, **more: object) -> str:
    """Returns one of the five pages as HTML; without a revision it is page 1 before anything is kept."""
    if page == "source" and revision is not None:
        more["evidence"] = evidence_queries.evidence_of(revision.id)
    if page == "change" and revision is not None:
        more["trials"] = trial.trials(revision, request.values)
    if page == "clauses" or revision is not None:
        more.setdefault("similar", duplicates.similar(revision) if revision and page == "problem" else [])
    return _render(page, revision, form=form, **more)


def _render(page: str, revision: Revision | None, **more: object) -> str:
    place = STEPS.index(page)
    return render_template(
        f"proposals/new_{page}.html",
        revision=revision,
        page=page,
        place=place + 1,
        pages=len(STEPS),
        back=_back(revision, place),
        **more,
    )


def _back(revision: Revision | None, place: int) -> str | None:
    if revision is None:
        return None
    if request.values.get("back") == "check":
        return url_for(".check", number=revision.number)
    return url_for(".step", number=revision.number, page=STEPS[place - 1]) if place else None


def _after(number: str, page: str) -> str:
    place = STEPS.index(page) + 1
    if request.values.get("back") == "check" or place == len(STEPS):
        return url_for(".check", number=number)
    return url_for(".step", number=number, page=STEPS[place])


def _own(number: str) -> Revision:
    """Returns the actor's own proposal; somebody else's draft does not exist for anybody but its proposer."""
    revision = standards_queries.revision(number)
    if revision.proposer_id is None or revision.proposer_id != sign_in.actor().person_id:
        raise NotFound("revision.unknown", number=number[:20])
    return revision


def _clause_words(revision: Revision) -> list[tuple[str, str]]:
    wanted = set(standards_queries.clause_ids(revision.id))
    rows = prefill.clause_rows(revision.standard) if wanted else []
    return [(row.clause_id, pick(row.heading_zh, row.heading_en)) for row in rows if row.clause_id in wanted]
