"""Owns what quality checks give to the stream of feedback on clauses: the findings. Knows no rule."""

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from app.audits.models import Sample, ScoreLine
from app.audits.scoring import Answer
from app.core.db import db
from app.evidence.models import Ticket


def findings_since(since: dt.date) -> Iterable[tuple[int, str, dt.date]]:
    """Yields `(standard id, clause id, local day)` of each clause that a check found not kept since a day.

    The day is that of the contact: a hundred contacts checked in one afternoon are no surge of that afternoon.
    """
    rows = db.session.execute(
        sa.select(ScoreLine.standard_id, ScoreLine.clause_id, Ticket.created_on)
        .join(Sample, Sample.id == ScoreLine.sample_id)
        .join(Ticket, Ticket.id == Sample.ticket_id)
        .where(ScoreLine.answer == Answer.NOT_MET, Ticket.created_on >= since)
    )
    for standard_id, clause_id, day in rows:
        yield int(standard_id), str(clause_id), day
