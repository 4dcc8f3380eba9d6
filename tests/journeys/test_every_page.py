"""Every page of the house in a real browser: axe finds nothing, nothing scrolls sideways. Once a language."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.core import clock
from tests.browser_fixtures import OpenPage, bring_axe, violations
from tests.house_fixtures import House
from tests.journeys import whole_house
from tests.journeys.walking import StillHouse
from tests.servers import serve

PARTS = 4


@dataclass
class Shown:
    """The running house and its pages."""

    house: House
    site: str
    pages: list[tuple[str | None, str]]

    def to(self, page: Page, who: str | None, lang: str) -> None:
        """Makes the browser window that of somebody who reads the language; None is a visitor."""
        with clock.frozen(whole_house.MOMENT):
            session = self.house.same_client(who).get_cookie("touchstone") if who else None
        page.goto(
            "about:blank"
        )  # what the page before still asks is answered to its own reader, or not at all
        page.context.clear_cookies()
        page.context.add_cookies([{"name": "lang", "value": lang, "url": self.site}])
        if session:
            page.context.add_cookies([{"name": "touchstone", "value": session.value, "url": self.site}])


@pytest.fixture(scope="module")
def shown(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """A house with something on every page, served at one moment."""
    house = whole_house.copy(run_folder, tmp_path_factory.mktemp("whole") / "data")
    still = StillHouse(house)
    still.moment = whole_house.MOMENT
    with serve(still) as site:  # type: ignore[arg-type]
        yield Shown(house, site, whole_house.pages(house))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_counsel_reads_and_signs_is_good_in_every_state(
    shown: Shown, open_page: OpenPage, lang: str
) -> None:
    with shown.house.app.app_context():
        link, over = whole_house.links_for(shown.house, lang)
    found: list[str] = []
    page = open_page(lang=lang, phone=lang == "zh", dark=lang == "zh")
    if lang == "zh":
        page.set_viewport_size({"width": 375, "height": 812})

    def look(state: str) -> None:
        found.extend(f"{state}: {words}" for words in violations(page))
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        found.extend([f"{state}: scrolls sideways"] if wide else [])

    page.goto(f"{shown.site}/counsel/{link}")
    page.locator("main form [type=submit]").first.click()
    expect(page.locator("[aria-invalid=true]").first).to_be_attached()
    look("who are you, refused")
    page.locator('[name="number"]').fill("A-77")
    page.locator('[name="said"]').check()
    page.locator("main form [type=submit]").first.click()
    expect(page.locator("#signing")).to_be_visible()
    look("reading")
    page.locator("article details summary").first.click()
    page.locator("#signing [name=decision][value=return]").check()
    page.locator("#signing [type=submit]").click()
    expect(page.locator("#signing .field-bad").first).to_be_visible()
    look("a decision refused")
    page.locator("#signing [name=decision][value=approve]").check()
    page.locator("#signing [type=submit]").click()
    page.wait_for_url("**/signed")
    look("signed")
    page.goto(f"{shown.site}/counsel/{link}")
    assert page.url.endswith("/signed")
    page.context.clear_cookies()
    for state, secret in (("used", link), ("over", over)):
        answer = page.goto(f"{shown.site}/counsel/{secret}")
        assert answer is not None and answer.status == 404
        look(state)
    assert not found, "\n".join(found)


def test_no_page_is_forgotten(shown: Shown) -> None:
    assert not whole_house.forgotten(shown.house), (
        "show them to somebody in PAGES, or say in NO_PAGES what they are"
    )


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    shown: Shown, open_page: OpenPage, lang: str, part: int
) -> None:
    found: list[str] = []
    open_pages: dict[bool, Page] = {}
    readers: dict[bool, str | None] = {}
    for place, (who, path) in list(enumerate(shown.pages))[part::PARTS]:
        on_phone = (
            place // PARTS + (lang == "en")
        ) % 2 == 1  # what is light and wide in one language is not in the other
        if on_phone not in open_pages:  # one window for all readers: a new one costs as much as a page
            open_pages[on_phone] = page = open_page(lang=lang, phone=on_phone, dark=on_phone)
            bring_axe(page)
            if on_phone:
                page.set_viewport_size({"width": 375, "height": 812})
        page = open_pages[on_phone]
        if on_phone not in readers or readers[on_phone] != who:
            shown.to(page, who, lang)
            readers[on_phone] = who
        answer = page.goto(shown.site + path)
        assert answer is not None
        if answer.status != 200:
            found.append(f"{path} as {who}: {answer.status}")
            continue
        where = f"{path} as {who} in {lang}, {'375 dark' if on_phone else '1280 light'}: "
        found += [where + words for words in violations(page)]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > (375 if on_phone else 1280):
            found.append(f"{where}scrolls sideways, {width} px wide")
        if page.locator("html").get_attribute("lang") != {"zh": "zh-Hans", "en": "en"}[lang]:
            found.append(where + "another language")
    assert not found, "\n".join(found)
