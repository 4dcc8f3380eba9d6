"""Originals: none by default; where they are kept, sealed outside the rows' reach, shown for a reason, deleted in time."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.activity import ActivityLine
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, NotFound
from app.evidence import importing, jobs, originals
from app.evidence.models import SealedOriginal, Ticket
from tests.house_fixtures import MONDAY, House, csrf
from tests.proposal_cases import open_copy

PHONE = "13812345678"
TABLE = f"ticket_id,created_at,subject,text\nT1,2026-09-01 10:00,退货,请打我电话{PHONE}\nT2,2026-09-01 11:00,咨询,几点开门\n"
DAYS = 30


def keep_originals(house: House, days: int = DAYS) -> None:
    found = house.app.config["SETTINGS"]
    house.app.config["SETTINGS"] = dataclasses.replace(found, keep_originals_days=days)


@pytest.fixture
def keeping(house: House) -> Iterator[House]:
    before = house.app.config["SETTINGS"]
    keep_originals(house)
    yield house
    house.app.config["SETTINGS"] = before


def bring(house: House, folder: Path, text: str = TABLE) -> None:
    path = folder / "tickets.csv"
    path.write_text(text, "utf-8")
    with clock.frozen(MONDAY), transaction():
        importing.import_tickets(house.actor("director"), "csv", path)


def kept() -> dict[str, str]:
    rows = db.session.execute(
        sa.select(Ticket.external_id, SealedOriginal.sealed).join(
            Ticket, Ticket.id == SealedOriginal.ticket_id
        )
    )
    return {row[0]: row[1] for row in rows}


def ticket(name: str) -> Ticket:
    return db.session.scalars(sa.select(Ticket).where(Ticket.external_id == name)).one()


def test_by_default_there_is_nothing_to_unmask(house: House, tmp_path: Path) -> None:
    bring(house, tmp_path)
    assert kept() == {}
    assert not (house.folder / "originals.key").exists()
    with clock.frozen(MONDAY), pytest.raises(NotFound):
        originals.unmask(house.actor("director"), ticket("T1"), reason="核对投诉")


def test_what_was_masked_is_kept_sealed_and_opens_for_a_reason(keeping: House, tmp_path: Path) -> None:
    bring(keeping, tmp_path)
    assert set(kept()) == {"T1"}  # nothing was masked in the other one
    assert PHONE not in kept()["T1"]
    assert PHONE not in ticket("T1").text
    with clock.frozen(MONDAY):
        found = originals.unmask(keeping.actor("director"), ticket("T1"), reason=f"客户 {PHONE} 要求核对")
        assert PHONE in found.text
        line = db.session.scalars(sa.select(ActivityLine).where(ActivityLine.verb == "ticket.unmasked")).one()
        assert "要求核对" in str(line.data)
        assert PHONE not in str(line.data)


def test_each_look_leaves_a_line_and_a_reason_is_needed(keeping: House, tmp_path: Path) -> None:
    bring(keeping, tmp_path)
    with clock.frozen(MONDAY):
        for reason in ("", "   ", "看看"):
            with pytest.raises(Invalid):
                originals.unmask(keeping.actor("director"), ticket("T1"), reason=reason)
        for _time in range(2):
            originals.unmask(keeping.actor("director"), ticket("T1"), reason="核对投诉人")
        count = sa.select(sa.func.count(ActivityLine.seq)).where(ActivityLine.verb == "ticket.unmasked")
        assert db.session.scalar(count) == 2


@pytest.mark.parametrize("who", ["lawyer", "auditor", "chair", "admin", "agent"])
def test_only_who_may_unmask_does(keeping: House, tmp_path: Path, who: str) -> None:
    bring(keeping, tmp_path)
    with clock.frozen(MONDAY), pytest.raises(NotAllowed):
        originals.unmask(keeping.actor(who), ticket("T1"), reason="核对投诉人")


def test_another_key_and_a_seal_put_beside_another_ticket_open_nothing(
    keeping: House, tmp_path: Path
) -> None:
    bring(keeping, tmp_path)
    with clock.frozen(MONDAY):
        moved = SealedOriginal(ticket_id=ticket("T2").id, sealed=kept()["T1"], delete_on=dt.date(2030, 1, 1))
        db.session.add(moved)
        db.session.flush()
        with pytest.raises(NotFound):
            originals.unmask(keeping.actor("director"), ticket("T2"), reason="核对投诉人")
        (keeping.folder / "originals.key").unlink()
        with pytest.raises(NotFound):
            originals.unmask(keeping.actor("director"), ticket("T1"), reason="核对投诉人")


def test_the_key_is_readable_by_its_owner_only(keeping: House, tmp_path: Path) -> None:
    bring(keeping, tmp_path)
    assert (keeping.folder / "originals.key").stat().st_mode & 0o077 == 0


def test_originals_go_when_their_day_has_come_and_when_the_setting_goes(
    keeping: House, tmp_path: Path
) -> None:
    bring(keeping, tmp_path)
    with clock.frozen(MONDAY + dt.timedelta(days=DAYS - 1)):
        jobs.forget()
        assert set(kept()) == {"T1"}
    with clock.frozen(MONDAY + dt.timedelta(days=DAYS)):
        assert not originals.is_kept(ticket("T1").id)  # not shown even before the clock has looked
        jobs.forget()
        assert kept() == {}
    bring(keeping, tmp_path, TABLE.replace("打我电话", "打我的电话"))
    assert set(kept()) == {"T1"}
    keep_originals(keeping, days=0)
    with clock.frozen(MONDAY):
        jobs.forget()
    assert kept() == {}


# Over HTTP


def test_the_page_shows_it_once_and_keeps_it_nowhere(stocked: Path, tmp_path: Path) -> None:
    with open_copy(stocked, tmp_path / "pages") as pages, clock.frozen(MONDAY):
        keep_originals(pages)
        with pages.app.app_context():
            bring(pages, tmp_path)
            number = ticket("T1").id
        client, other = pages.client("director"), pages.client("lawyer")
        page = client.get(f"/e/tickets/{number}")
        assert PHONE not in page.text and f"/e/tickets/{number}/original" in page.text
        assert f"/e/tickets/{number}/original" not in other.get(f"/e/tickets/{number}").text
        address, token = f"/e/tickets/{number}/original", csrf(page.text)
        assert client.post(address, data={**token, "reason": ""}).status_code == 422
        shown = client.post(address, data={**token, "reason": "核对投诉人"})
        assert shown.status_code == 200 and PHONE in shown.text
        assert shown.headers["Cache-Control"] == "no-store"
        assert PHONE not in client.get(f"/e/tickets/{number}").text
        keep_originals(pages, days=0)
        assert client.post(address, data={**token, "reason": "核对投诉人"}).status_code == 404
