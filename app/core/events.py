"""Owns the news that later rooms follow, and `announce`. Who reacts to what stands in `app/wiring.py`."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something that happened, with ids and plain values only."""


@dataclass(frozen=True)
class PersonChanged(Event):
    """A person joined, got or lost a role, or left: what they have to follow may be another."""

    person_id: int


@dataclass(frozen=True)
class RevisionMoved(Event):
    """A revision went from one state to another by a move of the workflow."""

    revision_id: int
    move: str
    from_state: str
    to_state: str
    actor_id: int | None


@dataclass(frozen=True)
class ClauseDrafted(Event):
    """The draft of a clause was saved as something new; an autosave is no news."""

    revision_id: int
    clause_id: str
    actor_id: int | None


@dataclass(frozen=True)
class TextDrafted(Event):
    """Clauses and what stands around them were saved at once; stands for the news of each of them."""

    revision_id: int
    actor_id: int | None


@dataclass(frozen=True)
class TextPinned(Event):
    """A text version stands in the store and may be signed."""

    revision_id: int
    text_version_id: int


@dataclass(frozen=True)
class Published(Event):
    """A publication stands in the store and in the database."""

    publication_id: int
    standard_id: int
    revision_id: int | None


@dataclass(frozen=True)
class CustomerNoticeApproved(Event):
    """What customers are told of a revision was approved by a second person. `sha256` is of both texts."""

    revision_id: int
    sha256: str


@dataclass(frozen=True)
class TookEffect(Event):
    """A publication's effective instant has come. `at` is that instant, not the time of the job."""

    publication_id: int
    standard_id: int
    revision_id: int | None
    at: dt.datetime


@dataclass(frozen=True)
class PilotStarted(Event):
    """A pilot began; people in its scope now follow the pilot text."""

    pilot_id: int
    revision_id: int


@dataclass(frozen=True)
class SuggestionReceived(Event):
    """Somebody sent a suggestion on a published clause."""

    suggestion_id: int


@dataclass(frozen=True)
class IssueHandedOn(Event):
    """An issue is another department's to solve; `words` say what is wrong, in the words of who handed it on."""

    number: str
    department_code: str
    words: str


@dataclass(frozen=True)
class SurgeNoticed(Event):
    """Feedback on a clause rose beyond the ordinary; a revision takes care of it. `count` is since the rise began."""

    revision_id: int
    clause_id: str
    alarmed_on: dt.date
    count: int


@dataclass(frozen=True)
class SuggestionAnswered(Event):
    """A suggestion got its answer with a reason."""

    suggestion_id: int


@dataclass(frozen=True)
class ScoreSent(Event):
    """An assessor sent a score card."""

    revision_id: int
    assessor_id: int


@dataclass(frozen=True)
class SignedOff(Event):
    """A reviewer signed."""

    revision_id: int
    sign_off_id: int


@dataclass(frozen=True)
class SignOffReopened(Event):
    """A clause changed after it was signed; only these clauses need a second look.

    `claims` are (clause, old, new) where what is claimed of a change, `editorial` or `material`, is another one now.
    """

    revision_id: int
    sign_off_id: int
    clause_ids: tuple[str, ...]
    claims: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class ReviewerAdded(Event):
    """Somebody was added to a step of a review that runs."""

    task_id: int


@dataclass(frozen=True)
class CounselSigned(Event):
    """Outside counsel signed by a link; whoever invited answers for it inside."""

    revision_id: int
    invitation_id: int


@dataclass(frozen=True)
class CounselOutdated(Event):
    """What outside counsel signed was changed afterwards."""

    revision_id: int
    invitation_id: int
    clause_ids: tuple[str, ...]


@dataclass(frozen=True)
class NoteWritten(Event):
    """Somebody wrote in a thread."""

    revision_id: int
    thread_id: int
    note_id: int


@dataclass(frozen=True)
class Acknowledged(Event):
    """A person acknowledged what changed for them."""

    assignment_id: int
    person_id: int
    standard_id: int


@dataclass(frozen=True)
class QuestionAsked(Event):
    """A person who should acknowledge asked a question instead."""

    assignment_id: int
    person_id: int
    clause_id: str
    question_id: int


@dataclass(frozen=True)
class QuestionAnswered(Event):
    """A question of a reader got its answer."""

    question_id: int


@dataclass(frozen=True)
class ReaderAsked(Event):
    """Somebody was asked to read and acknowledge what a publication changed for them."""

    assignment_id: int


@dataclass(frozen=True)
class ReaderReminded(Event):
    """A lead or trainer reminded somebody of an open assignment."""

    assignment_id: int
    actor_id: int | None


@dataclass(frozen=True)
class ReadingDue(Event):
    """The clock reminds somebody of an open assignment; `reminder` says which of its days has come."""

    assignment_id: int
    reminder: str


@dataclass(frozen=True)
class ReadersOverdue(Event):
    """People of one team have not read what was due some days ago, though each was told before."""

    standard_id: int
    assignment_ids: tuple[int, ...]


@dataclass(frozen=True)
class ReviewAsked(Event):
    """Somebody is asked to review in a step of the plan: its turn came, or a task was handed over."""

    task_id: int


@dataclass(frozen=True)
class ReviewDue(Event):
    """The clock reminds a reviewer (`before`, `due`, `after`); after the due day `backup_id` takes over, None: nobody can."""

    task_id: int
    person_id: int
    reminder: str
    backup_id: int | None


@dataclass(frozen=True)
class ReviewerUrged(Event):
    """Somebody of a revision asks a reviewer once more; `on` is the local day."""

    task_id: int
    actor_id: int | None
    on: dt.date


@dataclass(frozen=True)
class SampleScored(Event):
    """A sampled contact was scored against the clauses in force on its date."""

    sample_id: int


@dataclass(frozen=True)
class EffectEvaluated(Event):
    """The effect of a revision was computed at so many days."""

    revision_id: int
    days: int


@dataclass(frozen=True)
class TicketsImported(Event):
    """An import of tickets ended with so many new or changed rows."""

    import_id: int
    created: int
    updated: int


@dataclass(frozen=True)
class ConnectorStopped(Event):
    """A connected system is no longer asked by itself: a person has to look."""

    connector_id: int
    name: str


@dataclass(frozen=True)
class MeetingChanged(Event):
    """A meeting of the committee was called, moved or cancelled (`what`); `people` are told, the days are ISO dates.

    `before` is the day it was on, `at` the ISO moment of the change, both for moved ones; empty otherwise.
    """

    meeting_id: int
    what: str
    day: str
    before: str
    at: str
    reason: str
    people: tuple[int, ...]


@dataclass(frozen=True)
class AwardNews(Event):
    """The innovation award of a year was opened to the votes, or given (`what`); `people` are told. `day` is the last day."""

    year: int
    what: str
    day: str
    people: tuple[int, ...]


@dataclass(frozen=True)
class WorkingTimeChanged(Event):
    """Shifts, own days or peak seasons (`kind`) of the house changed; `holds_from` is the first local day that differs."""

    change_id: int
    kind: str
    holds_from: dt.date


Handler = Callable[[Any], None]
_handlers: dict[type[Event], tuple[Handler, ...]] = {}
_held: ContextVar[tuple[type[Event], list[Event]] | None] = ContextVar("held", default=None)


def wire(table: dict[type[Event], tuple[Handler, ...]]) -> None:
    """Sets who reacts to what; called once by the wiring page."""
    _handlers.clear()
    _handlers.update(table)


@contextmanager
def held(kind: type[Event]) -> Iterator[list[Event]]:
    """Holds back what is announced of a kind inside; the caller says at the end what came of it, as one event."""
    found: list[Event] = []
    token = _held.set((kind, found))
    try:
        yield found
    finally:
        _held.reset(token)


def announce(event: Event) -> None:
    """Runs the handlers of the event in the caller's transaction, in the order of the wiring page."""
    holding = _held.get()
    if holding is not None and isinstance(event, holding[0]):
        holding[1].append(event)
        return
    for handler in _handlers.get(type(event), ()):
        handler(event)
