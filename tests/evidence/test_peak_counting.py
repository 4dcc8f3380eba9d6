"""Contacts held to the value of the day they came in on: announced peak seasons only, one by one and summed."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.audits.criteria import _measured
from app.core import seasons
from app.core.db import db
from app.evidence import counting, editor_counts, replay
from app.evidence.models import Ticket
from app.evidence.replay_ask import ask_from
from app.evidence.ticket_filters import with_target
from app.standards.measures import Unit
from tests.evidence.evidence_cases import MONTH, TODAY, bring, measure, record
from tests.house_fixtures import MONDAY, House

MINUTES = (5, 10, 11, 30, 31)
CHANGING = measure(value=Decimal(10), peak_value=Decimal(30), unit=Unit.MINUTE)


@pytest.fixture
def two_days(house: House, tmp_path: Path) -> Iterator[House]:
    """The same five contacts on an announced day and on the day after it, and one of each day unanswered."""
    busy = TODAY - dt.timedelta(days=6)
    seasons.use_peaks(f"{busy - dt.timedelta(days=2)}/{busy}")
    made = []
    for days in (6, 5):
        at = MONDAY - dt.timedelta(days=days)
        made += [record(days * 10 + i, at=at, reply=m, solved=5000) for i, m in enumerate(MINUTES)]
    bring(tmp_path, made)
    yield house
    seasons.use_peaks("")


def test_each_contact_is_held_to_the_value_of_its_day(two_days: House) -> None:
    assert counting.backtest(CHANGING, *MONTH) == counting.Kept(4 + 2, 10, 0)
    assert counting.backtest(CHANGING.in_peak(), *MONTH) == counting.Kept(8, 10, 0)
    rows = db.session.scalars(sa.select(Ticket)).all()
    one_by_one = [_measured(CHANGING, ticket) for ticket in rows]
    assert sum(found is not None and found.is_kept for found in one_by_one) == 6
    assert {(found.measure.value, found.measure.peak_value) for found in one_by_one if found} == {
        (Decimal(30), None),
        (Decimal(10), Decimal(30)),
    }


def test_weeks_and_months_add_up_to_the_same(two_days: House) -> None:
    weeks = counting.weekly(CHANGING, *MONTH)
    (months,) = counting.monthly_of([CHANGING], *MONTH)
    assert sum(week.counted.kept for week in weeks) == sum(month.counted.kept for month in months) == 6


def test_the_numbers_of_a_replay_open_exactly_their_rows(two_days: House) -> None:
    asked = ask_from(
        {
            "measure": "/first_reply_time",
            "value": "10",
            "unit": "minute",
            "peak": "30",
            "to": TODAY.isoformat(),
        },
        TODAY,
        (),
    )
    assert asked is not None
    answer = replay.replay(asked)
    assert answer is not None
    assert answer.counted == counting.Kept(6, 10, 0)
    # 90 % of the five contacts outside the peak is all five of them.
    assert answer.needed == Decimal(31)
    assert with_target(asked.base, asked.rows()) == asked.measure


def test_what_would_reach_the_share_looks_at_usual_days_only(two_days: House) -> None:
    counted = editor_counts.count_target(CHANGING, *MONTH)
    assert counted is not None
    assert (counted.kept, counted.n, counted.needed) == (6, 10, Decimal(31))


def test_without_an_announcement_the_usual_value_counts(two_days: House) -> None:
    seasons.use_peaks("")
    assert counting.backtest(CHANGING, *MONTH) == counting.Kept(4, 10, 0)
    assert not seasons.is_announced(dt.date(2026, 11, 11))  # past years are no announcement


def test_announced_spans_join_where_they_touch() -> None:
    seasons.use_peaks("2026-03-10/2026-03-15; 2026-03-01/2026-03-09; 2026-05-01/2026-05-02")
    try:
        assert seasons.announced() == (
            (dt.date(2026, 3, 1), dt.date(2026, 3, 15)),
            (dt.date(2026, 5, 1), dt.date(2026, 5, 2)),
        )
        assert seasons.is_announced(dt.date(2026, 3, 10))
        assert not seasons.is_announced(dt.date(2026, 3, 16))
    finally:
        seasons.use_peaks("")
