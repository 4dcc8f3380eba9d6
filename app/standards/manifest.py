"""Owns the manifest of a publication: the one page from which every fact of it can be rebuilt. Pure.

Its bytes are canonical: keys sorted, one value a line, NFC, no floats, LF at the end, so that `sha256sum` and `sed`
are enough to check it. It holds random subject ids, never a name.
"""

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import BadInput
from app.standards.store_names import manifest_path, text_path

SCHEMA = "touchstone.publication/1"


@dataclass(frozen=True)
class ManifestClause:
    """One clause as published. `hashes` is {part: sha256}: a language or `measures`; `clause_hash` is of all parts.

    `is_retired` says that from `effective_at` on the clause is gone; it then has no hashes.
    """

    clause_id: str
    position: int
    clause_hash: str
    hashes: Mapping[str, str]
    effective_at: dt.datetime
    transition_until: dt.datetime | None = None
    is_retired: bool = False


@dataclass(frozen=True)
class Manifest:
    """Everything that a publication is. Instants are aware; `content` maps each path in the store to its text.

    `removed` are the paths of languages the standard had before. `previous` is the sha256 of the manifest published
    before this one, of whatever standard (None for the first); `activity` is (number, hash) of the newest line of the
    activity log at that time.
    """

    code: str
    version: str
    op_key: str
    content_sha256: str
    files: tuple[Mapping[str, Any], ...]
    clauses: tuple[ManifestClause, ...]
    effective_on: dt.date
    zone: str
    effective_at: dt.datetime
    publisher: str
    published_at: dt.datetime
    transition_until: dt.datetime | None = None
    base_version: str | None = None
    revision: str | None = None
    sign_offs: tuple[Mapping[str, Any], ...] = ()
    reasons: Mapping[str, Any] = field(default_factory=dict)
    change_note: str = ""
    removed: tuple[str, ...] = ()
    previous: str | None = None
    activity: tuple[int, str] = (0, "0" * 64)

    @property
    def path(self) -> str:
        """Returns where this manifest stands in the store."""
        return manifest_path(self.code, self.version)

    @property
    def paths(self) -> tuple[str, ...]:
        """Returns the paths of the texts, sorted."""
        return tuple(sorted(str(entry["path"]) for entry in self.files))


def describe_files(code: str, content: Mapping[str, str]) -> tuple[Mapping[str, Any], ...]:
    """Returns the entries `files` of a manifest; raises BadInput for a path that is not a text of the standard."""
    entries = []
    for path, text in sorted(content.items()):
        language = path.removesuffix(".md").rpartition("/")[2]
        if path != text_path(code, language):
            raise BadInput("manifest.foreign_file", path=path)
        data = text.encode()
        sha256 = hashlib.sha256(data).hexdigest()
        entries.append({"path": path, "language": language, "sha256": sha256, "bytes": len(data)})
    return tuple(entries)


def write_manifest(manifest: Manifest) -> str:
    """Returns the canonical text of a manifest; the same values give the same bytes.

    Raises BadInput where a value is a float or no JSON value: two programs write floats differently.
    """
    value = {
        "schema": SCHEMA,
        "op_key": manifest.op_key,
        "document": {"code": manifest.code, "version": manifest.version, "files": list(manifest.files)},
        "removed": list(manifest.removed),
        "content_sha256": manifest.content_sha256,
        "base": manifest.base_version,
        "revision": manifest.revision,
        "clauses": [_write_clause(clause) for clause in manifest.clauses],
        "sign_offs": list(manifest.sign_offs),
        "reasons": manifest.reasons,
        "change_note": manifest.change_note,
        "effective": {
            "local_date": manifest.effective_on.isoformat(),
            "zone": manifest.zone,
            "instant": write_instant(manifest.effective_at),
            "transition_until": write_instant(manifest.transition_until),
        },
        "publisher": manifest.publisher,
        "published_at": write_instant(manifest.published_at),
        "previous": manifest.previous,
        "activity": {"seq": manifest.activity[0], "hash": manifest.activity[1]},
    }
    return json.dumps(_canonical(value), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def read_manifest(text: str) -> Manifest:
    """Returns the manifest that a text describes; raises BadInput for any other text."""
    try:
        value = json.loads(text)
        if value["schema"] != SCHEMA:
            raise BadInput("manifest.unknown_schema", schema=str(value["schema"]))
        return _read(value)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput("manifest.unreadable", why=str(error)) from error


def _read(value: Mapping[str, Any]) -> Manifest:
    effective = value["effective"]
    return Manifest(
        code=value["document"]["code"],
        version=value["document"]["version"],
        op_key=value["op_key"],
        content_sha256=value["content_sha256"],
        files=tuple(value["document"]["files"]),
        removed=tuple(value["removed"]),
        clauses=tuple(_read_clause(clause) for clause in value["clauses"]),
        effective_on=dt.date.fromisoformat(effective["local_date"]),
        zone=effective["zone"],
        effective_at=dt.datetime.fromisoformat(effective["instant"]),
        transition_until=_read_instant(effective["transition_until"]),
        publisher=value["publisher"],
        published_at=dt.datetime.fromisoformat(value["published_at"]),
        base_version=value["base"],
        revision=value["revision"],
        sign_offs=tuple(value["sign_offs"]),
        reasons=value["reasons"],
        change_note=value["change_note"],
        previous=value["previous"],
        activity=(value["activity"]["seq"], value["activity"]["hash"]),
    )


def commit_message(manifest: Manifest, manifest_text: str) -> str:
    """Returns the message of the commit that carries the manifest: ids and trailers only.

    No text of a person enters it: a last paragraph `Approved-By: mallory` would read as a trailer.
    """
    return (
        f"Publish {manifest.code} {manifest.version}\n\n"
        f"Content-SHA256: {manifest.content_sha256}\n"
        f"Manifest-SHA256: {sha256_of(manifest_text)}\n"
        f"Audit-Seq: {manifest.activity[0]}\n"
        f"Audit-Head: {manifest.activity[1]}\n"
    )


def files_of(manifest: Manifest, manifest_text: str, content: Mapping[str, str]) -> dict[str, bytes | None]:
    """Returns what the commit of a publication changes: {path: bytes}, None for a removed text."""
    changed: dict[str, bytes | None] = dict.fromkeys(manifest.removed)
    changed.update({path: text.encode() for path, text in content.items()})
    changed[manifest.path] = manifest_text.encode()
    return changed


def sha256_of(text: str) -> str:
    """Returns the sha256 of a text's UTF-8 bytes, as hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint_of(lines: Mapping[str, str]) -> str:
    """Returns the one sha256 that a signature shows: of its lines {part: sha256} as `<sha256>  <part>`, sorted by part."""
    return sha256_of("".join(f"{digest}  {part}\n" for part, digest in sorted(lines.items())))


def write_instant(moment: dt.datetime | None) -> str | None:
    """Returns a moment as UTC text with microseconds, None for None."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds") if moment is not None else None


def _read_instant(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text is not None else None


def _write_clause(clause: ManifestClause) -> dict[str, Any]:
    return {
        "id": clause.clause_id,
        "position": clause.position,
        "sha256": clause.clause_hash,
        "hashes": dict(clause.hashes),
        "effective_at": write_instant(clause.effective_at),
        "transition_until": write_instant(clause.transition_until),
        "retired": clause.is_retired,
    }


def _read_clause(value: Mapping[str, Any]) -> ManifestClause:
    return ManifestClause(
        clause_id=value["id"],
        position=value["position"],
        clause_hash=value["sha256"],
        hashes=value["hashes"],
        effective_at=dt.datetime.fromisoformat(value["effective_at"]),
        transition_until=_read_instant(value["transition_until"]),
        is_retired=value["retired"],
    )


def _canonical(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {unicodedata.normalize("NFC", str(key)): _canonical(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_canonical(item) for item in value]
    raise BadInput("manifest.bad_value", kind=type(value).__name__)
