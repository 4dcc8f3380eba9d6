"""Promise replay: shares against a plain recount, numbers that open exactly their rows, staffing as published."""

import datetime as dt
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import clock, seasons
from app.core.access import SYSTEM
from app.core.db import db, transaction
from app.core.intervals import wilson
from app.evidence import definitions, queries, replay, service, staffing
from app.evidence.models import Ticket
from app.evidence.readers.generic_table import write_csv
from app.evidence.replay_ask import ask_from
from app.evidence.ticket_filters import filter_from
from app.evidence.tickets import Author, Channel, Priority, TicketRecord, Turn
from tests.house_fixtures import MONDAY, House
from tests.proposal_cases import open_copy

TODAY = clock.local(MONDAY).date()
REPLY = "/first_reply_time"


def contact(place: int) -> TicketRecord:
    """Contacts at all hours of twenty days, some answered late, some never, some just now."""
    at = MONDAY - dt.timedelta(days=1 + place % 20, minutes=(place * 37) % 1440)
    took = None if place % 23 == 0 else dt.timedelta(minutes=(place * place * 7) % 3_000)
    return TicketRecord(
        source="csv", external_id=f"R{place}", created_at=at, first_reply_at=at + took if took is not None else None,
        channel=(Channel.CHAT, Channel.PHONE, Channel.EMAIL)[place % 3], region=("east", "north", None)[place % 7 % 3],
        product=("A1", "B2")[place % 2], priority=Priority.URGENT if place % 5 == 0 else Priority.ORDINARY,
        customer_group="vip" if place % 11 == 0 else None, subject=f"contact {place}",
    )  # fmt: skip


@pytest.fixture(scope="module")
def filled(stocked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("replay")
    write_csv([contact(place) for place in range(700)], folder / "contacts.csv")
    with open_copy(stocked, folder / "filled") as house:
        with house.app.app_context(), transaction():
            service.import_tickets(SYSTEM, "csv", folder / "contacts.csv")
        yield house


def everybody() -> list[Ticket]:
    return list(db.session.scalars(sa.select(Ticket).where(sa.not_(Ticket.deleted))))


def recount(ask, tickets: list[Ticket]) -> tuple[int, int, int]:
    """Kept, missed and waiting, counted one by one from the definition on the page."""
    kept = missed = waiting = 0
    limit = float(ask.measure.minutes())
    for one in tickets:
        if not ask.starts <= clock.local(one.created_at).date() <= ask.ends:
            continue
        if any(getattr(one, column) not in allowed for column, allowed in ask.columns.items()):
            continue
        took = (
            None if one.first_reply_at is None else (one.first_reply_at - one.created_at).total_seconds() / 60
        )
        if took is not None:
            kept, missed = kept + (took <= limit), missed + (took > limit)
        elif one.resolved_at is None:
            late = one.created_at < clock.now() - dt.timedelta(minutes=limit)
            missed, waiting = missed + late, waiting + (not late)
    return kept, missed, waiting


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"value": "10", "unit": "minute"},
        {"value": "2", "unit": "day", "region": "east"},
        {"value": "90", "unit": "minute", "channel": "phone", "product": "B2"},
        {"value": "30", "unit": "hour", "priority": "urgent"},
        {"value": "5", "unit": "hour", "group": "vip"},
        {"value": "40", "unit": "day"},
        {"value": "1", "unit": "hour", "from": "2026-09-01", "to": "2026-09-05"},
    ],
)
def test_every_number_is_a_plain_recount_and_opens_its_rows(filled: House, asked: dict[str, str]) -> None:
    with filled.app.app_context():
        ask = ask_from({"measure": REPLY, **asked}, TODAY, ())
        answer = replay.replay(ask)
        kept, missed, waiting = recount(ask, everybody())
        assert (answer.counted.kept, answer.counted.n, answer.counted.waiting) == (
            kept,
            kept + missed,
            waiting,
        )
        for outcome, count in {"1": kept, "0": missed, "told": kept + missed, "waiting": waiting}.items():
            assert queries.count_tickets(filter_from(ask.rows(kept=outcome))) == count
        for axis, parts in answer.parts.items():
            assert sum(part.counted.n for part in parts) == kept + missed
            for part in parts:
                if part.code is not None:
                    shown = filter_from(ask.rows(kept="0", **{axis: part.code}))
                    assert queries.count_tickets(shown) == part.counted.n - part.counted.kept


@pytest.mark.parametrize("share", [10, 50, 80, 90])
def test_the_needed_target_is_the_smallest_that_reaches_the_share(filled: House, share: int) -> None:
    with filled.app.app_context():
        ask = ask_from({"measure": REPLY, "unit": "minute", "share": str(share)}, TODAY, ())
        answer = replay.replay(ask)
        times = sorted(one.first_reply_minutes for one in everybody() if one.first_reply_minutes is not None)
        exact = times[math.ceil(share * answer.counted.n / 100) - 1]
        assert 0 <= float(answer.needed) - exact < 0.1001
        again = replay.replay(
            ask_from(
                {"measure": REPLY, "unit": "minute", "share": str(share), "value": str(answer.needed)},
                TODAY,
                (),
            )
        )
        assert again.is_reached


def test_a_share_that_nobody_can_reach_has_no_target(filled: House) -> None:
    with filled.app.app_context():
        answer = replay.replay(ask_from({"measure": REPLY, "share": "100"}, TODAY, ()))
        assert answer.needed is None and answer.estimate is None


def test_worst_places_have_enough_contacts_and_the_lowest_share(filled: House) -> None:
    with filled.app.app_context():
        answer = replay.replay(ask_from({"measure": REPLY, "value": "10"}, TODAY, ()))
        for axis, worst in answer.worst.items():
            enough = [
                p for p in answer.parts[axis] if p.code is not None and p.counted.n >= replay.ENOUGH_HERE
            ]
            assert worst is None or worst.counted.share == min(p.counted.share for p in enough)


def test_local_hours_are_those_of_the_zone(filled: House) -> None:
    with filled.app.app_context():
        answer = replay.replay(ask_from({"measure": REPLY}, TODAY, ()))
        hours = [
            clock.local(one.created_at).hour
            for one in everybody()
            if answer.ask.starts <= one.created_on <= answer.ask.ends
        ]
        for part in answer.parts["hour"]:
            assert hours.count(int(part.code)) == part.counted.n + part.counted.waiting


def test_the_page_and_its_fragment_say_the_same_without_scripts(filled: House) -> None:
    client = filled.client("director", "en")
    asked = f"measure={REPLY}&value=10&unit=minute&share=80"
    page, part = client.get(f"/e/replay?{asked}"), client.get(f"/e/replay/figures?{asked}")
    assert page.status_code == part.status_code == 200
    assert part.text.strip() in page.text.replace("\r", "")
    assert "<h1" not in part.text and "style=" not in page.text
    link = re.search(r'href="(/e/tickets\?[^"]+kept=told[^"]*)">([\d ]+)</a>', part.text)
    shown = client.get(link[1].replace("&amp;", "&")).text
    assert re.search(r"<h1>\s*(\d+)", shown)[1] == link[2].replace(" ", "")


@pytest.mark.parametrize(
    "asked",
    ["measure=nothing/at/all", "measure=/csat"],
)
def test_no_such_measure_is_not_found(filled: House, asked: str) -> None:
    assert filled.client("director").get(f"/e/replay?{asked}").status_code == 404


@pytest.mark.parametrize("asked", ["value=x&unit=y&share=-3&from=1&to=2&at_once=0&handling=abc", "share=1e9"])
def test_what_cannot_be_read_keeps_its_usual_value(filled: House, asked: str) -> None:
    assert filled.client("director").get(f"/e/replay?measure={REPLY}&{asked}").status_code == 200


# Published: 100 calls in half an hour, 180 s each, 80 % in 20 s (a worked example found in every textbook of call
# centres): 10 erlangs, 14 people, 88.8 % in time, 17.4 % wait, 7.8 s on average, 71.4 % busy.
def test_staffing_is_the_textbooks_example() -> None:
    found = staffing.people_for(200, 3, 20 / 60, 0.80)
    assert found.people == 14 and found.load == pytest.approx(10)
    assert found.share_within == pytest.approx(0.888, abs=5e-4)
    assert found.wait_share == pytest.approx(0.174, abs=5e-4)
    assert found.average_wait * 60 == pytest.approx(7.8, abs=0.05)
    assert found.occupancy == pytest.approx(0.714, abs=5e-4)
    assert staffing.queue(200, 3, 13, 20 / 60).share_within < 0.80


@pytest.mark.parametrize(
    ("load", "people", "waits"),
    [
        (0.5, 1, 0.5),
        (1, 2, 1 / 3),
        (2, 3, 4 / 9),
        (3, 4, 0.5094),
        (5, 6, 0.5875),
        (10, 12, 0.4494),
    ],
)
def test_the_share_that_waits_is_erlangs_table(load: float, people: int, waits: float) -> None:
    assert staffing.wait_share(load, people) == pytest.approx(waits, abs=1e-4)


@pytest.mark.parametrize(("load", "people"), [(0.2, 1), (7.5, 9), (20, 22), (60, 64)])
def test_the_recursion_gives_what_the_formula_gives(load: float, people: int) -> None:
    last = load**people / math.factorial(people) * people / (people - load)
    formula = last / (sum(load**k / math.factorial(k) for k in range(people)) + last)
    assert staffing.wait_share(load, people) == pytest.approx(formula)


def test_an_overloaded_queue_never_answers() -> None:
    found = staffing.queue(60, 10, 10, 1)
    assert (found.share_within, found.occupancy) == (0, 1)
    assert staffing.people_for(10_000_000, 60, 1, 0.9) is None
    with pytest.raises(ValueError, match="no share"):
        staffing.people_for(10, 5, 1, 1)


def test_definitions_are_counted_as_written(filled: House) -> None:
    with filled.app.app_context():
        found = definitions.figures(TODAY - dt.timedelta(days=90), TODAY)
        tickets = [one for one in everybody() if one.created_on >= TODAY - dt.timedelta(days=90)]
        assert found.contacts == found.answered.n == len(tickets)
        assert found.answered.kept == sum(one.first_reply_at is not None for one in tickets)
        times = sorted(one.first_reply_minutes for one in tickets if one.first_reply_minutes is not None)
        assert found.medians["first_reply_minutes"] == pytest.approx(times[(len(times) - 1) // 2])


@pytest.mark.parametrize(
    ("said", "reopened", "expected"),
    [
        (["customer", "agent"], 0, True),
        (["customer", "customer", "agent", "agent"], 0, True),
        (["customer", "agent", "customer", "agent"], 0, False),
        (["customer", "agent"], 1, False),
        (["customer", "system"], 0, None),
        ([], 0, None),
    ],
)
def test_solved_at_first_means_the_first_answer_was_enough(said: list, reopened: int, expected: bool) -> None:
    turns = [Turn(MONDAY, Author(author), "x") for author in said]
    stored = [[turn.at.isoformat(), turn.author.value, turn.text, turn.public] for turn in turns]
    assert definitions.is_solved_at_first(stored, reopened) is expected


@pytest.mark.parametrize(
    ("day", "season"),
    [
        ("2026-11-11", seasons.Season.NOVEMBER_SALE),
        ("2026-06-18", seasons.Season.JUNE_SALE),
        ("2026-02-17", seasons.Season.SPRING_FESTIVAL),
        ("2026-01-25", seasons.Season.NEW_YEAR_GOODS),
        ("2024-12-12", seasons.Season.DECEMBER_SALE),
        ("2026-10-01", seasons.Season.NATIONAL_DAY),
        ("2026-03-15", None),
        ("2026-11-19", None),
    ],
)
def test_days_lie_in_their_season(day: str, season: seasons.Season | None) -> None:
    assert seasons.season_of(dt.date.fromisoformat(day)) is season


def test_an_own_season_comes_first() -> None:
    own = seasons.Peak(seasons.Season.OWN, dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    assert seasons.season_of(dt.date(2026, 11, 11), [own]) is seasons.Season.OWN


def test_the_interval_is_wilsons(filled: House) -> None:
    with filled.app.app_context():
        counted = replay.replay(ask_from({"measure": REPLY}, TODAY, ())).counted
        assert counted.interval == wilson(counted.kept, counted.n)


def test_the_usual_question_is_thirteen_weeks_up_to_yesterday() -> None:
    ask = ask_from({"measure": REPLY}, TODAY, ())
    assert (ask.ends, (ask.ends - ask.starts).days + 1) == (TODAY - dt.timedelta(days=1), 91)
    assert (ask.measure.value, ask.at_once) == (Decimal(24), 1)
