"""Owns the demonstration's committee: a budget, a meeting that was held, and one that comes with its agenda gathered."""

import datetime as dt
from functools import partial

import sqlalchemy as sa

from app.committee import award, budget, queries, service
from app.committee.models import AgendaItem, BudgetKind, EntryKind, ItemKind, Verdict
from app.core import calendar
from app.core.db import db
from app.demo.people import actor, who
from app.demo.texts import STORIES
from app.demo.timeline import Timeline
from app.standards.models import Revision

CHAIR, MEMBERS = "heping", ("guomin", "dengchao")
ROOM = "三楼会议室"
AWARD_DAYS = 10  # how long members may still vote on the award
DAYS_TO_COME = 4  # the next meeting is at least so many days away, so that members can still agree or object

LINES = {BudgetKind.RESEARCH: "120000", BudgetKind.TRAINING: "80000", BudgetKind.TECHNOLOGY: "150000"}
# (days ago, line, what, amount, words, story of the revision)
ENTRIES = (
    (-110, BudgetKind.TRAINING, EntryKind.COMMITTED, "26000", "回电演练，三个组各两场", "archived"),
    (-108, BudgetKind.TECHNOLOGY, EntryKind.SPENT, "58000", "短信模板与回电排班工具", "archived"),
    (-96, BudgetKind.TRAINING, EntryKind.SPENT, "26400", "回电演练，含外请讲师", "archived"),
    (-52, BudgetKind.TECHNOLOGY, EntryKind.SPENT, "46200", "工单系统增加“接手主管”字段", "in_force"),
    (-39, BudgetKind.RESEARCH, EntryKind.SPENT, "18500", "第三季度满意度调查", "coming"),
    (-30, BudgetKind.RESEARCH, EntryKind.COMMITTED, "30000", "大促后的退换货客户访谈", ""),
    (-20, BudgetKind.TRAINING, EntryKind.COMMITTED, "12000", "电话接听排班培训", "coming"),
    (-11, BudgetKind.TRAINING, EntryKind.COMMITTED, "6000", "拒绝退货的答复演练，一场", "ready"),
    (-5, BudgetKind.TECHNOLOGY, EntryKind.COMMITTED, "52000", "机器人知识库更新", "in_review"),
    (-3, BudgetKind.TECHNOLOGY, EntryKind.COMMITTED, "8000", "泄露告知短信的群发接口", "fast"),
)
# What the meeting that was held decided: by the kind of item, then by the story it is about.
RANK_NOTE = "影响面大、成本低，同意名次，由李明起草。"
REVIEW_NOTE = "先等法务核对完法规登记册，下次会议带结论来。"
DECIDED = {
    STORIES["coming"].title: (Verdict.AGREED, "赵律本周内完成签署，客服部同时排好电话班次。"),
    STORIES["recheck"].title: (Verdict.RETURNED, "先补上每天主动告知所需人力的测算，再提交评审。"),
}
AGREED_BEFORE = STORIES["ready"].title
MINUTES_NOTE = "技术支持一项的支出下次会议再看。"


def note(time: Timeline) -> None:
    """Notes the committee's half year on the timeline."""
    _note_budget(time)
    held, hour = _day_of_rank(time)
    time.on(held - 7, partial(_call, time.day(held)), 9)
    time.on(held - 4, _ask_before, 10)
    time.on(held, partial(_hold, time.day(held)), hour)
    ahead = next(n for n in range(DAYS_TO_COME, 30) if calendar.is_working_day(time.day(n)))
    time.on(-2, partial(_call, time.day(ahead)), 9)
    time.on(-1, _prepare, 18)
    time.on(-1, partial(_open_award, time), 19)


def _note_budget(time: Timeline) -> None:
    today = time.day(0)
    first = 1 - today.timetuple().tm_yday  # entries stay in the year their line belongs to
    for kind, amount in LINES.items():
        allocated = partial(budget.allocate, year=today.year, kind=kind, amount=amount)
        time.on(max(-120, first), lambda verb=allocated: verb(actor(CHAIR)), 9)  # type: ignore[misc]
    for days, kind, what, amount, words, story in ENTRIES:
        entered = partial(
            _enter, year=today.year, kind=kind, what=what, amount=amount, words=words, story=story
        )
        time.on(max(days, first), entered, 17)


def _enter(*, year: int, kind: BudgetKind, what: EntryKind, amount: str, words: str, story: str) -> None:
    revision = _revision(story)
    budget.enter(
        actor("wangfang"), year=year, kind=kind, what=what, amount=amount, words=words,
        revision=revision.number if revision else "",
    )  # fmt: skip


def _day_of_rank(time: Timeline) -> tuple[int, int]:
    """Returns day and hour of the meeting that was held: the rank of one proposal waits from the 16th to the 14th day ago."""
    for days, hour in ((-15, 15), (-14, 9)):
        if calendar.is_working_day(time.day(days)):
            return days, hour
    return -16, 15


def _call(day: dt.date) -> None:
    service.call_meeting(actor(CHAIR), day=day, place=ROOM)


def _ask_before() -> None:
    service.look()
    item = _item(AGREED_BEFORE)
    if item is not None:
        service.ask_consent(actor(CHAIR), item)
        service.speak(actor("guomin"), item, agrees=True)


def _hold(day: dt.date) -> None:
    service.look()
    chair, meeting = actor(CHAIR), queries.meeting(day.isoformat())
    service.mark_present(chair, meeting, [who(CHAIR).id, who(MEMBERS[0]).id])
    for one in queries.items(meeting.id):
        row = one.row
        if row.verdict is not None:
            continue
        if row.kind is ItemKind.RANK:
            service.decide(chair, row, verdict=Verdict.AGREED, note=RANK_NOTE, drafter_id=who("liming").id)
        elif row.kind is ItemKind.REVIEW:
            service.decide(chair, row, verdict=Verdict.HELD, note=REVIEW_NOTE)
        elif row.title_zh in DECIDED:
            verdict, words = DECIDED[row.title_zh]
            service.decide(chair, row, verdict=verdict, note=words)
    service.confirm_minutes(chair, meeting, note=MINUTES_NOTE)


def _prepare() -> None:
    """Two items may be agreed before the meeting that comes; on one of them a member objects."""
    service.look()
    ready, fast = _item(STORIES["ready"].title), _item(STORIES["fast"].title)
    if ready is not None:
        service.ask_consent(actor(CHAIR), ready)
        service.speak(actor(MEMBERS[0]), ready, agrees=True)
    if fast is not None:
        service.ask_consent(actor(CHAIR), fast)
        service.speak(
            actor(MEMBERS[1]), fast, agrees=False, note="群发短信的费用没有估算，想先听信息技术部怎么说。"
        )


def _open_award(time: Timeline) -> None:
    """Opens the vote on the year's award; one member has voted, the others are asked on their desks."""
    row = award.open_round(actor(CHAIR), year=time.day(0).year, closes_on=time.day(AWARD_DAYS))
    award.vote(actor(MEMBERS[0]), row, row.nominees[0].id)


def _item(title: str) -> AgendaItem | None:
    meeting = queries.next_meeting()
    found = queries.items(meeting.id) if meeting else []
    return next((one.row for one in found if one.row.title_zh == title and one.row.verdict is None), None)


def _revision(story: str) -> Revision | None:
    if not story:
        return None
    return db.session.scalar(sa.select(Revision).where(Revision.title == STORIES[story].title))
