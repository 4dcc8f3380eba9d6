"""Owns the outbox: work to be done after commit, kept as rows, done at least once. Knows no job's content."""

import datetime as dt
import traceback
from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock, processes
from app.core.db import Base, EnumText, Instant, db

LEASE = dt.timedelta(minutes=5)
RETRIES = 5
KILLED = "the process that did it was killed, each time it was tried"
PAUSES = (dt.timedelta(seconds=5), dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=30))


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"  # to be done at `run_after`
    RUNNING = "running"  # `owner` does it until `lease_until`
    DONE = "done"
    FAILED = "failed"  # given up after all retries; a person can try again


class Job(Base):
    """One piece of work. `key` makes asking twice the same as asking once."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.Text, index=True)
    key: Mapped[str | None] = mapped_column(sa.Text, unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    state: Mapped[JobState] = mapped_column(EnumText(JobState), default=JobState.WAITING)
    run_after: Mapped[dt.datetime] = mapped_column(Instant)
    lease_until: Mapped[dt.datetime | None] = mapped_column(Instant)
    owner: Mapped[str | None] = mapped_column(sa.Text)  # the process that does it, see `processes.mark`
    tries: Mapped[int] = mapped_column(default=0)
    done_count: Mapped[int | None]
    total_count: Mapped[int | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    error: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    finished_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    __table_args__ = (sa.Index("ix_job_due", "state", "run_after"),)


JobFunction = Callable[..., dict[str, Any] | None]
_functions: dict[str, JobFunction] = {}
_wakers: list[Callable[[], None]] = []


def wire(table: dict[str, JobFunction]) -> None:
    """Sets which function does which job; called once by the wiring page."""
    _functions.clear()
    _functions.update(table)


def names() -> tuple[str, ...]:
    """Returns the names of all jobs of the house, sorted."""
    return tuple(sorted(_functions))


def on_commit_wake(wake: Callable[[], None] | None) -> None:
    """Sets what is called after a transaction that queued jobs; None lets the sweep find them."""
    _wakers.clear()
    if wake is not None:
        _wakers.append(wake)


def enqueue(
    name: str,
    *,
    key: str | None = None,
    run_after: dt.datetime | None = None,
    **payload: object,
) -> Job:
    """Writes a job row in the caller's transaction; with a known `key` it returns the row that is there.

    `payload` holds plain JSON values. Raises KeyError for a name that the wiring page does not know.
    """
    if name not in _functions:
        raise KeyError(f"no job is called {name!r}")
    if key is not None:
        known = db.session.scalar(sa.select(Job).where(Job.key == key))
        if known is not None:
            return known
    job = Job(
        name=name,
        key=key,
        payload=payload,
        state=JobState.WAITING,
        run_after=run_after or clock.now(),
        created_at=clock.now(),
        tries=0,
    )
    db.session.add(job)
    db.session.flush()
    db.session.info["jobs_queued"] = True
    return job


@event.listens_for(Session, "after_commit")
def _wake(session: Session) -> None:
    if session.info.pop("jobs_queued", False):
        for wake in _wakers:
            wake()


def run_due(limit: int = 1000, *, leave: Collection[str] = ()) -> int:
    """Does every due job, oldest first, each in its own transaction; returns how many were tried.

    Safe to call from several processes at once: a conditional update decides who does a job. A job whose
    worker died is due again when its lease ends, or when `release_dead` finds it. Jobs named in `leave` are
    left to another worker.
    """
    tried = 0
    while tried < limit:
        job_id = _claim(leave)
        if job_id is None:
            return tried
        _do(job_id)
        tried += 1
    return tried


def release_dead() -> int:
    """Makes the jobs of dead processes of this machine due now and returns how many; others wait for their lease.

    A job under which its process died as often as a job is tried is given up, for it would end the next one too.
    """
    running = sa.select(Job.id, Job.owner, Job.tries).where(
        Job.state == JobState.RUNNING, Job.owner.is_not(None)
    )
    released = 0
    for job_id, owner, tries in db.session.execute(running).all():
        if owner is None or not processes.is_gone(owner):
            continue
        values: dict[str, object] = {"state": JobState.WAITING, "owner": None, "lease_until": None}
        if tries >= RETRIES:
            values |= {"state": JobState.FAILED, "finished_at": clock.now(), "error": KILLED}
        moved = db.session.execute(
            sa.update(Job)
            .where(Job.id == job_id, Job.owner == owner, Job.state == JobState.RUNNING)
            .values(values)
        )
        released += moved.rowcount  # type: ignore[attr-defined]
    db.session.commit()
    return released


def _claim(leave: Collection[str]) -> int | None:
    now = clock.now()
    due = sa.or_(
        sa.and_(Job.state == JobState.WAITING, Job.run_after <= now),
        sa.and_(Job.state == JobState.RUNNING, Job.lease_until < now),
    )
    for job_id in db.session.scalars(
        sa.select(Job.id).where(due, Job.name.not_in(list(leave))).order_by(Job.run_after, Job.id).limit(20)
    ).all():
        claimed = db.session.execute(
            sa.update(Job)
            .where(Job.id == job_id, due)
            .values(
                state=JobState.RUNNING,
                lease_until=now + LEASE,
                owner=processes.mark() or None,
                tries=Job.tries + 1,
            )
        )
        db.session.commit()
        if claimed.rowcount == 1:  # type: ignore[attr-defined]
            return int(job_id)
    db.session.rollback()
    return None


def _do(job_id: int) -> None:
    job = db.session.get_one(Job, job_id)
    name, payload, tries = job.name, dict(job.payload), job.tries
    try:
        result = _functions[name](**payload)
        job = db.session.get_one(Job, job_id)
        job.state, job.result, job.error = JobState.DONE, result, None
        job.finished_at, job.lease_until, job.owner = clock.now(), None, None
        db.session.commit()
    except Exception:
        db.session.rollback()
        _note_failure(job_id, tries, traceback.format_exc(limit=8))


def _note_failure(job_id: int, tries: int, error: str) -> None:
    job = db.session.get_one(Job, job_id)
    job.error, job.lease_until, job.owner = error, None, None
    if tries >= RETRIES:
        job.state, job.finished_at = JobState.FAILED, clock.now()
    else:
        job.state = JobState.WAITING
        job.run_after = clock.now() + PAUSES[min(tries - 1, len(PAUSES) - 1)]
    db.session.commit()


def progress(job_id: int, done: int, total: int | None) -> None:
    """Notes how far a running job is, in a transaction of its own."""
    db.session.execute(
        sa.update(Job)
        .where(Job.id == job_id)
        .values(done_count=done, total_count=total, lease_until=clock.now() + LEASE)
    )
    db.session.commit()


def counts() -> dict[str, int]:
    """Returns how many jobs stand in which state, `{state: count}`; states without a job are absent."""
    rows = db.session.execute(sa.select(Job.state, sa.func.count()).group_by(Job.state).order_by(Job.state))
    return {state.value: int(count) for state, count in rows}


def try_again(job_id: int) -> None:
    """Puts a failed job back in the queue."""
    db.session.execute(
        sa.update(Job)
        .where(Job.id == job_id, Job.state == JobState.FAILED)
        .values(state=JobState.WAITING, run_after=clock.now(), tries=0)
    )
