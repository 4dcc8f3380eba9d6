"""Owns asking the process that mines texts (`mining/child.py`, decision 11). It loads no learning library itself."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.core.errors import Unavailable

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 3_600
MISUSE = 2


class CannotUse(ValueError):
    """A file cannot be used; the words name file, line and field."""


def ask_miner(request: dict[str, Any], *, limit_seconds: int = LIMIT_SECONDS) -> dict[str, Any]:
    """Returns the answer to one request of `mining/child.py`.

    Raises CannotUse with a sentence for a file that cannot be used, Unavailable `mining.failed` when the process ends
    without an answer or needs longer than an hour.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.evidence.mining.child"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=limit_seconds,
            check=False,
            cwd=ROOT,
            env={
                "PATH": os.defpath,
                "LC_ALL": "C.UTF-8",
                "PYTHONPATH": str(ROOT),
                "PYTHONWARNINGS": "ignore",
                # The encoder starts its own threads; those of the library below would wait busily for each other.
                "OPENBLAS_NUM_THREADS": "1",
            },
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable("mining.failed", why=f"{limit_seconds} s") from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise Unavailable("mining.failed", why=done.stderr[-300:].decode(errors="replace")) from error
    if done.returncode == MISUSE:
        raise CannotUse(str(answer["error"]))
    return answer
