"""A measure whose value changes by calendar: its grammar, its agreement with the text, what a change of it means, its words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.errors import Invalid
from app.standards.agreement import read_fix
from app.standards.comparison import same_unit
from app.standards.elsewhere import _limit
from app.standards.forms import ClauseInput, row_of
from app.standards.measures import Comparison, Kind, Measure, Unit
from app.standards.quantities import states_measure
from app.standards.targets import Direction, target_change
from app.standards.wording import check_clause

USUAL = Measure(
    "m01",
    "c03",
    "first_reply_time",
    Comparison.AT_MOST,
    Decimal(10),
    Unit.MINUTE,
    Decimal(90),
    kind=Kind.PROMISE,
)
PEAK = replace(USUAL, peak_value=Decimal(30))
TEXT = {
    "zh": "应当在 10 分钟内答复，高峰期为 30 分钟。",
    "en": "Answer within 10 minutes, 30 in peak: 30 minutes.",
}


def test_the_second_value_is_written_beside_the_first_and_read_again() -> None:
    assert list(PEAK.to_data())[4:7] == ["value", "peak", "unit"]
    assert Measure.from_data(PEAK.to_data()) == PEAK
    assert "peak" not in USUAL.to_data()
    assert PEAK.in_peak() == replace(USUAL, value=Decimal(30))
    assert USUAL.in_peak() is USUAL
    hours = {**PEAK.to_data(), "value": "0:10", "peak": "1:30"}
    assert Measure.from_data(hours).peak_value == 90


@pytest.mark.parametrize(
    ("peak", "reason"),
    [
        ("10", "document.peak_is_the_value"),
        ("0:10", "document.peak_is_the_value"),
        ("soon", "document.not_a_number"),
        ("1e3", "document.not_a_number"),
    ],
)
def test_a_second_value_that_says_nothing_is_refused(peak: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        Measure.from_data({**USUAL.to_data(), "peak": peak}, {"peak": 7})
    assert [(e.field, e.reason.key, e.line) for e in refused.value.errors] == [("measures.peak", reason, 7)]


def test_the_text_has_to_name_both_values_and_each_is_repaired_by_itself() -> None:
    assert all(states_measure(words, language, PEAK) for language, words in TEXT.items())
    missing = {"zh": "应当在 10 分钟内答复，高峰期为 20 分钟。"}
    (found,) = [f for f in check_clause(missing, [PEAK]) if f.language == "zh"]
    assert (found.key, found.params["value"]) == ("wording.peak_not_in_text", "30")
    assert [fix.value for fix in found.fixes] == ["fix-text:zh:minute:20:30", "fix-peak:m01:20"]
    (found,) = check_clause({"zh": "应当在 8 分钟内答复，高峰期为 30 分钟。"}, [PEAK])
    assert (found.key, found.params["value"]) == ("wording.measure_not_in_text", "10")
    assert [fix.value for fix in found.fixes] == ["fix-text:zh:minute:8:10", "fix-measure:m01:8"]


def test_one_click_puts_the_second_value_into_the_measure() -> None:
    typed = ClauseInput(None, {}, (), (), "", (row_of(PEAK),))
    fix = read_fix("fix-peak:m01:20")
    assert fix is not None
    (made,), errors = typed.with_fix(fix, "c03", []).read_measures("c03", [])
    assert (made.value, made.peak_value, errors) == (10, 20, [])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (USUAL, PEAK, Direction.LOOSER),
        (PEAK, USUAL, Direction.STRICTER),
        (PEAK, replace(PEAK, peak_value=Decimal(20)), Direction.STRICTER),
        (PEAK, replace(PEAK, value=Decimal(8)), Direction.STRICTER),
        (PEAK, replace(PEAK, value=Decimal(8), peak_value=Decimal(40)), Direction.UNCLEAR),
        (PEAK, replace(PEAK, value=Decimal(12), peak_value=Decimal(40)), Direction.LOOSER),
    ],
)
def test_a_change_of_either_value_has_a_direction(old: Measure, new: Measure, expected: Direction) -> None:
    change = target_change(old, new)
    assert change is not None
    assert change.direction is expected
    # "10 -> 8 minutes" alone would hide that the value of peak seasons moved.
    assert same_unit(change) == (old.peak_value == new.peak_value)
    assert _limit(old) != _limit(new)


def test_nothing_is_told_where_nothing_changed() -> None:
    assert target_change(PEAK, PEAK) is None
