"""Owns the one stream of feedback on clauses: complaints, suggestions, and findings that a room to the right gives.

Counts a day each; what a surge is stands in `surges.py`, what is done about it in `proposals`.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.evidence.models import EvidenceKind, EvidenceLink, Issue, IssueTicket, Suggestion, Ticket
from app.evidence.surges import BASE_DAYS, LAG_DAYS, Counts, Watch, Wave, watch
from app.standards.models import Revision, Standard

WATCH_DAYS = 60
"""So far back the rule is followed: a wave that began earlier is found again by its beginning."""

Clause = tuple[int, str]
"""Id of the standard and of the clause."""

Findings = Callable[[dt.date], Iterable[tuple[int, str, dt.date]]]
_sources: list[Findings] = []


@dataclass(frozen=True)
class Watched:
    """One clause with what the rule saw, how many pieces of each sort came in the last seven days, and its case.

    `case` is the open or ended revision that a surge of this wave was given to; None while there is none.
    """

    standard: Standard
    clause_id: str
    watch: Watch
    week: int
    expected_week: float
    case: Revision | None

    @property
    def wave(self) -> Wave | None:
        """Returns the wave that goes on."""
        return self.watch.current

    @property
    def is_quiet(self) -> bool:
        """Tells whether nothing came in the last seven days and no wave goes on."""
        return self.week == 0 and self.wave is None


def provide(source: Findings) -> None:
    """Names who gives the findings since a day as `(standard id, clause id, local day)`; called by the wiring page."""
    _sources[:] = [source]


def watched(today: dt.date | None = None) -> list[Watched]:
    """Returns every clause with feedback in the last 60 days up to yesterday, the loudest first."""
    ends = (today or clock.today()) - dt.timedelta(days=1)
    starts = ends - dt.timedelta(days=WATCH_DAYS - 1)
    stream = daily(starts - dt.timedelta(days=BASE_DAYS + LAG_DAYS))
    contacts = _contacts(starts - dt.timedelta(days=BASE_DAYS + LAG_DAYS))
    standards = {row.id: row for row in db.session.scalars(sa.select(Standard))}
    cases = _cases()
    made = []
    for (standard_id, clause_id), counts in stream.items():
        if standard_id not in standards or not any(day >= starts for day in counts):
            continue
        seen = watch(counts, contacts, starts, ends)
        last = seen.days[-7:]
        standard = standards[standard_id]
        case = _case_of(cases.get(f"{standard.code.lower()}/{clause_id}", ()), seen.current)
        made.append(
            Watched(
                standard,
                clause_id,
                seen,
                sum(day.count for day in last),
                sum(day.expected for day in last),
                case,
            )
        )
    return sorted(made, key=_loudness)


def daily(since: dt.date) -> dict[Clause, Counts]:
    """Returns `{(standard id, clause id): {local day: pieces}}` of complaints, suggestions and findings since a day."""
    made: dict[Clause, Counter[dt.date]] = defaultdict(Counter)
    complaints = db.session.execute(
        sa.select(
            Issue.standard_id, Issue.clause_id, Ticket.created_on, sa.func.count(sa.distinct(Ticket.id))
        )
        .join(IssueTicket, IssueTicket.issue_id == Issue.id)
        .join(Ticket, Ticket.id == IssueTicket.ticket_id)
        .where(Issue.clause_id.is_not(None), sa.not_(IssueTicket.is_out), Ticket.created_on >= since)
        .group_by(Issue.standard_id, Issue.clause_id, Ticket.created_on)
    )
    for standard_id, clause_id, day, count in complaints:
        if standard_id is not None and clause_id is not None:
            made[standard_id, clause_id][day] += count
    suggestions = db.session.execute(
        sa.select(Suggestion.standard_id, Suggestion.clause_id, Suggestion.at).where(
            Suggestion.clause_id.is_not(None),
            Suggestion.standard_id.is_not(None),
            Suggestion.at >= clock.start_of(since),
        )
    )
    for standard_id, clause_id, at in suggestions:
        if standard_id is not None and clause_id is not None:
            made[standard_id, clause_id][clock.local(at).date()] += 1
    for source in _sources:
        for standard_id, clause_id, day in source(since):
            made[standard_id, clause_id][day] += 1
    return dict(made)


def key_of(one: Watched, wave: Wave) -> str:
    """Returns how a surge is named as evidence: `cs-04/c07/2026-11-03`, with the day of its alarm."""
    return f"{one.standard.code.lower()}/{one.clause_id}/{wave.alarmed_on.isoformat()}"


def _contacts(since: dt.date) -> dict[dt.date, int]:
    """Contacts a day, from the first day on that complaints were grouped: before it nobody counted feedback."""
    first = (
        sa.select(sa.func.min(Ticket.created_on))
        .join(IssueTicket, IssueTicket.ticket_id == Ticket.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Ticket.created_on, sa.func.count(Ticket.id))
        .where(Ticket.created_on >= since, Ticket.created_on >= first, sa.not_(Ticket.deleted))
        .group_by(Ticket.created_on)
    )
    return {day: int(count) for day, count in rows}


def _cases() -> dict[str, list[tuple[dt.date, Revision]]]:
    made: dict[str, list[tuple[dt.date, Revision]]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(EvidenceLink.key, Revision)
        .join(Revision, Revision.id == EvidenceLink.revision_id)
        .where(EvidenceLink.kind == EvidenceKind.SURGE)
        .order_by(EvidenceLink.id)
    )
    for key, revision in rows:
        place, _slash, day = key.rpartition("/")
        made[place].append((dt.date.fromisoformat(day), revision))
    return made


def _case_of(cases: Iterable[tuple[dt.date, Revision]], wave: Wave | None) -> Revision | None:
    """The case of this wave: late contacts may move its alarm by days, never to before the wave began."""
    if wave is None:
        return None
    return next((revision for alarmed, revision in cases if alarmed >= wave.began_on), None)


def _loudness(one: Watched) -> tuple[float, str, str]:
    total = one.watch.days[-1].total if one.watch.days else 0.0
    return (-total if one.wave is None else -total - 1_000, one.standard.code, one.clause_id)
