"""Random contacts, brought in page by page in any order and twice, against a recount in plain Python, minute by minute.

The recount knows no code of the product: working time is looked up in a list of the open minutes of each day.
"""

import datetime as dt
import itertools
import json
import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app.core import calendar, clock, seasons
from app.core.access import SYSTEM
from app.core.db import db, transaction
from app.evidence import queries, replay, service
from app.evidence.models import Ticket
from app.evidence.replay_ask import ask_from
from app.evidence.ticket_filters import filter_from
from tests.house_fixtures import House
from tests.proposal_cases import open_copy

ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 5, 18, 2, 30, tzinfo=dt.UTC)
FIRST = dt.date(2026, 4, 20)
DAYS = 58
# The State Council's days of 2026 (五一: 1 to 5 May, its third an ordinary Sunday, worked on Saturday 9 May), and the house's own.
OFF = {dt.date(2026, 5, day) for day in (1, 2, 4, 5)}
MADE_UP = {dt.date(2026, 5, 9)}
OWN_OFF, OWN_WORKED = dt.date(2026, 5, 13), dt.date(2026, 5, 17)
SHIFTS = "mon-fri 08:30-12:00 13:00-20:00; sat 22:00-02:00; holiday 10:00-12:00"
PEAK = (dt.date(2026, 4, 27), dt.date(2026, 5, 6))


def opens(day: dt.date) -> list[tuple[int, int]]:
    """The minutes of the day, from its midnight, in which people work; what begins on it may end on the next."""
    usual = [(510, 720), (780, 1200)]
    if day == OWN_OFF:
        return []
    if day == OWN_WORKED:  # a Sunday, which has no hours of its own
        return usual
    if day in OFF:
        return [(600, 720)]
    if day.weekday() == 5:  # so is the Saturday that is worked in exchange
        return [(1320, 1560)]
    return usual if day.weekday() < 5 else []


def is_worked(day: dt.date) -> bool:
    return day in MADE_UP | {OWN_WORKED} or (day.weekday() < 5 and day not in OFF | {OWN_OFF})


START = dt.datetime.combine(FIRST, dt.time(), ZONE)
OPEN = sorted(
    {
        day * 1440 + minute
        for day in range(DAYS)
        for first, last in opens(FIRST + dt.timedelta(days=day))
        for minute in range(first, last)
    }
)


def worked_minutes(since: dt.datetime, until: dt.datetime) -> int:
    first, last = (int((one - START).total_seconds() // 60) for one in (since, until))
    return bisect_left(OPEN, last) - bisect_left(OPEN, first)


def worked_days(since: dt.date, until: dt.date) -> int:
    return sum(is_worked(since + dt.timedelta(days=n)) for n in range(1, (until - since).days + 1))


@dataclass(frozen=True)
class Contact:
    number: int
    version: int
    came: dt.datetime
    replied: dt.datetime | None
    solved: dt.datetime | None
    channel: str
    urgent: bool
    deleted: bool

    def item(self) -> dict:
        """As the maker's interface gives it."""
        via = {"chat": "chat", "phone": "voice", "email": "email"}
        return {
            "id": self.number, "created_at": self.came.isoformat(), "updated_at": (NOW + dt.timedelta(days=self.version - 9)).isoformat(),
            "status": "deleted" if self.deleted else "solved" if self.solved else "open", "priority": "urgent" if self.urgent else None,
            "via": {"channel": via[self.channel]}, "subject": f"{self.number}",
            "metric_set": {
                "ticket_id": self.number, "solved_at": self.solved and self.solved.isoformat(), "reopens": 0,
                "reply_time_in_minutes": {"calendar": self.replied and (self.replied - self.came).total_seconds() / 60},
            },
        }  # fmt: skip


def versions(draw: random.Random, number: int) -> list[Contact]:
    """What the maker said of a contact at several times; minutes are whole."""
    first = 26 * 1440 if draw.random() < 0.3 else 0  # some of the last days, so that some wait
    came = START + dt.timedelta(minutes=draw.randrange(first, 28 * 1440 + 600))
    made = []
    for version in range(draw.randint(1, 3)):
        replied, solved = (
            came + dt.timedelta(minutes=draw.choice((3, 45, 600, 3000, 9000)) * draw.randint(1, 3))
            if draw.random() < 0.7
            else None
            for _ in range(2)
        )
        if replied and solved and solved < replied:
            solved = replied
        made.append(
            Contact(number, version, came, replied, solved, draw.choice(("chat", "phone", "email")), draw.random() < 0.3, draw.random() < 0.1)
        )  # fmt: skip
    return made


@pytest.fixture(scope="module")
def filled(stocked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, list[Contact]]]:
    """A house with 240 contacts, their pages brought in one by one, shuffled, some twice, then all once more."""
    draw = random.Random(20261123)
    said = [versions(draw, number) for number in range(1, 241)]
    items = [one for contact in said for one in contact]
    draw.shuffle(items)
    pages = [items[place : place + 37] for place in range(0, len(items), 37)]
    folder = tmp_path_factory.mktemp("recount")
    with (
        open_copy(stocked, folder / "house") as house,
        house.app.app_context(),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(clock, "now", lambda: NOW)
        calendar.use_shifts(SHIFTS)
        calendar.use_days(f"-{OWN_OFF} +{OWN_WORKED}")
        seasons.use_peaks(f"{PEAK[0]}/{PEAK[1]}")
        try:
            changed = []
            for number, page in enumerate([*pages, *draw.sample(pages, 3), *draw.sample(pages, len(pages))]):
                path = folder / f"{number}.json"
                path.write_text(json.dumps({"tickets": [one.item() for one in page], "end_of_stream": False}))
                with transaction():
                    row = service.import_tickets(SYSTEM, "zendesk-api", path)
                assert row.refused_count == 0, row.refused
                changed.append(row.created_count + row.updated_count)
            assert sum(changed[: len(pages)]) >= 240 and not any(changed[len(pages) :])
            yield house, [max(contact, key=lambda one: one.version) for contact in said]
        finally:
            calendar.use_shifts("")
            calendar.use_days("")
            seasons.use_peaks("")


ASKED = [
    dict(zip(("value", "peak", "unit", "clock", "measure", "channel", "priority", "from", "to"), row, strict=True))
    for row in itertools.chain(
        itertools.product(
            ("1", "2.5", "6"), ("", "4"), ("hour",), ("calendar", "working"),
            ("/first_reply_time", "/resolution_time"), ("", "phone"), ("",), ("2026-04-20",), ("2026-05-18",),
        ),
        itertools.product(
            ("1", "3"), ("", "2"), ("working_day",), ("working",),
            ("/first_reply_time", "/resolution_time"), ("",), ("", "urgent"), ("2026-04-25",), ("2026-05-17",),
        ),
    )
]  # fmt: skip


def outcome(one: Contact, asked: dict[str, str]) -> str | None:
    """Kept, missed or waiting by the definition on the page; None for a contact that does not count."""
    came = one.came.astimezone(ZONE).date()
    if one.deleted or not asked["from"] <= came.isoformat() <= asked["to"]:
        return None
    if asked["channel"] not in ("", one.channel) or asked["priority"] not in (
        "",
        "urgent" if one.urgent else "-",
    ):
        return None
    is_reply = asked["measure"] == "/first_reply_time"
    end = one.replied if is_reply else one.solved
    if end is None and is_reply and one.solved is not None:
        return None  # solved without a reply: the source does not say
    value = float(asked["peak"] if asked["peak"] and PEAK[0] <= came <= PEAK[1] else asked["value"])
    until = end or NOW
    if asked["unit"] == "working_day":
        late = worked_days(came, until.astimezone(ZONE).date()) > value
    elif asked["clock"] == "working":
        late = worked_minutes(one.came, until) > value * 60
    else:
        late = (until - one.came).total_seconds() / 60 > value * 60
    return "missed" if late else "kept" if end else "waiting"


def test_pages_in_any_order_leave_what_was_said_last(filled: tuple[House, list[Contact]]) -> None:
    _house, contacts = filled
    mine = sa.select(Ticket).where(Ticket.source == "zendesk-api")
    rows = {row.external_id: row for row in db.session.scalars(mine)}
    assert len(rows) == len(contacts)
    for one in contacts:
        row = rows[str(one.number)]
        said = (row.first_reply_at, row.resolved_at, row.channel, row.deleted, row.priority == "urgent")
        assert said == (one.replied, one.solved, one.channel, one.deleted, one.urgent)
        assert row.created_on == one.came.astimezone(ZONE).date()
        if one.replied:
            assert row.first_reply_working_minutes == pytest.approx(worked_minutes(one.came, one.replied))
        if one.solved:
            assert row.resolution_working_days == worked_days(
                row.created_on, one.solved.astimezone(ZONE).date()
            )


def test_every_answer_is_the_plain_recount(filled: tuple[House, list[Contact]]) -> None:
    _house, contacts = filled
    seen = {"kept": 0, "missed": 0, "waiting": 0}
    for asked in ASKED:
        ask = ask_from(asked, NOW.date(), ())
        assert ask is not None
        answer = replay.replay(ask)
        assert answer is not None
        told = [outcome(one, asked) for one in contacts]
        kept, missed, waiting = (told.count(name) for name in ("kept", "missed", "waiting"))
        counted = answer.counted
        assert (counted.kept, counted.n, counted.waiting) == (kept, kept + missed, waiting), asked
        assert queries.count_tickets(filter_from(ask.rows(kept="0"))) == missed, asked
        hours = [
            one.came.astimezone(ZONE).hour
            for one, name in zip(contacts, told, strict=True)
            if name in ("kept", "missed")
        ]
        for part in answer.parts["hour"]:
            assert part.counted.n == hours.count(int(part.code or 0)), asked
        seen = {name: count + told.count(name) for name, count in seen.items()}
    assert min(seen.values()) > 50, seen  # every outcome has to come up often
