"""Every page in both languages: structure, policy, words, and links that lead somewhere."""

from pathlib import Path
from urllib.parse import urldefrag

import pytest

from app.core import clock
from app.core.access import Role
from tests.house import access, pages
from tests.house_fixtures import MONDAY, House

SEEN_BY = (
    Role.VISITOR, Role.SERVICE_DIRECTOR, Role.DRAFTER, Role.LEGAL_REVIEWER, Role.COMMITTEE_CHAIR, Role.QA_AUDITOR,
    Role.TRAINER, Role.AGENT, Role.ADMIN,
)  # fmt: skip
# Every role once, the languages in turn; the two that see most in both.
SEEN_IN = {(role, ("zh", "en")[place % 2]) for place, role in enumerate(SEEN_BY)} | {
    (role, language) for role in (Role.SERVICE_DIRECTOR, Role.AGENT) for language in ("zh", "en")
}


FRAGMENTS = ("/e/replay/figures",)  # a part of the page around it, which is looked at


@pytest.fixture(scope="session")
def prepared_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One instance for all roles."""
    return access.prepare(tmp_path_factory.mktemp("pages") / "prepared")


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("role", "language"), sorted(SEEN_IN), ids=str)
def test_every_page_keeps_the_rules_and_links_to_pages_that_exist(
    prepared_house: House, role: Role, language: str
) -> None:
    found: list[str] = []
    asked: dict[str, int] = {}
    with clock.frozen(MONDAY):
        client, _token = access._client(prepared_house.app, role)
        client.set_cookie("lang", language)
        places = [
            access.address(rule) for rule, method, _e in access.doors(prepared_house.app) if method == "GET"
        ]
        links: set[tuple[str, str]] = set()
        for place in places:
            answer = client.get(place)
            asked[place] = answer.status_code
            if answer.status_code == 200 and answer.mimetype == "text/html" and place not in FRAGMENTS:
                page = pages.Page(answer.text)
                found += pages.faults_of(place, page, language)
                links |= {(place, urldefrag(x).url) for x in page.links if x.startswith("/")}
        for place, link in sorted(links):
            if link and link not in asked:
                asked[link] = client.get(link).status_code
            if link and asked[link] >= 400:
                found.append(f"{place}: links to {link}, which answers {asked[link]}")
    assert not found, "\n".join(found[:40])


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<h1>a</h1><h1>b</h1>", "2 h1"),
        ("<html lang='fr'><h1>a</h1>", "lang is 'fr'"),
        ("<title>x</title><h1>a</h1>", "does not say"),
        ("<h1 id='a'>a</h1><p id='a'>", "stand twice"),
        ("<h1>a</h1><input name='q'>", "has no label"),
        ("<h1>a</h1><p style='color:red'>", "breaks the content policy"),
        ("<h1>a</h1><p onclick='x()'>", "breaks the content policy"),
        ("<h1>a</h1><a href='javascript:x()'>", "javascript:x()"),
        ("<h1>a</h1><img src='https://evil.example/p.gif'>", "another host"),
        ("<h1>a</h1><p>Commit your Markdown</p>", "says ['Commit', 'Markdown']"),
    ],
)
def test_a_planted_fault_of_a_page_is_caught(html: str, fault: str) -> None:
    assert any(fault in words for words in pages.faults("/x", html, "en"))


def test_a_link_to_nothing_is_caught(prepared_house: House, tmp_path: Path) -> None:
    with clock.frozen(MONDAY):
        client, _token = access._client(prepared_house.app, Role.VISITOR)
        assert client.get("/nothing-here").status_code == 404
