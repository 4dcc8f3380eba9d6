"""A job whose process was killed is done by the next worker at once, not after its lease."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.core import clock, jobs, processes
from app.core.db import db
from app.core.jobs import Job, JobState
from tests.house_fixtures import House

TELL = "from app.core import processes; print(processes.mark(), flush=True); input()"


@pytest.fixture
def other() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process of this machine that lives, and its mark."""
    with subprocess.Popen(
        [sys.executable, "-c", TELL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield process, process.stdout.readline().strip()
        process.kill()


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def given_running(owner: str | None, tries: int = 1) -> int:
    """Returns a job that somebody began; its lease has not ended."""
    job = jobs.enqueue("anchor_log")
    job.state, job.owner, job.tries = JobState.RUNNING, owner, tries
    job.lease_until = clock.now() + jobs.LEASE
    db.session.commit()
    return job.id


def state_of(job_id: int) -> JobState:
    db.session.expire_all()
    return db.session.get_one(Job, job_id).state


def test_a_process_lives_until_it_is_killed(other: tuple[subprocess.Popen[str], str]) -> None:
    process, mark = other
    assert not processes.is_gone(mark)
    assert not processes.is_gone(processes.mark())
    process.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert processes.is_gone(mark), "a zombie does no work any more"
    process.wait()
    assert processes.is_gone(mark)


def test_a_number_given_again_is_another_process() -> None:
    machine, boot, number, started = processes.mark().split(" ")
    assert processes.is_gone(f"{machine} {boot} {number} {int(started) + 1}")
    assert processes.is_gone(f"{machine} an-earlier-start {number} {started}")
    assert not processes.is_gone(f"elsewhere/1 {boot} {number} {int(started) + 1}")
    for bad in ("", "x", f"{machine} {boot} {number}", f"{machine} {boot} -1 {started}"):
        assert not processes.is_gone(bad), bad


def test_the_job_of_a_killed_process_is_done_at_once(
    house: House, other: tuple[subprocess.Popen[str], str]
) -> None:
    process, mark = other
    job_id = given_running(mark)
    assert (jobs.release_dead(), jobs.run_due()) == (0, 0), "its process lives"
    kill(process)
    assert jobs.run_due() == 0, "its lease has not ended"
    assert jobs.release_dead() == 1
    assert jobs.release_dead() == 0
    assert jobs.run_due() == 1
    assert state_of(job_id) is JobState.DONE
    assert db.session.scalar(sa.select(Job.owner).where(Job.id == job_id)) is None


def test_jobs_of_other_machines_and_of_none_wait_for_their_lease(sqlite_house: House) -> None:
    _machine, boot, number, started = processes.mark().split(" ")
    for owner in (None, f"elsewhere/1 {boot} {number} {int(started) + 1}"):
        job_id = given_running(owner)
        assert jobs.release_dead() == 0
        assert state_of(job_id) is JobState.RUNNING


def test_a_job_that_kills_every_process_is_given_up(
    sqlite_house: House, other: tuple[subprocess.Popen[str], str]
) -> None:
    process, mark = other
    job_id = given_running(mark, tries=jobs.RETRIES)
    kill(process)
    assert jobs.release_dead() == 1
    assert state_of(job_id) is JobState.FAILED
    assert jobs.run_due() == 0


def test_a_job_names_the_process_that_does_it(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str | None] = []
    job_id = jobs.enqueue("anchor_log").id
    db.session.commit()
    monkeypatch.setitem(
        jobs._functions, "anchor_log", lambda: seen.append(db.session.get_one(Job, job_id).owner)
    )
    jobs.run_due()
    assert seen == [processes.mark()]
