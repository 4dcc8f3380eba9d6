"""Interviews as evidence of a proposal: whom, how many, what they said."""

import pytest

from app.evidence import queries as evidence_queries
from app.standards import queries as standards_queries
from tests.house_fixtures import House
from tests.proposal_cases import post


@pytest.mark.parametrize(
    ("whom", "people", "said"),
    [
        ("customers", "34", "客户：34 人"),
        ("customers", "12", "不足 30 人"),
        ("outside", "29", "由第三方访谈"),
        ("colleagues", "3", "（销售、产品、管理）：3 人"),
    ],
)
def test_interviews_are_evidence_and_few_customers_are_said_to_be_few(
    filled: House, whom: str, people: str, said: str
) -> None:
    client = filled.client("agent")
    number = post(client, "/new", title="退货没人理", problem="客户等三天", standard="cs-04").location.split(
        "/"
    )[2]
    heard = {"interviewed": whom, "people": people, "heard": "等得太久，打 13812345678 没人接"}
    assert post(client, f"/new/{number}/source", source="interview", **heard).status_code == 303
    check = client.get(f"/new/{number}/check").text
    assert said in check and "访谈" in check
    assert ("不足 30 人" in check) is (whom != "colleagues" and int(people) < 30)
    with filled.app.app_context():
        [link] = evidence_queries.evidence_of(standards_queries.revision(number).id)
        assert "13812345678" not in link.note and "等得太久" in link.note


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"interviewed": "customers", "people": "", "heard": "慢"}, "写上访谈了多少人"),
        ({"interviewed": "customers", "people": "-3", "heard": "慢"}, "写上访谈了多少人"),
        ({"interviewed": "customers", "people": "９９", "heard": "慢"}, "写上访谈了多少人"),
        ({"interviewed": "customers", "people": "34", "heard": " "}, "写下他们说了什么"),
    ],
)
def test_interviews_without_number_or_words_are_asked_for(
    filled: House, data: dict[str, str], words: str
) -> None:
    client = filled.client("agent")
    number = post(client, "/new", title="退货没人理", problem="客户等三天", standard="cs-04").location.split(
        "/"
    )[2]
    refused = post(client, f"/new/{number}/source", source="interview", **data)
    assert refused.status_code == 422 and words in refused.text
    with filled.app.app_context():
        assert evidence_queries.evidence_of(standards_queries.revision(number).id) == []
