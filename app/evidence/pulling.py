"""Owns the pull of a connector: page by page, each page kept with its place in one transaction, so that it goes on from there.

No transaction is open while another system is asked. A page is parsed as a whole before anything of it is stored.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app

from app.core import clock, jobs
from app.core.access import SYSTEM
from app.core.db import db, transaction
from app.core.errors import Refused
from app.evidence import connector_tokens, connectors, http_answers, importing, sources
from app.evidence.connector_models import Connector, ConnectorKind, ConnectorState
from app.evidence.http_answers import Fault, Limits
from app.evidence.models import TicketImport
from app.evidence.sources import Page, Position, Reply

MOST_PAGES = 200  # of one job; the next one goes on, so that other work has its turn
PREFIX = "pull-"  # of the folder in which a page waits, unmasked, until it is read


class Overtaken(Exception):
    """Somebody else went on meanwhile, or a person paused the connector."""


@dataclass(frozen=True)
class Task:
    """What one page needs to know of its connector, read before the other system is asked."""

    connector_id: int
    name: str
    kind: ConnectorKind
    base_url: str
    account: str
    only: str
    mapping: str
    position: Position
    page_count: int


def pull(connector_id: int, folder: Path) -> dict[str, Any]:
    """Asks for everything that is new since the last page kept; `folder` is where a page waits until it is read.

    Returns `{pages, rows}`, rows as new or changed. What fails is kept on the connector in words and tried
    again later; a second pull at once ends without a change.
    """
    pages = rows = 0
    seen: set[str] = set()
    try:
        while (task := _task(connector_id)) is not None:
            page = _next(task, seen)
            is_over = page.is_last or pages + 1 >= MOST_PAGES
            rows += _keep(task, page, folder, is_over=is_over)
            pages += 1
            if is_over:
                break
            _still_at_it(connector_id, pages)
    except Fault as fault:
        with transaction():
            row = _locked(connector_id)
            if task is not None and row.state is ConnectorState.ON and row.page_count == task.page_count:
                _finish(row)
                connectors.note_fault(row, fault)
    except Overtaken:
        db.session.rollback()
    return {"pages": pages, "rows": rows}


def _task(connector_id: int) -> Task | None:
    """Returns what the connector is to ask now; None for one that rests. Leaves no transaction open."""
    row = db.session.get(Connector, connector_id)
    task = None
    if row is not None and row.state is ConnectorState.ON:
        task = Task(
            row.id, row.name, row.kind, row.base_url, row.account, row.only, row.mapping, dict(row.position), row.page_count
        )  # fmt: skip
    db.session.commit()
    return task


def _next(task: Task, seen: set[str]) -> Page:
    settings = current_app.config["SETTINGS"]
    limits = Limits(settings.connector_seconds, settings.connector_answer_bytes)
    headers = _headers(task, settings.data.absolute())
    asked = json.dumps(task.position, sort_keys=True)
    if asked in seen:
        raise Fault("connector.in_a_circle")
    seen.add(asked)

    def get(path: str) -> Reply:
        return sources.reply_of(http_answers.ask(task.base_url, path, headers, limits), clock.now())

    return sources.next_page(task.kind, task.only, task.position, get)


def _headers(task: Task, folder: Path) -> Mapping[str, str]:
    try:
        token = connector_tokens.token_of(folder, task.name, task.base_url)
    except Refused as refusal:
        raise Fault(refusal.reasons[0].key, stops=True, file=connector_tokens.FILE) from None
    if token is None:
        raise Fault(connectors.UNARMED, stops=True, name=task.name)
    return sources.headers_of(task.kind, task.account, token)


def _keep(task: Task, page: Page, folder: Path, *, is_over: bool) -> int:
    """Stores a page and where it goes on in one transaction; returns how many rows are new or changed. Raises Overtaken."""
    prepared = _prepared(task, page, folder) if page.count else None
    try:
        with transaction():
            row = _locked(task.connector_id)
            if row.page_count != task.page_count or row.state is not ConnectorState.ON:
                raise Overtaken
            rows = 0
            if prepared is not None:
                into = _import_of(row)
                rows = importing.store_page(prepared, into)
                into.sha256 = _sum(into.sha256, page)
            row.position, row.page_count, row.failures = page.position, row.page_count + 1, 0
            if is_over:
                _finish(row)
                connectors.note_success(row, goes_on=not page.is_last)
            return rows
    finally:
        if prepared is not None:
            prepared.rows.close()


def _prepared(task: Task, page: Page, folder: Path) -> importing.Prepared:
    waiting = Path(tempfile.mkdtemp(dir=folder, prefix=PREFIX))
    try:
        for name, body in page.bodies.items():
            (waiting / name).write_bytes(body)
        prepared = importing.prepare(task.mapping, waiting)
    finally:
        shutil.rmtree(waiting)
    for row in prepared.refused:  # of which page, counted from the first one of this connector
        row["file"] = f"{task.page_count + 1}/{row['file']}"
    return prepared


def _import_of(row: Connector) -> TicketImport:
    """Returns the import that goes on, or begins one."""
    if row.newest is None or row.newest.finished_at is not None:
        row.newest = importing.announce_import(SYSTEM, row.mapping, row.name)
    return row.newest


def _finish(row: Connector) -> None:
    if row.newest is not None and row.newest.finished_at is None:
        importing.finish_pages(SYSTEM, row.newest)


def _locked(connector_id: int) -> Connector:
    db.session.expire_all()
    return db.session.get_one(Connector, connector_id, with_for_update={"of": Connector})


def _sum(before: str, page: Page) -> str:
    total = hashlib.sha256(before.encode())
    for name, body in sorted(page.bodies.items()):
        total.update(name.encode() + b"\0" + body)
    return total.hexdigest()


def _still_at_it(connector_id: int, pages: int) -> None:
    """Lets the job of this pull live longer; a pull from the command line has none."""
    job_id = connectors.running_job(connector_id)
    if job_id is not None:
        jobs.progress(job_id, pages, None)
    else:
        db.session.commit()
