"""Owns what the pages of publishing show: versions, missing facts, outputs, dates, people. Writes nothing."""

import datetime as dt
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.core.access import Actor, Permission
from app.evidence import articles, counting
from app.evidence.articles import Cited
from app.people import queries as people
from app.people.models import Person
from app.publishing import queries
from app.publishing.models import Hypothesis, PublicationPlan
from app.publishing.words import OUTPUT_WORDS
from app.reviews import questions as reviews
from app.reviews.rule_packs import Obligation
from app.standards import lifecycle, measure_words
from app.standards import queries as standards
from app.standards.library import next_version
from app.standards.lifecycle import Attempt
from app.standards.measures import Measure
from app.standards.models import ClauseDraft, DraftKind, Materiality, Publication, Revision
from app.standards.workflow import ENDS, Move, State, rules_for
from app.web.filters import day
from app.web.reasons import reason_words

PREPARING = frozenset({State.DRAFTING, State.IN_REVIEW, State.PILOTING})
READY, NEEDS_YOU, NOT_NEEDED = "ready", "needs_you", "not_needed"


@dataclass(frozen=True)
class Output:
    """One thing a publication brings about. `state` is ready, needs_you or not_needed; `words` say why."""

    name: str
    state: str
    words: str
    url: str | None = None


@dataclass(frozen=True)
class PublishPage:
    """Everything the pages of publishing show. `missing` are sentences; empty means it may be published."""

    revision: Revision
    plan: PublicationPlan | None
    hypothesis: Hypothesis | None
    publication: Publication | None
    versions: tuple[tuple[str, str, str], ...]
    version: str
    suggests_major: bool
    people_count: int
    law_notice: Obligation | None
    outputs: tuple[Output, ...]
    citing: tuple[tuple[str, tuple[Cited, ...]], ...]
    missing: tuple[str, ...]
    emergency_missing: tuple[str, ...]
    may_plan: bool
    may_approve: bool
    can_undo: bool
    scheduler: Person | None
    approver: Person | None
    op_key: str

    @property
    def is_closed(self) -> bool:
        """Tells whether the plan is fixed: scheduled, in force or ended."""
        return self.revision.state in (State.SCHEDULED, State.IN_FORCE, *ENDS)

    @property
    def transition_ends_on(self) -> dt.date | None:
        """Returns the day from which the old text no longer counts; None without plan or transition."""
        if self.plan is None or not self.plan.transition_days:
            return None
        return self.plan.effective_on + dt.timedelta(days=self.plan.transition_days)


def page_of(revision: Revision, actor: Actor) -> PublishPage:
    """Returns the page of a revision's publication as the actor may see it."""
    plan = queries.plan(revision.id)
    publication = queries.publication_of(revision.id)
    drafts = standards.clause_drafts(revision.id)
    major = any(d.kind is not DraftKind.CHANGED for d in drafts)
    minor_version, major_version = _versions(revision)
    steps = standards.steps(revision.id)
    names = people.by_ids(
        {i for i in ((plan.scheduled_by_id, plan.approved_by_id) if plan else ()) if i is not None}
    )
    is_major = plan.is_major if plan else major
    return PublishPage(
        revision=revision,
        plan=plan,
        hypothesis=queries.hypothesis(revision.id),
        publication=publication,
        versions=(
            ("minor", minor_version, _("Targets or wording change; nobody gets a new duty.")),
            ("major", major_version, _("A clause is new or gone, or somebody gets a new duty.")),
        ),
        version=publication.version if publication else major_version if is_major else minor_version,
        suggests_major=major,
        people_count=len(people.followers(_audience(drafts, revision))),
        law_notice=reviews.longest_notice(revision),
        outputs=tuple(_outputs(revision, plan)),
        citing=_citing(revision),
        missing=_missing(revision, Attempt(Move.SCHEDULE, actor)),
        emergency_missing=_missing(revision, Attempt(Move.EMERGENCY, actor, reason="-")),
        may_plan=actor.may(Permission.PUBLISH),
        may_approve=may_approve(plan, actor),
        can_undo=actor.may(Permission.PUBLISH) and inside_window(revision),
        scheduler=names.get(plan.scheduled_by_id or 0) if plan else None,
        approver=names.get(plan.approved_by_id or 0) if plan else None,
        op_key=str(steps[-1].id if steps else 0),
    )


def _citing(revision: Revision) -> tuple[tuple[str, tuple[Cited, ...]], ...]:
    """Returns the articles elsewhere that cite a clause the revision changes: (clause id, articles), in their order."""
    found = articles.by_clause(revision.standard_id, queries.changed_clause_ids(revision))
    return tuple((clause_id, tuple(cited)) for clause_id, cited in sorted(found.items()))


def measures_of(revision: Revision) -> list[tuple[str, Measure]]:
    """Returns (key, measure) of what tickets can tell of the changed clauses, in their order; the key is `c07/m01`."""
    found = [Measure.from_data(m) for draft in standards.clause_drafts(revision.id) for m in draft.measures]
    return [
        (f"{m.clause_id}/{m.id}", m) for m in found if counting.outcome_condition(m, kept=True) is not None
    ]


def measure_choices(revision: Revision) -> list[tuple[str, str]]:
    """Returns the measures as a form offers them."""
    return [
        (key, f"{m.clause_id.upper()} {measure_words.measure_sentence(m)}")
        for key, m in measures_of(revision)
    ]


def _versions(revision: Revision) -> tuple[str, str]:
    newest = standards.newest_publication(revision.standard_id)
    before = newest.version if newest else None
    return next_version(before, is_major=False), next_version(before, is_major=True)


def _audience(drafts: list[ClauseDraft], revision: Revision) -> list[str]:
    named = {a for d in drafts if d.materiality is not Materiality.EDITORIAL for a in d.audience}
    return sorted(named or set(revision.standard.audience))


def _missing(revision: Revision, attempt: Attempt) -> tuple[str, ...]:
    # A permission that is not held is not a fact to be mended here; the button is absent instead.
    reasons = [r for r in lifecycle.why_not(revision, attempt) if r.key != "move.no_permission"]
    if attempt.move is Move.SCHEDULE and revision.state in PREPARING:
        facts = rules_for(Move.SCHEDULE, State.READY)[0].facts
        reasons += lifecycle.fact_reasons(revision, attempt, facts)
    return tuple(dict.fromkeys(reason_words(r) for r in reasons))


def may_approve(plan: PublicationPlan | None, actor: Actor) -> bool:
    """Tells whether the actor is a second person who may approve the emergency, and it still waits for one."""
    if plan is None or plan.approval_due is None or plan.approved_at is not None:
        return False
    may = actor.may(Permission.EMERGENCY) or actor.may(Permission.CONFIRM_RANK)
    return may and plan.scheduled_by_id != actor.person_id


def inside_window(revision: Revision) -> bool:
    """Tells whether the revision is scheduled and can still be undone."""
    return (
        revision.state is State.SCHEDULED
        and revision.undo_until is not None
        and clock.now() < revision.undo_until
    )


def _outputs(revision: Revision, plan: PublicationPlan | None) -> list[Output]:
    public = queries.touches_customers(revision)
    live = url_for("standards.standard", code=revision.standard.code)
    return [
        Output(str(OUTPUT_WORDS["handbook"]), READY, _("Made in each language as soon as it is published.")),
        Output(
            str(OUTPUT_WORDS["intranet"]), READY, _("Shows the change as coming, then as in force."), live
        ),
        Output(str(OUTPUT_WORDS["commitments"]), READY, _("Announces the change to customers."))
        if public
        else Output(
            str(OUTPUT_WORDS["commitments"]), NOT_NEEDED, _("No clause that customers read is changed.")
        ),
        _customer_notice(revision, plan, public),
        _training(revision, plan),
        Output(
            str(OUTPUT_WORDS["scorecard"]),
            READY,
            _("Follows the text in force on each contact's date by itself."),
        ),
        Output(str(OUTPUT_WORDS["archive"]), READY, _("Text, signatures and reasons are archived with it.")),
    ]


def _customer_notice(revision: Revision, plan: PublicationPlan | None, public: bool) -> Output:
    url = url_for("publishing.notice", number=revision.number)
    name = str(OUTPUT_WORDS["customer_notice"])
    if not public:
        return Output(name, NOT_NEEDED, _("No clause that customers read is changed."))
    if plan and plan.customer_notice_zh and plan.customer_notice_en:
        if plan.notice_approved_at is None:
            return Output(
                name, NEEDS_YOU, _("Written; customers read it once a second person approves it."), url
            )
        return Output(name, READY, _("Written in Chinese and English, and approved."), url)
    if plan and plan.outputs.get("customer_notice"):
        return Output(name, NOT_NEEDED, str(plan.outputs["customer_notice"]))
    return Output(name, NEEDS_YOU, _("Write it in Chinese and English, or why none is needed."), url)


def _training(revision: Revision, plan: PublicationPlan | None) -> Output:
    url = url_for("publishing.publish", number=revision.number, _anchor="training")
    name = str(OUTPUT_WORDS["training"])
    if plan is None or plan.training_verdict is None:
        return Output(name, NEEDS_YOU, _("Decide what people have to learn."), url)
    if plan.training_verdict == "none":
        state = NOT_NEEDED if plan.training_note else NEEDS_YOU
        return Output(name, state, plan.training_note or _("Write why nobody has to learn anything."), url)
    return Output(name, READY, _("Sent when it is published."), url)


def button_words(page: PublishPage) -> str:
    """Returns the words of the one decisive button: version, date and how many people it concerns."""
    on = day(page.plan.effective_on) if page.plan else ""
    words: str = ngettext(
        "Publish v%(version)s — in force %(day)s, %(num)s person",
        "Publish v%(version)s — in force %(day)s, %(num)s people",
        page.people_count,
        version=page.version,
        day=on,
    )
    return words
