"""Issues made of complaints: their number from run to run, what a person took out, evidence on a revision."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.access import SYSTEM
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, NotFound
from app.evidence import issue_states, queries, service
from app.evidence.models import EvidenceKind, Issue, IssueState
from app.standards import library
from app.standards import queries as standards_queries
from app.standards import service as standards_service
from tests.evidence.evidence_cases import TODAY, bring, complaints, record, starter
from tests.house_fixtures import MONDAY, House


def test_an_issue_keeps_its_number_from_run_to_run(house: House, tmp_path: Path) -> None:
    library.import_standard(SYSTEM, starter("cs-04"))
    bring(
        tmp_path,
        [*complaints(12, 3), *complaints(6, 10, first=100), record(900, category="order", text="改地址")],
    )
    made = service.group_complaints(SYSTEM)
    assert [i.number for i in made] == ["E-1001"]
    issue = made[0]
    assert (issue.last_count, issue.previous_count, issue.weekly[-1]) == (12, 6, 12)
    assert len(issue.example_ids) == 3 and issue.terms
    before = (issue.name_zh, list(issue.terms), issue.clause_id)
    again = service.group_complaints(SYSTEM)
    assert [i.number for i in again] == ["E-1001"]
    assert (again[0].name_zh, list(again[0].terms), again[0].clause_id) == before
    with clock.frozen(MONDAY + dt.timedelta(days=3)):
        bring(tmp_path, complaints(9, -2, first=300), "later.csv")
        assert [i.number for i in service.group_complaints(SYSTEM)] == ["E-1001"]
    db.session.commit()


def test_every_number_of_an_issue_opens_exactly_its_rows(sqlite_house: House, tmp_path: Path) -> None:
    bring(tmp_path, [*complaints(12, 3), *complaints(6, 10, first=100)])
    issue = service.group_complaints(SYSTEM)[0]
    week = dt.timedelta(days=7)
    for count, end in (
        (issue.last_count, issue.counted_until),
        (issue.previous_count, issue.counted_until - week),
    ):
        rows = queries.TicketFilter(issue_number=issue.number, since=end - week, until=end)
        assert queries.count_tickets(rows) == count > 0


def test_a_complaint_taken_out_stays_out(sqlite_house: House, tmp_path: Path) -> None:
    bring(tmp_path, complaints(12, 3))
    issue = service.group_complaints(SYSTEM)[0]
    gone = issue.example_ids[0]
    assert service.take_out(sqlite_house.actor("director"), issue, [gone]) == 1
    issue = service.group_complaints(SYSTEM)[0]
    assert issue.last_count == 11 and gone not in issue.example_ids


def test_a_clause_chosen_by_a_person_is_not_guessed_again(sqlite_house: House, tmp_path: Path) -> None:
    library.import_standard(SYSTEM, starter("cs-04"))
    bring(tmp_path, complaints(12, 3))
    issue = service.group_complaints(SYSTEM)[0]
    service.choose_clause(sqlite_house.actor("director"), issue, standard_code="cs-04", clause_id="c13")
    assert service.group_complaints(SYSTEM)[0].clause_id == "c13"
    with pytest.raises(Invalid):
        service.choose_clause(sqlite_house.actor("director"), issue, standard_code="cs-04", clause_id="c99")


def test_setting_aside_needs_a_reason_and_a_role(sqlite_house: House, tmp_path: Path) -> None:
    bring(tmp_path, complaints(12, 3))
    issue = service.group_complaints(SYSTEM)[0]
    with pytest.raises(Invalid):
        service.set_aside(sqlite_house.actor("director"), issue, reason="  ")
    with pytest.raises(NotAllowed):
        service.set_aside(sqlite_house.actor("drafter"), issue, reason="x")
    service.set_aside(sqlite_house.actor("director"), issue, reason="仓库搬迁，已恢复")
    assert issue.state is IssueState.SET_ASIDE
    service.reopen_issue(sqlite_house.actor("director"), issue)
    assert issue.state is IssueState.OPEN


def test_a_hidden_issue_comes_back_on_its_day(sqlite_house: House, tmp_path: Path) -> None:
    bring(tmp_path, complaints(12, 3))
    issue = service.group_complaints(SYSTEM)[0]
    director = sqlite_house.actor("director")
    for day in (TODAY, TODAY + dt.timedelta(days=200)):
        with pytest.raises(Invalid):
            service.snooze(director, issue, until=day)
    service.snooze(director, issue, until=TODAY + dt.timedelta(days=2))
    assert service.group_complaints(SYSTEM)[0].state is IssueState.SNOOZED
    issue_states.wake_due()
    assert issue.state is IssueState.SNOOZED
    with clock.frozen(MONDAY + dt.timedelta(days=90)):
        assert service.group_complaints(SYSTEM) == []  # nobody complains any more: it comes back all the same
        issue_states.wake_due()
    assert (issue.state, issue.snoozed_until) == (IssueState.OPEN, None)


def test_an_issue_keeps_nothing_of_the_state_before(sqlite_house: House, tmp_path: Path) -> None:
    bring(tmp_path, complaints(12, 3))
    issue = service.group_complaints(SYSTEM)[0]
    director = sqlite_house.actor("director")
    service.hand_on(director, issue, department_code="it", words="接口超时")
    assert issue.handed_to_id is not None
    service.snooze(director, issue, until=TODAY + dt.timedelta(days=2))
    assert (issue.handed_to_id, issue.reason) == (None, "")
    service.set_aside(director, issue, reason="已恢复")
    assert issue.snoozed_until is None


def test_the_counts_follow_complaints_taken_out(sqlite_house: House, tmp_path: Path) -> None:
    bring(tmp_path, complaints(12, 3))
    issue = service.group_complaints(SYSTEM)[0]
    before = issue.last_count
    assert service.take_out(sqlite_house.actor("director"), issue, issue.example_ids[:1]) == 1
    assert issue.last_count == before - 1


def test_a_note_never_takes_the_place_of_another_one(sqlite_house: House) -> None:
    made = revision(sqlite_house)
    director = sqlite_house.actor("director")
    first, second = (
        service.attach_evidence(director, made, EvidenceKind.NOTE, note=words) for words in ("一", "二")
    )
    service.remove_evidence(director, made, first)
    third = service.attach_evidence(director, made, EvidenceKind.NOTE, note="三")
    assert (second.note, third.note, third.key) == ("二", "三", f"{made.number}/3")


def revision(house: House, who: str = "director"):
    library.import_standard(SYSTEM, starter("cs-04"))
    return standards_service.make_revision(
        house.actor(who), standards_queries.standard("cs-04"), title="退换货首次答复缩短"
    )


def test_evidence_is_attached_once_and_must_exist(house: House, tmp_path: Path) -> None:
    made = revision(house)
    bring(tmp_path, complaints(12, 3))
    issue = service.group_complaints(SYSTEM)[0]
    director = house.actor("director")
    first = service.attach_evidence(director, made, EvidenceKind.ISSUE, issue.number)
    again = service.attach_evidence(director, made, EvidenceKind.ISSUE, issue.number, "附注")
    assert first.id == again.id and again.note == "附注"
    assert issue.state is IssueState.OPEN  # a draft takes care of nothing yet
    with pytest.raises(NotFound):
        service.attach_evidence(director, made, EvidenceKind.ISSUE, "E-9999")
    with pytest.raises(Invalid):
        service.attach_evidence(director, made, EvidenceKind.NOTE, "", " ")
    with pytest.raises(NotAllowed):
        service.attach_evidence(house.actor("stranger"), made, EvidenceKind.NOTE, "", "我也觉得")
    service.remove_evidence(director, made, first)
    assert queries.evidence_of(made.id) == []
    db.session.commit()


def test_issue_numbers_never_repeat(sqlite_house: House, tmp_path: Path) -> None:
    bring(
        tmp_path,
        [
            *complaints(6, 3),
            *[record(500 + i, category="refund", is_complaint=True, text="退款还没到账") for i in range(6)],
        ],
    )
    service.group_complaints(SYSTEM)
    numbers = list(db.session.scalars(sa.select(Issue.number)))
    assert sorted(numbers) == ["E-1001", "E-1002"]
