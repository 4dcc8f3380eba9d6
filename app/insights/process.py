"""Owns how long our own process takes: median days in each stage, review by field, where revisions wait now. Writes nothing.

Source: requirement 81 (needless approvals become visible by the times they cost).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.reviews.freshness import Kind
from app.reviews.models import ReviewTask, TaskState
from app.standards.models import Revision, RevisionStep
from app.standards.workflow import ENDS, State, stage_number

LOOK_BACK_DAYS = 365
LEAST = 5  # fewer spans say too little for a median
# The stages that a state leads into and out of again; training runs beside, and nothing leaves the archive.
LEFT_STAGES = sorted(
    {n for s in State if (n := stage_number(s)) is not None} - {stage_number(State.ARCHIVED) or 0}
)
Move = tuple[dt.datetime, State]


@dataclass(frozen=True)
class Time:
    """How long something took. `days` is the median in days of 24 hours, None without a span; `count` is the spans."""

    key: str
    days: float | None
    longest: float | None
    count: int

    @property
    def is_thin(self) -> bool:
        """States that there are too few spans to trust the median."""
        return self.count < LEAST


@dataclass(frozen=True)
class Waiting:
    """Where revisions stand now: the stage, since when the longest waits, and the revisions, longest first."""

    stage: int
    days: float
    revisions: tuple[Revision, ...]


@dataclass(frozen=True)
class Process:
    """Everything the page shows. `slowest` is the stage with the longest median that has enough spans, if any has."""

    stages: tuple[Time, ...]
    fields: tuple[Time, ...]
    waiting: tuple[Waiting, ...]

    @property
    def slowest(self) -> Time | None:
        """Returns the bottleneck."""
        enough = [t for t in self.stages if t.days is not None and not t.is_thin]
        return max(enough, key=lambda t: t.days or 0.0, default=None)


def stage_spans(moves: Sequence[Move]) -> dict[int, float]:
    """Returns {stage: days a revision spent in it} of the stages it left; going back adds to the stage.

    `moves` are (moment, state reached), oldest first. The stage it stands in is not counted: nobody knows its end.
    """
    spans: dict[int, float] = {}
    for (since, state), (until, _next) in pairwise(moves):
        number = stage_number(state)
        if number is not None:
            spans[number] = spans.get(number, 0.0) + (until - since) / dt.timedelta(days=1)
    here = stage_number(moves[-1][1]) if moves else None
    spans.pop(here or 0, None)
    return spans


def time_of(key: str, days: Iterable[float]) -> Time:
    """Returns median, longest and number of spans."""
    values = sorted(days)
    return Time(key, median(values) if values else None, values[-1] if values else None, len(values))


def process() -> Process:
    """Returns the times of the revisions begun in the last year, and of the reviews asked in it."""
    since = clock.now() - dt.timedelta(days=LOOK_BACK_DAYS)
    spans: dict[int, list[float]] = {number: [] for number in LEFT_STAGES}
    for moves in _moves(since):
        for number, days in stage_spans(moves).items():
            spans.get(number, []).append(days)
    return Process(
        stages=tuple(time_of(str(number), days) for number, days in spans.items()),
        fields=_fields(since),
        waiting=_waiting(),
    )


def _moves(since: dt.datetime) -> list[list[Move]]:
    rows = db.session.execute(
        sa.select(Revision.id, Revision.created_at, RevisionStep.at, RevisionStep.to_state)
        .join(RevisionStep, RevisionStep.revision_id == Revision.id)
        .where(Revision.created_at >= since)
        .order_by(Revision.id, RevisionStep.id)
    )
    made: dict[int, list[Move]] = {}
    for revision_id, created_at, at, state in rows:
        made.setdefault(revision_id, [(created_at, State.DRAFT)]).append((at, state))
    return list(made.values())


def _fields(since: dt.datetime) -> tuple[Time, ...]:
    rows = db.session.execute(
        sa.select(ReviewTask.kind, ReviewTask.asked_at, ReviewTask.done_at).where(
            ReviewTask.asked_at >= since,
            ReviewTask.state == TaskState.SIGNED,
            ReviewTask.done_at
            > ReviewTask.asked_at,  # one that was fresh when it was asked took nobody's time
        )
    ).all()
    return tuple(
        time_of(
            kind.value,
            [(done - asked) / dt.timedelta(days=1) for k, asked, done in rows if k is kind and done],
        )
        for kind in Kind
    )


def _waiting() -> tuple[Waiting, ...]:
    now = clock.now()
    rows = db.session.scalars(
        sa.select(Revision)
        .where(Revision.state.not_in([*ENDS, State.IN_FORCE, State.DRAFT]))
        .order_by(Revision.state_since)
    )
    found: dict[int, list[Revision]] = {}
    for revision in rows:
        found.setdefault(stage_number(revision.state) or 0, []).append(revision)
    return tuple(
        Waiting(number, (now - revisions[0].state_since) / dt.timedelta(days=1), tuple(revisions))
        for number, revisions in sorted(found.items())
        if number
    )
