"""The innovation award: who is put up, blind votes, a result that stands and thanks everybody."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.archive.effects import EffectVerdict
from app.archive.models import EffectEvaluation
from app.committee import award, contributions
from app.committee.award_models import AwardRound, AwardVote, NomineeKind
from app.core import clock
from app.core.access import VISITOR
from app.core.activity import ActivityLine
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, Refused
from app.evidence import queries as evidence
from app.evidence import suggestions
from app.notices.models import Notice
from tests.house_fixtures import MONDAY, House, csrf
from tests.proposal_cases import make_proposal, open_copy

YEAR = MONDAY.year
UNTIL = MONDAY.date() + dt.timedelta(days=10)
ADDRESS = f"/committee/award/{YEAR}"


def put_up(house: House) -> None:
    """One revision with a good effect, one with a bad one; a suggestion taken up, one put up, one declined."""
    for clauses, verdict in ((("c07",), EffectVerdict.REACHED), (("c03",), EffectVerdict.WORSE)):
        revision = make_proposal(house, "agent", clauses=clauses, title=f"{clauses[0]} 更快")
        day = clock.today() - dt.timedelta(days=100)
        db.session.add(
            EffectEvaluation(
                revision_id=revision.id, days=90, computed_at=clock.now(), before_starts=day, before_ends=day,
                after_starts=day, after_ends=day, before_kept=60, before_count=100, after_kept=90, after_count=100,
                verdict=verdict.value,
            )
        )  # fmt: skip
    refs = [
        suggestions.receive_suggestion(VISITOR, text=text, language="zh", network=text).ref
        for text in ("退款进度写在订单页", "全部免运费")
    ]
    suggestions.receive_suggestion(
        house.actor("agent2"), text="班前念一遍当天生效的条款", language="zh", nominated=True
    )
    for ref, adopted in zip(refs, (True, False), strict=True):
        suggestions.answer_suggestion(
            house.actor("director"), evidence.suggestion(ref), adopted=adopted, answer="已经看过"
        )
    db.session.flush()


@pytest.fixture
def house(sqlite_house: House) -> Iterator[House]:
    with clock.frozen(MONDAY), transaction():
        put_up(sqlite_house)
    with clock.frozen(MONDAY):
        yield sqlite_house


def opened(house: House) -> AwardRound:
    with transaction():
        return award.open_round(house.actor("chair"), year=YEAR, closes_on=UNTIL)


def test_good_effects_and_suggestions_taken_up_or_put_up_are_nominees(house: House) -> None:
    row = opened(house)
    found = {(one.kind, one.why): one for one in row.nominees}
    assert set(found) == {
        (NomineeKind.REVISION, "reached"),
        (NomineeKind.SUGGESTION, "answered_adopted"),
        (NomineeKind.SUGGESTION, "nominated"),
    }
    assert found[NomineeKind.REVISION, "reached"].people == [house.person("agent").id]
    assert found[NomineeKind.SUGGESTION, "answered_adopted"].people == []  # a customer


def test_opening_again_moves_the_last_day_and_adds_whoever_is_new(house: House) -> None:
    first = [one.id for one in opened(house).nominees]
    with transaction():
        suggestions.receive_suggestion(
            house.actor("agent"), text="回访时先问问题解决没有", language="zh", nominated=True
        )
        row = award.open_round(house.actor("chair"), year=YEAR, closes_on=UNTIL + dt.timedelta(days=3))
    assert [one.id for one in row.nominees][:3] == first and len(row.nominees) == 4
    assert row.closes_on == UNTIL + dt.timedelta(days=3)


def test_a_member_has_one_vote_and_none_for_the_own_work(house: House) -> None:
    row = opened(house)
    first, second = row.nominees[0], row.nominees[1]
    with transaction():
        award.vote(house.actor("member"), row, first.id)
        award.vote(house.actor("member"), row, second.id)
    assert award.voted(row.id) == {house.person("member").id: second.id}
    first.people = [house.person("member").id]
    for nominee, key in ((first.id, "award.own"), (None, "award.choose"), (10**6, "award.choose")):
        with pytest.raises(Invalid) as refused:
            award.vote(house.actor("member"), row, nominee)
        assert refused.value.errors[0].reason.key == key
    with pytest.raises(NotAllowed):
        award.vote(house.actor("director"), row, second.id)
    lines = db.session.scalars(sa.select(ActivityLine.line).where(ActivityLine.verb == "award.voted")).all()
    assert lines and not any(second.key in line or first.key in line for line in lines)  # that, not for whom


def test_it_is_given_with_a_quorum_and_words_and_stands(house: House) -> None:
    row, chair = opened(house), house.actor("chair")
    chosen = row.nominees[0]
    with transaction():
        award.vote(house.actor("member"), row, chosen.id)
    with pytest.raises(Refused):  # one of two is no more than half
        award.give(chair, row, note="客户当天就知道结果")
    with transaction():
        award.vote(chair, row, chosen.id)
    with pytest.raises(Invalid):
        award.give(chair, row, note=" ")
    with transaction():
        assert award.give(chair, row, note="客户当天就知道结果") == [chosen]
    assert [one.votes for one in row.nominees] == [2, 0, 0] and row.members == 2
    for act in (
        lambda: award.vote(chair, row, chosen.id),
        lambda: award.give(chair, row, note="再来"),
        lambda: award.open_round(chair, year=YEAR, closes_on=UNTIL),
    ):
        with pytest.raises(Refused):
            act()
    thanked = set(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == "award_given")))
    assert thanked == {house.person("agent").id, house.person("agent2").id}


def test_equal_votes_share_the_award_and_only_members_count(house: House) -> None:
    row, chair = opened(house), house.actor("chair")
    first, second = row.nominees[:2]
    with transaction():
        award.vote(house.actor("member"), row, first.id)
        award.vote(chair, row, second.id)
        # who has left the committee meanwhile
        db.session.add(
            AwardVote(
                round_id=row.id, person_id=house.person("agent").id, nominee_id=second.id, at=clock.now()
            )
        )
        assert award.give(chair, row, note="两项都值得") == [first, second]


def test_without_anybody_to_put_up_it_is_not_opened(sqlite_house: House) -> None:
    with clock.frozen(MONDAY):
        chair = sqlite_house.actor("chair")
        with pytest.raises(Refused):
            award.open_round(chair, year=YEAR, closes_on=UNTIL)
        with pytest.raises(Invalid):
            award.open_round(chair, year=YEAR, closes_on=MONDAY.date() - dt.timedelta(days=1))


def test_members_are_asked_until_they_have_voted(house: House) -> None:
    row = opened(house)
    asked = set(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == "award_opened")))
    assert asked == {house.person("member").id}  # the chair opened it
    with house.app.test_request_context("/"):
        assert [task.kind for task in contributions.tasks(house.actor("member"))] == ["award"]
        with transaction():
            award.vote(house.actor("member"), row, row.nominees[0].id)
        assert list(contributions.tasks(house.actor("member"))) == []
        assert list(contributions.tasks(house.actor("director"))) == []


# Over HTTP


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chair_opens_members_vote_blind_and_all_staff_see_the_result(
    stocked: Path, tmp_path: Path, language: str
) -> None:
    with open_copy(stocked, tmp_path / "award") as pages, clock.frozen(MONDAY):
        with pages.app.app_context(), transaction():
            put_up(pages)
        chair, member, agent = (pages.client(name, language) for name in ("chair", "member", "agent"))
        token = csrf(chair.get(ADDRESS).text)
        assert chair.post(ADDRESS, data={**token, "closes_on": ""}).status_code == 422
        assert chair.post(ADDRESS, data={**token, "closes_on": UNTIL.isoformat()}).status_code == 303
        page = member.get(ADDRESS).text
        assert page.count("<h1") == 1 and page.count('name="nominee"') == 3
        assert 'name="nominee"' not in agent.get(ADDRESS).text and "c07 更快" in agent.get(ADDRESS).text
        assert member.post(f"{ADDRESS}/vote", data=csrf(page)).status_code == 422
        assert member.post(f"{ADDRESS}/vote", data={**csrf(page), "nominee": "1"}).status_code == 303
        said = "1 名" if language == "zh" else "1 of 2 members have voted"
        assert said in chair.get(ADDRESS).text
        assert chair.post(f"{ADDRESS}/vote", data={**token, "nominee": "1"}).status_code == 303
        given = chair.post(f"{ADDRESS}/result", data={**token, "note": "客户当天就知道结果"})
        assert given.status_code == 303
        page = agent.get(ADDRESS).text
        assert "客户当天就知道结果" in page and page.count("<h1") == 1
        assert ("吴敏" if language == "zh" else "Wu Min") in page
        assert 'href="/committee/award/' in chair.get("/committee").text
