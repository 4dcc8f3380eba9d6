"""Owns the tables of review: plans, rounds, tasks, checklists, threads, marks, sign-offs, outside counsel."""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, EnumText, Instant
from app.people.models import Person
from app.reviews.freshness import Kind
from app.standards.models import TextVersion


class ReviewPlan(Base):
    """A review plan as it was written; nothing of it is changed later (see `plan.py` for the form of `steps`).

    It counts for the revisions begun after it: those with an id above `after_revision_id`, up to the next plan's.
    """

    __tablename__ = "review_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    after_revision_id: Mapped[int]
    note: Mapped[str] = mapped_column(sa.Text)  # why it was changed
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(Instant)


class ReviewRound(Base):
    """One round of review of a revision; it opens when the draft is submitted."""

    __tablename__ = "review_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    number: Mapped[int]
    opened_at: Mapped[dt.datetime] = mapped_column(Instant)
    closed_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    __table_args__ = (sa.UniqueConstraint("revision_id", "number"),)


class TaskState(StrEnum):
    """Where a reviewer's task stands."""

    WAITING = "waiting"
    SIGNED = "signed"
    RETURNED = "returned"  # sent back with a reason
    RECHECK = "recheck"  # a signed clause changed; only that needs a second look
    CLOSED = "closed"  # the round ended without it


class ReviewTask(Base):
    """Somebody is asked to review in one step of the plan. `assignee_id` changes when it is handed over."""

    __tablename__ = "review_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("review_round.id"))
    kind: Mapped[Kind] = mapped_column(EnumText(Kind))
    step: Mapped[str] = mapped_column(sa.Text)  # its key in the revision's plan
    assignee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))  # whom a backup stands in for
    is_required: Mapped[bool] = mapped_column(default=True)
    state: Mapped[TaskState] = mapped_column(EnumText(TaskState), default=TaskState.WAITING)
    asked_at: Mapped[dt.datetime] = mapped_column(Instant)
    due_at: Mapped[dt.datetime] = mapped_column(Instant)
    done_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    urged_on: Mapped[dt.date | None]
    last_reminder: Mapped[str | None] = mapped_column(sa.Text)  # what the clock said last, see `deadlines.py`
    why: Mapped[str] = mapped_column(sa.Text, default="")  # rule, hand_over, claimed, added
    added_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id")
    )  # who asked for this reviewer too
    added_because: Mapped[str] = mapped_column(sa.Text, default="")
    after_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_task.id"))  # whose turn comes first


class Answer(StrEnum):
    """An answer to a checklist item."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"


class ChecklistAnswer(Base):
    """The newest answer of a step's reviewers to one checklist item in a revision."""

    __tablename__ = "checklist_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    kind: Mapped[Kind] = mapped_column(EnumText(Kind))
    step: Mapped[str] = mapped_column(sa.Text)
    item: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[Answer] = mapped_column(EnumText(Answer))
    clause_id: Mapped[str | None] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)

    __table_args__ = (sa.UniqueConstraint("revision_id", "step", "item"),)


class ReviewThread(Base):
    """A discussion on a clause; it stays beside the clause until it is resolved, whatever happens to the text."""

    __tablename__ = "review_thread"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    clause_id: Mapped[str] = mapped_column(sa.Text)
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[dt.datetime] = mapped_column(Instant)
    body_zh: Mapped[str] = mapped_column(sa.Text, default="")  # the clause when the thread was opened
    body_en: Mapped[str] = mapped_column(sa.Text, default="")
    resolved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    resolved_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    notes: Mapped[list["ThreadNote"]] = relationship(order_by="ThreadNote.id", lazy="selectin")


class ThreadNote(Base):
    """A note in a thread; with suggested wording the drafter can take it over in one click.

    One that `is_held` is read by its author alone until it is sent; `at` is when it was sent, or written
    while it is held.
    """

    __tablename__ = "thread_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey("review_thread.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    counsel_id: Mapped[int | None] = mapped_column(sa.ForeignKey("counsel_invitation.id"))  # from outside
    text: Mapped[str] = mapped_column(sa.Text)
    suggested_zh: Mapped[str | None] = mapped_column(sa.Text)
    suggested_en: Mapped[str | None] = mapped_column(sa.Text)
    applied_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    at: Mapped[dt.datetime] = mapped_column(Instant)
    is_held: Mapped[bool] = mapped_column(default=False)

    counsel: Mapped["CounselInvitation | None"] = relationship()

    __table_args__ = (sa.Index("ix_thread_note_held", "is_held", "author_id"),)


class Mark(StrEnum):
    """A reader's own mark on a changed clause."""

    SEEN = "seen"
    COME_BACK = "come_back"


class SeenMark(Base):
    """What a person marked on a clause, with the text it was marked on; a changed text makes it count no more."""

    __tablename__ = "seen_mark"

    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    clause_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    mark: Mapped[Mark] = mapped_column(EnumText(Mark))
    text_sha256: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(Instant)


class Decision(StrEnum):
    """What a reviewer decides."""

    APPROVE = "approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions"  # IT: feasible with conditions
    RETURN = "return"


class SignOff(Base):
    """A signature: who, in which field, with which meaning, on which pinned text; one line for each part."""

    __tablename__ = "sign_off"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("review_round.id"))
    text_version_id: Mapped[int] = mapped_column(sa.ForeignKey("text_version.id"))
    kind: Mapped[Kind] = mapped_column(EnumText(Kind))
    step: Mapped[str] = mapped_column(sa.Text)
    signer_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decision: Mapped[Decision] = mapped_column(EnumText(Decision))
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    effort: Mapped[str | None] = mapped_column(sa.Text)  # S, M, L: IT only
    earliest_on: Mapped[dt.date | None]
    process: Mapped[str] = mapped_column(sa.Text, default="")  # of the business: what it collides with
    fingerprint: Mapped[str] = mapped_column(sa.Text)  # of the lines, shown in every human-readable form
    signed_at: Mapped[dt.datetime] = mapped_column(Instant)
    zone: Mapped[str] = mapped_column(sa.Text)
    sign_in_age_seconds: Mapped[int]
    confirmed_by: Mapped[str] = mapped_column(sa.Text, default="password")  # or code, recovery

    lines: Mapped[list["SignOffLine"]] = relationship(lazy="selectin", order_by="SignOffLine.part")


class SignOffLine(Base):
    """One part a signature covers, with the hash it had."""

    __tablename__ = "sign_off_line"

    sign_off_id: Mapped[int] = mapped_column(sa.ForeignKey("sign_off.id"), primary_key=True)
    part: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    part_sha256: Mapped[str] = mapped_column(sa.Text)


class CounselInvitation(Base):
    """Somebody outside the house is asked once, by a link, what they think of a step's clauses.

    `subject` stands in the log and in manifests instead of the name. Empty `clause_ids` are all clauses of the step.
    The link's secret and the mark of the browser that stated who is there are kept as sha256 only. What was stated
    last, before reading, is `stated_*`; empty until then. `mailed_at` is when the house's mail server took the letter
    with the link, `mail_failure` the key of the reason why it did not; both empty where nobody asked for it.
    """

    __tablename__ = "counsel_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.Text, unique=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    step: Mapped[str] = mapped_column(sa.Text)
    clause_ids: Mapped[list[str]] = mapped_column(sa.JSON)
    name: Mapped[str] = mapped_column(sa.Text)
    firm: Mapped[str] = mapped_column(sa.Text)
    email: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.Text)
    question: Mapped[str] = mapped_column(sa.Text)  # what the house wants to know
    secret_hash: Mapped[str] = mapped_column(sa.Text, unique=True)
    invited_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    invited_at: Mapped[dt.datetime] = mapped_column(Instant)
    expires_at: Mapped[dt.datetime] = mapped_column(Instant)
    taken_back_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    mailed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    mail_failure: Mapped[str] = mapped_column(sa.Text, default="")
    stated_name: Mapped[str] = mapped_column(sa.Text, default="")
    stated_firm: Mapped[str] = mapped_column(sa.Text, default="")
    stated_role: Mapped[str] = mapped_column(sa.Text, default="")
    stated_number: Mapped[str] = mapped_column(sa.Text, default="")  # bar or registration number
    stated_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    browser_hash: Mapped[str | None] = mapped_column(sa.Text)

    invited_by: Mapped[Person] = relationship(lazy="joined")
    sign_off: Mapped["CounselSignOff | None"] = relationship(lazy="joined", back_populates="invitation")


class CounselSignOff(Base):
    """What outside counsel signed: the statement as written out, the decision, and each part with the hash it had.

    `lines` is {part: sha256}. It never counts for the step: the person inside who invited answers for it.
    """

    __tablename__ = "counsel_sign_off"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(sa.ForeignKey("counsel_invitation.id"), unique=True)
    text_version_id: Mapped[int] = mapped_column(sa.ForeignKey("text_version.id"))
    decision: Mapped[Decision] = mapped_column(EnumText(Decision))
    clause_id: Mapped[str | None] = mapped_column(sa.Text)  # which one has to change, of a return
    comment: Mapped[str] = mapped_column(sa.Text)
    statement: Mapped[str] = mapped_column(sa.Text)
    lines: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    fingerprint: Mapped[str] = mapped_column(sa.Text)
    signed_at: Mapped[dt.datetime] = mapped_column(Instant)
    zone: Mapped[str] = mapped_column(sa.Text)

    invitation: Mapped[CounselInvitation] = relationship(back_populates="sign_off")
    version: Mapped[TextVersion] = relationship(lazy="joined")
