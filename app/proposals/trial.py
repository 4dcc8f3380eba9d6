"""Owns trying a new target on recorded contacts while a proposal is written. Writes nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as with_changes
from decimal import Decimal

from app.core import clock
from app.evidence import counting
from app.standards import queries as standards_queries
from app.standards.measures import Measure, read_number
from app.standards.models import Revision

DAYS = 90


@dataclass(frozen=True)
class Trial:
    """One measure of a chosen clause: how the target of today was kept, and how the tried one would have been.

    `now` and `tried` are None where tickets cannot tell or nothing was tried.
    """

    measure: Measure
    name: str
    value: str
    now: counting.Kept | None
    tried: counting.Kept | None
    tried_measure: Measure | None
    needed: Decimal | None


def trials(revision: Revision, values: Mapping[str, str]) -> list[Trial]:
    """Returns the measures of the chosen clauses with the targets tried in `values` (`target-c07-m01`)."""
    wanted = standards_queries.clause_ids(revision.id)
    if not wanted:
        return []
    documents = standards_queries.published_documents(revision.standard)
    primary = next((d for d in documents.values() if d.front.is_primary), None)
    if primary is None:
        return []
    end = clock.today()
    start = end - dt.timedelta(days=DAYS)
    made = []
    for measure in (
        m for clause_id in wanted if primary.has(clause_id) for m in primary.measures_of(clause_id)
    ):
        if not counting.is_measured(measure):
            continue
        name = f"target-{measure.clause_id}-{measure.id}"
        value = values.get(name, "").strip()[:20]
        number = read_number(value)
        tried_measure = with_changes(measure, value=number) if number is not None else None
        now = counting.backtest(measure, start, end)
        tried = counting.backtest(tried_measure, start, end) if tried_measure else None
        made.append(
            Trial(
                measure,
                name,
                value,
                now if isinstance(now, counting.Kept) else None,
                tried if isinstance(tried, counting.Kept) else None,
                tried_measure,
                _needed(measure, start, end) if tried_measure else None,
            )
        )
    return made


def _needed(measure: Measure, start: dt.date, end: dt.date) -> Decimal | None:
    """Returns the value at which the required share of contacts would have kept the measure, to one decimal."""
    found = counting.distribution(measure, start, end)
    if found is None or not found.points or measure.share_percent is None:
        return None
    place = min(len(found.points) - 1, round(float(measure.share_percent) * 2))
    point = found.points[place]
    return None if point is None else Decimal(str(round(point, 1)))
