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
from app.demo import checks_story, people, stages
from app.demo.people import ACCOUNTS, AGENT_NAMES, JOINER, PASSWORD, actor
from app.demo.stages import at, let_dates_arrive
from app.demo.texts import STORIES, SUGGESTIONS, SURGE, SURGE_CLAUSE
from app.demo.ticket_settings import Effect, Plan
from app.demo.tickets import generate_tickets
from app.evidence import importing, suggestions
from app.evidence import queries as evidence
from app.evidence.models import Ticket
from app.evidence.readers.generic_table import write_csv
from app.evidence.tickets import TicketRecord
from app.people import passwords
from app.people.models import Person
from app.proposals import surge_cases
from app.reviews import threads
from app.reviews.freshness import Kind
from app.standards import imports, queries
from app.standards.models import Revision, Standard
from app.training import queries as training_queries
from app.training import service as training

STARTER = Path(__file__).resolve().parents[2] / "standards_repo" / "starter"
SEED = 7
TICKETS = 20_000
MONTHS = 6
FIRST_DAY = 210  # days ago: the company starts with the product

Report = Callable[[str], None]


class Timeline:
    """What happens when: acts are noted in any order and done in the order of their moments."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.acts: list[tuple[dt.datetime, int, Callable[[], object]]] = []

    def moment(self, days: int, hour: int = 10, minute: int = 0) -> dt.datetime:
        """Returns the moment so many days from today (negative: ago) at an hour of the organisation's zone."""
        return clock.at(clock.local(self.now).date() + dt.timedelta(days=days), hour, minute)

    def day(self, days: int) -> dt.date:
        """Returns the local date so many days from today."""
        return clock.local(self.now).date() + dt.timedelta(days=days)

    def on(self, days: int, act: Callable[[], object], hour: int = 10, minute: int = 0) -> None:
        """Notes an act; one that would lie after now is done just before it."""
        moment = min(self.moment(days, hour, minute), self.now - dt.timedelta(minutes=1))
        self.acts.append((moment, len(self.acts), act))

    def arrive(self, days: int, hour: int = 9) -> None:
        """Notes that dates are looked at."""
        self.acts.append((self.moment(days, hour), len(self.acts), _tick))

    def play(self) -> None:
        """Does everything in order, each at its moment."""
        for moment, _order, act in sorted(self.acts, key=lambda a: (a[0], a[1])):
            at(moment, act)


def _tick() -> None:
    clock_job.tick()


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
    _tell_stories(time)
    _listen(time)
    _surge(time)
    checks_story.note(time)
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

    It stops each morning at ten, when digests and reminders leave, whatever the hour it began at. Raises PermissionError for an instance that the demo command did not make.
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
    imports.import_path(SYSTEM, STARTER)
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


def _tell_stories(time: Timeline) -> None:
    made: dict[
        str, str
    ] = {}  # story -> revision number; a row does not outlive the transaction it was read in

    def found(key: str) -> Revision:
        return queries.revision(made[key])

    def new(key: str, days: int, act: Callable[..., Revision] = stages.propose) -> None:
        time.on(days, lambda: made.__setitem__(key, act(STORIES[key]).number))

    def then(key: str, days: int, act: Callable[..., object], *args: object, hour: int = 11) -> None:
        time.on(days, lambda: act(found(key), *args), hour)

    def told(key: str, days: int, act: Callable[..., object], *args: object, hour: int = 11) -> None:
        time.on(days, lambda: act(STORIES[key], found(key), *args), hour)

    def panel(key: str, days: int, names: tuple[str, ...] = ("zhaolv", "zhangwei", "chenjing")) -> None:
        then(key, days, stages.open_scoring)
        then(key, days + 2, stages.score, names)

    def drafted(key: str, days: int, drafter: str = "liming") -> None:
        panel(key, days)
        then(key, days + 4, stages.accept, drafter)
        told(key, days + 8, stages.write, drafter)

    def reviewed(key: str, days: int, drafter: str = "liming") -> None:
        drafted(key, days, drafter)
        then(key, days + 10, stages.submit, drafter)
        then(key, days + 13, stages.sign, hour=14)

    def published(key: str, days: int, scheduled: int, effective: int) -> None:
        reviewed(key, days)
        then(key, scheduled - 2, stages.waive_pilot)
        told(key, scheduled - 1, stages.plan_publication, time.day(effective))
        then(key, scheduled, stages.schedule)
        time.on(scheduled, _tick, 12)

    new("archived", -135)
    published("archived", -133, -112, -95)
    new("in_force", -78)
    published("in_force", -76, -50, -36)
    new("coming", -40)
    published("coming", -38, -2, 9)
    for days in (-95, -65, -36, -35, -14, -7, -6, -5):
        time.arrive(days)
    _read(time)
    _join(time)
    new("piloting", -60)
    reviewed("piloting", -58, "zhoujie")
    told("piloting", -21, stages.start_pilot, time.day(-21), time.day(13))
    new("ready", -45)
    reviewed("ready", -43, "zhoujie")
    then("ready", -12, stages.waive_pilot)
    new("in_review", -30)
    drafted("in_review", -28)
    then("in_review", -3, stages.submit)
    then("in_review", -2, stages.sign, (Kind.LEGAL, Kind.BUSINESS))
    time.on(-1, lambda: _discuss(found("in_review")), 15)
    new("recheck", -33)
    drafted("recheck", -31, "zhoujie")
    then("recheck", -6, stages.submit, "zhoujie")
    then("recheck", -4, stages.sign)
    time.on(-1, lambda: _rewrite(found("recheck")), 16)
    new("drafting", -20)
    panel("drafting", -18)
    then("drafting", -14, stages.accept)
    told("drafting", -1, stages.write)
    new("scoring", -9)
    panel("scoring", -7, ("zhangwei", "liuyang"))
    new("scoring2", -6)
    panel("scoring2", -5, ("chenjing",))
    new("triage", -2)
    new("draft", -1, stages.draft)
    new("declined", -50)
    then("declined", -48, stages.open_scoring)
    time.on(
        -44,
        lambda: stages.decline(found("declined"), "成本高于收益：方言坐席需增加 20 人，可先在华南试听转写"),
    )
    new("withdrawn", -25)
    time.on(
        -23,
        lambda: stages.withdraw(found("withdrawn"), "zhuhong", "仓库系统改造后已能看到签收照片，不再需要"),
    )
    new("fast", -6)
    time.on(-6, lambda: stages.fast_track(found("fast"), "涉及客户资金安全，先起草，评分随后补上"), 12)
    told("fast", -4, stages.write, "zhoujie")


def _read(time: Timeline) -> None:
    """Notes that agents read what was published: nearly all of the older ones, some of the newest."""
    names = [name for name, *_rest in AGENT_NAMES]
    for place, name in enumerate(names):
        time.on(-104 + place % 6, lambda name=name: acknowledge("cs-05", name), 13, place)  # type: ignore[misc]
        time.on(-45 + place % 7, lambda name=name: acknowledge("cs-02", name), 13, place)  # type: ignore[misc]
        if place % 3 == 1:
            time.on(-1, lambda name=name: acknowledge("cs-01", name), 13, place)  # type: ignore[misc]


def _join(time: Timeline) -> None:
    """Notes that an agent joins: all that the role follows is to be read within a week, some of it is by now."""
    time.on(-6, lambda: people.add_joiner(time.day(-6)), 9)
    for days, code in ((-5, "cs-04"), (-4, "cs-02")):
        time.on(days, lambda code=code: acknowledge(code, JOINER[0]), 14)  # type: ignore[misc]


def acknowledge(code: str, name: str) -> None:
    """Lets a made-up person read what changed for them and acknowledge it; nothing to read is no fault."""
    person, standard = people.who(name), queries.standard(code)
    needed = training_queries.needed(person, actor(name), standard.id)
    if not needed or training_queries.open_assignment(person.id, standard.id) is None:
        return
    shown = [d.pair for d in needed]
    question = training_queries.question_for(standard.id, shown)
    training.acknowledge(
        actor(name),
        standard,
        shown=shown,
        question_id=question.id if question else None,
        chosen=question.right if question else None,
    )


def _discuss(revision: Revision) -> None:
    threads.open_thread(
        actor("zhangwei"),
        revision,
        STORIES["in_review"].clause,
        "88% 按现有知识库可以做到，但要先把退货类问题的答案更新完。考核口径是按对话还是按问题？",
    )


def _rewrite(revision: Revision) -> None:
    story = STORIES["recheck"]
    draft = queries.clause_draft(revision.id, story.clause)
    if draft is not None:
        stages.rewrite(revision, story.clause, "zhoujie", ("18:00", "17:00"))


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

    for place, days in enumerate((-24, -9, -3, -2, -18)):
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
