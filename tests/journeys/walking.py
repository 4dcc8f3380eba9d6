"""Owns how a journey is walked: a served house whose clock stands still, and hands that count what they do."""

from collections.abc import Callable, Iterable
from typing import Any

from flask.testing import FlaskClient
from playwright.sync_api import Locator, Page
from werkzeug.test import TestResponse

from app.core import clock, jobs
from tests.house_fixtures import MONDAY, House, csrf


class StillHouse:
    """The application at one moment, for server threads; what a POST leaves to be done is done before it answers."""

    def __init__(self, house: House) -> None:
        self.house, self.moment = house, MONDAY

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with clock.frozen(self.moment):
            answer = self.house.app(environ, start_response)
            try:
                body = b"".join(answer)
            finally:
                answer.close()  # type: ignore[attr-defined]
            if environ["REQUEST_METHOD"] == "POST":
                with self.house.app.app_context():
                    jobs.run_due(leave=("make_handbook",))
        return [body]


def sign_in(page: Page, house: House, site: str, name: str) -> None:
    """Gives the browser the session of a person; signing in itself is no part of a journey."""
    cookie = house.client(name).get_cookie("touchstone")
    assert cookie is not None
    page.context.add_cookies([{"name": "touchstone", "value": cookie.value, "url": site}])


class Hand:
    """One person at a browser: every click, every key that decides and every text written counts one."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site, self.count = page, site, 0

    def open(self, path: str) -> None:
        """Opens the address of a message: one click in the message."""
        self.page.goto(self.site + path)
        self.count += 1

    def stands_on(self, path: str) -> None:
        """Stands on a page where the journey begins; that is no click."""
        self.page.goto(self.site + path)

    def click(self, place: Locator) -> None:
        """Clicks or taps once."""
        place.click()
        self.count += 1

    def write(self, place: Locator, words: str) -> None:
        """Writes into a field."""
        place.fill(words)
        self.count += 1


class Walker:
    """One person over plain HTTP, without scripts: pages opened and forms sent are counted, redirects are not."""

    def __init__(self, house: House, name: str | None = None, language: str = "zh") -> None:
        self.client: FlaskClient = house.client(name, language)
        self.house, self.count, self.page = house, 0, ""
        self.path = ""

    def open(self, path: str) -> str:
        """Opens a page that has to be there and returns it."""
        return self._came(self.client.get(path, follow_redirects=True))

    def send(self, path: str, **values: object) -> str:
        """Sends a form of the page that is open, follows where it leads and returns that page."""
        data = {**csrf(self.page), **{name.replace("__", "-"): value for name, value in values.items()}}
        answer = self.client.post(path, data=data, follow_redirects=False)
        assert answer.status_code == 303, (path, answer.status_code, answer.text[-3000:])
        with self.house.app.app_context():
            jobs.run_due(leave=("make_handbook",))
        return self._came(self.client.get(answer.headers["Location"], follow_redirects=True))

    def _came(self, answer: TestResponse) -> str:
        assert answer.status_code == 200, (answer.request.path, answer.status_code, answer.text[-1500:])
        self.count, self.page, self.path = self.count + 1, answer.text, answer.request.path
        return self.page
