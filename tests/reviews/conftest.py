"""What the tests of reviews share."""

import pytest

from tests.house_fixtures import House
from tests.review_cases import make_review


@pytest.fixture
def reviewing(web: House) -> House:
    """Returns a house whose revision 26-001 is in review with one clause changed."""
    with web.app.app_context():
        make_review(web)
    return web
