"""The committee: an agenda that gathers itself, agreeing before the meeting, quorum, minutes that stand, money that adds up."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.committee import budget, queries, service
from app.committee.consent import Consent, Voices, has_quorum, quorum_needed, standing
from app.committee.models import BudgetKind, EntryKind, ItemKind, MeetingState, Verdict
from app.committee.money import Totals, money_text, read_money, totals
from app.core import clock
from app.core.activity import ActivityLine
from app.core.db import db
from app.core.errors import DomainError, Invalid, NotAllowed, Refused
from app.evidence import registers
from app.proposals import service as proposals
from tests.committee_cases import LATER, called
from tests.house_fixtures import MONDAY, House, csrf
from tests.proposal_cases import make_proposal


@pytest.mark.parametrize(
    ("present", "members", "enough"),
    [(0, 0, False), (1, 1, True), (1, 2, False), (2, 3, True), (2, 4, False), (3, 4, True)],
)
def test_quorum_is_more_than_half(present: int, members: int, enough: bool) -> None:
    assert has_quorum(present, members) is enough
    assert quorum_needed(members) == members // 2 + 1


@pytest.mark.parametrize(
    ("asked", "over", "voices", "stands"),
    [
        (False, False, Voices(2, 0), Consent.NOT_ASKED),
        (True, False, Voices(0, 0), Consent.RUNNING),
        (True, False, Voices(5, 1), Consent.OBJECTED),
        (True, True, Voices(5, 1), Consent.OBJECTED),
        (True, True, Voices(0, 0), Consent.AGREED),
    ],
)
def test_one_objection_brings_it_to_the_meeting(
    asked: bool, over: bool, voices: Voices, stands: Consent
) -> None:
    assert standing(asked, over, voices) is stands


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12000", 1_200_000), ("12,000.50", 1_200_050), (" -3 ", -300), ("0.1", 10), ("0.001", None), ("", None),
        ("nan", None), ("Infinity", None), ("1e99", None), ("一千", None), ("0x10", None),
    ],
)  # fmt: skip
def test_money_is_read_to_the_last_cent_or_not_at_all(text: str, amount: int | None) -> None:
    assert read_money(text) == amount


@pytest.mark.parametrize(("amount", "text"), [(0, "0"), (1_200_050, "12,000.50"), (-300, "-3"), (5, "0.05")])
def test_money_is_written_for_people(amount: int, text: str) -> None:
    assert money_text(amount) == text


@pytest.mark.parametrize(
    ("entries", "committed", "spent"),
    [
        ([], 0, 0),
        ([(1, False, 500)], 500, 0),
        ([(1, False, 500), (1, True, 200)], 300, 200),
        ([(1, False, 500), (1, True, 700)], 0, 700),
        ([(1, False, 500), (2, True, 700)], 500, 700),
        ([(None, False, 500), (None, True, 200)], 500, 200),
        ([(1, True, 200), (1, True, -200)], 0, 0),
    ],
)
def test_spending_takes_down_what_was_committed(entries: list, committed: int, spent: int) -> None:
    assert totals(1000, entries) == Totals(1000, committed, spent)
    assert totals(1000, entries).left == 1000 - committed - spent


def only_item() -> object:
    (item,) = queries.items(queries.meetings()[0].id)
    return item.row


def test_the_agenda_gathers_itself_and_lets_go_of_what_is_settled(house: House) -> None:
    called(house)
    with clock.frozen(MONDAY):
        item = only_item()
        assert (item.kind, item.key) == (ItemKind.RANK, "26-001")
        revision = make_revision(item.key)
        proposals.confirm_rank(house.actor("chair"), revision)
        service.gather()
        assert queries.items(queries.meetings()[0].id) == []


def make_revision(number: str):
    return queries.revisions_by_number([number])[number]


def test_overdue_reviews_budgets_over_and_stuck_revisions_come_too(house: House) -> None:
    with clock.frozen(MONDAY):
        proposals.propose(house.actor("director"), make_proposal(house))
        registers.begin_reviews()
    with clock.frozen(MONDAY + dt.timedelta(days=400)):
        chair, year = house.actor("chair"), clock.today().year
        budget.allocate(chair, year=year, kind=BudgetKind.TRAINING, amount="100")
        budget.enter(
            chair, year=year, kind=BudgetKind.TRAINING, what=EntryKind.SPENT, amount="100.01", words="讲师"
        )
        service.call_meeting(chair, day=clock.today())
        rows = [(one.row.kind, one.row.key) for one in queries.items(queries.meetings()[0].id)]
        assert rows == [
            (ItemKind.REVIEW, "cs-04"),
            (ItemKind.BUDGET, f"{year}/training"),
            (ItemKind.STUCK, "26-001"),
        ]


def test_nobody_objects_and_it_is_agreed_when_the_time_is_over(house: House) -> None:
    called(house)
    with clock.frozen(MONDAY):
        service.ask_consent(house.actor("chair"), only_item())
        service.speak(house.actor("member"), only_item(), agrees=True)
        service.look()
        assert only_item().verdict is None
        with pytest.raises(Refused):
            service.ask_consent(house.actor("chair"), only_item())
    with clock.frozen(MONDAY + dt.timedelta(days=4)):
        service.look()
        item = only_item()
        assert (item.verdict, item.is_by_consent, item.decided_by_id) == (Verdict.AGREED, True, None)
        with pytest.raises(Refused):
            service.speak(house.actor("member"), item, agrees=False, note="太晚了")


def test_an_objection_needs_words_and_brings_it_to_the_meeting(house: House) -> None:
    called(house)
    with clock.frozen(MONDAY):
        service.ask_consent(house.actor("chair"), only_item())
        with pytest.raises(Invalid):
            service.speak(house.actor("member"), only_item(), agrees=False, note=" ")
        service.speak(house.actor("member"), only_item(), agrees=False, note="成本没算")
    with clock.frozen(MONDAY + dt.timedelta(days=13)):
        service.look()
        assert only_item().verdict is None


def test_decisions_need_a_quorum_and_minutes_stand(house: House) -> None:
    called(house)
    chair, members = house.actor("chair"), [house.person("chair").id, house.person("member").id]
    with clock.frozen(MONDAY + dt.timedelta(days=14)):
        meeting = queries.meeting(LATER.isoformat())
        service.mark_present(chair, meeting, [members[0], house.person("agent").id])
        assert queries.quorum_of(meeting).present == (members[0],)  # an agent is no member
        with pytest.raises(Refused):
            service.decide(chair, only_item(), verdict=Verdict.AGREED)
        service.mark_present(chair, meeting, members)
        for verdict in (Verdict.RETURNED, None):
            with pytest.raises(Invalid):
                service.decide(chair, only_item(), verdict=verdict)
        service.decide(chair, only_item(), verdict=Verdict.HELD, note="等试点数据")
        service.confirm_minutes(chair, meeting, note="下次再议")
        assert (meeting.state, meeting.members) == (MeetingState.HELD, 2)
        for verb in (service.confirm_minutes, service.cancel):
            with pytest.raises(Refused):
                verb(chair, meeting, note="x")
        with pytest.raises(Refused):
            service.decide(chair, only_item(), verdict=Verdict.AGREED)
        service.call_meeting(chair, day=clock.today() + dt.timedelta(days=7))
        assert only_item().key == "26-001"  # what was held comes back
        verbs = set(db.session.scalars(sa.select(ActivityLine.verb)))
        assert {"meeting.called", "agenda.decided", "meeting.minutes_confirmed"} <= verbs


@pytest.mark.parametrize("who", ["director", "member", "agent", "admin"])
def test_only_the_chair_leads(house: House, who: str) -> None:
    called(house)
    with clock.frozen(MONDAY):
        actor, meeting = house.actor(who), queries.meetings()[0]
        for verb in (
            lambda: service.call_meeting(actor, day=LATER + dt.timedelta(days=1)),
            lambda: service.ask_consent(actor, only_item()),
            lambda: service.decide(actor, only_item(), verdict=Verdict.AGREED),
            lambda: service.cancel(actor, meeting, note="x"),
            lambda: budget.allocate(actor, year=2026, kind=BudgetKind.RESEARCH, amount="1"),
        ):
            with pytest.raises(NotAllowed):
                verb()


@pytest.mark.parametrize("day", [None, MONDAY.date() - dt.timedelta(days=1), LATER])
def test_a_meeting_needs_a_free_day_to_come(house: House, day: dt.date | None) -> None:
    called(house)
    with clock.frozen(MONDAY), pytest.raises(Invalid):
        service.call_meeting(house.actor("chair"), day=day)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("line", {"kind": BudgetKind.RESEARCH}),
        ("line", {"kind": None}),
        ("what", {"what": None}),
        ("amount", {"amount": "0"}),
        ("amount", {"amount": "much"}),
        ("words", {"words": " "}),
        ("revision", {"revision": "99-999"}),
    ],
)
def test_an_entry_that_lacks_something_is_not_kept(house: House, field: str, values: dict) -> None:
    given = {"kind": BudgetKind.TRAINING, "what": EntryKind.SPENT, "amount": "5", "words": "讲师"}
    with clock.frozen(MONDAY):
        budget.allocate(house.actor("chair"), year=2026, kind=BudgetKind.TRAINING, amount="100")
        with pytest.raises(DomainError) as refused:
            budget.enter(house.actor("director"), year=2026, **{**given, **values})
        assert refused.value.errors[0].field == field  # type: ignore[attr-defined]


# Over HTTP


def test_the_chair_leads_a_meeting_on_its_pages(pages: House) -> None:
    chair, member = pages.client("chair"), pages.client("member")
    address = f"/committee/{LATER}"
    page = chair.get(address)
    assert "26-001" in page.text and page.text.count("<h1") == 1
    token = csrf(page.text)
    assert chair.post(f"{address}/items/1/consent", data=token).status_code == 303
    objection = {**csrf(member.get(address).text), "voice": "object"}
    assert member.post(f"{address}/items/1/voice", data=objection).status_code == 422
    assert member.post(f"{address}/items/1/voice", data={**objection, "note": "成本没算"}).status_code == 303
    assert "成本没算" in chair.get(address).text
    assert member.post(f"{address}/items/1/decision", data=objection).status_code == 403
    for client in (chair, member):
        assert str(LATER.day) in client.get("/committee").text
    for path in ("/committee/2026-01-01", "/committee/nonsense", "/committee/budget/1"):
        assert chair.get(path).status_code == 404


def test_the_budget_opens_to_its_entries(pages: House) -> None:
    chair = pages.client("chair")
    token = csrf(chair.get("/committee/budget/2026").text)
    lines, entries = "/committee/budget/2026/lines", "/committee/budget/2026/entries"
    assert chair.post(lines, data={**token, "kind": "training", "allocated": "x"}).status_code == 422
    assert chair.post(lines, data={**token, "kind": "training", "allocated": "1000"}).status_code == 303
    data = {
        **token,
        "line": "training",
        "what": "spent",
        "amount": "250.5",
        "words": "讲师",
        "revision": "26-001",
    }
    assert chair.post(entries, data={**data, "amount": ""}).status_code == 422
    assert chair.post(entries, data=data).status_code == 303
    page = chair.get("/committee/budget/2026").text
    assert "749.50" in page and "讲师" in page and "/r/26-001" in page
