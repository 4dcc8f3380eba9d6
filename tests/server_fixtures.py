"""Owns the fixtures for databases, Redis, mail and real input. What runs behind them stands in `servers.py`."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from tests import servers
from tests.samples import SHARED

ROOT = Path(__file__).parent.parent
TEMPLATE = "touchstone_template"


class Samples:
    """The folder of real input."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def require(self, name: str) -> Path:
        """Returns the file or folder of that name below the root; one that is missing fails the test."""
        path = self.root / name
        if not path.exists():
            pytest.fail(f"the real input has no {name} (looked in {self.root})")
        return path

    __truediv__ = require


@pytest.fixture(scope="session")
def samples() -> Samples:
    """Real input by name: `samples.require("tickets/...")`. Mark the test `samples`."""
    return Samples(SHARED)


@pytest.fixture(scope="session")
def postgres(run_folder: Path) -> servers.Shared:
    """The run's PostgreSQL server."""
    return servers.shared(run_folder, "postgres", servers.start_postgres)


@pytest.fixture
def empty_postgres_url(postgres: servers.Shared) -> Iterator[str]:
    """The address of a new PostgreSQL database without tables, for one test."""
    with servers.fresh_database(postgres) as address:
        yield address


@pytest.fixture(scope="session")
def _postgres_template(postgres: servers.Shared, run_folder: Path) -> str:
    """A PostgreSQL database with all migrations, made once in a run; new ones are copied from it."""
    with once(run_folder / "postgres-template.done") as is_first:
        if is_first:
            with psycopg.connect(
                servers.postgres_address(postgres.port, "postgres"), autocommit=True
            ) as control:
                control.execute(f'CREATE DATABASE "{TEMPLATE}"')
            upgrade(run_folder / "postgres-template", servers.postgres_address(postgres.port, TEMPLATE))
    return TEMPLATE


@pytest.fixture
def postgres_url(postgres: servers.Shared, _postgres_template: str) -> Iterator[str]:
    """The address of a new PostgreSQL database with all tables and no rows, for one test."""
    with servers.fresh_database(postgres, _postgres_template) as address:
        yield address


@pytest.fixture(scope="session")
def _sqlite_template(run_folder: Path) -> Path:
    """A SQLite database with all migrations, made once in a run; new ones are copied from it."""
    folder = run_folder / "sqlite-template"
    with once(run_folder / "sqlite-template.done") as is_first:
        if is_first:
            upgrade(folder, "")
    return folder / "touchstone.db"


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a new SQLite database with all tables and no rows, for one test."""
    made = tmp_path / "touchstone.db"
    shutil.copyfile(_sqlite_template, made)
    return f"sqlite:///{made}"


@contextlib.contextmanager
def once(mark: Path) -> Iterator[bool]:
    """Yields True to the first process of the run that comes here, False to those after it; they wait."""
    with mark.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_first = not mark.exists()
        yield is_first
        mark.touch()


def upgrade(data: Path, database: str) -> None:
    """Makes all tables of a database by the migrations, in a process of its own, as an operator would."""
    given = {"TOUCHSTONE_DATA": str(data), "TOUCHSTONE_DATABASE": database}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"],
        cwd=ROOT,
        env=os.environ | given,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"the migrations failed on {database or 'SQLite'}:\n{done.stdout}{done.stderr}")


@pytest.fixture(scope="session")
def redis_server(run_folder: Path) -> servers.Shared:
    """The run's Redis server."""
    return servers.shared(run_folder, "redis", servers.start_redis)


@pytest.fixture
def redis_url(redis_server: servers.Shared) -> Iterator[str]:
    """The address of an empty Redis database that only this test process uses."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    address = f"redis://127.0.0.1:{redis_server.port}/{number}"
    with contextlib.closing(redis.Redis.from_url(address)) as client:
        client.flushdb()
        yield address
        client.flushdb()


@pytest.fixture
def mailbox() -> Iterator[servers.Mailbox]:
    """A real mail server; `.address` is what TOUCHSTONE_SMTP takes, `.messages` what it was sent."""
    with servers.Mailbox().open() as box:
        yield box
