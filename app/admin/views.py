"""Owns the administrator's home, and gathers the room's other pages on the one blueprint."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.admin import (
    health,
    views_health,
    views_log,
    views_people,
    views_robots,
    views_setup,
    views_webhooks,
    views_working_time,
)
from app.admin.pages import admin
from app.core.access import Permission, requires
from app.core.jobs import JobState
from app.people import queries as people
from app.standards import founding

__all__ = [
    "admin",
    "home",
    "views_health",
    "views_log",
    "views_people",
    "views_robots",
    "views_setup",
    "views_webhooks",
    "views_working_time",
]


@admin.get("/admin")
@requires(Permission.MANAGE_SYSTEM)
def home() -> ResponseReturnValue:
    """Shows where an administrator goes on, and what needs a look."""
    counts = health.job_counts()
    everybody = people.everybody()
    there = founding.codes_there()
    return render_template(
        "admin/home.html",
        active=len(everybody),
        absent=sum(people.is_absent(person) for person in everybody),
        failed=counts.get(JobState.FAILED.value, 0),
        stuck=len(health.undecided_mails()),
        standards=len(there),
    )
