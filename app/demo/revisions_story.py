"""Owns the stories of the made-up revisions: one at every stage, those that ended, and who read what was published."""

from collections.abc import Callable

from app.demo import people, stages
from app.demo.people import AGENT_NAMES, JOINER, actor
from app.demo.texts import STORIES
from app.demo.timeline import Timeline
from app.people import service as people_service
from app.reviews import handing, threads
from app.reviews import queries as review_queries
from app.reviews.freshness import Kind
from app.standards import queries
from app.standards.models import Revision
from app.training import queries as training_queries
from app.training import service as training


def note(time: Timeline) -> None:
    """Notes what becomes of each revision, when, and who reads the published ones."""
    teller = _Teller(time)
    _note_published(teller)
    for days in (-95, -65, -36, -35, -14, -7, -6, -5):
        time.arrive(days)
    _read(time)
    _join(time)
    _note_running(teller)
    _note_young(teller)
    _note_ended(teller)


class _Teller:
    """Notes the steps of one revision after another; a story's key stands for its revision until that is made."""

    def __init__(self, time: Timeline) -> None:
        self.time = time
        # Story to revision number: a row does not outlive the transaction it was read in.
        self.made: dict[str, str] = {}

    def found(self, key: str) -> Revision:
        return queries.revision(self.made[key])

    def new(self, key: str, days: int, act: Callable[..., Revision] = stages.propose) -> None:
        self.time.on(days, lambda: self.made.__setitem__(key, act(STORIES[key]).number))

    def then(self, key: str, days: int, act: Callable[..., object], *args: object, hour: int = 11) -> None:
        self.time.on(days, lambda: act(self.found(key), *args), hour)

    def told(self, key: str, days: int, act: Callable[..., object], *args: object, hour: int = 11) -> None:
        self.time.on(days, lambda: act(STORIES[key], self.found(key), *args), hour)

    def panel(self, key: str, days: int, names: tuple[str, ...] = ("zhaolv", "zhangwei", "chenjing")) -> None:
        self.then(key, days, stages.open_scoring)
        self.then(key, days + 2, stages.score, names, key)

    def drafted(self, key: str, days: int, drafter: str = "liming") -> None:
        self.panel(key, days)
        self.then(key, days + 4, stages.accept, drafter)
        self.told(key, days + 8, stages.write, drafter)

    def reviewed(self, key: str, days: int, drafter: str = "liming") -> None:
        self.drafted(key, days, drafter)
        self.then(key, days + 10, stages.submit, drafter)
        self.then(key, days + 13, stages.sign, hour=14)

    def published(self, key: str, days: int, scheduled: int, effective: int) -> None:
        self.reviewed(key, days)
        self.then(key, scheduled - 2, stages.waive_pilot)
        self.told(key, scheduled - 1, stages.plan_publication, self.time.day(effective))
        self.then(key, scheduled, stages.schedule)
        self.time.look(scheduled, 12)


def _note_published(teller: _Teller) -> None:
    teller.new("archived", -135)
    teller.published("archived", -133, -112, -95)
    teller.new("in_force", -78)
    teller.published("in_force", -76, -50, -36)
    teller.new("coming", -40)
    teller.published("coming", -38, -2, 9)


def _note_running(teller: _Teller) -> None:
    """A pilot, one that may be published, one in review, one nobody signed yet, one that changed after it was signed."""
    time = teller.time
    teller.new("piloting", -60)
    teller.reviewed("piloting", -58, "zhoujie")
    teller.told("piloting", -21, stages.start_pilot, time.day(-21), time.day(13))
    teller.new("ready", -45)
    teller.reviewed("ready", -43, "zhoujie")
    teller.then("ready", -12, stages.waive_pilot)
    teller.new("in_review", -30)
    teller.drafted("in_review", -28)
    teller.then("in_review", -3, stages.submit)
    teller.then("in_review", -3, stages.ask_outside, hour=15)
    teller.then("in_review", -2, stages.sign, (Kind.LEGAL, Kind.BUSINESS))
    teller.then("in_review", -1, _discuss, hour=15)
    teller.new("fresh", -13)
    teller.drafted("fresh", -12, "zhoujie")
    teller.then("fresh", -1, stages.submit, "zhoujie")
    teller.then("fresh", -1, _ask_operations, hour=15)
    # Whoever was asked for IT is away since this morning, and named nobody: a colleague may take it on.
    time.on(0, lambda: _leave(time), 8)
    teller.new("recheck", -33)
    teller.drafted("recheck", -31, "zhoujie")
    teller.then("recheck", -6, stages.submit, "zhoujie")
    teller.then("recheck", -4, stages.sign)
    teller.then("recheck", -1, _rewrite, hour=16)


def _note_young(teller: _Teller) -> None:
    """Those that are still drafted, scored, proposed or written down."""
    teller.new("drafting", -20)
    teller.panel("drafting", -18)
    teller.then("drafting", -14, stages.accept)
    teller.told("drafting", -1, stages.write)
    teller.new("scoring", -9)
    teller.panel("scoring", -7, ("zhangwei", "chenjing", "liuyang"))
    teller.new("scoring2", -6)
    teller.panel("scoring2", -5, ("chenjing", "liuyang"))
    teller.new("triage", -2)
    teller.new("draft", -1, stages.draft)


def _note_ended(teller: _Teller) -> None:
    """One declined, one withdrawn; and one on the fast track."""
    too_dear = "成本高于收益：方言坐席需增加 20 人，可先在华南试听转写"
    teller.new("declined", -50)
    teller.then("declined", -48, stages.open_scoring)
    teller.then("declined", -44, stages.decline, too_dear, hour=10)
    not_needed = "仓库系统改造后已能看到签收照片，不再需要"
    teller.new("withdrawn", -25)
    teller.then("withdrawn", -23, stages.withdraw, "zhuhong", not_needed, hour=10)
    teller.new("fast", -6)
    teller.then("fast", -6, stages.fast_track, "涉及客户资金安全，先起草，评分随后补上", hour=12)
    teller.told("fast", -4, stages.write, "zhoujie")


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


def _ask_operations(revision: Revision) -> None:
    """The director asks operations too: their system keeps the recordings."""
    task = next(t for t in review_queries.tasks(revision.id) if t.kind is Kind.BUSINESS)
    why = "录音存在运营部的系统里，请一起看删除的排期。"
    handing.add_reviewer(actor("wangfang"), task.id, people.who("liuyang").id, reason=why)


def _leave(time: Timeline) -> None:
    person = people.who("xuehua")
    people_service.set_absence(actor("xuehua"), person.id, time.day(0), time.day(6), None)


def _rewrite(revision: Revision) -> None:
    story = STORIES["recheck"]
    draft = queries.clause_draft(revision.id, story.clause)
    if draft is not None:
        stages.rewrite(revision, story.clause, "zhoujie", ("18:00", "17:00"))
