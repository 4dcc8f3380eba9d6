"""Owns asking the process that mines texts (`mining/child.py`, decision 11). It loads no learning library itself."""

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.core import clock
from app.core.errors import Unavailable

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 3_600
MISUSE = 2
TELL_SECONDS = 3
"""Progress is told as often as a page asks for it."""
PATTERN_PROGRESS = re.compile(r"(\d+)/(\d+)")


class CannotUse(ValueError):
    """A file cannot be used; the words name file, line and field."""


Progress = Callable[[int, int], None]


def ask_miner(
    request: dict[str, Any], *, limit_seconds: int = LIMIT_SECONDS, progress: Progress | None = None
) -> dict[str, Any]:
    """Returns the answer to one request of `mining/child.py`.

    `progress(done, of all)` is called as texts are worked through, at most every few seconds. Raises CannotUse with a
    sentence for a file that cannot be used, Unavailable `mining.failed` when the process ends without an answer or
    needs longer than an hour.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "app.evidence.mining.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={
            "PATH": os.defpath,
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
            # The encoder starts its own threads; those of the library below would wait busily for each other.
            "OPENBLAS_NUM_THREADS": "1",
        },
    ) as child:
        limit = threading.Timer(limit_seconds, child.kill)
        limit.start()
        try:
            written, said = _talk(child, json.dumps(request).encode(), progress)
        finally:
            is_late = not limit.is_alive()
            limit.cancel()
    if is_late:
        raise Unavailable("mining.failed", why=f"{limit_seconds} s")
    try:
        answer: dict[str, Any] = json.loads(written)
    except ValueError as error:
        raise Unavailable("mining.failed", why=said[-300:]) from error
    if child.returncode == MISUSE:
        raise CannotUse(str(answer["error"]))
    return answer


def _talk(child: "subprocess.Popen[bytes]", request: bytes, progress: Progress | None) -> tuple[bytes, str]:
    """Sends the request and returns the answer and what was said beside it; tells progress on the way.

    Both ends are served by threads of their own: a full pipe would let the child wait for ever.
    """
    answer: list[bytes] = []
    threads = [
        threading.Thread(target=_send, args=(child, request)),
        threading.Thread(target=lambda: answer.append(child.stdout.read() if child.stdout else b"")),
    ]
    for thread in threads:
        thread.start()
    said: list[str] = []
    told = 0.0
    for line in child.stderr or ():
        words = line.decode(errors="replace")
        found = PATTERN_PROGRESS.fullmatch(words.strip())
        if found is None:
            said.append(words)
        elif progress is not None and clock.monotonic() - told >= TELL_SECONDS:
            told = clock.monotonic()
            progress(int(found[1]), int(found[2]))
    for thread in threads:
        thread.join()
    child.wait()
    return b"".join(answer), "".join(said)


def _send(child: "subprocess.Popen[bytes]", request: bytes) -> None:
    """Writes the request; a child that ended before reading it says why by its exit."""
    with contextlib.suppress(BrokenPipeError):
        if child.stdin:
            child.stdin.write(request)
            child.stdin.close()
