"""The shell in a real browser: axe, narrow windows, the behaviours, and the same page without scripts."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser_fixtures import OpenPage, violations
from tests.servers import serve

PAGES = ("/help/styleguide?as=director", "/help/keys", "/help/glossary?as=agent", "/nowhere?as=director")


@pytest.fixture
def site(shell_app: Flask) -> Iterator[str]:
    """The address of the running shell."""
    with serve(shell_app) as address:
        yield address


@pytest.mark.parametrize(("lang", "narrow", "dark"), [("zh", False, False), ("en", True, True)])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(
    open_page: OpenPage, site: str, page: str, lang: str, narrow: bool, dark: bool
) -> None:
    shown = open_page(lang=lang, phone=narrow, dark=dark)
    shown.goto(site + page)
    assert violations(shown) == []


@pytest.mark.parametrize("page", PAGES)
def test_nothing_scrolls_sideways_at_320_pixels(open_page: OpenPage, site: str, page: str) -> None:
    shown = open_page(phone=True)
    shown.set_viewport_size({"width": 320, "height": 640})
    shown.goto(site + page)
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320


def test_shortcuts_reach_search_choose_answers_and_can_be_turned_off(open_page: OpenPage, site: str) -> None:
    page = open_page()
    page.goto(f"{site}/write?as=director")
    page.keyboard.press("j")
    expect(page.locator("#row-1")).to_be_focused()
    page.keyboard.press("2")
    expect(page.locator("#row-1 input[value='2']")).to_be_checked()
    expect(page.locator("#row-2")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#row-1")).to_be_focused()
    page.locator(".menu summary").click()
    with page.expect_navigation():
        page.locator("button[name=keys][value=off]").click()
    page.goto(f"{site}/write?as=director")
    page.keyboard.press("j")
    expect(page.locator("#row-1")).not_to_be_focused()


def test_writing_is_saved_and_shown_while_it_goes_on(open_page: OpenPage, site: str) -> None:
    page = open_page()
    page.goto(f"{site}/write?as=director")
    page.locator("#note").fill("twelve <b>hours")
    expect(page.locator("#shown ins")).to_have_text("twelve <b>hours")
    page.locator("#note").blur()
    expect(page.locator("[data-saved]")).to_have_text("saved 10:32:05")
    assert page.locator("input[name=version]").input_value() == "7"


def test_words_that_could_not_be_saved_come_back(open_page: OpenPage, site: str) -> None:
    page = open_page()
    page.goto(f"{site}/write?as=director")
    page.route("**/save", lambda route: route.fulfill(status=503))
    page.locator("#note").fill("kept here")
    page.locator("#note").blur()
    expect(page.locator("[data-saved]")).to_have_text("not saved")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.locator("[data-restore]").click()
    assert page.locator("#note").input_value() == "kept here"


def test_a_job_is_asked_until_it_is_ready(open_page: OpenPage, site: str) -> None:
    page = open_page()
    page.goto(f"{site}/write?as=director")
    expect(page.locator("#end")).to_have_text("ready", timeout=10_000)


def test_the_language_switch_keeps_its_place(open_page: OpenPage, site: str) -> None:
    page = open_page()
    page.goto(f"{site}/help/glossary?as=director")
    page.evaluate("window.scrollTo(0, 700)")
    page.locator("[data-keep-place]").evaluate("link => link.click()")
    expect(page.locator("h1")).to_have_text("Glossary")
    assert page.evaluate("window.scrollY") == 700


def test_the_page_works_without_scripts(open_page: OpenPage, site: str) -> None:
    page = open_page(scripts=False)
    page.goto(f"{site}/write?as=director")
    expect(page.locator("[data-copy]")).to_be_hidden()
    page.locator("#note").fill("sent")
    page.locator("button[data-primary]").click()
    expect(page.locator("body")).to_have_text("done")


def test_the_main_button_answers_to_ctrl_enter(browser_page: Page, site: str) -> None:
    browser_page.goto(f"{site}/write?as=director")
    browser_page.locator("#note").fill("sent")
    browser_page.locator("#note").press("Control+Enter")
    expect(browser_page.locator("body")).to_have_text("done")


def test_a_dark_page_is_dark_without_scripts_and_light_when_forced(open_page: OpenPage, site: str) -> None:
    page = open_page(dark=True)
    page.goto(f"{site}/help?as=director")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(18, 22, 27)"
    page.locator(".menu summary").click()
    with page.expect_navigation():
        page.locator("button[name=theme][value=light]").click()
    assert page.evaluate(ground) == "rgb(246, 247, 249)"
