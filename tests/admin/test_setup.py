"""The page on which a company begins, over HTTP: sets and references, departments, posts kept apart, all of it twice."""

import re

import pytest
import sqlalchemy as sa

from app.core.access import Role
from app.core.activity import ActivityLine
from app.core.db import db
from app.people import organisation, queries
from app.standards import founding, starter
from app.standards.models import Publication, Standard
from tests.house_fixtures import House, csrf

SMALLEST = "new_team"


def send(web: House, step: str, language: str = "en", **values: object):
    """Sends one of the three forms as the administrator and returns the answer."""
    client = web.client("admin", language)
    page = client.get("/admin/setup?size=small").text
    return client.post(f"/admin/setup/{step}", data={**csrf(page), **values}, follow_redirects=True)


def codes() -> dict[str, list[str]]:
    """The versions of each standard there is."""
    rows = db.session.execute(sa.select(Standard.code, Publication.version).join(Publication))
    made: dict[str, list[str]] = {}
    for code, version in rows:
        made.setdefault(code, []).append(version)
    return made


def lines(verb: str) -> list[tuple[str, str]]:
    rows = db.session.scalars(sa.select(ActivityLine).where(ActivityLine.verb == verb))
    return [(row.object_key, row.subject) for row in rows]


def test_a_set_comes_in_with_what_it_refers_to_and_again_changes_nothing(web: House) -> None:
    first = send(web, "standards", set=SMALLEST)
    assert (
        first.status_code == 200 and "Brought along because others refer to it: CS-02, CS-04." in first.text
    )
    with web.app.app_context():
        expected = starter.with_references(starter.codes_of(SMALLEST))
        assert codes() == {code: ["1.0"] for code in expected}
        admin = web.person("admin").subject
        assert lines("standard.chosen") == [(code, admin) for code in expected]
        assert {subject for _key, subject in lines("standard.made")} == {"system"}
        director = web.person("director").id
        assert set(db.session.scalars(sa.select(Standard.owner_id))) == {director}
    again = send(web, "standards", set=SMALLEST)
    assert "were there already" in again.text
    with web.app.app_context():
        assert codes() == {code: ["1.0"] for code in expected}
        assert len(lines("standard.chosen")) == len(expected)
    page = web.client("admin", "zh").get("/admin/setup").text
    assert "标准库共 17 项，已引入 7 项" in page and "共 7 项标准，已有 7 项" in page


def test_standards_are_picked_by_hand_and_a_company_keeps_its_own(web: House) -> None:
    with web.app.app_context():
        founding.bring(web.actor("admin"), ["cs-17"])
    page = web.client("admin", "en").get("/admin/setup").text
    assert 'value="cs-16"' in page and 'value="cs-17"' not in page
    answer = send(web, "standards", by_hand="1", standards=["cs-17", "cs-01"])
    assert "1 standard is new: CS-01." in answer.text
    with web.app.app_context():
        assert codes() == {"cs-01": ["1.0"], "cs-17": ["1.0"]}


@pytest.mark.parametrize(
    ("step", "values", "words"),
    [
        ("standards", {}, "Choose one of the sets."),
        ("standards", {"set": "huge"}, "There is no set called huge."),
        ("standards", {"by_hand": "1"}, "Tick at least one standard."),
        ("standards", {"by_hand": "1", "standards": "cs-99"}, "The starter library has no standard cs-99."),
        ("standards", {"by_hand": "1", "standards": "../../etc"}, "has no standard ../../etc."),
        ("standards", {"by_hand": "1", "standards": ["cs-01", "<b>"]}, "has no standard &lt;b&gt;."),
        ("organisation", {"size": "gigantic"}, "There is no preset called gigantic."),
        ("posts", {"size": "small", "post-king": "1"}, "This preset has no such post."),
        ("posts", {"size": "small", "post-lead": "99999"}, "There is no such person."),
        ("posts", {"size": "small", "post-lead": "one"}, "There is no such person."),
        ("posts", {"size": "gigantic", "post-lead": "1"}, "There is no preset called gigantic."),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    web: House, step: str, values: dict[str, str], words: str
) -> None:
    with web.app.app_context():
        grants = len(lines("role.granted"))
    answer = send(web, step, **values)
    assert answer.status_code == 422 and words in answer.text
    summary = answer.text.split('class="errors"')[1].split("<h1")[0]
    assert all(f'id="{place}"' in answer.text for place in re.findall(r'href="#([\w-]+)"', summary))
    with web.app.app_context():
        assert codes() == {} and len(lines("role.granted")) == grants


def test_departments_and_teams_are_added_once(web: House) -> None:
    assert "5 departments and teams are new." not in send(web, "organisation", size="large").text
    with web.app.app_context():
        teams = {team.code for team in queries.teams()}
        assert {"service-operations", "first-line", "second-line", "quality"} <= teams
        assert len([d for d in queries.departments() if d.code == "service"]) == 1
    assert "All departments and teams were there already." in send(web, "organisation", size="large").text


def test_posts_bring_their_roles_and_four_eyes_stay(web: House) -> None:
    with web.app.app_context():
        ids = {name: web.person(name).id for name in ("admin", "agent", "agent2", "chair", "director")}
    one = {"size": "small", "post-director": ids["agent2"], "post-lead": ids["agent2"]}
    refused = send(web, "posts", **one)
    assert refused.status_code == 422 and "would write texts and also sign or publish them" in refused.text
    own = send(web, "posts", **{"size": "small", "post-quality": ids["agent"]})
    assert own.status_code == 422 and "serve customers and also check" in own.text, (
        "the role held already counts"
    )
    several = {
        "size": "small",
        "post-second": ids["chair"],
        "post-chair": ids["chair"],
        "post-lead": ids["agent"],
    }
    assert "9 roles were granted." in send(web, "posts", **several).text
    assert "Nothing was granted" in send(web, "posts", **several).text
    with web.app.app_context():
        roles = queries.roles_of([ids["chair"], ids["agent"]])
        assert {Role.LEGAL_REVIEWER, Role.IT_REVIEWER, Role.COMMITTEE_CHAIR} <= set(roles[ids["chair"]])
        assert {Role.DRAFTER, Role.TEAM_LEAD} <= set(roles[ids["agent"]])
    page = web.client("admin", "zh").get("/admin/setup?size=small").text
    assert f'<option value="{ids["agent"]}" selected>' in page


def test_the_page_is_the_administrators(web: House) -> None:
    for name in ("director", "drafter", "agent"):
        assert web.client(name).get("/admin/setup").status_code == 403
    client = web.client("director")
    data = {**csrf(client.get("/desk").text), "set": "large"}
    assert client.post("/admin/setup/standards", data=data).status_code == 403
    with web.app.app_context():
        assert codes() == {}


def test_an_empty_library_leads_the_administrator_here(web: House) -> None:
    assert "/admin/setup" in web.client("admin").get("/s").text
    assert "/admin/setup" not in web.client("agent").get("/s").text


@pytest.mark.parametrize("key", organisation.sizes())
def test_a_preset_gives_every_step_of_a_revision_somebody(key: str) -> None:
    preset = organisation.size(key)
    granted = {role for post in preset.posts for role in post.roles}
    needed = {
        *(Role.SERVICE_DIRECTOR, Role.ASSESSOR, Role.DRAFTER, Role.LEGAL_REVIEWER, Role.BUSINESS_REVIEWER),
        *(
            Role.IT_REVIEWER,
            Role.PILOT_LEAD,
            Role.TRAINER,
            Role.TEAM_LEAD,
            Role.QA_AUDITOR,
            Role.COMMITTEE_CHAIR,
        ),
    }
    assert needed <= granted and Role.ADMIN not in granted
    for post in preset.posts:
        assert not any(one in post.roles and two in post.roles for one, two, _why in preset.apart), post.key
    assert {unit.department for unit in preset.teams} <= {unit.code for unit in preset.departments}


def test_three_people_can_fill_the_posts_of_a_small_organisation(web: House) -> None:
    posts = {"director": "agent2", "lead": "agent", "second": "chair", "quality": "chair", "chair": "chair"}
    with web.app.app_context():
        chosen = {post: web.person(name).id for post, name in posts.items()}
        assert organisation.fill_posts(web.actor("admin"), "small", chosen) > 0
