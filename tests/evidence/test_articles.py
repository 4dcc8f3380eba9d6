"""Articles elsewhere that cite clauses: entered, brought in, sent; marked when a publication changes a clause, then amended."""

import io
import json
from pathlib import Path

import pytest

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed
from app.evidence import articles, push_tokens
from app.publishing import service as publishing
from app.publishing.page import page_of
from app.standards.models import Revision
from tests import story
from tests.house_fixtures import House, csrf

WIKI = "https://wiki.example.com/a/1"


def put(house: House, *clauses: str, address: str = WIKI, title: str = "退货怎么办", **more: object) -> str:
    with transaction():
        return articles.put(house.actor("director"), address=address, title=title, clauses=clauses, **more)[1]


def known() -> list[tuple[str, list[str], bool]]:
    db.session.expire_all()
    return [(a.title, [articles.spoken(c) for c in a.clauses], a.is_to_amend) for a in articles.articles()]


def test_the_same_article_twice_is_one_and_without_clauses_none(sqlite_house: House) -> None:
    story.given_standard()
    assert put(sqlite_house, "CS-04-C07", "cs-04-c02", "CS-04-C07") == "created"
    assert put(sqlite_house, "CS-04-C02", "CS-04-C07") == "unchanged"
    assert put(sqlite_house, "CS-04-C02", title="退货问 13812342210") == "updated"
    ((title, cited, _amend),) = known()
    assert cited == ["CS-04-C02"] and "13812342210" not in title
    assert put(sqlite_house) == "updated" and known() == []


@pytest.mark.parametrize(
    ("more", "clauses", "field"),
    [
        ({"address": "javascript:alert(1)"}, ("CS-04-C07",), "address"), ({"address": "https://"}, ("CS-04-C07",), "address"),
        ({"address": "https://a:b@x.example/"}, ("CS-04-C07",), "address"), ({"title": " "}, ("CS-04-C07",), "title"),
        ({}, ("CS-04-C99",), "clause"), ({}, ("C07",), "clause"), ({}, (), "clauses"),
        ({}, ("CS-04-C07",) * 201, "clauses"),
    ],
)  # fmt: skip
def test_an_article_that_cannot_be_is_refused_at_its_field(
    sqlite_house: House, more: dict, clauses: tuple, field: str
) -> None:
    story.given_standard()
    with pytest.raises(Invalid) as refused:
        put(sqlite_house, *clauses, **more)
    assert [e.field for e in refused.value.errors] == [field] and known() == []
    with pytest.raises(NotAllowed):
        articles.put(sqlite_house.actor("agent"), address=WIKI, title="t", clauses=["CS-04-C07"])


def test_a_publication_marks_what_cites_its_clauses_until_somebody_amends_it(house: House) -> None:
    revision = story.given_ready(house)
    put(house, "CS-04-C07", "CS-04-C02", address=WIKI + "2", title="旧")
    put(house, "CS-04-C07", title="新")
    put(house, "CS-04-C02", address=WIKI + "3", title="别的")
    with house.app.test_request_context("/"):
        ((clause_id, cited),) = page_of(revision, house.actor("director")).citing
    assert clause_id == "c07" and {one.title for one in cited} == {"旧", "新"}
    publish(house, revision)
    assert {title: amend for title, _c, amend in known()} == {"旧": True, "新": True, "别的": False}
    assert articles.to_amend_count() == 2
    assert put(house, "CS-04-C07", "CS-04-C02", address=WIKI + "2", title="旧", is_amended=True) == "updated"
    with transaction():
        articles.amended(house.actor("director"), next(a.id for a in articles.articles(only_to_amend=True)))
    assert articles.to_amend_count() == 0


def publish(house: House, revision: Revision) -> None:
    story.plan_publication(house, revision)
    with transaction():
        publishing.pin_text(house.actor("director"), revision)
    house.run_jobs()
    with transaction():
        publishing.schedule(house.actor("director"), revision, op_key="second")
    with clock.frozen(story.after_undo_window(revision)):
        house.run_jobs()


def test_a_list_brings_in_what_is_good_and_names_the_lines_that_are_not(web: House) -> None:
    with web.app.app_context():
        story.given_standard()
    client = web.client("director", "en")
    token = csrf(client.get("/e/articles").text)
    table = f"标题,地址,条款\n退货,{WIKI},CS-04-C07、CS-04-C02\n坏,{WIKI}2,CS-04-C99\n空,没有,CS-04-C07\n"
    sent = {"file": (io.BytesIO(table.encode()), "wiki.csv"), **token}
    page = client.post("/e/articles/file", data=sent)
    assert page.status_code == 422
    assert "1 article taken" in page.text and "Line 3:" in page.text and "Line 4:" in page.text
    with web.app.app_context():
        assert known() == [("退货", ["CS-04-C02", "CS-04-C07"], False)]
    assert (
        client.post("/e/articles/file", data={"file": (io.BytesIO(b"x"), "a.exe"), **token}).status_code
        == 422
    )
    assert list(Path(web.folder / "uploads").glob("import-articles-*")) == []
    assert "Cited by 退货" in client.get("/s/cs-04/c07").text
    assert "退货" in client.get("/e/articles?clause=CS-04-C07").text
    assert "no clause CS-04-C99" in client.get("/e/articles?clause=CS-04-C99").text
    form = {"address": WIKI + "9", "title": "Refunds", "clauses": "CS-04-C02", **token}
    assert client.post("/e/articles", data={**form, "clauses": "C9"}).status_code == 422
    assert client.post("/e/articles", data=form).status_code == 303
    assert client.post("/e/articles/1/remove", data=token).status_code == 303
    assert client.post("/e/articles/1/remove", data=token).status_code == 404


def test_a_knowledge_base_sends_its_list_and_reads_all_clauses_with_one_token(web: House) -> None:
    with web.app.app_context():
        story.given_standard()
        with transaction():
            secret = push_tokens.make(web.actor("director"), name="Wiki", mapping=articles.NAME)[1]
            other = push_tokens.make(web.actor("director"), name="ERP", mapping="csv")[1]
    client = web.app.test_client()
    body = {
        "articles": [
            {"url": WIKI, "title": "t", "clauses": ["CS-04-C07"]},
            {"url": WIKI, "title": "t", "clauses": "C1"},
        ]
    }
    head = {"Authorization": f"Bearer {secret}"}
    said = client.post("/e/push/knowledge-base", json=body, headers=head)
    assert (said.status_code, said.json["created"], said.json["refused"]) == (200, 1, 1)
    assert said.json["errors"][0]["field"] == "clause"
    assert (
        client.post(
            "/e/push/knowledge-base", json=body, headers={"Authorization": f"Bearer {other}"}
        ).status_code
        == 403
    )
    broken = client.post(
        "/e/push/knowledge-base", data=b'[{"url":', content_type="application/json", headers=head
    )
    assert broken.status_code == 422
    listed = client.get("/feed/standards.json", headers=head)
    assert listed.status_code == 200
    for wrong in (other, "tsp_x"):
        answer = client.get("/feed/standards.json", headers={"Authorization": f"Bearer {wrong}"})
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
    again = client.get("/feed/standards.json", headers={**head, "If-None-Match": listed.headers["ETag"]})
    assert again.status_code == 304
    assert json.loads(listed.text)["standards"][0]["code"] == "CS-04"
