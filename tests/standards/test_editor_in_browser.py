"""The clause editor in a real Chromium: pasted Word and Excel, a server that dies while somebody writes, live preview."""

import time

import pytest
from playwright.sync_api import APIResponse, Browser, Error, Page, Route, expect

from tests.browser_fixtures import OpenPage
from tests.house_fixtures import House
from tests.journeys.walking import StillHouse, sign_in
from tests.review_cases import make_drafting
from tests.servers import free_port, serve
from tests.standards.test_pages_edit import EDIT, draft_of
from tests.standards.test_pasting import EXCEL, WORD

PASTE = """(box, html) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", "plain");
    box.focus();
    box.select();
    box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def drafting(web: House) -> House:
    with web.app.app_context():
        make_drafting(web)
    return web


def test_a_paste_from_word_or_excel_comes_in_clean(drafting: House, open_page: OpenPage) -> None:
    with serve(StillHouse(drafting)) as site:  # type: ignore[arg-type]
        page = open_page()
        sign_in(page, drafting, site, "drafter")
        page.goto(site + EDIT)
        box = page.locator("#body_zh")
        box.evaluate(PASTE, WORD)
        expect(box).to_have_value(
            "**答复时限**\n\n应在**24 小时**内答复，“已收到”不算。\n\n- 说明同意\n- 或写明理由"
        )
        expect(page.locator("#preview ins").first).to_contain_text("答复时限")
        box.evaluate(PASTE, EXCEL)
        expect(box).to_have_value("| 渠道 | 时限 |\n| --- | --- |\n| 电话 | 20 秒 |")
        page.keyboard.press("Control+z")
        expect(box).to_have_value(
            "**答复时限**\n\n应在**24 小时**内答复，“已收到”不算。\n\n- 说明同意\n- 或写明理由"
        )
        page.locator("[data-save]").click()
        page.wait_for_url("**/edit")  # the box saves itself as it is left, and is no conflict with the button
    assert draft_of(drafting).body_zh.startswith("**答复时限**")


def test_words_typed_before_the_scripts_came_are_shown_and_saved(
    drafting: House, open_page: OpenPage
) -> None:
    with serve(StillHouse(drafting)) as site:  # type: ignore[arg-type]
        page = open_page()
        sign_in(page, drafting, site, "drafter")
        late: list[Route] = []
        has_come: list[bool] = []
        page.route("**/*.js*", lambda route: route.continue_() if has_come else late.append(route))
        page.goto(site + EDIT, wait_until="commit")
        page.locator("#body_zh").fill("应在 12 小时内答复。")
        expect(page.locator("[data-save]")).to_be_visible()
        has_come.append(True)
        for route in late:
            route.continue_()
        expect(page.locator("#preview ins").first).to_be_visible()
        with page.expect_response("**/autosave") as saved:
            page.locator("#body_zh").blur()
        assert saved.value.ok
        page.close()


def test_a_button_pressed_while_the_words_are_being_saved_is_no_conflict(
    drafting: House, open_page: OpenPage
) -> None:
    with serve(StillHouse(drafting)) as site:  # type: ignore[arg-type]
        page = open_page()
        sign_in(page, drafting, site, "drafter")
        page.goto(site + EDIT)
        saves: list[tuple[Route, APIResponse]] = []

        def hold(route: Route) -> None:
            """The server has saved; its answer is on its way until the test lets it go."""
            saves.append((route, route.fetch()))

        page.route("**/autosave", hold, times=1)
        page.locator("#body_zh").fill("应在 24 小时内答复,并说明理由。")
        page.locator("#body_zh").blur()
        while not saves:
            page.wait_for_timeout(50)
        page.locator("[name=then][value=fix]").click()
        page.wait_for_timeout(300)
        (route, answer) = saves[0]
        route.fulfill(response=answer)
        expect(page.locator("#body_zh")).to_have_value("应在 24 小时内答复，并说明理由。")
    assert draft_of(drafting).body_zh == "应在 24 小时内答复，并说明理由。"


def type_and_wait(page: Page, words: str, box: str = "#body_zh") -> None:
    page.locator(box).fill(words)
    page.wait_for_function("() => Object.values(localStorage).some((kept) => kept.includes('写到一半'))")


def killed(page: Page) -> None:
    """Kills a window. Not page.close(): a closing page may still send its words, and a server may be there to take them."""
    with page.expect_event("crash"), pytest.raises(Error, match=r"chrome://crash|crashed"):
        page.goto("chrome://crash")


def test_words_outlive_a_killed_server_and_a_killed_browser_window(drafting: House, browser: Browser) -> None:
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    context = browser.new_context()  # not watched: that the server does not answer is an error in its console
    page = context.new_page()
    sign_in(page, drafting, site, "drafter")
    with serve(StillHouse(drafting), port):  # type: ignore[arg-type]
        page.goto(site + EDIT)
    type_and_wait(page, "写到一半，服务器没了。")  # no save of every ten seconds can reach it any more
    page.locator("#body_zh").blur()
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "failed")
    assert draft_of(drafting) is None
    killed(page)
    with serve(StillHouse(drafting), port):  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(site + EDIT)
        page.locator("[data-restore]").click()
        expect(page.locator("#body_zh")).to_have_value("写到一半，服务器没了。")
        page.locator("#body_zh").focus()
        page.locator("#body_zh").blur()
        expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
        assert (
            page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('draft ')).length")
            == 0
        )
        page.reload()
        expect(page.locator("[data-restore]")).to_be_hidden()
    context.close()
    assert draft_of(drafting).body_zh == "写到一半，服务器没了。"


def test_leaving_the_page_saves_what_was_typed(drafting: House, open_page: OpenPage) -> None:
    with serve(StillHouse(drafting)) as site:  # type: ignore[arg-type]
        page = open_page()
        sign_in(page, drafting, site, "drafter")
        page.goto(site + EDIT)
        page.on("dialog", lambda dialog: dialog.accept())
        page.locator("#body_zh").fill("离开前写的。")
        page.goto(site + "/r/26-001/edit")
        until = time.monotonic() + 15
        while draft_of(drafting) is None and time.monotonic() < until:
            page.wait_for_timeout(50)
        assert draft_of(drafting).body_zh == "离开前写的。"


def test_the_whole_text_outlives_a_killed_server_and_a_killed_browser_window(
    drafting: House, browser: Browser
) -> None:
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, drafting, site, "drafter")
    with serve(StillHouse(drafting), port):  # type: ignore[arg-type]
        page.goto(f"{site}/r/26-001/edit/all")
        page.locator("#body-c05").fill("这一框由服务器留下。")
        page.locator("#body-c05").blur()
        expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
        page.locator("#row-c05 summary").click()
        with page.expect_response("**/edit/all"):  # the button's own answer, after the words are kept
            page.locator("#row-c05 button[value='clause:c05']").click()
        page.wait_for_url("**#row-n1")
    page.locator("#heading-n1").fill("上门取件")
    type_and_wait(page, "写到一半，服务器没了。", "#body-n1")
    page.locator("#body-n1").blur()
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "failed")
    killed(page)
    with serve(StillHouse(drafting), port):  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{site}/r/26-001/edit/all")
        expect(page.locator("#body-c05")).to_have_value("这一框由服务器留下。")
        expect(page.locator("#body-n1")).to_have_value("")
        page.locator("[data-restore]").click()
        expect(page.locator("#heading-n1")).to_have_value("上门取件")
        expect(page.locator("#body-n1")).to_have_value("写到一半，服务器没了。")
        page.locator("#body-n1").focus()
        page.locator("#body-n1").blur()
        expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
        assert draft_of(drafting, "c05") is None, "nothing is a draft before it is saved"
        page.locator("[data-save]").click()
        page.wait_for_url("**/edit")
    context.close()
    assert draft_of(drafting, "c05").body_zh == "这一框由服务器留下。"
    assert draft_of(drafting, "c15").body_zh == "写到一半，服务器没了。"
