"""Owns the worker process: `huey_consumer app.worker.huey`. The work itself stands in the outbox (`core/jobs.py`)."""

from huey import crontab

from app import create_app
from app.core import clock_job, jobs
from app.core.worker_queue import WAKE, make_queue

app = create_app()
settings = app.config["SETTINGS"]
huey = make_queue(settings.data.absolute(), settings.redis)


@huey.task(name=WAKE)  # type: ignore[untyped-decorator]
def wake() -> None:
    """Does what is due now."""
    with app.app_context():
        jobs.run_due()


@huey.periodic_task(crontab(minute="*"), name="sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Each minute: lets the clock job queue what has come due, then does everything that is due."""
    with app.app_context():
        clock_job.tick()
        jobs.run_due()
