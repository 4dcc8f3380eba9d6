"""A long reading of complaints says how far it is, in words, while the old list stays; the process it runs in is bounded."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.db import db, transaction
from app.core.errors import Unavailable
from app.core.jobs import Job, JobState
from app.evidence import job_queries
from app.evidence.mining_process import ask_miner
from tests.house_fixtures import House
from tests.proposal_cases import open_copy

RETURNS, DELIVERY = "退货申请三天没有人回复，订单{n}", "快递一直没有送到，已经等了{n}天"
TEXTS = [words.format(n=n) for n in range(30) for words in (RETURNS, DELIVERY)]


@pytest.fixture
def filled(stocked: Path, tmp_path: Path) -> Iterator[House]:
    with open_copy(stocked, tmp_path / "filled") as house:
        yield house


def grouping(state: JobState, done: int | None = None, total: int | None = None) -> Job:
    row = Job(
        name="group_complaints", key="group-complaints:x", payload={}, state=state, run_after=clock.now(),
        created_at=clock.now(), done_count=done, total_count=total,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def test_the_miner_tells_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []
    answer = ask_miner(
        {"task": "find", "texts": TEXTS}, progress=lambda done, total: told.append((done, total))
    )
    assert sum(len(one["members"]) for one in answer["issues"]) == len(TEXTS)
    assert told and all(0 <= done <= total for done, total in told)


def test_a_miner_that_needs_too_long_is_ended() -> None:
    with pytest.raises(Unavailable) as ended:
        ask_miner({"task": "find", "texts": TEXTS}, limit_seconds=0)
    assert ended.value.reasons[0].key == "mining.failed"


def test_only_a_running_job_says_how_far_it_is(filled: House) -> None:
    with filled.app.app_context():
        assert job_queries.grouping_progress() is None
        with transaction():
            row = grouping(JobState.WAITING, 5, 9)
        assert (job_queries.grouping_progress(), job_queries.running_grouping_job()) == (None, None)
        row.state = JobState.RUNNING
        db.session.commit()
        jobs.progress(row.id, 2300, 8000)
        assert (job_queries.grouping_progress(), job_queries.running_grouping_job()) == ((2300, 8000), row.id)


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "正在从投诉中归集问题"), ("en", "Reading complaints for issues")]
)
def test_the_page_of_issues_says_it_and_keeps_the_old_list(filled: House, language: str, said: str) -> None:
    client = filled.client("director", language)
    before = client.get("/e").text
    assert said not in before and "E-1001" in before
    with filled.app.app_context(), transaction():
        grouping(JobState.RUNNING, 2300, 8000)
    page = client.get("/e").text
    assert said in page and "E-1001" in page and 'value="2300"' in page and "data-poll" in page
    with filled.app.app_context(), transaction():
        db.session.execute(sa.update(Job).values(state=JobState.DONE))
    assert said not in client.get("/e").text
