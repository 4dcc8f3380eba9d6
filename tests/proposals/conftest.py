"""What the tests of proposing share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house_fixtures import House
from tests.proposal_cases import open_copy


@pytest.fixture
def filled(stocked: Path, tmp_path: Path) -> Iterator[House]:
    """Returns a house with standards, tickets and issues."""
    with open_copy(stocked, tmp_path / "filled") as house:
        yield house
