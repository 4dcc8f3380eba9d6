"""Owns storing figures of other systems and the questions about them. Reading a file is `readers/metric_series.py`."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from app.core.db import db
from app.core.errors import NotFound
from app.evidence.models import TicketImport
from app.evidence.readers.metric_series import MetricRecord
from app.evidence.series_models import MetricPoint
from app.evidence.staging import Staging, Waiting
from app.evidence.ticket_rows import masked

KEY = (MetricPoint.measure, MetricPoint.team, MetricPoint.region, MetricPoint.day)
VALUES = ("value", "unit", "n")
MOST_SERIES = 500
MOST_SHOWN = 120  # figures of one series in its chart and table, the newest


@dataclass(frozen=True)
class SeriesLine:
    """One series in the list: where it begins and ends, how many figures it has, and the newest."""

    newest: MetricPoint
    count: int
    starts: dt.date


def put(rows: Staging, one: MetricRecord) -> None:
    """Lets a figure wait, masked. Of several of one series and day the one that was put last counts."""
    key = [masked(one.measure), masked(one.team), masked(one.region), one.day.isoformat()]
    values = {"value": one.value, "unit": one.unit, "n": one.n, "line": one.line}
    age = dt.datetime.fromtimestamp(rows.put_count, dt.UTC)
    rows.put(json.dumps(key, ensure_ascii=False), age, None, "", json.dumps(values))


def upsert(chunk: list[Waiting], import_id: int) -> tuple[int, int, int]:
    """Returns how many figures were new, changed, and as they were."""
    keys = {one.external_id: _key(one) for one in chunk}
    wanted = sa.select(
        MetricPoint.id, MetricPoint.import_id, *KEY, MetricPoint.value, MetricPoint.unit, MetricPoint.n
    )
    found = db.session.execute(wanted.where(sa.tuple_(*KEY).in_(list(keys.values()))))
    known = {(row.measure, row.team, row.region, row.day): row for row in found}
    inserts: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    unchanged = 0
    for one in chunk:
        key, made = keys[one.external_id], json.loads(one.written)
        old = known.get(key)
        if old is None:
            names = dict(zip(("measure", "team", "region", "day"), key, strict=True))
            inserts.append({**names, **made, "import_id": import_id})
        elif all(made[name] == getattr(old, name) for name in VALUES):
            unchanged += old.import_id != import_id
        else:
            changes.append({**made, "id": old.id, "import_id": import_id})
    if inserts:
        db.session.execute(sa.insert(MetricPoint), inserts)
    if changes:
        db.session.execute(sa.update(MetricPoint), changes)
    return len(inserts), len(changes), unchanged


def all_series() -> list[SeriesLine]:
    """Returns the series by measure, team and region, each with its newest figure; one question."""
    part = [MetricPoint.measure, MetricPoint.team, MetricPoint.region]
    ranked = sa.select(
        MetricPoint.id,
        sa.func.row_number().over(partition_by=part, order_by=MetricPoint.day.desc()).label("place"),
        sa.func.count().over(partition_by=part).label("count"),
        sa.func.min(MetricPoint.day).over(partition_by=part).label("starts"),
    ).subquery()
    query = (
        sa.select(MetricPoint, ranked.c.count, ranked.c.starts)
        .join(ranked, ranked.c.id == MetricPoint.id)
        .where(ranked.c.place == 1)
        .order_by(*part)
        .limit(MOST_SERIES)
        .options(_source())
    )
    return [SeriesLine(*row) for row in db.session.execute(query)]


def points(measure: str, team: str, region: str) -> Sequence[MetricPoint]:
    """Returns the newest figures of a series, newest first. Raises NotFound for no such series."""
    query = (
        sa.select(MetricPoint)
        .where(MetricPoint.measure == measure, MetricPoint.team == team, MetricPoint.region == region)
        .order_by(MetricPoint.day.desc())
        .limit(MOST_SHOWN)
        .options(_source())
    )
    found = db.session.scalars(query).all()
    if not found:
        raise NotFound("series.unknown")
    return found


def _source() -> Any:
    return orm.joinedload(MetricPoint.source).defer(TicketImport.refused)


def _key(one: Waiting) -> tuple[str, str, str, dt.date]:
    measure, team, region, day = json.loads(one.external_id)
    return measure, team, region, dt.date.fromisoformat(day)
