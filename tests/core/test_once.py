"""What a reading request remembers: one question, one answer; nothing in a POST, nothing afterwards."""

from collections.abc import Iterator

import pytest

from app.core import once


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    once.end()


class Asked:
    """A question that counts how often it was really asked."""

    def __init__(self) -> None:
        self.times = 0
        self.question = once.asked_once(self._ask)

    def _ask(self, number: int, more: int = 0) -> list[int]:
        """Answers."""
        self.times += 1
        if number < 0:
            raise LookupError(number)
        return [number, more, self.times]


def test_the_same_question_is_asked_once_while_reading() -> None:
    asked = Asked()
    once.begin()
    assert asked.question(1) == asked.question(1) == [1, 0, 1]
    assert asked.question(2) == [2, 0, 2]
    assert asked.question(2, more=3) == [2, 3, 3]
    assert asked.times == 3


def test_outside_a_reading_request_each_question_is_asked_anew() -> None:
    asked = Asked()
    asked.question(1)
    asked.question(1)
    assert asked.times == 2
    assert not once.is_remembering()


def test_the_next_request_remembers_nothing_of_the_one_before() -> None:
    asked = Asked()
    for _request in range(2):
        once.begin()
        asked.question(1)
        once.end()
    once.begin()
    asked.question(1)
    once.begin()
    asked.question(1)
    assert asked.times == 4


def test_whoever_changes_an_answer_changes_only_the_own_copy() -> None:
    asked = Asked()
    once.begin()
    asked.question(1).append(99)
    assert asked.question(1) == [1, 0, 1]


def test_an_error_is_not_remembered() -> None:
    asked = Asked()
    once.begin()
    for _time in range(2):
        with pytest.raises(LookupError):
            asked.question(-1)
    assert asked.times == 2


def test_a_wider_question_can_bring_the_answer_along() -> None:
    asked = Asked()
    once.begin()
    once.remember(asked.question, [7], 1)
    assert asked.question(1) == [7]
    assert asked.times == 0


def test_bringing_an_answer_along_outside_a_reading_request_leaves_nothing_behind() -> None:
    asked = Asked()
    once.remember(asked.question, [7], 1)
    assert asked.question(1) == [1, 0, 1]
    assert once.shelf("people") == {}
