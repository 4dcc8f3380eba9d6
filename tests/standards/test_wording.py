"""Wording: two grades of checks on a clause (experience P10)."""

import time
from dataclasses import replace
from decimal import Decimal

import pytest

from app.standards.measures import Comparison, Measure, Unit
from app.standards.wording import Finding, Grade, check_clause

GOOD_ZH = "### 首次答复\n退换货申请应在24小时内首次答复客户。\n> 这样说：我们会在24小时内答复您。\n> 不要说：尽快，绝对没问题。"
GOOD_EN = "### First reply\nReturn requests are answered within 24 hours.\n> Do not say: as soon as possible."
ANSWER = Measure("m01", "c07", "first_reply_time", Comparison.AT_MOST, Decimal(24), Unit.HOUR)
BOTH = {"zh": GOOD_ZH, "en": GOOD_EN}


def keys(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.key, finding.language) for finding in findings]


def test_a_good_clause_gives_nothing_to_say() -> None:
    findings = check_clause(BOTH, [ANSWER], tags={"public", "promise"}, known_clauses=[])
    assert findings == []


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("应尽快答复客户。", "zh", "尽快"),
        ("应及时处理。", "zh", "及时"),
        ("给予适当补偿。", "zh", "适当"),
        ("We reply as soon as possible.", "en", "as soon as possible"),
        ("We reply ASAP.", "en", "asap"),
        ("We reply promptly.", "en", "promptly"),
        ("应在合理期限内处理。", "zh", "合理期限"),
        ("We reply without undue delay.", "en", "undue delay"),
    ],
)
def test_vague_words_are_warned_of(text: str, language: str, word: str) -> None:
    assert check_clause({language: text}) == [
        Finding(Grade.WARNING, "wording.vague_word", language, {"word": word})
    ]


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("应在24内答复客户。", "zh", "24"),
        ("应在 24 以内答复客户。", "zh", "24"),
        ("评分达到85。", "zh", "85"),
        ("We answer within 24.", "en", "24"),
        ("We answer within 24, always.", "en", "24"),
        ("应在二十四内答复客户。", "zh", "二十四"),
        ("We answer within twenty-four.", "en", "twenty-four"),
        ("It must not exceed 5.", "en", "5"),
    ],
)
def test_a_number_without_unit_is_warned_of(text: str, language: str, number: str) -> None:
    assert check_clause({language: text}) == [
        Finding(Grade.WARNING, "wording.number_without_unit", language, {"number": number})
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("应在24小时内答复客户。", "zh"),
        ("自2026年3月15日起执行。", "zh"),
        ("服务时间为9:00–18:00。", "zh"),
        ("分1、2、3三级处理。", "zh"),
        ("见CS-04-C07。", "zh"),
        ("拨打12315。", "zh"),
        ("超过30分钟至45分钟。", "zh"),
        ("> 这样说：我是客服小周，工号3012，很高兴为您服务。", "zh"),
        ("Customers under 14, with a guardian.", "en"),
        ("按照第12条办理。", "zh"),
        ("24内部员工", "zh"),
        ("三内科医生", "zh"),
        ("第二内页不计。", "zh"),
        ("We answer at least one.", "en"),
        ("1. 核实\n2. 答复", "zh"),
        ("We answer within 24 hours.", "en"),
        ("In force from 2026.", "en"),
        ("See version 2.3.", "en"),
    ],
)
def test_dates_times_lists_and_references_need_no_unit(text: str, language: str) -> None:
    assert check_clause({language: text}) == []


def test_half_width_marks_come_with_their_repair() -> None:
    [finding] = check_clause({"zh": "受理后,在24小时内答复."})
    assert finding == Finding(
        Grade.WARNING, "wording.half_width", "zh", {"count": "2"}, "受理后，在24小时内答复。"
    )


def test_half_width_marks_are_right_in_english() -> None:
    assert check_clause({"en": "Record it, then answer."}) == []


def test_a_measure_must_stand_in_every_language() -> None:
    tighter = replace(ANSWER, value=Decimal(12))
    findings = check_clause({"zh": GOOD_ZH.replace("24", "12"), "en": GOOD_EN}, [tighter])
    assert findings == [
        Finding(
            Grade.STOP, "wording.measure_not_in_text", "en", {"measure": "m01", "value": "12", "unit": "hour"}
        )
    ]


def test_a_number_that_only_stands_among_phrases_never_to_say_is_not_stated() -> None:
    text = "应答复客户。\n> 不要说：24小时内一定解决。"
    assert keys(check_clause({"zh": text}, [ANSWER])) == [("wording.measure_not_in_text", "zh")]


def test_a_promise_needs_a_measure() -> None:
    findings = check_clause({"zh": "我们认真对待每一次来电。"}, tags={"promise"})
    assert findings == [Finding(Grade.STOP, "wording.promise_without_measure", "")]


def test_a_public_time_limit_without_measure_is_warned_of() -> None:
    findings = check_clause({"zh": "应在24小时内答复客户。"}, tags={"public"})
    assert findings == [Finding(Grade.WARNING, "wording.limit_without_measure", "", {"quantity": "24小时"})]
    for text, language, words in (
        ("应在一周内答复。", "zh", "一周"),
        ("We reply within a week.", "en", "a week"),
    ):
        (found,) = check_clause({language: text}, tags={"public"})
        assert (found.key, found.params) == ("wording.limit_without_measure", {"quantity": words})


def test_opening_hours_are_no_limit() -> None:
    assert check_clause({"zh": "我们提供7×24小时服务。"}, tags={"public"}) == []


def test_dead_references_stop() -> None:
    texts = {"zh": "按CS-04-C07和CS-04-C99处理，cs-04-c99同前。"}
    assert check_clause(texts, known_clauses={"CS-04-C07"}) == [
        Finding(Grade.STOP, "wording.dead_reference", "zh", {"clause": "CS-04-C99"})
    ]
    assert check_clause(texts) == []


def test_a_changed_number_is_followed_into_the_other_language() -> None:
    findings = check_clause(
        {"zh": "应在12小时内答复客户。", "en": "Answer within 24 hours."},
        previous={"zh": "应在二十四小时内答复客户。", "en": "Answer within 24 hours."},
    )
    [found] = [f for f in findings if f.key == "wording.number_other_language"]
    assert (found.language, found.params) == ("en", {"quantity": "24 hours"})
    assert [fix.value for fix in found.fixes] == ["fix-text:en:hour:24:12"]


def test_words_the_law_forbids_stop_a_text_for_customers() -> None:
    texts = {"zh": "我们提供国家级服务。"}
    assert keys(check_clause(texts, tags={"public"})) == [("wording.forbidden_word", "zh")]
    assert check_clause(texts) == []


def test_the_other_language_must_follow_a_change_of_meaning() -> None:
    changed = {"zh": GOOD_ZH.replace("首次答复客户", "首次答复客户并道歉"), "en": GOOD_EN}
    assert check_clause(changed, previous=BOTH) == [
        Finding(Grade.WARNING, "wording.translation_out_of_date", "en", {"changed": "zh"})
    ]


def test_an_editorial_change_needs_no_translation() -> None:
    assert check_clause({"zh": GOOD_ZH.replace("。\n>", "\n>"), "en": GOOD_EN}, previous=BOTH) == []


def test_a_missing_translation_is_named() -> None:
    assert keys(check_clause({"zh": GOOD_ZH, "en": " "})) == [("wording.translation_missing", "en")]


@pytest.mark.parametrize(
    "part", ["一", "1", "1.", "百分之", "> 不要说：", "尽快", "within ", "CS-", "点一", "half "]
)
def test_long_texts_are_checked_in_linear_time(part: str) -> None:
    text = part * (200_000 // len(part))
    started = time.process_time()
    check_clause({"zh": text, "en": text}, [ANSWER], previous={"zh": text[1:]}, known_clauses=[])
    assert time.process_time() - started < 15
