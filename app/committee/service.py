"""Owns the verbs on the items of a meeting: voices, decisions, minutes; gathers the verbs of meetings for other rooms.

Money stands in `budget.py`, the award in `award.py`.
"""

from collections.abc import Collection

import sqlalchemy as sa

from app.committee import deeds, queries
from app.committee.consent import CONSENT_WORKING_DAYS, Consent
from app.committee.guards import LIMIT_NOTE_BYTES, must, must_be_open, must_be_planned
from app.committee.meetings import call_meeting, cancel, close, gather, move_meeting
from app.committee.models import AgendaItem, Attendance, Meeting, MeetingState, Verdict, Voice
from app.core import activity, calendar, clock
from app.core.access import SYSTEM, Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, Refused
from app.core.text import clean_text
from app.people import queries as people_queries
from app.standards.models import Revision

__all__ = [
    "ask_consent",
    "call_meeting",
    "cancel",
    "confirm_minutes",
    "decide",
    "gather",
    "look",
    "mark_present",
    "move_meeting",
    "settle_consents",
    "speak",
]


def ask_consent(actor: Actor, item: AgendaItem) -> None:
    """Lets the committee agree before the meeting: members have three working days, or until its day, to object."""
    must(actor, Permission.LEAD_COMMITTEE)
    must_be_open(item)
    if item.consent_until is not None:
        raise Refused("committee.consent_asked")
    last = calendar.add_working_days(clock.today(), CONSENT_WORKING_DAYS)
    until = min(clock.at(last, 18), clock.start_of(item.meeting.day))
    if until <= clock.now():
        raise Refused("committee.too_late_for_consent")
    item.consent_until, item.consent_by_id = until, actor.person_id
    db.session.flush()
    activity.record(actor, "agenda.consent_asked", "agenda_item", item.id, until=until)


def speak(actor: Actor, item: AgendaItem, *, agrees: bool, note: str = "") -> Voice:
    """Keeps what a member says to an item, the newest word counting. Raises Invalid for an objection without words."""
    must(actor, Permission.SIT_ON_COMMITTEE)
    must_be_open(item)
    words = clean_text(note, LIMIT_NOTE_BYTES, field="note").strip()
    if not agrees and not words:
        raise Invalid.of(f"note-{item.id}", "committee.objection_reason")
    row = db.session.scalar(
        sa.select(Voice).where(Voice.item_id == item.id, Voice.person_id == actor.person_id)
    )
    if row is None:
        row = Voice(item_id=item.id, person_id=actor.person_id or 0)
        db.session.add(row)
    row.agrees, row.note, row.at = agrees, words, clock.now()
    db.session.flush()
    activity.record(actor, "agenda.spoken", "agenda_item", item.id, agrees=agrees)
    return row


def settle_consents() -> None:
    """Agrees on every item whose time to object ran out without an objection; looked at by the clock.

    What follows is done by the right of the chair who asked: asking was the chair's yes unless somebody objects. Where
    that right is gone by now, or something is missing, the decision stands and the rest waits for a person.
    """
    due = db.session.scalars(
        sa.select(AgendaItem)
        .join(Meeting)
        .where(
            AgendaItem.consent_until <= clock.now(),
            AgendaItem.verdict.is_(None),
            sa.not_(AgendaItem.gone),
            Meeting.state == MeetingState.PLANNED,
        )
    )
    for item in queries.with_voices(due):
        if item.consent is Consent.AGREED:
            item.row.is_by_consent = True
            _decide(SYSTEM, item.row, Verdict.AGREED, "")
            _follow_consent(item.row)


def look() -> None:
    """Gathers the agenda and settles what nobody objected to."""
    gather()
    settle_consents()


def mark_present(actor: Actor, meeting: Meeting, people: Collection[int]) -> None:
    """Writes down who of the committee is at the meeting; given again it replaces the list."""
    must(actor, Permission.LEAD_COMMITTEE)
    must_be_planned(meeting)
    members = {person.id for person in queries.members()}
    db.session.execute(sa.delete(Attendance).where(Attendance.meeting_id == meeting.id))
    for person_id in sorted(members & set(people)):
        db.session.add(Attendance(meeting_id=meeting.id, person_id=person_id, at=clock.now()))
    db.session.flush()
    activity.record(
        actor, "meeting.attended", "meeting", meeting.day.isoformat(), count=len(members & set(people))
    )


def decide(
    actor: Actor,
    item: AgendaItem,
    *,
    verdict: Verdict | None,
    note: str = "",
    drafter_id: int | None = None,
) -> None:
    """Writes down what the meeting decides and does what follows where the chair may; see `deeds.py`.

    Returning and holding need a reason; they move nothing. Raises Refused without a quorum, Invalid.
    """
    must(actor, Permission.LEAD_COMMITTEE)
    must_be_open(item)
    if not queries.quorum_of(item.meeting).is_reached:
        raise Refused("committee.no_quorum")
    words = clean_text(note, LIMIT_NOTE_BYTES, field="note").strip()
    if verdict is None:
        raise Invalid.of(f"verdict-{item.id}", "committee.verdict_missing")
    if verdict is not Verdict.AGREED and not words:
        raise Invalid.of(f"note-{item.id}", "committee.reason_missing")
    _decide(actor, item, verdict, words)
    if verdict is Verdict.AGREED:
        _carry_out(actor, item, words, drafter_id)


def confirm_minutes(actor: Actor, meeting: Meeting, *, note: str = "") -> None:
    """Closes the meeting; its minutes stand for ever, what was not decided comes to the next one by itself."""
    must(actor, Permission.LEAD_COMMITTEE)
    must_be_planned(meeting)
    if meeting.day > clock.today():
        raise Refused("committee.not_yet", day=meeting.day.isoformat())
    close(actor, meeting, MeetingState.HELD, clean_text(note, LIMIT_NOTE_BYTES, field="note").strip())
    activity.record(actor, "meeting.minutes_confirmed", "meeting", meeting.day.isoformat())


def _decide(actor: Actor, item: AgendaItem, verdict: Verdict, words: str) -> None:
    item.verdict, item.note = verdict, words
    item.decided_by_id, item.decided_at = actor.person_id, clock.now()
    db.session.flush()
    activity.record(actor, "agenda.decided", "agenda_item", item.id, verdict=verdict.value, key=item.key)


def _carry_out(actor: Actor, item: AgendaItem, words: str, drafter_id: int | None = None) -> None:
    if deeds.carry_out(actor, item, _revision_of(item), words, drafter_id):
        item.carried_out_at = clock.now()
        db.session.flush()


def _follow_consent(item: AgendaItem) -> None:
    asker = people_queries.by_ids([item.consent_by_id or 0]).get(item.consent_by_id or 0)
    if asker is None or not asker.is_active or deeds.needs_note(item, _revision_of(item)):
        return
    _carry_out(people_queries.actor_for(asker), item, "")


def _revision_of(item: AgendaItem) -> Revision | None:
    return queries.revisions_by_number([item.key]).get(item.key)
