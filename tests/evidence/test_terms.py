"""Complaints become issues in their own words, a change is only called one when its interval says so, a clause is guessed."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.demo.tickets import generate_tickets
from app.evidence.issues import Change, Complaint, Trend, compare, find_issues
from app.evidence.likely_clauses import Confidence, suggest_clauses
from app.evidence.terms import count_only, count_phrases, phrases, telling_phrases, tokens
from app.standards.document import parse_document

UNTIL = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(days=7)

# Words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("没人回复", ["没人", "人回", "回复"]),
        ("退", ["退"]),
        ("APP退货", ["app", "退货"]),
        ("Where is my parcel?", ["parcel"]),
        ("ＡＰＰ　退货", ["app", "退货"]),
        ("订单[订单号]没到", ["订单", "没到"]),
        ("138****2210", []),
        ("", []),
        ("it's co-operative", ["it's", "co-operative"]),
    ],
)
def test_tokens_are_pairs_of_characters_and_words(text, expected):
    assert tokens(text) == expected


def test_phrases_never_begin_or_end_with_a_joining_word():
    assert "的申请" not in set(phrases("我的申请没人回复"))
    assert {"申请", "没人回复", "申请没人回复"} <= set(phrases("我的申请没人回复"))
    assert set(phrases("the return of the kettle")) == {"return", "return of the kettle", "kettle"}


def test_amounts_are_no_part_of_a_phrase():
    assert set(phrases("打了5次电话，等了30 分钟没人接")) == set(phrases("打了，电话，等了，没人接"))


def test_a_text_is_counted_once_however_often_it_says_a_phrase():
    assert count_phrases(["没人没人，没人", "没人"])["没人"] == 2
    assert count_only(["没人没人", "有人"], {"没人"}) == (Counter({"没人": 1}), 2)


def test_what_everybody_says_distinguishes_nobody():
    said = {"退货": 40, "没人回复": 30, "人回复": 30, "没人": 31}
    found = telling_phrases(said, 50, {"退货": 800, "没人回复": 1, "人回复": 1, "没人": 2}, 1000)
    assert found == ("没人回复",)


def test_without_a_difference_there_is_no_phrase():
    assert telling_phrases({"退货": 5}, 10, {"退货": 50}, 100) == ()


def test_long_texts_cost_no_more_than_their_beginning():
    assert len(tokens("退货" * 1_000_000)) < 2_000


# Change


@pytest.mark.parametrize(
    ("recent", "before", "weeks", "trend"),
    [
        (86, 61, 1, Trend.RISING),
        (84, 212, 4, Trend.RISING),
        (75, 57, 1, Trend.UNCLEAR),
        (41, 43, 1, Trend.UNCLEAR),
        (20, 61, 1, Trend.FALLING),
        (0, 30, 1, Trend.FALLING),
        (3, 0, 1, Trend.UNCLEAR),
        (8, 0, 4, Trend.RISING),
        (0, 0, 1, Trend.UNCLEAR),
    ],
)
def test_a_change_is_named_only_when_the_whole_interval_says_so(recent, before, weeks, trend):
    assert compare(recent, WEEK, before, weeks * WEEK).trend is trend


def test_the_ratio_is_that_of_equal_times():
    change = compare(86, WEEK, 244, 4 * WEEK)
    assert (change.recent, change.expected) == (86, 61)
    assert change.ratio == pytest.approx(1.41, abs=0.01)
    assert change.low < change.ratio < (change.high or 0)


def test_nothing_earlier_leaves_the_ratio_open():
    assert compare(5, WEEK, 0, WEEK) == Change(5, 0.0, None, pytest.approx(1.3, abs=0.1), None)


def test_a_period_without_length_is_refused():
    with pytest.raises(ValueError, match="length"):
        compare(1, timedelta(), 1, WEEK)


# Issues


def complaint(number: int, text: str, category: str = "returns", days_ago: float = 1) -> Complaint:
    return Complaint(f"k{number}", category, text, UNTIL - days_ago * DAY)


def test_few_complaints_are_no_issue():
    some = [complaint(number, "没人回复") for number in range(4)]
    assert find_issues(some, [], UNTIL - 2 * WEEK, UNTIL - WEEK, UNTIL) == []


def test_the_ends_of_a_period_are_its_first_instant_and_not_its_last():
    ages = (0, 6, 7, 8, 14, 15)
    some = [complaint(10 * age + n, "一直没回", days_ago=age) for age in ages for n in range(5)]
    (issue,) = find_issues(some, [], UNTIL - 2 * WEEK, UNTIL - WEEK, UNTIL)
    assert (issue.change.recent, issue.change.expected) == (10, 10)


def test_texts_with_most_of_the_terms_come_first():
    some = [complaint(number, "没人回复") for number in range(6)]
    some += [complaint(20 + number, "没人回复，石沉大海") for number in range(4)]
    some.append(complaint(99, "只是想问一下"))
    (issue,) = find_issues(some, ["只是想问一下"] * 30, UNTIL - 2 * WEEK, UNTIL - WEEK, UNTIL)
    assert set(issue.terms) == {"没人回复", "石沉大海"}
    assert set(issue.keys[:4]) == {f"k{20 + number}" for number in range(4)}
    assert issue.keys[-1] == "k99"


def test_the_known_problem_of_the_demo_is_found_and_named_in_its_own_words():
    tickets = list(generate_tickets(7, UNTIL))
    some = [
        Complaint(t.external_id, str(t.category), t.text, t.created_at) for t in tickets if t.is_complaint
    ]
    others = [ticket.text for ticket in tickets[-3000:] if not ticket.is_complaint]
    issues = find_issues(some, others, UNTIL - 5 * WEEK, UNTIL - WEEK, UNTIL)
    assert issues[0].category == "returns"
    assert {"退货申请", "一直没回", "没人回复"} <= set(issues[0].terms)
    assert issues[0].name == "、".join(issues[0].terms[:3])
    assert issues[0].change.trend is Trend.RISING
    assert len(issues[0].keys) == issues[0].change.recent > 60


# Clauses

CLAUSES = {
    "cs-04 c07": "首次答复 退换货申请应在 24 小时内答复客户，告知同意或不同意的理由。自动回复不算答复。"
    " First reply: a return request is answered within 24 hours.",
    "cs-04 c09": "退款时限 退款申请审核通过后，财务应当在 7 个工作日内把款项退回，完成时间以到账回执为准。",
    "cs-03 c02": "身份核验 办理账户业务前核对两项身份信息，验证码只问不记。",
    "cs-05 c08": "转人工 客户输入“人工”即转给一线客服，机器人不得重复追问。",
}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["退货申请一直没回复", "申请退换货，24小时了没人答复"], "cs-04 c07"),
        (["退款审核通过好几天，钱还没到账", "退款什么时候到账"], "cs-04 c09"),
        (["收不到验证码，身份验证不了"], "cs-03 c02"),
        (["机器人一直重复，转不了人工"], "cs-05 c08"),
        (["no reply to my return request"], "cs-04 c07"),
    ],
)
def test_a_complaint_finds_the_clause_it_is_about(texts, expected):
    best = suggest_clauses(texts, CLAUSES)[0]
    assert (best.clause_key, best.confidence) == (expected, Confidence.VERY_LIKELY)


def test_what_no_clause_speaks_of_finds_none_or_says_it_is_unsure():
    assert suggest_clauses(["zzz qqq"], CLAUSES) == []
    (stray,) = suggest_clauses(["快递包装破了，想知道到账"], CLAUSES)
    assert stray.confidence is Confidence.UNSURE


def test_at_most_three_clauses_are_suggested_best_first():
    found = suggest_clauses(["退款申请没人答复，人工也没有，验证码收不到"], CLAUSES)
    assert len(found) == 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 < one.score <= 1 for one in found)


def test_two_equal_clauses_are_never_very_likely():
    found = suggest_clauses(["退货申请一直没回复"], {"a": CLAUSES["cs-04 c07"], "b": CLAUSES["cs-04 c07"]})
    assert [one.clause_key for one in found] == ["a", "b"]
    assert Confidence.VERY_LIKELY not in {one.confidence for one in found}


@pytest.mark.parametrize(("texts", "clauses"), [([], CLAUSES), (["退货"], {}), ([""], CLAUSES)])
def test_nothing_suggests_nothing(texts, clauses):
    assert suggest_clauses(texts, clauses) == []


def test_the_known_problem_of_the_demo_points_to_its_clause():
    starter = Path(__file__).parents[2] / "standards_repo" / "starter"
    clauses = {}
    for path in sorted(starter.glob("cs-*/*.md")):
        for clause in parse_document(path.read_text(encoding="utf-8")).clauses:
            key = f"{path.parent.name} {clause.id}"
            clauses[key] = f"{clauses.get(key, '')} {clause.heading} {clause.body}"
    tickets = [
        ticket
        for ticket in generate_tickets(7, UNTIL)
        if ticket.is_complaint and ticket.category == "returns"
    ]
    best = suggest_clauses([ticket.text for ticket in tickets[-80:]], clauses)[0]
    assert (best.clause_key, best.confidence) == ("cs-04 c07", Confidence.VERY_LIKELY)
