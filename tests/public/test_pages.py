"""The pages for customers over HTTP: what they show and hide, how small they are, and that reading writes nothing."""

import pytest

from tests import story
from tests.house_fixtures import House, csrf

CODES = ("cs-01", "cs-02", "cs-03", "cs-04", "cs-05")


@pytest.fixture
def library(web: House) -> House:
    with web.app.app_context():
        for code in CODES:
            story.given_standard(code)
    return web


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "address",
    ["/commitments", "/commitments/cs-04", "/commitments/changes", "/commitments.atom", "/suggest?clause=cs-04-c07"],
)
def test_a_visitor_reads_every_page(library: House, address: str, language: str) -> None:
    page = library.client(language=language).get(address)
    assert page.status_code == 200
    assert len(page.data) < 30 * 1024
    assert "Set-Cookie" not in page.headers or address.startswith("/suggest")
