"""Owns what the monthly report shows: the sentence, clauses worst first, teams, where findings concentrate, the course, its CSV."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from app.audits import queries, rate_queries, rates, texts
from app.audits.marks import NO_PLACE
from app.audits.models import AuditPlan
from app.audits.rates import Rate, Trend
from app.core.csv_text import csv_bytes
from app.people.models import Team
from app.standards import queries as standards
from app.standards.models import Standard
from app.web.charts import LineChart, Series, line_chart
from app.web.shapes import Range, Ranges, ranges

MOST_CONCENTRATED = 3
LEAST_FINDINGS = 2
MOST_DRAWN_CLAUSES = 12
COURSE_MONTHS = 12
LEAST_COURSE_MONTHS = 3  # a mean of fewer is hardly one


@dataclass(frozen=True)
class ClauseRow:
    """One clause of the month: how often it was kept, whether that moved, how many complaints point at it."""

    standard: Standard
    clause_id: str
    heading_zh: str
    heading_en: str
    rate: Rate
    trend: Trend
    findings: int
    complaints: int

    @property
    def name(self) -> str:
        """Returns the clause as people say it: `CS-04-C07`."""
        return f"{self.standard.code}-{self.clause_id}".upper()


@dataclass(frozen=True)
class Course:
    """The months so far with the limits that chance alone explains; `outside` are the months beyond them."""

    chart: LineChart
    outside: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """A month's report. `whole` is of contacts that kept every clause asked; `before` of the month before.

    `course` is None while too few months have a figure.
    """

    month: str
    plan: AuditPlan
    whole: Rate
    before: Rate | None
    clauses: list[ClauseRow]
    teams: list[tuple[Team | None, Rate]]
    concentrated: list[ClauseRow]
    causes: list[tuple[str, int]]
    chart: Ranges
    appeals: dict[str, int]
    is_finished: bool
    course: Course | None


def report(month: str) -> Report:
    """Returns a month's report from the rates kept by the writer; a fixed number of queries."""
    plan, left = queries.plan_with_left(month)
    findings = [line for line, _sample in queries.findings(month)]
    rows = _clauses(month, Counter((line.standard_id, line.clause_id) for line in findings))
    months = _months_up_to(month)
    whole = rate_queries.whole_rates(*months)
    before = whole.get(month_before(month))
    shown = [r for r in rows if not r.rate.is_hidden][:MOST_DRAWN_CLAUSES]
    most = sorted((r for r in rows if r.findings >= LEAST_FINDINGS), key=lambda r: (-r.findings, r.name))
    return Report(
        month=month,
        plan=plan,
        whole=whole[month],
        before=before if before is not None and before.checked else None,
        clauses=rows,
        teams=_teams(month),
        concentrated=most[:MOST_CONCENTRATED],
        causes=Counter(line.root_cause for line in findings if line.root_cause).most_common(5),
        chart=ranges([_range(row) for row in shown]),
        appeals=queries.appeal_counts(month),
        is_finished=left == 0,
        course=_course({m: whole[m] for m in months if m in whole and not whole[m].is_hidden}),
    )


def csv_of(found: Report) -> bytes:
    """Returns the clauses of a report as CSV, worst first."""
    header = ["month", "clause", "kept", "checked", "share", "low", "high", "complaints"]
    return csv_bytes(header, [[found.month, *_cells(row)] for row in found.clauses])


def month_before(month: str) -> str:
    """Returns the month before: `2026-09` for `2026-10`."""
    first = dt.date.fromisoformat(f"{month}-01")
    return f"{first - dt.timedelta(days=1):%Y-%m}"


def _months_up_to(month: str) -> list[str]:
    """The months of the course, the oldest first."""
    months = [month]
    while len(months) < COURSE_MONTHS:
        months.insert(0, month_before(months[0]))
    return months


def _course(whole: Mapping[str, Rate]) -> Course | None:
    """A p-chart of the contacts that kept every clause; None while too few months have a figure."""
    found = rates.control_chart([(one.kept, one.checked) for one in whole.values()])
    if found is None or len(whole) < LEAST_COURSE_MONTHS:
        return None
    kept = Series(str(_("Met every clause")), [100 * (one.share or 0) for one in whole.values()])
    mean = Series(
        str(_("Mean")),
        [100 * found.mean] * len(whole),
        [100 * limit.low for limit in found.limits],
        [100 * limit.high for limit in found.limits],
    )
    months = list(whole)
    return Course(line_chart(months, [kept, mean]), tuple(months[place] for place in found.outside))


def _cells(row: ClauseRow) -> list[object]:
    interval = row.rate.interval
    shares = ["", "", ""]
    if interval is not None and row.rate.share is not None:
        shares = [f"{x:.4f}" for x in (row.rate.share, interval.low, interval.high)]
    return [row.name, row.rate.kept, row.rate.checked, *shares, row.complaints]


def _clauses(month: str, counts: Counter[tuple[int, str]]) -> list[ClauseRow]:
    found = rate_queries.clause_rates_of(month, month_before(month))
    now, before = found[month], found[month_before(month)]
    named = {s.id: s for s in standards.standards()}
    headings = texts.headings({key[0] for key in now})
    complaints = texts.complaints({key[0] for key in now})
    made = []
    for (standard_id, clause_id), rate in rates.worst_first(now):
        zh, en = headings.get((standard_id, clause_id), ("", ""))
        old = before.get((standard_id, clause_id))
        made.append(
            ClauseRow(
                standard=named[standard_id],
                clause_id=clause_id,
                heading_zh=zh,
                heading_en=en,
                rate=rate,
                trend=rates.trend(rate, old) if old else Trend.UNKNOWN,
                findings=counts[standard_id, clause_id],
                complaints=complaints.get((standard_id, clause_id), 0),
            )
        )
    return made


def _teams(month: str) -> list[tuple[Team | None, Rate]]:
    """Teams with enough checks by name, worst first; all others together without a name."""
    by_code: dict[str, Team] = {}
    shown: dict[str, Rate] = {}
    kept = checked = 0
    for code, team, found in rate_queries.team_rates(month):
        if found.is_hidden or code == NO_PLACE or team is None:
            kept, checked = kept + found.kept, checked + found.checked
        else:
            by_code[code], shown[code] = team, found
    rows: list[tuple[Team | None, Rate]] = [(by_code[code], r) for code, r in rates.worst_first(shown)]
    return [*rows, (None, rates.rate(kept, checked))] if checked else rows


def _range(row: ClauseRow) -> Range:
    interval = row.rate.interval
    low, high = (interval.low, interval.high) if interval else (0.0, 1.0)
    return Range(row.name, 100 * (row.rate.share or 0), 100 * low, 100 * high, row.rate.checked)
