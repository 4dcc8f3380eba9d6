"""The stories of committee and registers fit the company they are told about: its days, its revisions, its clauses."""

import datetime as dt
import re

import pytest

from app.core import calendar, clock
from app.demo import committee_story, register_story
from app.demo.build import STARTER
from app.demo.texts import STORIES
from app.demo.timeline import Timeline

CLAUSES = {
    f"{text.parent.name}-{clause}".upper()
    for text in STARTER.glob("*/zh.md")
    for clause in re.findall(r"\{#(c\d+)", text.read_text("utf-8"))
}


@pytest.mark.parametrize("day", [dt.date(2026, 9, 7) + dt.timedelta(days=n) for n in range(45)])
def test_the_committee_meets_on_a_working_day_while_the_rank_waits(day: dt.date) -> None:
    time = Timeline(clock.at(day, 12))
    days, hour = committee_story._day_of_rank(time)
    assert time.moment(-16, 11) < time.moment(days, hour) < time.moment(-14, 11)
    worked = {calendar.is_working_day(time.day(n)) for n in (-16, -15, -14)}
    assert calendar.is_working_day(time.day(days)) or worked == {False}  # a holiday of three days and more


def test_every_entry_of_the_budget_names_a_line_and_a_story() -> None:
    assert {story for *_rest, story in committee_story.ENTRIES} - {""} <= set(STORIES)
    assert {kind for _days, kind, *_rest in committee_story.ENTRIES} == set(committee_story.LINES)


@pytest.mark.parametrize("row", register_story.BENCHMARKS, ids=lambda row: f"{row[2]}-{row[1]}")
def test_a_benchmark_compares_with_a_measure_of_its_clause(row: tuple) -> None:
    _kind, _who, clause, metric, comparison, *_rest = row
    code, _dash, clause_id = clause.lower().rpartition("-")
    front = (STARTER / code / "zh.md").read_text("utf-8").partition("\n---\n")[0]
    assert f"clause: {clause_id}\n    metric: {metric}\n    comparison: {comparison.value}" in front


@pytest.mark.parametrize("law", register_story.LAWS, ids=lambda law: law[0])
def test_a_law_binds_clauses_that_are_there(law: tuple) -> None:
    assert set(law[6]) <= CLAUSES
