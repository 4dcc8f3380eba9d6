"""Owns the verbs on meetings as a whole: calling, moving, cancelling, gathering the agenda. Decides nothing."""

import datetime as dt

import sqlalchemy as sa

from app.committee import gathering, queries
from app.committee.guards import LIMIT_NOTE_BYTES, must, must_be_planned
from app.committee.models import AgendaItem, Meeting, MeetingMove, MeetingState, Verdict
from app.core import activity, clock, events
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid
from app.core.text import clean_text, one_line

RECENT_DAYS = 30  # what was decided so lately does not come back by itself


def call_meeting(actor: Actor, *, day: dt.date | None, place: str = "") -> Meeting:
    """Calls a meeting, one a day, and gathers its agenda. Raises Invalid for a past or taken day, NotAllowed."""
    must(actor, Permission.LEAD_COMMITTEE)
    row = Meeting(
        day=_free(day),
        place=one_line(place, 400, field="place"),
        called_by_id=actor.person_id,
        called_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "meeting.called", "meeting", row.day.isoformat())
    gather()
    _tell(actor, row, "called")
    return row


def move_meeting(actor: Actor, meeting: Meeting, *, day: dt.date | None, place: str, reason: str) -> Meeting:
    """Puts a meeting on another day, with a reason, and perhaps in another place; its items go along.

    Nobody may object after the meeting: where it comes sooner, the time to object ends with the day before. Raises
    Invalid for a past or taken day and without a reason, Refused for a closed meeting, NotAllowed.
    """
    must(actor, Permission.LEAD_COMMITTEE)
    must_be_planned(meeting)
    to = _free(day, "new-day")
    words = one_line(reason, LIMIT_NOTE_BYTES, field="move-reason")
    if not words:
        raise Invalid.of("move-reason", "committee.reason_missing")
    before = meeting.day
    db.session.add(
        MeetingMove(
            meeting_id=meeting.id,
            day_before=before,
            reason=words,
            moved_by_id=actor.person_id,
            at=clock.now(),
        )
    )
    meeting.day, meeting.place = to, one_line(place, 400, field="place") or meeting.place
    ends = clock.start_of(to)
    for item in db.session.scalars(
        sa.select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, AgendaItem.consent_until > ends)
    ):
        item.consent_until = ends
    db.session.flush()
    activity.record(actor, "meeting.moved", "meeting", to.isoformat(), planned=before, reason=words)
    gather()
    _tell(actor, meeting, "moved", before=before, reason=words)
    return meeting


def gather() -> None:
    """Brings the agenda of the next meeting up to what the other rooms hold now; looked at by the clock.

    What was settled elsewhere leaves it, what was decided lately does not come back unless it was held.
    """
    meeting = queries.next_meeting()
    if meeting is None:
        return
    found = {(one.kind, one.key): one for one in gathering.found_now()}
    there = {
        (row.kind, row.key): row
        for row in db.session.scalars(sa.select(AgendaItem).where(AgendaItem.meeting_id == meeting.id))
    }
    lately = clock.now() - dt.timedelta(days=RECENT_DAYS)
    decided = {
        (kind, key)
        for kind, key in db.session.execute(
            sa.select(AgendaItem.kind, AgendaItem.key).where(
                AgendaItem.decided_at >= lately,
                AgendaItem.verdict != Verdict.HELD,
                AgendaItem.meeting_id != meeting.id,
            )
        )
    }
    for (kind, key), one in found.items():
        if (kind, key) not in there and (kind, key) not in decided:
            db.session.add(
                AgendaItem(
                    meeting_id=meeting.id, kind=kind, key=key,
                    title_zh=one.title_zh, title_en=one.title_en, added_at=clock.now(),
                )
            )  # fmt: skip
    for place, row in there.items():
        if row.verdict is None and row.gone != (place not in found):
            row.gone = place not in found
    db.session.flush()


def cancel(actor: Actor, meeting: Meeting, *, note: str = "") -> None:
    """Cancels a meeting with a reason; its items come to the next one by themselves."""
    must(actor, Permission.LEAD_COMMITTEE)
    must_be_planned(meeting)
    words = clean_text(note, LIMIT_NOTE_BYTES, field="note").strip()
    if not words:
        raise Invalid.of("cancel-note", "committee.reason_missing")
    close(actor, meeting, MeetingState.CANCELLED, words)
    activity.record(actor, "meeting.cancelled", "meeting", meeting.day.isoformat())
    _tell(actor, meeting, "cancelled", reason=words)


def close(actor: Actor, meeting: Meeting, state: MeetingState, words: str) -> None:
    """Puts down how a meeting ended, by whom, and how many sat on the committee then."""
    meeting.state, meeting.note, meeting.members = state, words, len(queries.members())
    meeting.closed_by_id, meeting.closed_at = actor.person_id, clock.now()
    db.session.flush()


def _free(day: dt.date | None, field: str = "day") -> dt.date:
    """Returns a day of today or later on which there is no meeting yet."""
    if day is None or day < clock.today():
        raise Invalid.of(field, "committee.day_past")
    if db.session.scalar(sa.select(Meeting.id).where(Meeting.day == day)) is not None:
        raise Invalid.of(field, "committee.day_taken")
    return day


def _tell(
    actor: Actor, meeting: Meeting, what: str, *, before: dt.date | None = None, reason: str = ""
) -> None:
    """Lets the other members know."""
    events.announce(
        events.MeetingChanged(
            meeting.id, what, meeting.day.isoformat(), before.isoformat() if before else "",
            clock.now().isoformat(), reason,
            tuple(person.id for person in queries.members() if person.id != actor.person_id),
        )
    )  # fmt: skip
