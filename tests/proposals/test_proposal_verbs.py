"""Proposing, triage, merging, blind scoring and the chair's rank, through the verbs on both databases."""

import datetime as dt
from collections.abc import Iterator

import pytest

from app.core import activity, clock
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused, Stale
from app.evidence import queries as evidence_queries
from app.evidence import service as evidence_service
from app.evidence.models import EvidenceKind, IssueState
from app.proposals import queries, service
from app.proposals.models import CreditKind
from app.proposals.scoring import Skip
from app.standards import lifecycle
from app.standards import queries as standards_queries
from app.standards.models import ClauseLock, Revision
from app.standards.workflow import Move, State
from tests.house_fixtures import MONDAY, House
from tests.proposal_cases import law, make_issue, make_proposal, make_scoring


@pytest.fixture(autouse=True)
def _law() -> Iterator[None]:
    with law():
        yield


def keys(refusal: pytest.ExceptionInfo) -> list[str]:
    return [reason.key for reason in refusal.value.reasons]


def holder_of(revision: Revision, clause_id: str) -> int | None:
    """Returns the row id of the revision that holds a clause of this one's standard, None when it is free."""
    lock = db.session.get(ClauseLock, (revision.standard_id, clause_id))
    return lock.revision_id if lock else None


# Proposing


def test_a_proposal_holds_its_clauses_once_submitted(house: House) -> None:
    revision = make_proposal(house)
    assert revision.state is State.DRAFT and db.session.query(ClauseLock).count() == 0
    service.propose(house.actor("director"), revision, seen=State.DRAFT)
    assert revision.state is State.PROPOSED
    assert holder_of(revision, "c07") == revision.id
    assert activity.verify_chain() == []
    db.session.commit()


def test_what_is_missing_is_all_named(house: House) -> None:
    revision = make_proposal(house, clauses=(), problem=" ")
    revision.source = None
    with pytest.raises(Refused) as refusal:
        service.propose(house.actor("director"), revision)
    assert keys(refusal) == ["proposal.problem_missing", "proposal.source_missing", "proposal.clause_missing"]


def test_only_the_proposer_writes_and_submits(sqlite_house: House) -> None:
    revision = make_proposal(sqlite_house, "agent")
    for who in ("director", "agent2", "admin"):
        with pytest.raises(NotAllowed):
            service.update_proposal(sqlite_house.actor(who), revision, problem="x")
        with pytest.raises((NotAllowed, Refused)):
            service.propose(sqlite_house.actor(who), revision)
    service.propose(sqlite_house.actor("agent"), revision)
    with pytest.raises(Stale):
        service.update_proposal(sqlite_house.actor("agent"), revision, problem="x")


def test_a_form_sent_twice_makes_one_draft(house: House) -> None:
    assert make_proposal(house).id == make_proposal(house).id
    with clock.frozen(MONDAY + dt.timedelta(minutes=11)):
        assert make_proposal(house).id != queries.drafts_of(house.actor("director"))[-1].id
    db.session.commit()


@pytest.mark.parametrize("title", ["", "  \u200b", "x" * 61, "a\u202eb"])
def test_a_title_that_cannot_stand_is_refused(sqlite_house: House, title: str) -> None:
    with pytest.raises(Invalid):
        make_proposal(sqlite_house, title=title)


def test_a_similar_open_revision_must_be_seen(house: House) -> None:
    service.propose(house.actor("director"), make_proposal(house))
    second = make_proposal(house, "agent", ("c08",))
    with pytest.raises(Refused) as refusal:
        service.propose(house.actor("agent"), second)
    assert keys(refusal) == ["proposal.similar_open"]
    service.update_proposal(house.actor("agent"), second, duplicates_seen=True)
    service.propose(house.actor("agent"), second)
    db.session.commit()


def test_a_clause_is_in_one_open_revision_at_a_time(house: House) -> None:
    service.propose(house.actor("director"), make_proposal(house))
    second = make_proposal(house, "agent", title="别的说法")
    service.update_proposal(house.actor("agent"), second, duplicates_seen=True)
    with pytest.raises(Refused) as refusal:
        service.propose(house.actor("agent"), second)
    assert keys(refusal) == ["revision.clause_taken"]


def test_evidence_goes_to_the_running_revision_with_the_credit(house: House) -> None:
    first = make_proposal(house)
    service.propose(house.actor("director"), first)
    second = make_proposal(house, "agent", title="退货没人理")
    assert service.give_evidence(house.actor("agent"), second, first) == 2
    assert second.state is State.WITHDRAWN and second.merged_into_id == first.id
    assert len(evidence_queries.evidence_of(first.id)) == 3
    credit = queries.credited_people(first.id)
    assert [(p.id, c.kind) for c, p in credit] == [(house.person("agent").id, CreditKind.EVIDENCE)]
    db.session.commit()


# Triage


def test_scoring_opens_with_evidence_and_benefit_only(house: House) -> None:
    revision = make_proposal(house, benefit="")
    service.propose(house.actor("director"), revision)
    with pytest.raises(Refused) as refusal:
        service.open_scoring(house.actor("director"), revision)
    assert keys(refusal) == ["proposal.benefit_missing"]
    for link in evidence_queries.evidence_of(revision.id):
        db.session.delete(link)
    db.session.flush()
    with pytest.raises(Refused) as refusal:
        service.open_scoring(house.actor("director"), revision)
    assert keys(refusal) == ["proposal.evidence_missing", "proposal.benefit_missing"]


def test_the_last_day_for_cards_counts_working_days(house: House) -> None:
    with clock.frozen(
        dt.datetime(2026, 9, 28, 2, 0, tzinfo=dt.UTC)
    ):  # the Monday before the National Day week
        revision = make_scoring(house)
        row = queries.scoring_of(revision.id)
        assert row is not None and row.due_on == dt.date(2026, 10, 10)  # a Saturday worked in exchange
    db.session.commit()


@pytest.mark.parametrize("who", ["drafter", "agent", "admin", "chair"])
def test_only_the_director_opens_the_scoring(sqlite_house: House, who: str) -> None:
    revision = make_proposal(sqlite_house)
    service.propose(sqlite_house.actor("director"), revision)
    with pytest.raises(NotAllowed):
        service.open_scoring(sqlite_house.actor(who), revision)


def test_declining_needs_a_reason_and_frees_clause_and_issue(house: House, tmp_path) -> None:
    issue = make_issue(tmp_path)
    revision = make_proposal(house)
    evidence_service.attach_evidence(house.actor("director"), revision, EvidenceKind.ISSUE, issue.number)
    service.propose(house.actor("director"), revision)
    assert issue.state is IssueState.LINKED
    with pytest.raises(Refused):
        service.decline(house.actor("director"), revision, reason=" ")
    service.decline(house.actor("director"), revision, reason="成本高于收益")
    assert revision.state is State.DECLINED and issue.state is IssueState.OPEN
    assert holder_of(revision, "c07") is None
    db.session.commit()


def test_a_merged_proposal_gives_evidence_and_credit(house: House) -> None:
    first = make_proposal(house, clauses=("c07",))
    service.propose(house.actor("director"), first)
    second = make_proposal(house, "agent", ("c08",), title="完全不同")
    service.update_proposal(house.actor("agent"), second, duplicates_seen=True)
    service.propose(house.actor("agent"), second)
    service.merge_into(house.actor("director"), second, first, reason="同一件事")
    assert (second.state, second.merged_into_id) == (State.DECLINED, first.id)
    moved = [link for link in evidence_queries.evidence_of(first.id) if link.came_from_id == second.id]
    assert len(moved) == 1
    assert [c.kind for c, _p in queries.credited_people(first.id)] == [CreditKind.MERGED_PROPOSAL]
    with pytest.raises(Refused):
        service.merge_into(house.actor("director"), first, first, reason="自己")
    db.session.commit()


def test_a_fast_track_is_scored_afterwards(house: House) -> None:
    revision = make_proposal(house)
    service.propose(house.actor("director"), revision)
    with pytest.raises(NotAllowed):
        service.fast_track(house.actor("chair"), revision, reason="大促")
    service.fast_track(house.actor("director"), revision, reason="大促前必须改")
    assert revision.state is State.DRAFTING and revision.is_fast_track
    assert [r.id for _, r in queries.owed(house.actor("lawyer"))] == [revision.id]
    send(house, "lawyer", revision)
    db.session.commit()


# Scoring


def send(house: House, who: str, revision, impact: int = 4, cost: int = 2, urgency: int = 4, **reasons: str):
    return service.score(
        house.actor(who), revision, impact=impact, cost=cost, urgency=urgency, reasons=reasons
    )


def test_scores_are_blind_until_the_own_card_is_sent(house: House) -> None:
    revision = make_scoring(house)
    send(house, "lawyer", revision)
    for who, seen in (("lawyer", True), ("engineer", False), ("drafter", False), ("chair", True)):
        actor = house.actor(who)
        assert queries.may_see(actor, queries.card_of(revision.id, actor.person_id), False) is seen, who
    for line in db.session.query(activity.ActivityLine):
        assert "impact" not in line.line and '"4"' not in line.line
    db.session.commit()


@pytest.mark.parametrize(
    ("answers", "reasons", "fields"),
    [
        ({"impact": None, "cost": 2, "urgency": 3}, {}, ["impact"]),
        ({"impact": 6, "cost": 0, "urgency": -1}, {}, ["impact", "cost", "urgency"]),
        ({"impact": 5, "cost": 1, "urgency": 3}, {"impact": " "}, ["reason_impact", "reason_cost"]),
    ],
)
def test_a_card_without_answers_or_reasons_is_refused(
    sqlite_house: House, answers: dict, reasons: dict, fields: list
) -> None:
    revision = make_scoring(sqlite_house)
    with pytest.raises(Invalid) as refusal:
        service.score(sqlite_house.actor("lawyer"), revision, **answers, reasons=reasons)
    assert [e.field for e in refusal.value.errors] == fields


def test_a_card_is_sent_once(house: House) -> None:
    revision = make_scoring(house)
    send(house, "lawyer", revision)
    for again in (
        lambda: send(house, "lawyer", revision),
        lambda: service.skip(house.actor("lawyer"), revision, Skip.CONFLICT),
    ):
        with pytest.raises(Refused) as refusal:
            again()
        assert keys(refusal) == ["score.already_sent"]
    db.session.commit()


@pytest.mark.parametrize("who", ["director", "drafter", "chair", "admin", "stranger"])
def test_only_the_panel_scores(sqlite_house: House, who: str) -> None:
    revision = make_scoring(sqlite_house)
    with pytest.raises(NotAllowed):
        send(sqlite_house, who, revision)


def test_an_assessor_does_not_score_the_own_proposal_and_colleagues_are_flagged(house: House) -> None:
    revision = make_scoring(house, "lawyer")
    with pytest.raises(Refused) as refusal:
        send(house, "lawyer", revision)
    assert keys(refusal) == ["score.own_proposal"]
    assert house.person("lawyer").id not in {p.id for p in queries.panel(revision).members}
    assert send(house, "engineer", revision).is_own_department is False
    other = make_scoring(house, "engineer", clauses=("c09",), title="退款另一个话题")
    assert send(house, "lawyer", other).is_own_department is False
    db.session.commit()


def confirm(house: House, revision, **values):
    return service.confirm_rank(house.actor("chair"), revision, **values)


def test_the_chair_confirms_a_rank_and_accepts(house: House) -> None:
    revision = make_scoring(house)
    chair = house.actor("chair")
    for who in ("lawyer", "engineer"):
        send(house, who, revision)
    with pytest.raises(Refused) as refusal:
        confirm(house, revision)
    assert keys(refusal) == ["score.quorum_missing"]
    send(house, "seller", revision)
    with pytest.raises(Refused) as refusal:
        service.accept(chair, revision)
    assert keys(refusal) == ["score.rank_not_confirmed"]
    decision = confirm(house, revision)
    assert (decision.rank, decision.computed_rank, decision.is_override) == (1, 1, False)
    service.accept(chair, revision, seen=State.SCORING)
    assert revision.state is State.DRAFTING
    assert revision.drafter_id in {house.person("drafter").id, house.person("colleague").id}
    with pytest.raises(Refused):
        send(house, "operator", revision)
    db.session.commit()


def test_another_rank_needs_a_reason_that_stays(house: House) -> None:
    first = make_scoring(house)
    second = make_scoring(house, "agent", clauses=("c12",), title="运费谁来出")
    for who in ("lawyer", "engineer", "seller"):
        send(house, who, first, impact=2, urgency=2)
        send(house, who, second, impact=4, urgency=4)
    with pytest.raises(Invalid):
        confirm(house, first, rank=1)
    with pytest.raises(Invalid):
        confirm(house, first, rank=3, reason="x")
    decision = confirm(house, first, rank=1, reason="大促在即")
    assert decision.is_override and decision.computed_rank == 2 and decision.reason == "大促在即"
    db.session.commit()


def test_without_a_quorum_the_chair_goes_on_after_the_last_day_with_a_note(house: House) -> None:
    revision = make_scoring(house)
    send(house, "lawyer", revision)
    service.skip(house.actor("engineer"), revision, Skip.NOT_MY_FIELD)
    with clock.frozen(MONDAY + dt.timedelta(days=10)):
        with pytest.raises(Invalid):
            confirm(house, revision)
        confirm(house, revision, quorum_note="两位评委休假")
        service.accept(house.actor("chair"), revision)
    assert revision.state is State.DRAFTING
    db.session.commit()


def test_more_time_for_the_panel_is_bounded(sqlite_house: House) -> None:
    revision = make_scoring(sqlite_house)
    chair = sqlite_house.actor("chair")
    row = queries.scoring_of(revision.id)
    assert row is not None
    with pytest.raises(Invalid):
        service.extend_scoring(chair, revision, until=row.due_on)
    service.extend_scoring(chair, revision, until=row.due_on + dt.timedelta(days=3))
    assert row.due_on == dt.date(2026, 9, 17)


def test_weights_change_from_now_on(house: House) -> None:
    chair = house.actor("chair")
    with pytest.raises(Invalid):
        service.change_weights(chair, impact=0.5, urgency=0.5, cost=0.5, reason="x")
    with pytest.raises(NotAllowed):
        service.change_weights(house.actor("director"), impact=0.5, urgency=0.3, cost=0.2, reason="x")
    service.change_weights(chair, impact=0.5, urgency=0.3, cost=0.2, reason="客户优先")
    assert queries.weights().impact == 0.5
    db.session.commit()


def test_a_withdrawn_revision_takes_no_more_cards(house: House) -> None:
    revision = make_scoring(house)
    lifecycle.perform(revision, lifecycle.Attempt(Move.WITHDRAW, house.actor("director"), "不需要了"))
    with pytest.raises(Refused):
        send(house, "lawyer", revision)
    assert queries.owed(house.actor("lawyer")) == []
    assert standards_queries.open_revisions() == []
    db.session.commit()
