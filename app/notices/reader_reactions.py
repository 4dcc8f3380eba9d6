"""Owns who is told what about reading, pilots, suggestions, checks and effects. Handlers write rows only."""

import sqlalchemy as sa

from app.audits.models import Sample
from app.core import events
from app.core.access import Role
from app.core.db import db
from app.core.text import cut
from app.evidence.connector_models import Connector
from app.evidence.models import Suggestion, Ticket
from app.notices.service import about, tell
from app.people import queries as people
from app.people.models import Person
from app.pilots.models import Pilot
from app.standards.models import Revision
from app.training import queries as training
from app.training.models import Assignment, Cause, StaffQuestion
from app.training.reminding import Reminder


def on_reader_asked(event: events.ReaderAsked) -> None:
    """Tells a reader what changed for them and from when."""
    assignment = db.session.get_one(Assignment, event.assignment_id)
    publication = training.publication(assignment.publication_id)
    standard, has_joined = publication.standard, assignment.cause is Cause.JOINED
    day = training.due_day(assignment) if has_joined else publication.effective_on
    tell(
        people.person(assignment.person_id),
        "acknowledge_joined" if has_joined else "acknowledge",
        f"/ack/{standard.code}",
        key=f"acknowledge:{assignment.id}",
        title=standard.title_zh,
        title_en=standard.title_en,
        minutes=training.asked_minutes(assignment),
        day=day.isoformat(),
    )


def on_reader_reminded(event: events.ReaderReminded) -> None:
    """Reminds a reader; a reminder of another day is another notice."""
    assignment = db.session.get_one(Assignment, event.assignment_id)
    publication = training.publication(assignment.publication_id)
    tell(
        people.person(assignment.person_id),
        "remind",
        f"/ack/{publication.standard.code}",
        key=f"remind:{assignment.id}:{assignment.reminded_on}",
        is_urgent=True,
        standard=publication.standard.code.upper(),
        day=training.due_day(assignment).isoformat(),
    )


def on_reading_due(event: events.ReadingDue) -> None:
    """Reminds a reader on one of the days the clock knows; on the due day by a mail of its own."""
    assignment = db.session.get_one(Assignment, event.assignment_id)
    standard = training.publication(assignment.publication_id).standard
    tell(
        people.person(assignment.person_id),
        f"reading_{event.reminder}",
        f"/ack/{standard.code}",
        key=f"reading:{assignment.id}:{event.reminder}",
        is_urgent=event.reminder == Reminder.DUE,
        title=standard.title_zh,
        title_en=standard.title_en,
        day=training.due_day(assignment).isoformat(),
    )


def on_readers_overdue(event: events.ReadersOverdue) -> None:
    """Tells the leads of a team how many of it have not read, the trainers where there is no lead.

    Who stands in for a lead on leave is told instead.
    """
    rows = [db.session.get_one(Assignment, assignment_id) for assignment_id in event.assignment_ids]
    standard = training.publication(rows[0].publication_id).standard
    due_days = [training.due_day(row) for row in rows]
    readers = {row.person_id for row in rows}
    leads = [lead for row in rows for lead in _leads(people.person(row.person_id)) if lead.id not in readers]
    told = map(people.stand_in, leads or people.holders(Role.TRAINER))
    for person in {p.id: p for p in told}.values():
        tell(
            person,
            "readers_overdue",
            f"/t/team?standard={standard.code}",
            key=f"overdue:{max(event.assignment_ids)}:{len(rows)}",
            title=standard.title_zh,
            title_en=standard.title_en,
            count=len(rows),
            day=min(due_days).isoformat(),
        )


def on_question_asked(event: events.QuestionAsked) -> None:
    """Tells the reader's team leads and the drafter of the change that somebody asks."""
    assignment = db.session.get_one(Assignment, event.assignment_id)
    reader = people.person(event.person_id)
    publication = training.publication(assignment.publication_id)
    revision = db.session.get(Revision, publication.revision_id or 0)
    told = {p.id: p for p in _leads(reader)}
    if revision is not None and revision.drafter_id:
        told[revision.drafter_id] = people.person(revision.drafter_id)
    for person in told.values():
        tell(
            person,
            "question",
            "/t/questions",
            key=f"question:{event.question_id}",
            clause=f"{publication.standard.code}-{event.clause_id}".upper(),
        )


def on_question_answered(event: events.QuestionAnswered) -> None:
    """Tells the reader that the answer is there."""
    question = db.session.get_one(StaffQuestion, event.question_id)
    assignment = db.session.get_one(Assignment, question.assignment_id)
    publication = training.publication(assignment.publication_id)
    tell(
        people.person(assignment.person_id),
        "question_answered",
        f"/ack/{publication.standard.code}",
        key=f"answered:{question.id}",
        clause=f"{publication.standard.code}-{question.clause_id}".upper(),
    )


def on_pilot_started(event: events.PilotStarted) -> None:
    """Tells the contact and the leads of the pilot's regions that it has begun."""
    pilot = db.session.get_one(Pilot, event.pilot_id)
    revision = db.session.get_one(Revision, event.revision_id)
    regions = set(pilot.pilot_scope.get("region", ()))
    told = {p.id: p for p in people.holders(Role.TEAM_LEAD) if _is_in(p, regions)}
    if pilot.contact_id:
        told[pilot.contact_id] = people.person(pilot.contact_id)
    for person in told.values():
        url = f"/r/{revision.number}/pilot" if person.id == pilot.contact_id else f"/r/{revision.number}"
        tell(person, "pilot_started", url, key=f"pilot:{pilot.id}", **about(revision))


def on_connector_stopped(event: events.ConnectorStopped) -> None:
    """Tells the service directors that a connected system is no longer asked."""
    row = db.session.get_one(Connector, event.connector_id)
    for person in people.holders(Role.SERVICE_DIRECTOR):
        tell(
            person,
            "connector_stopped",
            "/e/connectors",
            key=f"connector:{row.id}:{row.last_at.isoformat() if row.last_at else ''}",
            is_urgent=True,
            name=event.name,
        )


SUGGESTION_SHOWN = 40  # characters; enough to tell one suggestion from the next


def on_suggestion_received(event: events.SuggestionReceived) -> None:
    """Tells the service directors that somebody suggests a change."""
    suggestion = db.session.get_one(Suggestion, event.suggestion_id)
    code = suggestion.standard.code if suggestion.standard else ""
    for person in people.holders(Role.SERVICE_DIRECTOR):
        tell(
            person,
            "suggestion",
            f"/e/suggestions/{suggestion.ref}",
            key=f"suggestion:{suggestion.id}",
            clause=f"{code}-{suggestion.clause_id}".upper() if suggestion.clause_id else suggestion.ref,
            words=cut(" ".join(suggestion.text.split()), SUGGESTION_SHOWN),
        )


def on_suggestion_answered(event: events.SuggestionAnswered) -> None:
    """Tells a colleague who suggested something that the answer is there; customers follow their number."""
    suggestion = db.session.get_one(Suggestion, event.suggestion_id)
    if suggestion.person_id:
        tell(
            people.person(suggestion.person_id),
            "suggestion_answered",
            f"/suggest/{suggestion.ref}",
            key=f"suggestion-answered:{suggestion.id}",
            ref=suggestion.ref,
        )


def on_took_effect(event: events.TookEffect) -> None:
    """Tells the drafter and the director that the text binds now; who proposed it is told by the move."""
    revision = db.session.get(Revision, event.revision_id or 0)
    if revision is None:
        return
    told = {p.id: p for p in people.holders(Role.SERVICE_DIRECTOR)}
    if revision.drafter_id:
        told[revision.drafter_id] = people.person(revision.drafter_id)
    told.pop(revision.proposer_id or 0, None)
    for person in told.values():
        tell(
            person,
            "in_force",
            f"/s/{revision.standard.code}",
            key=f"in-force:{event.publication_id}",
            **about(revision),
        )


def on_sample_scored(event: events.SampleScored) -> None:
    """Tells the agent that one of the own contacts was checked; the result stands on their own page only."""
    sample = db.session.get_one(Sample, event.sample_id)
    ticket = db.session.get_one(Ticket, sample.ticket_id)
    if not ticket.agent:
        return
    person = db.session.scalar(sa.select(Person).where(Person.agent_code == ticket.agent, Person.is_active))
    if person is not None:
        tell(person, "finding", "/a/mine", key=f"finding:{sample.id}")


def on_effect_evaluated(event: events.EffectEvaluated) -> None:
    """Tells the proposer, the drafter and the directors what came of a revision."""
    revision = db.session.get_one(Revision, event.revision_id)
    told = {p.id: p for p in people.holders(Role.SERVICE_DIRECTOR)}
    for person_id in (revision.proposer_id, revision.drafter_id):
        if person_id:
            told[person_id] = people.person(person_id)
    for person in told.values():
        tell(
            person,
            "effect",
            f"/r/{revision.number}",
            key=f"effect:{revision.id}:{event.days}",
            days=event.days,
            **about(revision),
        )


def _leads(reader: Person) -> list[Person]:
    """Returns the leads of the reader's team; of people without a team nobody."""
    leads = people.holders(Role.TEAM_LEAD)
    return [p for p in leads if p.team_id is not None and p.team_id == reader.team_id and p.id != reader.id]


def _is_in(person: Person, regions: set[str]) -> bool:
    return not regions or (person.region is not None and person.region.code in regions)
