"""What a decision of the committee moves: by the chair's right, by the law of moves, in the meeting and before it."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.committee import queries, service
from app.committee.models import AgendaItem, ItemKind, Verdict
from app.core import clock
from app.core.access import SYSTEM, Role
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.evidence import service as evidence
from app.evidence.models import EvidenceKind
from app.people import service as people
from app.people.models import Grant
from app.proposals import queries as proposals_queries
from app.proposals import service as proposals
from app.standards import queries as standards
from app.standards.workflow import Move, State
from tests.committee_cases import LATER, called
from tests.house_fixtures import MONDAY, House, csrf
from tests.proposal_cases import make_proposal, make_scoring
from tests.snapshots import remembered

AT_MEETING = MONDAY + dt.timedelta(days=14)


def meet(house: House) -> AgendaItem:
    """Notes the chair and a member as there and returns the only item."""
    present = [house.person("chair").id, house.person("member").id]
    service.mark_present(house.actor("chair"), queries.meeting(LATER.isoformat()), present)
    (item,) = queries.items(queries.meetings()[0].id)
    return item.row


def test_agreeing_on_a_rank_confirms_it_and_begins_drafting(house: House) -> None:
    called(house)
    with clock.frozen(AT_MEETING):
        item, drafter = meet(house), house.person("drafter")
        service.decide(house.actor("chair"), item, verdict=Verdict.AGREED, drafter_id=drafter.id)
        revision = standards.revision("26-001")
        assert (revision.state, revision.drafter_id) == (State.DRAFTING, drafter.id)
        decision = proposals_queries.rank_decision(revision.id)
        assert decision is not None and decision.decided_by_id == house.person("chair").id
        assert item.carried_out_at == clock.now()
        (step,) = [one for one in standards.steps(revision.id) if one.move is Move.ACCEPT]
        assert step.actor_id == house.person("chair").id


@pytest.mark.parametrize("verdict", [Verdict.RETURNED, Verdict.HELD])
def test_returning_and_holding_move_nothing(house: House, verdict: Verdict) -> None:
    called(house)
    with clock.frozen(AT_MEETING):
        item = meet(house)
        service.decide(house.actor("chair"), item, verdict=verdict, note="先谈一谈")
        assert standards.revision("26-001").state is State.SCORING
        assert item.carried_out_at is None


def test_a_drafter_who_is_none_leaves_everything_as_it_was(house: House) -> None:
    called(house)
    with clock.frozen(AT_MEETING):
        item, agent = meet(house), house.person("agent").id
        db.session.commit()
        with pytest.raises(Invalid), transaction():
            service.decide(house.actor("chair"), item, verdict=Verdict.AGREED, drafter_id=agent)
        db.session.rollback()
        (again,) = queries.items(queries.meetings()[0].id)
        assert again.row.verdict is None
        assert standards.revision("26-001").state is State.SCORING


def test_what_nobody_objected_to_moves_by_the_right_of_the_chair_who_asked(house: House) -> None:
    called(house)
    with clock.frozen(MONDAY):
        service.ask_consent(house.actor("chair"), queries.items(queries.meetings()[0].id)[0].row)
    with clock.frozen(MONDAY + dt.timedelta(days=4)):
        service.look()
        (item,) = queries.items(queries.meetings()[0].id)
        assert (item.row.verdict, item.row.is_by_consent) == (Verdict.AGREED, True)
        assert item.row.carried_out_at == clock.now()
        revision = standards.revision("26-001")
        assert revision.state is State.DRAFTING
        (step,) = [one for one in standards.steps(revision.id) if one.move is Move.ACCEPT]
        assert step.actor_id == house.person("chair").id


def test_a_chair_who_is_one_no_more_moves_nothing_by_having_asked(house: House) -> None:
    called(house)
    with clock.frozen(MONDAY):
        service.ask_consent(house.actor("chair"), queries.items(queries.meetings()[0].id)[0].row)
        held = sa.select(Grant.id).where(
            Grant.person_id == house.person("chair").id, Grant.role == Role.COMMITTEE_CHAIR
        )
        for grant_id in list(db.session.scalars(held)):
            people.end_grant(SYSTEM, grant_id)
    with clock.frozen(MONDAY + dt.timedelta(days=4)):
        service.look()
        (item,) = queries.items(queries.meetings()[0].id)
        assert (item.row.verdict, item.row.carried_out_at) == (Verdict.AGREED, None)
        assert standards.revision("26-001").state is State.SCORING


@remembered
def short_of_cards(house: House) -> None:
    with clock.frozen(MONDAY):
        revision = make_scoring(house)
        proposals.score(house.actor("lawyer"), revision, impact=4, cost=2, urgency=4)
    with clock.frozen(AT_MEETING - dt.timedelta(days=1)):
        service.call_meeting(house.actor("chair"), day=LATER)


def test_too_few_cards_need_a_note_from_the_chair(house: House) -> None:
    short_of_cards(house)
    with clock.frozen(AT_MEETING):
        item, chair = meet(house), house.actor("chair")
        with pytest.raises(Invalid) as refused:
            service.decide(chair, item, verdict=Verdict.AGREED)
        assert refused.value.errors[0].field == f"note-{item.id}"
        db.session.rollback()
        service.decide(chair, meet(house), verdict=Verdict.AGREED, note="另三位评委已口头同意")
        assert standards.revision("26-001").state is State.DRAFTING


@pytest.mark.parametrize("is_director_too", [False, True])
def test_a_fast_track_needs_the_right_to_it(house: House, is_director_too: bool) -> None:
    with clock.frozen(MONDAY):
        revision = make_proposal(house)
        evidence.attach_evidence(house.actor("director"), revision, EvidenceKind.NOTE, "", "激增")
        proposals.propose(house.actor("director"), revision)
        revision.is_fast_track = True
        if is_director_too:
            people.grant_role(SYSTEM, house.person("chair").id, Role.SERVICE_DIRECTOR)
        service.call_meeting(house.actor("chair"), day=LATER)
    with clock.frozen(AT_MEETING):
        item = meet(house)
        assert item.kind is ItemKind.SURGE
        service.decide(house.actor("chair"), item, verdict=Verdict.AGREED)
        assert (item.carried_out_at is not None) is is_director_too
        wanted = State.DRAFTING if is_director_too else State.PROPOSED
        assert standards.revision("26-001").state is wanted


# Over HTTP


def test_the_page_names_the_drafter_and_says_what_was_done(pages: House) -> None:
    address = f"/committee/{LATER}"
    with pages.app.app_context():
        present = [str(pages.person(name).id) for name in ("chair", "member")]
    with clock.frozen(AT_MEETING):
        chair = pages.client("chair")
        token = csrf(chair.get(address).text)
        before = chair.get(f"{address}?lang=en").text
        assert "verdict-1" not in before and "Not noted as there yet:" in before
        assert chair.post(f"{address}/attendance", data={**token, "present": present}).status_code == 303
        page = chair.get(address).text
        assert 'id="verdict-1' in page and 'id="drafter-1"' in page
        said = chair.post(f"{address}/items/1/decision", data={**token, "verdict": "agreed"})
        assert said.status_code == 303
        after = chair.get(f"{address}?lang=en").text
        assert "Done with the decision" in after and "/r/26-001" in after
        assert 'id="verdict-1' not in after
    with pages.app.app_context():
        assert standards.revision("26-001").state is State.DRAFTING
