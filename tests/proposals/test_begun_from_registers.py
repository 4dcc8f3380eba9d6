"""A proposal from a benchmark, a law, a periodic review or a finding: filled in, one sentence missing, three clicks."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import clock
from app.core.db import transaction
from app.evidence import queries as evidence_queries
from app.evidence import register_queries, registers
from app.evidence.models import EvidenceKind
from app.evidence.register_models import BenchmarkKind
from app.proposals import prefill_registers
from app.proposals.prefill_registers import FindingWords
from app.standards import queries as standards
from app.standards.measures import Comparison, Unit
from app.standards.models import NeedSource
from app.standards.workflow import State
from tests.house_fixtures import MONDAY, House, csrf
from tests.proposal_cases import open_copy


@pytest.fixture
def filled(stocked: Path, tmp_path: Path) -> Iterator[House]:
    with open_copy(stocked, tmp_path / "filled") as house, clock.frozen(MONDAY):
        with house.app.app_context(), transaction():
            director = house.actor("director")
            registers.add_benchmark(
                director, kind=BenchmarkKind.COMPETITOR, who="某平台", clause="CS-04-C07",
                metric="first_reply_time", comparison=Comparison.AT_MOST, value="6", unit=Unit.HOUR,
                source="官网承诺页", dated_on=dt.date(2026, 9, 1),
            )  # fmt: skip
            law = registers.add_obligation(
                director, code="pipl-17", title_zh="个人信息保护法 第十七条", duty="告知处理目的",
                source="全国人大", clauses=["CS-04-C02"],
            )  # fmt: skip
            registers.note_change(director, law, applies_on=dt.date(2027, 1, 1), words="告知要显著")
            registers.begin_reviews()
        yield house


@pytest.mark.parametrize(
    ("start", "page", "says", "source", "kind", "clause"),
    [
        ("benchmark=B-1", "/e/benchmarks", "官网承诺页", NeedSource.BENCHMARK, EvidenceKind.BENCHMARK, "c07"),
        ("law=pipl-17/CS-04-C02", "/e/laws/pipl-17", "告知要显著", NeedSource.LAW, EvidenceKind.LAW, "c02"),
    ],
)
def test_three_clicks_from_the_register_to_a_submitted_proposal(
    filled: House, start: str, page: str, says: str, source: NeedSource, kind: EvidenceKind, clause: str
) -> None:
    client = filled.client("director")
    links = [link.replace("%2F", "/") for link in re.findall(r'href="/new\?([^"]+)"', client.get(page).text)]
    assert start in links  # click 1
    known = client.get(f"/new?{start}")
    assert says in known.text
    made = client.post(
        f"/new?{start}", data={**csrf(known.text), "benefit": "客户更快得到答复", "then": "check"}
    )  # click 2
    number = made.location.split("/")[2]
    check = client.get(made.location)
    sent = client.post(f"/new/{number}/submission", data={**csrf(check.text), "seen": "y"})  # click 3
    assert sent.status_code == 303
    with filled.app.app_context():
        revision = standards.revision(number)
        assert (revision.state, revision.source) == (State.PROPOSED, source)
        assert standards.clause_ids(revision.id) == [clause]
        assert [link.kind for link in evidence_queries.evidence_of(revision.id)] == [kind]
        # Nobody typed the title, so it is there for readers of both languages.
        assert (
            re.search("[一-鿿]", revision.title) and revision.title_en and revision.title_en != revision.title
        )


@pytest.mark.parametrize(("outcome", "next_page"), [("revise", "clauses"), ("retire", "check")])
def test_a_review_that_does_not_keep_goes_on_to_a_proposal(
    filled: House, outcome: str, next_page: str
) -> None:
    with clock.frozen(MONDAY + dt.timedelta(days=366)):
        client = filled.client("director")
        page = client.get("/e/reviews")
        assert "/e/reviews/1/outcome" in page.text
        data = {**csrf(page.text), "outcome": outcome}
        assert client.post("/e/reviews/1/outcome", data=data).status_code == 422  # the reason is missing
        ended = client.post("/e/reviews/1/outcome", data={**data, "reason": "市场变了"})
        assert ended.location == "/new?review=1"
        known = client.get(ended.location)
        assert "市场变了" in known.text
        made = client.post(ended.location, data={**csrf(known.text), "benefit": "不再误导", "then": "check"})
        assert made.status_code == 303 and next_page in made.location


def test_keeping_needs_a_reason_too_and_opens_no_proposal(filled: House) -> None:
    with clock.frozen(MONDAY + dt.timedelta(days=366)):
        client = filled.client("director")
        data = {**csrf(client.get("/e/reviews").text), "outcome": "keep"}
        assert client.post("/e/reviews/1/outcome", data=data).status_code == 422
        kept = client.post("/e/reviews/1/outcome", data={**data, "reason": "投诉很少"})
        assert kept.location == "/e/reviews" and "投诉很少" in client.get("/e/reviews").text
        assert 'name="benefit"' not in client.get("/new?review=1").text
        with filled.app.app_context():
            assert [row.due_on.year for row in register_queries.open_reviews()] == [2028]


def test_a_finding_opens_the_check_page_for_whoever_reads_reports(filled: House) -> None:
    with filled.app.app_context():
        standard = standards.standard("cs-04")
    known = FindingWords("F-1", standard, "c07", "首次答复：经常未达到", "九月 3 次质检发现未达到")
    before = list(prefill_registers._findings)
    prefill_registers.provide_findings(lambda key: known if key == "F-1" else None)
    try:
        assert "九月 3 次" in filled.client("auditor").get("/new?finding=F-1").text
        assert "九月 3 次" not in filled.client("agent").get("/new?finding=F-1").text
        assert filled.client("auditor").get("/new?finding=F-2").status_code == 200
    finally:
        prefill_registers._findings[:] = before


@pytest.mark.parametrize(
    "start", ["benchmark=B-99", "benchmark=x", "law=pipl-17", "law=nothing/CS-04-C07", "review=9", "review=a"]
)
def test_what_is_not_there_begins_an_empty_proposal(filled: House, start: str) -> None:
    page = filled.client("director").get(f"/new?{start}")
    assert page.status_code == 200 and 'name="problem"' in page.text
