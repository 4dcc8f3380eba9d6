"""Owns who is told what on which news. Handlers write rows only; mails leave by jobs."""

from typing import Any

from app.core import events
from app.core.access import Role
from app.core.db import db
from app.notices.service import tell
from app.people import queries as people
from app.people.models import Person
from app.reviews import queries as reviews
from app.reviews.models import ReviewThread, SignOff
from app.standards import queries as standards
from app.standards.models import Publication, Revision
from app.standards.workflow import Move


def on_revision_moved(event: events.RevisionMoved) -> None:
    """Tells the people whose turn it is now."""
    revision = db.session.get_one(Revision, event.revision_id)
    step = standards.steps(revision.id)[-1]
    url, key = f"/r/{revision.number}", f"move:{step.id}"
    about = _about(revision)
    match Move(event.move):
        case Move.PROPOSE:
            for person in people.holders(Role.SERVICE_DIRECTOR):
                tell(person, "triage_asked", url, key=key, **about)
        case Move.OPEN_SCORING:
            for person in people.holders(Role.ASSESSOR):
                tell(person, "score_asked", f"/score/{revision.number}", key=key, **about)
        case Move.ACCEPT | Move.AMEND:
            for person in _drafters(revision):
                tell(person, "draft_asked", url, key=key, **about)
        case Move.FAST_TRACK:
            for person in [*_drafters(revision), *people.holders(Role.COMMITTEE_CHAIR)]:
                tell(person, "fast_track", url, key=key, is_urgent=True, reason=step.reason, **about)
        case Move.SUBMIT:
            for task in reviews.tasks(revision.id):
                if task.assignee_id and task.done_at is None:
                    due = task.due_at.isoformat()
                    tell(
                        people.person(task.assignee_id),
                        "review_asked",
                        f"{url}/review",
                        key=key,
                        due=due,
                        **about,
                    )
        case Move.SEND_BACK:
            for person in _drafters(revision):
                clause = ", ".join(standards.clause_ids(revision.id))
                tell(person, "returned", url, key=key, is_urgent=True, clause=clause, **about)
        case Move.SCHEDULE | Move.EMERGENCY:
            for person in _drafters(revision):
                tell(person, "scheduled", url, key=key, **about)
        case Move.UNDO_SCHEDULE:
            for person in _drafters(revision):
                tell(person, "undone", url, key=key, is_urgent=True, **about)
        case Move.REOPEN:
            for person in [*people.holders(Role.SERVICE_DIRECTOR), *_drafters(revision)]:
                tell(person, "reopened", url, key=key, is_urgent=True, number=revision.number)
        case Move.DECLINE | Move.DECLINE_LATE | Move.STOP:
            if revision.proposer_id:
                tell(
                    people.person(revision.proposer_id), "declined", url, key=key, reason=step.reason, **about
                )
        case Move.TAKE_EFFECT:
            if revision.proposer_id:
                tell(people.person(revision.proposer_id), "idea_live", url, key=key, **about)
        case _:
            return


def on_sign_off_reopened(event: events.SignOffReopened) -> None:
    """Tells the signer at once which clauses changed after the signature."""
    revision = db.session.get_one(Revision, event.revision_id)
    sign_off = db.session.get_one(SignOff, event.sign_off_id)
    newest = standards.newest_text_version(revision.id)
    tell(
        people.person(sign_off.signer_id),
        "recheck",
        f"/r/{revision.number}/review",
        key=f"recheck:{sign_off.id}:{newest.number if newest else 0}",
        is_urgent=True,
        number=revision.number,
        clauses=", ".join(c.upper() for c in event.clause_ids),
    )


def on_note_written(event: events.NoteWritten) -> None:
    """Tells the drafter, or the person who opened the thread, that somebody wrote."""
    revision = db.session.get_one(Revision, event.revision_id)
    thread = db.session.get_one(ReviewThread, event.thread_id)
    author = next((n.author_id for n in thread.notes if n.id == event.note_id), None)
    for person_id in {revision.drafter_id, thread.opened_by_id} - {author, None}:
        tell(
            people.person(person_id),  # type: ignore[arg-type]
            "thread_note",
            f"/r/{revision.number}/review",
            key=f"note:{event.note_id}",
            number=revision.number,
            clause=thread.clause_id.upper(),
        )


def on_published(event: events.Published) -> None:
    """Tells the team leads and trainers of the audience which version comes when."""
    publication = db.session.get_one(Publication, event.publication_id)
    if event.revision_id is None:
        return
    for role in (Role.TEAM_LEAD, Role.TRAINER):
        for person in people.holders(role):
            tell(
                person,
                "published",
                f"/s/{publication.standard.code}",
                key=f"published:{publication.id}",
                standard=publication.standard.code.upper(),
                version=publication.version,
                day=publication.effective_on.isoformat(),
            )


def _about(revision: Revision) -> dict[str, Any]:
    return {"number": revision.number, "title": revision.title, "title_en": revision.title_en}


def _drafters(revision: Revision) -> list[Person]:
    if revision.drafter_id:
        return [people.person(revision.drafter_id)]
    return people.holders(Role.DRAFTER)
