"""The whole loop as verbs, on real input: from imported tickets to a sealed dossier that Git alone verifies."""

import datetime as dt
import hashlib
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.archive import bundle, evaluation
from app.archive import queries as archive_queries
from app.archive import service as archive
from app.audits import criteria, rate_queries, scorecards
from app.audits import queries as audits_queries
from app.audits import service as audits
from app.audits.scorecards import Scored
from app.audits.scoring import Answer
from app.core import activity, clock, clock_job, jobs
from app.core.access import SYSTEM
from app.core.db import db
from app.evidence import importing
from app.evidence import queries as evidence_queries
from app.evidence import service as evidence
from app.evidence.models import EvidenceKind, Ticket
from app.pilots import jobs as pilots_jobs
from app.pilots import queries as pilots_queries
from app.pilots import service as pilots
from app.proposals import panel
from app.standards import library, queries
from app.standards.models import Revision
from app.standards.store_access import store
from app.standards.workflow import State
from app.training import queries as training_queries
from app.training import service as training
from tests import story
from tests.audit_cases import recount
from tests.house_fixtures import MONDAY, House

EXPORTS = (
    ("zendesk-tables", "zendesk-csv", 10),
    ("jira-rest", "jira-rest", 11),
    ("freshdesk", "freshdesk-v2", 1),
)
LONG_AGO = dt.date(2011, 1, 1)


@pytest.mark.samples
@pytest.mark.timeout(300)
def test_one_revision_walks_the_whole_loop_on_real_input(house: House, samples: Path, tmp_path: Path) -> None:
    with clock.frozen(MONDAY - dt.timedelta(days=30)):
        for code in ("cs-01", "cs-04"):
            languages = {x: (story.STARTER / code / f"{x}.md").read_text("utf-8") for x in ("zh", "en")}
            library.import_standard(SYSTEM, languages, effective_on=LONG_AGO)
    _import_real_tickets(house, samples)
    revision = _propose_on_evidence(house)
    revision = _draft_and_sign(house, revision)
    revision = _pilot(house, revision)
    revision_id = revision.id  # the clock job ends its sessions: rows are read again by their id
    publication_at = _publish(house, revision)
    _acknowledge(house, revision_id)
    with clock.frozen(publication_at + dt.timedelta(days=1)):
        _score_a_real_contact(house)
    with clock.frozen(publication_at + dt.timedelta(days=91)):
        _evaluate_and_seal(house, revision_id)
        _verify_with_git_alone(house, revision_id, tmp_path)


def _import_real_tickets(house: House, samples: Path) -> None:
    for mapping, folder, count in EXPORTS:
        row = importing.import_tickets(house.actor("director"), mapping, samples / "tickets" / folder)
        db.session.commit()
        assert (row.created_count, row.refused_count) == (count, 0), row.refused
        again = importing.import_tickets(house.actor("director"), mapping, samples / "tickets" / folder)
        db.session.commit()
        assert (again.created_count, again.updated_count) == (0, 0)
    texts = " ".join(
        db.session.scalars(sa.select(Ticket.text)).all() + db.session.scalars(sa.select(Ticket.subject)).all()
    )
    assert "@example" not in texts, "an address was stored unmasked"
    house.run_jobs()


def _propose_on_evidence(house: House) -> Revision:
    revision = story.given_draft(house)
    ticket = db.session.scalar(sa.select(Ticket).order_by(Ticket.id).limit(1))
    assert ticket is not None
    evidence.attach_evidence(
        house.actor("director"), revision, EvidenceKind.TICKETS, "source=zendesk", "投诉工单，已脱敏"
    )
    story.proposals.propose(house.actor("director"), revision)
    story.proposals.open_scoring(house.actor("director"), revision)
    for name in ("lawyer", "engineer", "seller"):
        panel.score(house.actor(name), revision, impact=4, cost=2, urgency=4, reasons={})
    panel.confirm_rank(house.actor("chair"), revision)
    panel.accept(house.actor("chair"), revision, drafter_id=house.person("drafter").id)
    db.session.commit()
    assert revision.state is State.DRAFTING
    assert len(evidence_queries.evidence_of(revision.id)) == 2
    return revision


def _draft_and_sign(house: House, revision: Revision) -> Revision:
    story.redraft(house, revision)
    drafter = house.actor("drafter")
    version = story.texts.freeze(drafter, revision, why="submit")
    story.lifecycle.perform(revision, story.Attempt(story.Move.SUBMIT, drafter), text_version=version)
    house.run_jobs()
    for kind in story.reviews_queries.standing(revision):
        story.sign(house, revision, kind)
    db.session.commit()
    assert all(field.is_fresh for field in story.reviews_queries.standing(revision).values())
    assert {s.kind.value for s in story.reviews_queries.sign_offs(revision.id)} == {"legal", "business", "it"}
    return revision


def _pilot(house: House, revision: Revision) -> Revision:
    story.given_pilot_planned(house, revision)
    pilot = pilots.start(house.actor("director"), revision)
    house.run_jobs()
    with clock.frozen(clock.start_of(pilot.ends_on) + dt.timedelta(days=1, hours=3)):
        pilots_jobs.compute_pilot(pilot.id)
        result = pilots_queries.newest_result(pilot.id)
        assert result is not None and result.verdict == "not_enough_data", (
            "22 tickets prove nothing, and it says so"
        )
        pilots.conclude(
            house.actor("director"), revision, "adopt", reason="样本太少，按同业经验采用，发布后看效果"
        )
        house.run_jobs()
    db.session.refresh(revision)
    assert revision.state is State.READY and pilot.plan_sha256 and pilot.record_commit
    return revision


def _publish(house: House, revision: Revision) -> dt.datetime:
    with clock.frozen(MONDAY + dt.timedelta(days=30)):
        story.plan_publication(house, revision)
        story.publishing.schedule(house.actor("director"), revision, op_key="spine")
        db.session.commit()
        over = story.after_undo_window(revision)
    with clock.frozen(over):
        house.run_jobs()
    publication = story.publishing_queries.publication_of(revision.id)
    assert publication is not None, story._failed_jobs()
    before = queries.in_force(
        revision.standard_id, publication.effective_at - dt.timedelta(seconds=1)
    ).binding("c07")
    after = queries.in_force(revision.standard_id, publication.effective_at).binding("c07")
    assert before is not None and after is not None and before.clause_hash != after.clause_hash
    revision_id, effective_at = revision.id, publication.effective_at
    with clock.frozen(effective_at):
        clock_job.tick()
    assert db.session.get_one(Revision, revision_id).state is State.IN_FORCE
    return effective_at


def _acknowledge(house: House, revision_id: int) -> None:
    standard = db.session.get_one(Revision, revision_id).standard
    person = house.person("agent")
    needed = training_queries.needed(person, house.actor("agent"), standard.id)
    assert [d.clause_id for d in needed] == ["c07"], "only what changed for the role"
    question = training_queries.question_for(standard.id, [d.pair for d in needed])
    training.acknowledge(
        house.actor("agent"),
        standard,
        shown=[d.pair for d in needed],
        question_id=question.id if question else None,
        chosen=question.right if question else None,
    )
    db.session.commit()
    assert training_queries.needed(person, house.actor("agent"), standard.id) == ()


def _score_a_real_contact(house: House) -> None:
    contact = db.session.scalar(sa.select(Ticket).where(sa.not_(Ticket.deleted)).order_by(Ticket.id).limit(1))
    assert contact is not None
    plan = audits.make_plan(
        house.actor("auditor"),
        month=f"{contact.created_on:%Y-%m}",
        standard_ids=[s.id for s in queries.standards()],
        sample_size=1,
        seed="spine",
    )
    (sample,) = audits.draw(house.actor("auditor"), plan)
    asked = criteria.criteria_for(audits_queries.ticket_of(sample), plan.standard_ids)
    assert asked, "some clause binds every contact"
    assert all(c.version.effective_at <= contact.created_at for c in asked), "never today's text"
    lines = [Scored(c.key, c.clause_hash, Answer.MET) for c in asked]
    scorecards.score(house.actor("auditor"), sample, lines)
    db.session.commit()
    rates = rate_queries.clause_rates(plan.month)
    assert {k: (r.kept, r.checked) for k, r in rates.items()} == recount(plan.month)
    house.run_jobs()


def _evaluate_and_seal(house: House, revision_id: int) -> None:
    evaluation.evaluate_due()
    assert [e.days for e in archive_queries.effects(revision_id)] == [30, 60, 90]
    archive.seal(
        house.actor("auditor"), db.session.get_one(Revision, revision_id), keep="小步试", change="多取样本"
    )
    house.run_jobs()
    jobs.enqueue("anchor_log")
    house.run_jobs()
    assert activity.verify_chain() == []
    assert jobs.counts().get("failed", 0) == 0, story._failed_jobs()


def _verify_with_git_alone(house: House, revision_id: int, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(store().path), str(clone)], check=True, capture_output=True)
    said = subprocess.run(["sh", str(bundle.VERIFY), str(clone)], check=False, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
    dossier = archive_queries.dossier(revision_id)
    assert dossier is not None and dossier.record_commit
    number = db.session.get_one(Revision, revision_id).number
    record = subprocess.run(
        ["git", "-C", str(clone), "show", f"origin/records:dossiers/{number}.json"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    sums = json.loads(record)["files"]
    with zipfile.ZipFile(bundle.path_of(number)) as files:
        found = {n: hashlib.sha256(files.read(n)).hexdigest() for n in files.namelist() if n != "SHA256SUMS"}
    assert found == sums, "the sealed files are those the records name"
    for name in ("李明", "王芳", "drafter@"):
        assert name not in record
