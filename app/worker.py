"""Owns the worker process: `huey_consumer app.worker.huey`. The work itself stands in the outbox (`core/jobs.py`)."""

from huey import crontab

from app import create_app
from app.core import clock_job, clock_watch, jobs, schema
from app.core.worker_queue import make_queue, wake_task
from app.standards.starting import Start

app = create_app()
with app.app_context():
    if schema.is_of_another_release():  # its jobs would fail one by one, until none is tried again
        raise SystemExit(schema.ADVICE)
settings = app.config["SETTINGS"]
huey = make_queue(settings.data.absolute(), settings.redis)
start = Start(app)


@huey.on_startup(name="begin")  # type: ignore[untyped-decorator]
def begin() -> None:
    """Before the first work: store and database agree, and what killed workers had begun is done again."""
    start.ensure()
    with app.app_context():
        jobs.release_dead()
        clock_watch.look()
        clock_job.run_due()


def wake() -> None:
    """Does what is due now."""
    start.ensure()
    with app.app_context():
        clock_watch.look()
        clock_job.run_due()


wake_task(huey, wake)


@huey.periodic_task(crontab(minute="*"), name="sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Each minute: lets the clock job queue what has come due, then does everything that is due."""
    start.ensure()
    with app.app_context():
        jobs.release_dead()
        clock_watch.look()
        clock_job.tick()
        clock_job.run_due()
