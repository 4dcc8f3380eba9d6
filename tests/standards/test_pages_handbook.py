"""The handbook PDF of a standard: asked for once, made by the job, kept, sent."""

import datetime as dt
import subprocess
from pathlib import Path

import pytest

from app.core import clock, jobs
from app.core.db import db
from app.standards import handbook
from tests.house_fixtures import MONDAY, House, csrf
from tests.standards.reading_world import publication, publish, tighter

PAGE = "/s/cs-01/v/1.0/handbook"


@pytest.fixture
def shelf(web: House) -> House:
    """One standard, published."""
    with web.app.app_context():
        publish("cs-01")
        jobs.run_due()
        db.session.remove()
    return web


def pdf_text(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode()


def ask(house: House, language: str = "zh") -> None:
    client = house.client("agent")
    token = csrf(client.get(PAGE).text)
    assert client.post(PAGE, data={"text": language, **token}).status_code == 303


def run_jobs(house: House) -> None:
    with house.app.app_context():
        house.run_jobs(pdf=True)
        db.session.remove()


def test_a_page_offers_to_make_the_pdf_and_links_only_a_file_that_is_there(shelf: House) -> None:
    client = shelf.client("agent")
    assert "/s/cs-01/v/1.0.pdf" not in client.get("/s/cs-01").text
    ask(shelf)
    assert "正在生成" in client.get(PAGE).text
    run_jobs(shelf)
    assert "/s/cs-01/v/1.0.pdf" in client.get("/s/cs-01").text
    answer = client.get("/s/cs-01/v/1.0.pdf", buffered=True)
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert client.get("/s/cs-01.pdf", buffered=True).data == answer.data


def test_opening_the_address_of_a_pdf_makes_nothing(shelf: House) -> None:
    client = shelf.client("agent")
    answer = client.get("/s/cs-01.pdf")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(PAGE)
    with shelf.app.app_context():
        assert db.session.query(jobs.Job).filter_by(name=handbook.JOB).count() == 0


def test_the_handbook_holds_clauses_version_day_and_the_uncontrolled_line(shelf: House) -> None:
    ask(shelf)
    ask(shelf, "en")
    run_jobs(shelf)
    with shelf.app.app_context():
        made = publication("cs-01", "1.0")
        zh = pdf_text(handbook.path_of(made, "zh"))
        en = pdf_text(handbook.path_of(made, "en"))
        fingerprint = made.content_sha256[:16]
    assert "CS-01 · 1.0 版 · 2026-09-07起生效" in zh
    assert "打印件不受控" in zh
    assert "普通咨询应当在 10 分钟内" in zh
    assert fingerprint in zh
    assert "1/" in zh.replace(" ", "")
    assert "http://localhost/s/cs-01" in zh
    assert "Printed copies are uncontrolled" in en
    assert "An ordinary question must" in en


def test_a_file_that_is_there_is_not_made_again(shelf: House) -> None:
    ask(shelf)
    run_jobs(shelf)
    with shelf.app.app_context():
        path = handbook.path_of(publication("cs-01", "1.0"), "zh")
    before = path.stat()
    ask(shelf)
    run_jobs(shelf)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_lost_file_is_made_again_when_asked(shelf: House) -> None:
    ask(shelf)
    run_jobs(shelf)
    with shelf.app.app_context():
        path = handbook.path_of(publication("cs-01", "1.0"), "zh")
    path.unlink()
    ask(shelf)
    run_jobs(shelf)
    assert path.exists()


def test_the_version_in_force_decides_which_handbook_is_sent(shelf: House) -> None:
    with shelf.app.app_context():
        tighter(dt.date(2026, 10, 1))
        db.session.remove()
    assert "/v/1.0/" in shelf.client("agent").get("/s/cs-01.pdf").headers["Location"]
    with clock.frozen(MONDAY + dt.timedelta(days=30)):
        assert "/v/1.1/" in shelf.client("agent").get("/s/cs-01.pdf").headers["Location"]
