"""How long the own process takes: days in each stage, review by field, where revisions wait now."""

import datetime as dt

import pytest

from app.core import clock
from app.core.db import db, transaction
from app.insights import process
from app.insights.process import stage_spans, time_of
from app.reviews import sign_offs
from app.reviews.freshness import Kind
from app.standards import queries as standards
from app.standards.workflow import State
from tests.house_fixtures import MONDAY, House
from tests.review_cases import make_review

S = State
DAY = dt.timedelta(days=1)


def moves(*reached: tuple[float, State]) -> list[tuple[dt.datetime, State]]:
    return [(MONDAY + days * DAY, state) for days, state in reached]


@pytest.mark.parametrize(
    ("reached", "spans"),
    [
        ([], {}),
        ([(0, S.DRAFT)], {}),
        ([(0, S.DRAFT), (1, S.PROPOSED), (3.5, S.SCORING)], {1: 3.5}),
        ([(0, S.DRAFT), (0, S.DRAFTING), (2, S.IN_REVIEW), (3, S.DRAFTING), (7, S.IN_REVIEW)], {1: 0.0, 3: 6.0}),
        (
            [(0, S.DRAFT), (0, S.DRAFTING), (2, S.IN_REVIEW), (3, S.DRAFTING), (7, S.IN_REVIEW), (8, S.READY)],
            {1: 0.0, 3: 6.0, 4: 2.0},
        ),
        ([(0, S.DRAFT), (2, S.PROPOSED), (4, S.DECLINED)], {1: 4.0}),
    ],
)  # fmt: skip
def test_a_stage_counts_when_it_was_left_and_going_back_adds(reached: list, spans: dict) -> None:
    assert stage_spans(moves(*reached)) == spans


@pytest.mark.parametrize(
    ("days", "middle", "longest", "thin"),
    [
        ([], None, None, True),
        ([2.0], 2.0, 2.0, True),
        ([9, 1, 2, 3], 2.5, 9, True),
        ([5, 1, 2, 3, 4], 3, 5, False),
    ],
)
def test_median_longest_and_how_many(
    days: list, middle: float | None, longest: float | None, thin: bool
) -> None:
    found = time_of("4", days)
    assert (found.days, found.longest, found.count, found.is_thin) == (middle, longest, len(days), thin)


def test_times_are_those_of_the_rows(house: House) -> None:
    revision = make_review(house)
    version = standards.newest_text_version(revision.id)
    assert version is not None
    with clock.frozen(MONDAY + 2 * DAY), transaction():
        sign_offs.sign_off(
            house.actor("lawyer"), revision, Kind.LEGAL, text_version=version, sign_in_age_seconds=1
        )
    with clock.frozen(MONDAY + 3 * DAY):
        found = process.process()
    legal = next(t for t in found.fields if t.key == "legal")
    assert (legal.days, legal.count, legal.is_thin) == (2.0, 1, True)
    assert [t.count for t in found.fields if t.key != "legal"] == [0, 0]
    assert [(w.stage, w.days, [r.number for r in w.revisions]) for w in found.waiting] == [
        (4, 3.0, ["26-001"])
    ]
    assert found.slowest is None
    db.session.rollback()


def test_the_page_says_it_in_both_languages(web: House) -> None:
    with web.app.app_context():
        make_review(web)
    assert "还说不出瓶颈" in web.client("director", "zh").get("/insights/process").text
    page = web.client("chair", "en").get("/insights/process").text
    assert "Where revisions wait now" in page and "/r/26-001" in page
    assert 'href="/insights/process"' in page
    assert web.client("agent", "en").get("/insights/process").status_code == 403
