"""Pulls of connected systems: pages, places, twice, in any order, killed, two at once."""

import datetime as dt
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db, transaction
from app.evidence import connector_tokens, connectors, pulling
from app.evidence.connector_models import Connector, ConnectorKind
from app.evidence.jobs import uploads_folder
from app.evidence.models import Ticket, TicketImport
from tests.evidence.connector_cases import PAGES, TOKEN, connect, pull, rows
from tests.evidence.maker_server import (
    Sent,
    as_json,
    jira,
    jira_issue,
    serving,
    zendesk,
    zendesk_ticket,
)
from tests.house_fixtures import House


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
