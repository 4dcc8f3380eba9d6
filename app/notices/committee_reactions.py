"""Owns who is told what of the committee: its meetings to the members, the award to whom it is owed. Writes rows only."""

import datetime as dt

from app.core import clock, events
from app.notices.service import tell
from app.people import queries as people

SOON_DAYS = 1
"""A meeting of today or tomorrow is told at once: the next digest could come too late."""


def on_meeting_changed(event: events.MeetingChanged) -> None:
    """Tells the members that a meeting is called, moved or cancelled."""
    days = [dt.date.fromisoformat(day) for day in (event.day, event.before) if day]
    more = {"before": event.before} if event.before else {}
    for person in people.by_ids(list(event.people)).values():
        tell(
            person,
            f"meeting_{event.what}",
            f"/committee/{event.day}",
            key=f"meeting:{event.meeting_id}:{event.what}:{event.at}",
            is_urgent=(min(days) - clock.today()).days <= SOON_DAYS,
            day=event.day,
            reason=event.reason,
            **more,
        )


def on_award_news(event: events.AwardNews) -> None:
    """Asks the members for their vote; thanks everybody to whom something that was put up is owed."""
    for person in people.by_ids(list(event.people)).values():
        tell(
            person,
            f"award_{event.what}",
            f"/committee/award/{event.year}",
            key=f"award:{event.year}:{event.what}:{event.day if event.what == 'opened' else ''}",
            year=str(event.year),
            day=event.day,
        )
