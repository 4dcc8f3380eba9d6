"""A transaction that queued a job knocks at the worker's door, and the worker knows the knock."""

from app.core import jobs, worker_queue
from app.core.db import db
from tests.house_fixtures import House


def test_the_worker_answers_the_knock_of_a_commit(sqlite_house: House) -> None:
    done: list[str] = []
    settings = sqlite_house.app.config["SETTINGS"]
    worker = worker_queue.make_queue(settings.data.absolute(), settings.redis)
    worker_queue.wake_task(worker, lambda: done.append("woke"))
    worker_queue.wake_on_commit(sqlite_house.app)
    try:
        jobs.enqueue("anchor_log")
        assert worker.dequeue() is None, "nothing is queued before the commit"
        db.session.commit()
        task = worker.dequeue()
        assert task is not None
        worker.execute(task)
        assert done == ["woke"]
        db.session.commit()
        assert worker.dequeue() is None, "a commit without a new job knocks at no door"
    finally:
        jobs.on_commit_wake(None)
