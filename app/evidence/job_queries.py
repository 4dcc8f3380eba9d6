"""Owns the questions how far this room's long work is: an import, a reading of complaints for issues, a recount."""

import sqlalchemy as sa

from app.core import jobs
from app.core.db import db


def job_of_import(import_id: int) -> int | None:
    """Returns the number of the job that brings an announced import in; None when it was brought in without one."""
    return db.session.scalar(sa.select(jobs.Job.id).where(jobs.Job.key == f"import:{import_id}"))


def running_grouping_job() -> int | None:
    """Returns the number of the job that groups complaints now; None when none does."""
    return _running("group_complaints")


def running_recount_job() -> int | None:
    """Returns the number of the job that counts working time anew now; None when none does."""
    return _running("recount_working_time")


def recount_progress() -> tuple[int, int | None] | None:
    """Returns how many contacts were counted anew, of how many (None before it says); None when no recount is due."""
    row = db.session.execute(
        sa.select(jobs.Job.done_count, jobs.Job.total_count)
        .where(
            jobs.Job.name == "recount_working_time",
            jobs.Job.state.in_([jobs.JobState.RUNNING, jobs.JobState.WAITING]),
        )
        .order_by(jobs.Job.id)
        .limit(1)
    ).first()
    return None if row is None else (row.done_count or 0, row.total_count)


def grouping_progress() -> tuple[int, int | None] | None:
    """Returns how many complaints the running grouping has read, of how many (None before it says); None when none runs."""
    row = db.session.execute(
        sa.select(jobs.Job.done_count, jobs.Job.total_count).where(
            jobs.Job.name == "group_complaints", jobs.Job.state == jobs.JobState.RUNNING
        )
    ).first()
    return None if row is None else (row.done_count or 0, row.total_count)


def import_progress(import_id: int) -> tuple[int, int | None] | None:
    """Returns how many rows of a running import are done, of how many (None while it is read); None before it began."""
    row = db.session.execute(
        sa.select(jobs.Job.done_count, jobs.Job.total_count).where(jobs.Job.key == f"import:{import_id}")
    ).one_or_none()
    return None if row is None or row.done_count is None else (row.done_count, row.total_count)


def _running(name: str) -> int | None:
    return db.session.scalar(
        sa.select(jobs.Job.id).where(jobs.Job.name == name, jobs.Job.state == jobs.JobState.RUNNING).limit(1)
    )
