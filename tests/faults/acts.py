"""Owns the world in which a person's act is struck: the whole product, one text to acknowledge, one to sign.

An act is a form sent over HTTP, as a browser sends it. What it does is learned from an act that nothing struck, so
a row, a log line or a job that comes with it later is asked for without a word here.
"""

import contextvars
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient

from app import create_app
from app.archive import anchoring, exporting
from app.core import activity, clock, jobs, worker_queue
from app.core.db import Base, db
from app.reviews.models import ReviewTask, TaskState
from app.standards import drafting, lifecycle, projection, recovery, store_access, texts
from app.standards import queries as standards
from app.standards.drafting import ClauseText
from app.standards.models import Materiality, Publication, Revision
from app.standards.store import Store
from app.standards.verification import verify
from app.standards.workflow import Move
from app.training import queries, service
from app.training.models import Assignment, AssignmentState
from tests import story
from tests.faults import world
from tests.house_fixtures import MONDAY, House, _settings, csrf, make_cast

READING = MONDAY + dt.timedelta(hours=1)  # after the undo window of what is read
QUESTION = {"question": "几小时内答复？", "options": ["24 小时", "12 小时"], "why": ""}
ACK, REVIEW, CLAUSE = "/ack/cs-04", "/r/26-002/review", "c01"


@dataclass
class Form:
    """A form as the page showed it, with the browser it was shown in."""

    client: FlaskClient
    path: str
    data: dict[str, Any]

    def send(self) -> int:
        """Sends the form in a context of its own, as a server would meet it; returns the status."""
        return _apart(lambda: self.client.post(self.path, data=self.data).status_code)


_forms: dict[str, Form] = {}


def open_app(folder: Path, url: str = "") -> Flask:
    """Returns the product on a data folder of its own."""
    clock.mark_demo(folder)
    app = create_app(_settings(folder, url))
    app.config["TESTING"] = True
    jobs.on_commit_wake(None)  # no connection to the queue may cross a fork
    return app


def prepare(store: Store) -> None:
    """Makes the cast, a publication that `agent` is asked to read, a review that `lawyer` is asked for, their forms."""
    house = House(current_app._get_current_object(), store.path.parent)  # type: ignore[attr-defined]
    with clock.frozen(MONDAY):
        db.create_all()
        make_cast()
        _revision, publication = story.given_published(house)
        _ask_question(house, publication)
    with clock.frozen(READING):
        _do_jobs()
        _bring_to_review(house)
        anchoring.anchor_when_due()
        _do_jobs()
    _forms["acknowledge"] = _apart(lambda: _acknowledgement(house))
    _forms["sign"] = _apart(lambda: _signature(house))
    store_access.store().close()
    worker_queue.wake_on_commit(house.app)


def _ask_question(house: House, publication: Publication) -> None:
    row = next(v for v in queries.versions(publication.standard_id) if v.order == publication.id)
    service.add_question(
        house.actor("trainer"),
        publication.standard,
        row.clause_id,
        row.clause_hash,
        zh=QUESTION,
        en=QUESTION,
        right=1,
    )


def _bring_to_review(house: House) -> Revision:
    revision = story.given_accepted(house, clauses=(CLAUSE,), title="退货先致歉")
    drafter, base = house.actor("drafter"), standards.published_documents(revision.standard)
    words = ClauseText(
        body_zh=base["zh"].clause(CLAUSE).body.replace("不得追问原因", "应当先致歉，不得追问原因"),
        body_en=base["en"].clause(CLAUSE).body + "\n\nThe agent apologises first.",
        materiality=Materiality.MATERIAL,
    )
    drafting.save_clause(drafter, revision, CLAUSE, words, seen_version=None)
    version = texts.freeze(drafter, revision, why="submit")
    lifecycle.perform(revision, lifecycle.Attempt(Move.SUBMIT, drafter), text_version=version)
    _do_jobs()
    return revision


def _do_jobs() -> None:
    db.session.commit()
    jobs.run_due(leave=("make_handbook",))  # its PDF takes longer than all strikes together


def _acknowledgement(house: House) -> Form:
    client = house.client("agent")
    page = client.get(ACK).text
    fields = dict(re.findall(r'name="(shown|question)" value="([^"]*)"', page))
    return Form(client, ACK, {**csrf(page), **fields, "answer": "1"})


def _signature(house: House) -> Form:
    client = house.client("lawyer")
    page = client.get(REVIEW).text
    form = page[page.index('id="signing"') :].partition("</form>")[0]
    sent: dict[str, Any] = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    sent["part"] = re.findall(r'name="part" value="([^"]*)"', form)
    answers = dict.fromkeys(re.findall(r'name="(a-[\w-]+)"', form), "met")
    # Answers are kept on their own, before and without the signature: here they stand already.
    kept = client.post(f"{REVIEW}/answers", data={**sent, **answers})
    assert kept.status_code == 303, kept.text
    return Form(client, f"{REVIEW}/sign", {**sent, **answers})


def _apart(act: Callable[[], Any]) -> Any:
    """Does something at the time of reading and outside every open context, so that each request finds its own person."""

    def inside() -> Any:
        with clock.frozen(READING):
            return act()

    return contextvars.Context().run(inside)


def open_connection() -> None:
    """Connects, so that the first counted call is the act's own."""
    db.session.scalar(sa.select(1))
    db.session.commit()


def act(store: Store, name: str) -> int:
    """Sends the form of that name; returns the status."""
    return _forms[name].send()


def recover(store: Store) -> dict[str, list[str]]:
    """Recovers as a start does."""
    with clock.frozen(READING):
        return recovery.recover(store, projection.finish, thorough=True).as_data()


def snapshot(store: Store) -> dict[str, int]:
    """Returns how many rows each table has, and how many assignments and review tasks are done."""
    counts = {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
    for column, done in ((Assignment.state, AssignmentState.DONE), (ReviewTask.state, TaskState.SIGNED)):
        counts[f"{column} {done}"] = db.session.scalar(sa.select(sa.func.count()).where(column == done)) or 0
    db.session.commit()
    return counts


def violations(store: Store) -> list[str]:
    """Returns what `touchstone verify` and the database's own checks find wrong, a line each."""
    found = [f"{f.key}: {f.place}: {f.detail}" for f in verify(store.path)]
    found += [f"{line['key']}: {line['object']}" for line in exporting.verify_log()]
    db.session.commit()
    return found + world._wrong_tables()


def settle(
    store: Store, name: str, answered: bool, before: dict[str, int], after: dict[str, int]
) -> list[str]:
    """Starts again after a fault: the act is whole or absent, the same form sent again and again is one act.

    `before` and `after` are the snapshots around an act that nothing struck. Returns what is wrong, a line each.
    """
    done = recover(store)
    found = [f"there was something to recover: {done}"] if done else []
    there = snapshot(store)
    if there != after and (answered or there != before):
        found.append(f"{'answered, but ' if answered else ''}half: {_difference(there, after)}")
    found += [f"log broken at {seq} after recovery" for seq in activity.verify_chain()]
    db.session.commit()  # the request to come finds its own transaction
    for time in ("first", "second"):
        status = act(store, name)
        if status != 303:
            found.append(f"sent again the {time} time it answers {status}")
        if snapshot(store) != after:
            found.append(f"sent again the {time} time: {_difference(snapshot(store), after)}")
    return found + violations(store)


def _difference(there: dict[str, int], wanted: dict[str, int]) -> dict[str, str]:
    return {name: f"{there[name]} for {wanted[name]}" for name in wanted if there[name] != wanted[name]}
