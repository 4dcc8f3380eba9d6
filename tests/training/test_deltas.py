"""Deltas: what a person still has to read, whatever was published, joined, retired or taken back in between."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.training.deltas import Reader, Version, pairs, to_read

FIRST_DAY = dt.date(2026, 1, 1)


def version(
    order: int,
    text: str,
    clause: str = "c07",
    *,
    audience: tuple[str, ...] = ("agent",),
    editorial: bool = False,
    retired: bool = False,
    baseline: bool = False,
) -> Version:
    day = FIRST_DAY + dt.timedelta(days=10 * order)
    effective = dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(days=30)
    return Version(clause, text, order, day, effective, audience, editorial, retired, baseline)


def reader(
    *acknowledged: str, clause: str = "c07", roles: tuple[str, ...] = ("agent",), joined: int = 0
) -> Reader:
    day = FIRST_DAY + dt.timedelta(days=10 * joined)
    return Reader(frozenset(roles), day, frozenset((clause, name) for name in acknowledged))


def asked(chain: list[Version], who: Reader) -> list[tuple[str, str | None, str]]:
    return [(delta.clause_id, delta.before, delta.now) for delta in to_read(chain, who)]


A, B, C = version(1, "a"), version(2, "b"), version(3, "c")


@pytest.mark.parametrize(
    ("chain", "who", "expected"),
    [
        ([], reader(), []),
        ([A], reader(), [("c07", None, "a")]),
        ([A], reader("a"), []),
        ([A, B], reader("a"), [("c07", "a", "b")]),
        ([B, A], reader("a"), [("c07", "a", "b")]),
        ([A, B, C], reader("a"), [("c07", "a", "c")]),  # overtaken before it was read
        ([A, B, C], reader("a", "b"), [("c07", "b", "c")]),
        ([A, B, C], reader("c"), []),  # who reads early has read
        ([A, B], reader("a", roles=("trainer",)), []),
        ([A, B], reader("a", roles=("trainer", "agent")), [("c07", "a", "b")]),
    ],
)
def test_only_what_changed_since_the_last_reading(chain: list[Version], who: Reader, expected: list) -> None:
    assert asked(chain, who) == expected


@pytest.mark.parametrize(
    ("chain", "who", "expected"),
    [
        ([A, version(2, "a2", editorial=True)], reader("a"), []),
        ([A, version(2, "a2", editorial=True), version(3, "a3", editorial=True)], reader("a"), []),
        ([A, version(2, "a2", editorial=True)], reader(), [("c07", None, "a2")]),
        ([A, B, version(3, "b2", editorial=True)], reader("a"), [("c07", "a", "b2")]),
        ([A, version(2, "a2", editorial=True), C], reader("a"), [("c07", "a2", "c")]),
    ],
)
def test_editorial_changes_are_not_asked(chain: list[Version], who: Reader, expected: list) -> None:
    assert asked(chain, who) == expected


def test_a_clause_that_goes_back_is_asked_again() -> None:
    """Withdrawing is a new publication: who learned the text in between must unlearn it."""
    back = version(3, "a")
    [delta] = to_read([A, B, back], reader("a", "b"))
    assert (delta.before, delta.now, delta.pair) == ("b", "a", ("c07", "a@3"))
    assert asked([A, B, back], reader("a", "b", "a@3")) == []
    assert ("c07", "a@3") in pairs([A, B, back])


def test_who_never_read_the_text_in_between_has_nothing_to_unlearn() -> None:
    assert asked([A, B, version(3, "a")], reader("a")) == []


def test_a_second_publication_of_the_same_text_asks_nothing() -> None:
    again = version(2, "a")
    assert asked([A, again], reader("a")) == []
    assert asked([A, B, version(3, "a"), version(4, "a")], reader("a@3")) == []
    assert pairs([A, again]) == {("c07", "a")}


@pytest.mark.parametrize(
    ("acknowledged", "expected"),
    [(("a",), [("c07", "a", "a")]), ((), []), (("a", "retired:a"), [])],
)
def test_a_retired_clause_is_news_to_those_who_knew_it(acknowledged: tuple, expected: list) -> None:
    assert asked([A, version(2, "a", retired=True)], reader(*acknowledged)) == expected


@pytest.mark.parametrize(
    ("joined", "expected"),
    [
        (0, []),  # was here when the library came
        (1, []),  # joined that day
        (2, [("c07", None, "a")]),  # joined later: the current text, nothing else
    ],
)
def test_texts_of_the_library_are_known_to_those_who_were_here(joined: int, expected: list) -> None:
    assert asked([version(1, "a", baseline=True)], reader(joined=joined)) == expected


def test_a_joiner_gets_the_current_text_only() -> None:
    chain = [version(1, "a", baseline=True), B, C]
    assert asked(chain, reader(joined=5)) == [("c07", None, "c")]


def test_the_audience_of_the_newest_text_decides() -> None:
    assert asked([A, version(2, "b", audience=("trainer",))], reader("a")) == []
    assert asked([version(1, "a", audience=("trainer",)), B], reader()) == [("c07", None, "b")]


def test_clauses_stand_in_the_order_of_their_publication() -> None:
    chain = [version(3, "x", "c02"), version(1, "y", "c09"), version(2, "z", "c05")]
    assert [delta.clause_id for delta in to_read(chain, reader())] == ["c09", "c05", "c02"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.booleans()), max_size=8), st.data())
def test_reading_what_is_asked_leaves_nothing_to_ask(
    kinds: list[tuple[str, bool, bool]], data: st.DataObject
) -> None:
    chain = [version(n, text, editorial=e, retired=r) for n, (text, e, r) in enumerate(kinds, 1)]
    known = data.draw(st.sets(st.sampled_from(sorted(pairs(chain))))) if chain else set()
    who = Reader(frozenset({"agent"}), FIRST_DAY, frozenset(known))
    needed = to_read(chain, who)
    assert {delta.pair for delta in needed} <= pairs(chain)
    after = Reader(who.roles, who.joined_on, frozenset(known | {delta.pair for delta in needed}))
    assert to_read(chain, after) == ()
