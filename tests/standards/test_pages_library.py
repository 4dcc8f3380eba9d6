"""The pages that find things: home, library, search, jump."""

import datetime as dt

import pytest

from app.core.db import db
from tests.house_fixtures import House
from tests.snapshots import remembered
from tests.standards.reading_world import publish, revision_in_drafting, tighter, words_of


@remembered
def five_standards(house: House) -> None:
    """Brings the five starter standards; one has a coming version, one an open revision."""
    for code in ("cs-01", "cs-02", "cs-03", "cs-04", "cs-05"):
        publish(code)
    tighter(dt.date(2026, 10, 1))
    revision_in_drafting(house)


@pytest.fixture
def shelf(web: House) -> House:
    with web.app.app_context():
        five_standards(web)
        db.session.remove()
    return web


def test_an_empty_library_says_what_to_do(web: House) -> None:
    assert "还没有标准" in web.client("agent").get("/s").text


def test_the_library_lists_standards_and_coming_changes(shelf: House) -> None:
    words = words_of(shelf.client("lawyer").get("/s").text)
    assert "5 项标准" in words
    assert "即将生效的改动" in words
    assert "10月1日（周四） CS-01 1.1 C03" in words
    assert "26-001" in words


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("category=returns", 1),
        ("journey=after_sale", 2),
        ("audience=agent", 5),
        ("q=退款时限", 2),
        ("q=cs-05", 1),
    ],
)
def test_filters_narrow_the_list(shelf: House, query: str, count: int) -> None:
    page = shelf.client("agent").get(f"/s?{query}").text
    assert page.count('<th scope="row">') == count


def test_a_filter_that_fits_nothing_offers_everything(shelf: House) -> None:
    page = shelf.client("agent").get("/s?category=nonsense").text
    assert "没有符合筛选条件的标准" in page
    assert "显示全部 5 项" in page


def test_search_shows_clauses_in_force_with_the_words_marked(shelf: House) -> None:
    page = shelf.client("agent").get("/search?q=退款时限").text
    assert "<mark>" in page
    assert "CS-04-C09" in page


def test_search_escapes_what_was_typed(shelf: House) -> None:
    page = shelf.client("agent", language="en").get("/search?q=<script>alert(1)</script>").text
    assert "<script>alert" not in page
    assert "No clause" in page


def test_revisions_are_found_by_those_who_may_open_them(shelf: House) -> None:
    assert "/r/26-001" in shelf.client("lawyer").get("/search?q=普通咨询").text
    assert "/r/26-001" in shelf.client("agent").get("/search?q=普通咨询").text


@pytest.mark.parametrize(
    ("code", "place"),
    [("CS-04-C07", "/s/cs-04/c07"), ("cs-04", "/s/cs-04"), ("26-001", "/r/26-001")],
)
def test_a_code_leads_to_its_page(shelf: House, code: str, place: str) -> None:
    client = shelf.client("lawyer")
    assert client.get(f"/j/{code}").headers["Location"] == place
    assert client.get(f"/search?q={code}").headers["Location"] == f"/j/{code}"


def test_anything_else_is_searched(shelf: House) -> None:
    assert shelf.client("lawyer").get("/j/退款").headers["Location"].startswith("/search?q=")


def test_home_leads_everybody_somewhere(shelf: House) -> None:
    for client in (shelf.client("agent"), shelf.client()):
        answer = client.get("/", follow_redirects=True)
        assert answer.status_code == 200
        assert "<h1>" in answer.text
