"""Owns what the pages of plans show: months, groups with what they can say, who checks how many."""

import datetime as dt
from dataclasses import dataclass

from wtforms.fields.choices import SelectChoice

from app.audits import queries
from app.audits.criteria import month_bounds
from app.audits.forms import MonthPlanForm
from app.audits.models import AuditPlan, Sample, SampleState
from app.audits.pages import month_words
from app.audits.sampling import precision
from app.core import clock
from app.core.intervals import Interval
from app.evidence.models import Ticket
from app.evidence.tickets import Channel
from app.evidence.words import code_words
from app.people import queries as people
from app.people.models import Person
from app.standards import queries as standards
from app.standards.models import Standard
from app.web.language import pick

EXPECTED_SHARE = 0.85
SIZES = (40, 100, 200, 400)
MONTHS_BACK = 3


@dataclass(frozen=True)
class MonthRow:
    """One planned month with how far it is."""

    plan: AuditPlan
    scored: int
    drawn: int


@dataclass(frozen=True)
class SampleRow:
    """One drawn contact as the list of a month shows it."""

    sample: Sample
    ticket: Ticket


@dataclass(frozen=True)
class PlanPage:
    """Everything the page of a month's plan shows. `says` is what the sample can say at the expected share."""

    plan: AuditPlan
    standards: list[Standard]
    population: int
    says: Interval
    takes_all: bool
    rows: list[SampleRow]
    auditors: list[tuple[Person, int]]
    scored: int
    drawn: int


def month_rows() -> list[MonthRow]:
    """Returns all months, newest first."""
    counts = queries.counts_by_plan()
    return [
        MonthRow(plan, found.get(SampleState.SCORED, 0), sum(found.get(s, 0) for s in COUNTED))
        for plan in queries.plans()
        for found in (counts.get(plan.id, {}),)
    ]


COUNTED = (SampleState.WAITING, SampleState.SCORED)


def plan_page(plan: AuditPlan) -> PlanPage:
    """Returns the page of a month; before the draw its population is counted now."""
    rows = [SampleRow(*pair) for pair in queries.samples_with_tickets(plan.id)]
    population = plan.population
    if population is None:
        population = len(queries.contacts(*month_bounds(plan.month), plan.channels, plan.regions))
    todo: dict[int, int] = {}
    for row in rows:
        if row.sample.auditor_id is not None and row.sample.state in COUNTED:
            todo[row.sample.auditor_id] = todo.get(row.sample.auditor_id, 0) + 1
    named = people.by_ids(set(todo))
    return PlanPage(
        plan=plan,
        standards=[s for s in standards.standards() if s.id in plan.standard_ids],
        population=population,
        says=precision(EXPECTED_SHARE, min(plan.sample_size, population) or 1, population or None),
        takes_all=population <= plan.sample_size,
        rows=rows,
        auditors=[(named[i], count) for i, count in todo.items() if i in named],
        scored=sum(r.sample.state is SampleState.SCORED for r in rows),
        drawn=sum(r.sample.state in COUNTED for r in rows),
    )


def plan_form() -> MonthPlanForm:
    """Returns the form of a new plan: this month and the three before, as far as they are not planned."""
    form = MonthPlanForm()
    planned = {plan.month for plan in queries.plans()}
    form.month.choices = [SelectChoice(m, month_words(m)) for m in _months() if m not in planned]
    form.standards.choices = [
        SelectChoice(s.code, f"{s.code.upper()} {pick(s.title_zh, s.title_en)}")
        for s in standards.standards()
    ]
    form.regions.choices = [SelectChoice(r.code, pick(r.name_zh, r.name_en)) for r in people.regions()]
    form.channels.choices = [SelectChoice(c.value, code_words("channel", c)) for c in Channel]
    if not form.is_submitted():
        form.standards.data = [s.code for s in standards.standards()]
    return form


def sizes() -> list[tuple[int, Interval]]:
    """Returns what samples of usual sizes can say at the expected share, of a large month."""
    return [(size, precision(EXPECTED_SHARE, size)) for size in SIZES]


def _months() -> list[str]:
    day, found = clock.today().replace(day=1), []
    for _step in range(MONTHS_BACK + 1):
        found.append(f"{day:%Y-%m}")
        day = (day - dt.timedelta(days=1)).replace(day=1)
    return found
