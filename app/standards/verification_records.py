"""Owns the check of the store's records: they only grow, and the stretches of the activity log in them are one chain."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from app.standards.commit import Commit
from app.standards.store import Store
from app.standards.store_names import RECORDS

PUBLISHED = b'"verb":"publication.published"'
FIRST_HASH = "0" * 64


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: a key such as `verify.text`, its place, and what stands there."""

    key: str
    place: str
    detail: str = ""


@dataclass(frozen=True)
class LogEnd:
    """Where a chain of log lines stands: the number and hash of its newest line."""

    seq: int = 0
    hash: str = FIRST_HASH


def records_ref(store: Store) -> str:
    """Returns the ref that holds the records: records, or what a clone remembers of it."""
    return RECORDS if store.points_at(RECORDS) else "refs/remotes/origin/records"


def verify_records(store: Store) -> list[Finding]:
    """Returns what is wrong in the records; empty also where there are none yet."""
    ref, findings, end = records_ref(store), list[Finding](), LogEnd()
    changes = store.changes(ref)
    for commit in store.commits(ref) if changes else []:
        findings += [
            Finding("verify.record", commit.id, path)
            for path, status in sorted(changes[commit.id].items())
            if status != "A"
        ]
        for path in sorted(changes[commit.id]):
            if path.startswith("log/"):
                data = store.read_file(commit.id, path) or b""
                findings += [Finding(key, commit.id, path) for key in _verify_segment(commit, data, end)]
                end = _end_of(data, end)
    return findings


def log_hashes(store: Store) -> dict[int, str]:
    """Returns {number: sha256} of every log line that the records hold."""
    found: dict[int, str] = {}
    head = store.head(records_ref(store))
    for path in sorted(store.list_files(head)) if head else []:
        if path.startswith("log/"):
            found.update((end.seq, end.hash) for end in _walk(store.read_file(str(head), path) or b""))
    return found


def told_publications(store: Store) -> list[tuple[str, str, str]]:
    """Returns (code, version, commit) of every publication that the log in the records tells of, in its order."""
    head = store.head(records_ref(store))
    paths = [path for path in store.list_files(head) if path.startswith("log/")] if head else []
    lines = [
        line for path in sorted(paths) for line in (store.read_file(str(head), path) or b"").splitlines()
    ]
    return [found for line in lines if PUBLISHED in line for found in _told(line)]


def _told(line: bytes) -> Iterator[tuple[str, str, str]]:
    try:
        value = json.loads(line)
        code, _, version = str(value["object"][1]).partition(" ")
        if value["verb"] == "publication.published":
            yield code, version, str(value["data"]["commit"])
    except (ValueError, KeyError, TypeError, IndexError):
        return  # the chain of the log is looked at elsewhere


def _verify_segment(commit: Commit, data: bytes, end: LogEnd) -> Iterator[str]:
    if hashlib.sha256(data).hexdigest() != commit.trailers.get("Segment-SHA256"):
        yield "verify.segment"
    if not _is_chain(data, end):
        yield "verify.log"
    last = _end_of(data, end)
    if (str(last.seq), last.hash) != (commit.trailers.get("Audit-Seq"), commit.trailers.get("Audit-Head")):
        yield "verify.anchor"


def _is_chain(data: bytes, end: LogEnd) -> bool:
    for line in data.splitlines():
        try:
            value = json.loads(line)
            if value["prev"] != end.hash or value["seq"] != end.seq + 1:
                return False
        except (ValueError, KeyError, TypeError):
            return False
        end = LogEnd(end.seq + 1, hashlib.sha256(line).hexdigest())
    return True


def _end_of(data: bytes, end: LogEnd) -> LogEnd:
    return next(iter(reversed(list(_walk(data)))), end)


def _walk(data: bytes) -> Iterator[LogEnd]:
    for line in data.splitlines():
        try:
            yield LogEnd(int(json.loads(line)["seq"]), hashlib.sha256(line).hexdigest())
        except (ValueError, KeyError, TypeError):
            continue
