"""Pulls of connected systems against a server on this machine: pages, places, waiting, ends, and what never gets in."""

import dataclasses
import datetime as dt
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from email.utils import format_datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, Refused
from app.evidence import connector_tokens, connectors, pulling, sources
from app.evidence.connector_models import Connector, ConnectorKind, ConnectorState
from app.evidence.http_answers import Fault, Limits, ask, is_allowed
from app.evidence.jobs import uploads_folder
from app.evidence.models import Ticket, TicketImport
from app.notices.models import Notice
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

TOKEN = "s3cret-token-nobody-sees"
START = dt.date(2026, 3, 1)
PAGES = [[zendesk_ticket(n) for n in range(first, first + 3)] for first in (1, 4, 7)]


def connect(house: House, url: str, kind: ConnectorKind = ConnectorKind.ZENDESK, only: str = "") -> Connector:
    with transaction():
        row = connectors.add(
            house.actor("director"), name="care", kind=kind, base_url=url, account="bot@example.invalid", only=only,
            starts_on=START, every_minutes=60,
        )  # fmt: skip
    connector_tokens.keep(house.folder, row.name, row.base_url, TOKEN)
    return row


def pull(row: Connector) -> dict:
    return pulling.pull(row.id, uploads_folder())


def rows() -> dict[str, tuple]:
    found = db.session.scalars(sa.select(Ticket).order_by(Ticket.external_id))
    return {one.external_id: (one.row_hash, one.deleted, one.text) for one in found}


def limit(house: House, **more: object) -> None:
    house.app.config["SETTINGS"] = dataclasses.replace(house.app.config["SETTINGS"], **more)


def test_zendesk_is_pulled_page_by_page_with_metrics_ratings_and_deleted_tickets(house: House) -> None:
    gone = zendesk_ticket(10, status="deleted", subject="SCRUBBED")
    with serving(zendesk([*PAGES, [gone]])) as maker:
        row = connect(house, maker.url)
        assert pull(row) == {"pages": 4, "rows": 10}
        one = db.session.scalar(sa.select(Ticket).where(Ticket.external_id == "1"))
        assert one is not None
        assert (one.source, one.first_reply_minutes, one.first_reply_working_minutes) == (
            "zendesk-api",
            20,
            12,
        )
        assert (one.resolution_minutes, one.reopened, one.satisfaction, one.is_complaint) == (120, 1, 1, True)
        assert one.text == "没人回复，我的电话 138****2210", "masked at the door"
        assert [name for name, (_, deleted, _t) in rows().items() if deleted] == ["10"]
        first = maker.asked[0]
        assert first[1] == {"start_time": "1772294400", "per_page": "500", "include": "metric_sets"}
        assert [query.get("cursor") for _, query in maker.asked] == [None, "MTU31", "MTU32", "MTU33"]
        assert row.result == {"reason": "connector.up_to_date", "params": {}}
        assert row.next_at == clock.now() + dt.timedelta(minutes=60)
        made = db.session.scalars(sa.select(TicketImport)).one()
        assert (made.read_count, made.created_count, made.refused_count, made.file_name) == (
            10,
            10,
            0,
            "care",
        )
        assert made.finished_at is not None
        assert list(uploads_folder().iterdir()) == [], "no unmasked page is left"


def test_a_second_pull_and_one_from_the_start_change_nothing(sqlite_house: House) -> None:
    with serving(zendesk(PAGES)) as maker:
        row = connect(sqlite_house, maker.url)
        pull(row)
        before = rows()
        assert pull(row) == {"pages": 1, "rows": 0}
        assert maker.asked[-1][1]["cursor"] == "MTU33"
        assert db.session.scalar(sa.select(sa.func.count(TicketImport.id))) == 1, "an empty page is no import"
        with transaction():
            connectors.change(
                sqlite_house.actor("director"), row, base_url=row.base_url, account=row.account, only="", every_minutes=60,
                from_start=True,
            )  # fmt: skip
        assert pull(row) == {"pages": 3, "rows": 0}
        assert rows() == before
        newest = row.newest
        assert newest is not None and (
            newest.created_count,
            newest.updated_count,
            newest.unchanged_count,
        ) == (0, 0, 9)


def test_pages_in_any_order_with_tickets_twice_give_the_same_tickets(sqlite_house: House) -> None:
    older = [zendesk_ticket(n, subject="as it was", updated_at="2026-03-01T01:30:00Z") for n in (2, 8)]
    pages = [*PAGES, older]
    seen = []
    for order in itertools.islice(itertools.permutations(pages), 0, 24, 5):
        with serving(zendesk([random.Random(7).sample(page, len(page)) for page in order])) as maker:
            row = db.session.scalar(sa.select(Connector)) or connect(sqlite_house, maker.url)
            db.session.execute(sa.delete(Ticket))
            with transaction():
                connectors.change(
                    sqlite_house.actor("director"), row, base_url=maker.url, account=row.account, only="",
                    every_minutes=60, from_start=True,
                )  # fmt: skip
            connector_tokens.keep(sqlite_house.folder, row.name, maker.url, TOKEN)
            pull(row)
            seen.append(rows())
    assert len(seen) == 5 and all(one == seen[0] for one in seen) and len(seen[0]) == 9


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


def test_the_token_goes_to_its_address_only_and_is_seen_nowhere(
    web: House, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(zendesk(PAGES)) as maker, serving(zendesk(PAGES)) as thief, web.app.app_context():
        row = connect(web, maker.url)
        pull(row)
        assert maker.headers[0]["Authorization"].startswith("Basic ")
        path = web.folder / connector_tokens.FILE
        assert path.stat().st_mode & 0o777 == 0o600
        with transaction():
            connectors.change(
                web.actor("director"),
                row,
                base_url=thief.url,
                account="x",
                only="",
                every_minutes=60,
                from_start=False,
            )
        pull(row)
        assert thief.asked == []
        assert row.result["reason"] == "connector.no_token"
        page = web.client("director").get("/e/connectors").text
        dump = "\n".join(db.session.connection().connection.driver_connection.iterdump())
        assert TOKEN not in page and TOKEN not in dump and TOKEN not in caplog.text
        path.chmod(0o644)
        with pytest.raises(Refused):
            connector_tokens.token_of(web.folder, "care", maker.url)
        with transaction():
            connectors.resume(web.actor("director"), row)
        pull(row)
        assert row.result["reason"] == "connector.tokens_open"


@pytest.mark.parametrize("broken", ["", "[]", '{"care": 1}', "{"])
def test_a_broken_file_of_tokens_is_said(tmp_path: Path, broken: str) -> None:
    path = tmp_path / connector_tokens.FILE
    path.write_text(broken)
    path.chmod(0o600)
    with pytest.raises(Refused):
        connector_tokens.token_of(tmp_path, "care", "https://x")


def test_only_encrypted_addresses_or_this_machine_are_asked() -> None:
    good = [
        "https://care.zendesk.com",
        "https://jira.example:8443/jira",
        "http://127.0.0.1:8",
        "http://localhost",
        "http://[::1]:9",
    ]
    bad = [
        "http://care.zendesk.com", "ftp://x", "https://", "", "https://u:p@x", "https://x/?a=1", "https://x/#a", "http://127.0.0.1.evil.example",
        "https://x:99999", "https://x\n.evil", "file:///etc/passwd", "https://例子", "//x", "http://127.0.0.1@evil.example",
    ]  # fmt: skip
    assert [is_allowed(one) for one in good] == [True] * len(good)
    assert [one for one in bad if is_allowed(one)] == []
    with pytest.raises(ValueError, match="may not be asked"):
        ask("http://evil.example", "/", {}, Limits(1, 1))


def test_nobody_there_is_said_as_such(sqlite_house: House) -> None:
    with serving(zendesk(PAGES)) as maker:
        url = maker.url
    with pytest.raises(Fault) as caught:
        ask(url, "/", {}, Limits(2, 1000))
    assert caught.value.key == "connector.unreachable"


@pytest.mark.parametrize("kind", [ConnectorKind.JIRA_CLOUD, ConnectorKind.JIRA_SERVER])
def test_jira_is_searched_page_by_page_and_twice_changes_nothing(house: House, kind: ConnectorKind) -> None:
    issues = [jira_issue(n) for n in range(1, 41)]
    with serving(jira(issues, size=15)) as maker:
        row = connect(house, maker.url, kind, only="project = CARE")
        first = pull(row)
        assert first["rows"] == 40
        one = db.session.scalar(sa.select(Ticket).where(Ticket.external_id == "CARE-7"))
        assert one is not None
        assert (one.source, one.first_reply_minutes, one.resolution_minutes) == ("jira-rest", 30, 60)
        assert (one.text, one.is_complaint) == ("电话 138****2210", True)
        jql = {query["jql"] for _, query in maker.asked if "jql" in query}
        assert jql == {'(project = CARE) AND updated >= "2026-03-01 00:00" ORDER BY created ASC, key ASC'}
        before, asked = rows(), len(maker.asked)
        assert pull(row)["rows"] == 0
        assert rows() == before
        assert "2026-03-01" not in maker.asked[asked + 1][1]["jql"], (
            "it asks for what changed since the first pull"
        )


def test_pages_by_number_overlap_so_that_a_deleted_issue_hides_none(sqlite_house: House) -> None:
    issues = [jira_issue(n) for n in range(1, 41)]
    seen = []
    with serving(jira(issues, size=15)) as maker:
        inner = maker.answer

        def answer(path: str, query: dict[str, str]) -> Sent:
            made = inner(path, query)
            if path.endswith("/search") and not seen:
                seen.append(1)
                del issues[3:8]  # deleted over there between the first and the second page
            return made

        maker.answer = answer
        row = connect(sqlite_house, maker.url, ConnectorKind.JIRA_SERVER)
        pull(row)
        assert len(rows()) == 40 and row.result["reason"] == "connector.up_to_date"


def test_comments_that_a_search_leaves_out_are_asked_for(sqlite_house: House) -> None:
    issue = jira_issue(1)
    many = []
    for n in range(150):
        at = f"2026-03-02T09:{10 + n // 60:02d}:{n % 60:02d}.000+0800"
        many.append({**issue["fields"]["comment"]["comments"][0], "id": str(5000 + n), "created": at, "updated": at,
                     "self": f"https://x/rest/api/2/issue/10001/comment/{5000 + n}"})  # fmt: skip
    issue["fields"]["comment"] = {"comments": many[-1:], "total": 150, "maxResults": 1, "startAt": 149}
    with serving(jira([issue], 15, {"CARE-1": many})) as maker:
        pull(connect(sqlite_house, maker.url, ConnectorKind.JIRA_CLOUD))
        ticket = db.session.scalars(sa.select(Ticket)).one()
        assert (len(ticket.conversation), ticket.first_reply_minutes) == (150, 10)


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


def test_bad_rows_of_a_page_are_listed_and_stop_none(sqlite_house: House) -> None:
    page = [
        zendesk_ticket(1),
        {"id": 2, "created_at": "yesterday"},
        5,
        zendesk_ticket(3),
        {"created_at": "2026-03-02T01:00:00Z"},
    ]
    with serving(
        lambda _p, _q: as_json({"tickets": page, "after_cursor": "x", "end_of_stream": True})
    ) as maker:
        row = connect(sqlite_house, maker.url)
        assert pull(row) == {"pages": 1, "rows": 2}
        made = row.newest
        assert made is not None and (made.read_count, made.created_count, made.refused_count) == (5, 2, 3)
        assert {(one["field"], one["file"]) for one in made.refused} == {
            ("created_at", "1/page.json"), ("", "1/page.json"), ("external_id", "1/page.json"),
        }  # fmt: skip


def test_a_killed_pull_goes_on_with_the_page_after_the_last_one_kept(web: House) -> None:
    reached: list[str] = []

    def answer(path: str, query: dict[str, str]) -> Sent:
        if query.get("cursor") == "MTU32" and not reached:
            reached.append("page 3")
            return Sent(how="silent")
        return zendesk(PAGES)(path, query)

    with serving(answer) as maker:
        with web.app.app_context():
            row_id = connect(web, maker.url).id
            db.session.remove()
            db.engine.dispose()
        surroundings = {**os.environ, "TOUCHSTONE_DATA": str(web.folder), "PYTHONPATH": os.getcwd()}
        command = [
            sys.executable,
            "-c",
            "from app.cli import main; main()",
            "connectors",
            "pull",
            "care",
            "--json",
        ]
        killed = subprocess.Popen(
            command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 60
        while not reached and time.monotonic() < until:
            time.sleep(0.05)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        with web.app.app_context():
            row = db.session.get_one(Connector, row_id)
            assert (sorted(rows()), row.page_count) == (["1", "2", "3", "4", "5", "6"], 2)
            assert row.newest is not None and row.newest.finished_at is None
            db.session.remove()
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout)["pages"] == 1
        assert [query.get("cursor") for _, query in maker.asked] == [None, "MTU31", "MTU32", "MTU32"]
        with web.app.app_context():
            made = db.session.scalars(sa.select(TicketImport)).one()
            assert (made.created_count, made.read_count, len(rows())) == (9, 9, 9)


def test_of_two_pulls_at_once_one_goes_on(sqlite_house: House) -> None:
    with serving(zendesk(PAGES)) as maker:
        row = connect(sqlite_house, maker.url)
        number = row.id
        inner = maker.answer

        def answer(path: str, query: dict[str, str]) -> Sent:
            if query.get("cursor") == "MTU31" and len(maker.asked) == 2:
                with (
                    sqlite_house.app.app_context(),
                    clock.frozen(dt.datetime(2026, 9, 7, 2, 0, tzinfo=dt.UTC)),
                ):
                    pulling.pull(number, uploads_folder())
            return inner(path, query)

        maker.answer = answer
        assert pull(row) == {"pages": 1, "rows": 3}, "the other one went past it"
        db.session.expire_all()
        assert (len(rows()), row.page_count, row.failures) == (9, 3, 0)


def test_the_clock_queues_what_is_due_once_and_a_paused_one_never(sqlite_house: House) -> None:
    with serving(zendesk(PAGES)) as maker:
        row = connect(sqlite_house, maker.url)
        connectors.enqueue_due()
        connectors.enqueue_due()
        db.session.commit()
        queued = sa.select(sa.func.count(jobs.Job.id)).where(jobs.Job.name == connectors.JOB)
        assert db.session.scalar(queued) == 1
        jobs.run_due()
        assert len(rows()) == 9
        with transaction():
            connectors.pause(sqlite_house.actor("director"), row)
        with clock.frozen(clock.now() + dt.timedelta(days=2)):
            connectors.enqueue_due()
            db.session.commit()
            assert db.session.scalar(queued) == 1
        with pytest.raises(Refused):
            connectors.ask_now(sqlite_house.actor("director"), row)


def test_a_connector_that_begins_today_asks_for_no_future(sqlite_house: House) -> None:
    early = dt.datetime(2026, 9, 6, 16, 1, tzinfo=dt.UTC)  # one minute past midnight in Shanghai
    with clock.frozen(early), serving(zendesk(PAGES)) as maker, transaction():
        row = connectors.add(
            sqlite_house.actor("director"), name="care", kind=ConnectorKind.ZENDESK, base_url=maker.url, account="a", only="",
            starts_on=dt.date(2026, 9, 7), every_minutes=60,
        )  # fmt: skip
        assert dt.datetime.fromisoformat(row.position["since"]) == early - dt.timedelta(minutes=5)


def test_who_may_not_bring_tickets_in_may_connect_nothing(sqlite_house: House) -> None:
    with pytest.raises(NotAllowed):
        connectors.add(
            sqlite_house.actor("drafter"), name="x", kind=ConnectorKind.ZENDESK, base_url="https://x", account="a", only="",
            starts_on=START, every_minutes=60,
        )  # fmt: skip


def test_every_wrong_field_is_named(sqlite_house: House) -> None:
    with pytest.raises(Invalid) as caught:
        connectors.add(
            sqlite_house.actor("director"), name="Bad Name", kind=ConnectorKind.ZENDESK, base_url="http://evil.example", account="a:b",
            only="order by x", starts_on=dt.date(2999, 1, 1), every_minutes=7,
        )  # fmt: skip
    fields = [error.field for error in caught.value.errors]
    assert sorted(fields) == ["account", "base_url", "every_minutes", "name", "only", "starts_on"]


def test_the_pages_connect_change_and_pause(web: House) -> None:
    with serving(zendesk(PAGES)) as maker:
        client = web.client("director", "zh")
        page = client.get("/e/connectors").text
        form = {
            **csrf(page),
            "kind": "zendesk",
            "name": "care",
            "base_url": maker.url,
            "account": "a@b.c",
            "every_minutes": "15",
        }
        wrong = client.post("/e/connectors", data={**form, "name": "护理", "starts_on": "2026-03-01"})
        assert wrong.status_code == 422 and maker.url in wrong.text
        assert client.post("/e/connectors", data={**form, "starts_on": "2026-03-01"}).status_code == 303
        with web.app.app_context():
            connector_tokens.keep(web.folder, "care", maker.url, TOKEN)
            connectors.enqueue_due()
            jobs.run_due()
        page = client.get("/e/connectors").text
        assert "每 15 分钟" in page
        assert "已全部取回" in page
        edit = client.get("/e/connectors/1").text
        changed = {
            **csrf(edit),
            "base_url": maker.url,
            "account": "a@b.c",
            "every_minutes": "1440",
            "only": "",
        }
        assert client.post("/e/connectors/1", data=changed).status_code == 303
        assert client.post("/e/connectors/1", data={**changed, "base_url": "http://x"}).status_code == 422
        assert client.post("/e/connectors/1/pause", data=csrf(edit)).status_code == 303
        assert "已暂停" in client.get("/e/connectors").text
        assert client.get("/e/connectors/99").status_code == 404
        result = client.get("/e/import/1")
        assert result.status_code == 200 and "care" in result.text


def test_the_command_takes_a_token_from_a_pipe_and_lists(web: House) -> None:
    with serving(zendesk(PAGES)) as maker:
        with web.app.app_context():
            connect(web, maker.url)
            (web.folder / connector_tokens.FILE).unlink()
            db.session.remove()
        surroundings = {**os.environ, "TOUCHSTONE_DATA": str(web.folder), "PYTHONPATH": os.getcwd()}
        command = [sys.executable, "-c", "from app.cli import main; main()", "connectors"]

        def run(*words: str, said: str = "") -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [*command, *words], env=surroundings, capture_output=True, text=True, input=said
            )

        missing = run("pull", "care")
        assert missing.returncode == 1 and "touchstone connectors token care" in missing.stdout
        kept = run("token", "care", said=f"{TOKEN}\n")
        assert kept.returncode == 0 and TOKEN not in kept.stdout + kept.stderr
        with web.app.app_context():
            assert connectors.connector("care").state is ConnectorState.ON, "its token lets it go on"
            assert db.session.scalars(sa.select(Notice)).all() == []
            db.session.remove()
        assert json.loads(run("pull", "care", "--json").stdout)["rows"] == 9
        assert "care" in run("list").stdout
        assert run("token", "nobody", said="x\n").returncode == 1
