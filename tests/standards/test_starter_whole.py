"""Holds the starter library as a whole to what docs/library.md says: references, figures across standards, coverage."""

import json
import re
from functools import cache
from itertools import combinations

import pytest

from app.standards.document import Document
from app.standards.measures import Kind, Measure
from app.standards.quantities import states_measure
from tests.standards.test_starter import CODES, FOLDER, both, rule

DOC = (FOLDER.parent / "docs" / "library.md").read_text(encoding="utf-8")
REFERENCE = re.compile(r"CS-(\d{2})-C(\d{2})")
FILTERS = ("channels", "regions", "groups", "priorities", "categories", "complexities")
ASKED = {
    *(50, 51, *range(56, 60), *range(62, 69), *range(75, 81), *range(86, 91), *range(96, 100)),
    *(*range(101, 108), *range(110, 114), *range(120, 124)),
}
"""The requirements that are answered with a standard."""
COMMITTED = re.compile(r"[（(](CS-\d{2}-C\d{2})[）)]")


@cache
def library() -> dict[str, tuple[Document, Document]]:
    return {code: both(code) for code in CODES}


def clause_ids() -> set[str]:
    return {f"{code}-{clause.id}".upper() for code, (zh, _) in library().items() for clause in zh.clauses}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading of the page, without its head."""
    part = DOC.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def filters_of(measure: Measure) -> dict[str, tuple[str, ...]]:
    return {name: getattr(measure, name) for name in FILTERS if getattr(measure, name)}


def measured() -> list[tuple[str, Measure]]:
    return [(code, measure) for code, (zh, _) in library().items() for measure in zh.front.measures]


def names(code: str, clause_id: str) -> set[str]:
    """The clauses that a clause names, spoken."""
    return {match.group(0) for match in REFERENCE.finditer(library()[code][0].clause(clause_id).body)}


@pytest.mark.parametrize("code", CODES)
def test_every_reference_leads_to_a_clause_of_another_standard_in_both_languages(code: str) -> None:
    zh, en = library()[code]
    for clause, mirror in zip(zh.clauses, en.clauses, strict=True):
        found = [match.group(0) for match in REFERENCE.finditer(clause.body)]
        assert sorted(found) == sorted(match.group(0) for match in REFERENCE.finditer(mirror.body)), clause.id
        assert set(found) <= clause_ids(), f"{code} {clause.id} names a clause that is not there"
        assert not any(name.lower().startswith(code) for name in found), f"{code} {clause.id} names itself"


def contradictions(found: list[tuple[str, Measure]]) -> list[str]:
    """Pairs of measures of two standards that give one metric two values for the same contacts and name nothing.

    Equal populations count, and a promise to a part of the contacts to whom another promise is given.
    """
    wrong = []
    for (code, one), (other, two) in combinations(found, 2):
        if code == other or one.metric != two.metric or (one.value, one.unit) == (two.value, two.unit):
            continue
        mine, theirs = filters_of(one), filters_of(two)
        is_part = mine.items() <= theirs.items() or theirs.items() <= mine.items()
        both_promised = one.kind is Kind.PROMISE and two.kind is Kind.PROMISE
        if not (mine == theirs or (is_part and both_promised)):
            continue
        named = names(code, one.clause_id) | names(other, two.clause_id)
        if not {f"{code}-{one.clause_id}".upper(), f"{other}-{two.clause_id}".upper()} & named:
            wrong.append(f"{code} {one.id} and {other} {two.id}")
    return wrong


def test_no_two_standards_contradict_each_other() -> None:
    assert contradictions(measured()) == []


def test_a_planted_contradiction_is_found() -> None:
    data = {"metric": "first_reply_time", "comparison": "at_most", "unit": "minute", "kind": "promise"}
    two = [
        ("cs-01", Measure.from_data({**data, "id": "m01", "clause": "c03", "value": "10"})),
        (
            "cs-04",
            Measure.from_data({**data, "id": "m02", "clause": "c07", "value": "20", "channel": ["chat"]}),
        ),
    ]
    assert contradictions(two) == ["cs-01 m01 and cs-04 m02"]


@pytest.mark.parametrize("place", [0, 1], ids=["zh", "en"])
def test_what_is_publicly_committed_is_what_the_named_clauses_measure(place: int) -> None:
    body = rule(library()["cs-16"][place].clause("c02"))
    begin, language, found = 0, ("zh", "en")[place], 0
    for match in COMMITTED.finditer(body):
        said = body[begin : match.start()]
        code, _, clause_id = match.group(1).lower().rpartition("-")
        (measure, *_) = library()[code][0].measures_of(clause_id)
        assert states_measure(said, language, measure), f"{match.group(1)} is not what is said of it"
        begin, found = match.end(), found + 1
    assert found == 7


def test_the_page_lists_every_standard_as_it_is() -> None:
    listed = {row[0].strip("`"): row[1:] for row in rows("The standards")}
    assert list(listed) == list(CODES)
    for code, (zh, en) in library().items():
        front = zh.front
        assert listed[code] == [
            *(front.title, en.front.title, front.owner, str(front.journey), ", ".join(front.audience)),
            *(str(len(zh.clauses)), str(len(front.measures))),
        ]
    clauses = sum(len(zh.clauses) for zh, _ in library().values())
    assert (
        f"{len(CODES)} standards in Chinese and English, {clauses} clauses, {len(measured())} measures" in DOC
    )


def test_every_requirement_is_covered_by_clauses_that_are_there() -> None:
    covered = {int(row[0]): [part.strip() for part in row[2].split(",")] for row in rows("What they cover")}
    assert set(covered) == ASKED
    for number, clauses in covered.items():
        assert clauses and set(clauses) <= clause_ids(), number
        assert len(set(clauses)) == len(clauses), number


def test_the_readme_of_the_library_names_every_standard_metric_and_tag() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    words = set(re.findall(r"`([a-z0-9_-]+)`", readme))
    assert set(CODES) <= words
    assert {measure.metric for _, measure in measured()} <= words
    assert {tag for zh, _ in library().values() for clause in zh.clauses for tag in clause.tags} <= words


def test_the_sets_name_standards_that_are_there_and_say_why() -> None:
    sets = json.loads((FOLDER / "starter" / "sets.json").read_text(encoding="utf-8"))
    assert len({one["key"] for one in sets}) == len(sets) == 6
    for one in sets:
        assert set(one) == {"key", "zh", "en", "why_zh", "why_en", "codes"}
        assert set(one["codes"]) <= set(CODES)
        assert sorted(set(one["codes"])) == one["codes"]
    assert next(one["codes"] for one in sets if one["key"] == "large") == list(CODES)
