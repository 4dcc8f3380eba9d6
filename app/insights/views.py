"""Owns the desk, which rooms contribute to, the notices, and the page of our own process' times."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.access import Permission, requires
from app.core.db import transaction
from app.insights import figures, responsibility
from app.insights import process as times
from app.notices import queries as notices
from app.notices import service as notices_service
from app.notices.collected import collected
from app.people import sign_in
from app.web import contributions

insights = Blueprint("insights", __name__, template_folder="templates")


@insights.get("/desk")
@requires(Permission.USE_DESK)
def desk() -> ResponseReturnValue:
    """Shows the viewer's desk."""
    person, actor = sign_in.viewer_person(), sign_in.actor()
    tasks = contributions.tasks_for(actor)
    news = notices.newest(person.id, 30)
    return render_template(
        "insights/desk.html",
        person=person,
        waiting=[t for t in tasks if t.waiting_for is None],
        others=[t for t in tasks if t.waiting_for is not None],
        news=collected(n for n in news if n.read_at is None)[:8],
        has_more=bool(news),
        figures=figures.for_desk(actor),
    )


@insights.get("/notices")
@requires(Permission.USE_DESK)
def all_notices() -> ResponseReturnValue:
    """Shows the viewer's newest notices, read ones too."""
    person = sign_in.viewer_person()
    rows = notices.newest(person.id, 100)
    return render_template(
        "insights/notices.html", news=collected(rows), unread=sum(n.read_at is None for n in rows)
    )


@insights.post("/notices/read")
@requires(Permission.USE_DESK)
def read_notices() -> ResponseReturnValue:
    """Marks the notices shown as read; nobody else's."""
    with transaction():
        notices_service.mark_read(sign_in.actor(), request.form.getlist("notice", type=int))
    back = "insights.all_notices" if request.form.get("back") == "notices" else "insights.desk"
    return redirect(url_for(back), 303)


@insights.get("/insights")
@requires(Permission.READ_INSIGHTS)
def front() -> ResponseReturnValue:
    """Leads to the times of the process, the page of figures across rooms that there is."""
    return redirect(url_for(".process"))


@insights.get("/insights/process")
@requires(Permission.READ_INSIGHTS)
def process() -> ResponseReturnValue:
    """Shows how long each stage takes, who is responsible in it, each field of review, and where revisions wait now."""
    return render_template(
        "insights/process.html",
        process=times.process(),
        year_days=times.LOOK_BACK_DAYS,
        responsible=responsibility.for_the_newest_plan(),
        holders=responsibility.held_by(),
        is_unheld=responsibility.is_unheld,
    )
