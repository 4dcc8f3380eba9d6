"""Looking at a file before it is brought in: guessed mapping, chosen columns, what would be refused, saved mappings."""

import io
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import jobs
from app.core.db import db
from app.evidence import previewing
from app.evidence.models import SavedMapping, Ticket, TicketImport
from app.evidence.personal_names import has_han
from app.evidence.readers import MAPPINGS
from tests.house_fixtures import House, csrf
from tests.samples import OWN

SAMPLES = OWN / "tickets" / "mappings"
FOREIGN = "No.,When,What,Colour\n1,2026-03-02 09:00,call 13812342210,red\n2,yesterday,bad,blue\n"


def look(client, body: bytes, name: str, mapping: str = "guess"):
    token = csrf(client.get("/e/import").text)
    data = {**token, "mapping": mapping, "then": "check", "file": (io.BytesIO(body), name)}
    return client.post("/e/import", data=data, content_type="multipart/form-data")


@pytest.mark.parametrize(
    "mapping",
    [
        "zendesk-view",
        "jira-csv",
        "survey-csat",
        "survey-nps",
        "social-listening",
        "qiyu",
        "udesk-v1",
        "freshdesk-v1",
    ],
)
def test_the_mapping_is_found_out_from_the_file(sqlite_house: House, mapping: str) -> None:
    path = next(one for one in sorted(SAMPLES.iterdir()) if one.stem == mapping)
    assert previewing.guess(path) == mapping


def test_a_file_is_looked_at_before_anything_is_brought_in(web: House) -> None:
    client = web.client("director", "en")
    answer = look(client, (SAMPLES / "zendesk-view.csv").read_bytes(), "view.csv")
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "not yet tried on a live export" in page
    assert "Of the first 4 rows 2 can be read and 2 would be left out." in page
    assert re.search(r'<option value="satisfaction" selected>', page)
    assert "a duration cannot be negative" in page
    with web.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Ticket.id))) == 0
    number = re.search(r"/e/import/(\d+)/check", answer.location)[1]
    assert "Nothing was brought in yet." in client.get(f"/e/import/{number}").text
    done = client.post(answer.location, data={**csrf(page), "mapping": "zendesk-view", "then": "import"})
    assert done.status_code == 303
    with web.app.app_context():
        jobs.run_due()
        row = db.session.scalars(sa.select(TicketImport)).one()
        assert (row.mapping, row.created_count, row.refused_count) == ("zendesk-view", 2, 2)
        assert list((web.folder / "uploads").iterdir()) == []
    assert client.get(answer.location).status_code == 404


def test_columns_of_any_table_are_chosen_and_saved_under_a_name(web: House, tmp_path: Path) -> None:
    client = web.client("director", "zh")
    answer = look(client, FOREIGN.encode(), "mine.csv", "csv")
    page = client.get(answer.location).text
    assert "13812342210" not in page
    columns = {"column-0": "external_id", "column-1": "created_at", "column-2": "text", "column-3": ""}
    form = {**csrf(page), "mapping": "csv", "title": ["No.", "When", "What", "Colour"]}
    tried = client.post(answer.location, data={**form, **columns, "then": "try"})
    assert tried.status_code == 200 and "其中" not in tried.text
    assert "1 行可以读取，1 行会被略过" in tried.text
    short = client.post(answer.location, data={**form, "column-0": "external_id", "then": "import"})
    assert short.status_code == 422 and "创建时间" in short.text
    done = client.post(answer.location, data={**form, **columns, "then": "import", "save_as": "我的表"})
    assert done.status_code == 303
    with web.app.app_context():
        jobs.run_due()
        ticket = db.session.scalars(sa.select(Ticket)).one()
        assert (ticket.source, ticket.external_id, ticket.text) == ("csv", "1", "call 138****2210")
        assert db.session.scalars(sa.select(SavedMapping.name)).all() == ["我的表"]
    again = look(client, FOREIGN.encode(), "mine.csv", "我的表")
    assert "1 行可以读取，1 行会被略过" in client.get(again.location).text
    renamed = look(client, FOREIGN.replace("When", "Day").encode(), "mine.csv", "我的表")
    assert "没有名为 When 的列" in client.get(renamed.location).text, "names the column it misses"


def test_a_name_of_the_house_is_not_given_to_a_saved_mapping(web: House) -> None:
    client = web.client("director", "en")
    answer = look(client, FOREIGN.encode(), "mine.csv", "csv")
    form = {
        **csrf(client.get(answer.location).text),
        "mapping": "csv",
        "title": ["No.", "When"],
        "save_as": "qiyu",
    }
    refused = client.post(
        answer.location, data={**form, "column-0": "external_id", "column-1": "created_at", "then": "import"}
    )
    assert refused.status_code == 422 and "is a mapping of the house" in refused.text


@pytest.mark.parametrize(
    "body", [b"", b"\x00\xff\xfe", b"PK\x03\x04broken", b"{" * 3000, b'[{"a": 1}]', b"a,a\n1,2\n"]
)
@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.xlsx", "x.zip"])
def test_rubbish_is_shown_as_refused_and_breaks_no_page(web: House, body: bytes, name: str) -> None:
    answer = look(web.client("director"), body, name)
    page = web.client("director").get(answer.location)
    assert page.status_code == 200 and "可以读取" in page.text


def test_a_long_file_is_looked_at_by_its_beginning(sqlite_house: House, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    row = "%d,2026-03-02 09:00," + "x" * 200 + "\n"
    path.write_text("id,created_at,text\n" + "".join(row % n for n in range(20_000)))
    seen = previewing.preview(path, "csv")
    assert seen is not None and not seen.whole and seen.fits == previewing.LOOKED_AT
    assert set(MAPPINGS) >= {"csv", "jira-csv"}


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "0 与 1 的含义未查到"), ("en", "What 0 and 1 mean was found nowhere")],
)
def test_what_of_a_mapping_was_found_nowhere_is_said_in_the_readers_language(
    web: House, language: str, words: str
) -> None:
    client = web.client("director", language)
    answer = look(client, (SAMPLES / "qiyu.json").read_bytes(), "tickets.json")
    assert words in client.get(answer.location).text


def test_every_remark_on_a_mapping_is_in_both_languages() -> None:
    for mapping in MAPPINGS.values():
        assert bool(mapping.notes) == bool(mapping.notes_zh), mapping.name
        assert not mapping.notes_zh or has_han(mapping.notes_zh)
