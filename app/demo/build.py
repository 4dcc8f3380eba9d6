"""Owns building the demonstration: half a year of a made-up company, by walking the product's own verbs.

Nothing is written past the verbs. The clock goes forward through the past until now, so that dates, deadlines,
effective instants and effects are what they would have been.
"""

import datetime as dt
import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from app.core import clock, clock_job, jobs
from app.core.access import SYSTEM, VISITOR
from app.core.db import db
from app.demo import (
    calendar_story,
    checks_story,
    committee_story,
    elsewhere_story,
    people,
    register_story,
    review_story,
    revisions_story,
)
from app.demo.people import ACCOUNTS, AGENT_NAMES, PASSWORD, actor
from app.demo.stages import at, let_dates_arrive
from app.demo.texts import SUGGESTIONS, SURGE, SURGE_CLAUSE
from app.demo.ticket_settings import Effect, Plan
from app.demo.tickets import generate_tickets
from app.demo.timeline import Timeline
from app.evidence import importing, suggestions
from app.evidence import queries as evidence
from app.evidence.models import Ticket
from app.evidence.readers.generic_table import write_csv
from app.evidence.tickets import TicketRecord
from app.people import passwords
from app.people.models import Person
from app.proposals import surge_cases
from app.standards import founding, imports, queries, starter
from app.standards.models import Revision, Standard
from app.training import service as training

STARTER = Path(__file__).resolve().parents[2] / "standards_repo" / "starter"
FOUNDED_WITH = ("cs-01", "cs-02", "cs-03", "cs-04", "cs-05")
"""The standards the story is about, with questions for training; they are there from the first day."""
SEED = 7
TICKETS = 20_000
MONTHS = 6
FIRST_DAY = 210  # days ago: the company starts with the product

Report = Callable[[str], None]


def build(folder: Path, *, report: Report | None = None, count: int = TICKETS) -> dict[str, object]:
    """Fills an empty instance with the demonstration and returns what was made, with the seconds it took.

    An instance that has people already is left as it is. `count` is the number of tickets in six months.
    """
    say = report or (lambda words: None)
    if db.session.scalar(sa.select(Person.id).limit(1)) is not None:
        return {"made": False, "seconds": 0.0}
    started = clock.monotonic()
    clock.mark_demo(folder)
    time = Timeline(clock.now())
    # The demonstration's password is told to everybody, so forty costly hashes would protect nothing.
    passwords.configure(time_cost=1, memory_kib=1024)
    at(time.moment(-FIRST_DAY, 9), lambda: _found(time))
    say("people, standards and questions are there")
    _import_tickets(time, count)
    revisions_story.note(time)
    _listen(time)
    _surge(time)
    checks_story.note(time)
    register_story.note(time)
    elsewhere_story.note(time)
    calendar_story.note(time)
    committee_story.note(time)
    # The rest of the library comes last: no contact, draw or reading of the story was bound by it.
    time.on(-1, lambda: founding.bring(SYSTEM, starter.standards()), 18)
    review_story.note(time)
    time.play()
    let_dates_arrive(time.now)
    say("the story has been told")
    return {
        "made": True,
        "people": _count(Person),
        "standards": _count(Standard),
        "revisions": _count(Revision),
        "tickets": _count(Ticket),
        "seconds": round(clock.monotonic() - started, 1),
    }


def advance(folder: Path, by: dt.timedelta) -> dt.timedelta:
    """Moves the demonstration's clock and lets every date on the way arrive; returns the whole offset.

    It stops each morning at ten, when digests and reminders leave, whatever the hour it began at. Raises
    PermissionError for an instance that the demo command did not make.
    """
    target = clock.offset() + by
    while clock.offset() < target:
        clock.advance(folder, min(until_ten(), target - clock.offset()))
        clock_job.tick()
        jobs.run_due()
    return clock.offset()


def until_ten() -> dt.timedelta:
    """Returns how long it is until the next ten o'clock in the morning; never nothing."""
    now = clock.now()
    ten = clock.at(clock.today(), 10)
    return (ten if ten > now else clock.at(clock.today() + dt.timedelta(days=1), 10)) - now


def accounts_table() -> str:
    """Returns the accounts to try, one a line, with the password they share."""
    shown = [a for a in ACCOUNTS if a.shown]
    lines = [f"{'name':<10} {'who':<28} password: {PASSWORD}"]
    lines += [f"{a.sign_in_name:<10} {a.shown}" for a in shown]
    lines.append(f"{AGENT_NAMES[0][0]:<10} frontline agent 一线客服 (best on a phone)")
    return "\n".join(lines)


def _found(time: Timeline) -> None:
    people.make_people(time.day(-FIRST_DAY - 400), time.day(180))
    db.session.commit()
    for code in FOUNDED_WITH:
        imports.import_path(SYSTEM, STARTER / code)
    for standard in queries.standards():
        standard.owner_id = people.who("wangfang").id
        file = STARTER / standard.code / "questions.json"
        bindings = {b.clause_id: b for b in queries.in_force(standard.id).bindings}
        for item in json.loads(file.read_text("utf-8")):
            add_question(standard, item, bindings[item["clause"]].clause_hash)


def add_question(standard: Standard, item: dict[str, object], clause_hash: str) -> None:
    """Adds a question of the starter library to a text of its clause."""
    zh, en = dict(item["zh"]), dict(item["en"])  # type: ignore[call-overload]
    training.add_question(
        SYSTEM, standard, str(item["clause"]), clause_hash, zh=zh, en=en, right=int(zh["right"])
    )


def _import_tickets(time: Timeline, count: int) -> None:
    """Notes an import for each month of tickets, as a company would bring its export."""
    effects = (
        Effect(time.day(-400), "callback", 1.9, last_day=time.day(-96)),
        Effect(time.day(-400), "escalation", 2.4, last_day=time.day(-37)),
        *(
            Effect(time.day(-21), category, 0.72, region="east")
            for category in ("order", "payment", "logistics")
        ),
        *(
            Effect(time.day(-400), category, 1.25, last_day=time.day(-22))
            for category in ("order", "logistics")
        ),
    )
    tickets = list(generate_tickets(SEED, time.now, MONTHS, count, plan=Plan(effects)))
    months: dict[str, list[TicketRecord]] = {}
    for ticket in tickets:
        months.setdefault(f"{clock.local(ticket.created_at):%Y-%m}", []).append(ticket)
    for month, rows in months.items():
        year, number = (int(n) for n in month.split("-"))
        ends = dt.date(year + number // 12, number % 12 + 1, 1)
        days = (ends - clock.local(time.now).date()).days
        if days > 0:  # the month that runs: once as it stood yesterday, once up to now
            early = [row for row in rows if row.created_at < time.moment(-1, 8)]
            time.on(-1, lambda rows=early, month=month: _bring(rows, month), 8)  # type: ignore[misc]
        time.on(min(days, 0), lambda rows=rows, month=month: _bring(rows, month), 8)  # type: ignore[misc]


def _bring(rows: list[TicketRecord], month: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"tickets-{month}.csv"
        write_csv(rows, path)
        importing.import_tickets(actor("wangfang"), "csv", path)


def _listen(time: Timeline) -> None:
    """Notes customers' suggestions and some answers."""
    refs: dict[int, str] = {}

    def receive(place: int) -> None:
        code, clause, language, text, _adopted, _answer = SUGGESTIONS[place]
        refs[place] = suggestions.receive_suggestion(
            VISITOR,
            text=text,
            language=language,
            standard_code=code,
            clause_id=clause,
            network=f"demo-{place}",
        ).ref

    def respond(place: int) -> None:
        adopted, answer = SUGGESTIONS[place][4], SUGGESTIONS[place][5]
        row = evidence.suggestion(refs[place])
        suggestions.answer_suggestion(actor("wangfang"), row, adopted=adopted, answer=answer)

    for place, days in enumerate((-24, -9, -3, -2, -18, -12)):
        time.on(days, lambda place=place: receive(place), 15)  # type: ignore[misc]
        if SUGGESTIONS[place][5]:
            time.on(days + 3, lambda place=place: respond(place), 16)  # type: ignore[misc]


def _surge(time: Timeline) -> None:
    """Lets many customers say the same about one clause after the sale; the case opens by itself this morning."""
    code, clause = SURGE_CLAUSE
    for place, (days, language, text) in enumerate(SURGE):
        receive = partial(
            suggestions.receive_suggestion, VISITOR, text=text, language=language,
            standard_code=code, clause_id=clause, network=f"demo-surge-{place}",
        )  # fmt: skip
        time.on(days, receive, 12)
    time.on(0, surge_cases.open_cases, 9)


def _count(model: type) -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0)
