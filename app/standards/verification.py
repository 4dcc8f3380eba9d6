"""Owns the check of a store or of a plain clone of one, from its commits and manifests alone. Reads no table.

`verify.sh` makes the same checks with `git` and `sha256sum` only, except those that need the clause format.
"""

import hashlib
from pathlib import Path

from app.core import errors
from app.standards.commit import Commit
from app.standards.document import parse_document, parts
from app.standards.git import GitFailed, Unreadable
from app.standards.manifest import Manifest, read_manifest, sha256_of
from app.standards.projection import clause_hash
from app.standards.store import Store
from app.standards.store_names import MAIN, TAGS, content_digest, manifest_path, tag_ref
from app.standards.verification_records import Finding, log_hashes, told_publications, verify_records
from app.standards.verification_sign_offs import wrong_sign_offs


def open_clone(path: Path) -> Store:
    """Returns the store that a path holds: the live store, a bare clone or a work tree's clone.

    Raises NotFound where there is none. Only reading it is allowed; its settings are not ours.
    """
    for folder in (path / "store.git", path / ".git", path):
        if (folder / "objects").is_dir() and (folder / "HEAD").exists():
            return Store(folder)
    raise errors.NotFound("store.missing", path=str(path))


def main_ref(store: Store) -> str:
    """Returns the ref that holds the publications: main, or what a clone remembers of it."""
    return MAIN if store.points_at(MAIN) else "refs/remotes/origin/main"


def verify(path: Path) -> list[Finding]:
    """Returns everything that is wrong in a store or clone, in the order of its history; empty means it is whole.

    What it cannot see is told in `docs/verify.md`: a history rewritten as a whole needs a witness.
    """
    store = open_clone(path)
    try:
        findings = [Finding("verify.git", "objects", line) for line in store.fsck()]
        return findings + _verify_main(store) + verify_records(store)
    except (GitFailed, Unreadable, errors.NotFound) as error:
        return [Finding("verify.unreadable", str(path), str(error))]
    finally:
        store.close()


def _verify_main(store: Store) -> list[Finding]:
    findings: list[Finding] = []
    tags: dict[str, str] = {}
    previous: str | None = None
    ref = main_ref(store)
    changes, log = store.changes(ref), log_hashes(store)
    if not changes:
        return [Finding("verify.empty", "main")]
    for commit in store.commits(ref):
        text = _manifest_text(store, commit)
        if text is None:
            findings.append(Finding("verify.foreign_commit", commit.id))
            continue
        try:
            manifest = read_manifest(text)
        except errors.BadInput as error:
            findings.append(Finding("verify.manifest", commit.id, str(error)))
        else:
            tags[tag_ref(manifest.code, manifest.version)] = commit.id
            findings += _verify_commit(commit, manifest, text, previous)
            if log.get(manifest.activity[0], manifest.activity[1]) != manifest.activity[1]:
                findings.append(Finding("verify.activity", commit.id, str(manifest.activity[0])))
            findings += [Finding(key, commit.id, detail) for key, detail in wrong_sign_offs(manifest)]
            findings += _verify_texts(store, commit, manifest)
            findings += _verify_changed(commit, manifest, changes[commit.id])
        previous = sha256_of(text)
    return findings + _verify_tags(store, tags) + _verify_told(store, tags)


def _verify_commit(commit: Commit, manifest: Manifest, text: str, previous: str | None) -> list[Finding]:
    findings = []
    said = commit.trailers
    if said.get("Manifest-SHA256") != sha256_of(text):
        findings.append(Finding("verify.manifest", commit.id, manifest.path))
    if said.get("Content-SHA256") != manifest.content_sha256:
        findings.append(Finding("verify.content", commit.id, manifest.content_sha256))
    if manifest.previous != previous:
        findings.append(Finding("verify.chain", commit.id, f"{manifest.code} {manifest.version}"))
    if (said.get("Audit-Seq"), said.get("Audit-Head")) != (str(manifest.activity[0]), manifest.activity[1]):
        findings.append(Finding("verify.activity", commit.id, str(manifest.activity[0])))
    if commit.author_subject != manifest.publisher or len(commit.parents) > 1:
        findings.append(Finding("verify.commit", commit.id, commit.author_subject))
    return findings


def _verify_texts(store: Store, commit: Commit, manifest: Manifest) -> list[Finding]:
    findings, content = [], {}
    for entry in manifest.files:
        data = store.read_file(commit.id, str(entry["path"]))
        if data is None or hashlib.sha256(data).hexdigest() != entry["sha256"] or len(data) != entry["bytes"]:
            findings.append(Finding("verify.text", commit.id, str(entry["path"])))
        else:
            content[str(entry["path"])] = data.decode("utf-8", "replace")
    if findings:
        return findings
    if content_digest(content) != manifest.content_sha256:
        findings.append(Finding("verify.content", commit.id, manifest.content_sha256))
    return findings + _verify_clauses(commit, manifest, content)


def _verify_clauses(commit: Commit, manifest: Manifest, content: dict[str, str]) -> list[Finding]:
    languages = {str(entry["path"]): str(entry["language"]) for entry in manifest.files}
    try:
        found = parts({languages[path]: parse_document(text) for path, text in content.items()})
    except errors.DomainError as error:
        return [Finding("verify.clause", commit.id, str(error))]
    said = {
        f"{clause.clause_id}/{part}": digest
        for clause in manifest.clauses
        if not clause.is_retired
        for part, digest in clause.hashes.items()
    }
    wrong = [part for part, digest in said.items() if found.get(part) != digest]
    wrong += [
        clause.clause_id
        for clause in manifest.clauses
        if not clause.is_retired and clause.clause_hash != clause_hash(clause.hashes)
    ]
    wrong += [part for part in found if part.partition("/")[0] not in _FRAME and part not in said]
    return [Finding("verify.clause", commit.id, part) for part in sorted(wrong)]


_FRAME = ("front", "order", "between")  # parts of a text that belong to no clause


def _verify_changed(commit: Commit, manifest: Manifest, changes: dict[str, str]) -> list[Finding]:
    foreign = set(changes) - {*manifest.paths, *manifest.removed, manifest.path}
    # A manifest is added once; changing an older one would rewrite what was said.
    findings = [Finding("verify.foreign_file", commit.id, path) for path in sorted(foreign)]
    if changes.get(manifest.path) != "A":
        findings.append(Finding("verify.manifest", commit.id, manifest.path))
    return findings


def _verify_tags(store: Store, tags: dict[str, str]) -> list[Finding]:
    stand = store.refs(TAGS)
    return [
        Finding("verify.tag", ref, f"{stand.get(ref)} instead of {tags.get(ref)}")
        for ref in sorted({*tags, *stand})
        if stand.get(ref) != tags.get(ref)
    ]


def _verify_told(store: Store, tags: dict[str, str]) -> list[Finding]:
    """A publication that the log tells of stands in the history as the very commit: nobody wrote it again or cut it off."""
    return [
        Finding("verify.publication", commit, f"{code} {version}")
        for code, version, commit in told_publications(store)
        if tags.get(f"{TAGS}{code}/v{version}") != commit
    ]


def _manifest_text(store: Store, commit: Commit) -> str | None:
    words = commit.message.split("\n", 1)[0].split(" ")
    if len(words) != 3 or words[0] != "Publish":
        return None
    try:
        data = store.read_file(commit.id, manifest_path(words[1], words[2]))
    except errors.NotFound:
        return None
    return data.decode("utf-8", "replace") if data is not None else None
