"""Owns the small world that the faults strike: one standard, publications of it, their consequences, and the checks.

Works in any application context with the tables made. The controls at the end do what the product must not do.
"""

import datetime as dt
import sqlite3
from collections import Counter
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from app.core import activity, clock, events, jobs
from app.core.access import SYSTEM, Actor
from app.core.db import db
from app.people import models as people_models
from app.standards import projection, publication, recovery
from app.standards.document import parse_document
from app.standards.journal import rows
from app.standards.manifest import ManifestClause, commit_message, files_of, sha256_of, write_manifest
from app.standards.models import Publication, PublicationState, Standard
from app.standards.publication import PublicationRequest
from app.standards.store import Store
from app.standards.store_names import MAIN, TAGS, content_digest, manifest_path, tag_ref, text_path

assert people_models  # its tables are named by foreign keys

AT = dt.datetime(2026, 11, 2, 1, 0, 0, 250000, tzinfo=dt.UTC)
RECIPIENTS = ("p-0001", "p-0002", "p-0003", "p-0004", "p-0005")
CODE = "cs-04"

ZH = """---
code: cs-04
language: zh
title: 投诉处理标准
owner: service
category: complaints
journey: all
audience: [agent]
visibility: internal
review_months: 6
---

# 投诉处理标准

### 首次答复 {{#c01}}

普通投诉在 {minutes} 分钟内首次答复。

### 结案 {{#c02}}

简单投诉 2 小时内结案。
"""

EN = """---
code: cs-04
language: en
title: Complaints
---

# Complaints

### First answer {{#c01}}

An ordinary complaint is first answered within {minutes} minutes.

### Closing {{#c02}}

A simple complaint is closed within 2 hours.
"""


def notify(**payload: object) -> None:
    """Job: does nothing; its row is what is counted."""


def open_app(folder: Path, url: str = "") -> Flask:
    """Returns an application on the data folder that knows tables, clock and jobs, and no page."""
    app = Flask("faults")
    app.config["SQLALCHEMY_DATABASE_URI"] = url or f"sqlite:///{folder / 'touchstone.db'}"
    clock.configure(folder, "Asia/Shanghai")
    db.init_app(app)
    events.wire({})  # another application of this process may have left its own
    jobs.wire({"notify": notify})
    return app


def prepare(store: Store, publications: int = 2) -> None:
    """Makes the tables, the standard and its first publications."""
    db.create_all()
    store.create()
    db.session.add(Standard(code=CODE, created_at=AT))
    db.session.commit()
    for n in range(1, publications + 1):
        publish(store, n)


def request_for(n: int, text: str = "", op_key: str = "") -> PublicationRequest:
    """Returns the request of the n-th publication, version 1.n; the same n gives the same request."""
    content = {
        text_path(CODE, "zh"): ZH.format(minutes=n) + text,
        text_path(CODE, "en"): EN.format(minutes=n) + text,
    }
    documents = {path[-5:-3]: parse_document(body) for path, body in content.items()}
    at = AT + dt.timedelta(hours=n)
    clauses = [
        ManifestClause(clause_id, position, projection.clause_hash(hashes), hashes, at)
        for position, (clause_id, hashes) in enumerate(sorted(projection.clause_hashes(documents).items()))
    ]
    return PublicationRequest(
        op_key=op_key or f"00000000-0000-4000-8000-{n:012}",
        standard_id=standard_id(),
        code=CODE,
        version=f"1.{n}",
        content=content,
        clauses=tuple(clauses),
        author_subject="p-7f3a",
        at=at,
        effective_on=(at + dt.timedelta(days=7)).date(),
        zone="Asia/Shanghai",
        effective_at=clock.start_of((at + dt.timedelta(days=7)).date()),
        base_version=f"1.{n - 1}" if n > 1 else None,
        sign_offs=({"role": "legal_reviewer", "signer": "p-11aa", "clause": "c01"},),
        change_note=f"第 {n} 次",
    )


def standard_id() -> int:
    """Returns the id of the standard."""
    return db.session.scalars(sa.select(Standard.id).where(Standard.code == CODE)).one()


def finish(published: Publication) -> None:
    """The consequences of a publication: its rows, and one notice for each recipient."""
    projection.finish(published)
    for recipient in RECIPIENTS:
        jobs.enqueue("notify", key=f"notice:{published.version}:{recipient}", recipient=recipient)


def nothing_to_check() -> None:
    """The check of a publication that nothing speaks against."""


def publish(store: Store, n: int) -> int:
    """Publishes version 1.n by the product's protocol."""
    return publication.publish(store, request_for(n), check=nothing_to_check, finish=finish)


def recover(store: Store) -> dict[str, list[str]]:
    """Recovers as a start does."""
    return recovery.recover(store, finish, thorough=True).as_data()


def settle(store: Store, n: int, answered: bool) -> list[str]:
    """Starts again after a fault: recovers, checks, asks for the n-th publication once more, checks again.

    Returns what is wrong, a line each. `answered` says that the publication was confirmed before the fault.
    """
    recover(store)
    found = [f"after recovery: {line}" for line in violations(store, n if answered else None)]
    again = recover(store)
    found += [f"the second recovery did {again}"] if again else []
    publish(store, n)
    before = _counts()
    publish(store, n)
    found += ["asking again added rows"] if _counts() != before else []
    return found + [f"after asking again: {line}" for line in violations(store, n, with_fsck=False)]


def _counts() -> list[int]:
    tables = (Publication, activity.ActivityLine, jobs.Job)
    found = [db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]
    db.session.commit()
    return found


def violations(store: Store, answered: int | None = None, *, with_fsck: bool = True) -> list[str]:
    """Returns what is wrong after a recovery, a line each; `answered` is the n of a publication that was confirmed."""
    db.session.commit()
    journal = [row for row in rows() if row.state is PublicationState.PUBLISHED]
    found = [f"intent left: {row.version}" for row in rows() if row.state is PublicationState.INTENDED]
    chain = store.commits(MAIN)
    if [row.commit_id for row in journal] != [commit.id for commit in chain]:
        found.append(
            f"database has {[r.version for r in journal]}, main {[c.message.split()[2] for c in chain]}"
        )
    tags = {tag_ref(CODE, commit.message.split()[2]): commit.id for commit in chain}
    if store.refs(TAGS) != tags:
        found.append(f"tags {sorted(store.refs(TAGS))}")
    found += [f"fsck: {line}" for line in store.fsck()] if with_fsck else []
    found += _wrong_bytes(store) + _wrong_lines() + _wrong_notices() + _left_behind(store) + _wrong_tables()
    versions = [row.version for row in journal]
    if answered is not None and f"1.{answered}" not in versions:
        found.append(f"answered 1.{answered} is not published")
    if len(versions) != len(set(versions)):
        found.append(f"published twice: {versions}")
    return found


def _wrong_bytes(store: Store) -> list[str]:
    found = []
    for row in db.session.scalars(
        sa.select(Publication).where(Publication.state == PublicationState.PUBLISHED)
    ):
        wanted = {**row.content, manifest_path(CODE, row.version): row.manifest}
        for path, text in wanted.items():
            data = store.read_file(row.commit_id, path) if store.exists(row.commit_id) else None
            if data != text.encode():
                found.append(f"{row.version} {path} differs")
        if (
            content_digest(row.content) != row.content_sha256
            or sha256_of(row.manifest) != row.manifest_sha256
        ):
            found.append(f"{row.version} has a wrong sha256")
    db.session.commit()
    return found


def _wrong_lines() -> list[str]:
    found = [f"log broken at {seq}" for seq in activity.verify_chain()]
    said = Counter(
        db.session.scalars(
            sa.select(activity.ActivityLine.object_key).where(
                activity.ActivityLine.verb == "publication.published"
            )
        )
    )
    published = Counter(
        f"{row.code} {row.version}" for row in rows() if row.state is PublicationState.PUBLISHED
    )
    return found + ([f"log says {dict(said)}"] if said != published else [])


def _wrong_notices() -> list[str]:
    keys = Counter(key for key in db.session.scalars(sa.select(jobs.Job.key)))
    wanted = Counter(
        f"notice:{row.version}:{recipient}"
        for row in rows()
        if row.state is PublicationState.PUBLISHED
        for recipient in RECIPIENTS
    )
    db.session.commit()
    return [] if keys == wanted else [f"notices {sorted((keys - wanted) + (wanted - keys))}"]


def _left_behind(store: Store) -> list[str]:
    files = [
        *store.path.glob("*.lock"),
        *(store.path / "refs").rglob("*.lock"),
        *store.path.glob("scratch/*"),
    ]
    files += store.path.glob("objects/**/tmp_obj_*")
    return [f"left behind: {file.relative_to(store.path)}" for file in files]


def _wrong_tables() -> list[str]:
    file = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or file is None:
        return []
    with sqlite3.connect(file) as connection:
        whole = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        foreign = connection.execute("PRAGMA foreign_key_check").fetchall()
    connection.close()
    return ([] if whole == ["ok"] else whole) + [f"foreign key: {row}" for row in foreign]


# --- What the product must not do: two designs without a journal -------------------------------------------


def publish_store_first(store: Store, n: int) -> None:
    """Control: moves main, then writes the row."""
    request = request_for(n)
    with store.lock():
        commit, text, parent = write_commit(store, request)
        store.compare_and_swap(MAIN, commit, parent, request.at)
        store.write_tag(CODE, request.version, commit, request.at)
    _insert(request, commit, text, parent)


def publish_database_first(store: Store, n: int) -> None:
    """Control: writes the row, then moves main."""
    request = request_for(n)
    with store.lock():
        commit, text, parent = write_commit(store, request)
    _insert(request, commit, text, parent)
    with store.lock():
        store.compare_and_swap(MAIN, commit, parent, request.at)
        store.write_tag(CODE, request.version, commit, request.at)


def write_commit(store: Store, request: PublicationRequest) -> tuple[str, str, str | None]:
    """Writes the commit of a request on top of main; returns its id, the manifest and the parent."""
    parent = store.head()
    manifest = publication.describe(request, parent)
    text = write_manifest(manifest)
    files, message = files_of(manifest, text, request.content), commit_message(manifest, text)
    return store.build_commit(parent, files, message, request.author_subject, request.at), text, parent


def _insert(request: PublicationRequest, commit: str, text: str, parent: str | None) -> None:
    row = publication.journal_row(request, text, parent, commit)
    row.state = PublicationState.PUBLISHED
    db.session.add(row)
    db.session.flush()
    finish(row)
    activity.record(
        Actor(person_id=None, subject=SYSTEM.subject),
        "publication.published",
        "publication",
        f"{CODE} {row.version}",
    )
    db.session.commit()


def start_without_recovery(store: Store) -> list[str]:
    """The start of the controls: what a dead writer left is removed, and nothing else; returns what is wrong."""
    with store.lock():
        store.remove_stale_locks()
    return violations(store)


def open_connection() -> None:
    """Connects, so that the first counted call is the publication's own."""
    standard_id()
    db.session.commit()
