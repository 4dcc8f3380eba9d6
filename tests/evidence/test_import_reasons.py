"""Every refusal of the readers has words, with the values its sentence needs."""

import re
from pathlib import Path

import pytest

from app.evidence import readers
from app.evidence.import_reasons import IMPORT_REASONS
from app.evidence.readers import MAPPINGS
from app.evidence.readers.generic_table import HEADERS
from app.evidence.tickets import RefusedRow
from app.web.reasons import known_reasons
from tests.samples import OWN

READERS = Path(readers.__file__).parent


def test_every_key_in_the_readers_has_words_and_every_word_a_key():
    used = {
        key for path in READERS.glob("*.py") for key in re.findall(r'"(import\.[a-z_]+)"', path.read_text())
    }
    assert used == set(IMPORT_REASONS)
    assert used <= known_reasons()


@pytest.mark.parametrize(
    ("mapping", "folder"),
    [("zendesk-tables", "zendesk"), ("jira-rest", "jira"), ("freshdesk", "freshdesk"), ("csv", "table")],
)
def test_a_refusal_brings_the_values_its_sentence_needs(mapping, folder):
    rows = [row for row in MAPPINGS[mapping].read(OWN / "tickets" / folder) if isinstance(row, RefusedRow)]
    assert rows
    for row in rows:
        if row.reason_key in IMPORT_REASONS:
            sentence = IMPORT_REASONS[row.reason_key]._args[0]
            assert set(re.findall(r"%\((\w+)\)s", sentence)) <= set(row.params), row


def test_every_mapping_and_every_column_is_documented():
    page = (READERS.parents[2] / "docs" / "imports.md").read_text(encoding="utf-8")
    assert [name for name in MAPPINGS if f"| `{name}` |" not in page] == []
    assert [name for name in HEADERS if f"\n| `{name}` |" not in page] == []
    chinese = [word for words in HEADERS.values() for word in words if not word.isascii()]
    assert [word for word in chinese if word not in page] == []
    assert [
        mapping.source for mapping in MAPPINGS.values() if mapping.source not in f"{page} docs/imports.md"
    ] == []
