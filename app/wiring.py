"""THE page: which room reacts to which news, which function proves which fact, which function does which job.

It also names the pages (blueprints) of the house and the contributions to pages that many rooms make.
"""

from pathlib import Path

from flask import Flask

from app.admin import log_words as admin_log
from app.admin import working_time_reasons
from app.admin.views import admin
from app.archive import anchoring, bundle, evaluation
from app.archive import checks as archive_checks
from app.archive import contributions as archive_contributions
from app.archive import log_words as archive_log
from app.archive import revision_rows as archive_rows
from app.archive.views import archive
from app.audits import contributions as audits_contributions
from app.audits import feedback_source, finding_words
from app.audits import jobs as audits_jobs
from app.audits import log_words as audits_log
from app.audits.views import audits
from app.committee import contributions as committee_contributions
from app.committee import service as committee_service
from app.committee import words as committee_words
from app.committee.views import committee
from app.core import clock_job, events, jobs, working_time
from app.evidence import (
    articles,
    connectors,
    editor_counts,
    feedback,
    import_reasons,
    issue_states,
    register_words,
    registers,
)
from app.evidence import contributions as evidence_contributions
from app.evidence import jobs as evidence_jobs
from app.evidence import log_words as evidence_log
from app.evidence import reactions as evidence_reactions
from app.evidence import revision_rows as evidence_rows
from app.evidence.views import evidence
from app.evidence.views_registers import register_pages
from app.insights import desk_figures, figures
from app.insights.views import insights
from app.notices import (
    committee_reactions,
    navigation_count,
    reader_reactions,
    robots,
    webhook_reactions,
    webhooks,
)
from app.notices import log_words as notices_log
from app.notices import reactions as notices_reactions
from app.notices import service as notices
from app.people import log_words as people_log
from app.people.views import people
from app.pilots import checks as pilots_checks
from app.pilots import contributions as pilots_contributions
from app.pilots import jobs as pilots_jobs
from app.pilots import log_words as pilots_log
from app.pilots import overlay_source
from app.pilots import revision_rows as pilots_rows
from app.pilots.views import pilots
from app.proposals import checks as proposals_checks
from app.proposals import contributions as proposals_contributions
from app.proposals import log_words as proposals_log
from app.proposals import prefill_registers, surge_cases
from app.proposals import reactions as proposals_reactions
from app.proposals import revision_rows as proposals_rows
from app.proposals.views import proposals
from app.public.views import public
from app.publishing import checks as publishing_checks
from app.publishing import contributions as publishing_contributions
from app.publishing import jobs as publishing_jobs
from app.publishing import log_words as publishing_log
from app.publishing import reactions as publishing_reactions
from app.publishing import revision_rows as publishing_rows
from app.publishing import service as publishing_service
from app.publishing.views import publishing
from app.reviews import checks as reviews_checks
from app.reviews import contributions as reviews_contributions
from app.reviews import deadlines as reviews_deadlines
from app.reviews import log_words as reviews_log
from app.reviews import reactions as reviews_reactions
from app.reviews import revision_rows as reviews_rows
from app.reviews import signed_lines as reviews_lines
from app.reviews import views_held as reviews_held
from app.reviews.views import reviews
from app.standards import (
    amendment_pdf,
    backtest_source,
    beside,
    handbook,
    history_keeping,
    history_uploads,
    import_words,
    lifecycle,
    overlays,
    texts,
)
from app.standards import checks as standards_checks
from app.standards import contributions as standards_contributions
from app.standards import log_words as standards_log
from app.standards import revision_rows as standards_rows
from app.standards.views import standards
from app.standards.workflow import Fact
from app.training import contributions as training_contributions
from app.training import joining, reminders
from app.training import log_words as training_log
from app.training import reactions as training_reactions
from app.training import service as training_service
from app.training.views import training
from app.web import contributions

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

BLUEPRINTS = (
    people,
    standards,
    reviews,
    evidence,
    register_pages,
    proposals,
    insights,
    pilots,
    publishing,
    training,
    audits,
    archive,
    committee,
    public,
    admin,
)

REACTIONS: dict[type[events.Event], tuple[events.Handler, ...]] = {
    events.PersonChanged: (training_reactions.on_person_changed,),
    events.WorkingTimeChanged: (evidence_reactions.recount_after_change,),
    events.TicketsImported: (evidence_reactions.group_after_import,),
    events.RevisionMoved: (
        evidence_reactions.follow_revision,
        proposals_reactions.close_scoring,
        reviews_reactions.on_revision_moved,  # a round is opened before people are told of it
        notices_reactions.on_revision_moved,
        webhook_reactions.on_revision_moved,
    ),
    events.ClauseDrafted: (reviews_reactions.on_text_drafted,),
    events.TextDrafted: (reviews_reactions.on_text_drafted,),
    events.SignOffReopened: (notices_reactions.on_sign_off_reopened,),
    events.ReviewerAdded: (notices_reactions.on_reviewer_added,),
    events.CounselSigned: (notices_reactions.on_counsel_signed,),
    events.CounselOutdated: (notices_reactions.on_counsel_outdated,),
    events.NoteWritten: (notices_reactions.on_note_written,),
    events.Published: (
        articles.on_published,
        publishing_reactions.make_outputs,
        training_reactions.on_published,
        notices_reactions.on_published,
        webhook_reactions.on_published,
    ),
    events.CustomerNoticeApproved: (webhook_reactions.on_customer_notice_approved,),
    events.ReaderAsked: (reader_reactions.on_reader_asked,),
    events.ReaderReminded: (reader_reactions.on_reader_reminded,),
    events.ReadingDue: (reader_reactions.on_reading_due,),
    events.ReadersOverdue: (reader_reactions.on_readers_overdue,),
    events.ReviewAsked: (notices_reactions.on_review_asked,),
    events.ReviewDue: (notices_reactions.on_review_due,),
    events.ReviewerUrged: (notices_reactions.on_reviewer_urged,),
    events.QuestionAsked: (reader_reactions.on_question_asked,),
    events.QuestionAnswered: (reader_reactions.on_question_answered,),
    events.PilotStarted: (reader_reactions.on_pilot_started,),
    events.SuggestionReceived: (reader_reactions.on_suggestion_received,),
    events.IssueHandedOn: (notices_reactions.on_issue_handed_on, webhook_reactions.on_issue_handed_on),
    events.SurgeNoticed: (webhook_reactions.on_surge_noticed,),
    events.SuggestionAnswered: (reader_reactions.on_suggestion_answered,),
    events.TookEffect: (reader_reactions.on_took_effect, webhook_reactions.on_took_effect),
    events.ConnectorStopped: (reader_reactions.on_connector_stopped,),
    events.MeetingChanged: (committee_reactions.on_meeting_changed,),
    events.AwardNews: (committee_reactions.on_award_news,),
    events.SampleScored: (reader_reactions.on_sample_scored,),
    events.EffectEvaluated: (reader_reactions.on_effect_evaluated, webhook_reactions.on_effect_evaluated),
}

FACTS: dict[Fact, lifecycle.Prover] = {
    Fact.COMPLETE: proposals_checks.prove_complete,
    Fact.DUPLICATES_SEEN: proposals_checks.prove_duplicates_seen,
    Fact.EVIDENCE_ATTACHED: proposals_checks.prove_evidence_attached,
    Fact.BENEFIT_STATED: proposals_checks.prove_benefit_stated,
    Fact.QUORUM_REACHED: proposals_checks.prove_quorum_reached,
    Fact.RANK_CONFIRMED: proposals_checks.prove_rank_confirmed,
    Fact.CLAUSES_FREE: standards_checks.prove_clauses_free,
    Fact.REASON_GIVEN: standards_checks.prove_reason_given,
    Fact.CLAUSE_REASON_GIVEN: standards_checks.prove_clause_reason_given,
    Fact.SOMETHING_CHANGED: standards_checks.prove_something_changed,
    Fact.CHANGES_CLASSIFIED: standards_checks.prove_changes_classified,
    Fact.NO_STOPPING_CHECK: standards_checks.prove_no_stopping_check,
    Fact.SIGN_OFFS_FRESH: reviews_checks.prove_sign_offs_fresh,
    Fact.SIGN_OFF_STALE: reviews_checks.prove_sign_off_stale,
    Fact.LEGAL_SIGN_OFF_FRESH: reviews_checks.prove_legal_sign_off_fresh,
    Fact.PILOT_SET_UP: pilots_checks.prove_pilot_set_up,
    Fact.PILOT_DECIDED: pilots_checks.prove_pilot_decided,
    Fact.PILOT_UNDECIDED: pilots_checks.prove_pilot_undecided,
    Fact.PILOT_MAY_END: pilots_checks.prove_pilot_may_end,
    Fact.FOUR_EYES: publishing_checks.prove_four_eyes,
    Fact.OUTPUTS_READY: publishing_checks.prove_outputs_ready,
    Fact.LANGUAGES_IN_STEP: publishing_checks.prove_languages_in_step,
    Fact.NOTICE_DAYS_KEPT: publishing_checks.prove_notice_days,
    Fact.TRAINING_VERDICT: publishing_checks.prove_training_verdict,
    Fact.HYPOTHESIS_REGISTERED: publishing_checks.prove_hypothesis,
    Fact.INSIDE_UNDO_WINDOW: publishing_checks.prove_inside_undo_window,
    Fact.EFFECTIVE_DATE_COME: publishing_checks.prove_effective_date_come,
    Fact.EFFECT_EVALUATED: archive_checks.prove_effect_evaluated,
}

JOBS: dict[str, jobs.JobFunction] = {
    "pin_text_version": texts.pin_text_version,
    "keep_history": history_keeping.keep_history,
    "import_history": history_uploads.read_file,
    "make_handbook": handbook.make_handbook,
    "make_amendment_pdf": amendment_pdf.make_amendment_pdf,
    "publish_revision": publishing_jobs.publish_revision,
    "record_hypothesis": publishing_jobs.record_hypothesis,
    "compute_pilot": pilots_jobs.compute_pilot,
    "record_pilot_plan": pilots_jobs.record_pilot_plan,
    "assign_readers": training_service.assign_readers,
    "keep_in_step": joining.keep_in_step,
    "send_mail": notices.send_waiting_mail,
    "send_chat": robots.send,
    "send_webhook": webhooks.send,
    "evaluate_effect": evaluation.evaluate_effect,
    "anchor_log": anchoring.anchor_log,
    "build_dossier": bundle.build_dossier,
    "make_dossier_pdf": bundle.make_dossier_pdf,
    "record_draw": audits_jobs.record_draw,
    "import_uploaded": evidence_jobs.import_uploaded,
    "group_complaints": evidence_jobs.group_complaints,
    "recount_working_time": evidence_jobs.recount_working_time,
    "pull_connector": evidence_jobs.pull_connector,
    "look_for_surges": surge_cases.look_for_surges,
}

CHECKS: dict[str, clock_job.Check] = {
    "working_time": working_time.publish,
    "take_effect": publishing_service.take_effect,
    "compute_pilots": pilots_jobs.compute_running,
    "effects": evaluation.evaluate_due,
    "anchor": anchoring.anchor_when_due,
    "grants": joining.look_at_grants,
    "reading": reminders.remind_readers,  # before the digests, so that they stand in this morning's one
    "reviews_due": reviews_deadlines.look,  # before the digests as well
    "digests": notices.send_digests,
    "forget_contacts": evidence_jobs.forget,
    "issues_back": issue_states.wake_due,
    "group_nightly": evidence_jobs.group_nightly,
    "connectors": connectors.enqueue_due,
    "surges": surge_cases.look_daily,
    "reviews": registers.begin_reviews,
    "committee": committee_service.look,
}

# What goes on although the clock is doubted, and the jobs that wait for a date.
WHILE_HELD = ("anchor", "working_time")
DATED_JOBS = ("publish_revision",)

SOURCES = contributions.Sources(
    tasks=(
        standards_contributions.tasks,
        reviews_contributions.tasks,
        evidence_contributions.tasks,
        proposals_contributions.tasks,
        training_contributions.tasks,
        pilots_contributions.tasks,
        publishing_contributions.tasks,
        audits_contributions.tasks,
        archive_contributions.tasks,
        committee_contributions.tasks,
    ),
    blocks=(
        standards_contributions.blocks,
        reviews_contributions.blocks,
        proposals_contributions.blocks,
        training_contributions.blocks,
        pilots_contributions.blocks,
        publishing_contributions.blocks,
        audits_contributions.blocks,
        archive_contributions.blocks,
    ),
    acts=(
        standards_contributions.acts,
        reviews_contributions.acts,
        proposals_contributions.acts,
        training_contributions.acts,
        pilots_contributions.acts,
        publishing_contributions.acts,
        archive_contributions.acts,
    ),
    waiting=(
        standards_contributions.waiting,
        reviews_contributions.waiting,
        proposals_contributions.waiting,
        training_contributions.waiting,
        pilots_contributions.waiting,
        publishing_contributions.waiting,
    ),
    clause_notes=(evidence_contributions.clause_notes, audits_contributions.clause_notes),
    other_texts=(publishing_contributions.other_texts,),
    dossier=(
        evidence_contributions.dossier,
        proposals_contributions.dossier,
        training_contributions.dossier,
        reviews_contributions.dossier,
        pilots_contributions.dossier,
        publishing_contributions.dossier,
        audits_contributions.dossier,
        archive_contributions.dossier,
    ),
)

# Who gives numbers to the end of a desk.
FIGURES: tuple[figures.FigureSource, ...] = (desk_figures.for_director,)

# Modules that only bring words: naming them here is what loads them.
WORDS = (
    import_words,
    import_reasons,
    people_log,
    standards_log,
    evidence_log,
    register_words,
    proposals_log,
    reviews_log,
    pilots_log,
    publishing_log,
    training_log,
    audits_log,
    notices_log,
    archive_log,
    committee_words,
    admin_log,
    working_time_reasons,
)

# Rooms that know texts of pilots; they stand over the text in force.
OVERLAYS: tuple[overlays.OverlaySource, ...] = (overlay_source.pilot_texts,)

# What stands beside a revision at most once: one question brings it to the revision's pages (ADR 0009).
BESIDE = (
    *standards_rows.BESIDE,
    *evidence_rows.BESIDE,
    *proposals_rows.BESIDE,
    *reviews_rows.BESIDE,
    *pilots_rows.BESIDE,
    *publishing_rows.BESIDE,
    *archive_rows.BESIDE,
)


def wire(app: Flask) -> None:
    """Connects the rooms; called once by `create_app`."""
    events.wire(REACTIONS)
    jobs.wire(JOBS)
    clock_job.wire(CHECKS, while_held=WHILE_HELD, dated_jobs=DATED_JOBS)
    contributions.wire(SOURCES)
    overlays.wire(OVERLAYS)
    beside.wire(BESIDE)
    if set(FACTS) == set(Fact):
        lifecycle.wire(FACTS)
    publishing_jobs.provide_sign_offs(reviews_lines.manifest_sign_offs)
    backtest_source.provide(editor_counts.count_target)
    feedback.provide(feedback_source.findings_since)
    prefill_registers.provide_findings(finding_words.finding_words)
    figures.wire(FIGURES)
    navigation_count.provide(app)
    reviews_held.provide(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
