"""What may become a name, a path or a revision in the store, and what may not."""

from pathlib import Path

import pytest

from app.core import errors
from app.standards.store import Store
from app.standards.store_names import (
    checked_id,
    checked_path,
    manifest_path,
    pin_ref,
    tag_ref,
    text_path,
    writable_ref,
)
from tests.standards.test_store import store as a_store

store = a_store
BAD_IDS = [
    "--output=x",
    "-Otouch",
    "HEAD",
    "HEAD~1",
    ":/x",
    "a" * 39,
    "A" * 40,
    "a" * 41,
    "",
    "a" * 39 + "\n",
    "main",
]


@pytest.mark.parametrize("value", BAD_IDS)
def test_a_revision_is_forty_hex_digits_or_nothing(store: Store, value: str, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    for ask in (store.exists, store.list_files, store.read_commit, lambda v: store.read_file(v, "a.md")):
        with pytest.raises(errors.NotFound):
            ask(value)
    with pytest.raises(errors.NotFound):
        checked_id(value)
    assert sorted(tmp_path.rglob("*")) == before


BAD_NAMES = [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "-rf",
    "CS-04",
    "cs 04",
    "cs-04.lock",
    "cs-04\n",
    "a..b",
    "标准",
    "cs--4",
    "@{",
    "x" * 200,
]


@pytest.mark.parametrize("value", BAD_NAMES)
def test_no_other_value_becomes_part_of_a_ref_or_path(value: str) -> None:
    for build in (
        lambda: tag_ref(value, "1.0"),
        lambda: tag_ref("cs-04", value),
        lambda: pin_ref(value, 1),
        lambda: text_path(value, "zh"),
        lambda: text_path("cs-04", value),
        lambda: manifest_path(value, "1.0"),
    ):
        with pytest.raises(errors.NotFound):
            build()


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "/etc/passwd",
        ".git/config",
        "a/.git/x",
        "a//b",
        "a/../b",
        "a\tb",
        "a\nb",
        "-x",
        "a/",
        "A",
        "a:b",
    ],
)
def test_a_path_in_the_store_is_plain(path: str) -> None:
    with pytest.raises(errors.NotFound):
        checked_path(path)


@pytest.mark.parametrize(
    "ref",
    ["foo", "HEAD", "refs/heads/../../config", "refs/heads/other", "refs/tags/std/cs-04", "refs/tags/v1",
     "refs/drafts/26-014/x", "refs/drafts/26-014/0", "refs/drafts/26-014", "refs/replace/" + "a" * 40, "config"],
)  # fmt: skip
def test_no_other_ref_is_ever_written(ref: str) -> None:
    with pytest.raises(errors.NotFound):
        writable_ref(ref)
