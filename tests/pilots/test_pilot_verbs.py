"""Setting up, starting, watching and concluding a pilot, by service verbs on both databases."""

import datetime as dt
import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.access import SYSTEM
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused
from app.evidence import service as evidence_service
from app.evidence.readers.generic_table import write_csv
from app.evidence.tickets import Author, Channel, TicketRecord, Turn
from app.pilots import jobs as pilots_jobs
from app.pilots import overlay_source, queries, result, service
from app.pilots.models import Pilot, PilotResult, PilotState
from app.standards import queries as standards
from app.standards.in_force import Where
from app.standards.measures import Unit
from app.standards.models import Revision
from app.standards.store_access import store
from app.standards.workflow import State
from tests import story
from tests.house_fixtures import MONDAY, House

DAY = dt.timedelta(days=1)


def tickets(region: str, first: dt.datetime, days: int, quick: int, a_day: int = 10) -> list[TicketRecord]:
    """Returns so many return requests a day, of which `quick` are answered within 12 hours, the others after 20."""
    made = []
    for day in range(days):
        for number in range(a_day):
            at = first + dt.timedelta(days=day, minutes=number)
            answered = at + dt.timedelta(hours=2 if number < quick else 20)
            made.append(
                TicketRecord(
                    source="csv",
                    external_id=f"{region}-{at:%y%m%d}-{number}",
                    created_at=at,
                    channel=Channel.APP,
                    region=region,
                    category="returns",
                    subject="退货",
                    text="退货",
                    conversation=(
                        Turn(at, Author.CUSTOMER, "退货"),
                        Turn(answered, Author.AGENT, "已同意"),
                    ),
                    first_reply_at=answered,
                )
            )
    return made


def given_tickets(house: House, quick_in_pilot: int) -> None:
    """Eight weeks before and four weeks in the pilot: both groups at 6 of 10, then the east at another share."""
    before, rows = MONDAY - 56 * DAY, []
    for region, quick in (("east", quick_in_pilot), ("north", 6)):
        rows += tickets(region, before, 56, 6) + tickets(region, MONDAY, 28, quick)
    path = house.folder / "tickets.csv"
    write_csv(rows, path)
    with clock.frozen(MONDAY + 40 * DAY):
        evidence_service.import_tickets(SYSTEM, "csv", path)
        db.session.commit()


def plan_of(house: House, revision: Revision, **values: object) -> None:
    story.given_pilot_planned(house, revision, **values)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"question": " "}, "question"),
        ({"smallest_change_points": 0}, "smallest_change_points"),
        ({"smallest_change_points": 51}, "smallest_change_points"),
        ({"harm_points": 0}, "harm_points"),
        ({"pilot_scope": {}}, "pilot_scope"),
        ({"comparison_scope": {}}, "comparison_scope"),
        ({"comparison_scope": {"region": ["east", "north"]}}, "comparison_scope"),
        ({"comparison_scope": {"channel": ["phone"]}}, "comparison_scope"),
        ({"starts_on": dt.date(2026, 9, 6)}, "starts_on"),
        ({"starts_on": dt.date.max, "ends_on": dt.date.max}, "starts_on"),
        ({"ends_on": dt.date(2026, 9, 12)}, "ends_on"),
        ({"ends_on": dt.date(2027, 10, 1)}, "ends_on"),
    ],
)
def test_a_plan_that_cannot_answer_is_refused(sqlite_house: House, values: dict, field: str) -> None:
    revision = story.given_in_review(sqlite_house)
    with pytest.raises(Invalid) as refusal:
        plan_of(sqlite_house, revision, **values)
    assert [e.field for e in refusal.value.errors] == [field]


def test_an_average_cannot_be_piloted(sqlite_house: House) -> None:
    revision = story.given_in_review(sqlite_house)
    measure = replace(story.main_measure(revision), metric="csat", unit=Unit.POINT)
    with pytest.raises(Invalid) as refusal:
        plan_of(sqlite_house, revision, measure=measure)
    assert [e.field for e in refusal.value.errors] == ["measure"]


@pytest.mark.parametrize("who", ["drafter", "lawyer", "chair", "agent", "admin"])
def test_only_lead_and_director_set_up_and_only_the_director_starts(sqlite_house: House, who: str) -> None:
    revision = story.given_pilot_planned(sqlite_house)
    pilot = queries.pilot_of(revision.id)
    assert pilot is not None
    with pytest.raises(NotAllowed):
        service.set_up(
            sqlite_house.actor(who), revision, question="?", clause_id="c07",
            measure=story.main_measure(revision), smallest_change_points=5,
            pilot_scope={"region": ["east"]}, comparison_scope={"region": ["north"]},
            starts_on=clock.today(), ends_on=clock.today() + 27 * DAY,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        service.start(sqlite_house.actor(who), revision)
    with pytest.raises(NotAllowed):
        service.start(sqlite_house.actor("pilot"), revision)


def test_a_pilot_starts_only_signed_and_set_up(house: House) -> None:
    revision, director = story.given_in_review(house), house.actor("director")
    with pytest.raises(Refused) as refusal:
        service.start(director, revision)
    keys = {r.key for r in refusal.value.reasons}
    assert keys == {"review.sign_off_open", "pilot.not_set_up"}
    db.session.rollback()
    plan_of(house, revision)
    with clock.frozen(clock.now() + 2 * DAY), pytest.raises(Refused) as late:
        service.start(director, revision)
    assert "pilot.start_past" in {r.key for r in late.value.reasons}
    db.session.rollback()


def test_the_start_fixes_the_plan_and_records_it_in_the_store(house: House) -> None:
    revision, pilot = story.given_piloting(house)
    assert revision.state is State.PILOTING and pilot.state is PilotState.RUNNING
    db.session.refresh(pilot)
    assert pilot.plan_sha256 and pilot.record_commit
    path = f"pilots/{revision.number}-{pilot.id}.json"
    kept = json.loads(store().read_file(pilot.record_commit, path) or b"")
    assert kept == json.loads(json.dumps(service.plan_data(revision, pilot)))
    assert kept["texts"] == {"c07": pilot.texts["c07"]["hash"]}
    with pytest.raises(Refused) as refusal:
        plan_of(house, revision, question="别的问题")
    assert [r.key for r in refusal.value.reasons] == ["pilot.too_late"]
    assert pilots_jobs.record_pilot_plan(pilot.id) == {"commit": pilot.record_commit}
    db.session.commit()


def bound_hash(revision: Revision, at: dt.datetime, where: Where | None) -> str:
    overlays = list(overlay_source.pilot_texts(revision.standard))
    binding = standards.in_force(revision.standard_id, at, where, overlays).binding("c07")
    assert binding is not None
    return binding.clause_hash


def test_the_pilot_text_binds_in_its_scope_and_time_only(house: House) -> None:
    revision, pilot = story.given_piloting(house, pilot_scope={"region": ["east"], "channel": ["phone"]})
    old, new = standards.published_clause_hash(revision.standard_id, "c07"), pilot.texts["c07"]["hash"]
    started = pilot.started_at
    assert started is not None and old != new
    east_phone = Where(region="east", channel="phone")
    with clock.frozen(MONDAY + 10 * DAY):
        service.conclude(house.actor("director"), revision, "adopt", reason="够清楚了")
        ended = clock.now()
        db.session.commit()
        for at, where, expected in (
            (started, east_phone, new),
            (started + DAY, Where(region="east", channel="app"), old),
            (started + DAY, Where(region="north", channel="phone"), old),
            (started + DAY, Where(region="east"), old),
            (started + DAY, None, old),
            (ended - dt.timedelta(seconds=1), east_phone, new),
            (ended, east_phone, old),
        ):
            assert bound_hash(revision, at, where) == expected, (at, where)


def test_a_pilot_that_begins_later_binds_from_its_first_day(house: House) -> None:
    first = clock.today() + 3 * DAY
    revision, pilot = story.given_piloting(house, starts_on=first, ends_on=first + 20 * DAY)
    old, new = standards.published_clause_hash(revision.standard_id, "c07"), pilot.texts["c07"]["hash"]
    midnight = clock.start_of(first)
    with clock.frozen(midnight + DAY):
        assert bound_hash(revision, midnight - dt.timedelta(seconds=1), Where(region="east")) == old
        assert bound_hash(revision, midnight, Where(region="east")) == new


def test_an_interim_look_decides_nothing_and_the_end_does(house: House) -> None:
    given_tickets(house, quick_in_pilot=9)
    revision, pilot = story.given_piloting(house)
    director = house.actor("director")
    with clock.frozen(MONDAY + 15 * DAY):
        pilots_jobs.compute_running()
        pilots_jobs.compute_running()  # the second tick of a day computes nothing
        newest = queries.newest_result(pilot.id)
        assert newest is not None and not newest.is_final and newest.verdict == "better"
        count = sa.select(sa.func.count(PilotResult.id))
        assert db.session.scalar(count) == 1
        with pytest.raises(Refused) as refusal:
            service.conclude(director, revision, "adopt")
        assert [r.key for r in refusal.value.reasons] == ["pilot.not_ended"]
        db.session.rollback()
    with clock.frozen(MONDAY + 28 * DAY):
        pilots_jobs.compute_running()
        service.conclude(director, revision, "adopt")
        house.run_jobs()
        newest = queries.newest_result(pilot.id)
        assert newest is not None and newest.is_final and newest.verdict == "better"
        row = result.rows_of(newest)[0]
        assert (row.before, row.during, row.comparison) == ("60%", "90%", "0")
        assert newest.numbers["measures"][0]["pilot_during"] == [252, 280]
    assert revision.state is State.READY and pilot.conclusion == "adopt"


def test_harm_may_stop_a_pilot_before_its_end(house: House) -> None:
    given_tickets(house, quick_in_pilot=1)
    revision, pilot = story.given_piloting(house)
    with clock.frozen(MONDAY + 20 * DAY):
        pilots_jobs.compute_pilot(pilot.id)
        newest = queries.newest_result(pilot.id)
        assert newest is not None and newest.numbers["harm"] and newest.verdict == "worse"
        service.conclude(house.actor("director"), revision, "amend")
        db.session.commit()
    assert revision.state is State.DRAFTING


def test_without_tickets_there_is_not_enough_data(house: House) -> None:
    revision, pilot = story.given_piloting(house)
    with clock.frozen(MONDAY + 28 * DAY):
        assert pilots_jobs.compute_pilot(pilot.id)["verdict"] == "not_enough_data"
        newest = queries.newest_result(pilot.id)
        assert newest is not None and result.table_of(pilot, newest)[1][0][2:6] == [0, 0, 0, 0]
    assert revision.state is State.PILOTING
    db.session.commit()


def test_stopping_always_takes_a_reason(house: House) -> None:
    revision, _pilot = story.given_piloting(house)
    with clock.frozen(MONDAY + 40 * DAY):
        with pytest.raises(Refused):
            service.conclude(house.actor("director"), revision, "stop")
        db.session.rollback()
        service.conclude(house.actor("director"), revision, "stop", reason="没有效果")
        db.session.commit()
    assert revision.state is State.DECLINED


def test_a_pilot_is_extended_with_a_reason_and_within_a_year(house: House) -> None:
    revision, pilot = story.given_piloting(house)
    lead, later = house.actor("pilot"), pilot.ends_on + 14 * DAY
    with pytest.raises(Refused):
        service.extend(lead, revision, ends_on=later, reason=" ")
    db.session.rollback()
    for wrong in (pilot.ends_on, pilot.starts_on + 400 * DAY):
        with pytest.raises(Invalid):
            service.extend(lead, revision, ends_on=wrong, reason="样本不够")
    service.extend(lead, revision, ends_on=later, reason="样本不够")
    assert pilot.ends_on == later and revision.state is State.PILOTING
    db.session.commit()


def test_the_lead_recommends_and_the_director_decides(house: House) -> None:
    revision, pilot = story.given_piloting(house)
    with pytest.raises(NotAllowed):
        service.recommend(house.actor("director"), revision, "adopt", note="")
    with pytest.raises(NotAllowed):
        service.conclude(house.actor("pilot"), revision, "adopt", reason="好")
    with pytest.raises(Invalid):
        service.recommend(house.actor("pilot"), revision, "publish", note="")
    service.recommend(house.actor("pilot"), revision, "amend", note="话术要改")
    assert (pilot.recommendation, pilot.recommended_by_id) == ("amend", house.person("pilot").id)
    db.session.commit()


def test_an_amended_revision_gets_a_second_pilot(house: House) -> None:
    revision, first = story.given_piloting(house)
    service.conclude(house.actor("director"), revision, "amend", reason="话术要改")
    plan_of(house, revision, question="改了以后呢？")
    second = queries.pilot_of(revision.id)
    assert second is not None and second.id != first.id and first.state is PilotState.ENDED
    assert db.session.scalar(sa.select(sa.func.count(Pilot.id))) == 2
