"""What a reader sees of a standard: order, transition, pilot texts, and texts kept once made."""

import datetime as dt
from collections.abc import Iterator

import pytest

from app.core import clock
from app.core.access import SYSTEM
from app.core.db import db
from app.standards import kept, library, overlays, projection, queries, reading
from app.standards.document import parse_document
from app.standards.in_force import Overlay
from app.standards.models import Standard
from app.standards.overlays import PilotText
from app.standards.publication import publish as publish_request
from app.standards.store_access import store
from tests.house_fixtures import MONDAY, House
from tests.standards.reading_world import publish, starter_texts, tighter, words_of

OCTOBER = dt.date(2026, 10, 1)


def with_transition(days: int) -> None:
    """Publishes a next version of cs-01 whose old text stays acceptable for some days."""
    texts = starter_texts("cs-01")
    texts["zh"] = (
        texts["zh"]
        .replace("value: 10\n", "value: 8\n")
        .replace("应当在 10 分钟内得到", "应当在 8 分钟内得到")
    )
    texts["zh"] = texts["zh"].replace("超过 10 分钟未响应", "超过 8 分钟未响应")
    texts["en"] = texts["en"].replace("from a person within 10 minutes", "from a person within 8 minutes")
    documents = {language: parse_document(text) for language, text in texts.items()}
    request = library.request_for(
        queries.standard("cs-01"), documents, version="1.1", op_key="test:transition",
        author_subject=SYSTEM.subject, effective_on=OCTOBER, transition_days=days,
    )  # fmt: skip
    publish_request(store(), request, check=lambda: None, finish=projection.finish)


def read(languages: tuple[str, ...] = ("zh",), day: dt.date | None = None) -> reading.Reading:
    return reading.as_of(queries.standard("cs-01"), clock.start_of(day) if day else clock.now(), languages)


def test_clauses_are_numbered_under_their_chapters(house: House) -> None:
    publish("cs-01")
    made = read()
    assert [clause.number for clause in made.chapters[0][1]] == ["1.1", "1.2", "1.3", "1.4", "1.5"]
    assert made.chapters[1][1][0].number == "2.1"
    assert len(made.clauses) == 14


def test_in_transition_both_texts_are_there_until_it_ends(house: House) -> None:
    publish("cs-01")
    with_transition(days=14)
    inside = next(c for c in read(day=OCTOBER + dt.timedelta(days=3)).clauses if c.clause_id == "c03")
    assert "8 分钟" in inside.blocks[0].html
    assert "10 分钟" in inside.earlier[0].html
    assert inside.until == clock.start_of(OCTOBER + dt.timedelta(days=14))
    after = next(c for c in read(day=OCTOBER + dt.timedelta(days=14)).clauses if c.clause_id == "c03")
    assert after.earlier == ()


def test_a_coming_change_is_named_with_its_clauses(house: House) -> None:
    publish("cs-01")
    tighter(OCTOBER)
    [(publication, clause_ids)] = read().coming
    assert (publication.version, clause_ids) == ("1.1", ("c03",))
    assert read(day=OCTOBER).coming == ()


def test_languages_never_mix_in_what_is_kept(house: House) -> None:
    publish("cs-01")
    assert read(("zh",)).clauses[0].heading == "服务时间与语言"
    assert read(("en",)).clauses[0].heading == "Hours and languages"
    assert [b.language for b in read(("en", "zh")).clauses[0].blocks] == ["en", "zh"]
    assert read(("zh",)).clauses[0].heading == "服务时间与语言"


def test_the_same_text_is_read_once_and_another_one_anew(house: House) -> None:
    publish("cs-01")
    first = read()
    assert read().chapters is first.chapters
    tighter(OCTOBER)
    assert read(day=OCTOBER).chapters is not first.chapters


def test_what_is_kept_has_an_end(sqlite_house: House) -> None:
    made = [kept.once("number", n, lambda n=n: n * 2) for n in range(kept.MOST + 5)]  # type: ignore[misc]
    assert made[-1] == 2 * (kept.MOST + 4)
    assert len(sqlite_house.app.extensions["standards.kept"]) <= kept.MOST
    assert kept.once("number", 0, lambda: "again") == "again"


@pytest.fixture
def piloted(web: House) -> Iterator[House]:
    """A pilot text runs over clause c03 in the east."""
    with web.app.app_context():
        publish("cs-01")
        db.session.remove()

    def source(standard: Standard) -> list[Overlay]:
        text = PilotText(
            "26-007", "华东，至 10 月 1 日", "普通咨询的首次响应", "试点：应当在 **6 分钟**内响应。"
        )
        return [
            Overlay(
                "c03", "0" * 64, MONDAY - dt.timedelta(days=1), clock.start_of(OCTOBER), ("east",), key=text
            )
        ]

    wired = overlays._sources
    overlays.wire((*wired, source))
    yield web
    overlays.wire(wired)


def test_a_running_pilot_text_stands_under_the_text_in_force(piloted: House) -> None:
    words = words_of(piloted.client("lawyer").get("/s/cs-01").text)
    assert "试点文本 · 华东，至 10 月 1 日 · 26-007" in words
    assert "6 分钟" in words
    assert "应当在 10 分钟" in words
    assert "6 分钟" in words_of(piloted.client("agent").get("/s/cs-01/c03").text)


def test_a_pilot_that_ended_is_not_shown(piloted: House) -> None:
    with clock.frozen(clock.start_of(OCTOBER)):
        assert "试点文本" not in piloted.client("lawyer").get("/s/cs-01").text
