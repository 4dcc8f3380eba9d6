"""Importing tickets through the verb on both databases: masked, twice, in any order, one bad row."""

import csv
import datetime as dt
import random
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import activity
from app.core.access import SYSTEM
from app.core.db import db
from app.core.errors import Invalid, NotAllowed
from app.evidence import service
from app.evidence.importing import digest
from app.evidence.models import Ticket
from app.evidence.readers.generic_table import write_csv
from app.evidence.tickets import Author, Turn
from tests.evidence.evidence_cases import PHONE, bring, record
from tests.house_fixtures import MONDAY, House
from tests.samples import OWN


def test_nothing_personal_reaches_the_tables(house: House, tmp_path: Path) -> None:
    at = MONDAY - dt.timedelta(hours=3)
    turn = Turn(at, Author.CUSTOMER, f"打我电话 {PHONE}")
    bring(
        tmp_path,
        [record(1, at=at, subject=PHONE, text=f"我的电话{PHONE}", conversation=(turn,), tags=(PHONE,))],
    )
    for row in db.session.execute(sa.select(Ticket.__table__)).mappings():
        assert PHONE not in str(dict(row))
        assert "138****2210" in row["text"]


def test_the_same_file_again_changes_nothing(house: House, tmp_path: Path) -> None:
    rows = [record(n) for n in range(40)]
    first = bring(tmp_path, rows)
    assert (first.read_count, first.created_count, first.updated_count) == (40, 40, 0)
    again = bring(tmp_path, rows)
    assert (again.created_count, again.updated_count, again.unchanged_count) == (0, 0, 40)
    assert again.sha256 == first.sha256 == digest(tmp_path / "tickets.csv")
    assert activity.verify_chain() == []


def test_the_order_of_rows_and_files_does_not_matter(house: House, tmp_path: Path) -> None:
    old = [record(n, text="旧", updated_at=MONDAY - dt.timedelta(hours=5)) for n in range(20)]
    new = [record(n, text="新", updated_at=MONDAY - dt.timedelta(hours=1)) for n in range(20)]
    mixed = old + new
    random.Random(5).shuffle(mixed)
    bring(tmp_path, mixed)
    assert set(db.session.scalars(sa.select(Ticket.text))) == {"新"}
    assert bring(tmp_path, old, "older.csv").unchanged_count == 20
    assert set(db.session.scalars(sa.select(Ticket.text))) == {"新"}


def test_one_bad_row_stops_no_other_and_comes_back_with_its_line(house: House, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    with path.open("w", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["工单编号", "创建时间", "内容"])
        writer.writerow(["A1", "2026-09-01 10:00", "好的"])
        writer.writerow(["A2", f"打{PHONE}", "时间写错"])
        writer.writerow(["A3", "2026-09-01 11:00", "也好"])
    made = service.import_tickets(SYSTEM, "csv", path)
    assert (made.read_count, made.created_count, made.refused_count) == (3, 2, 1)
    assert (made.refused[0]["line"], made.refused[0]["field"]) == (3, "created_at")
    assert PHONE not in str(made.refused)


@pytest.mark.parametrize(
    ("mapping", "path"),
    [("zendesk-tables", OWN / "tickets" / "zendesk"), ("freshdesk", OWN / "tickets" / "freshdesk")],
)
def test_foreign_files_come_in_twice_without_change(sqlite_house: House, mapping: str, path: Path) -> None:
    first = service.import_tickets(SYSTEM, mapping, path)
    assert first.created_count > 0
    again = service.import_tickets(SYSTEM, mapping, path)
    assert (again.created_count, again.updated_count, again.unchanged_count) == (0, 0, first.created_count)


def test_only_who_manages_evidence_imports(sqlite_house: House, tmp_path: Path) -> None:
    write_csv([record(1)], tmp_path / "t.csv")
    for name in ("drafter", "agent", "admin", "stranger"):
        with pytest.raises(NotAllowed):
            service.import_tickets(sqlite_house.actor(name), "csv", tmp_path / "t.csv")
    with pytest.raises(Invalid):
        service.import_tickets(sqlite_house.actor("director"), "unheard-of", tmp_path / "t.csv")
