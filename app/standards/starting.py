"""Owns what a process does before its first work: store and database agree, whoever of web and worker starts first.

A command that only prints its help starts no work; `touchstone init` recovers by itself, in any case.
"""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

import structlog
from flask import Flask

from app.core import activity, clock, db, errors
from app.core.access import SYSTEM
from app.standards import journal, projection, recovery, store_access
from app.standards.store import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger("touchstone.start")

AGAIN_SECONDS = 60


class Start:
    """The start of one process; `ensure` is called before each piece of work and does something the first time."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._is_done = False
        self._not_before = 0.0

    def ensure(self) -> None:
        """Brings store and database to agreement, once; what cannot be done now is tried again after a minute.

        Never raises: who reads is served although nothing may be published, see `recovery.read_only_reason`.
        """
        if self._is_done or clock.monotonic() < self._not_before:
            return
        with self._lock:
            if self._is_done or clock.monotonic() < self._not_before:
                return
            with self._app.app_context():
                self._is_done = self._begin()
            self._not_before = clock.monotonic() + AGAIN_SECONDS

    def _begin(self) -> bool:
        store = store_access.store()
        try:
            done = agree(store)
        except errors.Diverged as error:
            log.error("read_only", why=str(error))
            return True
        except Exception as error:
            db.rollback()
            log.warning("not_recovered", error=type(error).__name__, why=str(error)[:300])
            return False
        finally:
            store.close()
        if done:
            log.warning("recovered", **done)
        return True


class BeforeFirstRequest:
    """A WSGI application that lets its first request wait for the start, whatever server calls it."""

    def __init__(self, app: Flask) -> None:
        self._start, self._serve = Start(app), app.wsgi_app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        self._start.ensure()
        serve: WSGIApplication = self._serve
        return serve(environ, start_response)


def agree(store: Store) -> dict[str, list[str]]:
    """Recovers as far as it is needed and returns what was done by name, empty where everything agreed.

    Everything is read back once after each start of the machine, which may have lost what was written; a killed
    process loses nothing that it wrote, so that two small queries, a ref and a look for stale locks are enough.
    """
    with db.reading_only():
        is_agreed = recovery.read_only_reason(store) is None and journal.is_agreed(store.head())
    if not is_agreed or not recovery.is_whole_since_boot(store):
        return recovery.recover(store, projection.finish, thorough=True).as_data()
    with store.lock():
        stale = store.remove_stale_locks()
    if not stale:
        return {}
    activity.record(SYSTEM, "store.recovered", "store", "main", stale=stale)
    db.commit()
    return {"stale": stale}
