"""The bell counts what was not read yet; the desk counts tasks in its heading and nothing in the navigation."""

import re

import pytest

from app.core.db import db, transaction
from app.notices import service
from app.notices.service import tell
from tests.house_fixtures import House, csrf

BELL = re.compile(r'<a class="help bell" href="/notices".*?</a>', re.DOTALL)
COUNT = re.compile(r'<b class="count"><span class="vh">.*?</span>(\d+)</b>')


@pytest.mark.parametrize(("language", "word"), [("zh", "通知"), ("en", "Notices")])
def test_the_bell_counts_unread_notices_and_the_desk_stands_without_a_number(
    web: House, language: str, word: str
) -> None:
    with web.app.app_context():
        for number in range(3):
            tell(web.person("agent"), "finding", "/a/mine", key=f"finding:{number}")
        tell(web.person("lead"), "finding", "/a/mine", key="finding:9")
        db.session.commit()
    client = web.client("agent", language)
    page = client.get("/s").text
    bell = BELL.search(page)
    assert bell is not None and word in bell.group()
    assert COUNT.findall(bell.group()) == ["3"]
    desk = re.search(r'<li><a href="/desk".*?</li>', page, re.DOTALL)
    assert desk is not None and "count" not in desk.group()

    notices = client.get("/notices").text
    form = {"notice": re.findall(r'name="notice" value="(\d+)"', notices), "back": "notices"}
    answer = client.post("/notices/read", data={**csrf(notices), **form})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/notices")
    bell = BELL.search(client.get("/notices").text)
    assert bell is not None and 'aria-current="page"' in bell.group()
    assert COUNT.findall(bell.group()) == []


def test_a_visitor_has_no_bell(web: House) -> None:
    assert BELL.search(web.client().get("/help").text) is None


def test_suggestions_on_one_clause_are_one_line_with_their_count(web: House) -> None:
    with web.app.app_context(), transaction():
        for n, clause in enumerate(("CS-04-C13", "CS-04-C13", "CS-04-C07", "CS-04-C13")):
            service.tell(
                web.person("director"), "suggestion", f"/e/suggestions/s{n}", key=f"s{n}", clause=clause
            )
    client = web.client("director")
    desk = client.get("/desk").text
    assert desk.count("CS-04-C13") == 1
    assert 'href="/e/suggestions">〔建议〕3 条建议修改 CS-04-C13' in desk
    assert 'href="/e/suggestions/s2">〔建议〕客户或同事建议修改 CS-04-C07' in desk
    assert client.get("/notices").text.count("CS-04-C13") == 1
    shown = re.findall(r'name="notice" value="(\d+)"', desk)
    assert len(shown) == 4
    client.post("/notices/read", data={**csrf(desk), "notice": shown})
    assert "CS-04-C13" not in client.get("/desk").text
    assert client.get("/notices").text.count("CS-04-C13") == 3, "what was read keeps a line of its own"
