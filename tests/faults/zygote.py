"""Owns a warmed process under the shim that forks one child for each order and tells how it ended. Knows no test.

Its world, a module named when it is started, says what is prepared and what can be ordered.

Orders come as JSON lines on stdin, answers go as JSON lines to stdout. A child leads its own process group, so that
the shim can kill it together with every git it started.
"""

import ctypes
import gc
import importlib
import json
import mmap
import os
import shutil
import signal
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from app.core.db import db
from app.standards.store import Store
from tests.faults.page import Mode, Page

PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Prepares the folder named first, then reads orders until stdin ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the product prints is no answer
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # orphans of a killed child are reaped here
    with open(os.environ["FAULTS_PAGE"], "r+b") as file:
        page = Page.from_buffer(mmap.mmap(file.fileno(), ctypes.sizeof(Page)))
    folder, url, world = Path(sys.argv[1]), sys.argv[2], importlib.import_module(sys.argv[3])
    store = Store(folder / "store.git", {name: os.environ[name] for name in ("LD_PRELOAD", "FAULTS_PAGE")})
    app = world.open_app(folder, url)
    with app.app_context():
        prepare(world, store)
        print("{}", file=answers, flush=True)
        for line in sys.stdin:
            print(json.dumps(serve(page, world, store, json.loads(line))), file=answers, flush=True)


def prepare(world: ModuleType, store: Store) -> None:
    """Makes the world in this process, so that the children find everything imported, mapped and compiled."""
    world.prepare(store)
    world.recover(store)
    world.violations(store)
    store.close()
    db.session.remove()
    db.engine.dispose()  # no connection crosses a fork
    gc.collect()
    gc.freeze()


def serve(page: Page, world: ModuleType, store: Store, order: dict[str, Any]) -> dict[str, Any]:
    """Runs one order in a forked child and returns its answer, `died` where it gave none."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _run(page, world, store, order, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    _pid, status = os.waitpid(child, 0)
    page.armed = 0
    if order["wait_for_orphans"]:
        _reap()
    answer: dict[str, Any] = {"died": os.waitstatus_to_exitcode(status), "calls": int(page.count)}
    return answer | (json.loads(said) if said else {})


def _reap() -> None:
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        return


def _run(page: Page, world: ModuleType, store: Store, order: dict[str, Any], writer: int) -> None:
    answer: dict[str, Any] = {}
    code = 1
    try:
        os.setpgid(0, 0)
        signal.alarm(60)
        answer = _work(page, world, store, order)
        code = 0
    except BaseException as error:
        page.armed = 0
        answer = {"error": type(error).__name__, "trace": traceback.format_exc(limit=-12)}
    finally:
        os.write(writer, json.dumps(answer).encode())
        os._exit(code)


def _work(page: Page, world: ModuleType, store: Store, order: dict[str, Any]) -> dict[str, Any]:
    folder = store.path.parent
    if order["do"] == "copy":
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(order["template"], folder)
        return {}
    act = getattr(world, order["do"])
    world.open_connection()
    page.arm(Mode[order["mode"]], order["target"], os.getpgid(0), folder, order["sends"])
    try:
        said = act(store, *order["arguments"])
    finally:
        page.armed = 0
    return {"said": said}


if __name__ == "__main__":
    main()
