"""Owns the writing of Git objects: blobs, trees through a private index, commits; read back and synced. Moves no ref."""

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.standards.git import OBJECT_ID, Plumbing, Unreadable, sync_folder
from app.standards.store_names import checked_id, checked_path, checked_subject

PLAIN_FILE = "100644"


class ObjectWriter:
    """Writes objects into one bare repository. Callers hold the publish lock."""

    def __init__(self, plumbing: Plumbing) -> None:
        self.plumbing = plumbing
        self.scratch = plumbing.path / "scratch"

    def write_commit(
        self,
        parent: str | None,
        files: Mapping[str, bytes | None],
        message: str,
        author_subject: str,
        at: dt.datetime,
    ) -> str:
        """Writes a commit that changes `files` (None removes one) on top of `parent` and returns its id.

        The same values give the same id. Every file is read back and compared before its folders are synced.
        Raises GitFailed when the disk refuses, Unreadable when it gives back something else.
        """
        if parent is not None:
            checked_id(parent)
        blobs = {checked_path(p): self._write_blob(d) if d is not None else None for p, d in files.items()}
        tree = self._write_tree(parent, blobs)
        author, moment = checked_subject(author_subject), git_date(at)
        commit = self.plumbing.run(
            "commit-tree",
            tree,
            *(("-p", parent) if parent else ()),
            data=message.encode(),
            environment={
                "GIT_AUTHOR_NAME": author,
                "GIT_AUTHOR_EMAIL": f"{author}@people.invalid",
                "GIT_AUTHOR_DATE": moment,
                "GIT_COMMITTER_DATE": moment,
            },
        )
        self._read_back(commit, files)
        written = [commit, tree, *(b for b in blobs.values() if b), *self._trees_of(commit, files)]
        self.sync(written)
        return commit

    def write_tag(self, body: bytes) -> str:
        """Writes a tag object and returns its id, synced."""
        tag = self.plumbing.run("hash-object", "-w", "-t", "tag", "--stdin", data=body)
        self.sync([tag])
        return tag

    def sync(self, object_ids: Iterable[str]) -> None:
        """Waits until the folders of these loose objects, and the folder above, are on the disk."""
        objects = self.plumbing.path / "objects"
        for name in sorted({object_id[:2] for object_id in object_ids}):
            if (objects / name).is_dir():
                sync_folder(objects / name)
        sync_folder(objects)

    def remove_damaged(self) -> list[str]:
        """Deletes loose objects that do not read back; returns their ids, sorted. They can then be rebuilt.

        `hash-object -w` over an emptied object file reports success and leaves it empty, so deleting comes first.
        """
        said = self.plumbing.call("fsck", "--full", "--no-dangling", "--no-progress", "--no-reflogs").stderr
        # fsck names a damaged object by its id or by its file (`objects/ab/cdef…`).
        named = {
            a + b for a, b in re.findall(r"([0-9a-f]{2})/?([0-9a-f]{38})", said.decode("utf-8", "replace"))
        }
        damaged = sorted(i for i in named | self._emptied() if self._is_loose(i) and not self._is_whole(i))
        for object_id in damaged:
            self._file_of(object_id).unlink(missing_ok=True)
        self.plumbing.forget_reader()
        return damaged

    def _write_blob(self, data: bytes) -> str:
        blob = self.plumbing.run("hash-object", "-w", "--no-filters", "--stdin", data=data)
        file = self._file_of(blob)
        if file.exists() and file.stat().st_size == 0:
            file.unlink()
            blob = self.plumbing.run("hash-object", "-w", "--no-filters", "--stdin", data=data)
        return blob

    def _write_tree(self, parent: str | None, blobs: Mapping[str, str | None]) -> str:
        # Never `mktree`: it ignores core.fsync and accepts names such as `.git`.
        lines = [
            f"{PLAIN_FILE} {blob}\t{path}\n" if blob else f"0 {'0' * 40}\t{path}\n"
            for path, blob in blobs.items()
        ]
        with self._private_index() as index:
            if parent is not None:
                self.plumbing.run("read-tree", parent, environment=index)
            self.plumbing.run(
                "update-index", "--add", "--index-info", data="".join(lines).encode(), environment=index
            )
            return self.plumbing.run("write-tree", environment=index)

    @contextmanager
    def _private_index(self) -> Iterator[dict[str, str]]:
        self.scratch.mkdir(exist_ok=True)
        index = self.scratch / f"index-{secrets.token_hex(8)}"
        try:
            yield {"GIT_INDEX_FILE": str(index)}
        finally:
            index.unlink(missing_ok=True)

    def _read_back(self, commit: str, files: Mapping[str, bytes | None]) -> None:
        for path, data in files.items():
            found = self.plumbing.read(f"{commit}:{path}")
            kept = hashlib.sha256(found[2]).digest() if found else None
            if kept != (hashlib.sha256(data).digest() if data is not None else None):
                raise Unreadable("store.unreadable", name=path)

    def _trees_of(self, commit: str, files: Iterable[str]) -> list[str]:
        folders = {str(folder) for path in files for folder in Path(path).parents if folder != Path(".")}
        found = (self.plumbing.read(f"{commit}:{folder}") for folder in sorted(folders))
        return [tree[0] for tree in found if tree]

    def _file_of(self, object_id: str) -> Path:
        return self.plumbing.path / "objects" / object_id[:2] / object_id[2:]

    def _is_loose(self, object_id: str) -> bool:
        return self._file_of(object_id).exists()

    def _is_whole(self, object_id: str) -> bool:
        done = self.plumbing.call("cat-file", "-t", object_id)
        if done.returncode:
            return False
        kind = done.stdout.decode().strip()
        body = self.plumbing.call("cat-file", kind, object_id)
        head = f"{kind} {len(body.stdout)}\0".encode()
        return (
            body.returncode == 0
            and hashlib.sha1(head + body.stdout, usedforsecurity=False).hexdigest() == object_id
        )

    def _emptied(self) -> set[str]:
        files = (self.plumbing.path / "objects").glob("[0-9a-f][0-9a-f]/*")
        found = {f.parent.name + f.name for f in files if f.stat().st_size == 0}
        return {i for i in found if OBJECT_ID.fullmatch(i)}


def git_date(at: dt.datetime) -> str:
    """Returns the moment as Git writes it: whole seconds since 1970, UTC."""
    return f"{int(at.astimezone(dt.UTC).timestamp())} +0000"
