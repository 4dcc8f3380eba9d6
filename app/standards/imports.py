"""Owns importing files and folders of texts into the library, and the account of it. Reading stands in `files.py`."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.access import Actor
from app.core.db import db
from app.core.errors import DomainError, FieldError, Invalid, Reason, TooLarge
from app.standards import bundle, histories, library, queries
from app.standards.document import Document, parse_document, primary_of, write_document
from app.standards.files import own_text, read_file
from app.standards.identity import assign_ids, first_front
from app.standards.library import Imported
from app.standards.models import Standard
from app.standards.word import LIMIT_WORD_BYTES
from app.web.reasons import reason_words

ENDINGS = frozenset({".md", ".markdown", ".txt", ".docx"})
TAKEN = ENDINGS | {bundle.ENDING}
FOREIGN_CODE = "doc"
_DATED = re.compile(r"[\s_-]*[（(\[]?\d{4}[-.年]?\d{1,2}[-.月]?\d{1,2}日?[）)\]]?\s*$")


def import_path(actor: Actor, path: Path) -> dict[str, Any]:
    """Imports a file, or every text of a folder, and returns the account of it; commits text by text.

    The account is {read, created, updated, unchanged, refused, errors [{file, line, field, reason}], seconds,
    documents [{code, title, clauses, versions}]}. One bad file never stops the others. A folder with `zh.md` and
    `en.md` in the house's own format is one standard; any other text keeps the ids of its former import. A
    bundle brings each of its documents with its history, and stands in `histories` [{name, commits,
    documents, texts, new_texts}].
    """
    started = clock.monotonic()
    account: dict[str, Any] = {"read": 0, "created": 0, "updated": 0, "unchanged": 0, "refused": 0}
    errors: list[dict[str, Any]] = []
    documents: list[dict[str, Any]] = []
    read: list[dict[str, Any]] = []
    for files in _texts(path):
        if files[0].suffix.lower() == bundle.ENDING:
            read += _read_history(actor, files[0], account, errors, documents)
            continue
        account["read"] += 1
        try:
            done = _import(actor, files)
        except DomainError as error:
            db.session.rollback()
            account["refused"] += 1
            errors += _lines(files[0].name, error)
            continue
        account[done.outcome] += 1
        documents.append(_document(done))
    return {
        **account,
        "errors": errors,
        "seconds": round(clock.monotonic() - started, 3),
        "documents": documents,
        "histories": read,
    }


def _read_history(
    actor: Actor,
    file: Path,
    account: dict[str, Any],
    errors: list[dict[str, Any]],
    documents: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Brings in a bundle and adds to the account what became of each of its documents."""
    try:
        done = histories.import_bundle(actor, file)
    except DomainError as error:
        db.session.rollback()
        account["read"] += 1
        account["refused"] += 1
        errors += _lines(file.name, error)
        return []
    for one in done.documents:
        account[one.outcome] += 1
        documents.append(_document(one))
    for name, refusal in done.refused:
        errors += _lines(f"{file.name}: {name}", refusal)
    account["read"] += len(done.documents) + len(done.refused)
    account["refused"] += len(done.refused)
    counts = {"documents": len(done.documents), "texts": done.texts, "new_texts": done.new_texts}
    return [{"name": done.name, "commits": done.commits, **counts}]


def _document(done: Imported) -> dict[str, Any]:
    return {"code": done.code, "title": done.title, "clauses": done.clauses, "versions": done.versions}


def undated_name(name: str) -> str:
    """Returns a file's name without ending and without a date at its end: what stays the same in its next version."""
    stem = Path(name).stem
    return _DATED.sub("", stem).strip() or stem


def _texts(path: Path) -> Iterator[list[Path]]:
    """Yields the files of each text: the languages of one standard together, every other file alone."""
    if path.is_file():
        yield [path]
        return
    here = sorted(p for p in path.iterdir() if p.is_file() and p.suffix.lower() in TAKEN)
    own = [p for p in here if p.name in ("zh.md", "en.md")]
    if own:
        yield own
    for file in here:
        if file not in own:
            yield [file]
    for folder in sorted(p for p in path.iterdir() if p.is_dir() and not p.name.startswith(".")):
        yield from _texts(folder)


def _import(actor: Actor, files: list[Path]) -> Imported:
    texts: dict[str, str] = {}
    for file in files:
        text = own_text(file.name, _read(file))
        if text is not None:
            texts[parse_document(text).front.language] = text
    if len(texts) == len(files):
        return library.import_standard(actor, texts)
    if len(files) > 1:
        raise Invalid.of("file", "import.unknown_kind", value=files[0].name[:40])
    return _import_foreign(actor, files[0])


def _import_foreign(actor: Actor, file: Path) -> Imported:
    imported = read_file(file.name, _read(file))
    name = undated_name(file.name)
    standard = db.session.scalar(sa.select(Standard).where(Standard.source_name == name))
    newest = queries.newest_publication(standard.id) if standard else None
    previous: Document | None = primary_of(queries.documents_of(newest)) if newest else None
    document = assign_ids(
        imported,
        previous,
        front=None
        if previous
        else first_front(imported, standard.code if standard else library.free_code(FOREIGN_CODE)),
        used_ids=standard.used_clause_ids if standard else (),
    )
    text = write_document(document)
    return library.import_standard(actor, {document.front.language: text}, source_name=name)


def _read(file: Path) -> bytes:
    if file.stat().st_size > LIMIT_WORD_BYTES:
        raise TooLarge("import.too_large", limit_bytes=LIMIT_WORD_BYTES)
    return file.read_bytes()


def _lines(name: str, error: DomainError) -> list[dict[str, Any]]:
    found = error.errors if isinstance(error, Invalid) else [FieldError("file", r) for r in error.reasons]
    return [_line(name, fault.line, fault.field, fault.reason) for fault in found]


def _line(name: str, line: int | None, field: str, reason: Reason) -> dict[str, Any]:
    return {"file": name, "line": line, "field": field, "reason": reason_words(reason), "key": reason.key}
