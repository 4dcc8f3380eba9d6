"""Connected systems as people keep them: adding, changing, pausing, their token, the page and the command."""

import datetime as dt
import json
import os
import subprocess
import sys

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from app.cli import cli
from app.core import clock, jobs
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, Refused
from app.evidence import connector_tokens, connectors
from app.evidence.connector_models import ConnectorKind, ConnectorState
from app.notices.models import Notice
from tests.evidence.connector_cases import PAGES, START, TOKEN, connect, pull, rows
from tests.evidence.maker_server import (
    serving,
    zendesk,
)
from tests.house_fixtures import House, csrf


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
        assert row.result["reason"] == "secrets.open"


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


def test_the_command_takes_a_token_from_a_pipe_and_lists(web: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHSTONE_DATA", str(web.folder))
    with serving(zendesk(PAGES)) as maker:
        with web.app.app_context():
            connect(web, maker.url)
            (web.folder / connector_tokens.FILE).unlink()
            db.session.remove()

        def run(*words: str, said: str = "") -> Result:
            return CliRunner().invoke(cli, ["connectors", *words], input=said)

        missing = run("pull", "care")
        assert missing.exit_code == 1 and "touchstone connectors token care" in missing.stdout
        kept = subprocess.run(
            [sys.executable, "-c", "from app.cli import main; main()", "connectors", "token", "care"],
            env={**os.environ, "PYTHONPATH": os.getcwd()},
            capture_output=True,
            text=True,
            input=f"{TOKEN}\n",
        )
        assert kept.returncode == 0 and TOKEN not in kept.stdout + kept.stderr
        with web.app.app_context():
            assert connectors.connector("care").state is ConnectorState.ON, "its token lets it go on"
            assert db.session.scalars(sa.select(Notice)).all() == []
            db.session.remove()
        assert json.loads(run("pull", "care", "--json").stdout)["rows"] == 9
        assert "care" in run("list").stdout
        assert run("token", "nobody", said="x\n").exit_code == 1
