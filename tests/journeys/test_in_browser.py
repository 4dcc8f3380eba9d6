"""The jobs of six people in a real browser, each within the clicks that were promised to them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from app.audits import queries as audits
from app.audits.models import SampleState
from app.core import clock, jobs
from app.core.db import db, transaction
from app.reviews import checklists, questions
from app.reviews import queries as reviews
from app.reviews.freshness import Kind
from app.reviews.models import Answer
from app.standards import drafting
from app.standards import queries as standards
from app.standards.drafting import ClauseText
from app.standards.models import Materiality, NeedSource, Revision
from app.training import queries as training
from app.training import service as teaching
from tests import audit_cases, proposal_cases, review_cases, story
from tests.browser_fixtures import OpenPage
from tests.house_fixtures import House
from tests.journeys.walking import Hand, StillHouse, sign_in
from tests.servers import serve

QUESTION = {
    "zh": {"question": "几小时内答复？", "options": ["24 小时", "12 小时"], "why": ""},
    "en": {"question": "Within how many hours?", "options": ["24 hours", "12 hours"], "why": ""},
}
FIVE = ("c03", "c05", "c07", "c08", "c12")


@pytest.fixture
def still(web: House) -> StillHouse:
    """The house as a browser meets it; a journey may move its moment."""
    return StillHouse(web)


@pytest.fixture
def site(still: StillHouse) -> Iterator[str]:
    """The address of the house."""
    with serve(still) as address:  # type: ignore[arg-type]
        yield address


@pytest.fixture
def hand(web: House, site: str, open_page: OpenPage):
    """Returns `begin(name, **how)`: a person at a browser, signed in unless the name is None."""

    def begin(name: str | None, **how: bool) -> Hand:
        page = open_page(**how)
        if name is not None:
            sign_in(page, web, site, name)
        return Hand(page, site)

    begin.site = site  # type: ignore[attr-defined]
    return begin


def given_five_in_review(house: House) -> Revision:
    """Returns a revision in review with five changed clauses."""
    revision = review_cases.make_drafting(house, FIVE)
    before = standards.published_documents(revision.standard)["zh"]
    for clause_id in set(FIVE) - {"c07"}:
        with transaction():
            words = before.clause(clause_id).body + "\n\n客服应当主动告知客户。"
            text = ClauseText(body_zh=words, materiality=Materiality.MATERIAL)
            drafting.save_clause(house.actor("drafter"), revision, clause_id, text, seen_version=None)
    review_cases.draft_twelve_hours(house.actor("drafter"), revision)
    with transaction():
        review_cases.submitting.submit(house.actor("drafter"), revision)
    house.run_jobs()
    return revision


def standing(house: House, kind: Kind):
    """Returns how far the field has signed the only revision."""
    with house.app.app_context():
        return reviews.standing(standards.revision("26-001"))[kind]


def propose(web: House, director: Hand, begins: Locator, number: str = "26-001") -> Revision:
    """From where the director stands to a submitted proposal: one sentence to write, which is no click."""
    director.click(begins)
    director.page.locator("#benefit").fill("客户当天就知道能不能退")
    director.click(director.page.locator("main button[data-primary]"))
    expect(director.page).to_have_url(re.compile(f"/new/{number}/check$"))
    director.click(director.page.locator("main button[data-primary]"))
    expect(director.page).to_have_url(re.compile(f"/new/{number}/sent$"))
    assert director.count <= 3
    with web.app.app_context():
        revision = standards.revision(number)
        assert revision.state == "proposed" and revision.benefit == "客户当天就知道能不能退"
        assert standards.clause_ids(revision.id) == ["c07"]
        return revision


def test_the_director_makes_a_proposal_of_an_issue_in_three(web: House, hand) -> None:
    with web.app.app_context():
        number = proposal_cases.make_issue(web.folder).number
    director = hand("director")
    director.stands_on(f"/e/{number}")
    revision = propose(web, director, director.page.locator(".sticky a[data-primary]"))
    assert revision.source == NeedSource.COMPLAINTS


def test_the_director_makes_a_proposal_of_a_clause_in_three(web: House, hand) -> None:
    with web.app.app_context():
        proposal_cases.make_issue(web.folder)
    director = hand("director")
    director.stands_on("/s/cs-04/c07")
    revision = propose(web, director, director.page.locator(".sticky a[data-primary]"))
    assert revision.source == NeedSource.COMPLAINTS  # the clause knows its complaints


def test_a_colleague_makes_a_proposal_of_a_clause_nobody_complained_about_in_three(web: House, hand) -> None:
    with web.app.app_context():
        story.given_standard()
    agent = hand("agent")
    agent.stands_on("/s/cs-04/c09")
    agent.click(agent.page.locator(".sticky a[data-primary]"))
    agent.page.locator("#title").fill("退款进度看不到")
    agent.page.locator("#problem").fill("客户每天打电话来问退款到哪一步了")
    agent.click(agent.page.locator("main button[data-primary]"))
    expect(agent.page).to_have_url(re.compile("/new/26-001/check"))
    agent.page.locator("#benefit").fill("不用打电话也知道退到哪一步")
    agent.click(agent.page.locator("main button[data-primary]"))
    expect(agent.page).to_have_url(re.compile("/new/26-001/sent$"))
    assert agent.count <= 3
    with web.app.app_context():
        assert standards.clause_ids(standards.revision("26-001").id) == ["c09"]


def test_the_director_makes_a_proposal_of_findings_in_three(web: House, hand, tmp_path: Path) -> None:
    with web.app.app_context():
        plan, _scored = audit_cases.given_scored(web, tmp_path)
        jobs.run_due(leave=("make_handbook",))
        month = plan.month
    director = hand("director")
    director.stands_on(f"/a/report/{month}")
    begins = director.page.locator(f"a[href='/new?finding={month}/CS-04-C07']")
    revision = propose(web, director, begins)
    assert revision.source == NeedSource.AUDIT


def test_the_drafter_saves_a_clause_in_three(web: House, hand) -> None:
    with web.app.app_context():
        story.given_accepted(web)
    drafter = hand("drafter")
    drafter.stands_on("/r/26-001")
    drafter.click(drafter.page.locator(".sticky [data-primary]"))
    drafter.write(drafter.page.locator("#body_zh"), "客服收到退换货申请后，应在 12 小时内答复。")
    expect(drafter.page.locator("#preview ins").first).to_be_visible()  # what changes is shown while writing
    with drafter.page.expect_navigation():
        drafter.click(drafter.page.locator("button[data-save]"))
    assert drafter.count <= 3
    with web.app.app_context():
        draft = standards.clause_draft(standards.revision("26-001").id, "c07")
        assert draft is not None and "12 小时内答复" in draft.body_zh


def test_the_lawyer_signs_five_changes_in_fifteen(web: House, hand) -> None:
    with web.app.app_context():
        given_five_in_review(web)
    lawyer = hand("lawyer")
    lawyer.stands_on("/r/26-001/review")
    seen = lawyer.page.locator("button[name=mark][value=seen]")
    assert seen.count() == len(FIVE)
    for place in range(len(FIVE)):
        with lawyer.page.expect_navigation():
            lawyer.click(seen.nth(place))
    for question in lawyer.page.locator("#checklist fieldset").all():
        lawyer.click(question.locator(".seg label").first)
    lawyer.click(lawyer.page.locator(".sticky [data-primary]"))
    expect(lawyer.page).to_have_url(re.compile("/review/signed/legal$"))
    assert lawyer.count <= 15
    assert standing(web, Kind.LEGAL).is_fresh


def test_the_lawyer_checks_one_reopened_clause_again_in_two(web: House, hand) -> None:
    with web.app.app_context():
        revision = review_cases.make_review(web)
        for item in questions.asked_items(revision, Kind.LEGAL):
            checklists.answer_checklist(web.actor("lawyer"), revision, Kind.LEGAL, item, Answer.MET)
        story.sign(web, revision, Kind.LEGAL)
        db.session.commit()
        review_cases.draft_twelve_hours(web.actor("drafter"), revision, "10")
        web.run_jobs()
    assert not standing(web, Kind.LEGAL).is_fresh
    lawyer = hand("lawyer")
    lawyer.open("/r/26-001/review")
    assert [x.inner_text() for x in lawyer.page.locator(".review-clause h3 .id").all()] == ["CS-04-C07"]
    lawyer.click(lawyer.page.locator(".sticky [data-primary]"))
    expect(lawyer.page).to_have_url(re.compile("/review/signed/legal$"))
    assert lawyer.count <= 2
    assert standing(web, Kind.LEGAL).is_fresh


def test_the_agent_acknowledges_on_a_phone_in_three_taps(web: House, still: StillHouse, hand) -> None:
    with web.app.app_context():
        _revision, publication = story.given_published(web)
        with clock.frozen(publication.at):
            jobs.run_due(leave=("make_handbook",))
        row = next(v for v in training.versions(publication.standard_id) if v.order == publication.id)
        with transaction():
            teaching.add_question(
                web.actor("trainer"),
                publication.standard,
                row.clause_id,
                row.clause_hash,
                **QUESTION,
                right=1,  # type: ignore[arg-type]
            )
        still.moment = publication.at
    agent = hand("agent", phone=True)
    agent.page.set_viewport_size({"width": 375, "height": 667})
    agent.open("/ack/26-001")
    assert agent.page.evaluate("document.documentElement.scrollWidth") <= 375
    agent.click(agent.page.get_by_label("12 小时", exact=True))
    agent.click(agent.page.locator("button[data-primary]"))
    expect(agent.page).to_have_url(re.compile("/ack/cs-04/done$"))
    assert agent.count <= 3
    with web.app.app_context():
        assert training.newest_done(web.person("agent").id, standards.standard("cs-04").id) is not None


def test_a_customer_suggests_from_a_clause_in_three(web: House, hand) -> None:
    with web.app.app_context(), transaction():
        story.given_standard()
    customer = hand(None)
    customer.stands_on("/commitments/cs-04")
    customer.click(customer.page.locator("#c07 a[href*=suggest]"))
    customer.write(customer.page.locator("#text"), "写清楚多久答复")
    customer.click(customer.page.locator("main button[data-primary]"))
    expect(customer.page).to_have_url(re.compile("/suggest/S-"))
    expect(customer.page.locator("main")).to_contain_text("写清楚多久答复")
    assert customer.count <= 3


def test_the_auditor_scores_a_card_with_keys_only(web: House, hand, tmp_path: Path) -> None:
    with web.app.app_context():
        plan, _drawn = audit_cases.given_drawn(web, tmp_path, size=3)
        plan_id = plan.id
    auditor = hand("auditor").page
    auditor.goto(f"{hand.site}/a/{audit_cases.MONTH}/next")
    address = auditor.url
    keys = auditor.keyboard
    keys.press("j")
    for question in auditor.locator("[data-keys-row]").all():
        expect(question).to_be_focused()
        if question.locator(".tag-bad").filter(has_text="26").count():
            keys.press("n")
            keys.type("原话：“您再等等吧”")
            keys.press("Escape")
            keys.press("2")
        else:
            keys.press("1")
    keys.press("Control+Enter")
    expect(auditor).not_to_have_url(address)
    with web.app.app_context():
        assert len(audits.samples(plan_id, SampleState.SCORED)) == 1
