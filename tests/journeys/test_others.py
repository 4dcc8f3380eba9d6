"""The jobs of the other people over plain HTTP, without scripts: pages opened and forms sent stay within the promise."""

import datetime as dt
import re

import pytest

from app.core import clock, jobs
from app.people import queries as people
from app.pilots import queries as pilots
from app.proposals import queries as proposals
from app.reviews import queries as reviews
from app.reviews.freshness import Kind
from app.standards import queries as standards
from app.standards.workflow import State
from tests import story
from tests.house_fixtures import House
from tests.journeys.walking import Walker


def hidden(page: str, name: str) -> list[str]:
    """Returns the values of the hidden fields of this name."""
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def signing(page: str, kind: str) -> dict[str, object]:
    """Returns what the form of a signature carries: kind, text version, parts, and every question met."""
    questions = set(re.findall(r'name="(a-[a-z0-9_]+)"', page))
    return {
        "kind": kind,
        "version": hidden(page, "version")[0],
        "part": hidden(page, "part"),
        **dict.fromkeys(questions, "met"),
    }


def given_reading(web: House) -> None:
    """Publishes a revision and asks its readers; look at it at the moment of its publication."""
    with web.app.app_context():
        _revision, publication = story.given_published(web)
        with clock.frozen(publication.at):
            jobs.run_due(leave=("make_handbook",))


def test_an_assessor_scores_in_four(web: House) -> None:
    with web.app.app_context():
        story.given_scoring(web)
    assessor = Walker(web, "lawyer")
    assessor.open("/score/26-001")
    assessor.send("/score/26-001/card", impact=4, cost=2, urgency=4)
    assert assessor.count <= 4
    with web.app.app_context():
        assert proposals.card_of(standards.revision("26-001").id, web.person("lawyer").id) is not None


@pytest.mark.parametrize(("name", "kind", "most"), [("engineer", Kind.IT, 4), ("seller", Kind.BUSINESS, 3)])
def test_it_and_business_answer_in_few(web: House, name: str, kind: Kind, most: int) -> None:
    with web.app.app_context():
        story.given_in_review(web)
    reviewer = Walker(web, name)
    page = reviewer.open("/r/26-001/review")
    more = {"feasible": "yes", "effort": "S"} if kind is Kind.IT else {}
    reviewer.send("/r/26-001/review/sign", **signing(page, kind.value), **more)
    assert reviewer.path.endswith(f"/review/signed/{kind.value}") and reviewer.count <= most
    with web.app.app_context():
        assert reviews.standing(standards.revision("26-001"))[kind].is_fresh


def test_the_chair_accepts_in_two(web: House) -> None:
    with web.app.app_context():
        revision = story.given_scoring(web)
        for name in ("lawyer", "engineer", "seller"):
            story.proposals.score(web.actor(name), revision, impact=4, cost=2, urgency=4, reasons={})
        story._kept(revision)
    chair = Walker(web, "chair")
    chair.open("/score/26-001")
    chair.send("/score/26-001/rank", then="accept")
    assert chair.count <= 2
    with web.app.app_context():
        assert standards.revision("26-001").state is State.DRAFTING


def test_the_pilot_lead_looks_in_one_and_runs_longer_in_two(web: House) -> None:
    with web.app.app_context():
        _revision, pilot = story.given_piloting(web)
        ends_on = pilot.ends_on
    lead = Walker(web, "pilot")
    lead.open("/r/26-001/pilot")
    assert lead.count == 1 and 'action="/r/26-001/pilot/extend"' in lead.page
    later = ends_on + dt.timedelta(days=14)
    lead.send("/r/26-001/pilot/extend", ends_on=later.isoformat(), reason="数据还不够")
    assert lead.count <= 2 and lead.path == "/r/26-001/pilot"
    with web.app.app_context():
        planned = pilots.pilot_of(standards.revision("26-001").id)
        assert planned is not None and planned.ends_on == later


def test_the_trainer_builds_a_question_in_five(web: House) -> None:
    given_reading(web)
    trainer = Walker(web, "trainer")
    page = trainer.open("/r/26-001/training")
    names = ["clause", "hash", "question_zh", "question_en"]
    names += [f"option_{language}_{place}" for language in ("zh", "en") for place in range(3)]
    values = {name: hidden(page, name)[0] for name in names}
    options = [values[f"option_zh_{place}"] for place in range(3)]
    trainer.send("/r/26-001/training/questions", **values, right=options.index("12 小时"))
    assert trainer.count <= 5


def test_the_team_lead_reminds_in_two(web: House) -> None:
    given_reading(web)
    lead = Walker(web, "lead")
    page = lead.open("/t/team/remind")
    lead.send("/t/team/remind", assignment=hidden(page, "assignment"))
    assert lead.count <= 2 and "已提醒 1 人" in lead.page


def test_an_administrator_adds_a_person_in_four(web: House) -> None:
    administrator = Walker(web, "admin")
    administrator.open("/admin/people")
    page = administrator.open("/admin/people/new")
    department = re.search(r'name="department_id".*?<option[^>]* value="(\d+)"', page, re.S)
    assert department
    administrator.send(
        "/admin/people/new",
        sign_in_name="newcomer",
        name="新人",
        password="a password of many letters",
        department_id=department.group(1),
        team_id="",
        language="zh",
    )
    assert administrator.count <= 4
    with web.app.app_context():
        assert people.by_sign_in_name("newcomer") is not None


def test_an_outside_auditor_traces_a_clause_in_three(web: House) -> None:
    with web.app.app_context():
        story.given_in_force(web)
    outside = Walker(web, "outside")
    page = outside.open("/s/cs-04/c07")
    assert "/r/26-001" in page  # the revision that wrote the clause is one link away
    page = outside.open("/r/26-001/dossier")
    assert outside.count <= 3 and "12 小时" in page and "<textarea" not in page
