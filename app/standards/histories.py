"""Owns bringing a history of documents into the library: which standard is which document, its texts, whose they were.

What a bundle holds is read in `bundle.py`, ids are carried in `history_texts.py`. The texts stand beside what
this house publishes and are never taken for it (ADR 15).
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from app.core import activity, clock, jobs
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import DomainError, Invalid, NotAllowed, Refused
from app.standards import bundle, library, queries
from app.standards.bundle import PastChange, PastDocument, PastHistory
from app.standards.document import Document, parse_document, primary_of, write_document
from app.standards.history_models import UNLISTED, EarlierState, EarlierText, ImportedHistory
from app.standards.history_texts import CarriedText, Carrier, in_language
from app.standards.library import Imported
from app.standards.models import Publication, Standard

FOREIGN_CODE = "doc"


@dataclass(frozen=True)
class ReadHistory:
    """What became of a bundle: `refused` are (path, error), `texts` and `new_texts` count the texts it has and brought."""

    name: str
    commits: int
    documents: tuple[Imported, ...]
    refused: tuple[tuple[str, DomainError], ...]
    texts: int
    new_texts: int


def import_bundle(
    actor: Actor, path: Path, *, name: str = "", progress: Callable[[int, int], None] | None = None
) -> ReadHistory:
    """Brings in every document of a bundle with its whole history and says what became of it; commits by itself.

    Each document at the tip is a standard; its newest text is published as it is, unless the standard was revised here
    meanwhile. Every commit that `git log --follow` lists for it is an earlier text. The same bundle again
    changes nothing, a longer one of the same history adds what is new. One document that cannot be read does
    not stop the others. `name` is what its file is called if not as `path`; `progress` is told (documents
    done, documents) before each of them.

    Raises Invalid or TooLarge for a file that is no readable bundle, Refused for one whose history went
    another way than the one brought in before, NotAllowed for whoever may not publish.
    """
    if not (actor.is_system or actor.may(Permission.PUBLISH)):
        raise NotAllowed("move.no_permission", permission=Permission.PUBLISH.value)
    called = name or path.name
    with bundle.opened(path) as past:
        history = _history(past, called)
        texts = dict(past.texts(_blobs(past)))
        made: list[Imported] = []
        refused: list[tuple[str, DomainError]] = [(p, Invalid.of("path", key)) for p, key in past.odd]
        before = _count(history)
        for number, document in enumerate(past.documents):
            if progress is not None:
                progress(number, len(past.documents))
            try:
                made.append(_bring(actor, history.key, document, texts, {d.path for d in past.documents}))
            except DomainError as error:
                db.session.rollback()
                refused.append((document.path, error))
        history = _by_key(history.key) or history
        after = _count(history)
        if after != before or history.tip != past.tip:
            history.tip, history.commit_count, history.source_name = past.tip, past.commits, called
            activity.record(actor, "history.imported", "history", history.key, commit=past.tip)
            jobs.enqueue(
                "keep_history", key=f"history:{history.key}:{past.tip}:{after}", history_id=history.id
            )
        db.session.commit()
        texts_now = _count(history, EarlierText.position != UNLISTED)
    return ReadHistory(called, past.commits, tuple(made), tuple(refused), texts_now, after - before)


def _blobs(past: PastHistory) -> set[str]:
    changes = [change for document in past.documents for change in document.changes]
    named = {blob for change in changes for blob in (change.blob, change.was) if blob}
    return named | {document.blob for document in past.documents}


def _history(past: PastHistory, name: str) -> ImportedHistory:
    """Returns the row of this history, made where it was never seen; refuses one that went another way since.

    A history into which an older one was merged meanwhile still has the commit it was named by.
    """
    keys = [f"h-{root[:16]}" for root in past.roots]
    row = next((row for row in map(_by_key, keys) if row), None)
    if row is None:
        key = keys[0]
        row = ImportedHistory(
            key=key, source_name=name, tip="", commit_count=0, salt=secrets.token_hex(16), imported_at=clock.now()
        )  # fmt: skip
        db.session.add(row)
        db.session.commit()
    elif row.tip and not past.contains(row.tip):
        raise Refused("history.other_way", name=row.source_name)
    return row


def _by_key(key: str) -> ImportedHistory | None:
    return db.session.scalar(sa.select(ImportedHistory).where(ImportedHistory.key == key))


def _count(history: ImportedHistory, *conditions: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count(EarlierText.id)).where(EarlierText.history_id == history.id, *conditions)
    return int(db.session.scalar(query) or 0)


def _bring(
    actor: Actor, key: str, document: PastDocument, texts: dict[str, bytes | None], at_tip: set[str]
) -> Imported:
    """Brings in one document: its newest text to the library, its other texts beside. Commits."""
    history = _by_key(key)
    if history is None:
        raise Refused("history.other_way", name=key)
    standard = _standard_of(history, document, at_tip)
    kept = {row.source_commit: parse_document(row.text) if row.text else None for row in _kept(standard)}
    code = standard.code if standard else library.free_code(FOREIGN_CODE)
    known = [*_published(standard), *(text for text in kept.values() if text)]
    carrier = Carrier(code, known, standard.used_clause_ids if standard else ())
    fresh, newest = _carried(carrier, document, kept, texts)
    if newest.document is None:
        raise Invalid.of("text", newest.why.key if newest.why else "import.no_clause")
    language = standard.primary_language if standard else newest.document.front.language
    done = _publish(
        actor, standard, f"{key}:{document.path}", in_language([newest.document], language)[0], carrier.used
    )
    listed = {change.commit for change in document.changes}
    if fresh or not listed >= set(kept):
        standard = queries.standard(done.code)
        _keep(history, standard, document, fresh, language)
    db.session.commit()
    return done if done.outcome != "unchanged" or not fresh else replace(done, outcome="updated")


def _carried(
    carrier: Carrier,
    document: PastDocument,
    kept: Mapping[str, Document | None],
    texts: Mapping[str, bytes | None],
) -> tuple[list[tuple[PastChange, CarriedText]], CarriedText]:
    """Returns the texts of the commits that are not in `kept` yet, and the text at the tip, all with their ids.

    A text gets them from the one it was made from, on whatever line of the history that stands. Where lines came
    together that is the text of no commit in the list, and is carried aside.
    """
    fresh: list[tuple[PastChange, CarriedText]] = []
    by_blob: dict[str, CarriedText] = {}
    for change in document.changes:
        if change.commit in kept:
            made = CarriedText(kept[change.commit])
            carrier.go_on_after(made.document)
        else:
            if change.was and change.was not in by_blob:
                by_blob[change.was] = carrier.carry_aside(change.path, texts[change.was])
            base = by_blob[change.was].document if change.was else None
            made = carrier.carry(change.path, texts[change.blob] if change.blob else None, base)
            fresh.append((change, made))
        if change.blob:
            by_blob[change.blob] = made
    newest = by_blob.get(document.blob)
    if newest is None or (newest.document is None and newest.why is None):
        newest = carrier.carry_aside(document.path, texts[document.blob])
    return fresh, newest


def _published(standard: Standard | None) -> list[Document]:
    newest = queries.newest_publication(standard.id) if standard else None
    return [primary_of(queries.documents_of(newest))] if newest else []


def _standard_of(history: ImportedHistory, document: PastDocument, at_tip: set[str]) -> Standard | None:
    """Returns the standard that is this document: by its name, else by the name it had before it was renamed."""
    found = db.session.scalar(
        sa.select(Standard).where(Standard.source_name == f"{history.key}:{document.path}")
    )
    if found is not None:
        return found
    had = {(change.commit, change.path) for change in document.changes}
    rows = db.session.execute(
        sa.select(EarlierText.source_commit, EarlierText.path, Standard)
        .join(Standard, Standard.id == EarlierText.standard_id)
        .where(EarlierText.history_id == history.id, EarlierText.source_commit.in_({c for c, _ in had}))
        .order_by(EarlierText.position.desc())
    )
    for commit, path, standard in rows:
        name = (standard.source_name or "").partition(":")[2]
        if (commit, path) in had and name not in at_tip:
            standard.source_name = f"{history.key}:{document.path}"
            return standard
    return None


def _kept(standard: Standard | None) -> Sequence[EarlierText]:
    if standard is None:
        return ()
    query = sa.select(EarlierText).where(EarlierText.standard_id == standard.id)
    return db.session.scalars(query.order_by(EarlierText.position)).all()


def _publish(
    actor: Actor, standard: Standard | None, source_name: str, newest: Document, used: set[str]
) -> Imported:
    """Publishes the newest text, unless this house has revised the standard since: its own promise stays."""
    published = queries.newest_publication(standard.id) if standard else None
    if standard is not None and published is not None and published.revision_id is not None:
        count = sa.select(sa.func.count(Publication.id)).where(Publication.standard_id == standard.id)
        versions = int(db.session.scalar(count) or 0)
        return Imported(standard.code, newest.front.title, len(newest.clauses), "unchanged", versions)
    text = write_document(newest)
    return library.import_standard(
        actor, {newest.front.language: text}, source_name=source_name, used_ids=used
    )


def _keep(
    history: ImportedHistory,
    standard: Standard,
    document: PastDocument,
    carried: list[tuple[PastChange, CarriedText]],
    language: str,
) -> None:
    """Writes the new rows and puts all rows of the standard in the order of the history.

    A longer history may lead Git to a document's past by another way; a commit it lists no more keeps its row and address.
    """
    order = {change.commit: position for position, change in enumerate(document.changes, start=1)}
    rows = _kept(standard)
    for row in rows:
        row.position = order.get(row.source_commit, UNLISTED)
    for number, (change, text) in enumerate(carried, start=len(rows) + 1):
        found = in_language([text.document], language)[0] if text.document else None
        state = EarlierState.TEXT if found else EarlierState.UNREADABLE if text.why else EarlierState.GONE
        db.session.add(
            EarlierText(
                history_id=history.id,
                standard_id=standard.id,
                number=number,
                position=order[change.commit],
                source_commit=change.commit,
                path=change.path,
                at=change.at,
                author_subject=pseudonym(history.salt, change.author),
                state=state,
                why={"key": text.why.key, "params": _plain(text.why.params)} if text.why else {},
                text=write_document(found) if found else "",
                changes=[list(pair) for pair in text.changes],
            )
        )
    db.session.flush()


def pseudonym(salt: str, author: str) -> str:
    """Returns what stands for an author: the same within one history, and nothing to anybody without its salt."""
    return f"x-{hmac.new(salt.encode(), author.encode(), hashlib.sha256).hexdigest()[:8]}"


def _plain(params: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items()}
