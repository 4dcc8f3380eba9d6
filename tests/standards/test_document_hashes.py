"""The hashes of the parts of a text, and that they can be made without the program."""

import hashlib
import re

import pytest

from app.standards.document import (
    clause_hash,
    front_hash,
    measures_hash,
    order_hash,
    parse_document,
    parts,
    write_document,
)
from tests.standards.test_document import EN, ZH


def test_the_hash_of_a_clause_can_be_made_without_the_program() -> None:
    """`{ echo zh; sed -n '36,48p' zh.md; } | sha256sum` gives the same figure."""
    written = write_document(parse_document(ZH))
    start = written.index("### 解决时限")
    lines = written[start : written.index("### 记录")].rstrip("\n")
    expected = hashlib.sha256(f"zh\n{lines}\n".encode()).hexdigest()
    document = parse_document(ZH)
    assert clause_hash(document.clause("c04"), "zh") == expected
    assert clause_hash(document.clause("c04"), "en") != expected


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("普通投诉 24", "普通投诉 48", {"c04/zh"}),
        ("{#c04 .public}", "{#c04}", {"c04/zh"}),
        ("    value: 10\n", "    value: 5\n", {"c03/measures"}),
        ("    share: 90\n", "", {"c03/measures"}),
        ("owner: service", "owner: legal", {"front/zh"}),
        ("适用于", "仅适用于", {"between/zh"}),
        ("受理环节由", "受理由", {"between/zh"}),
        ("## 处理", "## 办理", {"order/zh"}),
        ("    value: 1.50", "    value: 1.5", set()),
        ("owner: service              # department code", "owner: service", set()),
        ("audience: [agent, team_lead]", "audience: [team_lead, agent]", set()),
    ],
)
def test_each_part_has_its_own_hash(old: str, new: str, changed: set[str]) -> None:
    before, after = parts({"zh": parse_document(ZH)}), parts({"zh": parse_document(ZH.replace(old, new, 1))})
    assert {key for key in before | after if before.get(key) != after.get(key)} == changed


def test_the_parts_of_two_languages_stand_side_by_side() -> None:
    document = parse_document(ZH)
    made = parts({"zh": document, "en": parse_document(EN)})
    clauses = {f"{clause}/{language}" for clause in ("c03", "c04", "c11") for language in ("zh", "en")}
    others = {f"{part}/{language}" for part in ("front", "order", "between") for language in ("zh", "en")}
    assert set(made) == clauses | others | {"c03/measures", "c04/measures"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", value) for value in made.values())
    assert made["c03/measures"] == measures_hash(document, "c03") != measures_hash(document, "c11")
    assert made["front/zh"] == front_hash(document)
    assert made["order/zh"] == order_hash(document)
