"""Finding clauses: pieces of two characters, codes, excerpts."""

import datetime as dt

import pytest

from app.core import clock
from app.standards import search
from tests.house_fixtures import MONDAY, House
from tests.standards.reading_world import publish, revision_in_drafting, tighter


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("退款时限", ["退款", "款时", "时限"]),
        ("退款", ["退款"]),
        ("款", ["款"]),
        ("reply 10", ["reply", "10"]),
        ("退款 refund", ["退款", "refund"]),
        ("  ，。", []),
    ],
)
def test_words_are_cut_into_pieces(words: str, expected: list[str]) -> None:
    assert search.pieces(words) == expected


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("26-014", "revision"),
        ("cs-04-c07", "clause"),
        (" CS-04-C07 ", "clause"),
        ("CS-04", "standard"),
        ("E-1042", "issue"),
    ],
)
def test_a_code_is_recognised(typed: str, kind: str) -> None:
    found = search.code_of(typed)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("typed", ["退款", "26-", "first reply", "CS-04-C07 退款", ""])
def test_words_are_no_code(typed: str) -> None:
    assert search.code_of(typed) is None


def test_half_of_the_pieces_find_a_clause_in_either_language(house: House) -> None:
    publish("cs-04")
    zh = {hit.row.clause_id for hit in search.clauses("退款时限")}
    assert "c09" in zh
    assert search.clauses("refund")
    assert search.clauses("以旧换新房产证") == []


def test_only_the_text_in_force_is_found(house: House) -> None:
    publish("cs-01")
    tighter(dt.date(2026, 10, 1))
    assert all("8 分钟" not in (h.row.body_zh or "") for h in search.clauses("普通咨询"))
    with clock.frozen(MONDAY + dt.timedelta(days=30)):
        hits = [h for h in search.clauses("普通咨询") if h.row.clause_id == "c03"]
        assert len(hits) == 1
        assert "8 分钟" in (hits[0].row.body_zh or "")


def test_percent_and_underscore_are_looked_for_as_written(house: House) -> None:
    publish("cs-01")
    assert search.clauses("_") == []
    assert search.clauses("9%0") == []


def test_a_heading_counts_more_than_a_body(house: House) -> None:
    publish("cs-01")
    assert search.clauses("电话接听")[0].row.clause_id == "c02"


def test_revisions_are_found_by_title_and_problem(house: House) -> None:
    publish("cs-01")
    revision = revision_in_drafting(house)
    assert search.revisions("普通咨询") == [revision]
    assert search.revisions("投诉") == [revision]
    assert search.revisions("发票") == []


def test_an_excerpt_marks_the_words_and_joins_pairs() -> None:
    parts = search.excerpt("客户可以在退款时限内改变主意。", "退款时限")
    assert (True, "退款时限") in [p for p in parts if p[0]] or [t for m, t in parts if m] == ["退款", "时限"]
    assert "".join(text for _mark, text in parts) == "客户可以在退款时限内改变主意。"
    assert search.excerpt("", "退款") == []
