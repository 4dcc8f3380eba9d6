"""Owns what a proposer is told after submitting: which step comes next, who does it, by when."""

import datetime as dt

from flask import current_app
from flask_babel import gettext as _

from app.core import calendar, clock
from app.core.access import Role
from app.people import queries as people_queries
from app.proposals import queries
from app.standards.models import Revision
from app.standards.revision_page import name_of
from app.web.filters import day

TRIAGE_WORKING_DAYS = 2


def triage_due(revision: Revision) -> dt.date:
    """Returns the day by which somebody looks at a submitted proposal."""
    return calendar.add_working_days(clock.local(revision.state_since).date(), TRIAGE_WORKING_DAYS)


def next_steps(revision: Revision) -> dict[str, object]:
    """Returns what the confirmation page shows: `steps` as sentences, and `joined` where the evidence went."""
    joined = None
    if revision.merged_into_id is not None:
        joined = queries.revision_by_id(revision.merged_into_id)
    directors = people_queries.holders(Role.SERVICE_DIRECTOR)
    people = name_of(people_queries.stand_in(directors[0])) if directors else _("the service director")
    scoring_days = current_app.config["SETTINGS"].scoring_working_days
    due = triage_due(revision)
    steps = [
        _(
            "%(name)s looks at it by %(day)s and brings it before the panel, or says why not.",
            name=people,
            day=day(due),
        ),
        _(
            "%(count)s assessors score it within %(days)s working days, without seeing each other's cards.",
            count=len(queries.panel(revision, cards=()).members),
            days=scoring_days,
        ),
        _("The chair confirms the rank. You are told the result with its reason either way."),
    ]
    return {"steps": steps, "joined": joined}
