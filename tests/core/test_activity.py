"""The activity log: chained, append-only, without names."""

import json

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from app.core import activity
from app.core.access import SYSTEM
from app.core.db import db
from tests.house_fixtures import CAST, House


def test_each_line_names_the_hash_of_the_line_before(house: House) -> None:
    first, second = (
        activity.record(SYSTEM, "a.done", "thing", 1),
        activity.record(SYSTEM, "b.done", "thing", 2),
    )
    db.session.commit()
    assert json.loads(second.line)["prev"] == first.hash
    assert activity.verify_chain() == []


@pytest.mark.parametrize("statement", ["UPDATE activity_line SET verb = 'x'", "DELETE FROM activity_line"])
def test_the_database_refuses_to_change_or_delete_a_line(house: House, statement: str) -> None:
    activity.record(SYSTEM, "a.done", "thing", 1)
    db.session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(sa.text(statement))
    db.session.rollback()


def test_a_line_changed_behind_the_triggers_is_found(sqlite_house: House) -> None:
    activity.record(SYSTEM, "a.done", "thing", 1)
    last = activity.record(SYSTEM, "b.done", "thing", 2).seq
    db.session.commit()
    db.session.execute(sa.text("DROP TRIGGER activity_line_no_update"))
    db.session.execute(
        sa.text("UPDATE activity_line SET line = replace(line, 'b.done', 'c.done') WHERE seq = :seq"),
        {"seq": last},
    )
    db.session.commit()
    assert activity.verify_chain() == [last]


def test_no_line_holds_a_name_or_an_address(house: House) -> None:
    lines = "".join(db.session.scalars(sa.select(activity.ActivityLine.line)))
    for name, (zh, latin, *_rest) in CAST.items():
        assert zh not in lines and latin not in lines and f"{name}@" not in lines
