"""Importing files and folders: counts, ids, twice without change, one bad file never stops the rest."""

from pathlib import Path

import pytest

from app.core.access import SYSTEM
from app.standards import imports, queries
from tests.house_fixtures import House

STARTER = Path(__file__).resolve().parents[2] / "standards_repo" / "starter"


@pytest.mark.samples
def test_the_two_laws_give_their_articles_as_clauses(house: House, samples: Path) -> None:
    done = imports.import_path(SYSTEM, samples / "laws-zh")
    assert sorted(d["clauses"] for d in done["documents"]) == [63, 89], done["errors"]
    assert imports.import_path(SYSTEM, samples / "laws-zh")["unchanged"] == 2


@pytest.mark.samples
def test_english_policies_are_imported_and_stay_what_they_are(sqlite_house: House, samples: Path) -> None:
    for name in ("retail-agent-policy.md", "airline-agent-policy.md"):
        first = imports.import_path(SYSTEM, samples / "policies" / name)
        assert first["created"] == 1, first["errors"]
        assert imports.import_path(SYSTEM, samples / "policies" / name)["unchanged"] == 1


def test_the_starter_library_is_imported_as_a_folder(sqlite_house: House) -> None:
    done = imports.import_path(SYSTEM, STARTER)
    standards = len(list(STARTER.glob("*/zh.md")))
    assert (done["created"], done["refused"], done["errors"]) == (standards, 0, [])
    assert imports.import_path(SYSTEM, STARTER)["unchanged"] == standards


def test_one_bad_file_is_named_and_does_not_stop_the_others(sqlite_house: House, tmp_path: Path) -> None:
    (tmp_path / "好.md").write_text("# 规则\n\n## 一\n\n内容。\n", encoding="utf-8")
    (tmp_path / "坏.docx").write_bytes(b"PK not a document")
    (tmp_path / "notes.exe").write_bytes(b"MZ")
    done = imports.import_path(SYSTEM, tmp_path)
    assert (done["read"], done["created"], done["refused"]) == (2, 1, 1)
    assert done["errors"][0]["file"] == "坏.docx" and done["errors"][0]["reason"]


def test_an_edited_file_keeps_the_ids_of_its_clauses(sqlite_house: House, tmp_path: Path) -> None:
    file = tmp_path / "流程(2026-01-01).md"
    file.write_text("# 流程\n\n## 甲\n\n甲的内容。\n\n## 乙\n\n乙的内容。\n", encoding="utf-8")
    code = imports.import_path(SYSTEM, file)["documents"][0]["code"]
    newer = tmp_path / "流程(2026-06-01).md"
    newer.write_text(
        "# 流程\n\n## 新\n\n新的内容。\n\n## 甲\n\n甲的内容。\n\n## 乙\n\n乙改过的内容。\n", encoding="utf-8"
    )
    done = imports.import_path(SYSTEM, newer)
    assert (done["updated"], done["documents"][0]["code"]) == (1, code)
    document = queries.published_documents(queries.standard(code))["zh"]
    assert [(c.id, c.heading) for c in document.clauses] == [("c03", "新"), ("c01", "甲"), ("c02", "乙")]
