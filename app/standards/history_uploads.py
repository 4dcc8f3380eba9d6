"""Owns histories that people send as a file: taking the file in, the job that reads it, how far it is, what was refused.

What a file may hold and how it is read stands in `bundle.py` and `histories.py`.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from app.core import jobs
from app.core.access import SYSTEM, Actor, Permission
from app.core.db import db
from app.core.errors import DomainError, Invalid, NotAllowed, NotFound, Reason
from app.core.text import one_line
from app.core.uploads import uploads_folder
from app.people import queries as people_queries
from app.people.models import Person
from app.standards import bundle, histories

JOB = "import_history"
SHOWN = 20
LIMIT_NAME_BYTES = 200


class Sent(Protocol):
    """A file as a browser sends it."""

    filename: str | None

    def save(self, dst: Path) -> None:
        """Writes the file."""


@dataclass(frozen=True)
class Reading:
    """One sent file. `state` is waiting, running, done or failed; `account` what came of it once it is done.

    The account is {commits, texts, new_texts, documents [{code, title, outcome}], refused [{path, key, params}]}; with
    `error` {key, params} where nothing of the file was brought in.
    """

    id: int
    name: str
    state: str
    sent_at: dt.datetime
    person: Person | None
    done: int | None
    total: int | None
    account: dict[str, Any]


def take(actor: Actor, sent: Sent | None) -> int:
    """Keeps a sent file until it is read and queues the reading; returns the number of the reading.

    Raises Invalid on `file` for no file and for one that does not begin like a whole history, TooLarge beyond 64 MB,
    NotAllowed for whoever may not publish. A file that is refused is not kept.
    """
    if not actor.may(Permission.PUBLISH):
        raise NotAllowed("move.no_permission", permission=Permission.PUBLISH.value)
    if sent is None or not sent.filename:
        raise Invalid.of("file", "history.no_file")
    path = uploads_folder() / f"import-history-{secrets.token_hex(16)}{bundle.ENDING}"
    sent.save(path)
    try:
        bundle.must_be_whole(path)
        name = one_line(Path(sent.filename.replace("\\", "/")).name, LIMIT_NAME_BYTES, field="file")
        job = jobs.enqueue(
            JOB,
            key=f"history-file:{path.stem}",
            stored_as=path.name,
            file_name=name,
            person_id=actor.person_id,
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return job.id


def read_file(stored_as: str, file_name: str, person_id: int | None) -> dict[str, Any]:
    """Job: brings in a sent file for the person who sent it, then takes the file away.

    A second run after a crash goes on where the first one stopped: what is there is not brought in again.
    """
    path = uploads_folder() / Path(stored_as).name
    actor = people_queries.actor_for(people_queries.person(person_id)) if person_id else SYSTEM
    job_id = db.session.scalar(sa.select(jobs.Job.id).where(jobs.Job.key == f"history-file:{path.stem}"))
    try:
        if not path.exists():
            raise Invalid.of("file", "history.file_gone")
        progress = partial(jobs.progress, job_id) if job_id else None
        done = histories.import_bundle(actor, path, name=file_name, progress=progress)
        account = _account(done)
    except DomainError as refused:
        db.session.rollback()
        account = {"error": _data(refused.reasons[0])}
    path.unlink(missing_ok=True)
    return account


def readings() -> list[Reading]:
    """Returns the files sent last, newest first."""
    query = sa.select(jobs.Job).where(jobs.Job.name == JOB).order_by(jobs.Job.id.desc()).limit(SHOWN)
    return _readings(list(db.session.scalars(query)))


def reading(number: int) -> Reading:
    """Returns one sent file by its number. Raises NotFound."""
    job = db.session.get(jobs.Job, number)
    if job is None or job.name != JOB:
        raise NotFound("history.unknown_file", number=number)
    return _readings([job])[0]


def _readings(rows: list[jobs.Job]) -> list[Reading]:
    people = people_queries.by_ids({int(row.payload.get("person_id") or 0) for row in rows})
    return [
        Reading(
            id=row.id,
            name=str(row.payload.get("file_name", "")),
            state=str(row.state),
            sent_at=row.created_at,
            person=people.get(int(row.payload.get("person_id") or 0)),
            done=row.done_count,
            total=row.total_count,
            account=row.result or {},
        )
        for row in rows
    ]


def _account(done: histories.ReadHistory) -> dict[str, Any]:
    return {
        "commits": done.commits,
        "texts": done.texts,
        "new_texts": done.new_texts,
        "documents": [{"code": d.code, "title": d.title, "outcome": d.outcome} for d in done.documents],
        "refused": [{"path": path, **_data(error.reasons[0])} for path, error in done.refused],
    }


def _data(reason: Reason) -> dict[str, Any]:
    return {"key": reason.key, "params": {name: str(value) for name, value in reason.params.items()}}
