"""Adding a reviewer to a step that runs: before or after, told at once, everybody who is asked signs."""

import pytest

from app.core.access import SYSTEM, Role
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, Refused
from app.notices.models import Notice
from app.people import queries as people_queries
from app.people import service as people_service
from app.reviews import handing, queries, rounds, sign_offs, signatures
from app.reviews.freshness import Kind
from app.reviews.models import SignOff, TaskState
from app.standards import queries as standards
from app.standards.models import Revision
from tests.house_fixtures import House, csrf
from tests.review_cases import draft_twelve_hours, make_review

WHY = "涉及格式条款，请二审"


def sign(house: House, who: str, revision: Revision) -> SignOff:
    version = standards.newest_text_version(revision.id)
    assert version is not None
    with transaction():
        return sign_offs.sign_off(
            house.actor(who), revision, Kind.LEGAL, text_version=version, sign_in_age_seconds=1
        )


def legal_task(revision: Revision) -> int:
    return next(t.id for t in queries.tasks(revision.id) if t.kind is Kind.LEGAL)


def others(house: House, revision: Revision) -> tuple[str, str]:
    """Returns who is asked for Legal, and who is not."""
    task = next(t for t in queries.tasks(revision.id) if t.kind is Kind.LEGAL)
    first = "lawyer" if task.assignee_id == house.person("lawyer").id else "lawyer2"
    return first, "lawyer2" if first == "lawyer" else "lawyer"


def is_fresh(revision: Revision) -> bool:
    return queries.standing(revision)[Kind.LEGAL].is_fresh


@pytest.mark.parametrize("is_before", [True, False])
def test_both_sign_in_their_order(house: House, is_before: bool) -> None:
    revision = make_review(house)
    asked, more = others(house, revision)
    with transaction():
        handing.add_reviewer(
            house.actor(asked), legal_task(revision), house.person(more).id, reason=WHY, is_before=is_before
        )
    told = [n for n in db.session.scalars(db.select(Notice)) if n.kind == "review_added"]
    assert [(n.person_id, n.is_urgent) for n in told] == [(house.person(more).id, True)]
    first, second = (more, asked) if is_before else (asked, more)
    with pytest.raises(Refused) as waits:
        sign(house, second, revision)
    assert waits.value.reasons[0].key == "review.added_first"
    sign(house, first, revision)
    assert not is_fresh(revision)
    sign(house, second, revision)
    assert is_fresh(revision)
    assert {t.state for t in queries.tasks(revision.id) if t.kind is Kind.LEGAL} == {TaskState.SIGNED}
    row = next(r for r in signatures.signatures_of(revision) if r.sign_off.signer_id == house.person(more).id)
    assert row.added_by is not None
    assert (row.added_by.id, row.added_because) == (house.person(asked).id, WHY)
    draft_twelve_hours(house.actor("drafter"), revision, "10")  # both look again, and only there
    house.run_jobs()
    states = [t.state for t in queries.tasks(revision.id) if t.kind is Kind.LEGAL]
    assert states == [TaskState.RECHECK, TaskState.RECHECK]
    newest = rounds.open_round(revision)
    again = [t for t in queries.tasks(revision.id) if t.round_id == newest.id and t.kind is Kind.LEGAL]
    assert {t.added_because for t in again} == {"", WHY}  # the next round asks them again


def test_who_may_not_be_added_or_add(house: House) -> None:
    revision = make_review(house)
    asked, more = others(house, revision)
    task, person = legal_task(revision), house.person(more)
    for who, whom, reason, error in (
        (asked, "drafter", WHY, Invalid),  # an author, and of no field
        (asked, "seller", WHY, Invalid),
        (asked, asked, WHY, Invalid),
        (asked, more, "  ", Invalid),
        ("drafter", more, WHY, NotAllowed),
        (more, more, WHY, NotAllowed),
    ):
        with pytest.raises(error):
            handing.add_reviewer(house.actor(who), task, house.person(whom).id, reason=reason)
    with transaction():
        handing.add_reviewer(house.actor("director"), task, person.id, reason=WHY)
        grant = next(g for g in people_queries.grants_of(person.id) if g.role is Role.LEGAL_REVIEWER)
        people_service.end_grant(SYSTEM, grant.id)
    sign(house, asked, revision)
    with pytest.raises(NotAllowed):  # the role is gone; the director hands the task over
        sign(house, more, revision)
    assert not is_fresh(revision)
    with pytest.raises(Refused):
        handing.add_reviewer(house.actor("director"), task, person.id, reason=WHY)


def test_the_page_adds_and_shows_it(web: House) -> None:
    with web.app.app_context():
        revision = make_review(web)
        asked, more = others(web, revision)
        place, person = f"/r/26-001/review/add/{legal_task(revision)}", str(web.person(more).id)
    client = web.client(asked)
    token = csrf(client.get(place).text)
    assert client.post(place, data={**token, "person": person}).status_code == 422
    sent = {**token, "person": person, "place": "before", "reason": WHY}
    assert client.post(place, data=sent).status_code == 303
    page = client.get("/r/26-001/review").text
    assert WHY in page
    assert "加签的评审人先签" in page
    assert "全部签署" in page or "+1" in page
