"""What evidence and proposals give to desk, revision page, standard page and dossier."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import render_template

from app.core import clock, clock_job, jobs
from app.core.access import VISITOR
from app.core.db import db
from app.evidence import contributions as evidence_gives
from app.evidence import jobs as evidence_jobs
from app.evidence import service as evidence_service
from app.evidence.models import EvidenceKind, SuggestionState
from app.proposals import contributions as proposals_gives
from app.proposals import service
from app.standards import queries as standards_queries
from tests.house_fixtures import MONDAY, House
from tests.proposal_cases import law, make_issue, make_proposal, make_scoring


@pytest.fixture(autouse=True)
def _law(sqlite_house: House) -> Iterator[None]:
    with law(), sqlite_house.app.test_request_context("/?lang=en"):
        yield


def kinds(house: House, who: str, gives=proposals_gives) -> list[str]:
    return [task.kind for task in gives.tasks(house.actor(who))]


def test_each_waits_for_what_is_theirs(sqlite_house: House) -> None:
    draft = make_proposal(sqlite_house, "agent")
    assert kinds(sqlite_house, "agent") == ["proposal"]
    service.propose(sqlite_house.actor("agent"), draft)
    assert (kinds(sqlite_house, "agent"), kinds(sqlite_house, "director")) == ([], ["triage"])
    service.open_scoring(sqlite_house.actor("director"), draft)
    assert kinds(sqlite_house, "lawyer") == ["score"] and kinds(sqlite_house, "chair") == []
    for who in ("lawyer", "engineer", "seller"):
        service.score(sqlite_house.actor(who), draft, impact=4, cost=2, urgency=3)
    assert kinds(sqlite_house, "lawyer") == [] and kinds(sqlite_house, "chair") == ["rank"]


def test_deadlines_are_working_days(sqlite_house: House) -> None:
    make_scoring(sqlite_house)
    task = next(iter(proposals_gives.tasks(sqlite_house.actor("lawyer"))))
    assert task.due == clock.at(dt.date(2026, 9, 14), 18)


def test_a_suggestion_waits_five_working_days_and_an_issue_while_it_rises(
    sqlite_house: House, tmp_path: Path
) -> None:
    make_issue(tmp_path)
    row = evidence_service.receive_suggestion(VISITOR, text="周末也答复", language="zh", network="192.0.2.1")
    tasks = list(evidence_gives.tasks(sqlite_house.actor("director")))
    suggestion = next(task for task in tasks if task.kind == "suggestion")
    assert suggestion.due == clock.at(dt.date(2026, 9, 14), 18) and row.ref in suggestion.url
    assert list(evidence_gives.tasks(sqlite_house.actor("lawyer"))) == []


def test_complaints_stand_beside_their_clause_and_open_for_readers_only(
    sqlite_house: House, tmp_path: Path
) -> None:
    issue = make_issue(tmp_path)
    standard = standards_queries.standard("cs-04")
    for who, opens in (("director", True), ("agent", False)):
        note = next(iter(evidence_gives.clause_notes(standard, sqlite_house.actor(who))))
        assert (note.clause_id, "18" in note.words, note.url is not None) == (issue.clause_id, True, opens)


def test_whom_a_proposal_waits_for_is_named(sqlite_house: House) -> None:
    revision = make_proposal(sqlite_house)
    service.propose(sqlite_house.actor("director"), revision)
    assert "service director" in next(iter(proposals_gives.waiting(revision))).words
    service.open_scoring(sqlite_house.actor("director"), revision)
    assert "Zhao" in next(iter(proposals_gives.waiting(revision))).words
    for who in ("lawyer", "engineer", "seller", "operator"):
        service.score(sqlite_house.actor(who), revision, impact=4, cost=2, urgency=3)
    assert "chair" in next(iter(proposals_gives.waiting(revision))).words


def test_the_scoring_block_hides_means_from_who_still_owes_a_card(sqlite_house: House) -> None:
    revision = make_scoring(sqlite_house)
    service.score(sqlite_house.actor("lawyer"), revision, impact=4, cost=2, urgency=3)
    seen = {
        who: bool(
            next(
                b for b in proposals_gives.blocks(revision, sqlite_house.actor(who)) if b.stage == 2
            ).context["means"]
        )
        for who in ("lawyer", "engineer", "drafter", "chair")
    }
    assert seen == {"lawyer": True, "engineer": False, "drafter": False, "chair": True}


def test_the_dossier_holds_data_basis_and_disagreement(sqlite_house: House, tmp_path: Path) -> None:
    issue = make_issue(tmp_path)
    revision = make_proposal(sqlite_house)
    evidence_service.attach_evidence(
        sqlite_house.actor("director"), revision, EvidenceKind.ISSUE, issue.number
    )
    service.propose(sqlite_house.actor("director"), revision)
    service.open_scoring(sqlite_house.actor("director"), revision)
    for who, impact in (("lawyer", 5), ("engineer", 2), ("seller", 4)):
        reasons = {"impact": "=SUM(1)"} if impact == 5 else {}
        service.score(sqlite_house.actor(who), revision, impact=impact, cost=2, urgency=3, reasons=reasons)
    service.confirm_rank(sqlite_house.actor("chair"), revision)
    basis, scores = (
        next(iter(evidence_gives.dossier(revision))),
        next(iter(proposals_gives.dossier(revision))),
    )
    shown = render_template(basis.template, **basis.context) + render_template(
        scores.template, **scores.context
    )
    for words in (
        "E-1001",
        "九月投诉周报",
        "0 of 18 contacts",
        "talked about first: Impact",
        "Confirmed rank: 1 of 1",
    ):
        assert words in shown, words
    assert len(scores.tables["score_cards"][1]) == 3 and basis.tables["evidence"][1]


def test_a_suggestion_is_answered_when_its_revision_comes_into_force(
    sqlite_house: House, tmp_path: Path
) -> None:
    make_issue(tmp_path)
    row = evidence_service.receive_suggestion(
        VISITOR, text="答复快一点", language="zh", standard_code="cs-04", clause_id="c07", network="192.0.2.1"
    )
    revision = make_proposal(sqlite_house)
    evidence_service.link_suggestion(sqlite_house.actor("director"), row, revision)
    service.propose(sqlite_house.actor("director"), revision)
    assert row.state is SuggestionState.LINKED
    service.decline(sqlite_house.actor("director"), revision, reason="成本高")
    assert row.state is SuggestionState.RECEIVED and row.revision_id is None


def test_the_night_groups_once(sqlite_house: House) -> None:
    clock_job.wire({"group_nightly": evidence_jobs.group_nightly})
    for hours in (-9, 0, 1, 24):  # one o'clock at night, ten, eleven, and the next day
        with clock.frozen(MONDAY + dt.timedelta(hours=hours)):
            clock_job.tick()
    keys = list(db.session.scalars(sa.select(jobs.Job.key).where(jobs.Job.name == "group_complaints")))
    assert keys == ["group-complaints:2026-09-07", "group-complaints:2026-09-08"]
