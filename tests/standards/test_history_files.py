"""A history sent over the browser: read by a job, refused in words, nothing half brought in, only the library's keeper may."""

import io
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.uploads import uploads_folder
from app.standards.history_models import EarlierText
from app.standards.models import Standard
from tests.git_cases import Elsewhere
from tests.house_fixtures import House, csrf
from tests.standards.test_histories import LONGER, RULES

PAGE = "/s/history-files"


def send(house: House, data: bytes, name: str = "rules.bundle"):
    client = house.client("director", language="en")
    form = {**csrf(client.get(PAGE).text), "file": (io.BytesIO(data), name)}
    return client.post(PAGE, data=form, content_type="multipart/form-data")


def counts(house: House) -> tuple[int, int]:
    with house.app.app_context():
        return tuple(
            int(db.session.scalar(sa.select(sa.func.count(t.id))) or 0) for t in (Standard, EarlierText)
        )


def waiting(house: House) -> list[Path]:
    with house.app.app_context():
        return list(uploads_folder().glob("import-history-*"))


def test_a_file_with_a_history_becomes_standards_with_their_earlier_texts(web: House, tmp_path: Path) -> None:
    there = Elsewhere(tmp_path / "there")
    there.commit({"rules.md": RULES})
    (there.path / "link.md").symlink_to("/etc/passwd")
    there.commit({"rules.md": LONGER, "empty.md": ""})
    standards, texts = counts(web)
    answer = send(web, there.bundle().read_bytes())
    assert answer.status_code == 303
    director = web.client("director", language="en")
    assert "is waiting to be read" in director.get(answer.location).text
    with web.app.app_context():
        web.run_jobs()
    page = director.get(answer.location).text
    assert "1 document was read, with 2 texts" in page
    assert "Links and references to other collections are not read" in page and "empty.md" in page
    assert counts(web) == (standards + 1, texts + 2)
    assert waiting(web) == [], "what was read is taken away"
    again = send(web, there.bundle().read_bytes())
    with web.app.app_context():
        web.run_jobs()
    assert "was there already" in director.get(again.location).text
    assert counts(web) == (standards + 1, texts + 2), "the same file twice changes nothing"
    assert "rules.bundle" in director.get(PAGE).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This is no file with a history that can be read"),
        (b"PK\x03\x04 no history", "This is no file with a history that can be read"),
        (
            b"# v2 git bundle\n-" + b"2" * 40 + b" x\n" + b"1" * 40 + b" HEAD\n\nPACK",
            "only a part of a history",
        ),
        (b"# v3 git bundle\n@filter=blob:none\n" + b"1" * 40 + b" HEAD\n\nPACK", "only a part of a history"),
        (
            b"# v2 git bundle\n" + b"1" * 40 + b" refs/tags/x\n" + b"2" * 40 + b" refs/tags/y\n\nPACK",
            "does not say with which text",
        ),
    ],
    ids=["empty", "zip", "needs more", "filtered", "no end"],
)
def test_what_is_no_whole_history_is_refused_at_once(web: House, data: bytes, words: str) -> None:
    before = counts(web)
    answer = send(web, data)
    assert answer.status_code == 422 and words in answer.text
    assert waiting(web) == [] and counts(web) == before
    nothing = web.client("director", language="en")
    assert "Choose a file" in nothing.post(PAGE, data=csrf(nothing.get(PAGE).text)).text


def test_a_damaged_history_leaves_nothing_and_says_so(web: House, tmp_path: Path) -> None:
    there = Elsewhere(tmp_path / "there")
    there.commit({"rules.md": RULES * 30})
    whole = there.bundle().read_bytes()
    before = counts(web)
    answer = send(web, whole[: len(whole) - 9], "../../etc/<b>规则</b>.bundle")
    with web.app.app_context():
        web.run_jobs()
    page = web.client("director", language="en").get(answer.location).text
    assert "Nothing of this file was brought in" in page and "damaged or not complete" in page
    assert "<b>" not in page and "../" not in page
    assert counts(web) == before and waiting(web) == []


def test_only_who_keeps_the_library_sends_and_an_unknown_number_is_none(web: House) -> None:
    for who in ("drafter", "lawyer", "admin"):
        assert web.client(who).get(PAGE).status_code == 403
    director = web.client("director")
    assert director.get(f"{PAGE}/999999").status_code == 404
    assert PAGE in director.get("/s").text and PAGE not in web.client("drafter").get("/s").text
