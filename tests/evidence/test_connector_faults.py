"""Pulls that fail: what is kept, how long it waits, when it stops and what it says."""

import datetime as dt
import time
from email.utils import format_datetime

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.db import db
from app.evidence import connectors, sources
from app.evidence.connector_models import ConnectorKind, ConnectorState
from app.notices.models import Notice
from tests.evidence.connector_cases import PAGES, connect, limit, pull, rows
from tests.evidence.maker_server import (
    Sent,
    as_json,
    jira,
    jira_issue,
    serving,
    zendesk,
    zendesk_ticket,
)
from tests.house_fixtures import House, csrf


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Sent(500, b"oops"), "connector.their_fault"),
        (Sent(503, b"", {"Retry-After": "30"}), "connector.their_fault"),
        (Sent(429, b"", {"Retry-After": "30"}), "connector.asked_to_wait"),
        (Sent(body=b'{"tickets": [{"id": 4, "created_at"', how="cut"), "connector.broke_off"),
        (Sent(body=b'{"tickets": [{"id": 4, "created_at"'), "connector.json_broken"),
        (Sent(body=b"[" * 200_000), "connector.json_broken"),
        (Sent(body=b"\xff\xfe{}"), "connector.json_broken"),
        (Sent(body=b"[]"), "connector.json_broken"),
        (Sent(body=b""), "connector.json_broken"),
        (Sent(body=b"<html>", headers={"Content-Type": "text/html"}), "connector.no_json"),
        (Sent(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}), "connector.no_json"),
        (as_json({"tickets": "none"}), "connector.other_shape"),
        (as_json({"tickets": [], "after_cursor": "MTU31", "end_of_stream": False}), "connector.in_a_circle"),
        (as_json({"tickets": [], "after_cursor": None, "end_of_stream": False}), "connector.in_a_circle"),
        (Sent(how="endless", body=b"{"), "connector.too_long"),
        (Sent(how="drip", body=b"{"), "connector.too_slow"),
        (Sent(how="creep"), "connector.too_slow"),
        (Sent(how="silent"), "connector.too_slow"),
        (Sent(body=b"{}", headers={"Content-Length": "99999999999"}), "connector.too_long"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_page_that_fails_is_asked_again_and_nothing_of_it_is_kept(
    sqlite_house: House, fault: Sent, reason: str
) -> None:
    limit(sqlite_house, connector_seconds=1, connector_answer_bytes=2 * 2**20)
    with serving(zendesk(PAGES)) as maker:
        row = connect(sqlite_house, maker.url)
        maker.faults = [None, fault]
        started = time.monotonic()
        assert pull(row) == {"pages": 1, "rows": 3}
        assert time.monotonic() - started < 10
        assert sorted(rows()) == ["1", "2", "3"]
        assert (row.state, row.failures, row.result["reason"]) == (ConnectorState.ON, 1, reason)
        assert row.next_at == clock.now() + dt.timedelta(minutes=1)
        assert pull(row) == {"pages": 2, "rows": 6}
        assert maker.asked[2][1]["cursor"] == "MTU31", "it goes on with the page that failed"
        assert (row.failures, row.result["reason"], len(rows())) == (0, "connector.up_to_date", 9)


def test_a_cursor_that_comes_back_later_is_noticed_too(sqlite_house: House) -> None:
    def answer(_path: str, query: dict[str, str]) -> Sent:
        after = "B" if query.get("cursor") == "A" else "A"
        return as_json({"tickets": [zendesk_ticket(1)], "after_cursor": after, "end_of_stream": False})

    with serving(answer) as maker:
        row = connect(sqlite_house, maker.url)
        assert pull(row)["pages"] == 3
        assert row.result["reason"] == "connector.in_a_circle"


def test_waiting_is_as_long_as_asked_for_grows_and_ends(sqlite_house: House) -> None:
    with serving(lambda _p, _q: Sent(429, b"", {"Retry-After": "600"})) as maker:
        row = connect(sqlite_house, maker.url)
        pull(row)
        assert row.next_at == clock.now() + dt.timedelta(seconds=600)
        waits = []
        maker.answer = lambda _p, _q: Sent(502, b"")
        for _ in range(connectors.MOST_FAILURES - 2):
            pull(row)
            waits.append((row.next_at - clock.now()).total_seconds() / 60)
        assert waits == [2, 4, 8, 16, 32, 60, 120, 240]
        pull(row)
        assert (row.state, row.next_at) == (ConnectorState.STOPPED, None)
        asked = len(maker.asked)
        assert pull(row) == {"pages": 0, "rows": 0}
        assert len(maker.asked) == asked, "a stopped one asks nobody"


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    now = dt.datetime(2026, 9, 7, 2, 0, tzinfo=dt.UTC)
    assert sources.seconds_to_wait("120", now) == 120
    assert sources.seconds_to_wait(format_datetime(now + dt.timedelta(minutes=5), usegmt=True), now) == 300
    assert sources.seconds_to_wait(format_datetime(now - dt.timedelta(minutes=5), usegmt=True), now) == 0
    assert sources.seconds_to_wait("9" * 40, now) == sources.LONGEST_WAIT
    assert [sources.seconds_to_wait(text, now) for text in (None, "", "soon", "-5", "²")] == [None] * 5


@pytest.mark.parametrize(
    ("sent", "reason", "words"),
    [
        (Sent(401), "connector.not_let_in", "does not let the account in (401)"),
        (Sent(403), "connector.not_let_in", "does not let the account in (403)"),
        (Sent(302, headers={"Location": "https://evil.example/"}), "connector.led_elsewhere", "not followed"),
        (Sent(404), "connector.refused", "refuses the question (404)"),
    ],
)
def test_what_asking_again_cannot_cure_stops_it_and_tells_in_words(
    web: House, sent: Sent, reason: str, words: str
) -> None:
    with serving(lambda _p, _q: sent) as maker:
        with web.app.app_context():
            row = connect(web, maker.url)
            pull(row)
            assert (row.state, row.next_at, row.result["reason"]) == (ConnectorState.STOPPED, None, reason)
            assert len(maker.asked) == 1
            told = db.session.scalars(sa.select(Notice).where(Notice.kind == "connector_stopped")).all()
            assert [one.person_id for one in told] == [web.person("director").id]
        client = web.client("director", "en")
        page = client.get("/e/connectors").text
        assert words in page and "1 system is no longer asked" in page
        maker.answer = zendesk(PAGES)
        client.post("/e/connectors/1/resume", data=csrf(page))
        with web.app.app_context():
            jobs.run_due()
            assert (connectors.connector("care").state, len(rows())) == (ConnectorState.ON, 9)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (as_json({"issues": [], "nextPageToken": "t15"}), "connector.in_a_circle"),
        (as_json({"errorMessages": ["token"]}, 400), "connector.place_forgotten"),
        (as_json({"values": []}), "connector.other_shape"),
        (Sent(body=b'{"issues": [', how="cut"), "connector.broke_off"),
        (Sent(429, b"", {"Retry-After": "5"}), "connector.asked_to_wait"),
    ],
)
def test_a_search_that_fails_goes_on_and_ends_with_all(sqlite_house: House, fault: Sent, reason: str) -> None:
    with serving(jira([jira_issue(n) for n in range(1, 41)], size=15)) as maker:
        row = connect(sqlite_house, maker.url, ConnectorKind.JIRA_CLOUD)
        maker.faults = [None, None, fault]
        assert pull(row) == {"pages": 1, "rows": 15}
        assert (row.state, row.result["reason"]) == (ConnectorState.ON, reason)
        assert pull(row)["rows"] == 25
        assert len(rows()) == 40


def test_an_empty_page_before_the_promised_end_is_no_end(sqlite_house: House) -> None:
    def answer(path: str, query: dict[str, str]) -> Sent:
        if path.endswith("/myself"):
            return as_json({"timeZone": "UTC"})
        return as_json({"startAt": 0, "total": 9, "issues": []})

    with serving(answer) as maker:
        row = connect(sqlite_house, maker.url, ConnectorKind.JIRA_SERVER)
        pull(row)
        assert row.result["reason"] == "connector.in_a_circle"
