"""Owns what the page of one issue shows: counts with the addresses of their rows, trend, clause, examples. Writes nothing."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.core import clock
from app.core.text import cut
from app.evidence import queries
from app.evidence.issues import Change, compare
from app.evidence.models import EvidenceKind, Issue, Ticket
from app.evidence.places import complaint_places
from app.standards import queries as standards_queries
from app.standards.models import ClauseVersion, Revision, Standard
from app.standards.words import spoken_id
from app.web.charts import LineChart, Series, line_chart
from app.web.filters import iso_day, local_date

WEEK = dt.timedelta(days=7)
LONGEST_EXAMPLE = 160


@dataclass(frozen=True)
class Example:
    """A masked complaint; `parts` are `(is a telling phrase, text)` in order."""

    ticket: Ticket
    parts: tuple[tuple[bool, str], ...]


@dataclass(frozen=True)
class Choice:
    """A clause the issue may be about: `value` is `cs-04/c07`, `words` its number and heading in both languages."""

    value: str
    spoken: str
    heading_zh: str
    heading_en: str
    confidence: str | None


@dataclass(frozen=True)
class Share:
    """Where an issue stands out: `own` percent of its complaints of the week, `base` percent of all complaints of the week."""

    kind: str
    code: str
    count: int
    own: int
    base: int


@dataclass(frozen=True)
class IssuePage:
    """Everything the page shows. `week` and `week_before` are the bounds of the two counts, as instants."""

    issue: Issue
    week: tuple[dt.datetime, dt.datetime]
    week_before: tuple[dt.datetime, dt.datetime]
    chart: LineChart
    places: dict[str, list[tuple[str, int]]]
    shares: tuple["Share", ...]
    change: Change
    merged_into: Issue | None
    mergeable: tuple[Issue, ...]
    clause: Choice | None
    choices: tuple[Choice, ...]
    examples: tuple[Example, ...]
    revisions: tuple[Revision, ...]
    on_clause: tuple[Revision, ...]
    others: tuple[Issue, ...]

    @property
    def taken_by(self) -> Revision | None:
        """Returns the open revision that takes care of the issue, None while nobody does."""
        return self.revisions[0] if self.revisions else None

    @property
    def first_free_day(self) -> dt.date:
        """Returns tomorrow: the first day on which a hidden issue may come back."""
        return clock.today() + dt.timedelta(days=1)


def page_of(issue: Issue) -> IssuePage:
    """Returns the page of an issue; about nine queries whatever its size."""
    end = issue.counted_until
    here, base = complaint_places(issue.id, end - WEEK, end)
    places = {kind: counts.most_common(3) for kind, counts in here.items()}
    every = queries.issues()
    wanted = {(c["standard"], c["clause"]): str(c["confidence"]) for c in issue.clause_choices}
    standards = {s.id: s for s in standards_queries.standards()}
    if issue.standard_id and issue.clause_id:
        own = (standards[issue.standard_id].code, issue.clause_id)
        wanted = {own: issue.confidence.value if issue.confidence else ""} | wanted
    choices = _choices(wanted, list(standards.values()))
    resting = queries.revisions_resting_on(EvidenceKind.ISSUE, issue.number)
    open_ones = standards_queries.open_revisions(issue.standard_id) if issue.standard_id else []
    return IssuePage(
        issue=issue,
        week=(end - WEEK, end),
        week_before=(end - 2 * WEEK, end - WEEK),
        chart=_chart(issue),
        places=places,
        shares=tuple(_shares(places, issue.last_count, base)),
        change=compare(issue.last_count, WEEK, issue.previous_count, WEEK),
        merged_into=queries.issue(issue.reason) if issue.merged_into_id else None,
        mergeable=tuple(one for one in every if one.id != issue.id and one.merged_into_id is None)[:30],
        clause=choices[0] if issue.clause_id and choices else None,
        choices=tuple(choices),
        examples=tuple(
            Example(ticket, highlighted(ticket.text or ticket.subject, issue.terms))
            for ticket in queries.tickets_by_ids(issue.example_ids)
        ),
        revisions=tuple(resting),
        on_clause=tuple(r for r in open_ones if r.id not in {one.id for one in resting}),
        others=tuple(one for one in every if _beside(one, issue))[:3],
    )


def highlighted(text: str, terms: Sequence[str]) -> tuple[tuple[bool, str], ...]:
    """Returns the beginning of a text in parts: those that are a telling phrase and those between them."""
    shown = cut(text, LONGEST_EXAMPLE)
    if not terms:
        return ((False, shown),)
    pattern = "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
    pieces = re.split(f"({pattern})", shown, flags=re.IGNORECASE)
    return tuple((place % 2 == 1, piece) for place, piece in enumerate(pieces) if piece)


def _beside(one: Issue, issue: Issue) -> bool:
    same = (one.standard_id, one.clause_id) == (issue.standard_id, issue.clause_id)
    return same and issue.standard_id is not None and one.id != issue.id and one.merged_into_id is None


def _shares(
    places: dict[str, list[tuple[str, int]]], own: int, base: dict[str, Counter[str]]
) -> Iterator[Share]:
    """Yields the place of each kind from which most of the issue's complaints came, beside all complaints."""
    for kind, found in places.items():
        everywhere = base[kind].total()
        if found and own and everywhere:
            code, count = found[0]
            share = Share(
                kind, code, count, round(100 * count / own), round(100 * base[kind][code] / everywhere)
            )
            yield share


def _chart(issue: Issue) -> LineChart:
    starts = [issue.counted_until - WEEK * (len(issue.weekly) - n) for n in range(len(issue.weekly))]
    columns = [iso_day(local_date(start))[5:] for start in starts]
    return line_chart(columns, [Series(_("Complaints"), [float(n) for n in issue.weekly])], unit="")


def _choices(wanted: dict[tuple[str, str], str], standards: Sequence[Standard]) -> list[Choice]:
    made = []
    by_code = {s.code: s for s in standards}
    named = {by_code[code].id for code, _clause in wanted if code in by_code}
    texts: dict[int, dict[str, ClauseVersion]] = {
        standard_id: {b.clause_id: b.version.key for b in text.bindings}  # type: ignore[misc]
        for standard_id, text in standards_queries.in_force_of(named).items()
    }
    for (code, clause_id), confidence in wanted.items():
        if code not in by_code:
            continue
        row = texts[by_code[code].id].get(clause_id)
        made.append(
            Choice(
                f"{code}/{clause_id}",
                spoken_id(code, clause_id),
                (row.heading_zh if row else None) or "",
                (row.heading_en if row else None) or "",
                confidence or None,
            )
        )
    return made
