"""Owns what the committee gives to the desk: items to agree or object to before a meeting, and the vote on the award."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.committee.award_models import AwardRound, AwardVote
from app.committee.models import AgendaItem, Meeting, MeetingState, Voice
from app.core import clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.web.contributions import Task
from app.web.language import pick

MOST_ITEMS = 5


def tasks(actor: Actor) -> Iterable[Task]:
    """Yields to members the items on which they have not spoken while objecting is possible, then the vote they owe."""
    if actor.may(Permission.SIT_ON_COMMITTEE):
        yield from _items(actor)
        yield from _votes(actor)


def _items(actor: Actor) -> Iterable[Task]:
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


def _votes(actor: Actor) -> Iterable[Task]:
    has_voted = sa.select(AwardVote.round_id).where(AwardVote.person_id == actor.person_id)
    rows = db.session.execute(
        sa.select(AwardRound.year, AwardRound.closes_on)
        .where(AwardRound.given_at.is_(None), AwardRound.closes_on >= clock.today())
        .where(AwardRound.id.not_in(has_voted))
    )
    for year, closes_on in rows:
        yield Task(
            words=_("Vote: Service Innovation Award %(year)s", year=year),
            url=url_for("committee.award_page", year=year),
            minutes=3,
            due=clock.at(closes_on, 18),
            why=_("You sit on the committee."),
            kind="award",
        )
