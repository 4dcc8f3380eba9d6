"""Scorecards: what counts, what is deducted, and what fails the whole contact."""

import pytest

from app.audits.scoring import Answer, Line, result, unanswered

MET, NOT_MET, NA = Answer.MET, Answer.NOT_MET, Answer.NOT_APPLICABLE


def lines(*answers: Answer, critical: tuple[int, ...] = (), deduction: int | None = None) -> list[Line]:
    return [Line(f"c{n:02}", answer, n in critical, deduction) for n, answer in enumerate(answers, 1)]


@pytest.mark.parametrize(
    ("answers", "met", "asked", "points", "kept"),
    [
        ((MET, MET, MET), 3, 3, 100, True),
        ((MET, MET, NOT_MET), 2, 3, 67, False),
        ((MET, NOT_MET, NOT_MET), 1, 3, 33, False),
        ((NOT_MET, NOT_MET, NOT_MET), 0, 3, 0, False),
        ((MET, NA, NA), 1, 1, 100, True),
        ((MET, NOT_MET, NA), 1, 2, 50, False),
        ((MET,) * 7 + (NOT_MET,), 7, 8, 87, False),
    ],
)
def test_met_of_asked(answers: tuple, met: int, asked: int, points: int, kept: bool) -> None:
    found = result(lines(*answers))
    assert (found.met, found.asked, found.points, found.is_kept) == (met, asked, points, kept)
    assert found.share == met / asked
    assert not found.is_failed


@pytest.mark.parametrize("answers", [(), (NA, NA)])
def test_nothing_asked_has_no_result(answers: tuple) -> None:
    found = result(lines(*answers))
    assert (found.met, found.asked, found.share, found.points) == (0, 0, None, None)
    assert not found.is_kept
    assert not found.is_failed


def test_a_missed_critical_clause_fails_everything() -> None:
    found = result(lines(MET, MET, MET, NOT_MET, critical=(4,)))
    assert (found.is_failed, found.points, found.vetoed_by) == (True, 0, ("c04",))
    assert found.share == 0.75


@pytest.mark.parametrize("answer", [MET, NA])
def test_a_critical_clause_that_was_not_missed_fails_nothing(answer: Answer) -> None:
    assert not result(lines(MET, answer, critical=(2,))).is_failed


@pytest.mark.parametrize(("missed", "points"), [(0, 100), (1, 90), (3, 70), (10, 0), (12, 0)])
def test_points_are_deducted_from_100_and_never_negative(missed: int, points: int) -> None:
    found = result(lines(*[NOT_MET] * missed, *[MET] * (13 - missed), deduction=10))
    assert found.points == points


def test_an_exception_in_force_excuses_a_clause() -> None:
    found = result(lines(MET, NOT_MET, critical=(2,)), excused={"c02"})
    assert (found.met, found.asked, found.is_failed) == (1, 1, False)


def test_nothing_is_preselected() -> None:
    assert unanswered([Line("c02", MET)], ["c01", "c02", "c03"]) == ["c01", "c03"]
