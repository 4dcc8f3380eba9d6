"""Punctuation: Chinese phrases in full width, everything else as it was."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.standards.punctuation import full_width_punctuation, half_width_count

REPAIRS = [
    (
        "受理后,在2小时内(工作时间)联系客户;例如:核实.",
        "受理后，在2小时内（工作时间）联系客户；例如：核实。",
        6,
    ),
    ("受理后, 核实", "受理后，核实", 1),
    ("是吗?是!好", "是吗？是！好", 2),
    ('> 这样说:"您好,我来处理."', "> 这样说：“您好，我来处理。”", 5),
    ("90%,否则", "90%，否则", 1),
    ("**重要**:应答", "**重要**：应答", 1),
    ("1. 首次答复\n2. 核实,", "1. 首次答复\n2. 核实，", 1),
    ("见CS-04-C07,并", "见CS-04-C07，并", 1),
]
LEFT_ALONE = [
    "",
    "已经是全角，不用改。",
    "价格1,200元，时间10:30",
    "[链接](http://a.com/x)点开",
    "客户来电(phone)后",
    "A,B两类",
    "版本v2.3.",
    "等等...",
    "Hello, world (test).",
    "代码`客户,员工`",
    "网址https://a.example/客户,x",
    "{#c07 .technical}客户",
]


@pytest.mark.parametrize(("text", "repaired", "count"), REPAIRS)
def test_chinese_phrases_get_full_width_marks(text: str, repaired: str, count: int) -> None:
    assert full_width_punctuation(text) == repaired
    assert half_width_count(text) == count


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_other_text_is_left_alone(text: str) -> None:
    assert full_width_punctuation(text) == text
    assert half_width_count(text) == 0


@given(st.text(alphabet='客户应答a1 ,.;:!?()"`{}[]\n，。（）%*@/', max_size=40))
@settings(max_examples=500, deadline=None)
def test_repairing_twice_changes_nothing_more(text: str) -> None:
    once = full_width_punctuation(text)
    assert full_width_punctuation(once) == once


@pytest.mark.parametrize("part", ["{", "](", "(", '"', "a", "`", "a@", ",", "客(", "http://"])
def test_text_made_of_opening_marks_is_cheap(part: str) -> None:
    started = time.process_time()
    full_width_punctuation(part * 100_000)
    assert time.process_time() - started < 10
