"""Reading a history out of a bundle: exactly what Git lists, one process for all texts, hostile files refused."""

import os
import subprocess
import zlib
from pathlib import Path

import pytest

from app.core.errors import DomainError, Invalid, TooLarge
from app.standards import bundle
from tests.git_cases import Elsewhere, listed_by_git

KNOWN = {"ruanyf-document-style-guide": (95, 8), "usds-playbook-md": (170, 19)}


def reason(caught: pytest.ExceptionInfo[DomainError]) -> str:
    return caught.value.reasons[0].key


@pytest.mark.samples
@pytest.mark.parametrize("name", KNOWN)
def test_a_real_history_is_read_as_git_lists_it(name: str, samples: Path, tmp_path: Path) -> None:
    file = samples / "policies" / f"{name}.bundle"
    clone = tmp_path / "clone.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(file), str(clone)], check=True)
    with bundle.opened(file) as past:
        assert (past.commits, len(past.documents), past.odd) == (*KNOWN[name], ())
        for document in past.documents:
            assert [c.commit for c in document.changes] == listed_by_git(clone, document.path)[::-1]
        texts = dict(past.texts(c.blob for d in past.documents for c in d.changes if c.blob))
        for document in past.documents:
            last = document.changes[-1]
            shown = subprocess.run(
                ["git", "-C", str(clone), "show", f"HEAD:{document.path}"], capture_output=True, check=True
            ).stdout
            assert texts[last.blob or ""] == shown


def test_renames_deletions_and_merges_are_followed(tmp_path: Path) -> None:
    there = Elsewhere(tmp_path / "there")
    there.commit({"old.md": "# 规则\n\n## 甲\n\n甲的内容，先登记后答复。\n"}, author="a@x.example")
    there.commit({"old.md": None, "docs/新 名.md": "# 规则\n\n## 甲\n\n甲的内容，先登记后答复。\n"})
    there.branch("side")
    there.commit({"other.md": "# 别的\n\n## 乙\n\n乙。\n"})
    there.switch("main")
    there.commit({"docs/新 名.md": "# 规则\n\n## 甲\n\n甲的内容，先登记再答复。\n"})
    there.merge("side")
    with bundle.opened(there.bundle()) as past:
        assert past.commits == 5
        for document in past.documents:
            assert [c.commit for c in document.changes] == listed_by_git(there.path, document.path)[::-1]
        paths = {d.path: [c.path for c in d.changes] for d in past.documents}
        assert paths["docs/新 名.md"] == ["old.md", "docs/新 名.md", "docs/新 名.md"]
        assert past.documents[0].changes[0].author == "a@x.example"


def test_paths_with_marks_of_their_own_are_only_names(tmp_path: Path) -> None:
    there = Elsewhere(tmp_path / "there")
    odd = [":(glob)*.md", "*.md", "-rf.md", "a\tb.md", "a'\"b.md", "CON.md"]
    for name in odd:
        there.commit({name: f"# {name[:3]}\n\n## 甲\n\n{name.strip()} 的内容。\n"})
    with bundle.opened(there.bundle()) as past:
        assert {d.path: len(d.changes) for d in past.documents} == {n: 1 for n in odd if "\t" not in n}
        assert past.odd == (("a\tb.md", "history.odd_path"),)


def test_a_name_in_the_encoding_of_older_programs_is_read(tmp_path: Path) -> None:
    there = Elsewhere(tmp_path / "there")
    there.commit({"a.md": "# 规则\n\n## 甲\n\n甲的内容。\n"})
    there.git("mv", "a.md", os.fsdecode("规则.md".encode("gb18030")))
    there.commit({})
    with bundle.opened(there.bundle()) as past:
        (document,) = past.documents
        assert (document.path, [c.path for c in document.changes]) == ("规则.md", ["a.md", "规则.md"])


def test_links_and_foreign_collections_are_not_followed(tmp_path: Path) -> None:
    there = Elsewhere(tmp_path / "there")
    secret = tmp_path / "secret.txt"
    secret.write_text("not for you")
    (there.path / "link.md").symlink_to(secret)
    there.commit({"good.md": "# 好\n\n## 甲\n\n内容。\n"})
    there.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module.md")
    there.git("commit", "-qm", "module")
    with bundle.opened(there.bundle()) as past:
        assert [d.path for d in past.documents] == ["good.md"]
        assert sorted(past.odd) == [("link.md", "history.not_a_file"), ("module.md", "history.not_a_file")]


def test_a_tree_that_points_out_of_its_folder_names_nothing(tmp_path: Path) -> None:
    there = Elsewhere(tmp_path / "there")
    blob = there.git("hash-object", "-w", "--stdin", data=b"# x\n\n## y\n\nz\n")
    inner = there.tree([("100644", "blob", blob, "evil.md")])
    outer = there.tree([("040000", "tree", inner, ".."), ("040000", "tree", inner, ".git")])
    commit = there.git("commit-tree", outer, "-m", "out")
    there.git("update-ref", "refs/heads/main", commit)
    with bundle.opened(there.bundle()) as past:
        assert past.documents == ()
        assert {path for path, key in past.odd} == {"../evil.md", ".git/evil.md"}
        assert {key for _path, key in past.odd} == {"history.odd_path"}
    assert not list(tmp_path.rglob("evil.md"))


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "history.not_a_bundle"),
        (b"PK\x03\x04 no bundle", "history.not_a_bundle"),
        (b"# v2 git bundle\n", "history.not_a_bundle"),
        (b"# v2 git bundle\nzz HEAD\n\nPACK", "history.not_a_bundle"),
        (
            b"# v2 git bundle\n" + b"1" * 40 + b" refs/tags/x\n" + b"2" * 40 + b" refs/tags/y\n\nPACK",
            "history.no_tip",
        ),
        (b"# v2 git bundle\n-" + b"2" * 40 + b" x\n" + b"1" * 40 + b" HEAD\n\nPACK", "history.partial"),
        (b"# v3 git bundle\n@filter=blob:none\n" + b"1" * 40 + b" HEAD\n\nPACK", "history.partial"),
        (b"# v3 git bundle\n@object-format=sha256\n" + b"1" * 40 + b" HEAD\n\nPACK", "history.damaged"),
        (b"# v2 git bundle\n" + b"1" * 40 + b" HEAD\n\nPACK", "history.damaged"),
        (b"# v2 git bundle\n" + b"1" * 40 + b" HEAD\n\n", "history.damaged"),
    ],
)
def test_what_is_no_whole_bundle_is_refused(data: bytes, key: str, tmp_path: Path) -> None:
    file = tmp_path / "x.bundle"
    file.write_bytes(data)
    with pytest.raises(Invalid) as caught, bundle.opened(file):
        pass
    assert reason(caught) == key


def test_a_truncated_or_flipped_bundle_is_refused(tmp_path: Path) -> None:
    there = Elsewhere(tmp_path / "there")
    there.commit({"a.md": "# 甲\n\n## 一\n\n" + "很长的内容。" * 200})
    whole = there.bundle().read_bytes()
    start = whole.index(b"\n\n") + 2
    for cut in (start, start + 8, len(whole) // 2, len(whole) - 1):
        file = tmp_path / "cut.bundle"
        file.write_bytes(whole[:cut])
        with pytest.raises(Invalid), bundle.opened(file):
            pass
    for place in range(start, len(whole), 37):
        file = tmp_path / "flip.bundle"
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        with pytest.raises(Invalid), bundle.opened(file):
            pass


def test_a_bundle_that_is_too_large_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Elsewhere(tmp_path / "there")
    there.commit({"a.md": "# 甲\n\n## 一\n\n内容。\n"})
    monkeypatch.setattr(bundle, "LIMIT_BUNDLE_BYTES", 10)
    with pytest.raises(TooLarge), bundle.opened(there.bundle()):
        pass


def test_a_huge_text_is_told_by_its_size_and_never_read(tmp_path: Path) -> None:
    """40 MB of zeros take 40 KB in a bundle."""
    there = Elsewhere(tmp_path / "there")
    there.commit({"a.md": "# 甲\n\n## 一\n\n内容。\n"})
    there.commit({"a.md": "\0" * (40 << 20)})
    file = there.bundle()
    assert file.stat().st_size < 200_000
    with bundle.opened(file) as past:
        first, second = past.documents[0].changes
        texts = dict(past.texts([first.blob or "", second.blob or ""]))
    assert texts[first.blob or ""] is not None and texts[second.blob or ""] is None


def test_an_object_that_is_not_there_is_damage(tmp_path: Path) -> None:
    there = Elsewhere(tmp_path / "there")
    there.commit({"a.md": "# 甲\n\n## 一\n\n内容。\n"})
    tree = there.tree([("100644", "blob", "3" * 40, "lost.md")])
    commit = there.git("commit-tree", tree, "-m", "lost")
    # A bundle cannot be made of what is not there, so its parts are put together by hand.
    pack = there.pack([commit, tree])
    file = tmp_path / "lost.bundle"
    file.write_bytes(f"# v2 git bundle\n{commit} HEAD\n\n".encode() + pack)
    with bundle.opened(file) as past:
        (change,) = past.documents[0].changes
        assert dict(past.texts([change.blob or ""])) == {change.blob: None}


def test_no_hook_and_no_setting_of_the_surroundings_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Elsewhere(tmp_path / "there")
    there.commit(
        {
            "a.md": "# 甲\n\n## 一\n\n内容。\n",
            ".gitattributes": "*.md diff=evil filter=evil\n",
            ".mailmap": "Other <other@x.example> <who@x.example>\n",
        }
    )
    there.commit({"a.md": "# 甲\n\n## 一\n\n新的内容。\n"}, author="who@x.example")
    trap, marker = tmp_path / "trap.sh", tmp_path / "ran"
    trap.write_text(f"#!/bin/sh\ntouch {marker}\ncat\n")
    trap.chmod(0o755)
    templates = tmp_path / "templates" / "hooks"
    templates.mkdir(parents=True)
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (templates / hook).symlink_to(trap)
    config = tmp_path / "config"
    config.write_text(
        f'[init]\n\ttemplateDir = {templates.parent}\n[diff "evil"]\n\ttextconv = {trap}\n\tcommand = {trap}\n'
        f'[filter "evil"]\n\tsmudge = {trap}\n[core]\n\thooksPath = {templates}\n\tfsmonitor = {trap}\n'
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    with bundle.opened(there.bundle(plain=True)) as past:
        assert len(past.documents[0].changes) == 2
        assert past.documents[0].changes[1].author == "who@x.example"
        dict(past.texts(c.blob or "" for c in past.documents[0].changes))
    assert not marker.exists()


def test_what_was_unpacked_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = Elsewhere(tmp_path / "there")
    there.commit({"a.md": "# 甲\n\n## 一\n\n内容。\n"})
    file, scratch = there.bundle(), tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(bundle.tempfile, "tempdir", str(scratch))
    with bundle.opened(file):
        assert os.listdir(scratch)
    assert os.listdir(scratch) == []
    with pytest.raises(Invalid), bundle.opened(_with_bad_pack(file, tmp_path)):
        pass
    assert os.listdir(scratch) == []


def _with_bad_pack(file: Path, folder: Path) -> Path:
    head, _, _pack = file.read_bytes().partition(b"\n\n")
    bad = folder / "bad.bundle"
    bad.write_bytes(head + b"\n\nPACK" + zlib.compress(b"nothing"))
    return bad
