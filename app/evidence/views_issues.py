"""Owns the pages of issues: the inbox, one issue, and what can be done with it."""

import datetime as dt
import math

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.evidence import issue_page, job_queries, queries, service
from app.evidence.models import Issue, IssueState
from app.evidence.pages import evidence
from app.people import queries as people_queries
from app.people import sign_in
from app.standards import queries as standards_queries
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.typed import day_of, one_of


@evidence.get("/e")
@requires(Permission.READ_EVIDENCE)
def inbox() -> ResponseReturnValue:
    """Shows the issues of one state, most complaints first; those to do if none is asked for."""
    asked = request.args.get("state", "")
    state = one_of(IssueState, asked) or IssueState.OPEN
    return render_template(
        "evidence/inbox.html",
        issues=queries.issues(state),
        state=state,
        states=list(IssueState),
        counts=queries.issue_counts(),
        waiting=queries.count_suggestions(open_only=True),
        newest=next(iter(queries.imports(1)), None),
        grouping=job_queries.grouping_progress(),
    )


@evidence.get("/e/<number>")
@requires(Permission.READ_EVIDENCE)
def issue(number: str) -> ResponseReturnValue:
    """Shows one issue: how many, since when, which clause, three examples, and why they stand together."""
    row = queries.issue(number)
    if row.number != number:
        return redirect(url_for(".issue", number=row.number), 301)
    return _show(row)


@evidence.post("/e/<number>/set-aside")
@requires(Permission.MANAGE_EVIDENCE)
def set_aside(number: str) -> ResponseReturnValue:
    """Puts the issue aside with a reason."""
    row = queries.issue(number)
    reason = request.form.get("reason", "")
    try:
        with transaction():
            service.set_aside(sign_in.actor(), row, reason=reason)
    except Invalid as error:
        return _show(queries.issue(number), reason=reason, problems=problems_from(error.errors)), 422
    flash_done(_("%(number)s is set aside.", number=number), url_for(".reopen", number=number))
    return redirect(url_for(".inbox"), 303)


@evidence.post("/e/<number>/later")
@requires(Permission.MANAGE_EVIDENCE)
def later(number: str) -> ResponseReturnValue:
    """Hides the issue until a day."""
    row = queries.issue(number)
    day = day_of(request.form.get("until")) or dt.date.min
    try:
        with transaction():
            service.snooze(sign_in.actor(), row, until=day)
    except Invalid as error:
        return _show(queries.issue(number), problems=problems_from(error.errors)), 422
    flash_done(_("%(number)s comes back by itself.", number=number), url_for(".reopen", number=number))
    return redirect(url_for(".inbox"), 303)


@evidence.route("/e/<number>/handing-on", methods=["GET", "POST"])
@requires(Permission.MANAGE_EVIDENCE)
def hand_on(number: str) -> ResponseReturnValue:
    """Gives the issue to the department that can do something about it."""
    row = queries.issue(number)
    code, words = request.form.get("department", ""), request.form.get("words_on", "")
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            with transaction():
                service.hand_on(sign_in.actor(), row, department_code=code, words=words)
        except Invalid as error:
            problems = problems_from(error.errors)
        else:
            flash_done(_("%(number)s is handed on.", number=number), url_for(".reopen", number=number))
            return redirect(url_for(".inbox"), 303)
    page = render_template(
        "evidence/hand_on.html",
        issue=queries.issue(number),
        departments=people_queries.departments(),
        handed_to=code,
        words_on=words,
        problems=problems,
    )
    return page, 422 if problems else 200


@evidence.post("/e/<number>/reopening")
@requires(Permission.MANAGE_EVIDENCE)
def reopen(number: str) -> ResponseReturnValue:
    """Brings the issue back into the inbox."""
    with transaction():
        service.reopen_issue(sign_in.actor(), queries.issue(number))
    flash_done(_("%(number)s is in the inbox again.", number=number))
    return redirect(url_for(".issue", number=number), 303)


@evidence.post("/e/<number>/clause")
@requires(Permission.MANAGE_EVIDENCE)
def choose_clause(number: str) -> ResponseReturnValue:
    """Says which clause the issue is about; the form sends `cs-04/c07`."""
    row = queries.issue(number)
    code, _slash, clause_id = request.form.get("clause", "").partition("/")
    with transaction():
        service.choose_clause(sign_in.actor(), row, standard_code=code, clause_id=clause_id)
    flash_done(_("The clause of %(number)s is noted.", number=number))
    return redirect(url_for(".issue", number=number), 303)


@evidence.post("/e/<number>/not-this")
@requires(Permission.MANAGE_EVIDENCE)
def not_this(number: str) -> ResponseReturnValue:
    """Takes complaints out of the issue."""
    row = queries.issue(number)
    ids = [int(value) for value in request.form.getlist("ticket") if value.isascii() and value.isdigit()]
    with transaction():
        count = service.take_out(sign_in.actor(), row, [i for i in ids if i < 2**31])
    flash_done(_("%(count)s complaints are out of %(number)s.", count=count, number=number))
    return redirect(url_for(".issue", number=number), 303)


@evidence.post("/e/<number>/confirmation")
@requires(Permission.MANAGE_EVIDENCE)
def confirm(number: str) -> ResponseReturnValue:
    """Stands by the members of the issue."""
    with transaction():
        service.confirm(sign_in.actor(), queries.issue(number))
    flash_done(_("%(number)s is confirmed: later runs keep it together and learn from it.", number=number))
    return redirect(url_for(".issue", number=number), 303)


@evidence.post("/e/<number>/merging")
@requires(Permission.MANAGE_EVIDENCE)
def merge(number: str) -> ResponseReturnValue:
    """Makes the issue part of another one."""
    row = queries.issue(number)
    try:
        with transaction():
            into = queries.issue(request.form.get("into", "").strip())
            service.merge(sign_in.actor(), row, into)
    except Invalid as error:
        return _show(queries.issue(number), problems=problems_from(error.errors)), 422
    flash_done(_("%(number)s is part of %(into)s now.", number=number, into=into.number))
    return redirect(url_for(".issue", number=into.number), 303)


@evidence.post("/e/<number>/splitting")
@requires(Permission.MANAGE_EVIDENCE)
def split(number: str) -> ResponseReturnValue:
    """Makes an issue of its own of the complaints that hold some words."""
    row = queries.issue(number)
    words = request.form.get("words", "")
    try:
        with transaction():
            made = service.split(sign_in.actor(), row, words=words)
    except Invalid as error:
        return _show(queries.issue(number), words=words, problems=problems_from(error.errors)), 422
    flash_done(_("%(number)s is an issue of its own now.", number=made.number))
    return redirect(url_for(".issue", number=made.number), 303)


@evidence.post("/e/<number>/revision")
@requires(Permission.MANAGE_EVIDENCE)
def link_issue(number: str) -> ResponseReturnValue:
    """Gives the issue to a running revision as evidence."""
    row = queries.issue(number)
    revision = standards_queries.revision(request.form.get("revision", "").strip())
    with transaction():
        service.link_issue(sign_in.actor(), row, revision)
    flash_done(_("%(number)s is evidence of %(revision)s now.", number=number, revision=revision.number))
    return redirect(url_for(".issue", number=number), 303)


def _show(row: Issue, **more: object) -> str:
    page = issue_page.page_of(row)
    weeks = [math.ceil(count) for count in row.weekly]
    return render_template("evidence/issue.html", page=page, issue=row, weeks=weeks, **more)
