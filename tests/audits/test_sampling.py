"""Sampling: a draw anybody can repeat, in proportion, with a sentence that says what it can tell."""

import hashlib
import subprocess
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audits.sampling import allocate, draw, draw_key, drawn_order, precision
from app.core.intervals import Interval, wilson

SEED = "2026-11:touchstone"
TICKETS = [f"T-{n}" for n in range(1, 201)]


def test_the_draw_is_the_same_for_ever() -> None:
    assert drawn_order(SEED, TICKETS)[:5] == ("T-125", "T-110", "T-180", "T-70", "T-80")


def test_the_order_of_the_population_does_not_matter() -> None:
    assert drawn_order(SEED, reversed(TICKETS)) == drawn_order(SEED, TICKETS)
    assert drawn_order(SEED, TICKETS + TICKETS) == drawn_order(SEED, TICKETS)


def test_another_seed_is_another_draw() -> None:
    assert drawn_order("other", TICKETS) != drawn_order(SEED, TICKETS)


def test_anybody_can_repeat_it_with_sha256sum() -> None:
    printed = subprocess.run(["sha256sum"], input=f"{SEED}\nT-1".encode(), capture_output=True, check=True)
    assert printed.stdout.split()[0].decode() == draw_key(SEED, "T-1")


def test_every_contact_has_the_same_chance() -> None:
    first = Counter(drawn_order(f"seed {n}", [str(i) for i in range(10)])[0] for n in range(3000))
    assert len(first) == 10
    assert min(first.values()) > 230
    assert max(first.values()) < 370


@pytest.mark.parametrize(
    ("sizes", "sample", "at_least", "given_out"),
    [
        ({"a": 50, "b": 30, "c": 20}, 10, 0, {"a": 5, "b": 3, "c": 2}),
        ({"a": 1, "b": 1, "c": 1}, 2, 0, {"a": 1, "b": 1, "c": 0}),
        ({"a": 7, "b": 2, "c": 1}, 5, 0, {"a": 4, "b": 1, "c": 0}),
        ({"a": 97, "b": 2, "c": 1}, 10, 1, {"a": 8, "b": 1, "c": 1}),
        ({"a": 97, "b": 2, "c": 1}, 2, 1, {"a": 1, "b": 1, "c": 0}),
        ({"a": 5, "b": 5}, 10, 0, {"a": 5, "b": 5}),
        ({"a": 5, "b": 5}, 99, 0, {"a": 5, "b": 5}),
        ({"a": 5, "b": 0}, 3, 1, {"a": 3, "b": 0}),
        ({"a": 5}, 0, 0, {"a": 0}),
        ({}, 5, 0, {}),
        (
            {"new staff": 12, "risk words": 40, "random": 4000},
            40,
            5,
            {"new staff": 5, "risk words": 5, "random": 30},
        ),
    ],
)
def test_strata_give_in_proportion(sizes: dict, sample: int, at_least: int, given_out: dict) -> None:
    assert allocate(sizes, sample, at_least) == given_out


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 500)), st.integers(0, 600), st.integers(0, 10)
)
def test_no_contact_is_lost_or_made_up(sizes: dict[str, int], sample: int, at_least: int) -> None:
    shares = allocate(sizes, sample, at_least)
    assert sum(shares.values()) == min(sample, sum(sizes.values()))
    assert all(0 <= shares[name] <= sizes[name] for name in sizes)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 500), min_size=1), st.integers(0, 600))
def test_without_a_minimum_nobody_is_off_by_a_whole_contact(sizes: dict[str, int], sample: int) -> None:
    total = sum(sizes.values())
    if sample < total:
        for name, share in allocate(sizes, sample).items():
            assert abs(share - sizes[name] * sample / total) < 1


@pytest.mark.parametrize(
    ("sizes", "sample", "at_least"), [({"a": -1}, 1, 0), ({"a": 1}, -1, 0), ({"a": 1}, 1, -1)]
)
def test_negative_numbers_are_refused(sizes: dict, sample: int, at_least: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        allocate(sizes, sample, at_least)


def test_a_draw_has_a_sample_a_reserve_and_a_digest() -> None:
    population = {"chat": TICKETS[:150], "phone": TICKETS[150:]}
    made = draw(SEED, population, 40)
    chat, phone = made.strata
    assert (chat.name, chat.size, phone.size) == ("chat", 30, 10)
    assert chat.sample + chat.reserve == drawn_order(SEED, TICKETS[:150])
    assert made.sample == chat.sample + phone.sample
    assert not made.takes_all
    lines = "".join(f"{s.name}\t{one}\n" for s in made.strata for one in s.order)
    assert made.digest == hashlib.sha256(lines.encode()).hexdigest()
    assert draw(SEED, {"phone": TICKETS[:149:-1], "chat": TICKETS[:150]}, 40) == made


def test_a_population_smaller_than_the_sample_is_taken_whole() -> None:
    made = draw(SEED, {"chat": TICKETS[:30]}, 40)
    assert made.takes_all
    assert sorted(made.sample) == sorted(TICKETS[:30])


def test_a_contact_stands_in_one_stratum() -> None:
    with pytest.raises(ValueError, match="two strata"):
        draw(SEED, {"chat": ["T-1"], "phone": ["T-1"]}, 1)


@pytest.mark.parametrize(
    ("sample", "low", "high"), [(40, 71, 93), (100, 77, 91), (200, 79, 89), (400, 81, 88)]
)
def test_the_precision_sentence(sample: int, low: int, high: int) -> None:
    interval = precision(0.85, sample)
    assert (round(100 * interval.low), round(100 * interval.high)) == (low, high)


def test_a_sample_of_most_of_a_small_population_says_more() -> None:
    wide, narrow = precision(0.85, 40), precision(0.85, 40, 60)
    assert wide.low < narrow.low < 0.85 < narrow.high < wide.high
    assert precision(0.85, 60, 60) == Interval(0.85, 0.85)
    assert precision(0.85, 40, 10_000_000).low == pytest.approx(wide.low, abs=1e-4)
    assert precision(0.5, 0, 0) == Interval(0.0, 1.0)


def test_precision_is_the_interval_of_the_rate() -> None:
    assert precision(34 / 40, 40) == wilson(34, 40)
