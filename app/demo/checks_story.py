"""Owns the demonstration's quality checks: two months drawn and scored, findings, an appeal, a sealed dossier."""

import datetime as dt
from collections.abc import Callable
from typing import Protocol

from app.archive import service as archive
from app.audits import appeals, scorecards, service
from app.audits import queries as audits
from app.audits.criteria import Criterion, criteria_for
from app.audits.models import Sample, SampleState
from app.audits.scorecards import Scored
from app.audits.scoring import Answer
from app.core import clock
from app.demo.people import actor, who
from app.evidence.tickets import Author
from app.people import queries as people
from app.people.models import Person
from app.standards import queries as standards
from app.standards.workflow import State

LAST_MONTH = 60  # contacts checked of the last whole month
THIS_MONTH = 40


class Calendar(Protocol):
    """What is needed of the timeline."""

    def on(self, days: int, act: Callable[[], object], hour: int = 10, minute: int = 0) -> None:
        """Notes an act so many days from today."""

    def day(self, days: int) -> dt.date:
        """Returns the local date so many days from today."""


def note(time: Calendar) -> None:
    """Notes the checks on the timeline: the last month is finished, this month has begun."""
    today = time.day(0)
    first = today.replace(day=1)
    last = first - dt.timedelta(days=1)
    since_first = (first - today).days
    time.on(since_first, lambda: _draw(f"{last:%Y-%m}", LAST_MONTH), 14)
    time.on(since_first, lambda: _score(f"{last:%Y-%m}", LAST_MONTH), 16)
    time.on(-1, lambda: _draw(f"{today:%Y-%m}", THIS_MONTH), 12)
    time.on(-1, lambda: _score(f"{today:%Y-%m}", 13), 17)
    time.on(-1, _appeal, 18)
    time.on(-3, _seal, 10)


def _draw(month: str, size: int) -> None:
    plan = service.make_plan(
        actor("gaojie"),
        month=month,
        standard_ids=[s.id for s in standards.standards()],
        sample_size=size,
        seed=f"{month}-7f3a",
    )
    service.draw(actor("gaojie"), plan)


def _score(month: str, most: int) -> None:
    plan = audits.plan(month)
    for sample in audits.samples(plan.id, SampleState.WAITING)[:most]:
        criteria = criteria_for(audits.ticket_of(sample), plan.standard_ids)
        auditor = people.person(sample.auditor_id) if sample.auditor_id else who("gaojie")
        scorecards.score(people.actor_for(auditor), sample, [_answer(sample, c) for c in criteria])


def _answer(sample: Sample, criterion: Criterion) -> Scored:
    if criterion.measured:
        kept = all(m.is_kept for m in criterion.measured)
    else:
        kept = (sample.ticket_id * 7 + len(criterion.heading_zh)) % 11 != 0
    if kept:
        return Scored(criterion.key, criterion.clause_hash, Answer.MET)
    note = "系统记录的时间超过了条款时限。" if criterion.measured else _quoted(sample)
    return Scored(
        criterion.key, criterion.clause_hash, Answer.NOT_MET, note, "人手不足" if criterion.measured else ""
    )


def _quoted(sample: Sample) -> str:
    said = [
        text for _at, author, text, _public in audits.ticket_of(sample).conversation if author == Author.AGENT
    ]
    return (
        f"没有按条款说明，原话：“{said[-1].rstrip('。')}。”"
        if said
        else "没有按条款说明，对话里没有客服的答复。"
    )


def _appeal() -> None:
    """An agent appeals against a finding of the days before."""
    by_code: dict[str | None, Person] = {p.agent_code: p for p in people.everybody() if p.agent_code}
    today = clock.today()
    for month in (f"{today:%Y-%m}", service.report_month(today)):
        for line, sample in audits.findings(month):
            person = by_code.get(audits.ticket_of(sample).agent)
            if person is not None and not line.is_critical and appeals.may_appeal(line, sample):
                appeals.appeal(
                    people.actor_for(person),
                    line,
                    reason="当时系统故障，回复在另一个会话里，工单号已附在备注。",
                )
                return


def _seal() -> None:
    """The auditor seals the oldest revision whose 90-day effect is known."""
    for revision in reversed(standards.open_revisions()):
        if revision.state is State.IN_FORCE and revision.standard.code == "cs-05":
            archive.seal(
                actor("gaojie"),
                revision,
                keep="先在回电组内试排班，再写进条款，执行几乎没有阻力。",
                change="短信模板上线晚了三天，下次和条款同一天准备好。",
            )
            return
