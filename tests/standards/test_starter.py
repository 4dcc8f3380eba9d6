"""Holds each starter standard to what it promises: files that parse, mirror each other and can be measured."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.standards import frontmatter, measures
from app.standards.clause import Clause
from app.standards.document import Document, parse_document, write_document
from app.standards.punctuation import half_width_count
from app.standards.quantities import states_measure
from app.standards.wording import TAG_PROMISE, TAG_PUBLIC, check_clause

FOLDER = Path(__file__).resolve().parents[2] / "standards_repo"
CODES = tuple(f"cs-{number:02}" for number in range(1, 18))
ASKED_ABOUT = ("cs-01", "cs-02", "cs-03", "cs-04", "cs-05")
"""The standards with questions for training."""
LEAST_MEASURES = {"cs-01": 3, "cs-02": 3, "cs-04": 3, "cs-05": 3}
METRICS = {
    "first_reply_time",
    "resolution_time",
    "phone_answer_time",
    "refund_time",
    "handover_time",
    "bot_accuracy",
    "fcr",
    "csat",
    "followup_share",
    "reopen_rate",
    "escalation_rate",
    "abandon_rate",
    "reply_gap",
    "notice_time",
    "quality_score",
    "forecast_error",
    "pass_share",
}
TAGS = {
    *("public", "promise", "technical", "legal"),
    *("response", "returns", "refund", "complaint", "bot", "handover", "identity", "privacy", "peak"),
    *("channel", "commitment", "critical", "emotion", "escalation", "feedback", "flow", "language", "notice"),
    *("order", "remote", "script", "training"),
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
VAGUE = re.compile(r"尽快|及时|适当|酌情|立即|马上|as soon as|promptly|timely|appropriate", re.IGNORECASE)
DUTY = {"zh": re.compile(r"必须|应当|应在|不得|可以"), "en": re.compile(r"\b(must|may)\b")}


@cache
def text_of(code: str, language: str) -> str:
    return (FOLDER / "starter" / code / f"{language}.md").read_text(encoding="utf-8")


@cache
def both(code: str) -> tuple[Document, Document]:
    return parse_document(text_of(code, "zh")), parse_document(text_of(code, "en"))


def questions(code: str) -> list[dict[str, Any]]:
    return json.loads((FOLDER / "starter" / code / "questions.json").read_text(encoding="utf-8"))


def rule(clause: Clause) -> str:
    """The clause without what to say and what never to say."""
    return "\n".join(line for line in clause.body.split("\n") if not line.startswith(">"))


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:\.\d+)?", text))


def test_the_library_is_exactly_these() -> None:
    folders = sorted(path.name for path in (FOLDER / "starter").iterdir() if path.is_dir())
    assert folders == [*CODES, "rules"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_is_in_canonical_form_and_says_who_it_is(code: str, language: str) -> None:
    text = text_of(code, language)
    document = parse_document(text)
    assert write_document(document) == text
    assert (document.front.code, document.front.language) == (code, language)
    assert document.front.is_primary == (language == "zh")
    assert document.preamble
    assert 2 <= len(document.blocks) - len(document.clauses) <= 5, "two to five chapters"


@pytest.mark.parametrize("code", CODES)
def test_both_languages_have_the_same_ten_to_twenty_five_clauses(code: str) -> None:
    zh, en = both(code)
    assert [clause.id for clause in zh.clauses] == [clause.id for clause in en.clauses]
    assert 10 <= len(zh.clauses) <= 25
    chapters = [[block.level for block in text.blocks] for text in (zh, en)]
    assert chapters[0] == chapters[1]
    for clause, mirror in zip(zh.clauses, en.clauses, strict=True):
        assert numbers(clause.body) == numbers(mirror.body), f"{code} {clause.id}: the numbers differ"
        assert len(clause.says) == len(mirror.says), clause.id
        assert len(clause.never_says) == len(mirror.never_says), clause.id


@pytest.mark.parametrize("code", CODES)
def test_every_clause_says_who_must_and_has_known_tags(code: str) -> None:
    zh, en = both(code)
    for clause, mirror in zip(zh.clauses, en.clauses, strict=True):
        assert clause.audience, clause.id
        assert set(clause.tags) <= TAGS, clause.id
        assert not mirror.tags
        assert not mirror.audience
        assert 60 <= len(CHINESE.findall(rule(clause))) <= 250, clause.id
        assert DUTY["zh"].search(rule(clause)), clause.id
        assert DUTY["en"].search(rule(mirror)), clause.id


@pytest.mark.parametrize("code", CODES)
def test_every_measure_stands_in_both_texts(code: str) -> None:
    zh, en = both(code)
    assert len(zh.front.measures) >= LEAST_MEASURES.get(code, 1)
    for measure in zh.front.measures:
        assert measure.metric in METRICS
        for language, document in (("zh", zh), ("en", en)):
            text = rule(document.clause(measure.clause_id))
            assert states_measure(text, language, measure), f"{code} {measure.id} {language}"
            if measure.share_percent is not None:
                assert f"{measures.number_text(measure.share_percent)}%" in text, f"{code} {measure.id}"


@pytest.mark.parametrize("code", CODES)
def test_a_promise_is_public_measured_and_marked(code: str) -> None:
    zh, _ = both(code)
    for clause in zh.clauses:
        promised = any(m.kind == measures.Kind.PROMISE for m in zh.measures_of(clause.id))
        assert promised == (TAG_PROMISE in clause.tags), clause.id
        assert not promised or TAG_PUBLIC in clause.tags, clause.id


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_vague_and_punctuation_is_full_width(code: str) -> None:
    zh, en = both(code)
    for clause, mirror in zip(zh.clauses, en.clauses, strict=True):
        assert not VAGUE.search(clause.body), f"{code} {clause.id}"
        assert not VAGUE.search(mirror.body), f"{code} {clause.id}"
        assert half_width_count(clause.heading + clause.body) == 0, f"{code} {clause.id}"
    assert half_width_count(zh.preamble) == 0


@pytest.mark.parametrize("code", CODES)
def test_the_text_checks_find_nothing_but_limits_not_yet_measured(code: str) -> None:
    zh, en = both(code)
    known = [f"{one}-{clause.id}" for one in CODES for clause in both(one)[0].clauses]
    for clause, mirror in zip(zh.clauses, en.clauses, strict=True):
        texts = {"zh": f"{clause.heading}\n{clause.body}", "en": f"{mirror.heading}\n{mirror.body}"}
        found = check_clause(texts, zh.measures_of(clause.id), tags=clause.tags, known_clauses=known)
        assert {finding.key for finding in found} <= {"wording.limit_without_measure"}, f"{code} {clause.id}"


def test_the_clause_of_the_first_reply_to_returns_is_as_the_story_needs_it() -> None:
    zh, _ = both("cs-04")
    clause = zh.clause("c07")
    assert clause.body.startswith("退换货申请应在 24 小时内答复客户")
    (measure,) = zh.measures_of("c07")
    assert (measure.metric, measure.value, measure.unit, measure.share_percent) == (
        "first_reply_time",
        24,
        measures.Unit.HOUR,
        90,
    )
    assert measure.channels == ()
    assert "returns" in measure.categories
    assert {"public", "returns"} <= set(clause.tags)


@pytest.mark.parametrize("code", ASKED_ABOUT)
def test_questions_belong_to_clauses_and_mirror_each_other(code: str) -> None:
    zh, _ = both(code)
    asked = questions(code)
    assert len({question["clause"] for question in asked}) == len(asked) >= 8
    for question in asked:
        assert zh.has(question["clause"])
        assert question["zh"]["right"] == question["en"]["right"]
        for language in ("zh", "en"):
            words = question[language]
            assert set(words) == {"question", "options", "right", "why"}
            assert len(set(words["options"])) == 3
            assert words["right"] in range(3)
            assert all([words["question"], words["why"], *words["options"]])
        chinese = [question["zh"]["question"], question["zh"]["why"], *question["zh"]["options"]]
        assert all(half_width_count(text) == 0 for text in chinese), question["clause"]
        english = [question["en"]["question"], question["en"]["why"], *question["en"]["options"]]
        assert not CHINESE.search("".join(english)), question["clause"]


def test_the_right_answer_does_not_always_stand_in_one_place() -> None:
    for code in ASKED_ABOUT:
        places = [question["zh"]["right"] for question in questions(code)]
        assert max(places.count(place) for place in range(3)) <= len(places) // 2, code


def test_checklists_ask_in_both_languages_and_name_their_law() -> None:
    lists = json.loads((FOLDER / "starter" / "checklists.json").read_text(encoding="utf-8"))
    assert {name: len(items) for name, items in lists.items()} == {
        "legal": 1,
        "business": 4,
        "it": 1,
        "public_promise": 8,
    }
    items = [item for items in lists.values() for item in items]
    assert len({item["key"] for item in items}) == len(items)
    for item in items:
        assert set(item) - {"is_optional"} == {"key", "zh", "en", "why_zh", "why_en", "law", "tags"}
        assert CHINESE.search(item["zh"] + item["why_zh"])
        assert not CHINESE.search(item["en"] + item["why_en"])
        assert half_width_count(item["zh"] + item["why_zh"]) == 0, item["key"]
        assert set(item["tags"]) <= TAGS
    assert all(item["law"] and "is_optional" not in item for item in lists["legal"])
    assert [item["key"] for item in lists["business"] if not item.get("is_optional")] == ["business_process"]
    assert all(item["tags"] == ["technical"] for item in lists["it"])


def test_the_schema_knows_the_words_the_program_knows() -> None:
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    head, measure = schema["properties"], schema["$defs"]["measure"]["properties"]
    assert head["language"]["enum"] == list(frontmatter.LANGUAGES)
    assert head["journey"]["enum"] == list(frontmatter.Journey)
    assert head["visibility"]["enum"] == list(frontmatter.Visibility)
    assert head["code"]["pattern"] == f"^{frontmatter.PATTERN_CODE.pattern}$"
    assert measure["comparison"]["enum"] == list(measures.Comparison)
    assert measure["unit"]["enum"] == list(measures.Unit)
    assert measure["clock"]["enum"] == list(measures.Clock)
    assert measure["kind"]["enum"] == list(measures.Kind)
    assert schema["$defs"]["slug"]["pattern"] == f"^{measures.PATTERN_SLUG.pattern}$"


def test_the_schema_knows_the_keys_the_program_knows() -> None:
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    everything = measures.Measure.from_data(
        {
            **{
                "id": "m01",
                "clause": "c01",
                "metric": "fcr",
                "comparison": "at_least",
                "value": "85",
                "peak": "80",
            },
            **{"unit": "percent", "share": "90", "clock": "working", "kind": "goal"},
            **{key: ["a"] for key in ("channel", "region", "group", "priority", "category", "complexity")},
        }
    )
    assert list(schema["$defs"]["measure"]["properties"]) == list(everything.to_data())
    heads = [parse_document(text_of(code, "zh")).front for code in CODES]
    for front in heads:
        written = re.findall(r"^(\w+):", frontmatter.write_front(front), re.MULTILINE)
        assert list(schema["properties"]) == written
