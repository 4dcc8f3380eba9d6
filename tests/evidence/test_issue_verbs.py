"""A person confirms, merges, splits and moves out; the next run respects it. Complaints without a category are mined."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.access import SYSTEM
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused
from app.evidence import queries, service
from app.evidence.mined_issues import MINED
from app.evidence.models import Issue, IssueState, IssueTicket
from tests.evidence.evidence_cases import bring, complaints, record
from tests.house_fixtures import MONDAY, House, csrf

LATE, TWICE, RUDE = (
    "快递好多天了还没有送到，没有消息",
    "我的卡被重复扣款，要求退款",
    "客服态度恶劣，骂人还挂电话",
)


def loose(count: int, words: str, first: int, day: int = 3) -> list:
    """Complaints without a category."""
    at = MONDAY - dt.timedelta(days=day)
    return [
        record(
            first + n,
            at=at + dt.timedelta(minutes=n),
            is_complaint=True,
            category=None,
            subject="",
            text=f"{words}，第{n}次联系",
        )
        for n in range(count)
    ]


def issue_of(word: str) -> Issue:
    """The open issue whose examples hold a word."""
    for issue in db.session.scalars(sa.select(Issue).where(Issue.merged_into_id.is_(None))):
        texts = [ticket.text for ticket in queries.tickets_by_ids(issue.example_ids)]
        if texts and all(word in text for text in texts):
            return issue
    raise AssertionError(word)


def members(issue: Issue) -> set[int]:
    rows = sa.select(IssueTicket.ticket_id).where(
        IssueTicket.issue_id == issue.id, sa.not_(IssueTicket.is_out)
    )
    return set(db.session.scalars(rows))


def test_mined_issues_keep_their_number_and_respect_people(house: House, tmp_path: Path) -> None:
    bring(tmp_path, [*loose(20, LATE, 0), *loose(20, TWICE, 100), *loose(20, RUDE, 200)])
    found = service.group_complaints(SYSTEM)
    assert {issue.category for issue in found} == {MINED} and len(found) >= 3
    late = issue_of("快递")
    assert late.name_zh and late.last_count == len(members(late))
    numbers = {issue.number for issue in found}
    assert {issue.number for issue in service.group_complaints(SYSTEM)} == numbers

    director = house.actor("director")
    service.confirm(director, late)
    gone = late.example_ids[0]
    service.take_out(director, late, [gone])
    held = members(late)
    with clock.frozen(MONDAY + dt.timedelta(days=1)):
        bring(tmp_path, loose(10, LATE, 300, day=0), "more.csv")
        service.group_complaints(SYSTEM)
    assert held <= members(late) and gone not in members(late)
    db.session.commit()


def test_a_merged_issue_gives_its_complaints_and_takes_no_new_ones(
    sqlite_house: House, tmp_path: Path
) -> None:
    bring(
        tmp_path,
        [*complaints(12, 3), *[with_category(one) for one in complaints(8, 3, first=50, words="发票没开")]],
    )
    service.group_complaints(SYSTEM)
    first, second = queries.issues()
    director = sqlite_house.actor("director")
    with pytest.raises(Invalid):
        service.merge(director, first, first)
    with pytest.raises(NotAllowed):
        service.merge(sqlite_house.actor("drafter"), second, first)
    assert service.merge(director, second, first) == 8
    assert (first.last_count, second.state, second.merged_into_id) == (20, IssueState.SET_ASIDE, first.id)
    for verb in (
        lambda: service.merge(director, second, first),
        lambda: service.confirm(director, second),
        lambda: service.reopen_issue(director, second),
    ):
        with pytest.raises(Refused):
            verb()
    service.group_complaints(SYSTEM)
    assert first.last_count == 20 and len(queries.issues()) == 2


def with_category(one):
    return one.__class__(
        **{name: getattr(one, name) for name in one.__dataclass_fields__} | {"category": "order"}
    )


def test_splitting_makes_two_that_stay_two(sqlite_house: House, tmp_path: Path) -> None:
    bring(tmp_path, [*complaints(12, 3), *complaints(6, 3, first=50, words="退货运费谁出")])
    (issue,) = service.group_complaints(SYSTEM)
    director = sqlite_house.actor("director")
    for words in ("", "没有人说过这个", "等了"):
        with pytest.raises(Invalid):
            service.split(director, issue, words=words)
    made = service.split(director, issue, words="运费")
    assert (made.number, made.name_zh, made.last_count, issue.last_count) == ("E-1002", "运费", 6, 12)
    service.group_complaints(SYSTEM)
    assert (made.last_count, issue.last_count) == (6, 12)
    assert not members(made) & members(issue)


def test_the_acts_stand_on_the_page(web: House, tmp_path: Path) -> None:
    with web.app.app_context(), clock.frozen(MONDAY):
        bring(tmp_path, [*complaints(12, 3), *complaints(6, 3, first=50, words="退货运费谁出")])
        service.group_complaints(SYSTEM)
        db.session.commit()
    client = web.client("director", "zh")
    page = client.get("/e/E-1001")
    assert page.status_code == 200 and "对，这是同一件事" in page.text and "发生在哪里" in page.text
    token = csrf(page.text)

    def post(path: str, **data: str) -> int:
        return client.post(f"/e/{path}", data={**token, **data}).status_code

    assert post("E-1001/confirmation") == 303
    assert post("E-1001/splitting", words="x") == 422
    assert post("E-1001/splitting", words="运费") == 303
    assert post("E-1002/merging", into="E-1002") == 422
    assert post("E-1002/merging", into="E-1001") == 303
    assert "已并入" in client.get("/e/E-1002").text
    assert client.get("/e").status_code == 200
