"""Owns the world in which a publication is struck and then only the web, or only the worker, is started.

Both are started as they are in production, on the data folder that the killed process left: the web by its first
request, the worker by its consumer. Nobody calls recovery here.
"""

import importlib
import os
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app
from flask_migrate import stamp

from app import create_app
from app.archive import exporting
from app.core import clock, jobs
from app.core.db import db
from app.publishing.models import PublicationPlan
from app.standards import journal, store_access
from app.standards.models import Publication, PublicationState
from app.standards.store import Store
from app.standards.verification import verify
from tests import servers, story
from tests.house_fixtures import MONDAY, House, _settings, make_cast

PUBLISH = "publish_revision"


def open_app(folder: Path, url: str = "") -> Flask:
    """Returns the product on a data folder of its own, told by its environment as a server would be."""
    os.environ["TOUCHSTONE_DATA"] = str(folder)
    clock.mark_demo(folder)
    app = create_app(_settings(folder, url))
    jobs.on_commit_wake(None)
    return app


def prepare(store: Store) -> None:
    """Makes a revision whose undo window is over, and lets the clock of the folder stand a second after it."""
    house = House(current_app._get_current_object(), store.path.parent)  # type: ignore[attr-defined]
    with clock.frozen(MONDAY):
        db.create_all()
        stamp()  # a worker starts on no data of another release
        make_cast()
        revision = story.given_scheduled(house)
        over = story.after_undo_window(revision)
    clock.advance(store.path.parent, over - clock.now())
    db.session.commit()
    store_access.store().close()


def open_connection() -> None:
    """Connects, so that the first counted call is the job's own."""
    db.session.scalar(sa.select(1))
    db.session.commit()


def publish(store: Store) -> int:
    """Does the job that publishes, as the worker does; returns how many jobs were tried."""
    return jobs.run_due(limit=1)


def recover(store: Store) -> None:
    """Does nothing: this world recovers by its starts alone."""


def start_web(store: Store) -> int:
    """Starts the web and returns the status of its first answer."""
    return create_app().test_client().get("/healthz").status_code


def start_worker(store: Store) -> None:
    """Starts the worker with its consumer and ends it when the publication's job is done or a minute is over."""
    worker = importlib.import_module("app.worker")  # the start itself: this makes the worker's application
    consumer = worker.huey.create_consumer(workers=1, periodic=False, initial_delay=0.05)
    consumer.start()
    try:
        servers.wait_until(_is_done, "the publication's job", seconds=50)
    finally:
        consumer.stop(graceful=True)


def _is_done() -> bool:
    state = db.session.scalar(sa.select(jobs.Job.state).where(jobs.Job.name == PUBLISH))
    db.session.commit()
    return state is jobs.JobState.DONE


def state(store: Store) -> dict[str, object]:
    """Returns how store, journal and job stand: agreed, intended, published (of revisions), planned, job."""

    def count(state: PublicationState) -> int:
        query = sa.select(sa.func.count()).where(
            Publication.state == state, Publication.revision_id.is_not(None)
        )
        return db.session.scalar(query) or 0

    found = {
        "agreed": journal.is_agreed(store.head()),
        "intended": count(PublicationState.INTENDED),
        "published": count(PublicationState.PUBLISHED),
        "planned": db.session.scalar(sa.select(PublicationPlan.publication_id)) is not None,
        "job": db.session.scalar(sa.select(jobs.Job.state).where(jobs.Job.name == PUBLISH)),
    }
    db.session.commit()
    return found


def violations(store: Store) -> list[str]:
    """Returns what `touchstone verify` finds wrong, a line each."""
    found = [f"{f.key}: {f.place}: {f.detail}" for f in verify(store.path)]
    found += [f"{line['key']}: {line['object']}" for line in exporting.verify_log()]
    db.session.commit()
    return found
