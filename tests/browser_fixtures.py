"""Owns the fixtures for a real Chromium. Every page is watched: an error in its console fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# Axe fetches every stylesheet once more for rules that are not part of its standard set; none of those is asked here.
AXE = {"resultTypes": ["violations"], "preload": False}
PATIENCE_MS = 15_000  # a machine that does other work beside the tests is slow, not wrong
TAB_PICTURE = "/static/web/mark.svg"
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, started once in a test process."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("Chromium is not installed; ./dev test installs it")
    expect.set_options(timeout=PATIENCE_MS)
    unboxed = ["--no-sandbox"] if os.getuid() == 0 else []  # as root Chromium cannot build its sandbox
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, args=ARGUMENTS + unboxed)
        yield opened
        opened.close()


class Watch:
    """What went wrong on the pages of one test, in the browser's own words."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def over(self, page: Page) -> None:
        """Begins to watch a page: script errors, console errors, requests that leave this machine."""
        page.on("pageerror", lambda error: self.errors.append(f"script: {error}"))
        page.on("console", self._console)
        page.on("request", lambda request: self._request(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        # A page answered with 403, 404 or 422 is a page as well; only the status is what Chromium reports.
        if message.type != "error" or "Failed to load resource: the server responded" in message.text:
            return
        address = str(message.location.get("url", ""))
        # Chromium asks for the picture of the tab last of all; by then the test and its server may have ended.
        if "net::ERR_CONNECTION" in message.text and urlsplit(address).path == TAB_PICTURE:
            return
        where = f" ({address})" if "Failed to load" in message.text else ""
        self.errors.append(f"console: {message.text}{where}")

    def _request(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https", "ws") and parts.hostname not in ("127.0.0.1", "localhost"):
            self.errors.append(f"left this machine: {address}")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages, each in a browser profile of its own.

    `open_page(lang="zh" or "en", phone=False, dark=False, scripts=True)`; phone also means touch.
    """
    watch, contexts = Watch(), []

    def open_one(*, lang: str = "zh", phone: bool = False, dark: bool = False, scripts: bool = True) -> Page:
        context = browser.new_context(
            locale="zh-CN" if lang == "zh" else "en-GB",
            timezone_id="America/Los_Angeles",  # not the organisation's: a page must not count in the reader's
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not watch.errors, watch.errors


@pytest.fixture
def browser_page(open_page: OpenPage) -> Page:
    """One desktop page in Chinese, light, with scripts."""
    return open_page()


def bring_axe(page: Page) -> None:
    """Puts axe into every document the page's window opens from now on: for looking at many."""
    page.context.add_init_script(AXE_SCRIPT)


def violations(page: Page) -> list[str]:
    """Returns what axe finds wrong with the page as it stands, one line a place; empty means nothing."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(options).then(said => said.violations)", AXE
    )
    return [
        f"{rule['id']} ({rule['impact']}): {' '.join(map(str, node['target']))}: {rule['help']}"
        for rule in found
        for node in rule["nodes"]
    ]
