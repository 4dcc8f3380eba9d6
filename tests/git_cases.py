"""Owns collections of documents made with the plain `git` of the machine, as other people make them, for imports."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

START = 1_600_000_000


class Elsewhere:
    """A work tree somewhere else. Every commit is a day after the one before, so that all runs make the same ids."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.day = 0
        path.mkdir(parents=True)
        self.git("init", "-q", "--initial-branch=main")

    def git(self, *arguments: str, data: bytes = b"", author: str = "someone@x.example") -> str:
        """Runs git there and returns what it says, stripped."""
        moment = f"{START + 86_400 * self.day} +0000"
        who = {"NAME": "Some One", "EMAIL": author, "DATE": moment}
        done = subprocess.run(
            ["git", "-C", str(self.path), *arguments],
            input=data,
            capture_output=True,
            check=False,
            env={
                "PATH": os.defpath,
                "HOME": "/nonexistent",
                "GIT_CONFIG_NOSYSTEM": "1",
                **{
                    f"GIT_{role}_{name}": value
                    for role in ("AUTHOR", "COMMITTER")
                    for name, value in who.items()
                },
            },
        )
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8", "replace").strip()

    def commit(self, files: Mapping[str, str | bytes | None], *, author: str = "someone@x.example") -> str:
        """Writes or (None) removes the files and returns the id of the commit that says so."""
        self.day += 1
        for name, text in files.items():
            file = self.path / name
            if text is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", f"day {self.day}", author=author)
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str) -> None:
        """Goes on beside."""
        self.git("switch", "-q", "-c", name)

    def switch(self, name: str) -> None:
        """Goes back to what is called so."""
        self.git("switch", "-q", name)

    def merge(self, name: str) -> str:
        """Brings both sides together."""
        self.day += 1
        self.git("merge", "-q", "--no-ff", "-m", f"day {self.day}", name)
        return self.git("rev-parse", "HEAD")

    def tree(self, entries: Sequence[tuple[str, str, str, str]]) -> str:
        """Writes a tree with entries (mode, kind, id, name) as no index would let anybody write it."""
        lines = b"".join(
            f"{mode.lstrip('0')} {name}\0".encode() + bytes.fromhex(identifier)
            for mode, _kind, identifier, name in entries
        )
        return self.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", data=lines)

    def pack(self, objects: Sequence[str]) -> bytes:
        """Returns a pack with exactly these objects."""
        done = subprocess.run(
            ["git", "-C", str(self.path), "pack-objects", "--stdout", "-q"],
            input="".join(f"{one}\n" for one in objects).encode(),
            capture_output=True,
            check=True,
        )
        return done.stdout

    def bundle(self, name: str = "there.bundle", *, plain: bool = False) -> Path:
        """Writes everything that leads to HEAD into a bundle beside the work tree and returns the file."""
        file = self.path.parent / name
        self.git("bundle", "create", "-q", str(file), "HEAD", "main") if not plain else self.git(
            "bundle", "create", "-q", str(file), "main"
        )
        return file


def listed_by_git(repository: Path, path: str) -> list[str]:
    """Returns the commits that `git log --follow` lists for a document, newest first."""
    done = subprocess.run(
        [
            "git",
            "-C",
            str(repository),
            "--literal-pathspecs",
            "log",
            "--follow",
            "--format=%H",
            "HEAD",
            "--",
            path,
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.split()
