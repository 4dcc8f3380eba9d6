"""Moving the demonstration's clock stops each morning at ten, when digests and reminders leave."""

import datetime as dt

import pytest

from app.core import clock
from app.demo.build import until_ten


@pytest.mark.parametrize(("hour", "hours"), [(0, 10), (3, 7), (9, 1), (10, 24), (11, 23), (23, 11)])
def test_the_next_stop_is_ten_in_the_morning(hour: int, hours: int) -> None:
    with clock.frozen(clock.at(dt.date(2026, 9, 7), hour)):
        assert until_ten() == dt.timedelta(hours=hours)
