"""Owns the queue that wakes the worker: huey over a file, or over Redis when one is configured.

The queue carries no work, only "look into the outbox": a lost message costs a minute, never a job.
"""

from collections.abc import Callable
from pathlib import Path

import structlog
from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey

from app.core import jobs

log = structlog.get_logger("touchstone.jobs")

WAKE = "wake"


def make_queue(folder: Path, redis: str) -> Huey:
    """Returns the queue in the data folder, or in Redis when an address is given."""
    if redis:
        return RedisHuey("touchstone", url=redis, immediate=False)
    return SqliteHuey("touchstone", filename=str(folder / "queue.db"), immediate=False)


def wake_task(queue: Huey, does: Callable[[], None]) -> Callable[[], object]:
    """Registers what is done at a knock, and returns the knock; web and worker register the same name.

    huey names a task after the module of its function as well: left alone, a knock of the web would be unknown to
    the worker and each job would wait for the next minute.
    """
    does.__module__ = __name__
    knock: Callable[[], object] = queue.task(name=WAKE)(does)
    return knock


def wake_on_commit(app: Flask) -> None:
    """Lets every transaction that queued jobs knock at the worker's door; a queue that is down costs a minute."""
    settings = app.config["SETTINGS"]
    queue = make_queue(settings.data.absolute(), settings.redis)
    knock = wake_task(queue, _nothing)

    def wake() -> None:
        try:
            knock()
        except Exception as error:
            log.warning("queue_down", error=type(error).__name__)

    jobs.on_commit_wake(wake)


def _nothing() -> None:
    """Stands for the worker's task, which is defined where the worker runs."""
