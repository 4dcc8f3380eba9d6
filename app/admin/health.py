"""Owns the questions on how the house is: jobs, mails, store against database, versions. Changes nothing."""

import platform
from dataclasses import dataclass
from importlib.metadata import version

import sqlalchemy as sa

from app.core import jobs
from app.core.db import db
from app.core.jobs import Job, JobState
from app.notices.models import MailState, OutgoingMail
from app.standards.models import Publication, PublicationState
from app.standards.store_access import store

SHOWN = 50
PACKAGES = ("Flask", "SQLAlchemy", "Werkzeug", "Jinja2", "huey", "weasyprint", "nh3")


@dataclass(frozen=True)
class Agreement:
    """Whether the store ends where the database says. `expected` and `found` are commit ids, None without one."""

    expected: str | None
    found: str | None
    intended: int

    @property
    def is_whole(self) -> bool:
        return self.expected is None or self.expected == self.found


def job_counts() -> dict[str, int]:
    """Returns how many jobs stand in which state."""
    return jobs.counts()


def failed_jobs() -> list[Job]:
    """Returns the jobs that were given up, newest first."""
    return list(
        db.session.scalars(
            sa.select(Job).where(Job.state == JobState.FAILED).order_by(Job.id.desc()).limit(SHOWN)
        )
    )


def mail_counts() -> dict[str, int]:
    """Returns how many mails stand in which state."""
    rows = db.session.execute(sa.select(OutgoingMail.state, sa.func.count()).group_by(OutgoingMail.state))
    return {state.value: int(count) for state, count in rows}


def undecided_mails() -> list[OutgoingMail]:
    """Returns the mails that failed, and those of which nobody knows whether they left, oldest first."""
    wanted = (MailState.SENDING, MailState.FAILED)
    return list(
        db.session.scalars(
            sa.select(OutgoingMail)
            .where(OutgoingMail.state.in_(wanted))
            .order_by(OutgoingMail.id)
            .limit(SHOWN)
        )
    )


def agreement() -> Agreement:
    """Returns whether the newest publication of the database is what the store's main line points at.

    Asks the store, which may start a process: not for a page that is only read.
    """
    newest = db.session.scalar(
        sa.select(Publication.commit_id)
        .where(Publication.state == PublicationState.PUBLISHED)
        .order_by(Publication.id.desc())
        .limit(1)
    )
    intended = db.session.scalar(
        sa.select(sa.func.count(Publication.id)).where(Publication.state == PublicationState.INTENDED)
    )
    return Agreement(newest, store().points_at(), int(intended or 0))


def versions() -> list[tuple[str, str]]:
    """Returns what runs here, as (name, version)."""
    made = [("Python", platform.python_version()), ("SQL", f"{db.engine.dialect.name}")]
    for package in PACKAGES:
        try:
            made.append((package, version(package)))
        except ModuleNotFoundError:
            continue
    return made
