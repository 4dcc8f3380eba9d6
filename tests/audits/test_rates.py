"""Rates: hidden when small, worst first, arrows only for what surely moved; published control charts."""

import csv
import json

import pytest

from app.audits.rates import (
    LEAST_SHOWN,
    Trend,
    control_chart,
    rate,
    trend,
    worst_first,
)
from app.core.intervals import wilson
from tests.samples import SHARED, present

# Orange juice cans, 30 samples of 50 (Montgomery 1991, also the layout of NIST e-Handbook 6.3.3.2).
CANS = (
    12,
    15,
    8,
    10,
    4,
    7,
    16,
    9,
    14,
    10,
    5,
    6,
    17,
    12,
    22,
    8,
    10,
    5,
    13,
    11,
    20,
    18,
    24,
    15,
    9,
    12,
    7,
    13,
    9,
    6,
)


def test_a_rate_has_its_interval() -> None:
    found = rate(88, 100)
    assert (found.share, found.interval, found.is_hidden) == (0.88, wilson(88, 100), False)


@pytest.mark.parametrize(
    ("checked", "least", "hidden"),
    [
        (LEAST_SHOWN - 1, LEAST_SHOWN, True),
        (LEAST_SHOWN, LEAST_SHOWN, False),
        (49, 50, True),
        (50, 50, False),
        (0, 0, True),
        (1, 0, False),
    ],
)
def test_small_rates_are_hidden(checked: int, least: int, hidden: bool) -> None:
    found = rate(0, checked, least)
    assert found.is_hidden is hidden
    assert (found.interval is None) is hidden
    assert found.checked == checked


def test_the_worst_stands_first_and_the_hidden_last() -> None:
    rates = {"a": rate(9, 10), "b": rate(50, 100), "c": rate(5, 10), "d": rate(0, 3)}
    assert [name for name, _ in worst_first(rates)] == ["b", "c", "a", "d"]


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (rate(900, 1000), rate(800, 1000), Trend.UP),
        (rate(800, 1000), rate(900, 1000), Trend.DOWN),
        (rate(88, 100), rate(86, 100), Trend.STEADY),
        (rate(5, 5), rate(86, 100), Trend.UNKNOWN),
        (rate(86, 100), rate(5, 5), Trend.UNKNOWN),
    ],
)
def test_arrows_only_for_what_surely_moved(now, before, expected: Trend) -> None:
    assert trend(now, before) == expected


def test_the_published_control_chart() -> None:
    chart = control_chart([(count, 50) for count in CANS])
    assert chart is not None
    assert round(chart.mean, 4) == 0.2313
    assert (round(chart.limits[0].low, 4), round(chart.limits[0].high, 4)) == (0.0524, 0.4102)
    assert [place + 1 for place in chart.outside] == [15, 23]
    rest = control_chart([(count, 50) for place, count in enumerate(CANS, 1) if place not in {15, 23}])
    assert rest is not None
    assert (round(rest.mean, 3), round(rest.limits[0].high, 4)) == (0.215, 0.3893)


@pytest.mark.samples
def test_the_shared_control_charts() -> None:
    for path in present(SHARED / "stats" / "pchart_30x50_and_24x50.tsv"):
        answers = json.loads((SHARED / "stats" / "answers.json").read_text(encoding="utf-8"))["pchart"]
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        for trial, name in (("TRUE", "rows_trial_TRUE"), ("FALSE", "rows_trial_FALSE")):
            samples = [(int(row["D"]), int(row["size"])) for row in rows if row["trial"] == trial]
            chart = control_chart(samples)
            assert chart is not None
            assert round(chart.mean, 4) == answers[name]["p_bar"]
            if "UCL" in answers[name]:
                assert round(chart.limits[0].high, 4) == answers[name]["UCL"]
                assert round(chart.limits[0].low, 4) == answers[name]["LCL"]
                assert [place + 1 for place in chart.outside] == answers[name]["out_of_limits"]


def test_charts_follow_the_size_of_each_sample_and_stay_between_0_and_1() -> None:
    chart = control_chart([(1, 10), (10, 1000), (0, 0)])
    assert chart is not None
    assert chart.limits[0].high > chart.limits[1].high
    assert (chart.limits[0].low, chart.limits[2].high) == (0.0, 1.0)
    assert control_chart([]) is None
    assert control_chart([(0, 0)]) is None
