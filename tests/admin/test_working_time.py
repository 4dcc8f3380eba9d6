"""Working time by hand: what a change does is shown before it is saved, holds from its day, and counts old contacts anew."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core import calendar, clock, clock_job, seasons, working_time
from app.core.db import db
from app.core.working_time import Kind, WorkingTimeChange
from app.evidence import recounting
from app.evidence.models import Ticket
from tests.evidence.evidence_cases import TODAY, bring, record
from tests.house_fixtures import MONDAY, House, csrf

PAGE = "/admin/working-time"
LAST_MONDAY = TODAY - dt.timedelta(days=7)
LATE = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-18:00") | {"mon": "09:00-12:00 13:00-20:00"}


@pytest.fixture
def hours(web: House, tmp_path: Path) -> Iterator[House]:
    """Two contacts of last Monday at 17:00, solved at 19:00 and the next morning, one of the Monday before that."""
    with web.app.app_context():
        at = clock.at(LAST_MONDAY, 17)
        made = [
            record(1, at=at, reply=30, solved=120),
            record(2, at=at, reply=120, solved=17 * 60),
            record(3, at=at - dt.timedelta(days=7), reply=30, solved=120),
        ]
        bring(tmp_path, made)
        db.session.remove()
    yield web
    calendar.use_shifts("")
    calendar.use_days("")
    seasons.use_peaks("")


def minutes() -> list[tuple[float | None, float | None]]:
    rows = db.session.scalars(sa.select(Ticket).order_by(Ticket.external_id))
    return [(row.first_reply_working_minutes, row.resolution_working_minutes) for row in rows]


def save(client: FlaskClient, **values: str):
    return client.post(
        PAGE, data={**csrf(client.get(PAGE).text), "why": "So ist es", **values}, follow_redirects=True
    )


def test_shifts_hold_from_their_day_and_old_contacts_are_counted_anew(hours: House) -> None:
    client = hours.client("admin", "en")
    asked = {"change": "shifts", "from": LAST_MONDAY.isoformat(), "why": "Later on Mondays", **LATE}
    shown = client.get(f"{PAGE}/change", query_string=asked)
    assert shown.status_code == 200
    assert (
        re.search(r"Working hours of a week: [^<]*", shown.text).group()
        == "Working hours of a week: 45.0, then 46.0."
    )
    assert "2 stored contacts have a reply or a solution on that day or later" in shown.text
    assert "Of the newest 2, 2 would take another time" in shown.text
    with hours.app.app_context():
        assert minutes() == [(30, 60), (60, 120), (30, 60)], "looking changes nothing"
        assert working_time.changes() == []
    saved = save(client, **asked)
    assert saved.status_code == 200
    assert "Mon 09:00–12:00 13:00–20:00 · Tue–Fri 09:00–18:00" in saved.text
    assert "Later on Mondays" in saved.text
    assert "Working time of stored contacts is counted anew." in saved.text
    with hours.app.app_context():
        clock_job.run_due()
        assert minutes() == [(30, 120), (120, 240), (30, 60)]
        assert recounting.recount(LAST_MONDAY) == 0, "a second run changes nothing"
        # The Monday before keeps the shifts of its own day.
        assert calendar.shifts(LAST_MONDAY - dt.timedelta(days=7)) == calendar.OFFICE
    assert "Working time of stored contacts is counted anew." not in client.get(PAGE).text


def test_minutes_that_a_source_brought_stay(hours: House) -> None:
    with hours.app.app_context():
        db.session.execute(
            sa.update(Ticket).where(Ticket.external_id.like("%1")).values(resolution_working_minutes=77.5)
        )
        db.session.commit()
    save(hours.client("admin", "en"), change="shifts", **{"from": LAST_MONDAY.isoformat()}, **LATE)
    with hours.app.app_context():
        clock_job.run_due()
        assert 77.5 in [pair[1] for pair in minutes()]


def test_an_own_day_off_stops_the_clock_and_can_be_taken_back(hours: House) -> None:
    client = hours.client("admin", "en")
    tuesday = LAST_MONDAY + dt.timedelta(days=1)
    save(client, change="day", day=tuesday.isoformat(), decided="off")
    with hours.app.app_context():
        clock_job.run_due()
        assert minutes()[1] == (60, 60)
        assert not calendar.is_working_day(tuesday)
    back = save(client, change="day", day=tuesday.isoformat(), decided="public")
    assert "as in the public calendar" in back.text
    with hours.app.app_context():
        clock_job.run_due()
        assert minutes()[1] == (60, 120)
        assert len(working_time.changes()) == 2


def test_a_peak_season_is_announced_beforehand_and_ends_early_without_touching_days_that_came(
    hours: House,
) -> None:
    client = hours.client("admin", "en")
    tomorrow, later = TODAY + dt.timedelta(days=1), TODAY + dt.timedelta(days=9)
    late = save(client, change="peak", starts=TODAY.isoformat(), ends=later.isoformat())
    assert late.status_code == 422
    assert "announced beforehand" in late.text
    save(client, change="peak", starts=tomorrow.isoformat(), ends=later.isoformat())
    with hours.app.app_context():
        assert seasons.announced() == ((tomorrow, later),)
    with clock.frozen(MONDAY + dt.timedelta(days=3)):
        client = hours.client("admin", "en")
        assert "Today lies in a peak season." in client.get(PAGE).text
        save(client, change="no_peak", peak=f"{tomorrow}/{later}")
        assert seasons.announced() == ((tomorrow, TODAY + dt.timedelta(days=3)),)
        assert "no longer:" in client.get(PAGE).text


def test_another_process_takes_a_change_up_and_a_lost_file_comes_back(hours: House) -> None:
    save(hours.client("admin", "en"), change="day", day="2026-12-24", decided="off")
    with hours.app.app_context():
        calendar.use_days("")  # as a process that did not look yet
        hours.app.extensions.pop("working_time")
        working_time.look()
        assert not calendar.is_working_day(dt.date(2026, 12, 24))
        (hours.folder / working_time.FILE).unlink()
        working_time.publish()
        assert '"-2026-12-24"' in (hours.folder / working_time.FILE).read_text()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"change": "shifts", "mon": "9 to 5", "from": "2026-12-01"}, "Write hours such as"),
        ({"change": "shifts", "mon": "09:00-12:00 11:00-18:00", "from": "2026-12-01"}, "Write hours such as"),
        ({"change": "shifts", "from": "2026-12-01"}, "Enter hours for at least one day."),
        ({"change": "shifts", "mon": "09:00-18:00", "from": "31.12."}, "Choose a day."),
        ({"change": "shifts", "mon": "09:00-18:00", "from": "2016-01-01"}, "at most a year back"),
        ({"change": "day", "day": "2026-12-24", "decided": "public"}, "nothing would change"),
        ({"change": "peak", "starts": "2026-12-20", "ends": "2026-12-10"}, "lies before the first"),
        ({"change": "peak", "starts": "2026-12-01", "ends": "2027-12-01"}, "at most 120 days"),
        ({"change": "no_peak", "peak": "2026-12-01/2026-12-02"}, ""),
        ({"change": "day", "day": "2026-12-24", "decided": "off", "why": "  "}, "Say why"),
        ({"change": "everything"}, ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_saves_nothing(
    web: House, values: dict[str, str], words: str
) -> None:
    client = web.client("admin", "en")
    shown = client.get(f"{PAGE}/change", query_string={"why": "x", **values})
    sent = save(client, **values)
    assert (shown.status_code, sent.status_code) == (422, 422)
    assert words in shown.text and words in sent.text
    with web.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(WorkingTimeChange.id))) == 0


def test_texts_of_the_calendar_read_as_they_were_written() -> None:
    text = "mon,tue 08:30-12:00 22:00-06:00; holiday 10:00-24:00"
    week = calendar.read_shifts(text)
    spans = {
        name: " ".join(calendar.span_words(one) for one in own)
        for name, own in zip(("mon", "tue"), week.week, strict=False)
    }
    assert spans["mon"] == "08:30-12:00 22:00-06:00"
    assert calendar.span_words(week.holiday[0]) == "10:00-24:00"
    assert calendar.read_shifts(calendar.write_shifts(spans)).week == week.week
    peaks = seasons.read_peaks("june_sale 2027-05-13/2027-06-22; 2027-03-01/2027-03-15")
    assert set(seasons.read_peaks(seasons.write_peaks(peaks))) == set(peaks)
    assert calendar.write_days(calendar.read_days("+2026-10-10 -2026-12-31")) == "+2026-10-10 -2026-12-31"


def test_a_newer_change_of_shifts_for_an_earlier_day_ends_where_the_next_one_begins(house: House) -> None:
    december, november = dt.date(2026, 12, 1), dt.date(2026, 11, 20)
    text = (
        working_time.Written()
        .changed(Kind.SHIFTS, "mon 10:00-11:00", december)
        .changed(Kind.SHIFTS, "mon 12:00-13:00", november)
    )
    dated = calendar.read_dated(text.shifts, text.later)
    assert [calendar.shifts_on(day, dated).week[0] for day in (november - dt.timedelta(days=1), november, december)] == [
        ((9.0, 18.0),), ((12.0, 13.0),), ((10.0, 11.0),)
    ]  # fmt: skip
