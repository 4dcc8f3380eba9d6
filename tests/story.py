"""Brings a revision to any of its stages, by service verbs only: a starter standard, then one step after the other.

Every function does what stands before it as well: `given_signed(house)` is a revision that may be piloted or published.
"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from app.core import clock, jobs
from app.core.access import SYSTEM
from app.core.db import db
from app.evidence import service as evidence_service
from app.evidence.models import EvidenceKind
from app.pilots import service as pilots
from app.pilots.models import Pilot
from app.proposals import service as proposals
from app.publishing import customer_notices
from app.publishing import queries as publishing_queries
from app.publishing import service as publishing
from app.publishing.models import Direction, PublicationPlan, TrainingVerdict
from app.reviews import queries as reviews_queries
from app.reviews import sign_offs
from app.reviews.freshness import Kind
from app.standards import drafting, library, lifecycle, texts
from app.standards import queries as standards
from app.standards.drafting import ClauseText
from app.standards.lifecycle import Attempt
from app.standards.measures import Measure
from app.standards.models import Materiality, NeedSource, Publication, Revision, Standard
from app.standards.workflow import Move
from tests.house_fixtures import House
from tests.snapshots import remembered

STARTER = Path(__file__).resolve().parents[1] / "standards_repo" / "starter"
CLAUSE = "c07"
SIGNERS = {Kind.LEGAL: "lawyer", Kind.BUSINESS: "seller", Kind.IT: "engineer"}
CUSTOMER_NOTICE = {
    "customer_notice_zh": "退换货申请的首次答复由 24 小时缩短到 12 小时。",
    "customer_notice_en": "We answer return requests within 12 hours instead of 24.",
}


def given_standard(code: str = "cs-04") -> Standard:
    """Returns a starter standard as it is in force; it is imported once."""
    if code not in {known.code for known in standards.standards()}:
        languages = {x: (STARTER / code / f"{x}.md").read_text("utf-8") for x in ("zh", "en")}
        library.import_standard(SYSTEM, languages)
    return standards.standard(code)


@remembered
def given_draft(house: House, clauses: tuple[str, ...] = (CLAUSE,), title: str = "首次答复缩短") -> Revision:
    """Returns a complete proposal, not submitted."""
    standard = given_standard()
    director = house.actor("director")
    revision = proposals.start_proposal(
        director,
        standard,
        title=title,
        title_en="Answer return requests within 12 hours",
        clauses=clauses,
        source=NeedSource.COMPLAINTS,
        problem="三成客户等了一天以上",
        benefit="客户当天就知道能不能退",
    )
    evidence_service.attach_evidence(director, revision, EvidenceKind.NOTE, "", "九月投诉周报")
    proposals.update_proposal(director, revision, duplicates_seen=True)
    return _kept(revision)


@remembered
def given_proposed(house: House, **values: object) -> Revision:
    """Returns a submitted proposal."""
    revision = given_draft(house, **values)  # type: ignore[arg-type]
    proposals.propose(house.actor("director"), revision)
    return _kept(revision)


@remembered
def given_scoring(house: House, **values: object) -> Revision:
    """Returns a proposal before the panel."""
    revision = given_proposed(house, **values)
    proposals.open_scoring(house.actor("director"), revision)
    return _kept(revision)


@remembered
def given_accepted(house: House, **values: object) -> Revision:
    """Returns a revision to be drafted by `drafter`; nothing is drafted yet."""
    revision = given_scoring(house, **values)
    for name in ("lawyer", "engineer", "seller"):
        proposals.score(house.actor(name), revision, impact=4, cost=2, urgency=4, reasons={})
    chair = house.actor("chair")
    proposals.confirm_rank(chair, revision)
    proposals.accept(chair, revision, drafter_id=house.person("drafter").id)
    return _kept(revision)


def faster(measures: list[Measure], hours: int = 12) -> list[Measure]:
    """Returns the measures with the first one's value set to so many hours."""
    return [replace(measures[0], value=Decimal(hours)), *measures[1:]]


def redraft(house: House, revision: Revision, clause_id: str = CLAUSE, hours: int = 12) -> None:
    """Drafts the clause with another number of hours in both languages and in its measure."""
    base = standards.published_documents(revision.standard)
    zh, en = base["zh"].clause(clause_id), base["en"].clause(clause_id)
    draft = standards.clause_draft(revision.id, clause_id)
    measures = list(base["zh"].measures_of(clause_id))
    drafting.save_clause(
        house.actor("drafter"),
        revision,
        clause_id,
        ClauseText(
            body_zh=zh.body.replace("在 24 小时内答复", f"在 {hours} 小时内答复"),
            body_en=en.body.replace("answered within 24 hours", f"answered within {hours} hours"),
            measures=faster(measures, hours) if measures else None,
            materiality=Materiality.MATERIAL,
        ),
        seen_version=draft.lock_version if draft else None,
    )
    db.session.flush()


@remembered
def given_drafted(house: House, **values: object) -> Revision:
    """Returns a revision whose clause c07 says 12 instead of 24 hours in both languages."""
    revision = given_accepted(house, **values)
    redraft(house, revision)
    return _kept(revision)


@remembered
def given_in_review(house: House, **values: object) -> Revision:
    """Returns a submitted draft with its text pinned in the store and a round open."""
    revision = given_drafted(house, **values)
    drafter = house.actor("drafter")
    version = texts.freeze(drafter, revision, why="submit")
    lifecycle.perform(revision, Attempt(Move.SUBMIT, drafter), text_version=version)
    house.run_jobs()
    return _kept(revision)


def sign(house: House, revision: Revision, kind: Kind) -> None:
    """Signs what is open in a field, by the first reviewer of it."""
    version = texts.freeze(house.actor(SIGNERS[kind]), revision, why="sign_off")
    house.run_jobs()
    db.session.refresh(version)
    sign_offs.sign_off(
        house.actor(SIGNERS[kind]),
        revision,
        kind,
        text_version=version,
        effort="S" if kind == Kind.IT else None,
        sign_in_age_seconds=60,
    )


@remembered
def given_signed(house: House, **values: object) -> Revision:
    """Returns a revision in review that every required field has signed."""
    revision = given_in_review(house, **values)
    for kind in reviews_queries.standing(revision):
        sign(house, revision, kind)
    return _kept(revision)


def main_measure(revision: Revision, clause_id: str = CLAUSE) -> Measure:
    """Returns the drafted measure of the clause."""
    draft = standards.clause_draft(revision.id, clause_id)
    assert draft is not None
    return Measure.from_data(draft.measures[0])


@remembered
def given_pilot_planned(house: House, revision: Revision | None = None, **values: object) -> Revision:
    """Returns a signed revision with a pilot in the east against the north, four weeks from today."""
    revision = revision or given_signed(house)
    today = clock.today()
    plan: dict[str, object] = {
        "question": "12 小时内能答复吗？",
        "clause_id": CLAUSE,
        "measure": main_measure(revision),
        "smallest_change_points": 5,
        "pilot_scope": {"region": ["east"]},
        "comparison_scope": {"region": ["north"]},
        "starts_on": today,
        "ends_on": today + dt.timedelta(days=27),
        "contact_id": house.person("pilot").id,
    }
    pilots.set_up(house.actor("pilot"), revision, **(plan | values))  # type: ignore[arg-type]
    return _kept(revision)


@remembered
def given_piloting(house: House, **values: object) -> tuple[Revision, Pilot]:
    """Returns a revision whose pilot started today, and the pilot; its plan stands in the store."""
    revision = given_pilot_planned(house, **values)  # type: ignore[arg-type]
    pilot = pilots.start(house.actor("director"), revision)
    house.run_jobs()
    return _kept(revision), pilot


@remembered
def given_ready(house: House, **values: object) -> Revision:
    """Returns a signed revision whose pilot the chair waived, with nothing planned for its publication."""
    revision = given_signed(house, **values)
    lifecycle.perform(revision, Attempt(Move.WAIVE_PILOT, house.actor("chair"), reason="旺季前已在华东试过"))
    return _kept(revision)


def plan_publication(house: House, revision: Revision, **values: object) -> PublicationPlan:
    """Plans the publication completely: 16 days ahead, told to customers, with reading and an expected effect."""
    plan: dict[str, object] = {
        "effective_on": clock.today() + dt.timedelta(days=16),
        "training_verdict": TrainingVerdict.READING,
        "words": CUSTOMER_NOTICE,
    }
    row = publishing.set_plan(house.actor("director"), revision, **(plan | values))  # type: ignore[arg-type]
    if row.notice_edited_at and not row.notice_approved_at:
        customer_notices.approve(
            house.actor("chair"), revision, seen=customer_notices.mark_of(row), numbers_meant=True
        )
    if publishing_queries.hypothesis(revision.id) is None:
        publishing.register_hypothesis(
            house.actor("director"),
            revision,
            clause_id=CLAUSE,
            measure=main_measure(revision),
            direction=Direction.UP,
            smallest_change_points=5,
            statement="12 小时内答复的比例至少升 5 个百分点",
        )
    house.run_jobs()
    return row


@remembered
def given_planned(house: House, **values: object) -> Revision:
    """Returns a revision that lacks nothing to be scheduled."""
    revision = given_ready(house, **values)
    plan_publication(house, revision)
    return _kept(revision)


@remembered
def given_scheduled(house: House, op_key: str = "first", **values: object) -> Revision:
    """Returns a scheduled revision inside its undo window."""
    revision = given_planned(house, **values)
    publishing.schedule(house.actor("director"), revision, op_key=op_key)
    return _kept(revision)


def after_undo_window(revision: Revision) -> dt.datetime:
    """Returns a moment when the undo window is over."""
    assert revision.undo_until is not None
    return revision.undo_until + dt.timedelta(seconds=1)


@remembered
def given_published(house: House, **values: object) -> tuple[Revision, Publication]:
    """Returns a revision whose publication stands in the store, not in force yet, and the publication."""
    revision = given_scheduled(house, **values)
    with clock.frozen(after_undo_window(revision)):
        jobs.run_due(limit=1)  # the publication itself; handbooks and notices wait for `house.run_jobs()`
    db.session.refresh(revision)
    publication = publishing_queries.publication_of(revision.id)
    assert publication is not None, _failed_jobs()
    return revision, publication


@remembered
def given_in_force(house: House, **values: object) -> tuple[Revision, Publication]:
    """Returns a revision that took effect, and its publication; look at it at or after `effective_at`."""
    revision, publication = given_published(house, **values)
    with clock.frozen(publication.effective_at):
        publishing.take_effect()
    db.session.refresh(revision)
    return revision, publication


def _kept(revision: Revision) -> Revision:
    db.session.commit()
    return revision


def _failed_jobs() -> str:
    failed = db.session.query(jobs.Job).filter(jobs.Job.error.is_not(None))
    return "\n".join(f"{job.name}: {job.error}" for job in failed)
