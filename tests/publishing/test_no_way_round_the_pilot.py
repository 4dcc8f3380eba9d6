"""An emergency that is taken back does not stand in for a pilot: somebody still adopts one or waives it."""

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.core.errors import Refused
from app.pilots import service as pilots
from app.pilots.models import PilotState
from app.publishing import service
from app.standards import lifecycle
from app.standards.lifecycle import Attempt
from app.standards.models import Revision, RevisionStep
from app.standards.workflow import Move, State
from tests import story
from tests.house_fixtures import House, csrf


def given_emergency_undone(house: House) -> Revision:
    """Returns a signed and planned revision whose emergency publication was taken back; nobody tried its text."""
    revision, director = story.given_signed(house), house.actor("director")
    service.publish_in_emergency(director, revision, op_key="e", reason="事故", effective_on=clock.today())
    service.undo(director, revision)
    story.plan_publication(house, revision)
    db.session.commit()
    return revision


def why_not(house: House, revision: Revision, move: Move, who: str) -> list[str]:
    return [r.key for r in lifecycle.why_not(revision, Attempt(move, house.actor(who), reason="旺季前试过"))]


def waive(house: House, revision: Revision) -> None:
    lifecycle.perform(revision, Attempt(Move.WAIVE_PILOT, house.actor("chair"), reason="旺季前试过"))
    db.session.commit()


def test_an_undone_emergency_is_scheduled_only_after_a_waiver(house: House) -> None:
    revision, director = given_emergency_undone(house), house.actor("director")
    assert revision.state is State.READY
    assert why_not(house, revision, Move.SCHEDULE, "director") == ["pilot.undecided"]
    with pytest.raises(Refused):
        service.schedule(director, revision, op_key="n")
    db.session.rollback()
    waive(house, revision)
    assert revision.state is State.READY
    service.schedule(director, revision, op_key="n")
    assert revision.state is State.SCHEDULED and not revision.is_emergency
    db.session.commit()


def test_a_pilot_is_waived_once(house: House) -> None:
    revision = given_emergency_undone(house)
    waive(house, revision)
    with pytest.raises(Refused) as refusal:
        waive(house, revision)
    assert [r.key for r in refusal.value.reasons] == ["pilot.decided"]
    db.session.rollback()
    steps = sa.select(sa.func.count()).where(RevisionStep.move == Move.WAIVE_PILOT)
    assert db.session.scalar(steps) == 1


def test_the_text_can_be_tried_after_all(house: House) -> None:
    revision, director = given_emergency_undone(house), house.actor("director")
    assert set(why_not(house, revision, Move.START_PILOT, "director")) == {"pilot.not_set_up"}
    story.given_pilot_planned(house, revision)
    assert why_not(house, revision, Move.START_PILOT, "director") == []
    pilot = pilots.start(director, revision)
    assert (revision.state, pilot.state) == (State.PILOTING, PilotState.RUNNING)
    pilots.conclude(director, revision, "adopt", reason="结果已经清楚")
    assert revision.state is State.READY
    assert why_not(house, revision, Move.SCHEDULE, "director") == []
    assert "pilot.decided" in why_not(house, revision, Move.START_PILOT, "director")  # once is enough
    db.session.commit()


def test_what_was_waived_is_not_tried_later(house: House) -> None:
    revision = given_emergency_undone(house)
    waive(house, revision)
    assert "pilot.decided" in why_not(house, revision, Move.START_PILOT, "director")
    with pytest.raises(Refused):
        story.given_pilot_planned(house, revision)


def test_a_waiver_before_another_review_does_not_count(house: House) -> None:
    """Waived, reopened because a clause changed, signed again, an emergency, taken back: the new words need a decision."""
    revision = story.given_ready(house)
    assert why_not(house, revision, Move.WAIVE_PILOT, "chair") == ["pilot.decided"]
    signed = revision.state
    db.session.execute(sa.update(Revision).values(state=State.IN_REVIEW))
    db.session.add(
        RevisionStep(
            revision_id=revision.id,
            move=Move.REOPEN,
            from_state=signed,
            to_state=State.IN_REVIEW,
            at=clock.now(),
        )
    )
    db.session.commit()
    director = house.actor("director")
    service.publish_in_emergency(director, revision, op_key="e", reason="事故", effective_on=clock.today())
    service.undo(director, revision)
    story.plan_publication(house, revision)
    assert why_not(house, revision, Move.SCHEDULE, "director") == ["pilot.undecided"]
    assert why_not(house, revision, Move.WAIVE_PILOT, "chair") == []
    db.session.commit()


@pytest.mark.parametrize(
    ("language", "sentence"), [("zh", "既没有采用试点结果，也没有免于试点"), ("en", "No pilot was adopted")]
)
def test_the_page_says_so_and_the_chair_finds_the_way_on(web: House, language: str, sentence: str) -> None:
    with web.app.app_context():
        number = given_emergency_undone(web).number
    director, chair = web.client("director", language), web.client("chair", language)
    page = director.get(f"/r/{number}/publish")
    assert sentence in page.text
    assert f"/r/{number}/publish/check" not in page.text
    assert director.post(f"/r/{number}/publish/schedule", data=csrf(page.text)).status_code == 409
    assert f"/r/{number}/pilot" in chair.get(f"/r/{number}").text
    assert f"/r/{number}/pilot" in director.get(f"/r/{number}").text  # who may also have it tried
    assert 'name="question"' in director.get(f"/r/{number}/pilot").text
    page = chair.get(f"/r/{number}/pilot")
    form = {"reason": "支付已恢复，改动小", **csrf(page.text)}
    assert chair.post(f"/r/{number}/pilot/waive", data=form).status_code == 303
    assert chair.post(f"/r/{number}/pilot/waive", data=form).status_code == 409
    assert f"/r/{number}/publish/check" in director.get(f"/r/{number}/publish").text


def test_the_desk_leads_on_to_pilot_or_waiver_until_it_is_decided(web: House) -> None:
    with web.app.app_context():
        number = given_emergency_undone(web).number
    director, chair, drafter = (web.client(name, "en") for name in ("director", "chair", "drafter"))
    task, page = "Pilot or waiver: ", f'href="/r/{number}/pilot"'
    for client in (director, chair):
        desk = client.get("/desk").text
        assert task in desk and page in desk
        assert f'href="/r/{number}/publish"' not in desk, "nothing can be published before"
    assert task not in drafter.get("/desk").text
    assert "the service director or the chair, to decide on a pilot" in drafter.get(f"/r/{number}").text
    shown = chair.get(f"/r/{number}/pilot").text
    assert '<details class="fold" open>' in shown, "the waiver lies open: one click decides"
    chair.post(f"/r/{number}/pilot/waive", data={**csrf(shown), "reason": "Tried in the east before"})
    assert task not in chair.get("/desk").text
    desk = director.get("/desk").text
    assert task not in desk and f'href="/r/{number}/publish"' in desk
