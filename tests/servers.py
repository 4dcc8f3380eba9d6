"""Owns the servers that tests need: PostgreSQL, Redis, a mail receiver and the application itself. Knows no test.

PostgreSQL and Redis are started once in a run by whichever test process needs them first, and are shared
by all; who started them and where they listen stands in the run's folder, so that the process that began the run
can stop them even when a test process died.
"""

import contextlib
import email
import email.policy
import fcntl
import functools
import json
import os
import pwd
import secrets
import select
import shutil
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.controller import Controller
from flask import Flask
from werkzeug.serving import make_server

START_SECONDS = 60
LAST_SECONDS = 0.15  # a page that asks no more for so long has loaded
STOP_SECONDS = 20
INITDB = ("-U", "touchstone", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
REDIS = ("--bind", "127.0.0.1", "--save", "", "--databases", "64")


def free_port() -> int:
    """Returns a port of the loopback interface that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_ready: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Waits until `is_ready` holds; raises TimeoutError naming `what` when it never does."""
    until = time.monotonic() + seconds
    while not is_ready():
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.02)


# --- servers shared by all test processes of a run ---------------------------------------------------------


@dataclass(frozen=True)
class Shared:
    """A server of the run: what to connect to, and what to stop and remove in the end."""

    pid: int
    port: int
    folder: str


def shared(run: Path, name: str, start: Callable[[], Shared]) -> Shared:
    """Returns the run's server of that name, started by the first who asks; the others wait for it."""
    note = run / f"{name}.json"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            server = start()
            note.write_text(json.dumps(server.__dict__))
        return Shared(**json.loads(note.read_text()))


def stop_all(run: Path) -> None:
    """Stops the run's servers and removes the run's folder; servers that are gone already are no error."""
    for note in sorted(run.glob("*.json")):
        server = Shared(**json.loads(note.read_text()))
        # SIGINT: PostgreSQL ends at once, where SIGTERM would wait for its clients.
        with contextlib.suppress(ProcessLookupError):
            os.kill(server.pid, signal.SIGINT)
            wait_until(lambda pid=server.pid: not _lives(pid), f"end of {note.stem}", STOP_SECONDS)
        shutil.rmtree(server.folder, ignore_errors=True)
    shutil.rmtree(run, ignore_errors=True)


def _let_go(server: subprocess.Popen[bytes]) -> None:
    """Lets a server outlive this process without a warning: `stop_all` ends it by its number."""
    server.returncode = 0


def _lives(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _server_account() -> pwd.struct_passwd | None:
    """Returns the account to run a server as: None is our own. PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("run as root, the tests need an account postgres or nobody for PostgreSQL")


def _server_folder(kind: str, account: pwd.struct_passwd | None) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"touchstone-{kind}-"))
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    return folder


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


# --- PostgreSQL --------------------------------------------------------------------------------------------


def postgres_programs() -> Path:
    """Returns the folder of the newest PostgreSQL's programs; raises FileNotFoundError where there is none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    if on_path is None:
        raise FileNotFoundError("PostgreSQL is not installed; ./dev test installs it")
    return Path(on_path).resolve().parent


def start_postgres() -> Shared:
    """Starts a PostgreSQL of our own on a free loopback port and a socket in its folder, without fsync."""
    programs, account = postgres_programs(), _server_account()
    folder, port = _server_folder("postgres", account), free_port()
    common = {"cwd": folder, **_as(account)}
    subprocess.run(
        [programs / "initdb", "-D", folder / "data", *INITDB],
        check=True,
        capture_output=True,
        **common,
    )
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": 200,
        "timezone": "America/Los_Angeles",  # neither UTC nor the organisation's: a dropped zone shows
    }
    words = [f"-c{name}={value}" for name, value in options.items()]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *words],
            stdout=log,
            stderr=log,
            start_new_session=True,
            **common,
        )

    def is_ready() -> bool:
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at once: {(folder / 'log').read_text()[-2000:]}")
        with (
            contextlib.suppress(psycopg.OperationalError),
            psycopg.connect(postgres_address(port, "postgres")),
        ):
            return True
        return False

    wait_until(is_ready, "start of PostgreSQL")
    _let_go(server)
    return Shared(server.pid, port, str(folder))


def postgres_address(port: int, database: str) -> str:
    """Returns the plain address of a database of the run's server, as psycopg takes it."""
    return f"postgresql://touchstone@127.0.0.1:{port}/{database}"


def copy_database(control: psycopg.Connection[Any], template: str, name: str) -> None:
    """Makes a database as a copy of another that nobody uses, file by file: half the work of the way over the log."""
    by_file = (
        " STRATEGY FILE_COPY" if control.info.server_version >= 150_000 else ""
    )  # before it was the only way
    control.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{by_file}'.encode())


@contextlib.contextmanager
def fresh_database(server: Shared, template: str = "template1") -> Iterator[str]:
    """Makes a database from a template and yields its SQLAlchemy address; drops it with all its connections."""
    name = f"t_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_address(server.port, "postgres"), autocommit=True) as control:
        copy_database(control, template, name)
        try:
            yield f"postgresql+psycopg://touchstone@127.0.0.1:{server.port}/{name}"
        finally:
            control.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


# --- Redis -------------------------------------------------------------------------------------------------


def start_redis() -> Shared:
    """Starts a Redis of our own on a free loopback port; it keeps nothing on disk."""
    program = shutil.which("redis-server")
    if program is None:
        raise FileNotFoundError("Redis is not installed; ./dev test installs it")
    account = _server_account()
    folder, port = _server_folder("redis", account), free_port()
    server = subprocess.Popen(
        [program, "--port", str(port), "--dir", str(folder), *REDIS],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=folder,
        **_as(account),
    )
    wait_until(lambda: _answers(port), "start of Redis")
    _let_go(server)
    return Shared(server.pid, port, str(folder))


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


# --- mail --------------------------------------------------------------------------------------------------


@dataclass
class Mailbox:
    """A mail server that keeps what it is sent."""

    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)  # of each message, as the envelope names them

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keeps one message; aiosmtpd calls it by this name."""
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 kept"

    @property
    def address(self) -> str:
        """The server as `host:port`, as the setting TOUCHSTONE_SMTP takes it."""
        return f"{self.host}:{self.port}"

    @contextlib.contextmanager
    def open(self) -> Iterator["Mailbox"]:
        """Receives mail inside the block."""
        controller = Controller(self, hostname=self.host, port=self.port, decode_data=False)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()


# --- the application ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def serve(app: Flask, port: int | None = None) -> Iterator[str]:
    """Serves an application on loopback in threads of this process and yields its address without a slash."""
    server = make_server("127.0.0.1", port or free_port(), app, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]
    # werkzeug's own serve_forever would close the socket before the last who ask are answered
    serving = functools.partial(socketserver.BaseServer.serve_forever, server, poll_interval=0.05)
    thread = threading.Thread(target=serving, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(STOP_SECONDS)
        # A page that a test ends on may still be loading, and would report a reset in its console.
        while select.select([server.socket], [], [], LAST_SECONDS)[0]:
            server.handle_request()
        server.server_close()
