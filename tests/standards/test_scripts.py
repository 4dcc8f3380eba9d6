"""What a page shows as the rule of a clause, and what it shows beside it."""

import pytest

from app.standards.scripts import rule_of, split_body

BODY = "应当在 10 分钟内答复。\n\n> 这样说：“您好。”\n>\n> 不要说：“等着。”\n\n- 一\n- 二"


def test_scripts_leave_the_rule_and_stand_beside_it() -> None:
    parts = split_body(BODY)
    assert parts.rule == "应当在 10 分钟内答复。\n\n- 一\n- 二"
    assert parts.says == ("“您好。”",)
    assert parts.never_says == ("“等着。”",)


def test_a_body_of_scripts_alone_has_no_rule() -> None:
    assert rule_of('> Say: "Hello."') == ""


@pytest.mark.parametrize(
    "body",
    ["", "一句话。", "> 一段引文，不是话术。", "前\n\n> 引文\n> 两行\n\n后", "```\n> 不是话术的代码\n```"],
)
def test_other_quotes_stay_in_the_rule(body: str) -> None:
    assert rule_of(body) == body


def test_a_script_over_two_lines_goes_as_a_whole() -> None:
    body = "规则。\n\n> 这样说：“第一行\n> 第二行。”\n\n> 引文留下"
    assert rule_of(body) == "规则。\n\n> 引文留下"
