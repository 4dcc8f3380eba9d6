"""kill -9 while an agent acknowledges and while a reviewer signs, at seeded random write, sync and rename calls.

After each kill: recovery, the act is wholly there or wholly absent, the same form sent again is exactly one act, and
`verify` finds nothing. All points take more than a minute of CPU, so the normal run takes 6 of each act on
SQLite and 3 on PostgreSQL; --long takes 40 (every call of an act that makes fewer) and 20. On PostgreSQL the
client is killed, when it writes files or when it sends to the server; the server has a log of its own.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import servers
from tests.faults.harness import Harness
from tests.faults.page import Mode

WORLD, SEED = "tests.faults.acts", 20261122
ACTS = ("acknowledge", "sign")


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with Harness(tmp_path_factory.mktemp("acts"), world=WORLD) as made:
        yield made


class PostgresHarness(Harness):
    """A harness whose database is put back with its folder."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, url, WORLD)
        server, _, self.name = url.replace("+psycopg", "").rpartition("/")
        self._control = psycopg.connect(f"{server}/postgres", autocommit=True)
        self._copy(self.name, f"{self.name}_before")

    def _copy(self, source: str, target: str) -> None:
        self._control.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        self._control.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def reset(self) -> None:
        """Puts folder and database back."""
        super().reset()
        self._copy(f"{self.name}_before", self.name)

    def end(self) -> None:
        """Ends the zygote and drops the template."""
        super().end()
        self._control.execute(f'DROP DATABASE IF EXISTS "{self.name}_before" WITH (FORCE)')
        self._control.close()


@pytest.fixture(scope="module")
def postgres_harness(postgres: servers.Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with (
        servers.fresh_database(postgres) as url,
        PostgresHarness(tmp_path_factory.mktemp("acts-postgresql"), url) as made,
    ):
        yield made


Counts = dict[str, int]


def unharmed(harness: Harness, name: str, **more: Any) -> tuple[Counts, Counts, Counts]:
    """Does the act without a strike; returns its calls by kind and the snapshots before and after it."""
    harness.reset()
    before = harness.must("snapshot")
    answer = harness.order("act", name, **more)
    assert (answer["died"], answer.get("said")) == (0, 303), answer
    kinds = harness.page.by_kind()
    return kinds, before, harness.must("snapshot")


def sweep(harness: Harness, name: str, points: int, seed: int, **more: Any) -> list[str]:
    """Kills at so many random calls; returns what was wrong, a line for each strike and fault."""
    kinds, before, after = unharmed(harness, name, **more)
    calls, wrong = sum(kinds.values()), []
    for k in sorted(random.Random(seed).sample(range(1, calls + 1), min(points, calls))):
        harness.reset()
        struck = harness.strike(Mode.KILL_GROUP, k, "act", name, **more)
        answer = harness.order("settle", name, struck["died"] == 0, before, after)
        faults = answer.get("said") if answer["died"] == 0 else [answer.get("trace", str(answer))]
        wrong += [f"seed {seed}, call {k} of {calls}: {line}" for line in faults or []]
    return wrong


@pytest.mark.parametrize("name", ACTS)
def test_an_act_makes_the_calls_that_are_struck(harness: Harness, name: str) -> None:
    kinds, before, after = unharmed(harness, name)
    assert kinds["write"] >= 5
    assert kinds["sync"] >= 1
    grown = {table for table in after if after[table] > before[table]}
    row = {"acknowledge": "acknowledged_clause", "sign": "sign_off"}[name]
    assert {row, "activity_line"} < grown


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ACTS)
def test_killed_an_act_is_whole_or_absent(harness: Harness, name: str) -> None:
    assert sweep(harness, name, 6, SEED) == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ACTS)
def test_killed_on_postgresql_an_act_is_whole_or_absent(postgres_harness: Harness, name: str) -> None:
    assert sweep(postgres_harness, name, 3, SEED, sends=True) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", ACTS)
def test_killed_at_forty_calls_an_act_is_whole_or_absent(harness: Harness, name: str) -> None:
    assert sweep(harness, name, 40, SEED + 1) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", ACTS)
def test_killed_at_twenty_calls_on_postgresql_an_act_is_whole_or_absent(
    postgres_harness: Harness, name: str
) -> None:
    assert sweep(postgres_harness, name, 20, SEED + 1, sends=True) == []
