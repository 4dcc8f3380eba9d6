"""Owns the minute's tick: the checks that let dates arrive. What each does stands in its room."""

from collections.abc import Callable, Collection

import structlog

from app.core import clock, clock_watch, jobs, working_time
from app.core.db import db

log = structlog.get_logger("touchstone.clock")

Check = Callable[[], None]
_checks: dict[str, Check] = {}
_while_held: set[str] = set()
_dated_jobs: set[str] = set()


def wire(
    checks: dict[str, Check], *, while_held: Collection[str] = (), dated_jobs: Collection[str] = ()
) -> None:
    """Sets what is looked at each minute, in order; called once by the wiring page.

    While the clock is doubted only the checks of `while_held` go on, and no job of `dated_jobs` is done.
    """
    _checks.clear()
    _checks.update(checks)
    _while_held.clear()
    _while_held.update(while_held)
    _dated_jobs.clear()
    _dated_jobs.update(dated_jobs)


def tick() -> None:
    """Runs every check in a transaction of its own; one that fails is logged and does not stop the next.

    A clock that is doubted (`clock_watch`) lets no date arrive; nothing is lost, for every check looks back.
    """
    working_time.look()
    is_held = clock_watch.held() is not None
    for name, check in _checks.items():
        if is_held and name not in _while_held:
            continue
        started = clock.monotonic()
        try:
            check()
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("check_failed", check=name)
        finally:
            db.session.remove()
        log.debug("checked", check=name, seconds=round(clock.monotonic() - started, 3))


def run_due() -> int:
    """Does every due job, and returns how many were tried; while the clock is doubted the dated ones wait."""
    working_time.look()
    return jobs.run_due(leave=_dated_jobs if clock_watch.held() is not None else ())
