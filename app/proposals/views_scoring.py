"""Owns the pages of the panel: the board, a blind card, the chair's rank, acceptance and weights."""

import datetime as dt

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, Role, requires
from app.core.db import transaction
from app.core.errors import Invalid, NotFound
from app.evidence import queries as evidence_queries
from app.people import queries as people_queries
from app.people import sign_in
from app.proposals import board as boards
from app.proposals import prefill, queries, service
from app.proposals.pages import proposals
from app.proposals.scoring import Question, Skip
from app.standards import beside, lifecycle
from app.standards import queries as standards_queries
from app.standards.models import Revision
from app.standards.revision_page import name_of
from app.standards.workflow import Move, State
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.language import pick
from app.web.reasons import reason_words
from app.web.typed import day_of, one_of


@proposals.get("/score")
@requires(Permission.READ_REVISIONS)
def board() -> ResponseReturnValue:
    """Shows the ranking of what is being scored; scores of a proposal open with the own card."""
    return _board()


@proposals.get("/score/<number>")
@requires(Permission.READ_REVISIONS)
def card(number: str) -> ResponseReturnValue:
    """Shows the brief with the own card to fill in; afterwards, and to the chair, what everybody answered."""
    return _card(beside.revision_with_all(number))


@proposals.post("/score/<number>/card")
@requires(Permission.SCORE)
def send_card(number: str) -> ResponseReturnValue:
    """Sends the own card and goes to the next proposal that waits for one."""
    revision = standards_queries.revision(number)
    answers = {question.value: _whole(question.value) for question in Question}
    reasons = {question.value: request.form.get(f"reason_{question.value}", "") for question in Question}
    try:
        with transaction():
            service.score(sign_in.actor(), revision, **answers, reasons=reasons)
    except Invalid as error:
        again = standards_queries.revision(number)
        return _card(again, answers=answers, reasons=reasons, problems=problems_from(error.errors)), 422
    flash_done(_("Your card on %(number)s is sent.", number=number))
    return redirect(_next(revision), 303)


@proposals.post("/score/<number>/skip")
@requires(Permission.SCORE)
def skip_card(number: str) -> ResponseReturnValue:
    """Records that the assessor gives no score, and why."""
    revision = standards_queries.revision(number)
    why = one_of(Skip, request.form.get("why"))
    if why is None:
        return _card(revision, problems=[("why", _("Choose why you give no score."))]), 422
    with transaction():
        service.skip(sign_in.actor(), revision, why)
    flash_done(_("It is recorded that you do not score %(number)s.", number=number))
    return redirect(_next(revision), 303)


@proposals.post("/score/<number>/rank")
@requires(Permission.CONFIRM_RANK)
def confirm_rank(number: str) -> ResponseReturnValue:
    """Writes the rank down and, with the same click where wished, accepts the proposal for drafting."""
    revision = standards_queries.revision(number)
    form, actor = request.form, sign_in.actor()
    accepts = form.get("then") == "accept"
    try:
        with transaction():
            service.confirm_rank(
                actor,
                revision,
                rank=_whole("rank"),
                reason=form.get("reason", ""),
                quorum_note=form.get("quorum_note", ""),
            )
            if accepts and revision.state is State.SCORING:
                service.accept(actor, revision, drafter_id=_whole("drafter"), seen=State.SCORING)
    except Invalid as error:
        again = standards_queries.revision(number)
        return _card(again, typed=form, problems=problems_from(error.errors)), 422
    if accepts:
        flash_done(_("%(number)s is accepted and goes to drafting.", number=number))
        return redirect(url_for("standards.revision", number=number), 303)
    flash_done(_("The rank of %(number)s is confirmed.", number=number))
    return redirect(url_for(".card", number=number), 303)


@proposals.post("/score/<number>/acceptance")
@requires(Permission.CONFIRM_RANK)
def accept(number: str) -> ResponseReturnValue:
    """Accepts a proposal whose rank is confirmed."""
    revision = standards_queries.revision(number)
    with transaction():
        service.accept(sign_in.actor(), revision, drafter_id=_whole("drafter"), seen=State.SCORING)
    flash_done(_("%(number)s is accepted and goes to drafting.", number=number))
    return redirect(url_for("standards.revision", number=number), 303)


@proposals.post("/score/<number>/time")
@requires(Permission.CONFIRM_RANK)
def extend(number: str) -> ResponseReturnValue:
    """Gives the panel more time."""
    revision = standards_queries.revision(number)
    until = day_of(request.form.get("until")) or dt.date.min
    try:
        with transaction():
            service.extend_scoring(sign_in.actor(), revision, until=until)
    except Invalid as error:
        return _card(standards_queries.revision(number), problems=problems_from(error.errors)), 422
    flash_done(_("The panel has more time for %(number)s.", number=number))
    return redirect(url_for(".card", number=number), 303)


@proposals.post("/score/weights")
@requires(Permission.CONFIRM_RANK)
def weights() -> ResponseReturnValue:
    """Changes the weights from now on."""
    values = {}
    for name in ("impact", "urgency", "cost"):
        try:
            values[name] = float(request.form.get(name, ""))
        except ValueError:
            values[name] = -1.0
    try:
        with transaction():
            service.change_weights(sign_in.actor(), **values, reason=request.form.get("reason", ""))
    except Invalid as error:
        return _board(typed=request.form, problems=problems_from(error.errors)), 422
    flash_done(_("The new weights count from now on."))
    return redirect(url_for(".board"), 303)


def _board(**more: object) -> str:
    made = boards.board_for(sign_in.actor())
    return render_template(
        "proposals/board.html", board=made, waiting=queries.in_triage(), departments=_departments(), **more
    )


def _card(revision: Revision, **more: object) -> str:
    actor = sign_in.actor()
    row = boards.row_for(actor, revision)
    if row is None:
        raise NotFound("score.not_open", number=revision.number)
    decides = actor.may(Permission.CONFIRM_RANK) and revision.state is State.SCORING
    drafters = people_queries.holders(Role.DRAFTER) if decides else []
    attempt = lifecycle.Attempt(Move.ACCEPT, actor)
    reasons = lifecycle.why_not(revision, attempt) if decides and row.decision else ()
    wanted = set(standards_queries.clause_ids(revision.id))
    people = people_queries.by_ids([c.assessor_id for c in row.cards] + [revision.proposer_id or 0])
    return render_template(
        "proposals/card.html",
        revision=revision,
        row=row,
        clauses=[c for c in prefill.clause_rows(revision.standard) if c.clause_id in wanted],
        evidence=evidence_queries.evidence_of(revision.id),
        proposer=name_of(people.get(revision.proposer_id or 0)),
        people=people,
        name_of=name_of,
        departments=_departments(),
        drafters=[(person.id, name_of(person)) for person in drafters],
        decides=decides,
        accept_reasons=[reason_words(reason) for reason in reasons],
        decisions=queries.rank_decisions(revision.id) if row.decision else [],
        **more,
    )


def _departments() -> dict[str, str]:
    return {one.code: pick(one.name_zh, one.name_en) for one in people_queries.departments()}


def _next(revision: Revision) -> str:
    following = queries.next_to_score(sign_in.actor(), after=revision.id)
    return url_for(".card", number=following.number) if following else url_for(".board")


def _whole(name: str) -> int | None:
    value = request.form.get(name, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else None
