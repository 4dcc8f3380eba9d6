"""The program `touchstone` on a data folder of its own: what each command prints, changes and ends with."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.cli import cli
from app.core.db import db
from tests import audit_cases
from tests.house_fixtures import House, csrf

STANDARD = Path(__file__).resolve().parents[2] / "standards_repo" / "starter" / "cs-04"
GOOD = "T1,2026-09-01 09:00,退货一直没人理\nT2,2026-09-01 10:00,想问发票\n"
BAD = "T3,昨天,没有日期\n"
COUNTS = {"read", "created", "updated", "unchanged", "refused", "errors", "seconds"}


@pytest.fixture(scope="module")
def made_ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that the program has brought up to date, once for all tests; each has a copy."""
    made = tmp_path_factory.mktemp("program") / "data"
    made.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOUCHSTONE_DATA", str(made))
        assert run("init").exit_code == 0
    return made


@pytest.fixture
def folder(made_ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder around a data folder that the program has brought up to date."""
    monkeypatch.setenv("TOUCHSTONE_DATA", str(tmp_path / "data"))
    shutil.copytree(made_ready, tmp_path / "data")
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def answer(*arguments: object, ends: int = 0) -> dict:
    """Returns the one object that a command prints with --json."""
    done = run(*arguments, "--json")
    assert done.exit_code == ends, done.output
    return json.loads(done.stdout)


def table(folder: Path, rows: str) -> Path:
    path = folder / "tickets.csv"
    path.write_text("external_id,created_at,text\n" + rows, encoding="utf-8")
    return path


def test_every_command_has_its_help() -> None:
    for words in (*([name] for name in cli.commands), ["import", "standards"], ["import", "tickets"]):
        done = run(*words, "--help")
        assert done.exit_code == 0 and "Usage:" in done.output


def test_a_folder_is_brought_up_to_date_again(folder: Path) -> None:
    assert run("init").exit_code == 0


def test_standards_come_in_once(folder: Path) -> None:
    first = answer("import", "standards", STANDARD)
    assert set(first) == COUNTS | {"documents", "histories"}
    assert (first["created"], first["refused"], first["errors"]) == (1, 0, [])
    assert [d["code"] for d in first["documents"]] == ["cs-04"]
    assert all(d["clauses"] == 14 and d["versions"] and d["title"] for d in first["documents"])
    again = answer("import", "standards", STANDARD)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 1)


def test_tickets_come_in_once_and_a_bad_row_stops_no_other(folder: Path) -> None:
    path = table(folder, GOOD + BAD)
    first = answer("import", "tickets", path, "--mapping", "csv")
    assert set(first) == COUNTS
    assert (first["read"], first["created"], first["refused"]) == (3, 2, 1)
    (error,) = first["errors"]
    assert (error["line"], error["field"], error["key"]) == (4, "created_at", "import.date_unreadable")
    assert " " in error["reason"] and "import." not in error["reason"]
    again = answer("import", "tickets", path, "--mapping", "csv")
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)


def test_pages_of_an_export_come_in_together_and_refused_rows_are_written(folder: Path) -> None:
    first, second = folder / "page1.csv", folder / "page2.csv"
    table(folder, GOOD).rename(first)
    table(folder, GOOD + BAD).rename(second)
    asked = ("import", "tickets", first, second, "--mapping", "csv", "--refused", folder / "refused.csv")
    came = answer(*asked)
    assert (came["created"], came["refused"], came["errors"][0]["file"]) == (2, 1, "page2.csv")
    assert (
        (folder / "refused.csv").read_text("utf-8-sig").splitlines()[1].startswith("page2.csv,4,created_at,")
    )
    assert run("import", "tickets", folder, first, "--mapping", "csv").exit_code == 2


def test_nothing_but_bad_rows_is_refused(folder: Path) -> None:
    assert answer("import", "tickets", table(folder, BAD), "--mapping", "csv", ends=1)["refused"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "tickets", __file__, "--mapping", "no-such"),
        ("import", "tickets", __file__),
        ("import", "standards", "no-such-file.md"),
        ("demo", "--advance", "soon"),
        ("report", "2026-13"),
        ("verify", "no-such-clone"),
        ("no-such-command",),
    ],
)
def test_misuse_ends_with_two_and_says_how(folder: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.exit_code == 2 and "Error:" in done.output and "Traceback" not in done.output


def test_the_clock_of_a_real_instance_is_not_moved(folder: Path) -> None:
    done = run("demo", "--advance", "16d")
    assert done.exit_code == 1 and "only a demonstration's" in done.output


def test_a_store_is_whole_until_somebody_changes_it(folder: Path) -> None:
    answer("import", "standards", STANDARD)
    assert answer("verify") | {"seconds": 0} == {"findings": [], "whole": True, "seconds": 0}
    taken = folder / "taken"
    run("export", taken)
    assert answer("verify", taken / "store")["whole"]
    head = next((folder / "data" / "store.git" / "refs" / "heads").iterdir())
    head.write_text("0" * 40 + "\n")
    assert answer("verify", ends=1)["findings"]


def test_everything_leaves_for_an_empty_folder_only(folder: Path) -> None:
    answer("import", "standards", STANDARD)
    taken = folder / "taken"
    assert run("export", taken).exit_code == 0
    standards = (taken / "tables" / "standard.csv").read_text("utf-8-sig").splitlines()
    assert len(standards) == 2 and (taken / "verify.sh").exists()
    people = (taken / "tables" / "person.csv").read_text("utf-8-sig").splitlines()[0]
    assert "password" not in people
    done = run("export", taken)
    assert done.exit_code == 1 and "Traceback" not in done.output


def test_jobs_are_done_and_counted(folder: Path) -> None:
    answer("import", "standards", STANDARD)
    answer("import", "tickets", table(folder, GOOD), "--mapping", "csv")
    answer("jobs")
    again = answer("jobs")
    assert again["tried"] == 0 and again["done"] >= 1 and "failed" not in again


def test_a_month_is_reported_as_it_was_scored(
    web: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web.app.app_context():
        scored = len(audit_cases.given_scored(web, tmp_path)[1])
    monkeypatch.setenv("TOUCHSTONE_DATA", str(web.folder))
    rows = answer("report", audit_cases.MONTH)["clauses"]
    worst = rows[0]
    assert worst["clause"] == "CS-04-C07" and 0 < worst["kept"] < worst["checked"] <= scored
    assert 0 <= worst["low"] < worst["kept"] / worst["checked"] < worst["high"] <= 1
    assert f" {worst['kept']} of {worst['checked']} " in run("report", audit_cases.MONTH).output
    assert "nothing was checked" in run("report", "2025-01").output


def test_a_company_is_set_up_once(folder: Path) -> None:
    words = ("setup", "--standard", "cs-12", "--size", "small", "--admin", "lina", "--json")
    done = CliRunner().invoke(cli, words, input="a long enough password\n")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "units_added": 4,
        "administrator": "made",
        "made": ["cs-01", "cs-03", "cs-04", "cs-12"],
        "there": [],
        "along": ["cs-01", "cs-03", "cs-04"],
    }
    again = json.loads(CliRunner().invoke(cli, words, input="another long password\n").stdout)
    assert (again["units_added"], again["administrator"], again["made"]) == (0, "there", [])
    app = create_app()
    page = app.test_client().get("/sign-in").text
    for password, status in (("another long password", 422), ("a long enough password", 303)):
        client = app.test_client()
        data = {**csrf(client.get("/sign-in").text), "name": "lina", "password": password}
        assert client.post("/sign-in", data=data).status_code == status, page[:200]


def test_a_folder_that_is_not_ready_is_not_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHSTONE_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    done = run("setup", "--size", "small")
    assert done.exit_code == 1 and "touchstone init" in done.output and "Traceback" not in done.output


def test_a_wrong_set_up_is_refused_and_makes_nothing(folder: Path) -> None:
    for arguments, words in (
        (("--set", "huge"), "There is no set called huge."),
        (("--standard", "cs-99"), "has no standard cs-99"),
        (("--size", "huge"), "There is no preset called huge."),
        (("--admin", "lina"), "Use at least"),
    ):
        done = CliRunner().invoke(cli, ["setup", *arguments], input="short\n")
        assert done.exit_code == 1 and words in done.output and "Traceback" not in done.output, arguments
    assert run("setup").exit_code == 2
    taken = folder / "taken"
    run("export", taken)
    for name in ("standard", "department", "person"):
        assert len((taken / "tables" / f"{name}.csv").read_text("utf-8-sig").splitlines()) == 1, name


@pytest.mark.parametrize(("has_moved", "status"), [(False, 500), (True, 503)])
def test_data_of_another_release_are_named_as_such(folder: Path, has_moved: bool, status: int) -> None:
    with closing(sqlite3.connect(folder / "data" / "touchstone.db")) as database, database:
        database.execute("DROP TABLE standard")
        database.execute("DROP TABLE connector")
        if has_moved:
            database.execute("UPDATE alembic_version SET version_num = '0001'")
    app = create_app()
    with app.app_context(), pytest.raises(DBAPIError) as fault:
        db.session.execute(sa.text("SELECT * FROM standard WHERE code = :code"), {"code": "13800138000"})
    assert "13800138000" not in str(fault.value)  # what people wrote does not reach the log by a fault
    client = app.test_client()
    pages = [client.get(f"/commitments?lang={lang}") for lang in ("zh", "en")]
    assert [page.status_code for page in pages] == [status, status]
    assert ["touchstone init" in page.text for page in pages] == [has_moved, has_moved]
    done = run("connectors", "list")
    assert done.exit_code == 1 and ("touchstone init" in done.output) == has_moved
    if has_moved:
        command = [sys.executable, "-c", "import app.worker"]
        worker = subprocess.run(command, capture_output=True, text=True, check=False)
        assert worker.returncode == 1 and "touchstone init" in worker.stderr
