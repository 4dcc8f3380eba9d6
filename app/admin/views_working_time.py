"""Owns the page of working time: a month, shifts, own days, peak seasons; what a change does is shown before it is saved."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.admin import working_time_page as page
from app.admin.pages import admin
from app.admin.working_time_form import coming_peaks, proposed, week_of
from app.core import calendar, clock, seasons, working_time
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.evidence import job_queries
from app.evidence.calendar_words import week_words
from app.people import sign_in
from app.web.banner import flash_done
from app.web.filters import day
from app.web.forms import problems_from


@admin.get("/admin/working-time")
@requires(Permission.MANAGE_SYSTEM)
def working_time_page() -> ResponseReturnValue:
    """Shows a month (`?month=2026-11`) with hours, days off and peak seasons, the forms of a change, and the history."""
    return _show()


@admin.get("/admin/working-time/change")
@requires(Permission.MANAGE_SYSTEM)
def check_working_time() -> ResponseReturnValue:
    """Shows what a typed change would do, with the button that saves it; nothing is changed."""
    before = working_time.written(working_time.changes())
    try:
        asked = proposed(request.args, before)
        working_time.check(before, asked.kind, asked.value, asked.holds_from)
        if not asked.why.strip():
            raise Invalid.of("why", "working_time.why_missing")
    except Invalid as error:
        return _show(problems_from(error.errors)), 422
    return render_template(
        "admin/working_time_check.html",
        asked=asked,
        would=page.consequence(asked, before),
        sent=request.args,
    )


@admin.post("/admin/working-time")
@requires(Permission.MANAGE_SYSTEM)
def change_working_time() -> ResponseReturnValue:
    """Saves a change as it was shown; contacts already stored are counted anew in the background."""
    try:
        with transaction():
            asked = proposed(request.form, working_time.written(working_time.changes()))
            working_time.change(sign_in.actor(), asked.kind, asked.value, asked.holds_from, asked.why)
    except Invalid as error:
        return _show(problems_from(error.errors)), 422
    working_time.publish()
    flash_done(_("The change is saved and holds from %(day)s.", day=day(asked.holds_from)))
    return redirect(url_for(".working_time_page", month=f"{asked.holds_from:%Y-%m}"), 303)


def _show(problems: list[tuple[str, str]] | None = None) -> str:
    typed = request.form if request.method == "POST" else request.args
    changes = working_time.changes()
    today = clock.today()
    first = page.month_of(typed.get("month", ""))
    shifts = calendar.shifts(today)
    return render_template(
        "admin/working_time.html",
        first=first,
        around=page.beside(first),
        weeks=page.weeks_of(first),
        today=today,
        shifts=shifts,
        coming=[(start, week_words(one)) for start, one in calendar.dated_shifts()[1:] if start > today],
        week=week_of(shifts),
        peaks=coming_peaks(working_time.written(changes).peaks),
        is_peak=seasons.is_announced(today),
        is_worked=bool(calendar.spans_of(today)),
        history=page.history(changes),
        recount=job_queries.recount_progress(),
        zone=clock.zone().key,
        typed=typed,
        opened=typed.get("change", ""),
        problems=[(_place(typed.get("change", ""), field), words) for field, words in problems or []],
        errors=dict(problems or []),
    )


def _place(form: str, field: str) -> str:
    """Returns the id of a field in one of the forms; what no field says alone leads nowhere."""
    return "" if field in ("value", "change", "holds_from") else f"{form}-{field}"
