"""Contacts of one month and a plan of its checks, made by the verbs: shared by the tests of audits and of the archive."""

import datetime as dt
from pathlib import Path

import sqlalchemy as sa

from app.audits import queries, scorecards, service
from app.audits.criteria import Criterion, criteria_for
from app.audits.models import AuditPlan, Sample, SampleState, ScoreLine
from app.audits.scorecards import Scored
from app.audits.scoring import Answer
from app.core import clock
from app.core.access import SYSTEM
from app.core.db import db
from app.evidence import service as evidence
from app.evidence.readers.generic_table import write_csv
from app.evidence.tickets import Author, Channel, TicketRecord, Turn
from app.standards import queries as standards
from tests import story
from tests.house_fixtures import House
from tests.snapshots import remembered

MONTH = "2026-09"
FIRST_CONTACT = dt.datetime(2026, 9, 10, 2, 0, tzinfo=dt.UTC)
IN_OCTOBER = dt.datetime(2026, 10, 9, 2, 0, tzinfo=dt.UTC)  # the first working week after the holidays
TEAMS = {"east": "service-east", "north": "service-north"}


def contact(number: int, **values: object) -> TicketRecord:
    """Returns a return request; even ones of the east by `agent`, every fourth of the north by `agent2`."""
    at = FIRST_CONTACT + dt.timedelta(minutes=97 * number)
    region = "north" if number % 4 == 0 else "east"
    reply = at + (dt.timedelta(hours=26, minutes=10) if number % 3 == 0 else dt.timedelta(hours=3))
    given: dict = {
        "source": "csv",
        "external_id": f"T{number}",
        "created_at": at,
        "first_reply_at": reply,
        "resolved_at": reply + dt.timedelta(hours=5),
        "channel": Channel.APP if number % 2 else Channel.WEB,
        "region": region,
        "category": "returns",
        "subject": "退货申请",
        "text": f"第{number}次申请退货",
        "updated_at": at,
        "is_complaint": False,
        "agent": "ag-agent2" if region == "north" else "ag-agent",
        "team": TEAMS[region],
        "conversation": (
            Turn(at, Author.CUSTOMER, "鞋子小了，想退"),
            Turn(reply, Author.AGENT, "您再等等吧"),
        ),
    }
    return TicketRecord(**(given | values))


def bring(folder: Path, count: int = 60) -> None:
    """Imports the contacts of the month."""
    path = folder / "contacts.csv"
    write_csv([contact(n) for n in range(count)], path)
    evidence.import_tickets(SYSTEM, "csv", path)
    db.session.commit()


@remembered
def given_plan(house: House, folder: Path, size: int = 20, count: int = 60) -> AuditPlan:
    """Returns a plan of the month's checks of cs-04, not drawn."""
    standard = story.given_standard()
    bring(folder, count)
    plan = service.make_plan(
        house.actor("auditor"), month=MONTH, standard_ids=[standard.id], sample_size=size, seed="7f3a"
    )
    db.session.commit()
    return plan


@remembered
def given_drawn(
    house: House, folder: Path, size: int = 20, count: int = 60
) -> tuple[AuditPlan, list[Sample]]:
    """Returns a drawn plan with its samples; the draw stands in the records."""
    plan = given_plan(house, folder, size, count)
    with clock.frozen(IN_OCTOBER):
        drawn = service.draw(house.actor("auditor"), plan)
        house.run_jobs()
    return plan, drawn


def answers(sample: Sample, plan: AuditPlan) -> list[Scored]:
    """Returns honest answers: what was measured decides, everything else was met."""
    return [_answer(c) for c in criteria_for(queries.ticket_of(sample), plan.standard_ids)]


def _answer(criterion: Criterion) -> Scored:
    if all(m.is_kept for m in criterion.measured):
        return Scored(criterion.key, criterion.clause_hash, Answer.MET)
    return Scored(criterion.key, criterion.clause_hash, Answer.NOT_MET, "原话：“您再等等吧”")


def score_all(house: House, plan: AuditPlan, most: int = 1000) -> list[Sample]:
    """Scores the waiting samples honestly in October and returns them."""
    with clock.frozen(IN_OCTOBER):
        found = queries.samples(plan.id, SampleState.WAITING)[:most]
        for sample in found:
            scorecards.score(house.actor("auditor"), sample, answers(sample, plan))
        db.session.commit()
    return found


@remembered
def given_scored(house: House, folder: Path) -> tuple[AuditPlan, list[Sample]]:
    """Returns a drawn plan with its samples, all of them scored."""
    plan, _drawn = given_drawn(house, folder)
    return plan, score_all(house, plan)


def standard_id() -> int:
    """Returns the id of the standard that is checked."""
    return standards.standard("cs-04").id


def recount(month: str) -> dict[tuple[int, str], tuple[int, int]]:
    """Counts a month's clauses from the lines themselves, for comparing with the roll-up: {clause: (kept, checked)}."""
    rows = db.session.execute(
        sa.select(
            ScoreLine.standard_id,
            ScoreLine.clause_id,
            sa.func.sum(sa.case((ScoreLine.answer == Answer.MET, 1), else_=0)),
            sa.func.count(),
        )
        .join(Sample, Sample.id == ScoreLine.sample_id)
        .join(AuditPlan, AuditPlan.id == Sample.plan_id)
        .where(AuditPlan.month == month, ScoreLine.answer != Answer.NOT_APPLICABLE)
        .group_by(ScoreLine.standard_id, ScoreLine.clause_id)
    )
    return {(s, c): (int(kept), int(checked)) for s, c, kept, checked in rows}
