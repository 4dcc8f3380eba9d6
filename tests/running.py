"""Owns how a test run is put together: options, what is left out and said so, the wall around it. Knows no test."""

import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import network, servers
from tests.samples import SHARED

pytest_plugins = ["tests.server_fixtures", "tests.browser_fixtures"]

LEFT_OUT = pytest.StashKey[dict[str, int]]()
SKIPPED = pytest.StashKey[list[str]]()
RUN = pytest.StashKey[Path]()
STILL_THERE = "TOUCHSTONE_SAMPLES"  # the one setting of ours that a run takes from its surroundings


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options of this project's runs."""
    group = parser.getgroup("touchstone")
    group.addoption("--long", action="store_true", help="also run the tests marked long")
    group.addoption("--no-browser", action="store_true", help="leave out the tests that drive a browser")
    group.addoption("--no-postgres", action="store_true", help="leave out the tests on PostgreSQL and Redis")


def pytest_configure(config: pytest.Config) -> None:
    """Checks the surroundings, frees them of a developer's own settings and makes the run's folder."""
    gc.disable()  # while the tests are loaded nothing becomes garbage; see `pytest_collection_finish`
    config.stash[LEFT_OUT], config.stash[SKIPPED] = {}, []
    for name in [name for name in os.environ if name.startswith("TOUCHSTONE_") and name != STILL_THERE]:
        del os.environ[name]
    os.environ.pop("PORT", None)
    if hasattr(config, "workerinput"):
        config.stash[RUN] = Path(config.workerinput["run_folder"])
        return
    if in_ci():
        left_out = [name for name in ("--no-browser", "--no-postgres") if config.getoption(name)]
        if left_out:
            raise pytest.UsageError(f"with CI set nothing may be left out: {', '.join(left_out)}")
        if not SHARED.is_dir():
            raise pytest.UsageError(f"with CI set the real input has to be there: {SHARED} is no folder")
    clear_dead_runs()
    config.stash[RUN] = Path(tempfile.mkdtemp(prefix=f"touchstone-run-{os.getpid()}-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a test process of the run where the run's folder is."""
    node.workerinput["run_folder"] = str(node.config.stash[RUN])


def clear_dead_runs() -> None:
    """Stops the servers of runs that were killed before they could do so."""
    for folder in Path(tempfile.gettempdir()).glob("touchstone-run-*-*"):
        owner = folder.name.split("-")[2]
        if folder.is_dir() and os.access(folder, os.W_OK) and not Path(f"/proc/{owner}").exists():
            servers.stop_all(folder)


def in_ci() -> bool:
    """Returns whether the run decides about a change, so that nothing may be left out."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def reason_to_leave_out(item: pytest.Item) -> str | None:
    """Returns why a test is not part of this run, None when it is."""
    option, names = item.config.getoption, set(getattr(item, "fixturenames", ()))
    given = getattr(getattr(item, "callspec", None), "params", {}).values()
    params = {value for value in given if isinstance(value, str)}
    if item.get_closest_marker("long") and not option("--long"):
        return "long, run with --long"
    if item.get_closest_marker("samples") and not SHARED.is_dir():
        return f"need the real input in {SHARED} (TOUCHSTONE_SAMPLES)"
    if option("--no-browser") and "browser" in names:
        return "need a browser (--no-browser)"
    if option("--no-postgres") and (names | params) & {"postgres", "postgresql", "redis_server"}:
        return "need PostgreSQL or Redis (--no-postgres)"
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Takes the tests that are not part of this run out of it, and counts them by reason."""
    out = [(item, reason) for item in items if (reason := reason_to_leave_out(item))]
    for _item, reason in out:
        config.stash[LEFT_OUT][reason] = config.stash[LEFT_OUT].get(reason, 0) + 1
    config.hook.pytest_deselected(items=[item for item, _reason in out])
    gone = {id(item) for item, _reason in out}
    items[:] = [item for item in items if id(item) not in gone]


def pytest_collection_finish() -> None:
    """Takes what was loaded until now out of every later search for garbage: it stays until the process ends.

    The search went through all of it thousands of times, a fifth of a run. What tests leave behind is still found,
    at the latest when pytest itself collects at the end, and fails the run where it was not closed.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)
    gc.enable()


def pytest_report_teststatus(report: pytest.TestReport | pytest.CollectReport, config: pytest.Config) -> None:
    """Notes every skipped test; in CI one is enough to fail the run."""
    if report.skipped and not hasattr(report, "wasxfail"):
        config.stash[SKIPPED].append(report.nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hands the counts to the process that began the run; fails a CI run that skipped something."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash[LEFT_OUT]
        return
    if in_ci() and session.config.stash[SKIPPED] and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Takes the counts of a test process; every one of them collected all tests, so they are the same."""
    node.config.stash[LEFT_OUT].update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Says in one line each what was left out and why, and what fails a CI run beside its tests."""
    for reason, count in sorted(config.stash[LEFT_OUT].items()):
        terminalreporter.write_line(f"left out: {count} tests: {reason}")
    if in_ci() and config.stash[SKIPPED]:
        terminalreporter.write_line(f"FAILED: with CI set nothing may be skipped: {config.stash[SKIPPED]}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops the servers of the run."""
    if RUN in config.stash and not hasattr(config, "workerinput"):
        servers.stop_all(config.stash[RUN])


@pytest.fixture(scope="session")
def run_folder(request: pytest.FixtureRequest) -> Path:
    """The folder that all test processes of this run share; it goes when the run ends."""
    return request.config.stash[RUN]


@pytest.fixture(scope="session", autouse=True)
def _wall() -> Iterator[None]:
    """Keeps every test process on this machine."""
    with pytest.MonkeyPatch.context() as patch:
        network.wall(patch)
        yield
