"""A machine's clock that jumps lets no date arrive until it is back or somebody confirms it.

The wall clock is frozen to what a jump makes of it; the steady clock is the machine's own and moves on by itself.
"""

import datetime as dt

import pytest
import sqlalchemy as sa

from app import create_app
from app.core import activity, clock, clock_job, clock_watch
from app.core.access import SYSTEM
from app.core.activity import ActivityLine
from app.core.clock_watch import Kind
from app.core.db import db
from app.publishing import queries
from app.standards.models import Revision
from app.standards.workflow import State
from tests import story
from tests.house_fixtures import MONDAY, House, csrf

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


@pytest.fixture
def watched(sqlite_house: House) -> House:
    """A house whose worker has looked at its clock, right, once."""
    assert clock_watch.look() is None
    return sqlite_house


def verbs() -> list[str]:
    """What the log says about the clock, oldest first."""
    lines = sa.select(ActivityLine.verb).where(ActivityLine.object_kind == "clock").order_by(ActivityLine.seq)
    return list(db.session.scalars(lines))


def look_at(moment: dt.datetime) -> clock_watch.Hold | None:
    with clock.frozen(moment):
        return clock_watch.look()


@pytest.mark.parametrize("by", [5 * MINUTE - dt.timedelta(seconds=9), -4 * MINUTE, MINUTE, -MINUTE])
def test_a_small_difference_is_nothing(watched: House, by: dt.timedelta) -> None:
    assert look_at(MONDAY + by) is None
    assert verbs() == []


@pytest.mark.parametrize("by", [6 * MINUTE, DAY, -6 * MINUTE, -400 * DAY])
def test_a_jump_holds_until_the_clock_is_back(watched: House, by: dt.timedelta) -> None:
    hold = look_at(MONDAY + by)
    assert hold is not None and hold.kind is Kind.JUMPED
    assert abs(hold.by_seconds - by.total_seconds()) < 60
    assert look_at(MONDAY + by + MINUTE) == hold == clock_watch.held()
    assert look_at(MONDAY + MINUTE) is None
    assert clock_watch.held() is None
    assert verbs() == ["clock.held", "clock.returned"]


def test_no_date_arrives_while_the_clock_is_doubted(watched: House) -> None:
    """A jump of 40 days would publish a scheduled text, end its undo window and let it take effect."""
    revision = story.given_scheduled(watched)
    revision_id, over = revision.id, story.after_undo_window(revision)
    with clock.frozen(MONDAY + 40 * DAY):
        assert clock_watch.look() is not None
        clock_job.tick()
        clock_job.run_due()
    assert queries.publication_of(revision_id) is None
    assert db.session.get_one(Revision, revision_id).state is State.SCHEDULED
    assert look_at(MONDAY + MINUTE) is None
    with clock.frozen(over):
        clock_job.run_due()
    publication = queries.publication_of(revision_id)
    assert publication is not None
    assert publication.took_effect_at is None


def test_the_log_is_anchored_all_the_same(watched: House) -> None:
    ran: list[str] = []
    clock_job.wire(
        {"anchor": lambda: ran.append("anchor"), "effects": lambda: ran.append("effects")},
        while_held=["anchor"],
    )
    look_at(MONDAY + DAY)
    clock_job.tick()
    assert ran == ["anchor"]
    look_at(MONDAY)
    clock_job.tick()
    assert ran == ["anchor", "anchor", "effects"]


def test_a_confirmed_clock_is_the_new_measure(watched: House) -> None:
    assert look_at(MONDAY + DAY) is not None
    with clock.frozen(MONDAY + DAY):
        clock_watch.confirm(watched.actor("admin"))
        db.session.commit()
        clock_watch.release()
    assert look_at(MONDAY + DAY + MINUTE) is None
    assert look_at(MONDAY) is not None, "from now on the way back is a jump"
    assert verbs() == ["clock.held", "clock.confirmed", "clock.held"]


def test_a_hold_outlives_its_worker(watched: House) -> None:
    hold = look_at(MONDAY + DAY)
    again = create_app(watched.app.config["SETTINGS"])
    with again.app_context(), clock.frozen(MONDAY + DAY + MINUTE):
        assert clock_watch.look() == hold
    with again.app_context(), clock.frozen(MONDAY + MINUTE):
        assert clock_watch.look() is None, "the clock is back, whoever noticed the jump"


def test_at_a_start_later_is_normal_and_earlier_than_the_log_is_not(sqlite_house: House) -> None:
    activity.record(SYSTEM, "test.happened", "test", "1")
    db.session.commit()
    for start, kind in ((MONDAY + 90 * DAY, None), (MONDAY - MINUTE, None), (MONDAY - DAY, Kind.BEHIND)):
        app = create_app(sqlite_house.app.config["SETTINGS"])
        with app.app_context(), clock.frozen(start):
            hold = clock_watch.look()
            assert (hold.kind if hold else None) is kind
    with app.app_context(), clock.frozen(MONDAY + MINUTE):
        assert clock_watch.look() is None


def test_a_clock_confirmed_behind_the_log_starts_again_without_a_doubt(sqlite_house: House) -> None:
    activity.record(SYSTEM, "test.happened", "test", "1")
    db.session.commit()
    with clock.frozen(MONDAY - DAY):
        assert clock_watch.look() is not None
        clock_watch.confirm(sqlite_house.actor("admin"))
        db.session.commit()
        clock_watch.release()
        assert clock_watch.look() is None
        with create_app(sqlite_house.app.config["SETTINGS"]).app_context():
            assert clock_watch.look() is None


def test_a_demonstrations_own_offset_is_no_jump(sqlite_house: House) -> None:
    with clock.frozen(MONDAY):
        assert clock_watch.look() is None
    clock.advance(sqlite_house.folder, 16 * DAY)
    with clock.frozen(MONDAY + MINUTE):
        assert clock_watch.look() is None


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("时钟可疑", "时钟向前跳了 24 小时")), ("en", ("the clock is doubted", "jumped ahead by 24 h"))],
)
def test_the_health_page_says_so_and_takes_the_confirmation(
    web: House, language: str, words: tuple[str, ...]
) -> None:
    with web.app.app_context():
        clock_watch.look()
        look_at(MONDAY + DAY)
    admin = web.client("admin", language)
    page = admin.get("/admin/health").text
    assert all(word in page for word in words)
    assert web.client("director").post("/admin/health/clock", data=csrf(page)).status_code in (400, 403)
    for _twice in range(2):
        answer = admin.post("/admin/health/clock", data=csrf(page))
        assert (answer.status_code, answer.location) == (303, "/admin/health")
    assert words[0] not in admin.get("/admin/health").text
    with web.app.app_context():
        assert clock_watch.held() is None
        assert verbs() == ["clock.held", "clock.confirmed"]
