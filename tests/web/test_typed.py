"""Single values of plain forms: what is read, and that anything else is nothing."""

import datetime as dt

import pytest

from app.core.access import Role
from app.web.typed import day_of, id_of, one_of


@pytest.mark.parametrize(
    ("text", "wanted"), [("agent", Role.AGENT), ("AGENT", None), ("", None), (None, None), (" agent", None)]
)
def test_a_choice_is_one_of_those_offered(text: str | None, wanted: Role | None) -> None:
    assert one_of(Role, text) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (" 2026-11-28 ", dt.date(2026, 11, 28)),
        ("2026-02-30", None),
        ("28.11.2026", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_a_day_of_the_calendar(text: str | None, wanted: dt.date | None) -> None:
    assert day_of(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("7", 7), (" 7", 7), ("٣", None), ("-1", None), ("1" * 30, None), ("", None), (None, None)],
)
def test_an_id_is_a_number_that_the_database_can_hold(text: str | None, wanted: int | None) -> None:
    assert id_of(text) == wanted
