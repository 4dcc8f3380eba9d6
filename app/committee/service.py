"""Owns the verbs of the committee: calling a meeting, gathering, voices, decisions, minutes. Money stands in `budget.py`."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa

from app.committee import deeds, gathering, queries
from app.committee.consent import CONSENT_WORKING_DAYS, Consent
from app.committee.models import AgendaItem, Attendance, Meeting, MeetingState, Verdict, Voice
from app.core import activity, calendar, clock
from app.core.access import SYSTEM, Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused
from app.core.text import clean_text, one_line
from app.people import queries as people_queries
from app.standards.models import Revision

LIMIT_NOTE_BYTES = 8 * 1024
RECENT_DAYS = 30  # what was decided so lately does not come back by itself


def call_meeting(actor: Actor, *, day: dt.date | None, place: str = "") -> Meeting:
    """Calls a meeting, one a day, and gathers its agenda. Raises Invalid for a past or taken day, NotAllowed."""
    _must(actor, Permission.LEAD_COMMITTEE)
    if day is None or day < clock.today():
        raise Invalid.of("day", "committee.day_past")
    if db.session.scalar(sa.select(Meeting.id).where(Meeting.day == day)) is not None:
        raise Invalid.of("day", "committee.day_taken")
    row = Meeting(
        day=day,
        place=one_line(place, 400, field="place"),
        called_by_id=actor.person_id,
        called_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "meeting.called", "meeting", day.isoformat())
    gather()
    return row


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


def ask_consent(actor: Actor, item: AgendaItem) -> None:
    """Lets the committee agree before the meeting: members have three working days, or until its day, to object."""
    _must(actor, Permission.LEAD_COMMITTEE)
    _must_be_open(item)
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
    _must(actor, Permission.SIT_ON_COMMITTEE)
    _must_be_open(item)
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
    _must(actor, Permission.LEAD_COMMITTEE)
    _must_be_planned(meeting)
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
    _must(actor, Permission.LEAD_COMMITTEE)
    _must_be_open(item)
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
    _must(actor, Permission.LEAD_COMMITTEE)
    _must_be_planned(meeting)
    if meeting.day > clock.today():
        raise Refused("committee.not_yet", day=meeting.day.isoformat())
    _close(actor, meeting, MeetingState.HELD, clean_text(note, LIMIT_NOTE_BYTES, field="note").strip())
    activity.record(actor, "meeting.minutes_confirmed", "meeting", meeting.day.isoformat())


def cancel(actor: Actor, meeting: Meeting, *, note: str = "") -> None:
    """Cancels a meeting with a reason; its items come to the next one by themselves."""
    _must(actor, Permission.LEAD_COMMITTEE)
    _must_be_planned(meeting)
    words = clean_text(note, LIMIT_NOTE_BYTES, field="note").strip()
    if not words:
        raise Invalid.of("cancel-note", "committee.reason_missing")
    _close(actor, meeting, MeetingState.CANCELLED, words)
    activity.record(actor, "meeting.cancelled", "meeting", meeting.day.isoformat())


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


def _close(actor: Actor, meeting: Meeting, state: MeetingState, words: str) -> None:
    meeting.state, meeting.note, meeting.members = state, words, len(queries.members())
    meeting.closed_by_id, meeting.closed_at = actor.person_id, clock.now()
    db.session.flush()


def _must_be_open(item: AgendaItem) -> None:
    _must_be_planned(item.meeting)
    if item.verdict is not None or item.gone:
        raise Refused("committee.decided")


def _must_be_planned(meeting: Meeting) -> None:
    if meeting.state is not MeetingState.PLANNED:
        raise Refused("committee.closed", day=meeting.day.isoformat())


def _must(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission) or actor.person_id is None:
        raise NotAllowed("move.no_permission", permission=permission.value)
