"""Importing, grouping, counting, suggestions and what a revision rests on, through the verbs on both databases."""

import csv
import datetime as dt
import random
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import activity, clock
from app.core.access import SYSTEM, VISITOR
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, NotFound, Refused, TooMany
from app.evidence import counting, queries, service
from app.evidence.importing import digest
from app.evidence.models import EvidenceKind, Issue, IssueState, SuggestionState, Ticket
from app.evidence.readers.generic_table import write_csv
from app.evidence.tickets import Author, Channel, Complexity, Priority, TicketRecord, Turn
from app.standards import library
from app.standards import queries as standards_queries
from app.standards import service as standards_service
from app.standards.measures import Clock, Comparison, Measure, Unit
from tests.house_fixtures import MONDAY, House
from tests.samples import OWN

STARTER = Path(__file__).resolve().parents[2] / "standards_repo" / "starter"
PHONE = "13812342210"


def starter(code: str) -> dict[str, str]:
    return {language: (STARTER / code / f"{language}.md").read_text("utf-8") for language in ("zh", "en")}


def record(number: int, **values: object) -> TicketRecord:
    at = values.pop("at", MONDAY - dt.timedelta(days=1))
    assert isinstance(at, dt.datetime)
    reply = values.pop("reply", 30)
    solved = values.pop("solved", 60)
    given: dict = {
        "source": "csv",
        "external_id": f"T{number}",
        "created_at": at,
        "first_reply_at": at + dt.timedelta(minutes=reply) if reply is not None else None,
        "resolved_at": at + dt.timedelta(minutes=solved) if solved is not None else None,
        "channel": Channel.APP,
        "region": "east",
        "category": "returns",
        "subject": "退货申请",
        "text": f"第{number}次申请退货",
        "updated_at": at,
        "is_complaint": False,
    }
    return TicketRecord(**(given | values))


def bring(folder: Path, records: Iterable[TicketRecord], name: str = "tickets.csv"):
    path = folder / name
    write_csv(records, path)
    made = service.import_tickets(SYSTEM, "csv", path)
    db.session.commit()
    return made


def measure(**values: object) -> Measure:
    given: dict = {
        "id": "m01",
        "clause_id": "c07",
        "metric": "first_reply_time",
        "comparison": Comparison.AT_MOST,
        "value": Decimal(24),
        "unit": Unit.HOUR,
        "share_percent": Decimal(90),
    }
    return Measure(**(given | values))


TODAY = MONDAY.date()
MONTH = (TODAY - dt.timedelta(days=30), TODAY)


# Importing


def test_nothing_personal_reaches_the_tables(house: House, tmp_path: Path) -> None:
    at = MONDAY - dt.timedelta(hours=3)
    turn = Turn(at, Author.CUSTOMER, f"打我电话 {PHONE}")
    bring(
        tmp_path,
        [record(1, at=at, subject=PHONE, text=f"我的电话{PHONE}", conversation=(turn,), tags=(PHONE,))],
    )
    for row in db.session.execute(sa.select(Ticket.__table__)).mappings():
        assert PHONE not in str(dict(row))
        assert "138****2210" in row["text"]


def test_the_same_file_again_changes_nothing(house: House, tmp_path: Path) -> None:
    rows = [record(n) for n in range(40)]
    first = bring(tmp_path, rows)
    assert (first.read_count, first.created_count, first.updated_count) == (40, 40, 0)
    again = bring(tmp_path, rows)
    assert (again.created_count, again.updated_count, again.unchanged_count) == (0, 0, 40)
    assert again.sha256 == first.sha256 == digest(tmp_path / "tickets.csv")
    assert activity.verify_chain() == []


def test_the_order_of_rows_and_files_does_not_matter(house: House, tmp_path: Path) -> None:
    old = [record(n, text="旧", updated_at=MONDAY - dt.timedelta(hours=5)) for n in range(20)]
    new = [record(n, text="新", updated_at=MONDAY - dt.timedelta(hours=1)) for n in range(20)]
    mixed = old + new
    random.Random(5).shuffle(mixed)
    bring(tmp_path, mixed)
    assert set(db.session.scalars(sa.select(Ticket.text))) == {"新"}
    assert bring(tmp_path, old, "older.csv").unchanged_count == 20
    assert set(db.session.scalars(sa.select(Ticket.text))) == {"新"}


def test_one_bad_row_stops_no_other_and_comes_back_with_its_line(house: House, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    with path.open("w", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["工单编号", "创建时间", "内容"])
        writer.writerow(["A1", "2026-09-01 10:00", "好的"])
        writer.writerow(["A2", f"打{PHONE}", "时间写错"])
        writer.writerow(["A3", "2026-09-01 11:00", "也好"])
    made = service.import_tickets(SYSTEM, "csv", path)
    assert (made.read_count, made.created_count, made.refused_count) == (3, 2, 1)
    assert (made.refused[0]["line"], made.refused[0]["field"]) == (3, "created_at")
    assert PHONE not in str(made.refused)


@pytest.mark.parametrize(
    ("mapping", "path"),
    [("zendesk-tables", OWN / "tickets" / "zendesk"), ("freshdesk", OWN / "tickets" / "freshdesk")],
)
def test_foreign_files_come_in_twice_without_change(sqlite_house: House, mapping: str, path: Path) -> None:
    first = service.import_tickets(SYSTEM, mapping, path)
    assert first.created_count > 0
    again = service.import_tickets(SYSTEM, mapping, path)
    assert (again.created_count, again.updated_count, again.unchanged_count) == (0, 0, first.created_count)


def test_only_who_manages_evidence_imports(sqlite_house: House, tmp_path: Path) -> None:
    write_csv([record(1)], tmp_path / "t.csv")
    for name in ("drafter", "agent", "admin", "stranger"):
        with pytest.raises(NotAllowed):
            service.import_tickets(sqlite_house.actor(name), "csv", tmp_path / "t.csv")
    with pytest.raises(Invalid):
        service.import_tickets(sqlite_house.actor("director"), "unheard-of", tmp_path / "t.csv")


# Counting


@pytest.mark.parametrize(
    ("values", "kept", "n"),
    [
        ({}, 3, 4),  # 24 hours: 30 min, 12 h and exactly 24 h are in time
        ({"value": Decimal(12)}, 2, 4),
        ({"value": Decimal(720), "unit": Unit.MINUTE}, 2, 4),
        ({"value": Decimal(30), "unit": Unit.MINUTE}, 1, 4),
        ({"value": Decimal(1), "unit": Unit.DAY}, 3, 4),
        ({"regions": ("north",)}, 0, 0),
        ({"categories": ("returns",), "channels": ("app",)}, 3, 4),
        ({"comparison": Comparison.AT_LEAST}, 2, 4),
    ],
)
def test_a_measure_is_counted_in_its_own_unit(
    house: House, tmp_path: Path, values: dict, kept: int, n: int
) -> None:
    minutes = [30, 720, 1440, 1441]
    bring(
        tmp_path,
        [record(i, at=MONDAY - dt.timedelta(days=5), reply=m, solved=5000) for i, m in enumerate(minutes)],
    )
    found = counting.backtest(measure(**values), *MONTH)
    assert isinstance(found, counting.Kept)
    assert (found.kept, found.n) == (kept, n)


def test_a_contact_nobody_answers_misses_once_its_time_is_over(house: House, tmp_path: Path) -> None:
    ages = [dt.timedelta(hours=25), dt.timedelta(hours=23)]
    bring(tmp_path, [record(i, at=MONDAY - age, reply=None, solved=None) for i, age in enumerate(ages)])
    found = counting.backtest(measure(), *MONTH)
    assert found == counting.Kept(0, 1, 1)


def test_working_days_follow_the_calendar_and_not_the_clock(house: House, tmp_path: Path) -> None:
    friday = dt.datetime(2026, 9, 4, 9, 0, tzinfo=dt.UTC)  # 17:00 in Shanghai
    bring(tmp_path, [record(1, at=friday, reply=5, solved=60 * 65)])  # Monday morning: one working day
    one_day = measure(metric="resolution_time", value=Decimal(1), unit=Unit.WORKING_DAY)
    assert counting.backtest(one_day, *MONTH) == counting.Kept(1, 1, 0)
    nine_hours = measure(metric="resolution_time", value=Decimal(3), unit=Unit.HOUR, clock=Clock.WORKING)
    assert counting.backtest(nine_hours, *MONTH) == counting.Kept(1, 1, 0)
    assert counting.backtest(measure(metric="resolution_time", value=Decimal(3)), *MONTH) == counting.Kept(
        0, 1, 0
    )


def test_satisfaction_is_an_average_in_points(house: House, tmp_path: Path) -> None:
    bring(tmp_path, [record(i, satisfaction=mark) for i, mark in enumerate([5, 4, None])])
    points = measure(metric="csat", comparison=Comparison.AT_LEAST, value=Decimal(90), unit=Unit.POINT)
    assert counting.backtest(points, *MONTH) == counting.Level(90.0, 2)


@pytest.mark.parametrize("metric", ["bot_accuracy", "refund_time", "followup_share"])
def test_what_tickets_cannot_tell_is_not_measured(sqlite_house: House, metric: str) -> None:
    assert counting.backtest(measure(metric=metric), *MONTH) is None
    assert not counting.is_measured(measure(metric=metric))


def test_points_answer_any_target_without_asking_again(house: House, tmp_path: Path) -> None:
    bring(
        tmp_path,
        [record(i, at=MONDAY - dt.timedelta(days=9), reply=60 * (i + 1), solved=9000) for i in range(10)],
    )
    found = counting.distribution(measure(), *MONTH)
    assert found is not None and (found.n, len(found.points)) == (10, 201)
    assert found.points[0] == 1.0 and found.points[-1] == 10.0
    assert found.share_within(10) == 1.0 and found.share_within(0.5) == 0.0


def test_weeks_and_months_add_up_to_the_whole(house: House, tmp_path: Path) -> None:
    bring(
        tmp_path,
        [record(i, at=MONDAY - dt.timedelta(days=i), reply=60 * i, solved=9000) for i in range(1, 60)],
    )
    start, end = TODAY - dt.timedelta(days=70), TODAY
    whole = counting.backtest(measure(), start, end)
    assert isinstance(whole, counting.Kept) and whole.n == 59
    for parts in (counting.weekly(measure(), start, end), counting.monthly(measure(), start, end)):
        assert sum(p.counted.n for p in parts) == whole.n
        assert sum(p.counted.kept for p in parts) == whole.kept
    rows = queries.TicketFilter(starts=start, ends=end, measure=measure(), kept=False)
    assert queries.count_tickets(rows) == whole.n - whole.kept


# Issues


def complaints(count: int, day: int, first: int = 0, words: str = "退货申请没人回复") -> list[TicketRecord]:
    at = MONDAY - dt.timedelta(days=day)
    return [
        record(
            first + i,
            at=at + dt.timedelta(minutes=i),
            is_complaint=True,
            subject=words,
            text=f"{words}，等了{i}天",
        )
        for i in range(count)
    ]


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
    with clock.frozen(MONDAY + dt.timedelta(days=2)):
        assert service.group_complaints(SYSTEM)[0].state is IssueState.OPEN


# What a revision rests on


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


# Suggestions


def send(text: str = "希望退货答复再快一点", **values: object):
    given: dict = {"text": text, "language": "zh", "network": "192.0.2.7"}
    return service.receive_suggestion(VISITOR, **(given | values))


def test_a_suggestion_is_masked_and_can_be_followed(house: House) -> None:
    library.import_standard(SYSTEM, starter("cs-04"))
    made = send(f"请打{PHONE}给我", standard_code="cs-04", clause_id="c07", contact="a@example.com")
    assert "138****2210" in made.text and PHONE not in made.text
    assert queries.suggestion(made.ref.lower()).id == made.id
    assert made.delete_contact_on == TODAY + dt.timedelta(days=90)
    assert "192.0.2.7" not in str(made.network_hash)
    assert queries.open_suggestion_counts(made.standard_id) == {"c07": 1}
    db.session.commit()


def test_the_sixth_suggestion_of_one_network_in_an_hour_waits(house: House) -> None:
    for _ in range(5):
        send()
    with pytest.raises(TooMany) as refusal:
        send()
    assert refusal.value.reasons[0].params["until"] == MONDAY + dt.timedelta(hours=1)
    send(network="192.0.2.8")
    with clock.frozen(MONDAY + dt.timedelta(hours=1)):
        send()
    db.session.commit()


@pytest.mark.parametrize("text", ["", " \n\u200b", "x" * 501, "a\u202eb", "a\x00b"])
def test_a_text_that_cannot_stand_is_refused(sqlite_house: House, text: str) -> None:
    with pytest.raises(Invalid):
        send(text)


def test_an_answer_has_words_and_is_given_once(sqlite_house: House) -> None:
    made, director = send(), sqlite_house.actor("director")
    with pytest.raises(Invalid):
        service.answer_suggestion(director, made, adopted=True, answer=" ")
    with pytest.raises(NotAllowed):
        service.answer_suggestion(sqlite_house.actor("agent"), made, adopted=True, answer="好")
    service.answer_suggestion(
        director, made, adopted=False, answer="成本高于收益", seen=SuggestionState.RECEIVED
    )
    assert made.state is SuggestionState.ANSWERED_NOT and made.first_answer_at == MONDAY
    with pytest.raises(Refused):
        service.answer_suggestion(director, made, adopted=True, answer="好", seen=SuggestionState.RECEIVED)
    assert [s.id for s in queries.similar_answered("退货答复太慢了")] == [made.id]


def test_contact_details_go_on_their_day(house: House) -> None:
    made = send(contact="13800000000")
    with clock.frozen(MONDAY + dt.timedelta(days=89)):
        service.forget_contacts()
        db.session.refresh(made)
        assert made.contact and made.network_hash is None
    with clock.frozen(MONDAY + dt.timedelta(days=90)):
        service.forget_contacts()
        db.session.refresh(made)
        assert made.contact is None
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


def test_priorities_and_complexities_narrow_a_measure(sqlite_house: House, tmp_path: Path) -> None:
    bring(
        tmp_path,
        [
            record(1, priority=Priority.URGENT, complexity=Complexity.SIMPLE, reply=4),
            record(2, priority=Priority.ORDINARY, complexity=Complexity.COMPLEX, reply=9),
        ],
    )
    five = measure(value=Decimal(5), unit=Unit.MINUTE, priorities=("urgent",))
    assert counting.backtest(five, *MONTH) == counting.Kept(1, 1, 0)
    two = measure(metric="resolution_time", value=Decimal(2), complexities=("simple",))
    assert counting.backtest(two, *MONTH) == counting.Kept(1, 1, 0)
