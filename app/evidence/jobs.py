"""Owns the work of this room that is done after commit: importing an uploaded file, grouping complaints, forgetting."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

from app.core import clock, jobs
from app.core.access import SYSTEM
from app.core.db import commit
from app.core.uploads import uploads_folder
from app.evidence import job_queries, originals, previewing, pulling, queries, recounting, service
from app.people import queries as people_queries

GROUPING_HOUR = 2
UNDECIDED_SECONDS = 24 * 3600  # a file looked at but not brought in holds unmasked texts


def waiting_upload(import_id: int) -> Path | None:
    """Returns the file of an import that a person is still looking at; None when there is none."""
    return next(iter(uploads_folder().glob(f"import-{int(import_id)}.*")), None)


def import_uploaded(import_id: int, stored_as: str, columns: dict[str, str] | None = None) -> dict[str, Any]:
    """Brings an uploaded file in for the person who sent it, then takes the file away: it holds unmasked texts.

    `columns` is `{header: field}` where that person chose them. A second run after a crash goes on where the first one
    stopped: what is there is not brought in again.
    """
    row = queries.ticket_import(import_id)
    path = uploads_folder() / Path(stored_as).name
    if row.finished_at is None and path.exists():
        actor = people_queries.actor_for(people_queries.person(row.actor_id)) if row.actor_id else SYSTEM
        job_id = job_queries.job_of_import(import_id)
        between = (lambda done, total: jobs.progress(job_id, done, total)) if job_id else None
        service.import_tickets(
            actor, row.mapping, path, into=row, between=between,
            read=None if columns is None else previewing.reader(row.mapping, columns).read,
        )  # fmt: skip
        commit()
    path.unlink(missing_ok=True)
    return {"import": import_id}


def pull_connector(connector_id: int) -> dict[str, Any]:
    """Asks a connected system for what is new; a second run after a crash goes on with the page after the last one kept."""
    return pulling.pull(connector_id, uploads_folder())


def recount_working_time(since: str) -> dict[str, Any]:
    """Counts the working time of contacts anew from a local day on; how far it is stands on its job."""
    job_id = job_queries.running_recount_job()
    progress = (lambda done, total: jobs.progress(job_id, done, total)) if job_id else None
    return {"changed": recounting.recount(dt.date.fromisoformat(since), progress)}


def group_complaints() -> dict[str, Any]:
    """Groups the complaints of the last weeks into issues; how far it is stands on its job, and so on the page of issues."""
    job_id = job_queries.running_grouping_job()
    progress = (lambda done, total: jobs.progress(job_id, done, total)) if job_id else None
    return {"issues": len(service.group_complaints(SYSTEM, progress=progress))}


def group_nightly() -> None:
    """Queues the grouping of a day once it is two in the morning, so that the counts move on without an import."""
    if clock.now() >= clock.at(clock.today(), GROUPING_HOUR):
        jobs.enqueue("group_complaints", key=f"group-complaints:{clock.today()}")


def forget() -> None:
    """Takes away contact details and originals whose day has come, and files nobody brought in; looked at by the clock."""
    service.forget_contacts()
    originals.forget_originals()
    for path in uploads_folder().glob("import-*.*"):
        if clock.machine().timestamp() - path.stat().st_mtime > UNDECIDED_SECONDS:
            path.unlink(missing_ok=True)
    for folder in uploads_folder().glob(f"{pulling.PREFIX}*"):
        if clock.machine().timestamp() - folder.stat().st_mtime > UNDECIDED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)  # a pull was killed while it read
