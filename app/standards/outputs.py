"""Owns files that are made once and kept in the data folder, such as a PDF: where they stand, asking for them, how far.

A key is a hash over everything that goes into the file, so that a file that is there is never out of date.
"""

import datetime as dt
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app

from app.core import clock, jobs
from app.core.db import db

PDF_STYLE = Path(__file__).parent.parent / "web" / "static" / "web" / "pdf.css"


@dataclass(frozen=True)
class PdfLink:
    """What a page says about a PDF: its address, and whether the file is there."""

    url: str
    is_there: bool
    make_url: str


@dataclass(frozen=True)
class PdfWork:
    """How far the making is: `state` is none, waiting, running, done or failed."""

    state: str
    since: dt.datetime | None = None


def key_of(facts: Iterable[str]) -> str:
    """Returns the key of what a file is made of."""
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def path_of(key: str) -> Path:
    """Returns where the PDF stands or would stand in the data folder."""
    folder: Path = current_app.config["SETTINGS"].data.absolute() / "outputs"
    return folder / f"{key}.pdf"


def ask_for(job_name: str, key: str, **payload: Any) -> None:
    """Queues the making of a file; asking twice is asking once, a failed job is tried again."""
    job = jobs.enqueue(job_name, key=_job_key(job_name, key), **payload)
    if job.state is jobs.JobState.FAILED or (job.state is jobs.JobState.DONE and not path_of(key).exists()):
        job.state, job.tries, job.run_after = jobs.JobState.WAITING, 0, clock.now()
        db.session.flush()


def work_on(job_name: str, key: str) -> PdfWork:
    """Returns how far the making of a file is."""
    if path_of(key).exists():
        return PdfWork("done")
    job = db.session.scalar(db.select(jobs.Job).where(jobs.Job.key == _job_key(job_name, key)))
    if job is None or job.state is jobs.JobState.DONE:
        return PdfWork("none")
    return PdfWork(str(job.state), job.created_at)


def keep(path: Path, data: bytes) -> None:
    """Writes the file so that a reader sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _job_key(job_name: str, key: str) -> str:
    return f"{job_name.removeprefix('make_')}:{key}"
