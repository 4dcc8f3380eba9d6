"""Quantities: numbers with a unit, as people write them in both languages."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.standards.measures import Clock, Comparison, Measure, Unit
from app.standards.quantities import han_number, quantities, states_measure

ANSWER = Measure("m01", "c07", "first_reply_time", Comparison.AT_MOST, Decimal(24), Unit.HOUR)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("24小时内答复", "zh", [("24", "hour")]),
        ("２４ 小时内答复", "zh", [("24", "hour")]),
        ("二十四小时内答复", "zh", [("24", "hour")]),
        ("24个工作小时", "zh", [("24", "hour")]),
        ("3 个工作日内，最长7日", "zh", [("3", "working_day"), ("7", "day")]),
        ("半小时或半天", "zh", [("0.5", "hour"), ("0.5", "day")]),
        ("达到99.5%或百分之九十五", "zh", [("99.5", "percent"), ("95", "percent")]),
        ("提高3个百分点", "zh", [("3", "percent")]),
        (
            "1,200次，85分，30分钟，10秒钟",
            "zh",
            [("1200", "times"), ("85", "point"), ("30", "minute"), ("10", "second")],
        ),
        ("2026年3月15日起，三分之一", "zh", []),
        ("7×24小时", "zh", [("24", "hour")]),
        ("within 24 hours", "en", [("24", "hour")]),
        ("a 24-hour line; twenty-four hours", "en", [("24", "hour"), ("24", "hour")]),
        ("half an hour, 10 mins", "en", [("0.5", "hour"), ("10", "minute")]),
        ("3 working days or 7 days", "en", [("3", "working_day"), ("7", "day")]),
        ("99.5 percent, 5%, 3 times", "en", [("99.5", "percent"), ("5", "percent"), ("3", "times")]),
        ("", "zh", []),
        ("no number", "en", []),
    ],
)
def test_quantities_are_read_as_written(text: str, language: str, expected: list) -> None:
    assert [(str(found.value), found.unit.value) for found in quantities(text, language)] == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十四", 24),
        ("一百零五", 105),
        ("两千", 2000),
        ("一万二千", 12000),
        ("二〇二六", 2026),
    ],
)
def test_han_numbers(text: str, number: int) -> None:
    assert han_number(text) == number


def test_han_numbers_may_have_decimals_and_other_words_are_none() -> None:
    assert han_number("三点五") == Decimal("3.5")
    assert han_number("客户") is None
    assert han_number("") is None


@pytest.mark.parametrize(
    ("text", "language", "changes", "stated"),
    [
        ("应在24小时内答复", "zh", {}, True),
        ("应在 1 天内答复", "zh", {}, True),
        ("应在1440分钟内答复", "zh", {}, True),
        ("应在12小时内答复", "zh", {}, False),
        ("应在24分钟内答复", "zh", {}, False),
        ("应在1个工作日内答复", "zh", {}, False),
        ("we answer within one day", "en", {}, True),
        ("we answer within 24 hours", "en", {}, True),
        ("we answer within 25 hours", "en", {}, False),
        ("3个工作日内退款", "zh", {"value": Decimal(3), "unit": Unit.WORKING_DAY}, True),
        ("3天内退款", "zh", {"value": Decimal(3), "unit": Unit.WORKING_DAY}, False),
        ("3个工作日内退款", "zh", {"value": Decimal(3), "unit": Unit.DAY, "clock": Clock.WORKING}, True),
        ("20秒内接听", "zh", {"value": Decimal(20), "unit": Unit.SECOND}, True),
        ("一分钟内接听", "zh", {"value": Decimal(60), "unit": Unit.SECOND}, True),
        ("90分钟内到达", "zh", {"value": Decimal("1.5")}, True),
        ("准确率不低于95%", "zh", {"value": Decimal(95), "unit": Unit.PERCENT}, True),
        ("评分不低于85分", "zh", {"value": Decimal(85), "unit": Unit.POINT}, True),
        ("评分不低于85", "zh", {"value": Decimal(85), "unit": Unit.POINT}, False),
    ],
)
def test_a_text_states_its_measure_or_does_not(text: str, language: str, changes: dict, stated: bool) -> None:
    assert states_measure(text, language, replace(ANSWER, **changes)) is stated
