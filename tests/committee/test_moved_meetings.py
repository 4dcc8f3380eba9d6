"""Meetings that are called, moved or cancelled: what goes along, who is told and when, old links."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.committee import queries, service
from app.core import clock
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, Refused
from app.notices.models import Notice
from tests.committee_cases import LATER, called
from tests.house_fixtures import MONDAY, House, csrf

SOONER = LATER - dt.timedelta(days=12)


@pytest.fixture
def house(sqlite_house: House) -> House:
    called(sqlite_house)
    return sqlite_house


def told(kind: str) -> dict[int, Notice]:
    return {row.person_id: row for row in db.session.scalars(sa.select(Notice).where(Notice.kind == kind))}


def move(house: House, day: dt.date | None, reason: str = "主任出差", who: str = "chair") -> None:
    with clock.frozen(MONDAY), transaction():
        service.move_meeting(
            house.actor(who), queries.meeting(LATER.isoformat()), day=day, place="", reason=reason
        )


def test_the_members_are_told_of_a_call_and_not_whoever_called(house: House) -> None:
    found = told("meeting_called")
    assert set(found) == {house.person("member").id}
    assert (
        not found[house.person("member").id].is_urgent
        and found[house.person("member").id].url == f"/committee/{LATER}"
    )


def test_a_moved_meeting_takes_its_items_place_and_reason_along(house: House) -> None:
    before = [one.row.id for one in queries.items(queries.meeting(LATER.isoformat()).id)]
    move(house, SOONER)
    row = queries.meeting(SOONER.isoformat())
    assert [one.row.id for one in queries.items(row.id)] == before and row.place == "三楼"
    assert [(one.day_before, one.reason) for one in row.moves] == [(LATER, "主任出差")]
    assert queries.moved_to(LATER.isoformat()) == SOONER and queries.moved_to("2020-01-01") is None
    (notice,) = told("meeting_moved").values()
    assert notice.params["before"] == LATER.isoformat() and notice.params["reason"] == "主任出差"
    assert notice.url == f"/committee/{SOONER}"


def test_nobody_can_object_after_a_meeting_that_comes_sooner(house: House) -> None:
    with clock.frozen(MONDAY), transaction():
        (item,) = queries.items(queries.meeting(LATER.isoformat()).id)
        service.ask_consent(house.actor("chair"), item.row)
    tomorrow = MONDAY.date() + dt.timedelta(days=1)
    move(house, tomorrow)
    (item,) = queries.items(queries.meeting(tomorrow.isoformat()).id)
    assert item.row.consent_until == clock.start_of(tomorrow)
    (notice,) = told("meeting_moved").values()
    assert notice.is_urgent  # the next digest could come too late


@pytest.mark.parametrize(
    ("day", "reason", "field"),
    [
        (None, "出差", "new-day"),
        (MONDAY.date() - dt.timedelta(days=1), "出差", "new-day"),
        (LATER, "出差", "new-day"),
        (SOONER, " ", "move-reason"),
    ],
)
def test_a_day_gone_or_taken_or_no_reason_is_refused(
    house: House, day: dt.date | None, reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        move(house, day, reason)
    assert refused.value.errors[0].field == field


def test_only_the_chair_moves_and_no_closed_meeting(house: House) -> None:
    with pytest.raises(NotAllowed):
        move(house, SOONER, who="member")
    with clock.frozen(MONDAY), transaction():
        service.cancel(house.actor("chair"), queries.meeting(LATER.isoformat()), note="没有议题")
    (notice,) = told("meeting_cancelled").values()
    assert notice.params["reason"] == "没有议题"
    with pytest.raises(Refused):
        move(house, SOONER)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chair_moves_a_meeting_on_its_page_and_old_links_lead_on(pages: House, language: str) -> None:
    chair, member = pages.client("chair", language), pages.client("member", language)
    address = f"/committee/{LATER}"
    token = csrf(chair.get(address).text)
    refused = chair.post(f"{address}/day", data={**token, "day": "", "reason": ""})
    assert refused.status_code == 422 and 'href="#new-day"' in refused.text
    moved = chair.post(f"{address}/day", data={**token, "day": SOONER.isoformat(), "reason": "主任出差"})
    assert moved.location == f"/committee/{SOONER}"
    assert member.get(address).location == f"/committee/{SOONER}"
    assert "主任出差" in member.get(f"/committee/{SOONER}").text
    assert "主任出差" in member.get("/notices").text
