"""Owns the anchors: stretches of the activity log written to the store's records. The log itself is `core/activity`."""

import datetime as dt
import hashlib

import sqlalchemy as sa

from app.archive.models import Anchor
from app.core import activity, clock
from app.core.access import SYSTEM
from app.core.activity import ActivityLine
from app.core.db import db
from app.standards.store_access import store

LONGEST_DELAY = dt.timedelta(minutes=15)
LONGEST_LINES = 1000


def newest() -> Anchor | None:
    """Returns the newest anchor, None before the first."""
    return db.session.scalar(sa.select(Anchor).order_by(Anchor.last_seq.desc()).limit(1))


def anchor_log() -> dict[str, object]:
    """Job: writes all lines since the newest anchor to the records, 1,000 a file; without new lines it does nothing.

    The segment file holds the lines as they are, one a line, so that `sha256sum` and `sed` are enough to check them.
    """
    written = 0
    while True:
        _finish_pending()
        last = newest()
        first_seq = last.last_seq + 1 if last else 1
        rows = db.session.execute(
            sa.select(ActivityLine.seq, ActivityLine.line, ActivityLine.hash)
            .where(ActivityLine.seq >= first_seq)
            .order_by(ActivityLine.seq)
            .limit(LONGEST_LINES)
        ).all()
        if not rows:
            return {"segments": written}
        segment = "".join(f"{row.line}\n" for row in rows).encode()
        db.session.add(
            Anchor(
                first_seq=first_seq,
                last_seq=rows[-1].seq,
                head_hash=rows[-1].hash,
                segment_sha256=hashlib.sha256(segment).hexdigest(),
                at=clock.now(),
            )
        )
        db.session.commit()
        _finish_pending()
        written += 1


def due() -> bool:
    """Tells whether there are lines that no anchor holds and the newest anchor is 15 minutes old."""
    last = newest()
    seq, _hash = activity.head()
    if last is None:
        return seq > 0
    return seq > last.last_seq and clock.now() - last.at >= LONGEST_DELAY


def anchor_when_due() -> None:
    """Once a minute: anchors the log when the newest anchor is 15 minutes old and there is something new."""
    if due():
        anchor_log()


def segment_path(anchor: Anchor) -> str:
    """Returns where a stretch of the log stands in the records."""
    return f"log/{anchor.first_seq:09d}-{anchor.last_seq:09d}.jsonl"


def _finish_pending() -> None:
    """Writes the stretches whose row is there and whose commit is not: the row is the journal."""
    for anchor in db.session.scalars(
        sa.select(Anchor).where(Anchor.commit_id.is_(None)).order_by(Anchor.first_seq)
    ).all():
        lines = db.session.scalars(
            sa.select(ActivityLine.line)
            .where(ActivityLine.seq.between(anchor.first_seq, anchor.last_seq))
            .order_by(ActivityLine.seq)
        ).all()
        segment = "".join(f"{line}\n" for line in lines).encode()
        path, at, anchor_id = segment_path(anchor), anchor.at, anchor.id
        trailers = {
            "Audit-Seq": str(anchor.last_seq),
            "Audit-Head": anchor.head_hash,
            "Segment-SHA256": anchor.segment_sha256,
        }
        db.session.commit()
        commit = store().append_records({path: segment}, SYSTEM.subject, at, trailers)
        row = db.session.get_one(Anchor, anchor_id)
        row.commit_id = commit
        db.session.commit()
