"""Owns what the committee gives to the desk: items to agree or object to before a meeting, and the meeting itself."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.committee.models import AgendaItem, Meeting, MeetingState, Voice
from app.core import clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.web.contributions import Task
from app.web.language import pick

MOST_ITEMS = 5


def tasks(actor: Actor) -> Iterable[Task]:
    """Yields the items on which the member has not spoken while objecting is possible, soonest first."""
    if not actor.may(Permission.SIT_ON_COMMITTEE):
        return
    spoken = sa.select(Voice.item_id).where(Voice.person_id == actor.person_id)
    rows = db.session.scalars(
        sa.select(AgendaItem)
        .join(Meeting)
        .where(
            Meeting.state == MeetingState.PLANNED,
            AgendaItem.consent_until > clock.now(),
            AgendaItem.verdict.is_(None),
            sa.not_(AgendaItem.gone),
            AgendaItem.id.not_in(spoken),
        )
        .order_by(AgendaItem.consent_until, AgendaItem.id)
        .limit(MOST_ITEMS)
    )
    for row in rows:
        yield Task(
            words=_("Agree or object: %(title)s", title=pick(row.title_zh, row.title_en) or row.key),
            url=url_for("committee.meeting", day=row.meeting.day.isoformat(), _anchor=f"item-{row.id}"),
            minutes=3,
            due=row.consent_until,
            why=_("Without an objection it is agreed before the meeting."),
            meta=row.key,
            kind="agenda",
        )
