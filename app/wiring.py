"""THE page: which room reacts to which news, which function proves which fact, which function does which job.

It also names the pages (blueprints) of the house and the contributions to pages that many rooms make.
"""

from pathlib import Path

from flask import Flask

from app.core import clock_job, events, jobs
from app.people.views import people
from app.standards import lifecycle, texts

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

BLUEPRINTS = (people,)

REACTIONS: dict[type[events.Event], tuple[events.Handler, ...]] = {}

FACTS: dict[object, object] = {}

JOBS: dict[str, jobs.JobFunction] = {
    "pin_text_version": texts.pin_text_version,
}

CHECKS: dict[str, clock_job.Check] = {}


def wire(app: Flask) -> None:
    """Connects the rooms; called once by `create_app`."""
    events.wire(REACTIONS)
    jobs.wire(JOBS)
    clock_job.wire(CHECKS)
    if FACTS:
        lifecycle.wire(FACTS)  # type: ignore[arg-type]
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
