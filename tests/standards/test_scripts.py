"""What a page shows as the rule of a clause, and what it shows beside it."""

import pytest

from app.standards.scripts import boxed, rule_of, split_body, taken

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


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (BODY, "应当在 10 分钟内答复。\n\n这样说：“您好。”\n\n不要说：“等着。”\n\n- 一\n- 二"),
        ("> Say: one\n> two\n\nRule.", "Say: one\ntwo\n\nRule."),
        ("> 这样说：甲\n紧接的话", "这样说：甲\n\n紧接的话"),
        ("> 引文\n> 这样说：甲", "> 引文\n这样说：甲"),
        ("> 这样说：甲\n>\n> 不是话术", "这样说：甲\n\n> 不是话术"),
        ("Say: words of a rule", "Say: words of a rule"),
    ],
)
def test_a_box_shows_scripts_without_their_sign_and_takes_them_back(body: str, shown: str) -> None:
    assert boxed(body) == shown
    assert taken(shown, body) == body == taken(shown.replace("\n", "\r\n"), body), "looking changes nothing"
    changed = taken(f"{shown}\n\n又一句。", body)
    assert changed.endswith("\n\n又一句。")
    assert (split_body(changed).says, split_body(changed).never_says) == (
        split_body(body).says,
        split_body(body).never_says,
    )


def test_a_script_typed_anew_is_one() -> None:
    made = taken("规则。\n这样说：“您好，\n我来办。”\n\n不要说：“等着。”")
    assert split_body(made).says == ("“您好，我来办。”",)
    assert split_body(made).never_says == ("“等着。”",)
    assert split_body(made).rule == "规则。"
