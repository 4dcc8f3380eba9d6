"""Owns keeping what a person is asked to read in step with their roles: joining, moving, leaving."""

import datetime as dt

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import defer

from app.core import activity, clock, events, jobs
from app.core.access import SYSTEM, Permission
from app.core.db import db
from app.people import queries as people
from app.people.models import Person
from app.standards.models import Publication
from app.training import queries
from app.training.deltas import Delta, Reader, Version, to_read
from app.training.models import Assignment, AssignmentState, Cause
from app.training.service import END_OF_DAY_HOUR

LOOK_BACK_DAYS = 30  # a clock that stood still so long still finds the grants that began or ended


def keep_in_step(person_id: int) -> dict[str, object]:
    """Job: asks a person for what their roles follow and they do not know, and drops what concerns them no more.

    Source: mission.md row 38 and rule 5. Doing it again asks nothing twice; what was acknowledged stays.
    """
    person = people.person(person_id)
    actor = people.actor_for(person)
    may_read = person.is_active and actor.may(Permission.ACKNOWLEDGE)
    waiting: dict[int, list[Assignment]] = {}
    for row in queries.open_assignments(person.id):
        waiting.setdefault(row.standard_id, []).append(row)
    asked, dropped = [], []
    for publication in _newest_publications():
        texts = queries.versions(publication.standard_id)
        reader = queries.reader(person, actor, publication.standard_id)
        needed = to_read(texts, reader) if may_read else ()
        open_rows = waiting.get(publication.standard_id, [])
        if needed and not open_rows:
            _ask(person, publication, _due_day(reader, texts, needed))
            asked.append(publication.standard.code)
        elif open_rows and not needed:
            for row in open_rows:
                row.state = AssignmentState.LAPSED
            dropped.append(publication.standard.code)
    db.session.flush()
    if asked:
        activity.record(SYSTEM, "reader.joined", "person", person.subject, standards=asked)
    if dropped:
        activity.record(SYSTEM, "reader.left", "person", person.subject, standards=dropped)
    return {"asked": len(asked), "dropped": len(dropped)}


def look_at_grants() -> None:
    """Queues whoever's role began or ended by its date; each such day is looked at once."""
    today = clock.today()
    turning = people.grants_turning(today - dt.timedelta(days=LOOK_BACK_DAYS))
    keys = {}
    for grant in turning:
        is_over = grant.ends_on is not None and grant.ends_on < today
        keys[
            f"step:{grant.id}:{'ended' if is_over else 'begun'}:{grant.ends_on if is_over else grant.starts_on}"
        ] = grant.person_id
    known = set(db.session.scalars(sa.select(jobs.Job.key).where(jobs.Job.key.in_(keys))))
    for key, person_id in keys.items():
        if key not in known:
            jobs.enqueue("keep_in_step", key=key, person_id=person_id)


def _newest_publications() -> list[Publication]:
    newest = sa.select(sa.func.max(Publication.id)).group_by(Publication.standard_id)
    query = sa.select(Publication).where(Publication.id.in_(newest)).order_by(Publication.standard_id)
    return list(db.session.scalars(query.options(defer(Publication.content), defer(Publication.manifest))))


def _ask(person: Person, publication: Publication, due_day: dt.date) -> None:
    row = Assignment(
        person_id=person.id,
        standard_id=publication.standard_id,
        publication_id=publication.id,
        state=AssignmentState.OPEN,
        asked_at=clock.now(),
        due_at=clock.at(due_day, END_OF_DAY_HOUR),
        cause=Cause.JOINED,
    )
    db.session.add(row)
    db.session.flush()
    events.announce(events.ReaderAsked(row.id))


def _due_day(reader: Reader, texts: list[Version], needed: tuple[Delta, ...]) -> dt.date:
    """Counts from the day of joining, or of the newest role that follows what is to be read; tomorrow at the least."""
    ids = {delta.clause_id for delta in needed}
    began = max(reader.follows_since(v.audience) for v in texts if v.clause_id in ids)
    days = dt.timedelta(days=current_app.config["SETTINGS"].acknowledge_days)
    return max(clock.today() + dt.timedelta(days=1), began + days)
