"""Owns the names in the store: refs, paths and authors, built only from checked values. Pure."""

import hashlib
import re
from collections.abc import Mapping

from app.core import errors

MAIN = "refs/heads/main"
RECORDS = "refs/heads/records"
TAGS = "refs/tags/std/"
DRAFTS = "refs/drafts/"
IMPORTS = "refs/imports/"
NOTHING = "0" * 40

_OBJECT_ID = re.compile(r"[0-9a-f]{40}")
_FOREIGN_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_CODE = re.compile(r"[a-z][a-z0-9]{0,23}(-[a-z0-9]{1,24}){0,4}")
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){1,2}")
_NUMBER = re.compile(r"[0-9]{2}-[0-9]{3,5}")
_COUNT = re.compile(r"[1-9][0-9]{0,5}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_HISTORY = re.compile(r"h-[0-9a-f]{16}")
_SUBJECT = re.compile(r"[a-z][a-z0-9]{0,15}(-[a-z0-9]{1,40})?")
_SEGMENT = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


def tag_ref(code: str, version: str) -> str:
    """Returns the ref of a publication's tag; raises NotFound for anything that is no code or version."""
    return f"{TAGS}{_fits(_CODE, code)}/v{_fits(_VERSION, version)}"


def pin_ref(number: str, n: int) -> str:
    """Returns the ref that keeps text version `n` of a revision; raises NotFound for a malformed number."""
    return f"{DRAFTS}{_fits(_NUMBER, number)}/{_fits(_COUNT, str(n))}"


def history_ref(key: str, code: str) -> str:
    """Returns the ref that keeps the texts a standard had in an imported history; raises NotFound for a malformed one."""
    return f"{IMPORTS}{_fits(_HISTORY, key)}/{_fits(_CODE, code)}"


def text_path(code: str, language: str) -> str:
    """Returns where a standard's text stands in the store, for example `standards/cs-04/zh.md`."""
    return f"standards/{_fits(_CODE, code)}/{_fits(_LANGUAGE, language)}.md"


def manifest_path(code: str, version: str) -> str:
    """Returns where a publication's manifest stands in the store, for example `manifests/cs-04/2.4.json`."""
    return f"manifests/{_fits(_CODE, code)}/{_fits(_VERSION, version)}.json"


def checked_path(path: str) -> str:
    """Returns the path if each of its segments is a plain lower-case name; raises NotFound otherwise."""
    for segment in path.split("/"):
        _fits(_SEGMENT, segment)
    return path


def checked_id(value: str) -> str:
    """Returns the object id if it is 40 lower-case hex digits; raises NotFound otherwise.

    Without this a revision such as `--output=x` would become an option of Git (CWE-88 in several wikis).
    """
    return _fits(_OBJECT_ID, value)


def checked_foreign_id(value: str) -> str:
    """Returns the id of a commit elsewhere, where it may have 64 digits; raises NotFound otherwise."""
    return _fits(_FOREIGN_ID, value)


def checked_subject(value: str) -> str:
    """Returns the random subject id of an author if it is one; raises NotFound otherwise."""
    return _fits(_SUBJECT, value)


def writable_ref(ref: str) -> str:
    """Returns the ref if it is one of those this store writes; raises NotFound otherwise."""
    if ref in (MAIN, RECORDS):
        return ref
    if ref.startswith(TAGS):
        code, _, version = ref.removeprefix(TAGS).partition("/v")
        return tag_ref(code, version)
    if ref.startswith(IMPORTS):
        key, _, code = ref.removeprefix(IMPORTS).partition("/")
        return history_ref(key, code)
    number, _, n = ref.removeprefix(DRAFTS).partition("/")
    _fits(_COUNT, n)
    return pin_ref(number, int(n))


def content_digest(files: Mapping[str, str]) -> str:
    """Returns the sha256 of what `sha256sum` prints for the files in the order of their paths."""
    lines = [f"{hashlib.sha256(text.encode()).hexdigest()}  {path}\n" for path, text in sorted(files.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _fits(pattern: re.Pattern[str], value: str) -> str:
    if not pattern.fullmatch(value):
        raise errors.NotFound("store.bad_name", name=value)
    return value
