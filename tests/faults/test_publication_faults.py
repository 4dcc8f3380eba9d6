"""kill -9, a full disk and failing writes at the calls of one publication, Git's own children included.

Each strike is followed by a start: recovery, the checks of `world.violations`, the same request again, the checks
again. The controls show that the same harness sees the faults of designs without a journal.
"""

import random
from collections.abc import Iterator

import pytest

from tests.faults.harness import Harness
from tests.faults.page import Mode

NEXT = 3  # the template holds the publications 1 and 2
EVERY = 7  # the normal run strikes at every seventh call, --long at each
RECOVERIES_KILLED = 6
POSTGRES_POINTS = 12
CONTROL_TAIL, CONTROL_EVERY = 60, 6  # a design without a journal breaks between its two stores: near the end


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with Harness(tmp_path_factory.mktemp("faults")) as made:
        yield made


def count_calls(harness: Harness, do: str = "publish") -> int:
    harness.reset()
    answer = harness.order(do, NEXT)
    assert answer["died"] == 0, answer
    return int(answer["calls"])


def sweep(harness: Harness, mode: Mode, first: int, step: int) -> list[str]:
    """Strikes at every `step`-th call; returns what was wrong, a line for each strike and fault."""
    wrong = []
    for k in range(first, count_calls(harness) + 1, step):
        harness.reset()
        # Killed alone, the caller leaves its git running: the next start must cope with that too.
        struck = harness.strike(mode, k, "publish", NEXT, wait_for_orphans=False)
        answer = harness.order("settle", NEXT, struck["died"] == 0)
        faults = answer.get("said") if answer["died"] == 0 else [answer.get("trace", str(answer))]
        wrong += [f"call {k}: {line}" for line in faults or []]
    return wrong


def test_a_publication_makes_the_calls_that_are_struck(harness: Harness) -> None:
    calls = count_calls(harness)
    kinds = harness.page.by_kind()
    assert calls == sum(kinds.values())
    assert calls >= 100, "the shim does not see Git's children any more"
    assert kinds["rename"] >= 2
    assert kinds["sync"] >= 20
    assert kinds["link"] + kinds["rename"] >= 10, "objects come into being by link or rename"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("first", [1, 1 + EVERY])  # two halves, for two test processes
def test_killed_at_every_seventh_call_it_is_whole_or_absent(harness: Harness, first: int) -> None:
    assert sweep(harness, Mode.KILL_GROUP, first, 2 * EVERY) == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "mode", [Mode.KILL_CALLER, Mode.DISK_FULL, Mode.IO_ERROR], ids=lambda mode: mode.name
)
def test_other_faults_at_sampled_calls_leave_it_whole_or_absent(harness: Harness, mode: Mode) -> None:
    assert sweep(harness, mode, 2, 24) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mode", [m for m in Mode if m is not Mode.COUNT], ids=lambda mode: mode.name)
def test_every_fault_at_every_call_leaves_it_whole_or_absent(harness: Harness, mode: Mode) -> None:
    assert sweep(harness, mode, 1, 1) == []


def kill_recoveries(harness: Harness, times: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    calls, wrong, killed = count_calls(harness), [], 0
    while killed < times:
        # From its middle on a publication leaves work for a recovery: the intent stands in the journal.
        at, during = chance.randint(calls // 2, calls), chance.randint(1, 60)
        harness.reset()
        harness.strike(Mode.KILL_GROUP, at, "publish", NEXT)
        killed += harness.strike(Mode.KILL_GROUP, during, "recover")["struck"]
        answer = harness.order("settle", NEXT, False)
        faults = answer.get("said") if answer["died"] == 0 else [answer.get("trace", str(answer))]
        wrong += [f"call {at}, recovery killed at {during}: {line}" for line in faults or []]
    return wrong


@pytest.mark.timeout(300)
def test_a_recovery_may_itself_be_killed(harness: Harness) -> None:
    assert kill_recoveries(harness, RECOVERIES_KILLED, seed=20261122) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_three_hundred_recoveries_may_be_killed(harness: Harness) -> None:
    assert kill_recoveries(harness, 300, seed=1) == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("control", ["publish_store_first", "publish_database_first"])
def test_the_controls_without_a_journal_break(harness: Harness, control: str) -> None:
    """Were these green, the harness would be blind."""
    calls, broken = count_calls(harness, control), 0
    for k in range(calls, calls - CONTROL_TAIL, -CONTROL_EVERY):
        harness.reset()
        harness.strike(Mode.KILL_GROUP, k, control, NEXT)
        broken += bool(harness.must("start_without_recovery"))
    assert broken >= 2, f"{control} broke only {broken} times"


@pytest.mark.timeout(300)
def test_killed_on_postgresql_it_is_whole_or_absent(
    tmp_path_factory: pytest.TempPathFactory, empty_postgres_url: str
) -> None:
    """The calls of Git and what is sent to the server are struck; each strike hits the next publication."""
    wrong, struck = [], 0
    with Harness(tmp_path_factory.mktemp("faults-postgresql"), empty_postgres_url) as harness:
        calls = int(harness.order("publish", NEXT, sends=True)["calls"])
        for n, k in enumerate(range(1, calls, max(1, calls // (POSTGRES_POINTS + 2))), start=NEXT + 1):
            answer = harness.strike(Mode.KILL_GROUP, k, "publish", n, sends=True)
            struck += answer["struck"]
            wrong += [f"call {k}: {line}" for line in harness.must("settle", n, answer["died"] == 0) or []]
    assert wrong == []
    assert struck >= POSTGRES_POINTS
