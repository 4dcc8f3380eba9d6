"""Suggestions through the verbs on both databases: masked, followed, limited, answered once, forgotten."""

import datetime as dt

import pytest

from app.core import clock
from app.core.access import SYSTEM, VISITOR
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused, TooMany
from app.evidence import articles, queries, service
from app.evidence.models import SuggestionState
from app.standards import library
from tests.evidence.evidence_cases import PHONE, TODAY, starter
from tests.house_fixtures import MONDAY, House


def send(text: str = "希望退货答复再快一点", **values: object):
    given: dict = {"text": text, "language": "zh", "network": "192.0.2.7"}
    return service.receive_suggestion(VISITOR, **(given | values))


def test_a_suggestion_is_masked_and_can_be_followed(house: House) -> None:
    library.import_standard(SYSTEM, starter("cs-04"))
    made = send(f"请打{PHONE}给我", standard_code="cs-04", clause_id="c07", contact="a@example.com")
    assert "138****2210" in made.text and PHONE not in made.text
    assert queries.suggestion(made.ref.lower()).id == made.id
    assert made.delete_contact_on == TODAY + dt.timedelta(days=90)
    assert "192.0.2.7" not in str(made.network_hash)
    assert articles.titles_and_suggestions(made.standard_id) == ({}, {"c07": 1})
    db.session.commit()


def test_the_sixth_suggestion_of_one_network_in_an_hour_waits(house: House) -> None:
    for _ in range(5):
        send()
    with pytest.raises(TooMany) as refusal:
        send()
    assert refusal.value.reasons[0].params["until"] == MONDAY + dt.timedelta(hours=1)
    send(network="192.0.2.8")
    with clock.frozen(MONDAY + dt.timedelta(hours=1)):
        send()
    db.session.commit()


@pytest.mark.parametrize("text", ["", " \n\u200b", "x" * 501, "a\u202eb", "a\x00b"])
def test_a_text_that_cannot_stand_is_refused(sqlite_house: House, text: str) -> None:
    with pytest.raises(Invalid):
        send(text)


def test_an_answer_has_words_and_is_given_once(sqlite_house: House) -> None:
    made, director = send(), sqlite_house.actor("director")
    with pytest.raises(Invalid):
        service.answer_suggestion(director, made, adopted=True, answer=" ")
    with pytest.raises(NotAllowed):
        service.answer_suggestion(sqlite_house.actor("agent"), made, adopted=True, answer="好")
    service.answer_suggestion(
        director, made, adopted=False, answer="成本高于收益", seen=SuggestionState.RECEIVED
    )
    assert made.state is SuggestionState.ANSWERED_NOT and made.first_answer_at == MONDAY
    with pytest.raises(Refused):
        service.answer_suggestion(director, made, adopted=True, answer="好", seen=SuggestionState.RECEIVED)
    assert [s.id for s in queries.similar_answered("退货答复太慢了")] == [made.id]


def test_contact_details_go_on_their_day(house: House) -> None:
    made = send(contact="13800000000")
    with clock.frozen(MONDAY + dt.timedelta(days=89)):
        service.forget_contacts()
        db.session.refresh(made)
        assert made.contact and made.network_hash is None
    with clock.frozen(MONDAY + dt.timedelta(days=90)):
        service.forget_contacts()
        db.session.refresh(made)
        assert made.contact is None
    db.session.commit()
