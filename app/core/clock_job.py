"""Owns the minute's tick: the checks that let dates arrive. What each does stands in its room."""

from collections.abc import Callable

import structlog

from app.core import clock
from app.core.db import db

log = structlog.get_logger("touchstone.clock")

Check = Callable[[], None]
_checks: dict[str, Check] = {}


def wire(checks: dict[str, Check]) -> None:
    """Sets what is looked at each minute, in order; called once by the wiring page."""
    _checks.clear()
    _checks.update(checks)


def tick() -> None:
    """Runs every check in a transaction of its own; one that fails is logged and does not stop the next."""
    for name, check in _checks.items():
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
