"""Owns the first measurement: CPU milliseconds of pages beside a bare Flask view with one query. Changes no data.

    python -m bench.pages                      builds demonstration data in a temporary folder, then measures
    python -m bench.pages --data var           measures a data folder that ./dev run has filled
    python -m bench.pages --rounds 40 --json   more rounds; one object instead of a table

Requests go through the whole WSGI application in this process, so that a shared machine's other work is not
counted: CPU time of this process and its children, the garbage collector on. A round asks every page and the
bare view once for each of its requests, in turn; the numbers are medians over the rounds, so a slow minute
hits all of them alike. Queries are counted at the database driver, processes by Python's audit hook;
`budgets.py` says how many a page may make, and a test of the house asks all pages.
"""

import argparse
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import config, create_app
from app.core.db import db
from app.demo import build
from app.demo.people import PASSWORD
from app.standards.models import Publication, PublicationState, Revision, Standard
from app.standards.workflow import State
from app.wiring import MIGRATIONS
from bench.budgets import QUERY_BUDGET, budget_of

BARE = "bare Flask view, one query"


@dataclass(frozen=True)
class Page:
    """One thing to ask: its words, its address, and as whom (None is a visitor)."""

    name: str
    path: str
    person: str | None = "wangfang"


@dataclass
class Measured:
    """What was measured of a page. `cpu_ms` is the median over the rounds, of one request."""

    name: str
    path: str
    cpu_ms: float
    ratio: float
    queries: int
    processes: int
    kilobytes: float
    budget: int = QUERY_BUDGET


Ask = Callable[[], bytes]


def cpu_seconds() -> float:
    """Returns the CPU time of this process, to the nanosecond, and of its ended children."""
    used = os.times()
    return time.process_time() + used.children_user + used.children_system


@dataclass
class Seen:
    """What was done while somebody looked: the statements in their order, and how many processes began."""

    statements: list[str] = field(default_factory=list)
    processes: int = 0


class Counter:
    """Sees the statements at the database driver, without those that only open a transaction, and processes."""

    def __init__(self) -> None:
        self._seen: Seen | None = None
        self._listens = False

    def watch(self, engine: sa.Engine) -> None:
        """Sees the statements of an engine from now on, and from the first engine on the processes that begin."""
        if not self._listens:
            sys.addaudithook(self._audit)  # slows this process down for good: Python takes none away again
            self._listens = True
        sa.event.listen(engine, "before_cursor_execute", self._statement)

    @contextmanager
    def counting(self) -> Iterator[Seen]:
        """Gives what is done inside."""
        self._seen = seen = Seen()
        try:
            yield seen
        finally:
            self._seen = None

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if self._seen is not None and statement != "BEGIN" and not statement.startswith("BEGIN "):
            self._seen.statements.append(statement.lstrip())

    def _audit(self, name: str, _arguments: tuple[Any, ...]) -> None:
        if self._seen is not None and name in ("subprocess.Popen", "os.posix_spawn", "os.fork", "os.exec"):
            self._seen.processes += 1


def bare_app(address: str) -> Flask:
    """Returns the limit: a Flask application with one view that reads one row by its primary key."""
    app = Flask("bare")
    engine = sa.create_engine(address)
    table = Standard.__table__

    @app.get("/")
    def row() -> str:
        with engine.connect() as connection:
            found = connection.execute(sa.select(table.c.code).where(table.c.id == 1)).scalar_one()
        return f"<!doctype html><title>{found}</title><h1>{found}</h1>"

    app.config["ENGINE"] = engine
    return app


def request_to(app: Flask, path: str, cookies: str = "") -> Ask:
    """Returns a function that sends one ready GET through the application and returns the body."""
    builder = EnvironBuilder(path=path, base_url="http://localhost/", headers=[("Cookie", cookies)])
    environ = builder.get_environ()
    builder.close()

    def ask() -> bytes:
        body, status, _headers = run_wsgi_app(app.wsgi_app, dict(environ))
        content = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        if not status.startswith("200"):
            raise SystemExit(f"{path} answered {status}")
        return content

    return ask


def sign_in(app: Flask, name: str) -> str:
    """Signs a demonstration account in through the form; returns the cookies a browser would send."""
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    answer = client.post("/sign-in", data={"name": name, "password": PASSWORD, "csrf_token": token[1]})
    if answer.status_code != 303:
        raise SystemExit(f"{name} could not sign in: is this demonstration data?")
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return f"{cookie.key}={cookie.value}; lang=zh"


def pages() -> list[Page]:
    """Returns what is measured, found in the data: a standard with two versions, a revision under review."""
    counted = (
        sa.select(Publication.standard_id, sa.func.count())
        .where(Publication.state == PublicationState.PUBLISHED)
        .group_by(Publication.standard_id)
        .order_by(sa.func.count().desc(), Publication.standard_id)
    )
    standard_id, count = db.session.execute(counted).first() or (None, 0)
    under_review = db.session.scalars(
        sa.select(Revision.number).where(Revision.state == State.IN_REVIEW).order_by(Revision.id)
    ).first()
    if count < 2 or under_review is None:
        raise SystemExit("The data hold no standard with two versions and a revision under review.")
    code = db.session.get_one(Standard, standard_id).code
    versions = db.session.scalars(
        sa.select(Publication.version)
        .where(Publication.standard_id == standard_id, Publication.state == PublicationState.PUBLISHED)
        .order_by(Publication.id)
    ).all()
    return [
        Page("standard, signed in", f"/s/{code}"),
        Page("standard, public", f"/commitments/{code}", None),
        Page("all commitments, public", "/commitments", None),
        Page("history", f"/s/{code}/history"),
        Page("compare two versions", f"/s/{code}/compare/{versions[-2]}..{versions[-1]}"),
        Page("redline of a revision", f"/r/{under_review}/changes"),
        Page("revision", f"/r/{under_review}"),
        Page("library", "/s"),
        Page("search", "/search?q=退款"),
        Page("desk", "/desk"),
    ]


def measure(asks: dict[str, Ask], rounds: int, each: int) -> dict[str, float]:
    """Returns {name: median CPU milliseconds of a request}; rounds are interleaved."""
    taken: dict[str, list[float]] = {name: [] for name in asks}
    for _ in range(rounds):
        for name, ask in asks.items():
            started = cpu_seconds()
            for _ in range(each):
                ask()
            used = cpu_seconds() - started
            taken[name].append(used / each * 1000)
    return {name: statistics.median(values) for name, values in taken.items()}


def run(folder: Path, rounds: int, each: int) -> list[Measured]:
    """Measures all pages on a data folder; the bare view comes first."""
    app = create_app(config.load(data=folder))
    counter = Counter()
    with app.app_context():
        wanted = pages()
        address = app.config["SQLALCHEMY_DATABASE_URI"]
        counter.watch(db.engine)
    bare = bare_app(address)
    counter.watch(bare.config["ENGINE"])
    cookies = {name: sign_in(app, name) for name in {p.person for p in wanted if p.person}}
    asks = {BARE: request_to(bare, "/")}
    asks |= {p.name: request_to(app, p.path, cookies[p.person] if p.person else "lang=zh") for p in wanted}
    paths = {BARE: "/"} | {p.name: p.path for p in wanted}
    once: dict[str, tuple[int, int, float]] = {}
    for name, ask in asks.items():
        ask()  # caches are warm: what is made once a text is made once
        with counter.counting() as seen:
            size = len(ask())
        once[name] = (len(seen.statements), seen.processes, size / 1000)
    medians = measure(asks, rounds, each)
    return [
        Measured(
            name,
            paths[name],
            medians[name],
            medians[name] / medians[BARE],
            *once[name],
            _budget(app, paths[name]),
        )
        for name in asks
    ]


def _budget(app: Flask, path: str) -> int:
    """Returns the most statements the page at an address may make."""
    rule, _values = app.url_map.bind("localhost").match(path.partition("?")[0], return_rule=True)
    return budget_of(str(rule))


def table(rows: Iterable[Measured], rounds: int, each: int) -> str:
    """Returns the numbers as a table of text."""
    head = f"{'page':<28} {'CPU ms':>7} {'x bare':>7} {'queries':>8} {'processes':>10} {'kB':>7}"
    lines = [head, "-" * len(head)]
    for row in rows:
        lines.append(
            f"{row.name:<28} {row.cpu_ms:>7.2f} {row.ratio:>7.1f} {row.queries:>8} {row.processes:>10} {row.kilobytes:>7.1f}"
        )
    return "\n".join(
        [
            *lines,
            f"medians of {rounds} interleaved rounds of {each} requests; Python {sys.version.split()[0]}",
        ]
    )


def make_data(folder: Path, tickets: int) -> None:
    """Fills an empty folder with the demonstration."""
    app = create_app(config.load(data=folder))
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        build.build(folder, report=lambda words: print(words, file=sys.stderr), count=tickets)
        db.session.remove()
        db.engine.dispose()


def main() -> None:
    """Runs the measurement. Ends with 1 when a page starts a process or asks more often than the budget allows."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data", type=Path, help="a data folder with the demonstration; made anew without it"
    )
    parser.add_argument("--tickets", type=int, default=2000, help="tickets of data that are made anew")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--each", type=int, default=8, help="requests a page and round")
    parser.add_argument("--json", action="store_true", help="print one object")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as made:
        folder = given.data or Path(made)
        if given.data is None:
            make_data(folder, given.tickets)
        rows = run(folder.absolute(), given.rounds, given.each)
    if given.json:
        print(json.dumps({"rounds": given.rounds, "each": given.each, "pages": [vars(row) for row in rows]}))
    else:
        print(table(rows, given.rounds, given.each))
    over = [row for row in rows if row.processes or row.queries > row.budget]
    for row in over:
        print(
            f"over the budget: {row.name}: {row.queries} queries, {row.processes} processes", file=sys.stderr
        )
    raise SystemExit(1 if over else 0)


if __name__ == "__main__":
    main()
