"""Signing binds to what was read: scope, stale texts, authors, double clicks, handing over, urging."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.core import activity, clock
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, Refused, Stale
from app.notices.models import Notice, OutgoingMail
from app.reviews import (
    checklists,
    handing,
    queries,
    questions,
    service,
    sign_offs,
)
from app.reviews.checklists import Answered
from app.reviews.freshness import Kind
from app.reviews.models import Answer, ReviewTask, SignOff, TaskState
from app.standards import drafting
from app.standards import queries as standards
from app.standards.drafting import ClauseText
from app.standards.manifest import fingerprint_of
from app.standards.models import Revision
from app.standards.workflow import State
from tests.house_fixtures import House
from tests.review_cases import draft_twelve_hours, make_review

SIGNERS = {Kind.LEGAL: "lawyer", Kind.BUSINESS: "seller", Kind.IT: "engineer"}


def version(revision: Revision):
    found = standards.newest_text_version(revision.id)
    assert found is not None
    return found


def sign(house: House, revision: Revision, kind: Kind, who: str = "", **more: object) -> SignOff:
    with transaction():
        return sign_offs.sign_off(
            house.actor(who or SIGNERS[kind]),
            revision,
            kind,
            text_version=version(revision),
            effort="S" if kind is Kind.IT else None,
            sign_in_age_seconds=60,
            **more,  # type: ignore[arg-type]
        )


def states(revision: Revision) -> dict[Kind, TaskState]:
    return {t.kind: t.state for t in queries.tasks(revision.id)}


def save(house: House, revision: Revision, clause_id: str, **text: str) -> None:
    draft = standards.clause_draft(revision.id, clause_id)
    seen = draft.lock_version if draft else None
    with transaction():
        drafting.save_clause(
            house.actor("drafter"), revision, clause_id, ClauseText(**text), seen_version=seen
        )
    house.run_jobs()
    db.session.expire_all()


def words_of(revision: Revision, clause_id: str) -> str:
    return standards.published_documents(revision.standard)["zh"].clause(clause_id).body


def test_submitting_asks_one_person_of_each_field(house: House) -> None:
    revision = make_review(house)
    assert revision.state is State.IN_REVIEW
    assert states(revision) == dict.fromkeys(Kind, TaskState.WAITING)
    names = {t.kind: t.assignee_id for t in queries.tasks(revision.id)}
    assert names == {kind: house.person(who).id for kind, who in SIGNERS.items()}
    assert version(revision).is_pinned


def test_a_signature_holds_the_parts_that_were_read(house: House) -> None:
    revision = make_review(house)
    row = sign(house, revision, Kind.LEGAL)
    assert {x.part for x in row.lines} == {"c07/zh", "c07/en", "c07/measures", "c07/claim"}
    assert row.fingerprint == fingerprint_of({x.part: x.part_sha256 for x in row.lines})
    assert row.zone == "Asia/Shanghai"
    assert states(revision)[Kind.LEGAL] is TaskState.SIGNED
    assert queries.standing(revision)[Kind.LEGAL].is_fresh


def test_a_double_click_is_one_signature(house: House) -> None:
    revision = make_review(house)
    first, second = sign(house, revision, Kind.LEGAL), sign(house, revision, Kind.LEGAL)
    assert first.id == second.id
    assert len(queries.sign_offs(revision.id)) == 1
    with pytest.raises(Refused, match=r"review\.signed_already"):
        sign(house, revision, Kind.LEGAL, "lawyer2")
    db.session.rollback()


def test_a_change_outside_the_field_keeps_the_signature(house: House) -> None:
    revision = make_review(house)
    for kind in Kind:
        sign(house, revision, kind)
    save(house, revision, "c12", body_zh=words_of(revision, "c12") + "\n\n另行告知客户。")
    assert states(revision) == {
        Kind.LEGAL: TaskState.RECHECK,
        Kind.BUSINESS: TaskState.RECHECK,
        Kind.IT: TaskState.SIGNED,
    }
    standing = queries.standing(revision)
    assert {s.clause_id for s in standing[Kind.LEGAL].open_parts} == {"c12"}
    assert standing[Kind.IT].is_fresh


def test_a_change_inside_reopens_only_that_clause_and_says_why(house: House) -> None:
    revision = make_review(house, ("c07", "c12"))
    save(house, revision, "c12", body_zh=words_of(revision, "c12") + "\n\n另行告知客户。")
    for kind in Kind:
        sign(house, revision, kind)
    draft_twelve_hours(house.actor("drafter"), revision, "10")
    house.run_jobs()
    assert set(states(revision).values()) == {TaskState.RECHECK}
    for field in queries.standing(revision).values():
        assert {s.clause_id for s in field.open_parts} == {"c07"}
        assert field.is_recheck
    lines = db.session.scalars(
        sa.select(activity.ActivityLine).where(activity.ActivityLine.verb == "review.reopened")
    )
    assert {line.data["kind"] for line in lines if line.data["clauses"] == ["c07"]} == {
        "legal",
        "business",
        "it",
    }
    row = sign(house, revision, Kind.LEGAL)
    assert {x.part for x in row.lines} == {"c07/zh", "c07/en", "c07/measures", "c07/claim"}
    assert queries.standing(revision)[Kind.LEGAL].is_fresh


def test_going_back_to_the_signed_text_asks_nobody(house: House) -> None:
    revision = make_review(house)
    sign(house, revision, Kind.LEGAL)
    draft_twelve_hours(house.actor("drafter"), revision, "10")
    house.run_jobs()
    assert states(revision)[Kind.LEGAL] is TaskState.RECHECK
    draft_twelve_hours(house.actor("drafter"), revision, "12")
    house.run_jobs()
    assert states(revision)[Kind.LEGAL] is TaskState.SIGNED
    assert queries.standing(revision)[Kind.LEGAL].is_fresh


def test_text_changed_while_signing_names_the_clauses(house: House) -> None:
    revision = make_review(house)
    read = version(revision)
    shown = {s.part: s.current_hash for s in queries.standing(revision)[Kind.LEGAL].open_parts}
    draft_twelve_hours(house.actor("drafter"), revision, "10")
    house.run_jobs()
    with pytest.raises(Stale) as caught:
        sign_offs.sign_off(
            house.actor("lawyer"), revision, Kind.LEGAL, text_version=read, parts=shown, sign_in_age_seconds=1
        )
    assert caught.value.reasons[0].key == "review.text_moved_on"
    assert caught.value.reasons[0].params["clauses"] == "C07"
    db.session.rollback()
    assert queries.sign_offs(revision.id) == []


def test_a_change_elsewhere_does_not_stop_who_read_an_earlier_version(house: House) -> None:
    revision = make_review(house)
    read = version(revision)
    shown = {s.part: s.current_hash for s in queries.standing(revision)[Kind.IT].open_parts}
    save(house, revision, "c12", body_zh=words_of(revision, "c12") + "\n\n另行告知客户。")
    with transaction():
        row = sign_offs.sign_off(
            house.actor("engineer"), revision, Kind.IT,
            text_version=read, parts=shown, effort="M", sign_in_age_seconds=1,
        )  # fmt: skip
    assert row.text_version_id == read.id
    assert queries.standing(revision)[Kind.IT].is_fresh


def test_hashes_that_were_never_shown_are_refused(house: House) -> None:
    revision = make_review(house)
    for parts in ({"c07/zh": "0" * 64}, {"c99/zh": "0" * 64}, {}):
        with pytest.raises(Stale):
            sign_offs.sign_off(
                house.actor("lawyer"), revision, Kind.LEGAL,
                text_version=version(revision), parts=parts, sign_in_age_seconds=1,
            )  # fmt: skip
        db.session.rollback()


def test_who_wrote_in_the_text_does_not_sign_it(house: House) -> None:
    revision = make_review(house)
    draft = standards.clause_draft(revision.id, "c07")
    assert draft is not None
    draft.author_ids = [*draft.author_ids, house.person("lawyer").id]
    db.session.commit()
    with pytest.raises(NotAllowed, match=r"review\.own_text"):
        sign(house, revision, Kind.LEGAL)
    db.session.rollback()
    task = next(t for t in queries.tasks(revision.id) if t.kind is Kind.LEGAL)
    task.assignee_id = house.person("lawyer2").id
    with pytest.raises(Invalid, match=r"review\.author_may_not"):
        handing.hand_over(house.actor("lawyer2"), task.id, house.person("lawyer").id)
    db.session.rollback()


@pytest.mark.parametrize("who", ["drafter", "director", "admin", "seller", "outside"])
def test_only_the_field_signs(sqlite_house: House, who: str) -> None:
    revision = make_review(sqlite_house)
    with pytest.raises(NotAllowed):
        sign(sqlite_house, revision, Kind.LEGAL, who)
    db.session.rollback()


def test_it_says_how_much_work_it_is(house: House) -> None:
    revision = make_review(house)
    with pytest.raises(Invalid, match=r"review\.effort_missing"):
        sign_offs.sign_off(
            house.actor("engineer"), revision, Kind.IT, text_version=version(revision), sign_in_age_seconds=1
        )
    db.session.rollback()


def test_the_checklist_stands_in_the_way_of_nothing_but_the_signature(house: House) -> None:
    revision = make_review(house)
    lawyer = house.actor("lawyer")
    asked = questions.asked_items(revision, Kind.LEGAL)
    assert asked
    given = {asked[0]: Answered(Answer.MET), asked[1]: Answered(Answer.NOT_MET)}
    with transaction():
        errors = checklists.answer_all(lawyer, revision, Kind.LEGAL, given, asked)
    assert {e.field for e in errors} == set(asked) - {asked[0]}
    assert set(questions.answers(revision.id, Kind.LEGAL)) == {asked[0]}
    given = {key: Answered(Answer.NOT_MET, "c07", "缺例外") for key in asked}
    with transaction():
        errors = checklists.answer_all(lawyer, revision, Kind.LEGAL, given, asked)
    assert {e.reason.key for e in errors} == {"review.not_met_open"}
    with transaction():
        errors = checklists.answer_all(
            lawyer, revision, Kind.LEGAL, {key: Answered(Answer.MET) for key in asked}, asked
        )
    assert errors == []


def test_sending_back_closes_the_round_and_keeps_what_is_signed(house: House) -> None:
    revision = make_review(house)
    sign(house, revision, Kind.BUSINESS)
    with transaction():
        service.send_back(house.actor("lawyer"), revision, Kind.LEGAL, clause_id="c07", reason="写明例外")
    assert revision.state is State.DRAFTING
    assert queries.standing(revision)[Kind.BUSINESS].is_fresh
    with pytest.raises(Refused):
        sign(house, revision, Kind.IT)
    db.session.rollback()


@pytest.mark.parametrize(("clause_id", "reason"), [("c07", "  "), ("", "写明例外"), ("c01", "写明例外")])
def test_sending_back_names_a_clause_and_a_reason(sqlite_house: House, clause_id: str, reason: str) -> None:
    revision = make_review(sqlite_house)
    with pytest.raises(Refused):
        service.send_back(
            sqlite_house.actor("lawyer"), revision, Kind.LEGAL, clause_id=clause_id, reason=reason
        )
    db.session.rollback()
    assert revision.state is State.IN_REVIEW


def task_of(revision: Revision, kind: Kind = Kind.LEGAL) -> ReviewTask:
    return next(t for t in queries.tasks(revision.id) if t.kind is kind)


def test_handing_over_stays_in_the_field(house: House) -> None:
    revision = make_review(house)
    task = task_of(revision)
    with pytest.raises(Invalid, match=r"review\.not_of_field"):
        handing.hand_over(house.actor("lawyer"), task.id, house.person("seller").id)
    with pytest.raises(NotAllowed):
        handing.hand_over(house.actor("seller"), task.id, house.person("lawyer2").id)
    with transaction():
        handing.hand_over(house.actor("lawyer"), task.id, house.person("lawyer2").id)
    assert task_of(revision).assignee_id == house.person("lawyer2").id
    row = sign(house, revision, Kind.LEGAL, "lawyer2")
    assert row.signer_id == house.person("lawyer2").id
    with pytest.raises(Refused, match=r"review\.task_done"):
        handing.hand_over(house.actor("director"), task_of(revision).id, house.person("lawyer").id)


def urged() -> list[tuple[int, int]]:
    """Returns who was urged by whom, oldest first."""
    rows = db.session.scalars(sa.select(Notice).where(Notice.kind == "urged").order_by(Notice.id))
    return [(row.person_id, row.params["who"]) for row in rows]


def test_a_reviewer_of_two_fields_is_urged_once_a_day_and_a_field_without_anybody_not_at_all(
    house: House,
) -> None:
    revision = make_review(house)
    legal, business = task_of(revision), task_of(revision, Kind.BUSINESS)
    director = house.actor("director")
    business.assignee_id = legal.assignee_id
    db.session.flush()
    handing.urge(director, business.id)
    with pytest.raises(Refused, match=r"review\.urged_today"):
        handing.urge(director, legal.id)
    assert len(urged()) == 1
    # Whoever takes it over has not been asked yet.
    handing.hand_over(director, legal.id, house.person("lawyer2").id)
    handing.urge(director, legal.id)
    assert [person for person, _who in urged()] == [business.assignee_id, house.person("lawyer2").id]
    business.assignee_id = None
    db.session.flush()
    with pytest.raises(Refused, match=r"review\.nobody_asked"):
        handing.urge(director, business.id)


def test_urging_is_polite_once_a_day(house: House) -> None:
    revision = make_review(house)
    task = task_of(revision)
    with pytest.raises(NotAllowed):
        handing.urge(house.actor("seller"), task.id)
    with transaction():
        handing.urge(house.actor("director"), task.id)
    with pytest.raises(Refused, match=r"review\.urged_today"):
        handing.urge(house.actor("drafter"), task.id)
    assert urged() == [(house.person("lawyer").id, house.person("director").id)]
    mail = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.key.like("notice:%"))).all()[-1]
    assert mail.subject == "王芳想确认：26-001 的评审今天能完成吗？不方便可以转交。"
    assert "/r/26-001/review" in mail.text
    with clock.frozen(clock.now() + dt.timedelta(days=1)), transaction():
        handing.urge(house.actor("drafter"), task.id)
    assert len(urged()) == 2
    sign(house, revision, Kind.LEGAL)
    with clock.frozen(clock.now() + dt.timedelta(days=2)), pytest.raises(Refused, match=r"review\.task_done"):
        handing.urge(house.actor("director"), task.id)
