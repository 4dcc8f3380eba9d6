"""Signing in: one message, counted tries, sessions that really end."""

import datetime as dt

import pytest

from app.core import clock
from app.core.access import SYSTEM
from app.core.db import transaction
from app.people import service
from tests.house_fixtures import MONDAY, PASSWORD, House, csrf


def test_a_person_lands_on_the_page_that_was_asked_for(web: House) -> None:
    client = web.app.test_client()
    asked = client.get("/profile")
    assert asked.status_code == 303
    page = client.get(asked.location)
    answer = client.post(
        "/sign-in", data={"name": "drafter", "password": PASSWORD, "next": "/profile", **csrf(page.text)}
    )
    assert answer.location == "/profile"
    assert "李明" in client.get("/profile").text


@pytest.mark.parametrize("name", ["drafter", "nobody"])
def test_wrong_name_and_wrong_password_get_the_same_words(web: House, name: str) -> None:
    client = web.app.test_client()
    page = client.get("/sign-in?lang=en")
    answer = client.post("/sign-in?lang=en", data={"name": name, "password": "wrong", **csrf(page.text)})
    assert answer.status_code == 422
    assert "Name and password do not fit together." in answer.text


def test_the_eleventh_try_is_refused_for_this_account_only(web: House) -> None:
    client = web.app.test_client()
    token = csrf(client.get("/sign-in").text)
    for _ in range(10):
        assert client.post("/sign-in", data={"name": "drafter", "password": "x", **token}).status_code == 422
    locked = client.post("/sign-in", data={"name": "drafter", "password": PASSWORD, **token})
    assert locked.status_code == 429 and int(locked.headers["Retry-After"]) > 0
    assert client.post("/sign-in", data={"name": "lawyer", "password": PASSWORD, **token}).status_code == 303


@pytest.mark.parametrize(
    "place", ["//evil.example", "/\\evil", "https://evil.example", "/\t/evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(web: House, place: str) -> None:
    client = web.app.test_client()
    token = csrf(client.get("/sign-in").text)
    answer = client.post("/sign-in", data={"name": "drafter", "password": PASSWORD, "next": place, **token})
    assert answer.location == "/desk"


def _copied(web: House) -> tuple[object, object]:
    client = web.client("drafter")
    thief = web.app.test_client()
    for cookie in client._cookies.values():  # type: ignore[attr-defined]
        thief.set_cookie(cookie.key, cookie.value)
    assert thief.get("/profile").status_code == 200
    return client, thief


def _sign_out(web: House, client: object) -> None:
    page = client.get("/profile")  # type: ignore[attr-defined]
    assert client.post("/sign-out", data=csrf(page.text)).status_code == 303  # type: ignore[attr-defined]


def _new_password(web: House, client: object) -> None:
    with web.app.app_context(), transaction():
        service.set_password(SYSTEM, web.person("drafter").id, "another long password")


def _deactivate(web: House, client: object) -> None:
    with web.app.app_context(), transaction():
        service.deactivate(SYSTEM, web.person("drafter").id)


@pytest.mark.parametrize("ending", [_sign_out, _new_password, _deactivate])
def test_a_copied_cookie_is_worth_nothing_after(web: House, ending: object) -> None:
    client, thief = _copied(web)
    ending(web, client)  # type: ignore[operator]
    assert thief.get("/profile").status_code == 303  # type: ignore[attr-defined]


def test_a_sign_in_ends_after_its_hours(web: House) -> None:
    client = web.client("drafter")
    with clock.frozen(MONDAY + dt.timedelta(hours=13)):
        assert client.get("/profile").status_code == 303


def test_the_cookie_from_before_the_sign_in_is_dead(web: House) -> None:
    client = web.app.test_client()
    page = client.get("/sign-in")
    before = next(iter(client._cookies.values())).value  # type: ignore[attr-defined]
    client.post("/sign-in", data={"name": "drafter", "password": PASSWORD, **csrf(page.text)})
    other = web.app.test_client()
    other.set_cookie("touchstone", before)
    assert other.get("/profile").status_code == 303


def test_the_menu_says_the_name_in_the_language_of_the_page(web: House) -> None:
    for language, name in (("zh", "吴敏"), ("en", "Wu Min")):
        menu = web.client("agent", language).get("/profile").text.split("<summary>")[1].split("</summary>")[0]
        assert f"<span>{name}</span>" in menu
