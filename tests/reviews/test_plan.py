"""Review plans as data: what they may say, whom they ask in which order, and that a revision keeps the one it began with."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.access import SYSTEM, Role
from app.core.activity import ActivityLine
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed, Refused
from app.notices.models import Notice
from app.people import queries as people
from app.people import service as people_service
from app.reviews import checks, handing, plans, queries, rounds, sign_offs
from app.reviews.freshness import DEFAULT_STEPS, Need, Signed, Step, fields
from app.reviews.models import Decision, ReviewPlan, SignOff, TaskState
from app.reviews.plan import arranged, faults, from_data, in_series, is_turn, picture, to_data
from app.standards import queries as standards
from app.standards.lifecycle import Attempt
from app.standards.models import Revision
from app.standards.workflow import Move
from tests.house_fixtures import House
from tests.review_cases import draft_twelve_hours, make_review

LEGAL, BUSINESS, IT = DEFAULT_STEPS
TEXT = {"c07/zh": "z1", "c09/zh": "z9", "front/zh": "f1"}


def keys(errors: Any) -> set[str]:
    return {e.reason.key for e in errors}


# --- the rules, pure ---


def test_a_plan_comes_back_as_it_was_kept() -> None:
    plan = arranged(
        [replace(BUSINESS, order=7, tags=("refund",), need=Need.COUNT, count=2), LEGAL, IT, BUSINESS]
    )
    assert from_data(to_data(plan)) == plan
    assert [(s.key, s.order) for s in plan] == [("legal", 1), ("it", 1), ("business", 1), ("business-2", 2)]


def test_steps_of_one_order_stand_side_by_side() -> None:
    plan = arranged([LEGAL, replace(BUSINESS, order=2), replace(IT, order=2)])
    assert [(order, [s.key for s in group]) for order, group in in_series(plan)] == [
        (1, ["legal"]),
        (2, ["business", "it"]),
    ]
    drawn = picture(plan)
    places = [box.y for band in drawn.bands for box in band.boxes]
    assert places == sorted(places) and len(set(places)) == 3
    assert drawn.height >= places[-1] + drawn.box_height


@pytest.mark.parametrize(
    ("steps", "key"),
    [
        ([], "review_plan.empty"),
        ([BUSINESS, IT], "review_plan.no_legal"),
        ([replace(LEGAL, is_required=False), IT], "review_plan.no_legal"),
        ([replace(LEGAL, tags=("privacy",)), IT], "review_plan.no_legal"),
        ([LEGAL], "review_plan.no_it"),
        ([replace(LEGAL, order=0), IT], "review_plan.order"),
        ([replace(LEGAL, order=10), IT], "review_plan.order"),
        ([replace(LEGAL, need=Need.COUNT, count=0), IT], "review_plan.count"),
        ([LEGAL, replace(IT, need=Need.COUNT, count=10)], "review_plan.count"),
        ([LEGAL, IT, replace(BUSINESS, tags=("<b>",))], "review_plan.tags"),
        ([LEGAL, IT, replace(BUSINESS, tags=("大促",))], "review_plan.tags"),
        ([LEGAL, IT, replace(BUSINESS, tags=tuple("abcdefghi"))], "review_plan.tags"),
        ([LEGAL, IT, *[BUSINESS] * 11], "review_plan.too_many"),
    ],
)
def test_what_a_plan_may_not_say(steps: list[Step], key: str) -> None:
    assert key in keys(faults(steps))


def test_a_plan_at_its_limits_is_good() -> None:
    assert faults([LEGAL, IT, *[replace(BUSINESS, order=9, need=Need.COUNT, count=9)] * 10]) == []


def test_a_step_waits_for_required_steps_before_it_only() -> None:
    plan = [LEGAL, replace(BUSINESS, order=2, is_required=False), replace(IT, order=3)]
    assert is_turn(plan[1], plan, []) and is_turn(plan[2], plan, ["business"])
    assert not is_turn(plan[1], plan, ["legal"]) and not is_turn(plan[2], plan, ["legal"])
    assert is_turn(plan[0], plan, ["legal", "it"])


@pytest.mark.parametrize(
    ("people", "count", "fresh"),
    [((1,), 2, False), ((1, 1), 2, False), ((1, 2), 2, True), ((1, 2), 3, False), ((1, 2, 3), 2, True)],
)
def test_n_of_m_counts_people_not_signatures(people: tuple, count: int, fresh: bool) -> None:
    step = replace(LEGAL, need=Need.COUNT, count=count)
    signed = [Signed("legal", person, i, True, TEXT) for i, person in enumerate(people)]
    found = fields(signed, TEXT, (), steps=[step])["legal"]
    assert found.is_fresh is fresh
    assert found.open_for(9) == found.open_parts
    assert not found.open_for(1)


def test_another_hash_or_a_refusal_sets_earlier_signatures_aside() -> None:
    step = replace(LEGAL, need=Need.COUNT, count=2)
    one, two = Signed("legal", 1, 1, True, TEXT), Signed("legal", 2, 2, True, TEXT)
    changed = {**TEXT, "c07/zh": "z2"}
    found = fields([one, two], changed, (), steps=[step])["legal"]
    assert [(s.part, s.signed_hash) for s in found.open_parts] == [("c07/zh", "z1")]
    refused = Signed("legal", 3, 3, False, {"c07/zh": "z1"})
    assert not fields([one, two, refused], TEXT, (), steps=[step])["legal"].is_fresh
    apart = [
        one,
        Signed("legal", 2, 2, True, {"c07/zh": "z2"}),
        Signed("legal", 3, 3, True, {"c07/zh": "z1"}),
    ]
    assert not fields(apart, {"c07/zh": "z1"}, (), steps=[step])["legal"].is_fresh


@pytest.mark.parametrize(("asked", "fresh"), [(1, True), (2, True), (3, False), (0, True)])
def test_all_means_everybody_who_is_asked(asked: int, fresh: bool) -> None:
    step = replace(LEGAL, need=Need.ALL)
    signed = [Signed("legal", person, person, True, TEXT) for person in (1, 2)]
    assert fields(signed, TEXT, (), steps=[step], asked={"legal": asked})["legal"].is_fresh is fresh


def test_a_step_with_tags_looks_at_clauses_that_carry_one() -> None:
    step = replace(BUSINESS, tags=("refund", "peak"))
    tagged = {"c07": {"refund"}, "c09": {"privacy"}}
    found = fields([], TEXT, (), steps=[step], tagged=tagged)["business"]
    assert [s.part for s in found.open_parts] == ["c07/zh"]
    assert fields([], {"c09/zh": "x", "front/zh": "y"}, (), steps=[step], tagged=tagged) == {}


# --- the verb ---


def write(
    house: House, *steps: Step, who: str = "director", note: str = "两个业务部门都要看"
) -> ReviewPlan | None:
    with transaction():
        return plans.write_plan(house.actor(who), list(steps), note=note)


@pytest.mark.parametrize("who", ["director", "admin"])
def test_director_and_administrator_write_plans(house: House, who: str) -> None:
    row = write(house, LEGAL, IT, replace(BUSINESS, department="sales"), who=who)
    assert row is not None and [s.key for s in plans.newest_steps()] == ["legal", "it", "business"]
    line = db.session.scalars(sa.select(ActivityLine).where(ActivityLine.object_kind == "review_plan")).one()
    assert (line.verb, line.object_key) == ("review_plan.written", str(row.id))


@pytest.mark.parametrize("who", ["drafter", "lawyer", "chair", "agent"])
def test_nobody_else_writes_plans(sqlite_house: House, who: str) -> None:
    with pytest.raises(NotAllowed):
        write(sqlite_house, LEGAL, IT, who=who)


@pytest.mark.parametrize(
    ("step", "key"),
    [
        (replace(BUSINESS, department="legal"), "review_plan.nobody"),
        (replace(BUSINESS, department="nowhere"), "review_plan.department"),
        (replace(BUSINESS, need=Need.COUNT, count=9), "review_plan.too_few"),
    ],
)
def test_a_plan_that_names_nobody_is_refused(sqlite_house: House, step: Step, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        write(sqlite_house, LEGAL, IT, step)
    assert [e.field.rpartition("-")[2] for e in refused.value.errors] == ["2"]
    assert keys(refused.value.errors) == {key}
    assert plans.all_plans() == []


def test_a_plan_needs_its_reason_and_the_same_plan_is_no_new_one(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        write(house, LEGAL, IT, note="  ")
    assert keys(refused.value.errors) == {"review_plan.note_missing"}
    assert write(house, *DEFAULT_STEPS) is None
    assert plans.all_plans() == []


# --- in the work ---


def tasks_of(revision: Revision) -> list[tuple[str, int | None, TaskState]]:
    return [(t.step, t.assignee_id, t.state) for t in queries.tasks(revision.id)]


def sign(house: House, revision: Revision, step: str, who: str, **more: Any) -> SignOff:
    version = standards.newest_text_version(revision.id)
    assert version is not None
    with transaction():
        return sign_offs.sign_off(
            house.actor(who), revision, step, text_version=version, sign_in_age_seconds=5,
            effort="S" if step.startswith("it") else None, **more,
        )  # fmt: skip


def reasons(revision: Revision) -> list[str]:
    return [r.key for r in checks.prove_sign_offs_fresh(revision, Attempt(Move.SCHEDULE, SYSTEM))]


def planned(house: House, *steps: Step) -> Revision:
    """Returns a revision in review that follows a plan of these steps."""
    write(house, *steps)
    return make_review(house)


def test_a_revision_keeps_the_plan_it_began_with(house: House) -> None:
    revision = make_review(house)
    write(house, LEGAL, IT, replace(BUSINESS, order=2))
    assert plans.steps_of(revision.id) == DEFAULT_STEPS
    draft_twelve_hours(house.actor("drafter"), revision, "10")
    assert {t[0] for t in tasks_of(revision)} == {"legal", "business", "it"}
    assert [s.order for s in plans.steps_of(revision.id + 1)] == [1, 1, 2]


def test_steps_in_series_are_asked_one_after_the_other(house: House) -> None:
    revision = planned(house, LEGAL, replace(IT, order=2), replace(BUSINESS, order=3))
    assert [t[0] for t in tasks_of(revision)] == ["legal"]
    with pytest.raises(Refused) as refused:
        sign(house, revision, "it", "engineer")
    assert refused.value.reasons[0].key == "review.not_yet_turn"
    sign(house, revision, "legal", "lawyer")
    assert [t[0] for t in tasks_of(revision)] == ["legal", "it"]
    told = db.session.query(Notice).filter_by(person_id=house.person("engineer").id, kind="review_asked")
    assert told.count() == 1
    sign(house, revision, "it", "engineer")
    assert reasons(revision) == ["review.sign_off_open"]
    sign(house, revision, "business", "seller")
    assert reasons(revision) == []


def test_a_change_opens_an_earlier_step_and_does_not_ask_a_later_one_meanwhile(house: House) -> None:
    revision = planned(house, LEGAL, replace(IT, order=2), replace(BUSINESS, order=3))
    sign(house, revision, "legal", "lawyer")
    draft_twelve_hours(house.actor("drafter"), revision, "10")
    house.run_jobs()
    db.session.expire_all()
    sign(house, revision, "it", "engineer")
    assert "business" not in [t[0] for t in tasks_of(revision)]
    sign(house, revision, "legal", "lawyer")
    assert ("business", house.person("seller").id, TaskState.WAITING) in tasks_of(revision)


def test_n_of_m_asks_all_and_waits_for_n(house: House) -> None:
    revision = planned(house, LEGAL, IT, replace(BUSINESS, need=Need.COUNT, count=2))
    pool = [p.sign_in_name for p in plans.pool(BUSINESS)]
    asked = [t for t in tasks_of(revision) if t[0] == "business"]
    assert len(asked) == len(pool) >= 2
    first = sign(house, revision, "business", pool[0])
    assert sign(house, revision, "business", pool[0]).id == first.id
    assert not queries.standing(revision)["business"].is_fresh
    sign(house, revision, "business", pool[1])
    assert queries.standing(revision)["business"].is_fresh
    states = [t[2] for t in tasks_of(revision) if t[0] == "business"]
    assert states.count(TaskState.SIGNED) == 2 and TaskState.WAITING not in states


def test_everybody_of_an_all_step_signs_before_it_is_done(house: House) -> None:
    revision = planned(house, replace(LEGAL, need=Need.ALL), IT, BUSINESS)
    pool = [p.sign_in_name for p in plans.pool(LEGAL)]
    assert len(pool) >= 2
    for who in pool:
        assert "review.sign_off_open" in reasons(revision)
        sign(house, revision, "legal", who)
    assert queries.standing(revision)["legal"].is_fresh


def test_advice_is_asked_and_holds_nothing_up(house: House) -> None:
    revision = planned(house, LEGAL, IT, replace(BUSINESS, is_required=False))
    assert [t.is_required for t in queries.tasks(revision.id) if t.step == "business"] == [False]
    sign(house, revision, "legal", "lawyer")
    sign(house, revision, "it", "engineer")
    assert reasons(revision) == []
    assert not queries.standing(revision)["business"].is_fresh


def test_a_step_of_a_department_is_signed_there(house: House) -> None:
    revision = planned(
        house, LEGAL, IT, replace(BUSINESS, department="sales"), replace(BUSINESS, department="operations")
    )
    assert [(t[0], t[1]) for t in tasks_of(revision) if t[0].startswith("business")] == [
        ("business", house.person("seller").id),
        ("business-2", house.person("operator").id),
    ]
    with pytest.raises(NotAllowed):
        sign(house, revision, "business-2", "seller")
    mine = next(t for t in queries.tasks(revision.id) if t.step == "business-2")
    with pytest.raises(Invalid, match=r"review\.not_of_field"):
        handing.hand_over(house.actor("operator"), mine.id, house.person("seller").id)
    row = sign(house, revision, "business-2", "operator", process="大促退货")
    assert (row.decision, row.process) == (Decision.APPROVE_WITH_CONDITIONS, "大促退货")
    assert not queries.standing(revision)["business"].is_fresh


def test_a_step_with_tags_of_no_changed_clause_asks_nobody(house: House) -> None:
    revision = planned(house, LEGAL, IT, replace(BUSINESS, tags=("peak",)))
    assert {t[0] for t in tasks_of(revision)} == {"legal", "it"}
    assert "business" not in queries.standing(revision)


def test_nobody_signs_the_own_text_in_any_step(house: House) -> None:
    with transaction():
        people_service.grant_role(SYSTEM, house.person("drafter").id, Role.LEGAL_REVIEWER)
    revision = planned(house, replace(LEGAL, need=Need.ALL), IT, BUSINESS)
    assert house.person("drafter").id not in {t[1] for t in tasks_of(revision)}
    with pytest.raises(DomainError):
        sign(house, revision, "legal", "drafter")


def test_a_reviewer_who_lost_the_role_meanwhile_cannot_sign(house: House) -> None:
    revision = planned(house, LEGAL, IT, replace(BUSINESS, need=Need.ALL))
    grants = people.grants_of(house.person("operator").id)
    grant = next(g for g in grants if g.role is Role.BUSINESS_REVIEWER)
    with transaction():
        people_service.end_grant(SYSTEM, grant.id)
    with pytest.raises(NotAllowed):
        sign(house, revision, "business", "operator")
    assert "review.sign_off_open" in reasons(revision)


def test_a_plan_survives_rounds_and_takes_back_nobody_who_signed(house: House) -> None:
    revision = planned(house, LEGAL, replace(IT, order=2), replace(BUSINESS, need=Need.ALL))
    pool = [p.sign_in_name for p in plans.pool(BUSINESS)]
    for who in pool:
        sign(house, revision, "business", who)
    with transaction():
        row = rounds.open_round(revision)
    found = {(t.step, t.state) for t in queries.tasks(revision.id) if t.round_id == row.id}
    assert found == {("legal", TaskState.WAITING), ("business", TaskState.SIGNED)}


# --- the page ---
