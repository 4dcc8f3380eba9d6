"""Rule packs: files that say what laws oblige to; questions, notice days and keeping follow the tags of the clauses."""

import copy
import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.core import clock
from app.publishing import checks
from app.publishing import service as publishing
from app.reviews import questions, rule_packs
from app.reviews.freshness import Kind
from app.standards.lifecycle import Attempt
from app.standards.workflow import Move
from tests import story
from tests.house_fixtures import House

CHINESE = re.compile(r"[\u4e00-\u9fff]")
TAGS = {"bot", "complaint", "handover", "identity", "peak", "privacy", "public", "refund", "returns"}


def test_the_packs_speak_both_languages_and_are_called_up_by_tags_of_clauses() -> None:
    found = rule_packs.packs()
    assert [p.key for p in found] == ["consumer", "ecommerce", "pipl"]
    for pack in found:
        assert CHINESE.search(pack.law_zh) and not CHINESE.search(pack.law_en)
        assert pack.in_force < dt.date(2026, 1, 1)
        for o in pack.obligations:
            assert CHINESE.search(o.duty_zh) and not CHINESE.search(o.duty_en + o.articles), o.key
            assert o.tags <= TAGS, o.key
            for q in o.questions:
                assert q["law"] and CHINESE.search(q["zh"] + q["why_zh"]), q["key"]
                assert not CHINESE.search(q["en"] + q["why_en"]), q["key"]
            if o.retention:
                assert CHINESE.search(o.retention.zh) and not CHINESE.search(o.retention.en), o.key


@pytest.mark.parametrize(
    ("tags", "asked", "silent"),
    [
        ({"bot"}, {"legal_told", "pipl_automated"}, {"legal_minimum", "legal_seven_days"}),
        ({"privacy"}, {"legal_minimum", "legal_basis", "pipl_kept_short"}, {"pipl_automated"}),
        ({"refund"}, {"legal_faulty_goods", "legal_seven_days"}, {"legal_minimum", "legal_complaints"}),
        (set(), {"legal_fair_terms"}, {"legal_minimum", "legal_complaints", "legal_seven_days"}),
    ],
)
def test_questions_stand_on_the_legal_list_only_for_their_tags(
    tags: set[str], asked: set[str], silent: set[str]
) -> None:
    keys = {str(item["key"]) for item in questions.checklist(Kind.LEGAL, tags)}
    assert asked <= keys and not silent & keys
    assert not {str(i["key"]) for i in questions.checklist(Kind.BUSINESS, tags)} & (asked | silent)
    assert asked <= questions.checklist_keys(Kind.LEGAL)


GOOD: dict[str, Any] = json.loads((rule_packs.FOLDER / "ecommerce.json").read_text("utf-8"))


def spoilt(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    made = copy.deepcopy(GOOD)
    place = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return made


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (spoilt(("obligations", 0, "tags"), []), "tags"),
        (spoilt(("obligations", 1, "notice_days"), 0), "ecommerce_notice: notice_days"),
        (spoilt(("obligations", 1, "notice_days"), "7"), "notice_days"),
        (spoilt(("obligations", 1, "notice_days"), True), "notice_days"),
        (spoilt(("obligations", 1, "notice_days"), 366), "notice_days"),
        (spoilt(("obligations", 0, "duty_en"), " "), "duty_en"),
        (spoilt(("in_force",), "2019-13-01"), "month"),
        (spoilt(("obligations", 1, "key"), "ecommerce_true"), "stands twice"),
        (spoilt(("obligations",), None), "bad.json"),
        ([], "bad.json"),
    ],
)
def test_a_broken_pack_is_named(tmp_path: Path, data: Any, says: str) -> None:
    (tmp_path / "bad.json").write_text(json.dumps(data), "utf-8")
    with pytest.raises(ValueError, match=r"bad\.json") as error:
        rule_packs.read_packs(tmp_path)
    assert says in str(error.value)


def test_a_pack_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{", "utf-8")
    with pytest.raises(ValueError, match=r"bad\.json"):
        rule_packs.read_packs(tmp_path)


def test_the_days_of_the_law_are_kept_when_the_date_is_chosen(house: House) -> None:
    revision, director = story.given_ready(house), house.actor("director")
    law = questions.longest_notice(revision)
    assert law is not None and (law.key, law.notice_days) == ("ecommerce_notice", 7)
    attempt = Attempt(Move.SCHEDULE, director)
    publishing.set_plan(director, revision, effective_on=clock.today() + dt.timedelta(days=6))
    (reason,) = checks.prove_notice_days(revision, attempt)
    assert (reason.key, reason.params["days"], reason.params["articles"]) == (
        "publishing.notice_law",
        7,
        "34",
    )
    publishing.set_plan(director, revision, effective_on=clock.today() + dt.timedelta(days=7))
    assert checks.prove_notice_days(revision, attempt) == ()


def test_the_page_shows_duties_in_both_languages(web: House) -> None:
    assert "自交易完成之日起至少三年" in web.client("lawyer", "zh").get("/admin/rules").text
    page = web.client("agent", "en").get("/admin/rules").text
    assert "three years at least from the end of the transaction" in page and "E-Commerce Law" in page
