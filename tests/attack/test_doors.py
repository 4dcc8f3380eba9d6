"""Attacks the doors: other hosts, other sites as the next page, forged origins and methods, wrong versions."""

import re
import socket
import threading

import pytest
from werkzeug.serving import make_server

from tests.house_fixtures import PASSWORD, House, csrf
from tests.standards.reading_world import publish

FOREIGN_PLACES = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "https:evil.example",
    "https://evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "%2f%2fevil.example",
    " //evil.example",
    "/%09/evil.example/..//",
    "//evil.example@localhost/",
    "evil.example",
]

NO_VERSIONS = (
    "--output=x",
    "-Otouch",
    "HEAD~1",
    ":%2fx",
    "a" * 39,
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "1.0%00",
)


def leads_away(location: str) -> bool:
    """Tells whether a browser on this site would leave it for the address."""
    location = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    return bool(re.match(r"[a-zA-Z][\w+.-]*:", location)) or location.startswith("//")


def test_what_a_browser_takes_for_another_site_is_known() -> None:
    assert all(leads_away(place) for place in ("//e", "/\\e", "/\t/e", "https:e", "javascript:x"))
    assert not leads_away("/desk?next=//e")


def test_signing_in_stays_on_this_site(web: House) -> None:
    for place in FOREIGN_PLACES:
        client = web.app.test_client()
        token = csrf(client.get("/sign-in").text)
        data = {"name": "agent", "password": PASSWORD, "next": place, **token}
        for answer in (
            client.post("/sign-in", data=data),
            client.get("/sign-in", query_string={"next": place}),
        ):
            assert answer.status_code == 303
            assert not leads_away(answer.headers["Location"]), place


def test_keeping_a_preference_stays_on_this_site(web: House) -> None:
    client = web.client("agent")
    token = csrf(client.get("/profile").text)
    for place in FOREIGN_PLACES:
        answer = client.post("/preferences", data={"next": place, "theme": "dark", **token})
        assert answer.status_code == 303
        assert not leads_away(answer.headers["Location"]), place


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "localhost.evil.example"},
        {"Host": "evil.example:80"},
        {"Host": "localhost@evil.example"},
        {"Host": ""},
    ],
)
def test_another_host_is_refused(web: House, headers: dict[str, str]) -> None:
    for address in ("/", "/sign-in", "/commitments", "/healthz", "/no-such-page"):
        answer = web.app.test_client().get(address, headers=headers)
        assert answer.status_code == 400, address
        assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    "name",
    ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Server"],
)
def test_forwarded_hosts_change_no_address(web: House, name: str) -> None:
    value = "host=evil.example" if name == "Forwarded" else "evil.example"
    for address in ("/", "/sign-in", "/commitments", "/commitments.atom"):
        answer = web.app.test_client().get(address, headers={name: value}, follow_redirects=True)
        assert answer.status_code == 200
        assert "evil.example" not in answer.text


def test_two_hosts_in_one_request_are_not_believed(web: House) -> None:
    server = make_server("127.0.0.1", 0, web.app, threaded=True)
    worker = threading.Thread(target=server.serve_forever, daemon=True)
    worker.start()
    try:
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as connection:
            connection.sendall(
                b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
            )
            answer = b""
            while part := connection.recv(65536):
                answer += part
    finally:
        server.shutdown()
        worker.join()
        server.server_close()
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    assert b"evil.example" not in answer


@pytest.mark.parametrize("headers", [{"X-HTTP-Method-Override": "POST"}, {"X-Method-Override": "DELETE"}])
def test_a_method_cannot_be_overridden(web: House, headers: dict[str, str]) -> None:
    assert web.client("agent").get("/sign-out", headers=headers).status_code == 405


def test_a_version_that_is_none_is_not_found(web: House) -> None:
    with web.app.app_context():
        publish("cs-01")
    client = web.client("agent")
    for version in NO_VERSIONS:
        for address in (f"/s/cs-01/v/{version}", f"/s/cs-01/compare/{version}..1.0", f"/s/{version}"):
            assert client.get(address, follow_redirects=True).status_code in (400, 404), address


def test_fields_that_no_form_has_are_ignored(web: House) -> None:
    client = web.client("agent")
    token = csrf(client.get("/profile").text)
    client.post(
        "/profile",
        data={
            "language": "en",
            "role": "admin",
            "roles": "admin",
            "state": "published",
            "person_id": "1",
            **token,
        },
    )
    with web.app.app_context():
        assert {str(role) for role in web.actor("agent").roles} == {"agent", "proposer"}
