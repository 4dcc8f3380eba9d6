"""Owns the monthly report as a page and as CSV."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app.audits import report_page
from app.audits.pages import audits
from app.core.access import Permission, requires
from app.core.errors import NotFound


@audits.get("/a/report/<month>")
@requires(Permission.READ_REPORTS)
def report(month: str) -> ResponseReturnValue:
    """Shows a month's report: how much was kept, clauses worst first, teams, where findings concentrate."""
    return render_template("audits/report.html", report=report_page.report(month))


@audits.get("/a/report/<month>.csv")
@requires(Permission.READ_REPORTS)
def report_csv(month: str) -> ResponseReturnValue:
    """Returns the clauses of a month's report as a table for a spreadsheet."""
    found = report_page.report(month)
    if not found.clauses:
        raise NotFound("audit.no_plan", month=month[:10])
    answer = Response(report_page.csv_of(found), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=quality-{found.plan.month}.csv"
    return answer
