"""A publication is killed, then only the web or only the worker is started: store and database agree again.

The points lie in the half of the publication in which the journal holds an intent, and one before it.
"""

from collections.abc import Iterator

import pytest

from tests.faults.harness import Harness
from tests.faults.page import Mode

WHOLE = {"agreed": True, "intended": 0, "published": 1}


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with Harness(tmp_path_factory.mktemp("starts"), world="tests.faults.starts") as made:
        yield made


@pytest.fixture(scope="module")
def calls(harness: Harness) -> int:
    answer = harness.order("publish")
    assert (answer["died"], answer.get("said")) == (0, 1), answer
    return int(answer["calls"])


def given_killed(harness: Harness, call: int) -> dict[str, object]:
    """Kills the publication at a call; returns how everything stands then."""
    harness.reset()
    assert harness.strike(Mode.KILL_GROUP, call, "publish")["struck"]
    state: dict[str, object] = harness.must("state")
    return state


@pytest.fixture(scope="module")
def intents(harness: Harness, calls: int) -> list[int]:
    """The calls at which a kill leaves an intent in the journal, every sixth looked at."""
    found = [k for k in range(calls // 2, calls, 6) if given_killed(harness, k)["intended"]]
    assert len(found) >= 3, "no strike left an intent: the harness is blind"
    return found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("which", [0, pytest.param(-1, marks=pytest.mark.long)])
def test_the_web_alone_finishes_a_killed_publication(
    harness: Harness, intents: list[int], which: int
) -> None:
    assert not given_killed(harness, intents[which])["agreed"]
    assert harness.must("start_web") == 200
    assert WHOLE.items() <= harness.must("state").items()
    assert harness.must("violations") == []
    harness.must("start_worker")
    assert (WHOLE | {"planned": True, "job": "done"}).items() <= harness.must("state").items()
    assert harness.must("violations") == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("which", [pytest.param(0, marks=pytest.mark.long), -1])
def test_the_worker_alone_finishes_a_killed_publication(
    harness: Harness, intents: list[int], which: int
) -> None:
    assert not given_killed(harness, intents[which])["agreed"]
    harness.must("start_worker")
    assert (WHOLE | {"planned": True, "job": "done"}).items() <= harness.must("state").items()
    assert harness.must("violations") == []


@pytest.mark.timeout(300)
def test_the_worker_does_a_killed_job_again_before_its_lease_ends(harness: Harness, calls: int) -> None:
    """Killed before the intent nothing is there to recover: the job itself is released and publishes."""
    state = given_killed(harness, calls // 3)
    assert (state["intended"], state["published"], state["job"]) == (0, 0, "running")
    harness.must("start_worker")
    assert (WHOLE | {"planned": True, "job": "done"}).items() <= harness.must("state").items()
    assert harness.must("violations") == []
