"""The pages for customers over HTTP: what they show and hide, how small they are, and that reading writes nothing."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.core.db import db
from app.evidence import queries as evidence
from app.evidence import suggestion_queries, suggestions
from app.evidence.models import Suggestion
from tests import story
from tests.house_fixtures import House, csrf
from tests.snapshots import remembered

CODES = ("cs-01", "cs-02", "cs-03", "cs-04", "cs-05")


@remembered
def all_standards(house: House) -> None:
    """Brings the starter standards."""
    for code in CODES:
        story.given_standard(code)


@pytest.fixture
def library(web: House) -> House:
    with web.app.app_context():
        all_standards(web)
    return web


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "address",
    [
        "/commitments",
        "/commitments/cs-04",
        "/commitments/changes",
        "/commitments.atom",
        "/suggest?clause=cs-04-c07",
    ],
)
def test_a_visitor_reads_every_page(library: House, address: str, language: str) -> None:
    page = library.client(language=language).get(address)
    assert page.status_code == 200
    assert len(page.data) < 30 * 1024
    assert "Set-Cookie" not in page.headers or address.startswith("/suggest")


@pytest.fixture
def counted(library: House) -> Iterator[tuple[House, list[str]]]:
    """The library with a list of the statements that reach the database."""
    statements: list[str] = []
    with library.app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield library, statements
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "address", ["/commitments", "/commitments/cs-04", "/commitments/changes", "/suggest?clause=cs-04-c07"]
)
def test_reading_takes_few_queries_and_writes_nothing(counted: tuple[House, list[str]], address: str) -> None:
    web, statements = counted
    client = web.client()
    statements.clear()
    assert client.get(address).status_code == 200
    assert len([s for s in statements if s.startswith("SELECT")]) <= 10
    assert not [s for s in statements if s.split()[0] in ("INSERT", "UPDATE", "DELETE")]


def test_customers_see_public_clauses_only(library: House) -> None:
    client = library.client(language="zh")
    page = client.get("/commitments/cs-04")
    assert "首次答复" in page.text and "不同意时的答复" not in page.text
    assert client.get("/commitments/nothing").status_code == 404


def test_a_coming_change_is_announced_in_the_words_customers_were_told(library: House) -> None:
    with library.app.app_context():
        story.given_published(library)
    client = library.client(language="zh")
    for address in ("/commitments", "/commitments/cs-04", "/commitments/changes", "/commitments.atom"):
        assert story.CUSTOMER_NOTICE["customer_notice_zh"] in client.get(address).text, address
    feed = ElementTree.fromstring(client.get("/commitments.atom").data)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed" and len(feed.findall("{*}entry")) >= 5


def suggest(web: House, text: str, **more: str) -> TestResponse:
    client = web.client()
    token = csrf(client.get("/suggest").text)
    return client.post("/suggest", data={"text": text, "contact": "", **token, **more})


def test_a_suggestion_gets_a_number_and_an_answer(library: House) -> None:
    sent = suggest(library, "退货答复可以更快吗？<b>x</b>", clause="cs-04-c07", contact="a@example.invalid")
    assert sent.status_code == 303
    address = sent.headers["Location"]
    client = library.client(language="zh")
    page = client.get(address)
    assert page.status_code == 200 and "&lt;b&gt;x" in page.text and "a@example.invalid" not in page.text
    with library.app.app_context():
        row = db.session.query(Suggestion).one()
        assert (row.standard.code if row.standard else "", row.clause_id) == ("cs-04", "c07")
        suggestions.answer_suggestion(library.actor("director"), row, adopted=True, answer="十月起做到。")
        db.session.commit()
    assert "十月起做到。" in client.get(address).text
    assert client.get("/suggest/S-2222-2222").status_code == 404


def test_the_box_shows_what_was_answered_and_nothing_that_nobody_has_read(library: House) -> None:
    assert "第一个提" in library.client().get("/suggest").text
    suggest(library, "退货答复可以更快吗？")
    suggest(library, "电话里少放一段音乐。")
    assert "退货答复可以更快吗" not in library.client().get("/suggest").text
    with library.app.app_context():
        row = db.session.get_one(Suggestion, 1)
        suggestions.answer_suggestion(library.actor("director"), row, adopted=True, answer="十月起做到。")
        db.session.commit()
    page = library.client().get("/suggest").text
    assert "退货答复可以更快吗" in page and "十月起做到。" in page
    assert "电话里少放一段音乐" not in page


@pytest.mark.parametrize(
    ("text", "more"),
    [(" ", {}), ("x" * 501, {}), ("a\x00b", {}), ("hello", {"website": "http://spam.invalid"})],
)
def test_a_suggestion_without_words_or_from_a_machine_is_refused(
    library: House, text: str, more: dict[str, str]
) -> None:
    assert suggest(library, text, **more).status_code == 422
    with library.app.app_context():
        assert db.session.query(Suggestion).count() == 0


def test_too_many_suggestions_from_one_network_wait(library: House) -> None:
    codes = [suggest(library, f"第 {n} 条建议").status_code for n in range(6)]
    assert codes == [303] * 5 + [429]


def answered(library: House, text: str, answer: str = "十月起做到。") -> str:
    """Returns the tracking number of a suggestion that was answered."""
    ref = re.findall(r"S-\w{4}-\w{4}", suggest(library, text).headers["Location"])[0]
    with library.app.app_context():
        row = evidence.suggestion(ref)
        suggestions.answer_suggestion(library.actor("director"), row, adopted=True, answer=answer)
        db.session.commit()
    return ref


@pytest.mark.parametrize("language", ["zh", "en"])
def test_similar_ones_are_shown_before_anything_is_kept(library: House, language: str) -> None:
    ref = answered(library, "退款进度能不能在订单页看到？")
    answered(library, "电话里少放一段音乐。")
    client = library.client(language=language)
    token = csrf(client.get("/suggest").text)
    text = "希望订单页能看到退款进度"
    page = client.post("/suggest", data={"text": text, "contact": "", **token})
    assert page.status_code == 200 and f"/suggest/{ref}/echo" in page.text and text in page.text
    assert "少放一段音乐" not in page.text and "十月起做到。" in page.text
    with library.app.app_context():
        assert db.session.query(Suggestion).count() == 2  # nothing is kept yet
    sent = client.post("/suggest", data={"text": text, "contact": "", "seen": "y", **csrf(page.text)})
    assert sent.status_code == 303
    with library.app.app_context():
        assert db.session.query(Suggestion).count() == 3


def test_me_too_is_one_click_and_counts_once_a_network(library: House) -> None:
    ref = answered(library, "退款进度能不能在订单页看到？")
    client = library.client()
    token = csrf(client.get("/suggest").text)
    for _ in range(2):
        joined = client.post(f"/suggest/{ref}/echo", data=token)
        assert joined.status_code == 303 and f"/suggest/{ref}" in joined.headers["Location"]
    with library.app.app_context():
        assert suggestion_queries.echo_counts([evidence.suggestion(ref).id]) == {
            evidence.suggestion(ref).id: 1
        }
    assert re.search(r"另有\s*1", client.get(f"/suggest/{ref}?lang=zh").text)
    assert client.post("/suggest/S-2222-2222/echo", data=token).status_code == 404


def test_the_box_says_its_own_average(library: House) -> None:
    answered(library, "退款进度能不能在订单页看到？")
    page = library.client(language="en").get("/suggest").text
    assert "within 5 working days" in page and re.search(
        r"On average the first answer took [\d.]+ working days", page
    )


@pytest.mark.parametrize("clause", ["cs-04-c08", "cs-99-c01", "../../etc", "cs-04-c07' OR 1=1", ""])
def test_a_clause_customers_cannot_read_is_left_out(library: House, clause: str) -> None:
    page = library.client().get("/suggest", query_string={"clause": clause})
    assert page.status_code == 200 and 'name="clause"' not in page.text
