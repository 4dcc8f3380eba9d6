"""Systems that send rows by themselves: who is let in, what is answered, and that a broken body changes nothing."""

import dataclasses
import datetime as dt
import json
import socket
import threading

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from app.core import activity, clock
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed
from app.evidence import previewing, push_tokens
from app.evidence.connector_models import PushToken
from app.evidence.models import Ticket, TicketImport
from tests.house_fixtures import House, csrf

ROWS = [
    {"id": "1", "created_at": "2026-03-02 09:00", "text": "打 13812342210 没人接", "satisfaction": 1},
    {"id": "2", "created_at": "2026-03-02 09:00"},
]
CSV = "id,created_at,text\n1,2026-03-02 09:00,好\n2,yesterday,坏\n3,2026-03-02 09:00,好\n"


def token_for(house: House, mapping: str = "csv") -> str:
    with house.app.app_context(), transaction():
        return push_tokens.make(house.actor("director"), name="ERP", mapping=mapping)[1]


def send(
    house: House,
    secret: str | None,
    body: object,
    kind: str = "application/json",
    mapping: str = "csv",
    **headers: str,
):
    data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    given = {"Content-Type": kind, **headers}
    if secret is not None:
        given["Authorization"] = f"Bearer {secret}"
    return house.app.test_client().post(f"/e/push/{mapping}", data=data, headers=given)


def stored(house: House) -> int:
    with house.app.app_context():
        return db.session.scalar(sa.select(sa.func.count(Ticket.id))) + db.session.scalar(
            sa.select(sa.func.count(TicketImport.id))
        )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ROWS, "application/json"),
        (ROWS, "application/json; charset=utf-8"),
        ("\n".join(json.dumps(row) for row in ROWS), "application/x-ndjson"),
        (
            "id,created_at,text,satisfaction\n1,2026-03-02 09:00,打 13812342210 没人接,1\n2,2026-03-02 09:00,,\n",
            "text/csv",
        ),
    ],
)
def test_rows_come_in_masked_and_twice_change_nothing(web: House, body: object, kind: str) -> None:
    secret = token_for(web)
    answer = send(web, secret, body, kind)
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    counts = {
        name: answer.json[name] for name in ("read", "created", "updated", "unchanged", "refused", "errors")
    }
    assert counts == {"read": 2, "created": 2, "updated": 0, "unchanged": 0, "refused": 0, "errors": []}
    again = send(web, secret, body, kind).json
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
    with web.app.app_context():
        texts = db.session.scalars(sa.select(Ticket.text).order_by(Ticket.external_id)).all()
        assert texts == ["打 138****2210 没人接", ""]
        assert db.session.scalars(sa.select(TicketImport.file_name)).first() == "ERP"
    assert [one.name for one in (web.folder / "uploads").iterdir()] == []


def test_a_bad_row_is_answered_with_its_line_field_and_reason_and_stops_none(web: House) -> None:
    answer = send(web, token_for(web), CSV, "text/csv", **{"Accept-Language": "en"})
    assert (answer.status_code, answer.json["created"], answer.json["refused"]) == (200, 2, 1)
    (error,) = answer.json["errors"]
    assert (error["line"], error["field"], error["reason"]) == (3, "created_at", "import.date_unreadable")
    assert "yesterday" in error["words"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps(ROWS)[:-5], "application/json"),
        (b"", "application/json"),
        (b'[{"id": "1", "created_at": "2026-03-02 09:00"}, {"id": "\xff"}]', "application/json"),
        ("[" * 5000, "application/json"),
        ("wrong,columns\n1,2\n", "text/csv"),
        (b"id,created_at\n1,2026-03-02 09:00\n2," + b"x" * (9 * 2**20), "text/csv"),
    ],
)
def test_a_body_that_cannot_be_read_as_a_whole_changes_nothing(web: House, body: object, kind: str) -> None:
    answer = send(web, token_for(web), body, kind)
    assert answer.status_code == 422
    assert (answer.json["read"], answer.json["created"], answer.json["import"]) == (0, 0, None)
    assert answer.json["errors"][0]["reason"].startswith("import.")
    assert stored(web) == 0


@pytest.mark.parametrize("given", [None, "", "tsp_wrong", "\udcff", "x" * 5000])
def test_without_the_right_token_nobody_is_let_in(web: House, given: str | None) -> None:
    token_for(web)
    if given == "\udcff":
        answer = web.app.test_client().post(
            "/e/push/csv",
            data=b"[]",
            headers={"Authorization": "Bearer \xff", "Content-Type": "application/json"},
        )
    else:
        answer = send(web, given, ROWS)
    assert (answer.status_code, answer.mimetype, answer.headers["WWW-Authenticate"]) == (
        401,
        "application/json",
        "Bearer",
    )
    assert answer.json["reasons"] == ["push.token"]
    assert stored(web) == 0


def test_a_token_is_for_its_mapping_and_until_it_is_taken_back(web: House) -> None:
    secret = token_for(web)
    other = send(web, secret, ROWS, mapping="qiyu")
    assert (other.status_code, other.json["reasons"]) == (403, ["push.other_mapping"])
    assert send(web, secret, ROWS, mapping="no-such").status_code == 403
    with web.app.app_context(), transaction():
        push_tokens.revoke(web.actor("director"), 1)
        push_tokens.revoke(web.actor("director"), 1)
    assert send(web, secret, ROWS).status_code == 401
    assert stored(web) == 0


def test_a_signed_in_person_without_a_token_is_nobody_here(web: House) -> None:
    client: FlaskClient = web.client("director")
    assert client.post("/e/push/csv", json=ROWS).status_code == 401


def test_another_site_cannot_send_even_with_a_token(web: House) -> None:
    secret = token_for(web)
    foreign = send(web, secret, ROWS, Origin="https://evil.example")
    assert (foreign.status_code, foreign.mimetype) == (400, "application/json")
    assert send(web, secret, ROWS, **{"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert stored(web) == 0


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "application/xml", ""]
)
def test_another_kind_of_body_is_refused_in_json(web: House, kind: str) -> None:
    answer = send(web, token_for(web), ROWS, kind)
    assert (answer.status_code, answer.mimetype) == (415, "application/json")
    assert stored(web) == 0


def test_a_body_beyond_the_limit_is_refused_in_json_announced_or_not(web: House) -> None:
    web.app.config["SETTINGS"] = dataclasses.replace(web.app.config["SETTINGS"], push_limit_bytes=1000)
    secret = token_for(web)
    answer = send(web, secret, "x" * 1001, "text/csv")
    assert (answer.status_code, answer.mimetype) == (413, "application/json")
    server = make_server("127.0.0.1", 0, web.app, threaded=True)
    worker = threading.Thread(target=server.serve_forever, daemon=True)
    worker.start()
    try:
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as connection:
            head = f"POST /e/push/csv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {secret}\r\nContent-Type: text/csv\r\n"
            connection.sendall(f"{head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode())
            connection.sendall((b"400\r\n" + b"x" * 1024 + b"\r\n") * 3 + b"0\r\n\r\n")
            assert connection.recv(100).split()[1] == b"413"
    finally:
        server.shutdown()
        worker.join()
        server.server_close()
    assert stored(web) == 0
    assert list((web.folder / "uploads").iterdir()) == []


def test_more_than_a_minute_allows_waits_until_the_next(web: House) -> None:
    web.app.config["SETTINGS"] = dataclasses.replace(web.app.config["SETTINGS"], push_tries=3)
    secret = token_for(web)
    assert [send(web, secret, ROWS).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = send(web, secret, ROWS)
    assert (refused.mimetype, refused.headers["Retry-After"]) == ("application/json", "60")
    assert send(web, token_for(web), ROWS).status_code == 200, "each token has its own count"
    with clock.frozen(clock.now() + dt.timedelta(seconds=60)):
        assert send(web, secret, ROWS).status_code == 200


def test_a_saved_mapping_takes_rows_too(web: House) -> None:
    with web.app.app_context(), transaction():
        previewing.save_mapping(
            web.actor("director"), "我的表", "csv", {"No.": "external_id", "When": "created_at"}
        )
    secret = token_for(web, "我的表")
    answer = send(web, secret, "No.,When\n7,2026-03-02 09:00\n", "text/csv", mapping="我的表")
    assert answer.json["created"] == 1


def test_tokens_are_made_shown_once_and_taken_back_on_the_page(web: House) -> None:
    client = web.client("director", "en")
    page = client.get("/e/connectors").text
    form = {**csrf(page), "token_name": "ERP", "mapping": "csv"}
    assert client.post("/e/connectors/tokens", data={**form, "token_name": " "}).status_code == 422
    assert client.post("/e/connectors/tokens", data={**form, "mapping": "no-such"}).status_code == 422
    made = client.post("/e/connectors/tokens", data=form).text
    secret = made.split("<code>")[1].split("</code>")[0]
    assert secret.startswith(push_tokens.PREFIX)
    assert send(web, secret, ROWS).status_code == 200
    page = client.get("/e/connectors").text
    assert secret not in page and "ERP" in page
    with web.app.app_context():
        dump = "\n".join(db.session.connection().connection.driver_connection.iterdump())
        assert secret not in dump and db.session.scalars(sa.select(PushToken)).one().last_at is not None
        assert activity.head()[0] > 0
    client.post("/e/connectors/tokens/1/revoke", data=csrf(page))
    assert send(web, secret, ROWS).status_code == 401
    assert client.post("/e/connectors/tokens/99/revoke", data=csrf(page)).status_code == 404


def test_who_may_not_bring_tickets_in_makes_no_token(sqlite_house: House) -> None:
    with pytest.raises(NotAllowed):
        push_tokens.make(sqlite_house.actor("drafter"), name="x", mapping="csv")
    with pytest.raises(Invalid):
        push_tokens.make(sqlite_house.actor("director"), name="x", mapping="nothing")
