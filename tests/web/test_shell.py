"""The shell around every page: headers, tokens, origins, the door, navigation, static files, preferences."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.access import Permission
from app.web import navigation, static_files
from app.web.viewer import Viewer

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
PAGES = ("/help", "/help/keys", "/help/glossary", "/help/styleguide", "/nowhere", "/static/web/app.css")


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_carries_the_security_headers(browser_of: FlaskClient, address: str) -> None:
    headers = browser_of.get(address).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_https_is_remembered(browser_of: FlaskClient) -> None:
    answer = browser_of.get("/help", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_no_cache_keeps_the_page_of_a_signed_in_person(browser_of: FlaskClient) -> None:
    signed_in = browser_of.get("/help?as=agent")
    assert signed_in.headers["Cache-Control"] == "no-store"
    assert "Cookie" in signed_in.headers["Vary"]
    assert browser_of.get("/help").headers["Cache-Control"] == "no-cache"


def test_a_visitor_gets_no_cookie_before_need(browser_of: FlaskClient) -> None:
    assert browser_of.get("/help").headers.getlist("Set-Cookie") == []


def test_another_host_is_answered_400_without_echo(browser_of: FlaskClient) -> None:
    answer = browser_of.get("/help", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text
    assert answer.headers["Content-Security-Policy"] == POLICY


def token_of(page: str) -> str:
    """Returns the form token on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_form_needs_the_token_of_its_session(browser_of: FlaskClient) -> None:
    token = token_of(browser_of.get("/help?as=agent").text)
    assert browser_of.post("/act").status_code == 400
    assert browser_of.post("/act", data={"csrf_token": token + "x"}).status_code == 400
    assert browser_of.post("/act", data={"csrf_token": token}).text == "done"
    assert browser_of.post("/act", headers={"X-CSRFToken": token}).text == "done"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_a_token(
    browser_of: FlaskClient, headers: dict[str, str]
) -> None:
    token = token_of(browser_of.get("/help?as=agent").text)
    answer = browser_of.post("/act", data={"csrf_token": token}, headers=headers)
    assert answer.status_code == 400
    assert "别的网站" in answer.text


@pytest.mark.parametrize("headers", [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {}])
def test_a_form_of_this_site_is_taken(browser_of: FlaskClient, headers: dict[str, str]) -> None:
    token = token_of(browser_of.get("/help?as=agent").text)
    assert browser_of.post("/act", data={"csrf_token": token}, headers=headers).status_code == 200


def test_an_unmarked_view_is_closed_to_everybody(browser_of: FlaskClient) -> None:
    assert browser_of.get("/unmarked").status_code == 403
    assert browser_of.get("/unmarked?as=director").status_code == 403


def test_a_view_opens_to_who_holds_its_permission(browser_of: FlaskClient) -> None:
    assert browser_of.get("/e?as=director").status_code == 200
    assert browser_of.get("/e?as=agent").status_code == 403
    assert browser_of.get("/e").status_code == 401


def test_the_navigation_shows_what_exists_and_may_be_seen(browser_of: FlaskClient) -> None:
    director, agent = browser_of.get("/s?as=director").text, browser_of.get("/s?as=agent").text
    assert 'href="/s" aria-current="page"' in director and 'href="/e"' in director
    assert 'href="/s"' in agent and 'href="/e"' not in agent
    assert "委员会" not in director  # no page, no item
    assert '<nav class="nav"' not in browser_of.get("/open").text


def test_a_count_stands_beside_its_item(shell_app: Flask, browser_of: FlaskClient) -> None:
    def waiting(viewer: Viewer) -> int:
        return 12 if viewer.may(Permission.READ_EVIDENCE) else 0

    navigation.provide_count(shell_app, "evidence", waiting)
    assert re.search(r'class="count">.*?12</span>', browser_of.get("/s?as=director").text)


def test_a_static_file_with_its_hash_is_kept_for_a_year(shell_app: Flask, browser_of: FlaskClient) -> None:
    with shell_app.test_request_context():
        address = static_files.url_for_static("web/app.css")
    kept = browser_of.get(address)
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert browser_of.get("/static/web/app.css?h=old").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["web/none.css", "../shell.py", "web/../../shell.py", "web", "", "/etc/passwd"]
)
def test_nothing_outside_the_static_folders_is_sent(browser_of: FlaskClient, name: str) -> None:
    assert browser_of.get(f"/static/{name}").status_code in (404, 308)


def test_an_unknown_static_name_fails_where_the_page_is_made(shell_app: Flask) -> None:
    with shell_app.test_request_context(), pytest.raises(FileNotFoundError, match="none"):
        static_files.url_for_static("web/none.css")


def test_a_preference_is_kept_on_this_device_and_leads_back(browser_of: FlaskClient) -> None:
    token = token_of(browser_of.get("/help?as=agent").text)
    answer = browser_of.post(
        "/preferences", data={"csrf_token": token, "theme": "dark", "next": "/help/keys?lang=en"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/help/keys?lang=en")
    assert 'data-theme="dark"' in browser_of.get("/help").text


@pytest.mark.parametrize("data", [{}, {"theme": "pink"}, {"text": "<b>"}, {"other": "1"}])
def test_an_unknown_preference_is_refused(browser_of: FlaskClient, data: dict[str, str]) -> None:
    token = token_of(browser_of.get("/help?as=agent").text)
    assert browser_of.post("/preferences", data={"csrf_token": token, **data}).status_code == 400


def test_a_forged_preference_cookie_counts_as_none(browser_of: FlaskClient) -> None:
    browser_of.set_cookie("theme", '"><script>')
    assert 'data-theme="auto"' in browser_of.get("/help").text


def test_the_foot_shows_a_moved_clock(shell_app: Flask, browser_of: FlaskClient, tmp_path: object) -> None:
    assert "演示环境" not in browser_of.get("/help").text
