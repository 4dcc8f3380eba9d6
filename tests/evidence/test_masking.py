"""Masking: what names a person is hidden, what does not stays, on a labelled set of own texts in both languages."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.evidence.masking import Kind, mask

LABELLED = Path(__file__).parent.parent / "data" / "masking.csv"


def labelled() -> list[dict[str, list[str] | str]]:
    """Rows of text, pieces that must go and pieces that must stay."""
    with LABELLED.open(encoding="utf-8", newline="") as file:
        return [
            {
                "text": row["text"],
                "hidden": [piece for piece in row["hidden"].split("|") if piece],
                "kept": [piece for piece in row["kept"].split("|") if piece],
            }
            for row in csv.DictReader(file)
        ]


def test_the_labelled_set_is_masked_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    rows = labelled()
    assert len(rows) >= 150
    hidden = [(row["text"], piece) for row in rows for piece in row["hidden"]]
    kept = [(row["text"], piece) for row in rows for piece in row["kept"]]
    missed = [pair for pair in hidden if pair[1] in mask(pair[0]).text]
    lost = [pair for pair in kept if pair[1] not in mask(pair[0]).text]
    recall, false = 1 - len(missed) / len(hidden), len(lost) / len(kept)
    with capsys.disabled():
        print(
            f"\nmasking: {len(rows)} texts, recall {recall:.1%} of {len(hidden)}, false {false:.1%} of {len(kept)}"
        )
    assert recall >= 0.99, missed
    assert false < 0.01, lost


@pytest.mark.parametrize("row", labelled(), ids=lambda row: str(row["text"])[:30])
def test_masking_twice_changes_nothing_more(row: dict[str, str]) -> None:
    once = mask(row["text"]).text
    assert mask(once).text == once
    assert mask(once).found == {}


@pytest.mark.parametrize(
    ("text", "masked", "found"),
    [
        ("", "", {}),
        ("没有个人信息", "没有个人信息", {}),
        ("手机13812342210", "手机138****2210", {Kind.PHONE: 1}),
        ("手机１３８－１２３４－２２１０", "手机138****2210", {Kind.PHONE: 1}),
        ("+86 138 1234 2210", "138****2210", {Kind.PHONE: 1}),
        ("13812342210,13912342211", "138****2210,139****2211", {Kind.PHONE: 2}),
        ("010-65529988转801", "01****88", {Kind.PHONE: 1}),
        ("+44 20 7946 0958", "+44****58", {Kind.PHONE: 1}),
        ("邮箱a@b.com", "邮箱[邮箱]", {Kind.EMAIL: 1}),
        ("mail a@b.com", "mail [email]", {Kind.EMAIL: 1}),
        ("11010519491231002X", "[identity number]", {Kind.IDENTITY: 1}),
        ("身份证11010519491231002X", "身份证[证件号]", {Kind.IDENTITY: 1}),
        ("6222 0210 0100 1234 567", "****4567", {Kind.CARD: 1}),
        ("4111111111111111", "****1111", {Kind.CARD: 1}),
        ("订单号20260315887766", "订单号****7766", {Kind.ORDER: 1}),
        ("订单#88990", "订单#****90", {Kind.ORDER: 1}),
        ("车牌京A12345", "车牌[车牌]", {Kind.PLATE: 1}),
        ("王先生和张小明女士", "[姓名]先生和[姓名]女士", {Kind.NAME: 2}),
        ("感谢王老师", "感谢[姓名]老师", {Kind.NAME: 1}),
        ("Mr Smith and Ms. Li", "Mr [name] and Ms. [name]", {Kind.NAME: 2}),
        ("我的order 12345678请Mr Smith看", "我的order ****5678请Mr [姓名]看", {Kind.ORDER: 1, Kind.NAME: 1}),
        ("微信号zhangsan_88", "微信号[账号]", {Kind.ACCOUNT: 1}),
        (
            "王先生13812342210，邮箱a@b.com",
            "[姓名]先生138****2210，邮箱[邮箱]",
            {Kind.EMAIL: 1, Kind.PHONE: 1, Kind.NAME: 1},
        ),
    ],
)
def test_what_is_written_in_its_place(text: str, masked: str, found: dict) -> None:
    assert mask(text).text == masked
    assert mask(text).found == found


@pytest.mark.parametrize(
    "text",
    [
        "tickets-2026-11.csv",
        "export-2026-11-05.csv",
        "语文老师和历史老师",
        "客房经理和有关主管部门",
        "高兴的女士",
        "Dear Customer",
        "打400-820-8820或12315",
        "11010519491231002",  # 17 digits
        "等了10000000000次",
        "共12345678901元",
        "1 234 567 890 件",
        "20261122153000",
        "2025-2026",
    ],
)
def test_harmless_text_stays(text: str) -> None:
    if text == "11010519491231002":
        assert Kind.IDENTITY not in mask(text).found
    else:
        assert mask(text).text == text


def test_a_wrong_check_digit_is_no_identity_number_but_still_hidden() -> None:
    masked = mask("110105194912310021")
    assert masked.found == {Kind.ORDER: 1}
    assert "19491231" not in masked.text


PIECES = [
    "138",
    "1234",
    "2210",
    " ",
    "-",
    "号",
    "订单",
    "王",
    "先生",
    "@",
    "qq.com",
    "a",
    "*",
    "[姓名]",
    "Mr ",
    "Li",
    "，",
    "0",
    "10",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=1500, deadline=None)
def test_masking_is_idempotent_on_anything_made_of_suspicious_pieces(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "a",
        "a@",
        "订单",
        "订单1",
        "138",
        "王",
        "Mr A",
        "+1",
        "(0",
        "我叫王",
        "一",
        "京A",
        "1-",
        "#1",
        "+(-",
        "86",
    ],
)
def test_masking_takes_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        mask(text)
        return time.process_time() - started

    small = max(seconds(20_000), 0.01)
    assert seconds(160_000) < 8 * small * 4, "eight times the text took more than 32 times the time"
