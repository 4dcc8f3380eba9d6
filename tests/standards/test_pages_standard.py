"""The pages of one standard over HTTP: as it binds, on a date, one version, history, comparison, one clause."""

import datetime as dt
import re

import pytest

from app.core import clock
from app.core.access import SYSTEM
from app.core.db import db
from app.standards import library
from app.standards.models import RenderedText
from app.standards.rendering import rendered, store_rendered
from tests.house_fixtures import MONDAY, House
from tests.snapshots import remembered
from tests.standards.reading_world import (
    counted,
    publish,
    revision_in_drafting,
    starter_texts,
    tighter,
    words_of,
)

OCTOBER = dt.date(2026, 10, 1)


@remembered
def two_standards(house: House) -> None:
    """Brings two standards; cs-01 has a version 1.1 that binds from 1 October."""
    publish("cs-01")
    publish("cs-02")
    tighter(OCTOBER)


@pytest.fixture
def shelf(web: House) -> House:
    with web.app.app_context():
        two_standards(web)
        db.session.remove()
    return web


def test_the_text_in_force_is_read_in_chapters_with_scripts_beside(shelf: House) -> None:
    page = shelf.client("agent").get("/s/cs-01")
    assert page.status_code == 200
    words = words_of(page.text)
    assert "响应与解决时效服务标准" in words
    assert "1.3 普通咨询的首次响应 CS-01-C03" in words
    assert "90% 的普通工单在 10 分钟内得到首次响应" in words
    assert "这样说" in words
    assert "不要说" in words
    assert "&gt; 这样说" not in page.text
    assert 'data-copy="“您好' in page.text


def test_a_coming_change_is_announced_with_its_day(shelf: House) -> None:
    words = words_of(shelf.client("agent").get("/s/cs-01").text)
    assert "10月1日（周四）起 1.1 版将改动 C03。 看改动" in words
    assert "应当在 8 分钟" not in words


@pytest.mark.parametrize(
    ("day", "shown", "not_shown"),
    [("2026-09-30", "应当在 10 分钟", "应当在 8 分钟"), ("2026-10-01", "应当在 8 分钟", "应当在 10 分钟")],
)
def test_a_date_shows_the_text_of_that_day_and_says_so(
    shelf: House, day: str, shown: str, not_shown: str
) -> None:
    words = words_of(shelf.client("outside").get(f"/s/cs-01?on={day}").text)
    clause = words[words.index("1.3 普通咨询的首次响应 CS") : words.index("1.4 紧急问题的首次响应 CS")]
    assert shown in clause
    assert not_shown not in clause
    assert "你看到的是" in words
    assert "看今天的文本" in words


def test_a_date_before_the_first_version_offers_that_version(shelf: House) -> None:
    page = shelf.client("agent").get("/s/cs-01?on=2020-01-01")
    assert page.status_code == 200
    assert "那时还没有这项标准" in page.text
    assert "/s/cs-01/v/1.0" in page.text


@pytest.mark.parametrize("asked", ["2026-02-30", "gestern", "9999-12-31", "0001-01-01", "%00"])
def test_any_other_date_gives_a_page_too(shelf: House, asked: str) -> None:
    assert shelf.client("agent").get(f"/s/cs-01?on={asked}").status_code == 200


def test_both_languages_stand_side_by_side(shelf: House) -> None:
    page = shelf.client("agent", language="en").get("/s/cs-01?text=both").text
    assert 'lang="zh-Hans"' in page
    assert "普通咨询应当" in page
    assert "An ordinary question must" in page


def test_a_missing_translation_is_marked_and_never_silently_replaced(web: House) -> None:
    with web.app.app_context():
        texts = starter_texts("cs-01")
        start, end = (
            texts["en"].index("### Answering the phone"),
            texts["en"].index("### First reply to an ordinary"),
        )
        texts["en"] = texts["en"][:start] + texts["en"][end:]
        library.import_standard(SYSTEM, texts)
        db.session.remove()
    page = web.client("agent", language="en").get("/s/cs-01").text
    words = words_of(page)
    clause = words[words.index("CS-01-C02") :]
    assert clause.index("Translation to come") < clause.index("CS-01-C03")
    assert words.count("Translation to come") == 1
    assert '<span lang="zh-Hans">电话接听</span>' in page


def test_an_upper_case_code_leads_to_the_one_address(shelf: House) -> None:
    answer = shelf.client("agent").get("/s/CS-01")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/s/cs-01"


def test_a_superseded_version_says_so_and_leads_to_the_one_in_force(shelf: House) -> None:
    with clock.frozen(MONDAY + dt.timedelta(days=30)):
        page = shelf.client("agent").get("/s/cs-01/v/1.0").text
    assert "这个版本已被替代" in page
    assert 'rel="canonical"' in page
    assert "/s/cs-01/compare/1.0..1.1" in page


def test_a_coming_version_says_when_it_begins(shelf: House) -> None:
    page = shelf.client("agent").get("/s/cs-01/v/1.1").text
    assert "这个版本还没有生效" in page
    assert "应当在 8 分钟" in words_of(page)


def test_history_lists_versions_newest_first(shelf: House) -> None:
    words = words_of(shelf.client("agent").get("/s/cs-01/history").text)
    assert words.index("1.1 ") < words.index("首个版本，共 14 条")
    assert "即将生效" in words


def test_comparison_shows_the_redline_and_the_target_unstruck(shelf: House) -> None:
    page = shelf.client("agent").get("/s/cs-01/compare/1.0..1.1").text
    assert re.search(r"<del><span class=\"vh\">[^<]*</span>10", page)
    assert re.search(r"<ins><span class=\"vh\">[^<]*</span>8", page)
    words = words_of(page)
    assert "修改 1 条、收紧 1 个目标值；" in words
    assert "其余 13 条没有变" in words
    assert re.search(r"首次响应 10 → [^0-9]*8 分钟", words)


def test_comparison_side_by_side_and_in_the_other_language(shelf: House) -> None:
    page = shelf.client("agent").get("/s/cs-01/compare/1.0..1.1?view=side&text=en").text
    assert 'class="side"' in page
    assert "An ordinary question must" in page


def test_a_comparison_with_itself_says_nothing_differs(shelf: House) -> None:
    assert "没有差别" in shelf.client("agent").get("/s/cs-01/compare/1.0..1.0").text


@pytest.mark.parametrize(
    "path",
    [
        "/s/cs-99",
        "/s/cs-01/v/9.9",
        "/s/cs-01/compare/1.0",
        "/s/cs-01/compare/1.0..9.9",
        "/s/cs-01/c99",
        "/s/cs-01/xyz",
    ],
)
def test_what_is_not_there_answers_404_in_words(shelf: House, path: str) -> None:
    answer = shelf.client("agent").get(path)
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_a_clause_shows_its_life_with_redlines(shelf: House) -> None:
    page = shelf.client("agent").get("/s/cs-01/c03").text
    words = words_of(page)
    assert "这一条的历次版本" in words
    assert "<del>" in page
    assert "现行有效" in words
    assert "即将生效" in words


def test_an_unchanged_clause_says_since_when(shelf: House) -> None:
    words = words_of(shelf.client("agent", language="en").get("/s/cs-01/c04").text)
    assert "Unchanged since version 1.0" in words


def test_a_change_in_progress_is_shown_to_all_staff(shelf: House) -> None:
    with shelf.app.app_context():
        number = revision_in_drafting(shelf).number
        db.session.remove()
    assert f"/r/{number}" in shelf.client("lawyer").get("/s/cs-01").text
    assert f"/r/{number}" in shelf.client("agent").get("/s/cs-01").text


def test_a_visitor_is_sent_to_sign_in(shelf: House) -> None:
    assert shelf.client().get("/s/cs-01").status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        "/s",
        "/s/cs-01",
        "/s/cs-01?on=2026-10-02",
        "/s/cs-01/v/1.0",
        "/s/cs-01/history",
        "/s/cs-01/c03",
        "/s/cs-01/compare/1.0..1.1",
    ],
)
def test_reading_takes_few_questions_and_writes_nothing(shelf: House, path: str) -> None:
    client = shelf.client("agent")
    client.get(path)
    with shelf.app.app_context(), counted() as seen:
        assert client.get(path).status_code == 200
    asked = [s for s in seen if not s.startswith(("BEGIN", "PRAGMA"))]
    assert len(asked) <= 10, "\n".join(asked)
    assert not [s for s in asked if not s.lstrip().upper().startswith(("SELECT", "WITH"))]


def test_pages_have_one_h1_and_no_words_of_machinery(shelf: House) -> None:
    client = shelf.client("agent", language="en")
    for path in (
        "/s",
        "/s/cs-01",
        "/s/cs-01/v/1.0",
        "/s/cs-01/history",
        "/s/cs-01/c03",
        "/s/cs-01/compare/1.0..1.1",
    ):
        page = client.get(path).text
        assert page.count("<h1>") == 1, path
        assert not re.search(r"\b(git|branch|commit|merge|markdown)\b", words_of(page), re.IGNORECASE), path
        assert " style=" not in page
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), path


def test_a_kept_text_is_used_and_a_missing_one_is_made_without_writing(sqlite_house: House) -> None:
    assert store_rendered(["一 **二**", "一 **二**", ""]) == 1
    assert store_rendered(["一 **二**"]) == 0
    db.session.query(RenderedText).update({RenderedText.html: "<p>kept</p>"})
    made = rendered(["一 **二**", "三", ""])
    assert made["一 **二**"] == "<p>kept</p>"
    assert made["三"] == "<p>三</p>"
    assert made[""] == ""
    assert db.session.query(RenderedText).count() == 1
