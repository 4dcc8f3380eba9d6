"""Owns reading a history out of a bundle that somebody else made: its documents at the tip and every text they had.

The bundle is unpacked into a folder of its own that goes when the reading ends. Nothing is checked out, no
remote, hook, filter or setting of the bundle is used; a path of the bundle is only ever a name. It gives no
ids and stores nothing.
"""

import datetime as dt
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from subprocess import TimeoutExpired
from typing import IO

from app.core.errors import Invalid, TooLarge
from app.standards.git import Plumbing
from app.standards.importing import LIMIT_FILE_BYTES

ENDING = ".bundle"
LIMIT_BUNDLE_BYTES = 64 * 1024 * 1024
LIMIT_TEXTS_BYTES = 256 * 1024 * 1024
LIMIT_HEADER_BYTES = 256 * 1024
MOST_COMMITS = 50_000
MOST_DOCUMENTS = 1_000
DOCUMENT_ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".mdx")
PLAIN_ENDINGS = (".txt",)
"""Documents only of a history that has no Markdown: beside it they are licences and lists of programs."""
PLAIN_MODES = ("100644", "100755", "100664")

_SIGNATURES = (b"# v2 git bundle\n", b"# v3 git bundle\n")
_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_FORMAT = "@object-format="
_ODD = re.compile("[\x00-\x1f\x7f\ufffd\\\\]")
_EARLIEST, _LATEST = -2_208_988_800, 32_503_680_000  # 1900 and 3000: Git's dates may be anything
_LITERAL = {"GIT_LITERAL_PATHSPECS": "1"}


@dataclass(frozen=True)
class PastChange:
    """One commit that touched a document: its id, the moment its author gave, the author's address.

    `path` is the document's name at that time, `blob` names its text; None where the commit took it away. `was` names
    the text the commit began with; None where it had none.
    """

    commit: str
    at: dt.datetime
    author: str
    path: str
    blob: str | None
    was: str | None


@dataclass(frozen=True)
class PastDocument:
    """One document that stands at the tip, with every commit that touched it under whatever name, oldest first.

    `blob` names its text at the tip. It is none of the changes' where two lines of the history came together since: Git
    lists no commit that brings lines together.
    """

    path: str
    blob: str
    changes: tuple[PastChange, ...]


@dataclass(frozen=True)
class PastHistory:
    """What a bundle holds. `odd` are (path, reason key).

    `roots` are the commits it began with, the oldest first; they name the history whatever its file is called.
    """

    tip: str
    roots: tuple[str, ...]
    commits: int
    documents: tuple[PastDocument, ...]
    odd: tuple[tuple[str, str], ...] = ()
    _git: Plumbing = field(repr=False, compare=False, kw_only=True)

    def contains(self, commit: str) -> bool:
        """States that the commit is the tip or leads to it."""
        return self._git.call("merge-base", "--is-ancestor", commit, self.tip).returncode == 0

    def texts(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Yields (blob, bytes), each once; None for one that is too large or not there. One process for all.

        Raises TooLarge when all of them together are more than this machine should read.
        """
        wanted = sorted(set(blobs))
        with (
            _questions(wanted) as asked,
            self._git.stream("cat-file", "--batch-check", questions=asked) as said,
        ):
            sizes = dict(_sizes(said.read().decode("ascii", "replace").splitlines()))
        small = [blob for blob in wanted if sizes.get(blob, LIMIT_FILE_BYTES + 1) <= LIMIT_FILE_BYTES]
        if sum(sizes[blob] for blob in small) > LIMIT_TEXTS_BYTES:
            raise TooLarge("history.too_much", limit_bytes=LIMIT_TEXTS_BYTES)
        yield from ((blob, None) for blob in wanted if blob not in set(small))
        with _questions(small) as asked, self._git.stream("cat-file", "--batch", questions=asked) as said:
            for blob in small:
                head = said.readline().decode("ascii", "replace").split()
                data = said.read(sizes[blob] + 1)
                if head[:2] != [blob, "blob"] or len(data) != sizes[blob] + 1:
                    raise Invalid.of("file", "history.damaged")
                yield blob, data[:-1]


@contextmanager
def opened(path: Path) -> Iterator[PastHistory]:
    """Gives the history of a bundle file; what is unpacked is gone afterwards.

    Raises TooLarge, and Invalid for a file that is no bundle, holds only a part of a history, has no tip to
    read from or is damaged.
    """
    must_be_whole(path)
    named = _tip(_header(path))
    with tempfile.TemporaryDirectory(prefix="history-") as folder:
        git = Plumbing(Path(folder) / "history.git", _LITERAL, is_caged=True)
        git.path.mkdir()
        try:
            kind = "sha256" if len(named) == 64 else "sha1"
            _ask(
                git, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", f"--object-format={kind}"
            )  # fmt: skip
            _ask(
                git, "-c", "core.bigFileThreshold=1m", "-c", "pack.threads=1", "bundle", "unbundle", str(path.resolve())
            )  # fmt: skip
            yield _history(git, named)
        except TimeoutExpired as error:
            raise Invalid.of("file", "history.damaged") from error


def must_be_whole(path: Path) -> None:
    """Returns when the file begins like a bundle that is whole, which takes no time; its contents are looked at later.

    Raises TooLarge and Invalid as `opened` does.
    """
    if path.stat().st_size > LIMIT_BUNDLE_BYTES:
        raise TooLarge("import.too_large", limit_bytes=LIMIT_BUNDLE_BYTES)
    _tip(_header(path))


def _header(path: Path) -> Mapping[str, str]:
    """Returns {ref: id} of a bundle that is whole and in a form we read."""
    with path.open("rb") as file:
        head = file.read(LIMIT_HEADER_BYTES)
    signature = next((s for s in _SIGNATURES if head.startswith(s)), None)
    body, blank, _pack = head[len(signature or b"") :].partition(b"\n\n")
    if signature is None or not blank:
        raise Invalid.of("file", "history.not_a_bundle")
    refs: dict[str, str] = {}
    for line in body.decode("utf-8", "replace").split("\n"):
        identifier, _, name = line.partition(" ")
        if line.startswith("-"):
            raise Invalid.of("file", "history.partial")
        if line.startswith("@"):
            if not line.startswith(_FORMAT):
                raise Invalid.of("file", "history.partial")
        elif _ID.fullmatch(identifier) and name:
            refs[name] = identifier
        else:
            raise Invalid.of("file", "history.not_a_bundle")
    return refs


def _tip(refs: Mapping[str, str]) -> str:
    branches = [name for name in refs if name.startswith("refs/heads/")]
    alone = next((some for some in (branches, list(refs)) if len(some) == 1), [])
    for name in ("HEAD", "refs/heads/main", "refs/heads/master", *alone):
        if name in refs:
            return refs[name]
    raise Invalid.of("file", "history.no_tip")


def _history(git: Plumbing, named: str) -> PastHistory:
    found = git.call("rev-parse", "--verify", "--quiet", f"{named}^{{commit}}")
    if found.returncode:
        is_there = git.call("cat-file", "-e", named).returncode == 0
        raise Invalid.of("file", "history.no_tip" if is_there else "history.damaged")
    tip = found.stdout.decode("ascii").strip()
    commits = int(_ask(git, "rev-list", "--count", tip))
    if commits > MOST_COMMITS:
        raise TooLarge("history.too_many_commits", limit=MOST_COMMITS)
    roots = _ask(git, "rev-list", "--max-parents=0", "--reverse", "--date-order", tip).decode("ascii").split()
    listed, odd = _documents(_ask(git, "ls-tree", "-r", "-z", "--full-tree", tip))
    if len(listed) > MOST_DOCUMENTS:
        raise TooLarge("history.too_many_documents", limit=MOST_DOCUMENTS)
    if not listed and not odd:
        raise Invalid.of("file", "history.no_document")
    documents = tuple(PastDocument(_words(name), blob, _changes(git, tip, name)) for name, blob in listed)
    return PastHistory(tip, tuple(roots), commits, documents, odd, _git=git)


def _documents(listed: bytes) -> tuple[list[tuple[bytes, str]], tuple[tuple[str, str], ...]]:
    """Returns (name, text) of the documents, and (path, reason) of what looks like one and is none."""
    rows = [row.partition(b"\t") for row in listed.split(b"\0") if row]
    named = [(name, _words(name), about.decode("ascii").split(" ")) for about, _, name in rows]
    endings = {PurePosixPath(path).suffix.lower() for _name, path, _about in named}
    taken = DOCUMENT_ENDINGS if endings & set(DOCUMENT_ENDINGS) else PLAIN_ENDINGS
    found: list[tuple[bytes, str]] = []
    odd: list[tuple[str, str]] = []
    for name, path, (mode, _kind, blob) in named:
        if PurePosixPath(path).suffix.lower() not in taken:
            continue
        if mode not in PLAIN_MODES:
            odd.append((path, "history.not_a_file"))
        elif _ODD.search(path) or any(part.lower() in ("", ".", "..", ".git") for part in path.split("/")):
            odd.append((path, "history.odd_path"))
        else:
            found.append((name, blob))
    return found, tuple(odd)


def _words(name: bytes) -> str:
    """Returns a name in words: in UTF-8, else in GB18030, as older programs in China wrote names."""
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return name.decode(encoding)
    return name.decode("utf-8", "replace")


def _changes(git: Plumbing, tip: str, name: bytes) -> tuple[PastChange, ...]:
    """Returns what `git log --follow` lists for the document, oldest first."""
    said = _ask(
        git, "log", "--follow", "--no-mailmap", "--no-color", "--no-ext-diff", "--no-textconv", "--no-show-signature",
        "--raw", "--no-abbrev", "-z", "--format=format:%H %at %ae", tip, "--", os.fsdecode(name),
    )  # fmt: skip
    found = [_change(record.strip(b"\0")) for record in said.split(b"\0\0") if record.strip(b"\0\n")]
    return tuple(reversed(found))


def _change(record: bytes) -> PastChange:
    head, _, raw = record.partition(b"\n")
    commit, seconds, author = head.decode("utf-8", "replace").split(" ", 2)
    about, *names = raw.split(b"\0")
    old_mode, mode, old, new, _status = about.decode("ascii", "replace").removeprefix(":").split(" ")
    moment = min(max(int(seconds or 0), _EARLIEST), _LATEST)
    return PastChange(
        commit=commit,
        at=dt.datetime.fromtimestamp(moment, dt.UTC),
        author=author.strip().lower(),
        path=_words(names[-1]),
        blob=new if mode in PLAIN_MODES else None,
        was=old if old_mode in PLAIN_MODES else None,
    )


def _ask(git: Plumbing, *arguments: str) -> bytes:
    done = git.call(*arguments)
    if done.returncode:
        raise Invalid.of("file", "history.damaged")
    return done.stdout


def _sizes(lines: Iterable[str]) -> Iterator[tuple[str, int]]:
    for line in lines:
        words = line.split(" ")
        if len(words) == 3 and words[1] == "blob":
            yield words[0], int(words[2])


@contextmanager
def _questions(names: Sequence[str]) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as file:
        file.write("".join(f"{name}\n" for name in names).encode("ascii"))
        file.seek(0)
        yield file
