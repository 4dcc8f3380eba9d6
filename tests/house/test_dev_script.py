"""Checks `./dev` as a person uses it: what it says when it cannot go on, and that nothing outlives it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import free_port, wait_until

ROOT = Path(__file__).parents[2]
DEV = ROOT / "dev"

pytestmark = pytest.mark.timeout(300)


def surroundings(**given: object) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "PYTEST_CURRENT_TEST")}
    return kept | {name: str(value) for name, value in given.items()}


def refused(*words: str, **given: object) -> str:
    """Runs `./dev` where it has to stop; returns the one line it says, after checking that it is one."""
    done = subprocess.run(
        [DEV, *words], env=surroundings(**given), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1, done
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("dev: ")
    return lines[0]


def test_shell_understands_every_script() -> None:
    for script in (DEV, ROOT / ".ci" / "run"):
        subprocess.run(["bash", "-n", script], check=True)
        assert os.access(script, os.X_OK)


def test_no_word_and_a_wrong_word_show_the_usage() -> None:
    for words in ([], ["fly"]):
        done = subprocess.run([DEV, *words], env=surroundings(), capture_output=True, text=True)
        assert done.returncode == 2
        assert "usage: ./dev run" in done.stderr


def test_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refused("run", PORT=port, TOUCHSTONE_DATA=tmp_path / "data")
    assert f"Port {port} is taken by another program" in said
    assert not list((tmp_path / "data").glob("*.db")), "nothing is made before the port is known to be free"


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80 80"])
def test_port_that_is_no_port_is_one_sentence(port: str, tmp_path: Path) -> None:
    assert "PORT must be a number from 1 to 65535" in refused("run", PORT=port, TOUCHSTONE_DATA=tmp_path)


def test_data_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = refused("run", PORT=free_port(), TOUCHSTONE_DATA=tmp_path / "file" / "data")
    assert "cannot be made" in said


@pytest.fixture
def plain_account() -> dict[str, int]:
    """What makes a process run without the rights of root; nothing when we have none ourselves."""
    return {"user": 65534, "group": 65534} if os.getuid() == 0 else {}


def test_data_folder_of_somebody_else_is_one_sentence(
    tmp_path: Path, plain_account: dict[str, int], request: pytest.FixtureRequest
) -> None:
    locked = Path("/tmp") / f"touchstone-{tmp_path.name}-{os.getpid()}"
    locked.mkdir(mode=0o555)
    request.addfinalizer(locked.rmdir)
    script = locked.parent / f"{locked.name}.sh"
    script.write_text(DEV.read_text())
    script.chmod(0o755)
    request.addfinalizer(script.unlink)
    done = subprocess.run(
        [script, "run"],
        env=surroundings(PORT=free_port(), TOUCHSTONE_DATA=locked, DEV_PYTHON="/usr/bin/python3"),
        capture_output=True,
        text=True,
        cwd="/",
        extra_groups=[] if plain_account else None,
        **plain_account,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"dev: This account may not write in the data folder {locked}; set TOUCHSTONE_DATA to one it may."
    ]


@pytest.mark.parametrize("option", ["--no-browser", "--no-postgres"])
def test_ci_refuses_to_leave_parts_out(option: str) -> None:
    assert "With CI set nothing may be left out" in refused("test", option, CI="true")


class Run:
    """One `./dev run` on a data folder, and what it started."""

    def __init__(self, data: Path) -> None:
        self.port, self.data = free_port(), data
        self.output = data.parent / "output"
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(
                [DEV, "run"],
                env=surroundings(PORT=self.port, TOUCHSTONE_DATA=data),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.output.read_text()

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.said()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def child(self, program: str) -> int | None:
        """Returns the process started by the script itself that runs the program, None while there is none."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in map(int, listed):
            if program.encode() in command_of(pid):
                return pid
        return None


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def processes_on(data: Path) -> list[int]:
    """Returns the processes whose surroundings name the data folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"TOUCHSTONE_DATA={data}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


@contextmanager
def ready(folder: Path, tables: Path, *, is_to_move: bool = False) -> Iterator[Run]:
    """A run that is ready; its demo data count as made, since making them is not what is looked at here.

    `is_to_move`: they were whole when an earlier run was stopped before it moved them into place.
    """
    data = folder / "data"
    made = data / "making" if is_to_move else data
    made.mkdir(parents=True)
    shutil.copyfile(tables, made / "touchstone.db")
    (made / "demo-accounts.txt").write_text("the demo accounts\n")
    run = Run(data)
    try:
        wait_until(lambda: run.is_up() and "the demo accounts" in run.said(), "./dev run ready", seconds=200)
        yield run
    finally:
        run.process.send_signal(signal.SIGTERM)
        run.process.wait(60)


@pytest.fixture
def running(tmp_path: Path, _sqlite_template: Path) -> Iterator[Run]:
    """A run of the test's own, which the test may end."""
    with ready(tmp_path, _sqlite_template) as run:
        yield run


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Iterator[Run]:
    """A run shared by the tests that leave it running; it found demo data that were whole and not in place."""
    with ready(tmp_path_factory.mktemp("lasting"), _sqlite_template, is_to_move=True) as run:
        yield run


def other(find: Callable[[], int | None], than: int) -> Callable[[], bool]:
    return lambda: find() not in (None, than)


def test_run_says_where_to_go_and_a_second_run_is_refused(lasting: Run) -> None:
    assert f"Touchstone runs on http://127.0.0.1:{lasting.port}/ " in lasting.said()
    said = refused("run", PORT=free_port(), TOUCHSTONE_DATA=lasting.data)
    assert re.search(
        rf"already runs on the data folder .* \(http://127\.0\.0\.1:{lasting.port}/, process \d+\)", said
    )
    assert lasting.is_up(), "the refused second run must leave the first one alone"


def stops(run: Run, how: signal.Signals) -> None:
    """Asserts that one signal to the script ends web, worker and the script itself."""
    assert run.child("gunicorn")
    assert run.child("huey_consumer")
    run.process.send_signal(how)
    assert run.process.wait(60) == 0, run.said()
    assert processes_on(run.data) == []
    assert "Traceback" not in run.said()


def test_ctrl_c_stops_web_and_worker(running: Run) -> None:
    stops(running, signal.SIGINT)


@pytest.mark.parametrize(("program", "name"), [("huey_consumer", "worker"), ("gunicorn", "web server")])
def test_killed_part_is_started_again(lasting: Run, program: str, name: str) -> None:
    first = lasting.child(program)
    assert first
    os.kill(first, signal.SIGKILL)
    wait_until(other(lambda: lasting.child(program), first), f"a new {name}")
    wait_until(lasting.is_up, "the web server answering again")
    assert f"the {name} ended by itself (code 137); starting it again" in lasting.said()


def test_killed_script_leaves_nothing_behind(running: Run) -> None:
    running.process.kill()
    running.process.wait(10)
    wait_until(lambda: processes_on(running.data) == [], "end of web and worker")


def test_demo_data_that_were_whole_are_moved_into_place(lasting: Run) -> None:
    assert not (lasting.data / "making").exists()
    assert {"demo-accounts.txt", "touchstone.db"} <= {path.name for path in lasting.data.iterdir()}


def test_a_signal_to_end_stops_web_and_worker(lasting: Run) -> None:
    """The last test of the run that is shared."""
    stops(lasting, signal.SIGTERM)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_demo_data_that_were_begun_and_killed_are_made_anew(tmp_path: Path) -> None:
    first = Run(tmp_path / "data")
    made = first.data / "making" / "touchstone.db"
    wait_until(lambda: first.process.poll() is None and made.exists(), "the first tables")
    first.process.kill()
    first.process.wait(10)
    wait_until(lambda: processes_on(made.parent) == [], "end of what made the demo data")
    second = Run(tmp_path / "data")
    try:
        wait_until(second.is_up, "./dev run ready", seconds=400)
        assert "making the demo data, once" in second.said()
    finally:
        second.process.terminate()
        second.process.wait(30)
