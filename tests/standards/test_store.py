"""The store on a real repository: what it keeps, what it refuses, how it heals."""

import datetime as dt
import fcntl
import os
import subprocess
import threading
from pathlib import Path

import pytest

from app.core import errors
from app.standards import git as plumbing
from app.standards import store_settings
from app.standards.store import Store
from app.standards.store_names import (
    MAIN,
    RECORDS,
    content_digest,
    manifest_path,
    text_path,
)

AT = dt.datetime(2026, 11, 22, 16, 0, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "store.git")
    made.create()
    return made


def publish(store: Store, version: str, text: str = "十分钟内首次答复。\n") -> str:
    with store.lock():
        parent = store.head()
        files = {text_path("cs-04", "zh"): text.encode(), manifest_path("cs-04", version): version.encode()}
        commit = store.build_commit(
            parent, files, f"Publish cs-04 {version}\n\nContent-SHA256: ab12\n", "p-7f3a", AT
        )
        assert store.compare_and_swap(MAIN, commit, parent, AT)
        store.write_tag("cs-04", version, commit, AT)
    return commit


def damage(store: Store, object_id: str, data: bytes | None = None) -> None:
    file = store.path / "objects" / object_id[:2] / object_id[2:]
    file.chmod(0o644)
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(bytes(whole) if data is None else data)


def test_a_fresh_store_is_empty_and_clean(store: Store) -> None:
    assert store.head() is None
    assert store.commits() == []
    assert store.refs("refs/") == {}
    assert store.fsck() == []


def test_creating_again_changes_nothing(store: Store) -> None:
    commit = publish(store, "1.0")
    store.create()
    assert store.head() == commit


def test_an_unfinished_creation_is_finished(tmp_path: Path) -> None:
    (tmp_path / "store.git").mkdir()
    (tmp_path / "store.git" / "config").write_text("")
    store = Store(tmp_path / "store.git")
    store.create()
    assert store.head() is None


def test_what_is_published_reads_back(store: Store) -> None:
    first, second = publish(store, "1.0"), publish(store, "1.1", "五分钟。\n")
    assert store.read_file(first, text_path("cs-04", "zh")) == "十分钟内首次答复。\n".encode()
    assert store.read_file(second, text_path("cs-04", "zh")) == "五分钟。\n".encode()
    assert store.read_file(first, manifest_path("cs-04", "1.1")) is None
    assert sorted(store.list_files(second)) == [
        "manifests/cs-04/1.0.json",
        "manifests/cs-04/1.1.json",
        "standards/cs-04/zh.md",
    ]
    assert store.refs("refs/tags/std/") == {
        "refs/tags/std/cs-04/v1.0": first,
        "refs/tags/std/cs-04/v1.1": second,
    }
    assert store.is_ancestor(first, second)
    assert not store.is_ancestor(second, first)
    assert store.exists(first)
    assert not store.exists("0" * 40)
    assert store.fsck() == []


def test_a_commit_names_ids_only(store: Store) -> None:
    publish(store, "1.0")
    commit = publish(store, "1.1")
    found = store.commits()[-1]
    assert found.id == commit
    assert found.parents == (store.commits()[0].id,)
    assert found.author_subject == "p-7f3a"
    assert found.at == AT.replace(microsecond=0)
    assert found.trailers == {"Content-SHA256": "ab12"}
    raw = subprocess.run(
        ["git", "-C", str(store.path), "cat-file", "commit", commit],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "author p-7f3a <p-7f3a@people.invalid> 1795334400 +0000" in raw
    assert "committer touchstone <service@touchstone.invalid> 1795334400 +0000" in raw


def test_the_same_bytes_make_the_same_ids(tmp_path: Path) -> None:
    heads = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        store = Store(tmp_path / name / "store.git")
        store.create()
        publish(store, "1.0")
        publish(store, "1.1", "五分钟。\n")
        heads.append((store.head(), store.head("refs/tags/std/cs-04/v1.1")))
    assert heads[0] == heads[1]


def test_a_file_can_be_removed_and_others_stay(store: Store) -> None:
    parent = publish(store, "1.0")
    with store.lock():
        commit = store.build_commit(parent, {text_path("cs-04", "zh"): None}, "Remove\n", "system", AT)
    assert sorted(store.list_files(commit)) == ["manifests/cs-04/1.0.json"]


def test_only_one_of_two_moves_from_the_same_place_wins(store: Store) -> None:
    parent = publish(store, "1.0")
    with store.lock():
        ours = store.build_commit(parent, {text_path("cs-04", "zh"): b"a"}, "A\n", "system", AT)
        theirs = store.build_commit(parent, {text_path("cs-04", "zh"): b"b"}, "B\n", "system", AT)
        assert store.compare_and_swap(MAIN, ours, parent, AT)
        assert not store.compare_and_swap(MAIN, theirs, parent, AT)
        assert store.compare_and_swap(MAIN, ours, parent, AT), "a move that was made already counts as made"
    assert store.head() == ours


def test_a_tag_never_moves(store: Store) -> None:
    first, second = publish(store, "1.0"), publish(store, "1.1")
    with store.lock():
        assert not store.write_tag("cs-04", "1.0", first, AT)
        with pytest.raises(errors.Diverged):
            store.write_tag("cs-04", "1.0", second, AT)
    assert store.refs("refs/tags/std/cs-04/v1.0") == {"refs/tags/std/cs-04/v1.0": first}


def test_a_pin_is_kept_once_and_never_changes(store: Store) -> None:
    files = {text_path("cs-04", "zh"): b"draft"}
    commit = store.write_pin("26-014", 3, files, "p-7f3a", AT)
    assert store.write_pin("26-014", 3, files, "p-7f3a", AT) == commit
    assert store.refs("refs/drafts/") == {"refs/drafts/26-014/3": commit}
    with pytest.raises(errors.Diverged):
        store.write_pin("26-014", 3, {text_path("cs-04", "zh"): b"other"}, "p-7f3a", AT)
    assert store.read_file(commit, text_path("cs-04", "zh")) == b"draft"


def test_records_are_only_ever_added(store: Store) -> None:
    first = store.append_records({"pilots/26-014/plan.json": b"{}"}, "p-7f3a", AT, {"Audit-Seq": "7"})
    assert store.append_records({"pilots/26-014/plan.json": b"{}"}, "p-7f3a", AT) == first
    second = store.append_records({"anchors/1.txt": b"7"}, "system", AT)
    assert [c.id for c in store.commits(RECORDS)] == [first, second]
    assert store.commits(RECORDS)[0].trailers == {"Audit-Seq": "7"}
    assert len(store.list_files(second)) == 2
    with pytest.raises(errors.Diverged):
        store.append_records({"anchors/1.txt": b"8"}, "system", AT)


def test_forty_pins_from_four_threads_are_all_kept(store: Store) -> None:
    def pin(first: int) -> None:
        for n in range(first, first + 10):
            store.write_pin("26-014", n, {text_path("cs-04", "zh"): f"{n}".encode()}, "system", AT)

    threads = [threading.Thread(target=pin, args=(first,)) for first in (1, 11, 21, 31)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pins = store.refs("refs/drafts/")
    texts = {store.read_file(commit, text_path("cs-04", "zh")) for commit in pins.values()}
    assert texts == {f"{n}".encode() for n in range(1, 41)}
    assert store.fsck() == []


def test_writing_without_the_lock_is_a_bug(store: Store) -> None:
    with pytest.raises(RuntimeError):
        store.build_commit(None, {text_path("cs-04", "zh"): b""}, "A\n", "system", AT)


def test_a_lock_held_by_another_process_ends_in_503(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plumbing, "LOCK_WAIT_SECONDS", 0.05)
    with open(store.path.parent / "publish.lock", "w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(errors.Unavailable) as refused, store.lock():
            pass
    assert refused.value.reasons[0].key == "store.locked"
    with store.lock(), store.lock():
        assert store.remove_stale_locks() == []


def test_what_a_killed_writer_left_is_removed(store: Store) -> None:
    commit = publish(store, "1.0")
    left = ["packed-refs.lock", "HEAD.lock", "refs/heads/main.lock", "refs/tags/std/cs-04/v9.9.lock"]
    left += [
        "objects/tmp_obj_aaaaaa",
        f"objects/{commit[:2]}/tmp_obj_bbbbbb",
        "scratch/index-0",
        "scratch/index-0.lock",
    ]
    for name in left:
        (store.path / name).write_text("")
    with store.lock():
        assert store.remove_stale_locks() == sorted(left)
        assert store.remove_stale_locks() == []
    publish(store, "1.1")


@pytest.mark.parametrize("emptied", [True, False], ids=["emptied", "one bit changed"])
def test_damaged_objects_are_found_removed_and_rebuilt(store: Store, emptied: bool) -> None:
    commit = publish(store, "1.0")
    files = store.list_files(commit)
    damaged = sorted([commit, *files.values()])
    for object_id in damaged:
        damage(store, object_id, b"" if emptied else None)
    store = Store(store.path)
    with store.lock():
        assert store.remove_damaged_objects() == damaged
        assert not store.exists(commit)
    (store.path / "refs/heads/main").unlink()
    (store.path / "refs/tags/std/cs-04/v1.0").unlink()
    assert publish(store, "1.0") == commit
    assert store.fsck() == []


def test_writing_over_an_emptied_object_heals_it(store: Store) -> None:
    commit = publish(store, "1.0")
    damage(store, store.list_files(commit)[text_path("cs-04", "zh")], b"")
    with store.lock():
        again = store.build_commit(
            commit, {text_path("cs-04", "zh"): "十分钟内首次答复。\n".encode()}, "A\n", "system", AT
        )
    assert store.read_file(again, text_path("cs-04", "zh")) == "十分钟内首次答复。\n".encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[core]\n", "[core]\n\thooksPath = /tmp/hooks\n"),
        ("[core]\n", "[core]\n\tsshCommand = touch /tmp/x\n"),
        ("fsync = all", "fsync = none"),
    ],
)
def test_a_changed_config_stops_the_start(store: Store, old: str, new: str) -> None:
    config = store.path / "config"
    config.write_text(config.read_text().replace(old, new, 1))
    with pytest.raises(errors.Unavailable) as refused:
        store.create()
    assert refused.value.reasons[0].key == "store.config_changed"


def test_settings_under_which_git_does_not_sync_stop_the_start(store: Store) -> None:
    config = store.path / "config"
    config.write_text(config.read_text().replace("fsync = all", "fsync = none"))
    (store.path.parent / store_settings.REMEMBERED).unlink()
    remembered = store.path.parent / store_settings.REMEMBERED
    digest = subprocess.run(["sha256sum", str(config)], capture_output=True, text=True, check=True).stdout[
        :64
    ]
    remembered.write_text(digest)
    with pytest.raises(errors.Unavailable) as refused:
        store.check_settings()
    assert refused.value.reasons[0].params == {"objects": 0, "refs": 0}


def test_hooks_of_the_repository_never_run(store: Store, tmp_path: Path) -> None:
    hooks = store.path / "hooks"
    hooks.mkdir()
    for name in ("reference-transaction", "update", "post-update"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        (hooks / name).chmod(0o755)
    publish(store, "1.0")
    assert not (tmp_path / "ran").exists()


def test_the_callers_environment_does_not_reach_git(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.setenv(name, "/nonexistent")
    fresh = Store(store.path)
    commit = publish(fresh, "1.0")
    assert fresh.head() == commit


def test_a_killed_reader_is_replaced(store: Store) -> None:
    commit = publish(store, "1.0")
    children = Path(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/children").read_text().split()
    for child in children:
        if b"cat-file" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(int(child), 9)
    assert store.head() == commit


def test_reading_keeps_one_process_a_thread(store: Store) -> None:
    commit = publish(store, "1.0")
    children = Path(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/children")
    before = children.read_text()
    for _ in range(50):
        store.read_file(commit, text_path("cs-04", "zh"))
    assert children.read_text() == before


def test_the_content_digest_is_what_sha256sum_says(tmp_path: Path) -> None:
    files = {"b/zh.md": "中文\n", "a/en.md": "English\n"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    said = subprocess.run(
        "sha256sum a/en.md b/zh.md | sha256sum",
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert content_digest(files) == said.split()[0]
