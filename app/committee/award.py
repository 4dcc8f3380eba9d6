"""Owns the verbs of the innovation award: opening a round with its nominees, the members' blind votes, giving it."""

import datetime as dt

import sqlalchemy as sa

from app.committee import nominating, queries
from app.committee.award_models import AwardNominee, AwardRound, AwardVote
from app.committee.consent import has_quorum
from app.committee.guards import LIMIT_NOTE_BYTES, must
from app.core import activity, clock, events
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotFound, Refused
from app.core.text import clean_text


def round_of(year: int) -> AwardRound | None:
    """Returns the round of a year with its nominees; None before it is opened."""
    return db.session.scalar(sa.select(AwardRound).where(AwardRound.year == year))


def voted(round_id: int) -> dict[int, int]:
    """Returns `{person id: nominee id}`; for counting, and to show members their own vote."""
    rows = db.session.scalars(sa.select(AwardVote).where(AwardVote.round_id == round_id))
    return {row.person_id: row.nominee_id for row in rows}


def open_round(actor: Actor, *, year: int, closes_on: dt.date | None) -> AwardRound:
    """Opens the award of a year, or gives it another last day, and puts up whoever is not put up yet.

    Raises Invalid for a day before today, Refused where nobody can be put up or the award was given, NotAllowed.
    """
    must(actor, Permission.LEAD_COMMITTEE)
    if closes_on is None or closes_on < clock.today():
        raise Invalid.of("closes_on", "committee.day_past")
    row = round_of(year)
    if row is not None and row.is_given:
        raise Refused("award.given", year=str(year))
    found = nominating.nominees_of(year)
    if not found:
        raise Refused("award.nobody", year=str(year))
    if row is None:
        row = AwardRound(year=year, closes_on=closes_on, opened_by_id=actor.person_id, opened_at=clock.now())
        db.session.add(row)
    row.closes_on = closes_on
    known = {(one.kind, one.key) for one in row.nominees}
    for one in found:
        if (one.kind, one.key) not in known:
            row.nominees.append(
                AwardNominee(
                    kind=one.kind, key=one.key, title_zh=one.title_zh, title_en=one.title_en, why=one.why,
                    people=list(one.people),
                )
            )  # fmt: skip
    db.session.flush()
    activity.record(actor, "award.opened", "award", str(year), until=closes_on, count=len(row.nominees))
    _announce("opened", row, [person.id for person in queries.members() if person.id != actor.person_id])
    return row


def vote(actor: Actor, row: AwardRound, nominee_id: int | None) -> None:
    """Keeps the member's one vote; the newest counts. Raises Invalid without a choice and for the member's own work."""
    must(actor, Permission.SIT_ON_COMMITTEE)
    if row.is_given:
        raise Refused("award.given", year=str(row.year))
    nominee = next((one for one in row.nominees if one.id == nominee_id), None)
    if nominee is None:
        raise Invalid.of("nominee", "award.choose")
    if actor.person_id in nominee.people:
        raise Invalid.of("nominee", "award.own")
    known = db.session.get(AwardVote, (row.id, actor.person_id))
    if known is None:
        known = AwardVote(round_id=row.id, person_id=actor.person_id or 0)
        db.session.add(known)
    known.nominee_id, known.at = nominee.id, clock.now()
    db.session.flush()
    activity.record(actor, "award.voted", "award", str(row.year))  # that, not for whom


def give(actor: Actor, row: AwardRound, *, note: str) -> list[AwardNominee]:
    """Counts the votes and gives the award; returns who got most, several where votes are equal.

    Raises Refused with fewer votes than the quorum, Invalid without the committee's words on its choice.
    """
    must(actor, Permission.LEAD_COMMITTEE)
    if row.is_given:
        raise Refused("award.given", year=str(row.year))
    words = clean_text(note, LIMIT_NOTE_BYTES, field="note").strip()
    if not words:
        raise Invalid.of("note", "award.words_missing")
    members = {person.id for person in queries.members()}
    counted = [nominee for person, nominee in voted(row.id).items() if person in members]
    if not has_quorum(len(counted), len(members)):
        raise Refused("award.no_quorum")
    for one in row.nominees:
        one.votes = counted.count(one.id)
    row.note, row.members = words, len(members)
    row.given_by_id, row.given_at = actor.person_id, clock.now()
    db.session.flush()
    chosen = winners(row)
    activity.record(actor, "award.given", "award", str(row.year), to=[one.key for one in chosen])
    _announce("given", row, sorted({person for one in row.nominees for person in one.people}))
    return chosen


def winners(row: AwardRound) -> list[AwardNominee]:
    """Returns who got most votes, in the order in which they were put up; nobody before the award is given."""
    most = max((one.votes or 0 for one in row.nominees), default=0)
    return [one for one in row.nominees if most and one.votes == most]


def found_round(year: int) -> AwardRound:
    """Returns the round of a year. Raises NotFound."""
    row = round_of(year)
    if row is None:
        raise NotFound("award.none", year=str(year))
    return row


def _announce(what: str, row: AwardRound, people: list[int]) -> None:
    events.announce(events.AwardNews(row.year, what, row.closes_on.isoformat(), tuple(people)))
