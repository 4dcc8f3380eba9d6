"""Plans, draws, scorecards, rates and appeals through the verbs on both databases."""

import datetime as dt
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.audits import appeals, queries, rate_queries, sampling, scorecards, service
from app.audits.criteria import criteria_for, month_bounds
from app.audits.models import AppealState, AuditPlan, MonthlyRate, Sample, SampleState
from app.audits.scorecards import Scored
from app.audits.scoring import Answer
from app.core import activity, clock
from app.core.access import SYSTEM
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused, Stale
from app.evidence.models import Ticket
from app.people import service as people
from app.standards.store_access import store
from app.standards.verification import open_clone
from tests import story
from tests.audit_cases import (
    IN_OCTOBER,
    MONTH,
    TEAMS,
    answers,
    bring,
    given_drawn,
    given_plan,
    given_scored,
    recount,
    standard_id,
)
from tests.house_fixtures import House


def tickets_of(samples: list[Sample]) -> list[Ticket]:
    return [queries.ticket_of(s) for s in samples]


# Plan and draw


def test_a_plan_names_each_fault_and_there_is_one_a_month(house: House, tmp_path: Path) -> None:
    auditor = house.actor("auditor")
    with pytest.raises(Invalid) as caught:
        service.make_plan(auditor, month="2026-13", standard_ids=[], sample_size=0, seed=" ")
    assert [e.field for e in caught.value.errors] == ["month", "standards", "sample_size", "seed"]
    plan = given_plan(house, tmp_path)
    with pytest.raises(Refused):
        service.make_plan(auditor, month=plan.month, standard_ids=[1], sample_size=5, seed="x")
    with pytest.raises(NotAllowed):
        service.make_plan(house.actor("agent"), month="2026-08", standard_ids=[1], sample_size=5, seed="x")


def test_a_draw_happens_once_and_anybody_can_repeat_it(house: House, tmp_path: Path) -> None:
    plan, drawn = given_drawn(house, tmp_path)
    assert len(drawn) == 20 and plan.population == 60
    assert plan.strata == [["east", 45, 15], ["north", 15, 5]]
    by_region: dict[str, list[str]] = {}
    for ticket in db.session.scalars(sa.select(Ticket)):
        by_region.setdefault(ticket.region or "-", []).append(str(ticket.id))
    again = sampling.draw("7f3a", by_region, 20)
    assert again.digest == plan.order_sha256
    assert [str(s.ticket_id) for s in drawn] == list(again.sample)
    assert [s.id for s in service.draw(house.actor("auditor"), plan)] == [s.id for s in drawn]
    copy = open_clone(store().path)
    record = json.loads(copy.read_file(copy.head("refs/heads/records"), f"draws/{MONTH}.json"))
    copy.close()
    assert record["order_sha256"] == plan.order_sha256 and record["seed"] == "7f3a"
    assert activity.verify_chain() == []


def test_a_small_population_is_taken_whole_and_an_empty_month_is_refused(
    house: House, tmp_path: Path
) -> None:
    plan, drawn = given_drawn(house, tmp_path, size=100, count=8)
    assert len(drawn) == plan.population == 8
    empty = service.make_plan(
        house.actor("auditor"), month="2026-08", standard_ids=[standard_id()], sample_size=5, seed="x"
    )
    with pytest.raises(Refused):
        service.draw(house.actor("auditor"), empty)


def test_only_the_planned_channels_and_regions_are_drawn(house: House, tmp_path: Path) -> None:
    standard = story.given_standard()
    bring(tmp_path)
    auditor = house.actor("auditor")
    plan = service.make_plan(
        auditor,
        month=MONTH,
        standard_ids=[standard.id],
        sample_size=10,
        seed="s",
        channels=["web"],
        regions=["north"],
    )
    drawn = tickets_of(service.draw(auditor, plan))
    assert {(t.channel.value, t.region) for t in drawn} == {("web", "north")}


def test_nobody_gets_the_own_team_and_nobody_may_check_it(house: House, tmp_path: Path) -> None:
    people.grant_role(SYSTEM, house.person("lead").id, service.Role.QA_AUDITOR)  # of the east
    db.session.commit()
    plan, drawn = given_drawn(house, tmp_path)
    lead, auditor = house.person("lead").id, house.person("auditor").id
    for sample, ticket in zip(drawn, tickets_of(drawn), strict=True):
        assert sample.auditor_id == auditor if ticket.team == TEAMS["east"] else True
    assert lead in {s.auditor_id for s in drawn}
    east = next(s for s, t in zip(drawn, tickets_of(drawn), strict=True) if t.team == TEAMS["east"])
    with pytest.raises(NotAllowed):
        scorecards.score(house.actor("lead"), east, answers(east, plan))


def test_a_swap_takes_the_next_of_the_drawn_order(house: House, tmp_path: Path) -> None:
    plan, drawn = given_drawn(house, tmp_path)
    auditor = house.actor("auditor")
    with pytest.raises(Invalid):
        service.swap(auditor, drawn[0], reason="  ")
    fresh = service.swap(auditor, drawn[0], reason="对话没有录全")
    reserve = queries.samples(plan.id, SampleState.RESERVE)
    assert fresh.stratum == drawn[0].stratum
    assert all(fresh.place < r.place for r in reserve if r.stratum == fresh.stratum)
    assert drawn[0].state is SampleState.SWAPPED and fresh.state is SampleState.WAITING
    assert queries.counts(plan.id)[SampleState.WAITING] == 20
    with pytest.raises(Refused):
        service.swap(auditor, drawn[0], reason="还是不行")


def test_a_reserve_ends(house: House, tmp_path: Path) -> None:
    _plan, drawn = given_drawn(house, tmp_path, size=100, count=8)
    with pytest.raises(Refused):
        service.swap(house.actor("auditor"), drawn[0], reason="对话没有录全")


# Scorecards


def test_the_text_of_the_contacts_day_is_asked_with_what_was_measured(house: House, tmp_path: Path) -> None:
    plan, drawn = given_drawn(house, tmp_path)
    late = next(s for s, t in zip(drawn, tickets_of(drawn), strict=True) if t.first_reply_minutes == 1570)
    criteria = {c.clause_id: c for c in criteria_for(queries.ticket_of(late), plan.standard_ids)}
    asked = criteria["c07"]
    assert [(m.value, m.minutes, m.is_kept) for m in asked.measured] == [
        (pytest.approx(26.17, abs=0.01), 1570, False)
    ]
    assert "24 小时" in asked.body_zh and 1 <= len(criteria) <= 8
    revision, publication = story.given_published(house)
    with clock.frozen(IN_OCTOBER):
        still = {c.clause_id: c for c in criteria_for(queries.ticket_of(late), plan.standard_ids)}
    assert still["c07"].clause_hash == asked.clause_hash
    ticket = queries.ticket_of(late)
    ticket.created_at = publication.effective_at + dt.timedelta(days=1)
    fresh = {c.clause_id: c for c in criteria_for(ticket, plan.standard_ids)}
    assert "12 小时" in fresh["c07"].body_zh and fresh["c07"].clause_hash != asked.clause_hash
    db.session.rollback()
    assert revision.number


def test_a_contact_in_a_pilot_is_asked_for_the_pilots_text(house: House, tmp_path: Path) -> None:
    plan, drawn = given_drawn(house, tmp_path)
    story.given_piloting(house)
    pairs = list(zip(drawn, tickets_of(drawn), strict=True))
    for region, hours, is_pilot in (("east", "12 小时", True), ("north", "24 小时", False)):
        ticket = next(t for _s, t in pairs if t.region == region)
        asked = {c.clause_id: c for c in criteria_for(ticket, plan.standard_ids)}["c07"]
        assert hours in asked.body_zh and asked.is_pilot is is_pilot
        assert [m.is_kept for m in asked.measured] == [ticket.first_reply_minutes <= float(hours[:2]) * 60]


def test_a_card_says_what_is_missing_and_is_kept_once(house: House, tmp_path: Path) -> None:
    plan, drawn = given_drawn(house, tmp_path)
    auditor, sample = house.actor("auditor"), drawn[0]
    full = answers(sample, plan)
    with pytest.raises(Invalid) as caught:
        scorecards.score(auditor, sample, full[1:])
    assert [e.field for e in caught.value.errors] == [f"answer-{full[0].key}"]
    bare = [Scored(full[0].key, full[0].clause_hash, Answer.NOT_MET, " "), *full[1:]]
    with pytest.raises(Invalid) as caught:
        scorecards.score(auditor, sample, bare)
    assert [e.field for e in caught.value.errors] == [f"note-{full[0].key}"]
    with pytest.raises(Stale):
        scorecards.score(auditor, sample, [Scored(full[0].key, "0" * 64, Answer.MET), *full[1:]])
    kept = scorecards.score(auditor, sample, full)
    again = scorecards.score(auditor, sample, full)
    assert again.id == kept.id and len(again.lines) == len(full)
    people.grant_role(SYSTEM, house.person("colleague").id, service.Role.QA_AUDITOR)
    db.session.commit()
    with pytest.raises(Refused):
        scorecards.score(house.actor("colleague"), sample, full)
    assert {line.clause_hash for line in sample.lines} == {line.clause_hash for line in full}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MonthlyRate)) == len(full)


def test_a_critical_clause_fails_the_contact(house: House, tmp_path: Path) -> None:
    plan, drawn = given_drawn(house, tmp_path)
    sample = drawn[0]
    scorecards.score(house.actor("auditor"), sample, answers(sample, plan))
    sample.lines[0].is_critical, sample.lines[0].answer = True, Answer.NOT_MET
    scorecards.count(sample)
    assert sample.is_failed and sample.points == 0


def test_rates_kept_by_the_writer_equal_a_recount(house: House, tmp_path: Path) -> None:
    _plan, scored = given_scored(house, tmp_path)
    rates = {key: (r.kept, r.checked) for key, r in rate_queries.clause_rates(MONTH).items()}
    assert rates == recount(MONTH)
    late = sum(t.first_reply_minutes == 1570 for t in tickets_of(scored))
    assert rates[(standard_id(), "c07")] == (20 - late, 20)
    whole = rate_queries.whole_rates(MONTH)[MONTH]
    assert whole.checked == 20 and whole.kept <= 20 - late
    teams = {code: found for code, _team, found in rate_queries.team_rates(MONTH)}
    assert set(teams) == set(TEAMS.values()) and sum(r.checked for r in teams.values()) == sum(
        n for _k, n in rates.values()
    )


# Appeals


def finding(house: House, tmp_path: Path) -> tuple[AuditPlan, Sample]:
    plan, scored = given_scored(house, tmp_path)
    for sample in scored:
        ticket = queries.ticket_of(sample)
        if ticket.agent == "ag-agent" and ticket.first_reply_minutes == 1570:
            return plan, sample
    raise AssertionError("no late contact was drawn")


@pytest.mark.parametrize(
    ("state", "answer", "kept", "checked"),
    [
        (AppealState.ACCEPTED, Answer.MET, 1, 0),
        (AppealState.PARTLY, Answer.NOT_APPLICABLE, 0, -1),
        (AppealState.REJECTED, Answer.NOT_MET, 0, 0),
    ],
)
def test_a_second_auditor_decides_and_the_rates_follow(
    house: House, tmp_path: Path, state: AppealState, answer: Answer, kept: int, checked: int
) -> None:
    _plan, sample = finding(house, tmp_path)
    people.grant_role(SYSTEM, house.person("colleague").id, service.Role.QA_AUDITOR)
    db.session.commit()
    line = next(x for x in sample.lines if x.clause_id == "c07")
    before = recount(MONTH)[(standard_id(), "c07")]
    points = sample.points
    with clock.frozen(IN_OCTOBER):
        with pytest.raises(NotAllowed):
            appeals.appeal(house.actor("agent2"), line, reason="不是我的")
        with pytest.raises(Invalid):
            appeals.appeal(house.actor("agent"), line, reason=" ")
        row = appeals.appeal(house.actor("agent"), line, reason="系统故障，回复在另一个会话里")
        assert appeals.appeal(house.actor("agent"), line, reason="再说一次").id == row.id
        assert row.due_on == dt.date(2026, 10, 15)  # Saturday the 10th is a make-up working day
        with pytest.raises(NotAllowed):
            appeals.decide_appeal(house.actor("auditor"), row, state=state, decision="我查过了")
        with pytest.raises(Invalid) as caught:
            appeals.decide_appeal(house.actor("colleague"), row, state=AppealState.OPEN, decision="")
        assert [e.field for e in caught.value.errors] == ["state", "decision"]
        appeals.decide_appeal(house.actor("colleague"), row, state=state, decision="另一个会话里确有回复")
        with pytest.raises(Refused):
            appeals.decide_appeal(house.actor("colleague"), row, state=state, decision="再来")
        db.session.commit()
    assert line.answer is answer
    after = recount(MONTH)[(standard_id(), "c07")]
    assert after == (before[0] + kept, before[1] + checked)
    assert {k: (r.kept, r.checked) for k, r in rate_queries.clause_rates(MONTH).items()} == recount(MONTH)
    assert (sample.points == points) is (state is AppealState.REJECTED)


def test_an_appeal_comes_within_five_working_days(house: House, tmp_path: Path) -> None:
    _plan, sample = finding(house, tmp_path)
    line = next(x for x in sample.lines if x.clause_id == "c07")
    met = next(x for x in sample.lines if x.answer is Answer.MET)
    with clock.frozen(IN_OCTOBER), pytest.raises(Refused):
        appeals.appeal(house.actor("agent"), met, reason="多谢")
    with clock.frozen(IN_OCTOBER + dt.timedelta(days=14)), pytest.raises(Refused):
        appeals.appeal(house.actor("agent"), line, reason="太晚了")


def test_months_begin_and_end_where_the_calendar_says() -> None:
    assert month_bounds("2026-12") == (dt.date(2026, 12, 1), dt.date(2026, 12, 31))
    assert month_bounds("2028-02") == (dt.date(2028, 2, 1), dt.date(2028, 2, 29))
    assert service.report_month(dt.date(2026, 1, 31)) == "2025-12"
