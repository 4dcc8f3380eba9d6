"""The format of a standard's text: what is read, what is refused with its line, what is written, and the hashes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import FieldError, Invalid, NotFound, TooLarge
from app.standards.document import (
    Chapter,
    Clause,
    Document,
    parse_document,
    parts,
    primary_of,
    write_document,
)
from app.standards.frontmatter import Front, Journey, Visibility
from app.standards.measures import Clock, Comparison, Kind, Measure, Unit
from app.standards.yaml_strings import load_strings
from tests.samples import OWN

ZH = (OWN / "cs-02.zh.md").read_text("utf-8")
EN = (OWN / "cs-02.en.md").read_text("utf-8")


def faults_of(text: str) -> tuple[FieldError, ...]:
    """Returns what parsing the text refuses."""
    with pytest.raises(Invalid) as caught:
        parse_document(text)
    return caught.value.errors


def test_a_standard_is_read_with_its_clauses_and_measures() -> None:
    document = parse_document(ZH)
    assert document.front == Front(
        code="cs-02",
        language="zh",
        title="投诉处理标准",
        owner="service",
        category="complaints",
        journey=Journey.AFTER_SALE,
        audience=("agent", "team_lead"),
        visibility=Visibility.PUBLIC,
        review_months=12,
        measures=document.front.measures,
    )
    assert document.preamble == "适用于所有渠道收到的投诉。"
    assert [(type(b).__name__, b.heading, b.level) for b in document.blocks] == [
        ("Chapter", "受理", 2),
        ("Clause", "首次答复", 3),
        ("Chapter", "处理", 2),
        ("Clause", "解决时限", 3),
        ("Clause", "记录", 3),
    ]
    first, second, third = document.clauses
    assert (first.tags, first.audience, first.chapter) == (
        ("public", "technical"),
        ("agent", "team_lead"),
        "受理",
    )
    assert (first.is_public, first.is_technical) == (True, True)
    assert (second.is_public, second.is_technical, second.chapter) == (True, False, "处理")
    assert not third.is_public
    assert first.says == ("您好，您的投诉已经受理，我会在今天 18:00 前联系您。",)
    assert first.never_says == ("这不归我管。",)
    assert document.measures_of("c03") == (
        Measure(
            id="m01",
            clause_id="c03",
            metric="first_reply_time",
            comparison=Comparison.AT_MOST,
            value=Decimal(10),
            unit=Unit.MINUTE,
            share_percent=Decimal(90),
            channels=("chat",),
            priorities=("ordinary",),
            clock=Clock.CALENDAR,
            kind=Kind.PROMISE,
        ),
    )
    assert document.measures_of("c11") == ()


def test_a_second_rule_and_a_heading_in_a_code_block_stay_body_text() -> None:
    document = parse_document(ZH)
    assert "\n---\n" in document.clause("c04").body
    assert "# 这不是标题" in document.clause("c11").body


def test_the_other_language_carries_text_only() -> None:
    document = parse_document(EN)
    assert not document.front.is_primary
    assert document.front.title == "Complaints: how we handle them"
    assert document.clause("c03").says == (
        "Your complaint has been received, and I will call you before 18:00 today.",
    )
    assert document.clause("c03").never_says == ("That is not my job.",)
    assert primary_of({"en": document, "zh": parse_document(ZH)}).front.language == "zh"
    assert primary_of({"en": document}) is document
    with pytest.raises(NotFound):
        primary_of({})


@pytest.mark.parametrize(
    "text", [ZH, EN, ZH.replace("\n", "\r\n"), "\ufeff" + ZH], ids=["zh", "en", "crlf", "bom"]
)
def test_reading_and_writing_are_inverse(text: str) -> None:
    document = parse_document(text)
    written = write_document(document)
    assert parse_document(written) == document
    assert write_document(parse_document(written)) == written
    assert "\r" not in written
    assert "\n\n\n" not in written
    assert written.endswith("\n")


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "key"),
    [
        ("owner: service", "owner: service\nowner: legal", 6, "head", "document.double_key"),
        ("owner: service", "owner: !!python/object/apply:os.system [id]", 5, "head", "document.yaml_tag"),
        ("owner: service", "owner: !local x", 5, "head", "document.yaml_tag"),
        ("owner: service", "owner: &a service", 5, "head", "document.yaml_alias"),
        ("owner: service", "owner: *a", 5, "head", "document.yaml_alias"),
        ("owner: service", "<<: {owner: service}", 5, "head", "document.yaml_alias"),
        ("owner: service", "owner: " + "[" * 5000, 5, "head", "document.too_deep"),
        ("owner: service", "owner: " + "{a: " * 5000, 5, "head", "document.too_deep"),
        ("owner: service", "owner: [service]", 5, "owner", "document.not_a_text"),
        ("owner: service", "owner: {a: b}", 5, "owner", "document.not_a_text"),
        ("owner: service", "owner: 客服部", 5, "owner", "document.bad_form"),
        ("owner: service", "owner: ../../etc", 5, "owner", "document.bad_form"),
        ("owner: service", "\towner: service", 5, "head", "document.not_yaml"),
        ("owner: service", "owner: 'service", 30, "head", "document.not_yaml"),
        ("owner: service", "owner:", 5, "owner", "document.missing"),
        ("code: cs-02", "code: CS-02", 2, "code", "document.bad_form"),
        ("code: cs-02", "code: ../02", 2, "code", "document.bad_form"),
        ("language: zh", "language: fr", 3, "language", "document.not_in_list"),
        ("review_months: 12", "review_months: 12\ncountry: NO", 11, "country", "document.unknown_key"),
        ("review_months: 12", "review_months: 1.10", 10, "review_months", "document.not_a_number"),
        ("review_months: 12", "review_months: 017", 10, "review_months", "document.not_a_number"),
        ("review_months: 12", "review_months: 2026-11-31", 10, "review_months", "document.not_a_number"),
        ("review_months: 12", "review_months: 121", 10, "review_months", "document.not_months"),
        ("review_months: 12", "review_months: " + "9" * 20_000, 10, "review_months", "document.not_a_number"),
        ("journey: after_sale", "journey: later", 7, "journey", "document.not_in_list"),
        ("visibility: public", "visibility: yes", 9, "visibility", "document.not_in_list"),
        ("audience: [agent, team_lead]", "audience: agent", 8, "audience", "document.not_a_list"),
        ("audience: [agent, team_lead]", "audience: []", 8, "audience", "document.missing"),
        ("audience: [agent, team_lead]", "audience: [Agent]", 8, "audience", "document.bad_form"),
        ("clause: c03", "clause: c99", 12, "measures.clause", "document.unknown_clause"),
        ("    value: 10\n", "    value: 1e400\n", 16, "measures.value", "document.not_a_number"),
        ("    value: 10\n", "    value: .inf\n", 16, "measures.value", "document.not_a_number"),
        ("    value: 10\n", "    value: nan\n", 16, "measures.value", "document.not_a_number"),
        ("    value: 10\n", "    value: -5\n", 16, "measures.value", "document.not_a_number"),
        ("    value: 10\n", "    value: 1_000\n", 16, "measures.value", "document.not_a_number"),
        ("    value: 10\n", "    value: ٣\n", 16, "measures.value", "document.not_a_number"),
        ("    value: 10\n", "    value: 10:30:00\n", 16, "measures.value", "document.not_a_number"),
        (
            "    value: 10\n",
            "    value: " + "9" * 20_000 + "\n",
            16,
            "measures.value",
            "document.not_a_number",
        ),
        ("    value: 10\n", "", 12, "measures.value", "document.missing"),
        ("    value: 1.50\n", "    value: 10:30\n", 27, "measures.value", "document.not_a_number"),
        ("    value: 1.50\n", "    value: 101\n", 27, "measures.value", "document.above_hundred"),
        ("    share: 90", "    share: 0", 18, "measures.share", "document.not_a_share"),
        ("    share: 90", "    share: 100.1", 18, "measures.share", "document.not_a_share"),
        ("    unit: minute", "    unit: minutes", 17, "measures.unit", "document.not_in_list"),
        ("    kind: promise", "    sort: promise", 22, "measures.sort", "document.unknown_key"),
        ("    channel: [chat]", "    channel: chat", 19, "measures.channel", "document.not_a_list"),
        ("  - id: m02", "  - id: m01", 11, "measures.id", "document.double_id"),
        ("# 投诉处理标准", "# 别的标题", 32, "title", "document.other_title"),
        ("以上时限", "# 以上时限", 59, "body", "document.heading_in_body"),
        ("记录 {#c11}\n\n```", "记录 {#c11}\n\n````", 63, "body", "document.open_code_block"),
        ("{#c04 .public}", "{#x04}", 53, "id", "document.bad_clause_id"),
        ("{#c04 .public}", "{#c04 onclick=x}", 53, "heading", "document.bad_attributes"),
        ("{#c04 .public}", "{.public}", 53, "id", "document.bad_attributes"),
        ("{#c04 .public}", "{#c04 #c05}", 53, "id", "document.bad_attributes"),
        ("{#c04 .public}", "{#c03}", 53, "id", "document.double_id"),
        ("{#c04 .public}", "{#c04 .Public}", 53, "tags", "document.bad_form"),
        ("### 解决时限", "###", 53, "heading", "document.missing"),
        ("普通投诉", "普通\u202e投诉", 55, "text", "text.bidi"),
        ("普通投诉", "普通\x00投诉", 55, "text", "text.control"),
    ],
)
def test_what_is_wrong_is_refused_with_field_and_line(
    old: str, new: str, line: int, field: str, key: str
) -> None:
    assert old in ZH
    found = {(fault.line, fault.field, fault.reason.key) for fault in faults_of(ZH.replace(old, new, 1))}
    assert (line, field, key) in found


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("", 1, "document.no_head"),
        ("# no head\n", 1, "document.no_head"),
        ("---\ncode: cs-02\n", 1, "document.open_head"),
        ("---\n- a list\n---\n", 2, "document.not_a_mapping"),
        ("---\n%TAG ! tag:x,2026:\n---\n", 3, "document.not_yaml"),
        ("---\n" + "x: " + "y" * 70_000 + "\n---\n", 2, "document.head_too_large"),
    ],
)
def test_a_file_without_a_readable_head_is_refused(text: str, line: int, key: str) -> None:
    assert (line, key) in {(fault.line, fault.reason.key) for fault in faults_of(text)}


def test_all_faults_of_a_file_are_told_at_once_in_reading_order() -> None:
    text = (
        ZH.replace("owner: service", "owner: X")
        .replace("{#c04", "{#x04")
        .replace("unit: percent", "unit: pc")
    )
    assert [fault.line for fault in faults_of(text)] == [5, 28, 53]


def test_a_text_beyond_the_limit_is_too_large() -> None:
    with pytest.raises(TooLarge) as caught:
        parse_document(ZH + "字" * 180_000)
    assert caught.value.reasons[0].params == {"limit_bytes": 512 * 1024}


def test_strings_stay_strings_whatever_they_look_like() -> None:
    text = "a: 10:30\nb: NO\nc: 1.10\nd: 017\ne: .inf\nf: 2026-11-31\ng: 10:00:00\nh: ~\ni: 1e400\nj: 0000-00-00\n"
    values = {key: node.value for key, node in load_strings(text).items()}
    assert list(values.values()) == [line.split(": ", 1)[1] for line in text.splitlines()]


@pytest.mark.parametrize(
    ("value", "unit", "number", "minutes"),
    [
        ("10", "minute", "10", "10"),
        ("１０", "minute", "10", "10"),
        ("10:30", "minute", "630", "630"),
        ("10:30", "hour", "10.5", "630"),
        ("90", "second", "90", "1.5"),
        ("1.10", "hour", "1.1", "66"),
        ("2", "day", "2", "2880"),
        ("2", "working_day", "2", None),
        ("3", "times", "3", None),
        ("100", "percent", "100", None),
        ("0", "minute", "0", "0"),
    ],
)
def test_a_value_becomes_a_number_only_where_its_unit_says_so(
    value: str, unit: str, number: str, minutes: str | None
) -> None:
    data = {
        "id": "m01",
        "clause": "c01",
        "metric": "x",
        "comparison": "at_most",
        "value": value,
        "unit": unit,
    }
    measure = Measure.from_data({**data, "kind": "goal"})
    assert measure.value == Decimal(number)
    made = measure.minutes()
    assert (made is None) == (minutes is None)
    assert made is None or abs(made - Decimal(str(minutes))) < Decimal("0.0001")
    assert Measure.from_data(measure.to_data()) == measure


def test_a_working_day_has_no_fixed_minutes() -> None:
    data = {"id": "m01", "clause": "c01", "metric": "x", "comparison": "at_most", "value": "2", "unit": "day"}
    assert Measure.from_data({**data, "kind": "goal", "clock": "working"}).minutes() is None


@pytest.mark.parametrize(
    ("comparison", "kept", "missed"), [("at_most", "10", "10.01"), ("at_least", "10", "9.99")]
)
def test_the_limit_itself_keeps_the_measure(comparison: str, kept: str, missed: str) -> None:
    data = {
        "id": "m01",
        "clause": "c01",
        "metric": "x",
        "comparison": comparison,
        "value": "10",
        "unit": "minute",
    }
    measure = Measure.from_data({**data, "kind": "goal"})
    assert measure.is_kept_by(Decimal(kept))
    assert not measure.is_kept_by(Decimal(missed))


def test_changing_a_clause_leaves_the_others_alone() -> None:
    document = parse_document(ZH)
    changed = document.with_clause(replace(document.clause("c04"), body="普通投诉 12 小时内解决。"))
    before, after = parts({"zh": document}), parts({"zh": changed})
    assert {key for key in before if before[key] != after[key]} == {"c04/zh"}
    assert parse_document(write_document(changed)) == changed


def test_a_new_clause_stands_where_it_was_put_and_knows_its_chapter() -> None:
    document = parse_document(ZH)
    added = document.with_clause(Clause("c12", "升级", "超过时限的投诉升级。"), after="c03")
    assert [clause.id for clause in added.clauses] == ["c03", "c12", "c04", "c11"]
    assert added.clause("c12").chapter == "受理"
    assert [clause.id for clause in added.with_clause(added.clause("c12"), after="c11").clauses][-1] == "c12"
    assert added.with_clause(added.clause("c12"), after="c11").clause("c12").chapter == "处理"
    assert [clause.id for clause in document.with_clause(Clause("c13", "新")).clauses][-1] == "c13"
    with pytest.raises(NotFound):
        document.with_clause(Clause("c12", "升级"), after="c99")


def test_removing_a_clause_removes_its_measures() -> None:
    gone = parse_document(ZH).without("c03")
    assert not gone.has("c03")
    assert [measure.clause_id for measure in gone.front.measures] == ["c04"]
    with pytest.raises(NotFound):
        gone.without("c03")


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("x\n## 新条款 {#c77}\n\ny", "document.heading_in_body"),
        ("# x", "document.heading_in_body"),
        ("   ###### x", "document.heading_in_body"),
        ("```\nx", "document.open_code_block"),
        ("````\n```", "document.open_code_block"),
        ("~~~\n```", "document.open_code_block"),
        ("a\u2066b", "text.bidi"),
    ],
)
def test_no_body_can_open_another_clause_or_swallow_the_next(body: str, key: str) -> None:
    with pytest.raises(Invalid) as caught:
        Clause("c01", "标题", body)
    assert caught.value.errors[0].reason.key == key


@pytest.mark.parametrize(
    "body", ["#标签", "    # code", "> # quoted", "- # item", "```\n# x\n```", "a\n---\nb", "---"]
)
def test_what_is_no_heading_stays_in_the_body(body: str) -> None:
    document = Document(Front("cs-01", "zh", "题"), "", (Clause("c01", "标题", body), Clause("c02", "次")))
    assert parse_document(write_document(document)) == document


WORDS = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("退款标准，。：；a1 #{}.-_*`~>|[]()!\"'\\&<\n\t")), st.characters(codec="utf-8")
    ),
    max_size=60,
)
SLUGS = st.from_regex(r"[a-z]{1,6}(_[a-z]{1,5})?", fullmatch=True)


@st.composite
def documents(draw: st.DrawFn) -> Document | None:
    """Draws a document of random text; None where the text is one that is refused."""
    try:
        clause_ids = draw(st.lists(st.from_regex(r"c[0-9]{2}", fullmatch=True), unique=True, max_size=4))
        blocks: list[Chapter | Clause] = [
            Clause(
                clause_id,
                draw(WORDS),
                draw(WORDS),
                tuple(draw(st.lists(SLUGS, max_size=2))),
                tuple(draw(st.lists(SLUGS, max_size=2))),
                draw(st.integers(2, 6)),
            )
            for clause_id in clause_ids
        ]
        if draw(st.booleans()):
            blocks.insert(
                draw(st.integers(0, len(blocks))), Chapter(draw(WORDS), draw(st.integers(2, 6)), draw(WORDS))
            )
        front = Front("cs-01", draw(st.sampled_from(["zh", "en"])), draw(WORDS))
        return Document(front, draw(WORDS), tuple(blocks))
    except Invalid:
        return None


@given(documents())
def test_every_document_survives_writing_and_reading(document: Document | None) -> None:
    if document is None:
        return
    written = write_document(document)
    assert parse_document(written) == document
    assert write_document(parse_document(written)) == written


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(body: str) -> None:
    """Whatever follows the head is either refused as Invalid or written back and read as the same."""
    try:
        document = parse_document(EN + body)
    except Invalid:
        return
    assert parse_document(write_document(document)) == document
