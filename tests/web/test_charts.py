"""Geometry of the charts: nothing leaves the plot, gaps stay gaps, labels never lie on each other."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.charts import LABEL_GAP, Series, line_chart
from app.web.shapes import Dot, Range, bar_strip, quadrant, ranges

WEEKS = [str(n) for n in range(1, 9)]
PILOT = (77, 78, 83, 86, 88, 90, 89, 91)
values = st.floats(0, 100, allow_nan=False)


def test_a_line_runs_from_the_left_edge_to_the_right_one() -> None:
    chart = line_chart(WEEKS, [Series("pilot", PILOT)])
    marks = chart.lines[0].marks
    assert (marks[0].x, marks[-1].x) == (chart.left, chart.right)
    assert [mark.value for mark in marks] == list(PILOT)
    assert marks[0].y > marks[-1].y  # a larger number stands higher


def test_the_axis_has_round_steps_and_says_where_it_begins() -> None:
    chart = line_chart(WEEKS, [Series("pilot", PILOT)], target=85)
    assert [tick.words for tick in chart.ticks] == ["75%", "80%", "85%", "90%", "95%"]
    assert chart.starts_at == 75


def test_an_axis_of_shares_ends_at_a_hundred() -> None:
    chart = line_chart(WEEKS, [Series("kept", (97, 98, 99, 99.5, 99.9, 100, 100, 100))])
    assert chart.ticks[-1].value <= 100
    assert min(mark.y for mark in chart.lines[0].marks) >= chart.top


def test_a_gap_breaks_the_line_and_its_band() -> None:
    some = (1, 2, None, 4, 5, None, 7, 8)
    low = tuple(None if v is None else v - 1 for v in some)
    high = tuple(None if v is None else v + 1 for v in some)
    line = line_chart(WEEKS, [Series("n", some, low, high)], unit="").lines[0]
    assert len(line.paths) == 3
    assert len(line.bands) == 3
    assert len(line.marks) == 6


def test_a_chart_without_numbers_is_empty_and_still_has_an_axis() -> None:
    chart = line_chart(WEEKS, [Series("n", [None] * 8)])
    assert chart.is_empty
    assert len(chart.ticks) >= 2


def test_one_column_stands_in_the_middle() -> None:
    chart = line_chart(["1"], [Series("n", [5])], unit="")
    assert chart.left < chart.lines[0].marks[0].x < chart.right


def test_labels_of_lines_that_end_together_are_moved_apart() -> None:
    chart = line_chart(WEEKS, [Series("a", PILOT), Series("b", PILOT), Series("c", PILOT)])
    places = sorted(line.label_y for line in chart.lines)
    assert all(second - first > LABEL_GAP - 0.2 for first, second in itertools.pairwise(places))
    assert chart.top <= places[0] and places[-1] <= chart.base


def test_series_differ_in_dash_and_marker_not_only_in_colour() -> None:
    chart = line_chart(WEEKS, [Series(name, PILOT) for name in "abcd"])
    assert len({line.dash for line in chart.lines}) == 4
    assert (
        len({line.marks[0].shape.count("h") + line.marks[0].shape.count("L") * 10 for line in chart.lines})
        == 4
    )


def test_five_series_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 4"):
        line_chart(WEEKS, [Series(name, PILOT) for name in "abcde"])


def test_a_series_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="8 columns"):
        line_chart(WEEKS, [Series("n", (1, 2))])


@given(st.lists(st.one_of(st.none(), values), min_size=1, max_size=40), st.one_of(st.none(), values))
def test_no_point_leaves_the_plot(numbers: list[float | None], target: float | None) -> None:
    chart = line_chart([str(i) for i in range(len(numbers))], [Series("n", numbers)], target=target)
    for mark in chart.lines[0].marks:
        assert chart.left <= mark.x <= chart.right
        assert chart.top - 0.2 <= mark.y <= chart.base + 0.2
    assert 2 <= len(chart.ticks) <= 9


def test_a_strip_marks_a_missed_month_and_leaves_out_too_few() -> None:
    strip = bar_strip([("1", 84.0), ("2", None), ("3", 85.0)], target=85)
    assert [bar.kept for bar in strip.bars] == [False, None, True]
    assert strip.bars[1].height == 0
    assert strip.bars[-1].x + strip.bars[-1].width == pytest.approx(strip.width, abs=0.2)


def test_an_empty_strip_has_no_bars() -> None:
    assert bar_strip([]).bars == ()


def test_whiskers_stand_round_their_point_and_the_axis_begins_at_a_ten() -> None:
    chart = ranges([Range("CS-04-C07", 71, 66, 76, 312), Range("CS-01-C02", 88, 85, 91, 415)], target=85)
    assert chart.starts_at == 60
    assert all(row.x_low < row.x < row.x_high for row in chart.rows)
    assert chart.rows[0].y < chart.rows[1].y
    assert chart.target_x is not None and chart.left < chart.target_x < chart.right


def test_ranges_near_zero_begin_at_zero() -> None:
    assert ranges([Range("n", 12, 4, 30, 25)]).starts_at == 0
    assert ranges([]).starts_at == 0


def test_urgent_and_important_stands_at_the_upper_right() -> None:
    plot = quadrant([Dot("26-014", 5, 5, "S"), Dot("26-011", 1, 1, "L")])
    urgent, idle = plot.dots
    assert urgent.x > plot.middle > idle.x
    assert urgent.y < plot.middle < idle.y
    assert urgent.path != idle.path


def test_a_label_that_would_lie_on_another_is_listed_beside() -> None:
    plot = quadrant([Dot("a", 4, 4, "S"), Dot("b", 4, 4.05, "S"), Dot("c", 1, 1, "S")])
    assert [placed.dot.name for placed in plot.beside] == ["b"]


def test_a_label_at_the_right_edge_stands_left_of_its_dot_and_is_not_cut_off() -> None:
    edge, middle = quadrant([Dot("26-014", 5, 5, "S"), Dot("26-011", 3, 1, "L")]).dots
    assert edge.is_left and edge.label_x < edge.x
    assert not middle.is_left and middle.label_x > middle.x
    left = quadrant([Dot("26-014", 5, 3, "S"), Dot("26-015", 4.2, 3, "S")])
    assert [placed.dot.name for placed in left.beside] == ["26-015"], "both labels would want the same place"


def test_an_unknown_cost_is_refused() -> None:
    with pytest.raises(KeyError):
        quadrant([Dot("a", 4, 4, "XL")])


@pytest.mark.parametrize("name", ["试点组", "Comparison group", "n"])
def test_the_label_at_the_end_of_a_line_has_room(name: str) -> None:
    chart = line_chart(WEEKS, [Series(name, PILOT)])
    width = sum(12 if ord(letter) > 0x2E7F else 7 for letter in f"{name} 91%")
    assert chart.lines[0].label_x + width <= chart.width
    assert chart.right >= chart.width / 2
