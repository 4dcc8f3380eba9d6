"""The manifest: one canonical text of everything a publication is."""

import dataclasses
import datetime as dt
import json
import unicodedata

import pytest

from app.core import errors
from app.standards.manifest import (
    Manifest,
    ManifestClause,
    commit_message,
    describe_files,
    files_of,
    read_manifest,
    sha256_of,
    write_manifest,
)
from app.standards.store_names import content_digest

AT = dt.datetime(2026, 11, 30, 16, 0, tzinfo=dt.UTC)
CONTENT = {"standards/cs-04/zh.md": "十分钟。\n", "standards/cs-04/en.md": "Ten minutes.\n"}


def manifest(**changes: object) -> Manifest:
    made = Manifest(
        code="cs-04",
        version="2.4",
        op_key="key-1",
        content_sha256=content_digest(CONTENT),
        files=describe_files("cs-04", CONTENT),
        clauses=(ManifestClause("c07", 0, "a" * 64, {"zh": "b" * 64}, AT, AT + dt.timedelta(days=7)),),
        effective_on=dt.date(2026, 12, 1),
        zone="Asia/Shanghai",
        effective_at=AT,
        publisher="p-7f3a",
        published_at=dt.datetime(2026, 11, 22, 16, 0, 0, 5, tzinfo=dt.timezone(dt.timedelta(hours=8))),
        sign_offs=({"role": "legal_reviewer", "signer": "p-11aa"},),
        reasons={"emergency": False},
        change_note="首次答复改为十分钟\n\nApproved-By: mallory",
        removed=("standards/cs-04/fr.md",),
        previous="c" * 64,
        activity=(12, "d" * 64),
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def test_what_was_written_reads_back() -> None:
    assert read_manifest(write_manifest(manifest())) == manifest()


def test_the_same_facts_make_the_same_bytes() -> None:
    turned = dataclasses.replace(
        manifest(), published_at=manifest().published_at.astimezone(dt.UTC), reasons=dict(manifest().reasons)
    )
    assert write_manifest(turned) == write_manifest(manifest())


def test_the_text_is_canonical() -> None:
    text = write_manifest(manifest(change_note=unicodedata.normalize("NFD", "Détail")))
    assert text == unicodedata.normalize("NFC", text)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


@pytest.mark.parametrize("value", [1.5, float("nan"), object(), b"x", {"a": [0.1]}])
def test_a_value_that_two_programs_write_differently_is_refused(value: object) -> None:
    with pytest.raises(errors.BadInput):
        write_manifest(manifest(reasons={"value": value}))


@pytest.mark.parametrize(
    "path", ["standards/cs-05/zh.md", "manifests/cs-04/2.4.json", "standards/cs-04/x/zh.md"]
)
def test_a_file_of_another_place_is_refused(path: str) -> None:
    with pytest.raises((errors.BadInput, errors.NotFound)):
        describe_files("cs-04", {path: ""})


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"schema": "other/1"}', "{", '{"schema": 5}'])
def test_any_other_text_is_no_manifest(text: str) -> None:
    with pytest.raises(errors.BadInput):
        read_manifest(text)


def test_no_text_of_a_person_enters_the_commit_message() -> None:
    text = write_manifest(manifest())
    assert commit_message(manifest(), text) == (
        f"Publish cs-04 2.4\n\nContent-SHA256: {content_digest(CONTENT)}\nManifest-SHA256: {sha256_of(text)}\n"
        f"Audit-Seq: 12\nAudit-Head: {'d' * 64}\n"
    )


def test_the_commit_holds_texts_manifest_and_takes_the_removed_away() -> None:
    files = files_of(manifest(), "{}\n", CONTENT)
    assert files == {
        "standards/cs-04/fr.md": None,
        "standards/cs-04/zh.md": "十分钟。\n".encode(),
        "standards/cs-04/en.md": b"Ten minutes.\n",
        "manifests/cs-04/2.4.json": b"{}\n",
    }
