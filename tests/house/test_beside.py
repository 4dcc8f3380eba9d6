"""What a revision brings along is what each room answers when it is asked alone, on both databases."""

import pytest

from app import wiring
from app.core import access, clock, once
from app.core.db import db
from app.core.errors import NotFound
from app.people import queries as people
from app.people import sign_in_rows
from app.proposals import board
from app.standards import beside
from app.standards import queries as standards
from app.standards.models import Revision
from tests import story
from tests.house_fixtures import House


def answers(revision_id: int) -> list[object]:
    """Asks each room for what it keeps beside a revision; rows are compared by their keys."""
    made = []
    for one in wiring.BESIDE:
        found = one.question(revision_id)
        rows = found if isinstance(found, list) else [found]
        made.append([db.inspect(r).identity if hasattr(r, "__table__") else str(r) for r in rows])
    return made


def test_a_revision_brings_what_the_rooms_answer_alone(house: House) -> None:
    story.given_draft(house, clauses=("c02",), title="受理范围写清楚")
    story.given_scoring(house, clauses=("c03",), title="退货地址写清楚")
    revision, publication = story.given_published(house)
    with clock.frozen(publication.effective_at):
        numbers = list(db.session.scalars(db.select(Revision.number)))
        assert len(numbers) == 3
        for number in numbers:
            alone = answers(standards.revision(number).id)
            once.begin()
            try:
                brought = beside.revision_with_all(number)
                assert answers(brought.id) == alone, number
            finally:
                once.end()
    assert beside.revision_with_all(revision.number) is revision
    with pytest.raises(NotFound):
        beside.revision_with_all("26-999")


def test_who_is_signed_in_comes_with_grants_and_the_same_actor(house: House) -> None:
    person = house.person("lawyer")
    token = sign_in_rows.start(person, clock.now() - clock.now().replace(year=2025), False)
    db.session.commit()
    alone = people.actor_for(person)
    once.begin()
    try:
        found = sign_in_rows.living(token)
        assert found is not None
        assert people.actor_for(found[1], found[2]) == alone
        assert alone.has(access.Role.ASSESSOR)
    finally:
        once.end()


def test_the_board_shows_an_open_and_a_closed_scoring_in_one_question(house: House) -> None:
    closed = story.given_accepted(house, clauses=("c05",), title="退款进度主动告知")
    opened = story.given_scoring(house, clauses=("c03",), title="退货地址写清楚")
    chair = house.actor("chair")
    assert [row.revision.id for row in board.board_for(chair).rows] == [opened.id]
    row = board.row_for(chair, closed)
    assert row is not None and row.decision is not None and row.given == 3
    assert board.row_for(chair, story.given_draft(house, clauses=("c02",), title="受理范围")) is None
