"""Owns who is told what on which news. Handlers write rows only; mails leave by jobs."""

from dataclasses import dataclass
from enum import StrEnum

from app.core import clock, events
from app.core.access import Permission, Role
from app.core.db import db
from app.notices.service import about, tell
from app.people import queries as people
from app.people.models import Person
from app.publishing import queries as publishing
from app.reviews.models import CounselInvitation, ReviewTask, ReviewThread, SignOff
from app.standards import queries as standards
from app.standards.models import Publication, Revision
from app.standards.workflow import Move


class Reader(StrEnum):
    """Who is told of a move."""

    DIRECTORS = "directors"
    ASSESSORS = "assessors"
    CHAIR = "chair"
    DRAFTERS = "drafters"  # the one of the revision, or all of them while it has none
    PROPOSER = "proposer"  # the person who proposed it


READER_ROLES: dict[Reader, Role] = {
    Reader.DIRECTORS: Role.SERVICE_DIRECTOR,
    Reader.ASSESSORS: Role.ASSESSOR,
    Reader.CHAIR: Role.COMMITTEE_CHAIR,
    Reader.DRAFTERS: Role.DRAFTER,
    Reader.PROPOSER: Role.PROPOSER,
}


@dataclass(frozen=True)
class News:
    """Who reads which sentence after a move; `is_urgent` is mailed at once."""

    kind: str
    readers: tuple[Reader, ...]
    is_urgent: bool = False


NEWS: dict[Move, News] = {
    Move.PROPOSE: News("triage_asked", (Reader.DIRECTORS,)),
    Move.OPEN_SCORING: News("score_asked", (Reader.ASSESSORS,)),
    Move.ACCEPT: News("draft_asked", (Reader.DRAFTERS,)),
    Move.AMEND: News("draft_asked", (Reader.DRAFTERS,)),
    Move.FAST_TRACK: News("fast_track", (Reader.DRAFTERS, Reader.CHAIR), is_urgent=True),
    Move.SEND_BACK: News("returned", (Reader.DRAFTERS,), is_urgent=True),
    Move.SCHEDULE: News("scheduled", (Reader.DRAFTERS,)),
    Move.EMERGENCY: News("scheduled", (Reader.DRAFTERS,)),
    Move.UNDO_SCHEDULE: News("undone", (Reader.DRAFTERS,), is_urgent=True),
    Move.REOPEN: News("reopened", (Reader.DIRECTORS, Reader.DRAFTERS), is_urgent=True),
    Move.DECLINE: News("declined", (Reader.PROPOSER,)),
    Move.DECLINE_LATE: News("declined", (Reader.PROPOSER,)),
    Move.STOP: News("declined", (Reader.PROPOSER,)),
    Move.TAKE_EFFECT: News("idea_live", (Reader.PROPOSER,)),
}


def _read_by(reader: Reader, revision: Revision) -> list[Person]:
    if reader is Reader.PROPOSER:
        return _directly(revision.proposer_id)
    if reader is Reader.DRAFTERS and revision.drafter_id:
        return _directly(revision.drafter_id)
    return people.holders(READER_ROLES[reader])


def _directly(person_id: int | None) -> list[Person]:
    return [people.person(person_id)] if person_id else []


def _directors(revision: Revision) -> list[Person]:
    return _read_by(Reader.DIRECTORS, revision)


def on_revision_moved(event: events.RevisionMoved) -> None:
    """Tells the people whose turn it is now, and those whom a decision concerns."""
    revision = db.session.get_one(Revision, event.revision_id)
    step = standards.steps(revision.id)[-1]
    move, key = Move(event.move), f"move:{step.id}"
    values = about(revision) | {"reason": step.reason}
    if move is Move.EMERGENCY:
        _ask_for_approval(revision, event.actor_id, key)
    if move is Move.SEND_BACK:
        values["clause"] = ", ".join(c.upper() for c in standards.clause_ids(revision.id))
    found = NEWS.get(move)
    if found is not None:
        url = f"/score/{revision.number}" if move is Move.OPEN_SCORING else f"/r/{revision.number}"
        for person in (one for reader in found.readers for one in _read_by(reader, revision)):
            tell(person, found.kind, url, key=key, is_urgent=found.is_urgent, **values)


def on_review_asked(event: events.ReviewAsked) -> None:
    """Tells a reviewer that a review waits; of steps asked together in one round only once."""
    task = db.session.get_one(ReviewTask, event.task_id)
    revision = db.session.get_one(Revision, task.revision_id)
    if task.assignee_id is None:
        return
    tell(
        people.person(task.assignee_id),
        "review_asked",
        f"/r/{revision.number}/review",
        key=f"asked:{task.round_id}:{task.asked_at.isoformat()}",
        due=task.due_at.isoformat(),
        **about(revision),
    )


def on_review_due(event: events.ReviewDue) -> None:
    """Reminds a reviewer, at once on the due day and after it; who is late and has no backup, the directors see too."""
    task = db.session.get_one(ReviewTask, event.task_id)
    revision = db.session.get_one(Revision, task.revision_id)
    kind = "review_handed" if event.reminder == "after" and event.backup_id else f"review_{event.reminder}"
    told, who = [people.person(event.person_id)], {}
    if event.reminder == "after" and event.backup_id:
        who = {"who": event.backup_id}
    elif event.reminder == "after":
        told += _directors(revision)
    for person in told:
        tell(
            person,
            kind,
            f"/r/{revision.number}/review",
            key=f"review:{task.id}:{event.reminder}:{task.due_at.date().isoformat()}",
            is_urgent=event.reminder != "before",
            due=task.due_at.isoformat(),
            **about(revision),
            **who,
        )


def on_sign_off_reopened(event: events.SignOffReopened) -> None:
    """Tells the signer at once which clauses changed after the signature, or what is claimed of them from what to what."""
    revision = db.session.get_one(Revision, event.revision_id)
    sign_off = db.session.get_one(SignOff, event.sign_off_id)
    newest = standards.newest_text_version(revision.id)
    person, url = people.person(sign_off.signer_id), f"/r/{revision.number}/review"
    for old, new in dict.fromkeys((old, new) for _clause, old, new in event.claims):
        named = [c.upper() for c, *change in event.claims if change == [old, new]]
        tell(
            person, "recheck_claim", url, key=f"recheck_claim:{sign_off.id}:{clock.now().isoformat()}:{new}",
            is_urgent=True, number=revision.number, clauses=", ".join(named), claim_before=old, claim=new,
        )  # fmt: skip
    claimed = {clause for clause, _old, _new in event.claims}
    texts = [c.upper() for c in event.clause_ids if c not in claimed]
    if texts:
        key = f"recheck:{sign_off.id}:{newest.number if newest else 0}"
        tell(
            person, "recheck", url, key=key, is_urgent=True, number=revision.number, clauses=", ".join(texts)
        )


def on_reviewer_urged(event: events.ReviewerUrged) -> None:
    """Tells the reviewer at once who asks; on one day only once in a round."""
    task = db.session.get_one(ReviewTask, event.task_id)
    if task.assignee_id is None:
        return
    revision = db.session.get_one(Revision, task.revision_id)
    tell(
        people.person(task.assignee_id),
        "urged",
        f"/r/{revision.number}/review",
        key=f"urged:{task.round_id}:{event.on.isoformat()}",
        is_urgent=True,
        number=revision.number,
        who=event.actor_id,
    )


def on_note_written(event: events.NoteWritten) -> None:
    """Tells the drafter, and who opened the thread or invited counsel who did, that somebody wrote."""
    revision = db.session.get_one(Revision, event.revision_id)
    thread = db.session.get_one(ReviewThread, event.thread_id)
    author = next((n.author_id for n in thread.notes if n.id == event.note_id), None)
    inviters = {n.counsel.invited_by_id for n in thread.notes if n.counsel}
    for person_id in ({revision.drafter_id, thread.opened_by_id} | inviters) - {author, None}:
        tell(
            people.person(person_id),  # type: ignore[arg-type]
            "thread_note",
            f"/r/{revision.number}/review",
            key=f"note:{event.note_id}",
            number=revision.number,
            clause=thread.clause_id.upper(),
        )


def on_reviewer_added(event: events.ReviewerAdded) -> None:
    """Tells at once whoever was added to a review, who asks and why."""
    task = db.session.get_one(ReviewTask, event.task_id)
    revision = db.session.get_one(Revision, task.revision_id)
    if task.assignee_id is not None:
        tell(
            people.person(task.assignee_id),
            "review_added",
            f"/r/{revision.number}/review",
            key=f"added:{task.id}",
            is_urgent=True,
            who=task.added_by_id,
            reason=task.added_because,
            **about(revision),
        )


def on_counsel_signed(event: events.CounselSigned) -> None:
    """Tells at once whoever invited outside counsel, and the drafter, what came of it."""
    revision = db.session.get_one(Revision, event.revision_id)
    row = db.session.get_one(CounselInvitation, event.invitation_id)
    if row.sign_off is None:
        return
    for person_id in {row.invited_by_id, revision.drafter_id} - {None}:
        tell(
            people.person(person_id),  # type: ignore[arg-type]
            f"counsel_{row.sign_off.decision.value}",
            f"/r/{revision.number}/review/counsel",
            key=f"counsel:{row.id}",
            is_urgent=person_id == row.invited_by_id,
            number=revision.number,
        )


def on_counsel_outdated(event: events.CounselOutdated) -> None:
    """Tells whoever invited outside counsel, once, that what was accepted there changed."""
    revision = db.session.get_one(Revision, event.revision_id)
    row = db.session.get_one(CounselInvitation, event.invitation_id)
    tell(
        people.person(row.invited_by_id),
        "counsel_outdated",
        f"/r/{revision.number}/review/counsel",
        key=f"counsel_outdated:{row.id}",
        number=revision.number,
        clauses=", ".join(c.upper() for c in event.clause_ids),
    )


def on_issue_handed_on(event: events.IssueHandedOn) -> None:
    """Tells the liaisons of the department; where it has none, its reviewers, who answer for it elsewhere."""
    told = people.holders(Role.LIAISON, department_code=event.department_code)
    for role in (Role.BUSINESS_REVIEWER, Role.IT_REVIEWER, Role.LEGAL_REVIEWER):
        told = told or people.holders(role, department_code=event.department_code)
    for person in told:
        tell(
            person,
            "issue_handed_on",
            f"/e/{event.number}" if people.actor_for(person).may(Permission.READ_EVIDENCE) else "/notices",
            key=f"handed_on:{event.number}:{clock.now().isoformat()}",
            number=event.number,
            words=event.words,
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


def _ask_for_approval(revision: Revision, actor_id: int | None, key: str) -> None:
    """Tells everybody who may be the second person of an emergency publication, but not the first one."""
    plan = publishing.plan(revision.id)
    if plan is None or plan.approval_due is None:
        return
    day = plan.approval_due.isoformat()
    for person in [*people.holders(Role.COMMITTEE_CHAIR), *people.holders(Role.SERVICE_DIRECTOR)]:
        if person.id != actor_id:
            tell(
                person,
                "emergency",
                f"/r/{revision.number}",
                key=f"approve:{key}",
                is_urgent=True,
                number=revision.number,
                day=day,
            )
