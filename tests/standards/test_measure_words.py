"""The sentence of a measure in both languages."""

from decimal import Decimal

import pytest
from flask_babel import force_locale

from app.standards.measure_words import measure_sentence, measure_short, target_sides, unit_words
from app.standards.measures import Clock, Comparison, Measure, Unit
from app.standards.targets import target_change
from tests.house_fixtures import House


def measure(**values: object) -> Measure:
    given = {
        "id": "m01", "clause_id": "c03", "metric": "first_reply_time", "comparison": Comparison.AT_MOST,
        "value": Decimal(12), "unit": Unit.HOUR, "share_percent": Decimal(90),
    }  # fmt: skip
    return Measure(**{**given, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "zh", "en"),
    [
        (
            measure(),
            "90% 的工单在 12 小时内得到首次响应",
            "90% of contacts get a first reply within 12 hours",
        ),
        (
            measure(value=Decimal(1), peak_value=Decimal(3)),
            "90% 的工单在 1 小时内得到首次响应（高峰期 3 小时）",
            "90% of contacts get a first reply within 1 hour (3 hours in a peak season)",
        ),
        (
            measure(share_percent=None, value=Decimal(1)),
            "全部工单在 1 小时内得到首次响应",
            "All contacts get a first reply within 1 hour",
        ),
        (
            measure(priorities=("urgent",), channels=("chat",), value=Decimal(5), unit=Unit.MINUTE),
            "90% 的紧急工单（在线客服）在 5 分钟内得到首次响应",
            "90% of urgent contacts (chat) get a first reply within 5 minutes",
        ),
        (
            measure(metric="refund_time", value=Decimal(3), unit=Unit.WORKING_DAY, clock=Clock.WORKING),
            "90% 的工单在 3 个工作日内完成退款",
            "90% of contacts are refunded within 3 working days",
        ),
        (
            measure(metric="resolution_time", value=Decimal(8), clock=Clock.WORKING),
            "90% 的工单在 8 小时（工作时间）内得到解决",
            "90% of contacts are solved within 8 hours of working time",
        ),
        (
            measure(
                metric="fcr",
                comparison=Comparison.AT_LEAST,
                value=Decimal(75),
                unit=Unit.PERCENT,
                share_percent=None,
            ),
            "工单的首次解决率不低于 75%",
            "First-contact resolution of contacts at least 75%",
        ),
    ],
)
def test_a_measure_reads_as_a_sentence(sqlite_house: House, made: Measure, zh: str, en: str) -> None:
    with sqlite_house.app.test_request_context():
        with force_locale("zh_Hans"):
            assert measure_sentence(made).replace(" 个工作日", " 个工作日") == zh
        with force_locale("en"):
            assert measure_sentence(made) == en
            assert measure_sentence(made.to_data()) == en


def test_an_unknown_metric_is_shown_as_written(sqlite_house: House) -> None:
    with sqlite_house.app.test_request_context(), force_locale("en"):
        assert measure_short(measure(metric="queue_length")) == "queue length ≤ 12 hours, 90%"
        assert unit_words("hour", 1) == "hour"


def test_a_target_row_shows_one_unit_when_both_sides_share_it(sqlite_house: House) -> None:
    with sqlite_house.app.test_request_context(), force_locale("en"):
        change = target_change(measure(value=Decimal(24)), measure())
        assert change is not None
        assert target_sides(change) == ("24", "12", "hours")
        other = target_change(measure(value=Decimal(1), unit=Unit.DAY), measure())
        assert other is not None
        assert target_sides(other) == ("1 day, 90%", "12 hours, 90%", "")
        new = target_change(None, measure())
        assert new is not None
        assert target_sides(new)[0] is None
