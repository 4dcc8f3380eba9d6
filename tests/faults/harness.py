"""Owns what a test needs to strike: builds the shim, starts the zygote, sends it orders. Knows no publication."""

import ctypes
import json
import mmap
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.faults.page import Mode, Page

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def build_shim(folder: Path) -> Path:
    """Compiles the shim with the machine's C compiler and returns it; the compiler is needed, never left out."""
    made = folder / "shim.so"
    if not made.exists():
        command = ["gcc", "-O1", "-Wall", "-shared", "-fPIC", "-o", str(made), str(HERE / "shim.c"), "-ldl"]
        subprocess.run(command, check=True)
    return made


class Harness:
    """A zygote with its page and its world in `folder`: `template`, which is copied to `run` before each strike."""

    def __init__(self, folder: Path, url: str = "", world: str = "tests.faults.world") -> None:
        self.template, self.run = folder / "template", folder / "run"
        self.run.mkdir()
        page_file = folder / "page"
        page_file.write_bytes(bytes(ctypes.sizeof(Page)))
        with page_file.open("r+b") as file:
            self.page = Page.from_buffer(mmap.mmap(file.fileno(), ctypes.sizeof(Page)))
        environment = {
            **os.environ,
            "LD_PRELOAD": str(build_shim(folder)),
            "FAULTS_PAGE": str(page_file),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote", str(self.run), url, world],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            self._answer()
        except BaseException:
            self.end()
            raise
        shutil.copytree(self.run, self.template)

    def __enter__(self) -> "Harness":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Ends the zygote; one that hangs is killed."""
        assert self._zygote.stdin
        assert self._zygote.stdout
        self._zygote.stdin.close()
        try:
            self._zygote.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._zygote.kill()
            self._zygote.wait()
        self._zygote.stdout.close()

    def _answer(self) -> dict[str, Any]:
        assert self._zygote.stdout
        line = self._zygote.stdout.readline()
        assert line, "the zygote died; what it said stands in the captured error output"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def order(
        self,
        do: str,
        *arguments: object,
        mode: Mode = Mode.COUNT,
        target: int = 0,
        sends: bool = False,
        wait_for_orphans: bool = True,
        **more: object,
    ) -> dict[str, Any]:
        """Lets a child do one thing of its world; returns how it `died` (0: it did not), `calls`, what it `said`.

        `sends` counts what is sent to a database server too; without `wait_for_orphans` a git that outlived its
        caller may still run when this returns.
        """
        assert self._zygote.stdin
        line = {"do": do, "arguments": arguments, "mode": mode.name, "target": target, "sends": sends}
        line |= {"wait_for_orphans": wait_for_orphans, **more}
        self._zygote.stdin.write(json.dumps(line) + "\n")
        self._zygote.stdin.flush()
        return self._answer()

    def must(self, do: str, *arguments: object, **more: Any) -> Any:
        """Like `order`, for what must not fail; returns what it said."""
        answer = self.order(do, *arguments, **more)
        assert answer["died"] == 0, answer.get("trace", answer)
        return answer.get("said")

    def strike(self, mode: Mode, target: int, do: str, *arguments: object, **more: Any) -> dict[str, Any]:
        """Like `order`, struck at its call number `target`; `struck` tells whether it came that far."""
        answer = self.order(do, *arguments, mode=mode, target=target, **more)
        return answer | {"struck": answer["calls"] >= target}

    def reset(self) -> None:
        """Puts the template in place of the run folder."""
        self.order("copy", template=str(self.template))
