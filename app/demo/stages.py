"""Owns walking the demonstration's revisions to their stages, by the product's own verbs and nothing else."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from app.core import clock, clock_job, jobs
from app.core.db import db
from app.demo.people import actor, who
from app.demo.texts import Story
from app.evidence import service as evidence
from app.evidence.models import EvidenceKind
from app.pilots import service as pilots
from app.proposals import panel
from app.proposals import service as proposals
from app.publishing import customer_notices
from app.publishing import queries as publishing_queries
from app.publishing import service as publishing
from app.publishing.models import Direction, TrainingVerdict
from app.reviews import checklists, counsel, counsel_queries, questions, sign_offs
from app.reviews import queries as reviews_queries
from app.reviews.freshness import Kind
from app.reviews.models import Answer, Decision
from app.standards import drafting, lifecycle, texts
from app.standards import queries as standards
from app.standards.drafting import ClauseText
from app.standards.lifecycle import Attempt
from app.standards.measures import Measure
from app.standards.models import Materiality, Revision
from app.standards.workflow import Move, State

SIGNERS = {Kind.LEGAL: "zhaolv", Kind.BUSINESS: "chenjing", Kind.IT: "zhangwei"}
LATER = (
    "make_handbook",
    "make_dossier_pdf",
)  # the worker makes the PDFs; nobody waits for them at the first start
CARDS = {"zhaolv": (4, 2, 3), "zhangwei": (3, 3, 4), "chenjing": (4, 2, 4), "liuyang": (4, 3, 4)}
# Where somebody sees it otherwise than on all other proposals, and why: (story, assessor).
OTHERWISE = {
    ("scoring2", "liuyang"): (1, 3, 4, {"impact": "上月改过一次菜单，要点三次的客户不到百分之一"}),
}


def at(moment: dt.datetime, act: Callable[[], object]) -> None:
    """Does something at a moment of the past and lets its jobs run then."""
    with clock.frozen(moment):
        act()
        db.session.commit()
        jobs.run_due(leave=LATER)


def let_dates_arrive(moment: dt.datetime) -> None:
    """Lets everything arrive that a moment brings: taking effect, results, effects."""
    with clock.frozen(moment):
        clock_job.tick()
        jobs.run_due(leave=LATER)


def draft(story: Story) -> Revision:
    """Opens the proposal as its proposer would, and leaves it a draft."""
    person = actor(story.proposer)
    revision = proposals.start_proposal(
        person,
        standards.standard(story.code),
        title=story.title,
        title_en=story.title_en,
        clauses=[story.clause],
        source=story.source,
        problem=story.problem,
        benefit=story.benefit,
        problem_en=story.problem_en,
        benefit_en=story.benefit_en,
    )
    if story.evidence:
        evidence.attach_evidence(person, revision, EvidenceKind.NOTE, "", story.evidence)
    proposals.update_proposal(person, revision, duplicates_seen=True)
    return revision


def propose(story: Story) -> Revision:
    """Submits the proposal."""
    revision = draft(story)
    proposals.propose(actor(story.proposer), revision)
    return revision


def open_scoring(revision: Revision) -> None:
    """Brings the proposal before the panel."""
    proposals.open_scoring(actor("wangfang"), revision)


def score(revision: Revision, names: tuple[str, ...], story: str = "") -> None:
    """Sends the cards of these assessors; whoever proposed does not score."""
    for name in names:
        impact, cost, urgency, reasons = OTHERWISE.get((story, name), (*CARDS[name], {}))
        panel.score(actor(name), revision, impact=impact, cost=cost, urgency=urgency, reasons=reasons)


def accept(revision: Revision, drafter: str = "liming") -> None:
    """Confirms the rank and accepts, as the chair; nothing where the committee's decision did both."""
    if revision.state is not State.SCORING:
        return
    panel.confirm_rank(actor("heping"), revision)
    panel.accept(actor("heping"), revision, drafter_id=who(drafter).id)


def write(story: Story, revision: Revision, drafter: str = "liming") -> None:
    """Drafts the story's clause in both languages."""
    base = standards.published_documents(revision.standard)
    known = standards.clause_draft(revision.id, story.clause)
    measures: list[Measure] | None = None
    if story.value is not None:
        first, *rest = base["zh"].measures_of(story.clause)
        measures = [replace(first, value=Decimal(story.value)), *rest]
    drafting.save_clause(
        actor(drafter),
        revision,
        story.clause,
        ClauseText(
            body_zh=_changed(base["zh"].clause(story.clause).body, story.zh),
            body_en=_changed(base["en"].clause(story.clause).body, story.en),
            measures=measures,
            materiality=Materiality.MATERIAL,
        ),
        seen_version=known.lock_version if known else None,
    )


def submit(revision: Revision, drafter: str = "liming") -> None:
    """Sends the draft to review."""
    person = actor(drafter)
    version = texts.freeze(person, revision, why="submit")
    lifecycle.perform(revision, Attempt(Move.SUBMIT, person), text_version=version)


def sign(revision: Revision, kinds: tuple[Kind, ...] = tuple(Kind)) -> None:
    """Answers the checklist and signs, in the fields that have something to sign."""
    for kind in kinds:
        if kind not in reviews_queries.standing(revision):
            continue
        person = actor(SIGNERS[kind])
        version = texts.freeze(person, revision, why="sign_off")
        db.session.commit()
        jobs.run_due(leave=LATER)
        db.session.refresh(version)
        tags = {tag for d in standards.clause_drafts(revision.id) for tag in d.tags}
        for item in questions.checklist(kind, tags):
            checklists.answer_checklist(person, revision, kind, str(item["key"]), Answer.MET)
        sign_offs.sign_off(
            person,
            revision,
            kind,
            text_version=version,
            effort="S" if kind is Kind.IT else None,
            sign_in_age_seconds=120,
        )


def ask_outside(revision: Revision) -> None:
    """Lets outside counsel read the draft through a link, write a note and sign with a condition."""
    db.session.commit()
    jobs.run_due(leave=LATER)
    row, _secret = counsel.invite(
        actor(SIGNERS[Kind.LEGAL]),
        revision,
        Kind.LEGAL,
        name="顾衡",
        firm="衡正律师事务所",
        email="gu.heng@law.example",
        language="zh",
        question="这样承诺客户，会不会被认定为格式条款里的加重责任？",
    )
    counsel.state_identity(
        row, counsel.Identity("顾衡", "衡正律师事务所", "律师", "11301200610000000"), is_said=True
    )
    parts = counsel_queries.open_parts(revision, row)
    counsel.write_note(row, counsel_queries.clauses_open_to(revision, row)[0], "对外公示时请写明统计口径。")
    version = standards.newest_text_version(revision.id)
    assert version is not None
    counsel.sign(
        row,
        Decision.APPROVE_WITH_CONDITIONS,
        text_version=version,
        parts=parts,
        comment="公示页面写明按什么统计之后，可以对外承诺。",
    )


def waive_pilot(revision: Revision, reason: str = "只补充做法，不改时限，风险低") -> None:
    """Waives the pilot with a reason, as the chair."""
    lifecycle.perform(revision, Attempt(Move.WAIVE_PILOT, actor("heping"), reason=reason))


def plan_publication(story: Story, revision: Revision, effective_on: dt.date) -> None:
    """Plans the publication and registers the expected effect, or the reason why there is none."""
    director = actor("wangfang")
    words = {"customer_notice_zh": story.notice[0], "customer_notice_en": story.notice[1]}
    if not story.hypothesis:
        words["hypothesis_waiver"] = "工单里没有这个数据，改由质检每月抽查"
    publishing.set_plan(
        director,
        revision,
        effective_on=effective_on,
        training_verdict=TrainingVerdict.READING,
        words=words,
        not_needed={} if story.notice[0] else {"customer_notice": "只涉及内部做法"},
    )
    plan = publishing_queries.plan(revision.id)
    if story.notice[0] and plan is not None:
        seen = customer_notices.mark_of(plan)
        customer_notices.approve(actor("heping"), revision, seen=seen, numbers_meant=True)
    if story.hypothesis and publishing_queries.hypothesis(revision.id) is None:
        publishing.register_hypothesis(
            director,
            revision,
            clause_id=story.clause,
            measure=_measure(revision, story.clause),
            direction=Direction.UP,
            smallest_change_points=story.points,
            statement=story.hypothesis,
        )


def schedule(revision: Revision) -> None:
    """Schedules the publication, as the director."""
    publishing.schedule(actor("wangfang"), revision, op_key=f"demo-{revision.number}")


def start_pilot(story: Story, revision: Revision, starts_on: dt.date, ends_on: dt.date) -> None:
    """Plans the pilot in the east against the north and starts it."""
    pilots.set_up(
        actor("tanglei"),
        revision,
        question="8 分钟的目标在正常排班下做得到吗？",
        clause_id=story.clause,
        measure=_measure(revision, story.clause),
        smallest_change_points=story.points,
        pilot_scope={"region": ["east"]},
        comparison_scope={"region": ["north"]},
        starts_on=starts_on,
        ends_on=ends_on,
        contact_id=who("tanglei").id,
    )
    pilots.start(actor("wangfang"), revision)


def _measure(revision: Revision, clause_id: str) -> Measure:
    drafted = standards.clause_draft(revision.id, clause_id)
    data = drafted.measures if drafted else []
    return Measure.from_data(data[0])


def _changed(body: str, words: tuple[str, str]) -> str:
    old, new = words
    if not old:
        return f"{body}{new}"
    if old not in body:
        raise LookupError(f"{old!r} does not stand in the clause")
    return body.replace(old, new)


def rewrite(revision: Revision, clause_id: str, drafter: str, words: tuple[str, str]) -> None:
    """Changes words of a drafted clause in both languages, after reviewers have signed it."""
    known = standards.clause_draft(revision.id, clause_id)
    if known is None:
        raise LookupError(clause_id)
    drafting.save_clause(
        actor(drafter),
        revision,
        clause_id,
        ClauseText(body_zh=_changed(known.body_zh, words), body_en=_changed(known.body_en, words)),
        seen_version=known.lock_version,
    )


def decline(revision: Revision, reason: str) -> None:
    """Declines with a reason, as the director."""
    proposals.decline(actor("wangfang"), revision, reason=reason)


def withdraw(revision: Revision, name: str, reason: str) -> None:
    """Takes the own proposal back."""
    proposals.withdraw(actor(name), revision, reason=reason)


def fast_track(revision: Revision, reason: str) -> None:
    """Sends the proposal straight to drafting, as the named authority."""
    proposals.fast_track(actor("wangfang"), revision, reason=reason)
