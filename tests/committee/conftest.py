"""Owns the house in which the committee's pages are tried. Over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import clock
from app.core.db import transaction
from tests.committee_cases import called
from tests.house_fixtures import MONDAY, House
from tests.proposal_cases import open_copy


@pytest.fixture
def pages(stocked: Path, tmp_path: Path) -> Iterator[House]:
    """A house whose next meeting is called."""
    with open_copy(stocked, tmp_path / "pages") as house, clock.frozen(MONDAY):
        with house.app.app_context(), transaction():
            called(house)
        yield house
