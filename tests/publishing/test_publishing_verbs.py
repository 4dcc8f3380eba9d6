"""Planning, scheduling, undoing, publishing and taking effect, by service verbs on both databases."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.access import SYSTEM, Role
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused, Stale
from app.people import service as people_service
from app.publishing import contributions, queries, service
from app.publishing import jobs as publishing_jobs
from app.publishing.models import Direction, TrainingVerdict
from app.standards import lifecycle
from app.standards import queries as standards
from app.standards.lifecycle import Attempt
from app.standards.models import Publication, Revision
from app.standards.workflow import Fact, Move, State
from tests import story
from tests.house_fixtures import House

DAY = dt.timedelta(days=1)


def missing(house: House, revision: Revision, who: str = "director") -> list[str]:
    return [r.key for r in lifecycle.why_not(revision, Attempt(Move.SCHEDULE, house.actor(who)))]


def publications(revision: Revision) -> int:
    query = sa.select(sa.func.count(Publication.id)).where(Publication.revision_id == revision.id)
    return int(db.session.scalar(query) or 0)


def waits_for_approval(house: House, who: str) -> list[bool]:
    """Returns, for each emergency on the person's desk, whether somebody else has to approve it."""
    with house.app.test_request_context():
        tasks = [one for one in contributions.tasks(house.actor(who)) if one.kind == "approve"]
    return [one.waiting_for is not None for one in tasks]


def test_every_missing_fact_is_named_and_goes_one_by_one(house: House) -> None:
    revision, director = story.given_ready(house), house.actor("director")
    assert set(missing(house, revision)) == {
        "publishing.no_plan", "publishing.training_verdict_missing", "publishing.hypothesis_missing",
    }  # fmt: skip
    soon, far = clock.today() + DAY, clock.today() + 16 * DAY
    service.set_plan(director, revision, effective_on=soon)
    assert missing(house, revision) == [
        "publishing.customer_notice_missing", "publishing.notice_law",
        "publishing.training_verdict_missing", "publishing.hypothesis_missing",
    ]  # fmt: skip
    service.set_plan(director, revision, effective_on=far, words=story.CUSTOMER_NOTICE)
    assert missing(house, revision) == [
        "publishing.training_verdict_missing", "publishing.hypothesis_missing",
    ]  # fmt: skip
    service.set_plan(director, revision, effective_on=far, training_verdict=TrainingVerdict.NONE)
    assert missing(house, revision) == ["publishing.training_reason_missing", "publishing.hypothesis_missing"]
    words = {"training_note": "只改数字", "hypothesis_waiver": "没有可量的效果"}
    service.set_plan(director, revision, effective_on=far, training_verdict=TrainingVerdict.NONE, words=words)
    assert missing(house, revision) == []
    db.session.commit()


def test_a_reason_stands_in_for_notice_days_and_the_notice(house: House) -> None:
    revision, director = story.given_ready(house), house.actor("director")
    words = {"notice_waiver": "监管要求立即执行", "training_note": "x", "hypothesis_waiver": "x"}
    service.set_plan(
        director,
        revision,
        effective_on=clock.today() + DAY,
        training_verdict=TrainingVerdict.NONE,
        words=words,
        not_needed={"customer_notice": "只影响内部流程"},
    )
    assert missing(house, revision) == []
    db.session.commit()


def test_a_lagging_language_needs_a_reason(house: House) -> None:
    revision = story.given_drafted(house)
    draft = standards.clause_draft(revision.id, story.CLAUSE)
    assert draft is not None
    draft.body_en = standards.published_documents(revision.standard)["en"].clause(story.CLAUSE).body
    db.session.flush()
    attempt = Attempt(Move.SCHEDULE, house.actor("director"))
    assert lifecycle.fact_reasons(revision, attempt, [Fact.LANGUAGES_IN_STEP])
    service.set_plan(
        house.actor("director"),
        revision,
        effective_on=clock.today() + 9 * DAY,
        words={"language_waiver": "英文译文下周补上"},
    )
    assert lifecycle.fact_reasons(revision, attempt, [Fact.LANGUAGES_IN_STEP]) == ()
    db.session.commit()


@pytest.mark.parametrize(
    ("days", "key"),
    [(-400, "publishing.date_past"), (0, "publishing.date_past"), (731, "publishing.date_far")],
)
def test_a_date_in_the_past_or_too_far_is_refused(sqlite_house: House, days: int, key: str) -> None:
    revision = story.given_ready(sqlite_house)
    with pytest.raises(Invalid) as refusal:
        service.set_plan(sqlite_house.actor("director"), revision, effective_on=clock.today() + days * DAY)
    assert [(e.field, e.reason.key) for e in refusal.value.errors] == [("effective_on", key)]


def test_a_date_that_passed_meanwhile_is_refused_at_the_click(house: House) -> None:
    revision = story.given_planned(house)
    with clock.frozen(clock.now() + 16 * DAY):
        assert missing(house, revision) == ["publishing.date_past"]
        with pytest.raises(Refused):
            service.schedule(house.actor("director"), revision, op_key="late")
    db.session.rollback()


@pytest.mark.parametrize("who", ["drafter", "chair", "pilot", "admin", "agent", "stranger"])
def test_only_the_director_plans_and_publishes(sqlite_house: House, who: str) -> None:
    revision, actor = story.given_planned(sqlite_house), sqlite_house.actor(who)
    with pytest.raises(NotAllowed):
        service.set_plan(actor, revision, effective_on=clock.today() + 20 * DAY)
    with pytest.raises((NotAllowed, Refused)):
        service.schedule(actor, revision, op_key="x")
    assert revision.state is State.READY


def test_nobody_publishes_a_text_they_wrote(house: House) -> None:
    revision = story.given_planned(house)
    people_service.grant_role(SYSTEM, house.person("drafter").id, Role.SERVICE_DIRECTOR)
    with pytest.raises(Refused) as refusal:
        service.schedule(house.actor("drafter"), revision, op_key="own")
    assert [r.key for r in refusal.value.reasons] == ["publishing.own_text"]
    db.session.rollback()


def test_the_expected_effect_is_registered_once_and_archived(house: House) -> None:
    revision = story.given_planned(house)
    row = queries.hypothesis(revision.id)
    assert row is not None and row.record_commit
    with pytest.raises(Refused) as refusal:
        service.register_hypothesis(
            house.actor("director"),
            revision,
            clause_id="c07",
            measure=story.main_measure(revision),
            direction=Direction.DOWN,
            smallest_change_points=1,
            statement="改口",
        )
    assert [r.key for r in refusal.value.reasons] == ["publishing.hypothesis_there"]
    first = publishing_jobs.record_hypothesis(row.id)
    assert first == {"commit": row.record_commit}
    db.session.commit()


def test_a_double_click_is_one_publication(house: House) -> None:
    revision, director = story.given_planned(house), house.actor("director")
    for _click in range(2):
        service.schedule(director, revision, op_key="same", seen=None)
        db.session.commit()
    with pytest.raises(Refused):
        service.schedule(director, revision, op_key="another tab")
    db.session.rollback()
    with clock.frozen(story.after_undo_window(revision)):
        house.run_jobs()
        publishing_jobs.publish_revision(revision.id, "same")
        db.session.commit()
    assert publications(revision) == 1 and revision.state is State.SCHEDULED


def test_nothing_is_published_before_the_undo_window_ends(house: House) -> None:
    revision = story.given_scheduled(house)
    house.run_jobs()
    assert publishing_jobs.publish_revision(revision.id, "first") == {"undone": True}
    assert publications(revision) == 0
    db.session.commit()


def test_an_undone_attempt_does_nothing_and_the_plan_stays(house: House) -> None:
    revision = story.given_scheduled(house)
    ends = story.after_undo_window(revision)
    with clock.frozen(clock.now() + dt.timedelta(minutes=14)):
        service.undo(house.actor("director"), revision)
        db.session.commit()
    assert revision.state is State.READY and queries.plan(revision.id) is not None
    with clock.frozen(ends):
        house.run_jobs()
    assert publications(revision) == 0


def test_the_undo_ends_with_the_window(house: House) -> None:
    revision = story.given_scheduled(house)
    with clock.frozen(story.after_undo_window(revision)), pytest.raises(Refused) as refusal:
        service.undo(house.actor("director"), revision)
    assert [r.key for r in refusal.value.reasons] == ["publishing.undo_over"]
    db.session.rollback()


def test_the_same_form_sent_after_an_undo_has_a_whole_window_of_its_own(house: House) -> None:
    revision, director = story.given_scheduled(house, op_key="form"), house.actor("director")
    first_end = story.after_undo_window(revision)
    with clock.frozen(clock.now() + dt.timedelta(minutes=10)):
        service.undo(director, revision)
        service.schedule(director, revision, op_key="form")
        db.session.commit()
    with clock.frozen(first_end):
        house.run_jobs()
        assert publications(revision) == 0
    with clock.frozen(story.after_undo_window(revision)):
        house.run_jobs()
    assert publications(revision) == 1


def test_a_sign_off_gone_stale_gives_the_revision_back(house: House) -> None:
    revision = story.given_scheduled(house)
    draft = standards.clause_draft(revision.id, story.CLAUSE)
    assert draft is not None
    draft.body_zh += "\n\n附加的一句话，没有人签署过。"
    db.session.commit()
    with clock.frozen(story.after_undo_window(revision)):
        house.run_jobs()
    db.session.refresh(revision)
    assert revision.state is State.IN_REVIEW and publications(revision) == 0
    plan = queries.plan(revision.id)
    assert plan is not None and plan.failure.startswith("review.")


def test_a_job_that_comes_after_the_effective_date_binds_nobody_backwards(house: House) -> None:
    revision = story.given_scheduled(house)
    with clock.frozen(clock.now() + 20 * DAY):
        jobs.run_due(limit=1)
    publication = queries.publication_of(revision.id)
    assert publication is not None and publication.effective_on == dt.date(2026, 9, 28)
    assert publication.effective_at > publication.at


def test_it_takes_effect_at_local_midnight_once(house: House) -> None:
    revision, publication = story.given_published(house)
    midnight = dt.datetime(2026, 9, 22, 16, 0, tzinfo=dt.UTC)  # 23 September, 00:00 in Shanghai
    assert publication.effective_at == midnight
    with clock.frozen(midnight - dt.timedelta(seconds=1)):
        service.take_effect()
        assert revision.state is State.SCHEDULED and publication.took_effect_at is None
    with clock.frozen(midnight + 3 * DAY):  # the worker slept: dated with its own instant all the same
        service.take_effect()
        service.take_effect()
    assert revision.state is State.IN_FORCE and publication.took_effect_at == midnight
    steps = [s.move for s in standards.steps(revision.id)]
    assert steps.count(Move.TAKE_EFFECT) == 1


def test_a_clock_set_back_takes_nothing_out_of_force(house: House) -> None:
    revision, publication = story.given_in_force(house)
    with clock.frozen(publication.effective_at - 5 * DAY):
        service.take_effect()
        assert revision.state is State.IN_FORCE and publication.took_effect_at is not None


def test_the_old_text_stays_acceptable_during_the_transition(house: House) -> None:
    revision = story.given_ready(house)
    story.plan_publication(house, revision, transition_days=14)
    service.schedule(house.actor("director"), revision, op_key="t")
    db.session.commit()
    with clock.frozen(story.after_undo_window(revision)):
        jobs.run_due(limit=1)
    publication = queries.publication_of(revision.id)
    assert publication is not None
    for days, accepted in ((1, True), (13, True), (14, False)):
        text = standards.in_force(revision.standard_id, publication.effective_at + days * DAY)
        binding = text.binding(story.CLAUSE)
        assert binding is not None and (binding.also_accepted is not None) is accepted, days


def test_an_emergency_needs_legal_a_reason_and_a_second_person(house: House) -> None:
    revision = story.given_in_review(house)
    director = house.actor("director")
    today = clock.today()
    with pytest.raises(Refused) as refusal:
        service.publish_in_emergency(director, revision, op_key="e", reason="事故", effective_on=today)
    assert [r.key for r in refusal.value.reasons] == ["review.legal_missing"]
    db.session.rollback()
    story.sign(house, revision, story.Kind.LEGAL)
    with pytest.raises(Refused):
        service.publish_in_emergency(director, revision, op_key="e", reason=" ", effective_on=today)
    db.session.rollback()
    story.sign(house, revision, story.Kind.LEGAL)
    plan = service.publish_in_emergency(director, revision, op_key="e", reason="事故", effective_on=today)
    assert plan.approval_due == dt.date(2026, 9, 10) and revision.is_emergency
    db.session.commit()
    with clock.frozen(story.after_undo_window(revision)):
        house.run_jobs()
    assert publications(revision) == 1
    with pytest.raises(Refused) as second:
        service.approve_emergency(director, revision)
    assert [r.key for r in second.value.reasons] == ["publishing.second_person"]
    with pytest.raises(NotAllowed):
        service.approve_emergency(house.actor("drafter"), revision)
    assert waits_for_approval(house, "director") == []
    with clock.frozen(clock.now() + 4 * DAY):
        assert waits_for_approval(house, "director") == [True], "told so as long as nobody else approves"
        assert waits_for_approval(house, "chair") == [False], "theirs to do"
    service.approve_emergency(house.actor("chair"), revision)
    assert plan.approved_by_id == house.person("chair").id
    with clock.frozen(clock.now() + 30 * DAY):
        assert waits_for_approval(house, "director") == waits_for_approval(house, "chair") == []
    db.session.commit()


@pytest.mark.parametrize("days", [-1, 731])
def test_an_emergency_keeps_to_the_calendar(sqlite_house: House, days: int) -> None:
    revision = story.given_signed(sqlite_house)
    with pytest.raises(Invalid):
        service.publish_in_emergency(
            sqlite_house.actor("director"),
            revision,
            op_key="e",
            reason="事故",
            effective_on=clock.today() + days * DAY,
        )


def test_an_emergency_undone_before_the_review_was_over_goes_back_to_review(house: House) -> None:
    revision = story.given_in_review(house)
    story.sign(house, revision, story.Kind.LEGAL)
    director = house.actor("director")
    service.publish_in_emergency(director, revision, op_key="e", reason="事故", effective_on=clock.today())
    service.undo(director, revision)
    assert revision.state is State.IN_REVIEW and not revision.is_emergency
    db.session.commit()


def test_an_unpinned_text_is_pinned_first(house: House) -> None:
    revision, director = story.given_planned(house), house.actor("director")
    version = standards.newest_text_version(revision.id)
    assert version is not None
    version.commit_id = None
    db.session.flush()
    with pytest.raises(Stale):
        service.schedule(director, revision, op_key="p")
    assert service.pin_text(director, revision) is False
    db.session.rollback()


def test_a_publication_keeps_outputs_for_its_readers(house: House) -> None:
    _revision, publication = story.given_published(house)
    keys = set(db.session.scalars(sa.select(jobs.Job.key).where(jobs.Job.name == "make_handbook")))
    assert len(keys) == 2 and publication.version == "1.1"
