"""Owns how Git is called: one binary, one environment, fixed arguments, one lock. Knows nothing of standards."""

import fcntl
import functools
import logging
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import git

from app.core import errors

log = logging.getLogger(__name__)

SERVICE_NAME = "touchstone"
SERVICE_EMAIL = "service@touchstone.invalid"
LOCK_WAIT_SECONDS = 10.0
LOCK_POLL_SECONDS = 0.01
CALL_LIMIT_SECONDS = 120
EXIT_DISK_FAILED = 74
# What a call on somebody else's repository may use: seconds of CPU, KiB of memory, blocks of 512 bytes a file.
CAGE = 'ulimit -t 60 && ulimit -v 1500000 && ulimit -f 1000000 && ulimit -c 0 && exec "$@"'

OBJECT_ID = re.compile(r"[0-9a-f]{40}")

# Never the caller's PATH: CVE-2023-40590 found a git in the working directory.
_BINARY = shutil.which("git", path="/usr/local/bin:/usr/bin:/bin") or "/usr/bin/git"

git.refresh(_BINARY)


class GitFailed(errors.Unavailable):
    """A call of Git ended badly (disk full, object damaged). Nothing half-done is visible; trying again is safe."""


class Unreadable(errors.Unavailable):
    """An object is there but does not read back; recovery deletes and rebuilds it."""


def binary_mark() -> tuple[int, int, int]:
    """Returns what changes when another git is put in the place of the one in use."""
    found = os.stat(_BINARY)
    return found.st_ino, found.st_mtime_ns, found.st_size


def git_version() -> tuple[int, ...]:
    """Returns the version of the git in use, for example (2, 39, 5); asked again only when another one is in its place."""
    return _version(binary_mark())


@functools.lru_cache(maxsize=2)
def _version(_mark: tuple[int, int, int]) -> tuple[int, ...]:
    said = subprocess.run([_BINARY, "version"], capture_output=True, check=True, text=True).stdout
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", said)
    return tuple(int(part) for part in found.groups() if part) if found else ()


def merged(base: str, ours: str, theirs: str) -> str | None:
    """Returns the text that holds both changes of `base`, line by line as Git merges files; None where they collide.

    Sides that changed the same lines in the same way agree. Three small files and one short process.
    """
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    with tempfile.TemporaryDirectory(prefix="merge-") as folder:
        paths = [Path(folder) / name for name in ("ours", "base", "theirs")]
        for path, text in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(f"{text}\n".encode())
        done = subprocess.run(
            [_BINARY, "merge-file", "-p", "-q", *map(str, paths)],
            capture_output=True,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
                 "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CEILING_DIRECTORIES": "/"},
            cwd=folder,
            timeout=CALL_LIMIT_SECONDS,
            check=False,
        )  # fmt: skip
    return done.stdout.decode("utf-8", "replace").removesuffix("\n") if done.returncode == 0 else None


def sync_folder(folder: Path) -> None:
    """Waits until the folder's entries are on the disk.

    A failed sync ends the process: the kernel forgets what it could not write, so a second sync would lie.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError:
        log.critical("the disk did not keep %s; ending, the next start recovers", folder)
        logging.shutdown()
        os._exit(EXIT_DISK_FAILED)
    finally:
        os.close(handle)


class Plumbing:
    """Runs Git's plumbing on one bare repository and reads through one kept `cat-file` a thread.

    Arguments are fixed by the callers in this room: no value of a user becomes an option or a revision.
    """

    def __init__(
        self, path: Path, extra_environment: Mapping[str, str] | None = None, *, is_caged: bool = False
    ) -> None:
        """`is_caged` limits what each call may use: for a repository whose content nobody here made."""
        self.path = path.resolve()
        self._prefix = ("/bin/sh", "-c", CAGE, "git") if is_caged else ()
        self.lock_path = self.path.parent / "publish.lock"
        self._extra = dict(extra_environment or {})
        self._thread = threading.local()

    def environment(self) -> dict[str, str]:
        """Returns the whole environment of a call; nothing is inherited."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": "/nonexistent",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "GIT_DIR": str(self.path),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_COMMITTER_NAME": SERVICE_NAME,
            "GIT_COMMITTER_EMAIL": SERVICE_EMAIL,
            **self._extra,
        }

    def call(
        self, *arguments: str, data: bytes = b"", environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Runs one plumbing command and returns it, whatever it answered."""
        held: int | None = getattr(self._thread, "lock", None)
        # Children share the lock: were only this process killed, the lock lasts until they have ended too,
        # so a `*.lock` found under it is never a living one.
        return subprocess.run(
            [*self._prefix, _BINARY, "-c", "core.hooksPath=/dev/null", *arguments],
            input=data,
            capture_output=True,
            env={**self.environment(), **(environment or {})},
            cwd=self.path,
            pass_fds=() if held is None else (held,),
            timeout=CALL_LIMIT_SECONDS,
            check=False,
        )

    def run(self, *arguments: str, data: bytes = b"", environment: Mapping[str, str] | None = None) -> str:
        """Runs one plumbing command and returns what it said, stripped; raises GitFailed if it refused."""
        done = self.call(*arguments, data=data, environment=environment)
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()
            log.error("git %s ended with %s: %s", arguments[0], done.returncode, said)
            raise GitFailed("store.git_failed", command=arguments[0], said=said)
        return done.stdout.decode("utf-8", "replace").strip()

    @contextmanager
    def stream(self, *arguments: str, questions: IO[bytes]) -> Iterator[IO[bytes]]:
        """Runs one plumbing command on a file of questions and gives what it says, to be read bit by bit.

        It is ended when the caller leaves, and with it whatever it had not said yet.
        """
        with subprocess.Popen(
            [*self._prefix, _BINARY, "-c", "core.hooksPath=/dev/null", *arguments],
            stdin=questions,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.environment(),
            cwd=self.path,
        ) as process:
            try:
                if process.stdout is not None:
                    yield process.stdout
            finally:
                process.kill()

    def read(self, name: str) -> tuple[str, str, bytes] | None:
        """Returns (id, kind, bytes) of an object named by id, ref or `id:path`; None when there is none.

        Raises Unreadable when the object is there but damaged.
        """
        for attempt in (1, 2):
            reader = self._reader()
            try:
                found, kind, size, data = reader.get_object_data(name)
            except ValueError as error:
                if "missing" in str(error):
                    return None
                self.forget_reader()  # the kept process died: killed from outside, or of this object
                if attempt == 2:
                    raise Unreadable("store.unreadable", name=name) from error
            except OSError as error:
                self.forget_reader()
                if attempt == 2:
                    raise Unreadable("store.unreadable", name=name) from error
            else:
                if len(data) == size:
                    return _text(found), _text(kind), data
                self.forget_reader()
                raise Unreadable("store.unreadable", name=name)
        raise AssertionError("both attempts answer or raise")

    def _reader(self) -> git.Git:
        kept: tuple[int, git.Git] | None = getattr(self._thread, "reader", None)
        if kept is not None and kept[0] == os.getpid():
            return kept[1]
        fresh = git.Git(self.path)
        fresh.update_environment(**{k: v for k, v in self.environment().items() if k != "PATH"})
        self._thread.reader = (os.getpid(), fresh)
        return fresh

    def forget_reader(self) -> None:
        """Ends this thread's kept process; the next reading starts a new one."""
        kept: tuple[int, git.Git] | None = getattr(self._thread, "reader", None)
        if kept is not None and kept[0] == os.getpid():
            kept[1].clear_cache()
        self._thread.reader = None

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Holds the publish lock; the same thread may take it again inside. The kernel frees it on death.

        Raises Unavailable when another holder keeps it for 10 seconds.
        """
        if getattr(self._thread, "lock", None) is not None:
            yield
            return
        handle = os.open(self.lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._wait_for(handle)
            self._thread.lock = handle
            yield
        finally:
            self._thread.lock = None
            os.close(handle)

    def holds_lock(self) -> bool:
        """Tells whether this thread holds the publish lock."""
        return getattr(self._thread, "lock", None) is not None

    def _wait_for(self, handle: int) -> None:
        for _ in range(int(LOCK_WAIT_SECONDS / LOCK_POLL_SECONDS)):
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            time.sleep(LOCK_POLL_SECONDS)
        raise errors.Unavailable("store.locked", seconds=int(LOCK_WAIT_SECONDS))


def _text(value: str | bytes) -> str:
    # GitPython announces text here and hands out bytes.
    return value.decode("ascii") if isinstance(value, bytes) else value
