"""Owns the live store of texts, manifests, pins and records: its verbs for reading and for moving refs. No table."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from app.core import errors
from app.standards import store_settings
from app.standards.commit import Commit, parse_commit
from app.standards.git import OBJECT_ID, SERVICE_EMAIL, SERVICE_NAME, GitFailed, Plumbing, sync_folder
from app.standards.kept_history import KeptText, as_stream
from app.standards.objects import ObjectWriter, git_date
from app.standards.store_names import (
    MAIN,
    NOTHING,
    RECORDS,
    checked_id,
    checked_path,
    history_ref,
    pin_ref,
    tag_ref,
    writable_ref,
)


class Store:
    """The bare repository of one instance. Verbs that write need the publish lock; pins and records take it."""

    def __init__(self, path: Path, extra_environment: Mapping[str, str] | None = None) -> None:
        self.path = path.resolve()
        self._plumbing = Plumbing(self.path, extra_environment)
        self._objects = ObjectWriter(self._plumbing)

    def create(self) -> None:
        """Makes the store, or finishes making it; a finished one is only checked (see `check_settings`)."""
        store_settings.prepare(self._plumbing)
        self.check_settings()

    def check_settings(self) -> None:
        """Refuses (Unavailable) to go on with a changed config, an old git, or one that does not sync."""
        store_settings.check(self.path)

    def check_config(self) -> None:
        """Refuses (Unavailable) a config that is not the one written at creation; cheap enough for each hour."""
        store_settings.check_config(self.path)

    def close(self) -> None:
        """Ends the reading process of this thread; the next reading starts a new one."""
        self._plumbing.forget_reader()

    def lock(self) -> AbstractContextManager[None]:
        """Holds the publish lock; Unavailable after 10 s. Always taken before a database transaction begins."""
        return self._plumbing.lock()

    # Reading

    def head(self, ref: str = MAIN) -> str | None:
        """Returns the id of the object a ref names, None where the ref does not exist."""
        found = self._plumbing.read(ref)
        return found[0] if found else None

    def points_at(self, ref: str = MAIN) -> str | None:
        """Returns the id a ref names even where that object is lost, None where the ref does not exist."""
        done = self._plumbing.call("rev-parse", "--verify", "--quiet", ref)
        return done.stdout.decode().strip() or None if done.returncode == 0 else None

    def exists(self, commit: str) -> bool:
        """Tells whether the store holds this commit."""
        found = self._plumbing.read(checked_id(commit))
        return found is not None and found[1] == "commit"

    def read_file(self, commit: str, path: str) -> bytes | None:
        """Returns the bytes of a file in a commit, None where it has no such file."""
        found = self._plumbing.read(f"{checked_id(commit)}:{checked_path(path)}")
        return found[2] if found and found[1] == "blob" else None

    def read_commit(self, commit: str) -> Commit:
        """Returns one commit; raises NotFound when the store has none of this id."""
        found = self._plumbing.read(checked_id(commit))
        if found is None or found[1] != "commit":
            raise errors.NotFound("store.no_commit", id=commit)
        return parse_commit(found[0], found[2].decode("utf-8", "replace"))

    def list_files(self, commit: str) -> dict[str, str]:
        """Returns {path: blob id} of every file in a commit."""
        said = self._plumbing.run("ls-tree", "-r", "-z", "--full-tree", checked_id(commit))
        rows = (row.split("\t", 1) for row in said.split("\0") if row)
        return {path: about.split(" ")[2] for about, path in rows}

    def commits(self, ref: str = MAIN) -> list[Commit]:
        """Returns the first-parent chain of a ref, oldest first; empty where the ref does not exist."""
        head = self.head(ref)
        if head is None:
            return []
        ids = self._plumbing.run("rev-list", "--first-parent", "--reverse", head).split()
        return [self.read_commit(i) for i in ids]

    def changes(self, ref: str = MAIN) -> dict[str, dict[str, str]]:
        """Returns {commit: {path: A, M or D}}: what each commit of a ref's first-parent chain did to files."""
        head = self.head(ref)
        if head is None:
            return {}
        ids = self._plumbing.run("rev-list", "--first-parent", "--reverse", head)
        options = ("-m", "-r", "--root", "--no-renames", "--name-status", "-z", "--stdin")
        words = iter(self._plumbing.run("diff-tree", *options, data=f"{ids}\n".encode()).split("\0"))
        found: dict[str, dict[str, str]] = {commit: {} for commit in ids.split()}
        commit = ""
        for word in words:
            if OBJECT_ID.fullmatch(word):
                commit = word
            elif word:
                found[commit][next(words)] = word
        return found

    def refs(self, prefix: str) -> dict[str, str]:
        """Returns {ref: id of the commit it leads to} of all refs below a prefix such as `refs/tags/std/`."""
        form = "--format=%(refname)%09%(objectname)%09%(*objectname)"
        said = self._plumbing.run("for-each-ref", form, prefix)
        rows = (line.split("\t") for line in said.splitlines())
        return {row[0]: row[2] if len(row) > 2 and row[2] else row[1] for row in rows}

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Tells whether `older` is `newer` or can be reached from it."""
        done = self._plumbing.call("merge-base", "--is-ancestor", checked_id(older), checked_id(newer))
        if done.returncode not in (0, 1):
            raise GitFailed(
                "store.git_failed", command="merge-base", said=done.stderr.decode("utf-8", "replace")
            )
        return done.returncode == 0

    def fsck(self) -> list[str]:
        """Returns what `git fsck --strict` complains about, a line each; empty means clean."""
        done = self._plumbing.call("fsck", "--strict", "--full", "--no-dangling", "--no-progress")
        said = (done.stderr + done.stdout).decode("utf-8", "replace").splitlines()
        # A store without its first publication is said to have a HEAD that points to an unborn branch.
        lines = [line for line in said if line and not line.startswith("notice:")]
        return lines or ([f"fsck ended with {done.returncode}"] if done.returncode else [])

    # Writing

    def build_commit(
        self,
        parent: str | None,
        files: Mapping[str, bytes | None],
        message: str,
        author_subject: str,
        at: dt.datetime,
    ) -> str:
        """Writes a commit and everything it needs to the disk and returns its id; moves no ref.

        The same values give the same id (see `ObjectWriter.write_commit` for the errors).
        """
        self._require_lock()
        return self._objects.write_commit(parent, files, message, author_subject, at)

    def compare_and_swap(self, ref: str, new: str, old: str | None, at: dt.datetime) -> bool:
        """Moves the ref from `old` (None: not there yet) to `new`; False when it stands elsewhere.

        This is the commit point: one ref, one rename, and it returns when the rename is on the disk. A ref that
        already stands at `new` counts as moved. `at` dates the ref's log.
        """
        self._require_lock()
        when = {"GIT_COMMITTER_DATE": git_date(at)}
        done = self._plumbing.call(
            "update-ref", writable_ref(ref), checked_id(new), old or NOTHING, environment=when
        )
        if done.returncode:
            stands = self.head(ref)
            if stands == old:
                raise GitFailed(
                    "store.git_failed", command="update-ref", said=done.stderr.decode("utf-8", "replace")
                )
            if stands != new:
                return False
        self.sync_ref(ref)
        return True

    def sync_ref(self, ref: str) -> None:
        """Waits until the folders of a ref, up to `refs`, are on the disk; repeating it is harmless."""
        folder = (self.path / writable_ref(ref)).parent
        while folder != self.path:
            if folder.is_dir():
                sync_folder(folder)
            folder = folder.parent

    def write_tag(self, code: str, version: str, commit: str, at: dt.datetime) -> bool:
        """Makes the annotated tag of a publication; False when it stood there already.

        Raises Diverged when the tag names another commit: a tag never moves.
        """
        self._require_lock()
        ref = tag_ref(code, version)
        body = (
            f"object {checked_id(commit)}\ntype commit\ntag {ref.removeprefix('refs/tags/')}\n"
            f"tagger {SERVICE_NAME} <{SERVICE_EMAIL}> {git_date(at)}\n\n{code} {version}\n"
        )
        stands = self._plumbing.read(ref)
        if stands is not None and stands[2] == body.encode():
            return False
        if stands is not None or not self.compare_and_swap(
            ref, self._objects.write_tag(body.encode()), None, at
        ):
            raise errors.Diverged("store.diverged", why=f"{ref} names something else")
        return True

    def write_pin(
        self, number: str, n: int, files: Mapping[str, bytes], author_subject: str, at: dt.datetime
    ) -> str:
        """Keeps text version `n` of a revision under a ref of its own; returns the commit id.

        Repeating it with the same values gives the same id; raises Diverged when another text stands there.
        """
        ref = pin_ref(number, n)
        with self.lock():
            commit = self.build_commit(None, files, f"Pin {number} {n}\n", author_subject, at)
            if not self.compare_and_swap(ref, commit, None, at):
                raise errors.Diverged("store.diverged", why=f"{ref} names something else")
        return commit

    def append_records(
        self,
        files: Mapping[str, bytes],
        author_subject: str,
        at: dt.datetime,
        trailers: Mapping[str, str] | None = None,
    ) -> str:
        """Adds evidence to the records; returns the commit in which all of it stands.

        What stands there with the same bytes is not written again; raises Diverged for other bytes, because a
        record never changes.
        """
        with self.lock():
            head = self.head(RECORDS)
            fresh = {path: data for path, data in files.items() if not self._is_recorded(head, path, data)}
            if head is not None and not fresh:
                return head
            message = "Record\n\n" + "".join(f"{name}: {value}\n" for name, value in (trailers or {}).items())
            commit = self.build_commit(head, fresh, message, author_subject, at)
            if not self.compare_and_swap(RECORDS, commit, head, at):
                raise errors.Diverged("store.diverged", why="the records moved under the lock")
        return commit

    def write_history(self, key: str, code: str, texts: Sequence[KeptText]) -> str:
        """Keeps the texts a standard had elsewhere, oldest first, as a chain of its own; returns its newest commit.

        Written by one process; doing it again, or with more texts at the end, keeps what is there. Raises
        GitFailed when the chain that stands there is another one.
        """
        ref = history_ref(key, code)
        with self.lock():
            self._plumbing.run(
                "fast-import", "--quiet", "--date-format=raw", "--done", data=as_stream(ref, texts)
            )
            self.sync_ref(ref)
            sync_folder(self.path / "objects")
            head = self.head(ref)
        if head is None:
            raise GitFailed("store.git_failed", command="fast-import", said=ref)
        return head

    # Healing

    def remove_stale_locks(self) -> list[str]:
        """Deletes what killed writers left behind; returns the paths relative to the store, sorted.

        True only under the publish lock, which every writer and its children hold: their files are stale then.
        """
        self._require_lock()
        stale = [*self.path.glob("*.lock"), *(self.path / "refs").rglob("*.lock")]
        for pattern in ("tmp_obj_*", "??/tmp_obj_*", "pack/tmp_*"):
            stale += (self.path / "objects").glob(pattern)
        stale += self._objects.scratch.glob("*")
        stale += self._broken_refs()
        for path in stale:
            path.unlink(missing_ok=True)
        return sorted(str(path.relative_to(self.path)) for path in stale)

    def remove_damaged_objects(self) -> list[str]:
        """Deletes loose objects that do not read back; returns their ids, sorted. Recovery rebuilds them."""
        self._require_lock()
        return self._objects.remove_damaged()

    def _broken_refs(self) -> list[Path]:
        # A ref file that names nothing blocks Git for ever; its name lives on in the journal.
        files = (
            path for path in (self.path / "refs").rglob("*") if path.is_file() and path.suffix != ".lock"
        )
        return [path for path in files if not OBJECT_ID.fullmatch(path.read_text(errors="replace").strip())]

    def _is_recorded(self, head: str | None, path: str, data: bytes) -> bool:
        found = self.read_file(head, path) if head else None
        if found not in (None, data):
            raise errors.Diverged("store.diverged", why=f"the record {path} differs")
        return found is not None

    def _require_lock(self) -> None:
        if not self._plumbing.holds_lock():
            raise RuntimeError("the store is written only under its lock: with store.lock(): …")
