"""Who is responsible in each stage: read off the law, the permissions, the plan and the news, with today's names."""

from dataclasses import replace

import pytest

from app.core.access import Permission, Role
from app.core.db import transaction
from app.insights.responsibility import GIVEN_BY, WORK, Responsible, responsibilities
from app.people import service as people
from app.reviews.freshness import DEFAULT_STEPS, Kind
from app.standards.workflow import RULES, STAGES, Fact
from tests.house_fixtures import House

CHAIR, DIRECTOR, DRAFTER = Role.COMMITTEE_CHAIR, Role.SERVICE_DIRECTOR, Role.DRAFTER
LEGAL, BUSINESS, IT = Role.LEGAL_REVIEWER, Role.BUSINESS_REVIEWER, Role.IT_REVIEWER


def stage(number: int, plan=DEFAULT_STEPS) -> Responsible:
    return responsibilities(plan)[number - 1]


@pytest.mark.parametrize(
    ("number", "carries_out", "answers", "consulted", "informed"),
    [
        (1, (), (DIRECTOR,), {CHAIR}, {Role.ASSESSOR, DRAFTER}),
        (2, (Role.ASSESSOR,), (CHAIR,), {DIRECTOR}, {DRAFTER, Role.PROPOSER}),
        (3, (DRAFTER,), (DRAFTER,), {CHAIR}, {Role.PROPOSER}),
        (4, (LEGAL, BUSINESS, IT), (DIRECTOR,), {Role.PILOT_LEAD, CHAIR}, {DRAFTER, Role.PROPOSER}),
        (5, (Role.PILOT_LEAD,), (DIRECTOR,), set(), {DRAFTER, Role.PROPOSER}),
        (6, (DIRECTOR,), (DIRECTOR,), {LEGAL, BUSINESS, IT, Role.TRAINER, CHAIR}, {DRAFTER, Role.PROPOSER}),
        (7, (Role.TRAINER,), (DIRECTOR,), set(), {DRAFTER, Role.PROPOSER}),
        (8, (Role.QA_AUDITOR,), (Role.QA_AUDITOR,), set(), set()),
        (9, (Role.QA_AUDITOR,), (Role.QA_AUDITOR,), set(), set()),
    ],
)
def test_each_stage_has_the_people_the_law_gives_it(
    number: int, carries_out: tuple, answers: tuple, consulted: set, informed: set
) -> None:
    found = stage(number)
    assert found.carries_out.is_everybody == (number == 1)
    assert (found.carries_out.roles, found.answers.roles) == (carries_out, answers)
    assert (set(found.consulted.roles), set(found.informed.roles)) == (consulted, informed)
    assert found.ends_by_itself == (number == 7)


def test_the_review_follows_the_plan_and_not_a_list() -> None:
    plan = tuple(
        replace(step, is_required=False) if step.kind is Kind.BUSINESS else step for step in DEFAULT_STEPS
    )
    assert stage(4, plan).carries_out.roles == (LEGAL, IT)
    assert BUSINESS in stage(4, plan).consulted.roles


def test_no_stage_and_no_word_that_a_move_waits_for_is_left_out() -> None:
    assert tuple(WORK) == STAGES
    looked_up = {fact for rule in RULES for fact in rule.facts} - GIVEN_BY.keys()
    # Proved from rows, by a day that comes, or by the one who moves; whoever adds a fact says which it is.
    assert looked_up == {
        Fact.COMPLETE, Fact.DUPLICATES_SEEN, Fact.CLAUSES_FREE, Fact.EVIDENCE_ATTACHED, Fact.BENEFIT_STATED,
        Fact.REASON_GIVEN, Fact.CLAUSE_REASON_GIVEN, Fact.SOMETHING_CHANGED, Fact.CHANGES_CLASSIFIED,
        Fact.NO_STOPPING_CHECK, Fact.SIGN_OFF_STALE, Fact.PILOT_UNDECIDED, Fact.PILOT_MAY_END, Fact.FOUR_EYES,
        Fact.OUTPUTS_READY, Fact.LANGUAGES_IN_STEP, Fact.NOTICE_DAYS_KEPT, Fact.HYPOTHESIS_REGISTERED,
        Fact.INSIDE_UNDO_WINDOW, Fact.EFFECTIVE_DATE_COME, Fact.EFFECT_EVALUATED,
    }  # fmt: skip
    assert all(isinstance(permission, Permission) for permission in GIVEN_BY.values())


def test_the_page_names_who_holds_the_role_today_and_a_stage_without_anybody(web: House) -> None:
    client = web.client("director", "en")
    page = client.get("/insights/process").text
    table = page[page.index('id="responsible-table-caption"') :]
    assert "Who is responsible in each stage" in page
    with web.app.app_context():
        trainer = web.person("trainer")
        name, person_id = trainer.name_latin, trainer.id
        assert name in table
        before = table.count("icon")
        with transaction():
            people.deactivate(web.actor("admin"), person_id)
    page = client.get("/insights/process").text
    table = page[page.index('id="responsible-table-caption"') :]
    assert name not in table
    assert table.count("icon") == before + 1, "the stage of training has nobody now"
